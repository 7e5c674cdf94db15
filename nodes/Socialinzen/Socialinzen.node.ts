import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { createCredentialTests } from '../n8n/credentialTests';
import { openSocialinzenClient } from '../n8n/clients';
import { createProperties } from '../engine/properties';
import { execute } from '../engine/execute';
import { toolNotice } from '../engine/fields';
import { follower } from './resources/follower';
import { group } from './resources/group';
import { jsSdk } from './resources/jsSdk';
import { material } from './resources/material';
import { qrCode } from './resources/qrCode';
import { replyRule } from './resources/replyRule';
import { user } from './resources/user';
import { webAuthorization } from './resources/webAuthorization';

/** In the order of the menu; what is first is chosen at first. */
export const resources = [
	replyRule,
	group,
	follower,
	material,
	qrCode,
	webAuthorization,
	jsSdk,
	user,
];

const { testSocialinzen } = createCredentialTests(systemServices);

export class Socialinzen implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Socialinzen',
		name: 'socialinzen',
		icon: { light: 'file:socialinzen.svg', dark: 'file:socialinzen.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Manage reply rules, followers, groups and material on a self-hosted Socialinzen server (自建服务器)',
		defaults: { name: 'Socialinzen' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'socialinzenApi', required: true, testedBy: 'testSocialinzen' }],
		properties: [toolNotice, ...createProperties(resources)],
	};

	methods = { credentialTest: { testSocialinzen } };

	execute: INodeType['execute'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			const client = openSocialinzenClient(this, services);
			return await execute(this, resources, async () => await client);
		};
	}
}
