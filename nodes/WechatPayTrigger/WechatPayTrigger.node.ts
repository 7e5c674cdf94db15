import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { createConnectionStatus } from '../n8n/connectionStatus';
import { WECHAT_PAY } from '../n8n/merchant';
import { createPayCredentialReader, handleNotification } from './handleNotification';
import { createNotificationClaims } from './notificationClaims';
import { createNotificationInbox } from './notificationDelivery';
import { properties } from './payTriggerProperties';

export class WechatPayTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Pay Trigger',
		name: 'wechatPayTrigger',
		icon: { light: 'file:wechatPayTrigger.svg', dark: 'file:wechatPayTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description:
			'Start when WeChat Pay tells of a payment, refund, transfer, complaint or coupon (微信支付回调通知)',
		eventTriggerDescription: 'Waiting for WeChat Pay to send a notification',
		activationMessage:
			'Now give the production URL of the WeChat Pay Trigger as Notify URL (notify_url) to your payments, refunds and transfers.',
		defaults: { name: 'WeChat Pay Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: WECHAT_PAY, required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: '={{ $parameter["respond"] }}',
				responseData: 'noData',
				path: 'wechat-pay',
			},
		],
		properties,
	};

	// WeChat is given the address with each order: there is nothing to register.
	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	methods;

	webhook: INodeType['webhook'];

	constructor(api: Services = systemServices) {
		const services = {
			api,
			openRequest: createPayCredentialReader(api.clock),
			inbox: createNotificationInbox(api.clock),
			openClaims: createNotificationClaims(api.clock),
		};
		this.methods = {
			loadOptions: { getConnectionStatus: createConnectionStatus(() => WECHAT_PAY, api) },
		};
		this.webhook = async function () {
			return await handleNotification(this, services);
		};
	}
}
