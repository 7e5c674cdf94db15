import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { createCredentialTests } from '../n8n/credentialTests';
import { createProperties } from '../engine/properties';
import { execute } from '../engine/execute';
import { toolNotice } from '../engine/fields';
import { createRedPacketSenders } from './redPacketSender';
import { redPacket } from './resources/redPacket';

export const resources = [redPacket];

const { testWechatPay } = createCredentialTests(systemServices);

export class WechatPay implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Pay',
		name: 'wechatPay',
		icon: { light: 'file:wechatPay.svg', dark: 'file:wechatPay.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Send cash red packets (现金红包) with WeChat Pay (微信支付); each order number is paid once',
		defaults: { name: 'WeChat Pay' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'wechatPayApi', required: true, testedBy: 'testWechatPay' }],
		properties: [toolNotice, ...createProperties(resources)],
	};

	methods = { credentialTest: { testWechatPay } };

	execute: INodeType['execute'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			return await execute(this, resources, createRedPacketSenders(this, services));
		};
	}
}
