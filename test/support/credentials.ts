import {
	ICredentialsHelper,
	NodeHelpers,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentials,
	type INodeCredentialsDetails,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { PACK_CREDENTIALS } from './packContents';

/** Of expressions, those that are one text: `={{ "x" }}`. */
const resolveExpressions = (data: ICredentialDataDecryptedObject): ICredentialDataDecryptedObject =>
	Object.fromEntries(
		Object.entries(data).map(([name, value]) => [
			name,
			typeof value === 'string' ? value.replace(/^=\{\{ "(.*)" \}\}$/, '$1') : value,
		]),
	);

/**
 * n8n's way with credentials, over a store in memory: reads only declared properties, and saves what
 * preAuthentication returns when the expirable property is blank
 * (n8n 2.8.4, credentials-helper.js: getDecrypted, preAuthentication, updateCredentials).
 */
export class Credentials extends ICredentialsHelper {
	private readonly types: Record<string, ICredentialType> = Object.fromEntries(
		PACK_CREDENTIALS.map(({ credential }) => [credential.name, credential]),
	);

	/** By credential ID, as n8n's database holds them. */
	readonly stored = new Map<string, ICredentialDataDecryptedObject>();

	/** How often n8n wrote to its database. */
	writes = 0;

	/** Whether it takes what is written. */
	updates = true;

	constructor(data: ICredentialDataDecryptedObject, type = 'wechatOfficialAccountApi') {
		super();
		this.id = String(++Credentials.made);
		this.stored.set(this.id, data);
		this.references = { [type]: { id: this.id, name: 'Account' } };
	}

	private static made = 0;

	readonly id: string;

	/** What a node of a workflow says about its credential. */
	readonly references: INodeCredentials;

	get data(): ICredentialDataDecryptedObject {
		return this.stored.get(this.id) as ICredentialDataDecryptedObject;
	}

	async getDecrypted(
		_: IWorkflowExecuteAdditionalData,
		{ id }: INodeCredentialsDetails,
		type: string,
		_mode?: unknown,
		_executeData?: unknown,
		raw?: boolean,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.stored.get(String(id));
		if (raw) return structuredClone(stored) ?? {};
		const data = stored && resolveExpressions(stored);
		const { properties } = this.types[type];
		return NodeHelpers.getNodeParameters(
			properties,
			data as never,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		data: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		expired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.types[typeName];
		const expirable = type.properties.find((property) => property.typeOptions?.expirable === true);
		if (!expirable || !type.preAuthentication) return undefined;
		if (data[expirable.name] !== '' && !expired) return undefined;
		const output: object = await type.preAuthentication.call(helpers, data);
		if (!(expirable.name in output)) return undefined;
		const saved: ICredentialDataDecryptedObject = Object.assign(data, output);
		this.writes++;
		if (this.updates)
			this.stored.set(String(node.credentials?.[typeName].id), structuredClone(saved));
		return saved;
	}

	async authenticate(
		data: ICredentialDataDecryptedObject,
		typeName: string,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.types[typeName];
		return typeof authenticate === 'function' ? await authenticate(data, options) : options;
	}

	getParentTypes = () => [];
	getCredentialsProperties = (type: string) => this.types[type].properties;
	getCredentials = async () => {
		throw new Error('not used');
	};
	runPreAuthentication = async () => undefined;
	updateCredentials = async () => {};
	updateCredentialsOauthTokenData = async () => {};
}
