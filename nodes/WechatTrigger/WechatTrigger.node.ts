import {
	NodeConnectionTypes,
	NodeOperationError,
	type IDataObject,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { clientOf, OFFICIAL_ACCOUNT, secretsIn } from '../host/account';
import { testOfficialAccount } from '../host/credentialTest';
import { kindOf } from '../push/kinds';
import { dedupeKeyOf } from '../push/message';
import { open, verifyUrl, type Push, type Secrets } from '../push/open';
import { Refusal } from '../push/refusal';
import { seal, SUCCESS } from '../push/reply';
import { bodyOf, type Request } from './body';
import { deliveries } from './deliveries';
import { isWanted } from './filter';
import { downloadMedia } from './media';
import { properties } from './properties';
import { catchReply, send, type Response } from './respond';

const known = deliveries(send);

/** Nothing starts; the response is already written. */
const DONE: IWebhookResponseData = { noWebhookResponse: true };

export class WechatTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Trigger',
		name: 'wechatTrigger',
		icon: { light: 'file:wechatTrigger.svg', dark: 'file:wechatTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["kinds"].join(", ") }}',
		description: 'Start when WeChat pushes a message or an event (接收消息和事件)',
		eventTriggerDescription: 'Waiting for WeChat to push a message or an event',
		activationMessage:
			'Now enter the production URL of the WeChat Trigger in Server Configuration (服务器配置) of the WeChat console.',
		defaults: { name: 'WeChat Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: OFFICIAL_ACCOUNT, required: true, testedBy: 'testOfficialAccount' }],
		webhooks: [
			{ name: 'setup', httpMethod: 'GET', responseMode: 'onReceived', path: 'wechat' },
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: '={{ $parameter["respond"] }}',
				path: 'wechat',
			},
		],
		properties,
	};

	methods = { credentialTest: { testOfficialAccount } };

	// WeChat's address is entered by hand in its console: there is nothing to register.
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	/** Verify, decrypt, read, recognise again, filter, answer, emit. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const response = this.getResponseObject() as Response;
		const query = this.getQueryData() as Record<string, unknown>;
		const secrets = secretsIn(await this.getCredentials(OFFICIAL_ACCOUNT));
		try {
			if (this.getWebhookName() === 'setup') {
				send(response, { body: verifyUrl(query, secrets, Date.now()), type: 'text/plain' });
				return DONE;
			}
			const push = open(
				{ query, body: await bodyOf(this.getRequestObject() as Request) },
				secrets,
				Date.now(),
			);
			return await receive.call(this, push, secrets, response);
		} catch (error) {
			if (!(error instanceof Refusal)) throw new NodeOperationError(this.getNode(), error as Error);
			const who = `"${this.getNode().name}" of workflow "${this.getWorkflow().name}"`;
			const what = this.getWebhookName() === 'setup' ? 'an address check' : 'a push';
			this.logger.warn(`${who} refused ${what}: ${error.message}`);
			response.statusCode = error.status;
			response.end();
			return DONE;
		}
	}
}

async function receive(
	this: IWebhookFunctions,
	push: Push,
	secrets: Secrets,
	response: Response,
): Promise<IWebhookResponseData> {
	const options = this.getNodeParameter('pushOptions', {}) as IDataObject;
	const kinds = this.getNodeParameter('kinds', []) as string[];
	const waits = this.getNodeParameter('respond', 'onReceived') === 'responseNode';

	const { message } = push;
	const kind = kindOf(message);
	const dedupeKey = dedupeKeyOf(message);
	const key = [this.getWorkflow().id, this.getNode().id, this.getMode(), dedupeKey].join(' ');
	const isFirst = known.isFirst(key);
	known.wait(key, response, SUCCESS);
	if (!isFirst) return DONE;

	if (!isWanted(message, kind, { kinds, ...options })) {
		known.answer(key, SUCCESS);
		return DONE;
	}
	if (waits)
		catchReply(response, (reply) =>
			known.answer(key, reply ? seal(reply, push, secrets, Date.now()) : SUCCESS),
		);
	else known.answer(key, SUCCESS);

	const { json, binary } = options.downloadMedia
		? await downloadMedia.call(this, message, async () => await clientOf(this))
		: { json: {}, binary: undefined };
	const item = { ...message, ...json, appId: secrets.appId, kind, dedupeKey } as IDataObject;
	return { noWebhookResponse: !waits, workflowData: [[{ json: item, binary }]] };
}
