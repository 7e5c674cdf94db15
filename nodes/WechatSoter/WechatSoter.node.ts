import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { openItemClients } from '../n8n/clients';
import { searchAccounts } from '../n8n/accountList';
import { account, authentication, credentials, forPlatform } from '../n8n/credentials';
import { createCredentialTests } from '../n8n/credentialTests';
import { createProperties } from '../engine/properties';
import { execute } from '../engine/execute';
import { runOptions, toolNotice } from '../engine/fields';
import { attestation } from './resources/attestation';
import { authKey } from './resources/authKey';
import { device } from './resources/device';
import { forCalls, LOCAL_OPERATION } from './fields/localOperation';
import { signature } from './resources/signature';
import { verifySignature } from './verifySignature';

/** The one that every login needs is first. */
export const resources = [signature, attestation, authKey, device];

/** What needs no credential. */
const localChecks = [authKey, { ...signature, operations: [verifySignature] }];

const { testOfficialAccount, testOpenPlatform } = createCredentialTests(systemServices);

export class WechatSoter implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat SOTER',
		name: 'wechatSoter',
		icon: { light: 'file:wechatSoter.svg', dark: 'file:wechatSoter.dark.svg' },
		group: ['transform'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Check that somebody confirmed with finger or face on a genuine phone (TENCENT SOTER, 生物认证)',
		defaults: { name: 'WeChat SOTER' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Not by "show": the editor hides the fields on which that depends, here Resource.
		credentials: credentials.map((one) => ({
			...one,
			displayOptions: { ...one.displayOptions, ...forCalls },
		})),
		properties: [
			toolNotice,
			authentication,
			{ ...account, displayOptions: { ...forPlatform, ...forCalls } },
			...createProperties(resources),
			{ ...runOptions, displayOptions: forCalls },
		],
	};

	methods = {
		credentialTest: { testOfficialAccount, testOpenPlatform },
		listSearch: { searchAccounts },
	};

	execute: INodeType['execute'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			const isLocal = this.getNodeParameter('operation', 0) === LOCAL_OPERATION;
			if (isLocal) return await execute(this, localChecks, async () => undefined);
			return await execute(this, resources, openItemClients(this, services));
		};
	}
}
