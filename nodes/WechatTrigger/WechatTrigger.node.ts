import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { getAccounts } from '../n8n/accountList';
import { createConnectionStatus } from '../n8n/connectionStatus';
import { credentials, isPlatform, toCredentialType } from '../n8n/credentials';
import { createCredentialTests } from '../n8n/credentialTests';
import { createTriggerServices, routeRequest } from './router';
import { properties } from './triggerProperties';

const BELOW = '={{ "wechat/:below_" + $webhookId }}';

/** n8n asks before the node sees the push: one that does not wait for the run is answered by then. */
const RESPONSE_MODE =
	'={{ $parameter["respond"] === "onReceived" ? "onReceived" : "responseNode" }}';

const { testOfficialAccount, testOpenPlatform } = createCredentialTests(systemServices);

export class WechatTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Trigger',
		name: 'wechatTrigger',
		icon: { light: 'file:wechatTrigger.svg', dark: 'file:wechatTrigger.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["kinds"].join(", ") }}',
		description:
			'Receive messages and events of WeChat accounts (接收消息和事件); the actions act for an official account (公众号) or mini program (小程序)',
		eventTriggerDescription: 'Waiting for WeChat to push a message or an event',
		activationMessage:
			'Now enter the production URL of the WeChat Trigger in the WeChat console: Server Configuration (服务器配置) of an account, or Development Settings (开发配置) of a third-party platform.',
		defaults: { name: 'WeChat Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials,
		webhooks: [
			{
				name: 'setup',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				path: 'wechat',
				ndvHideUrl: true,
			},
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: RESPONSE_MODE,
				path: 'wechat',
			},
			// Below it: messages for accounts behind a platform, check files, and browsers that come back. n8n
			// keeps one such path per method, whatever node it is of: the name of the parameter tells them apart.
			{
				name: 'setup',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				isFullPath: true,
				path: BELOW,
				ndvHideUrl: true,
			},
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: RESPONSE_MODE,
				isFullPath: true,
				path: BELOW,
				ndvHideUrl: true,
			},
		],
		properties,
	};

	methods;

	// WeChat's addresses are entered by hand in its console: there is nothing to register.
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	webhook: INodeType['webhook'];

	constructor(services: Services = systemServices) {
		const getConnectionStatus = createConnectionStatus(
			(context) => toCredentialType(isPlatform(context.getCurrentNodeParameter('authentication'))),
			services,
		);
		this.methods = {
			credentialTest: { testOfficialAccount, testOpenPlatform },
			loadOptions: { getAccounts, getConnectionStatus },
		};
		const triggerServices = createTriggerServices(services);
		this.webhook = async function () {
			return await routeRequest(this, triggerServices);
		};
	}
}
