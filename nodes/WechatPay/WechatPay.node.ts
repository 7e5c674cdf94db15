import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { createCredentialTests } from '../n8n/credentialTests';
import { createGetCallFields, createSearchCalls } from '../engine/callLists';
import { createProperties } from '../engine/properties';
import { execute } from '../engine/execute';
import { toolNotice } from '../engine/fields';
import { createPayContexts } from './payContext';
import { api } from './resources/api';
import { bill } from './resources/bill';
import { complaint } from './resources/complaint';
import { merchantMedia } from './resources/merchantMedia';
import { payment } from './resources/payment';
import { redPacket } from './resources/redPacket';
import { refund } from './resources/refund';
import { transfer } from './resources/transfer';

/** In the order of the menu; what is first is chosen at first. */
export const resources = [
	payment,
	refund,
	transfer,
	redPacket,
	bill,
	complaint,
	merchantMedia,
	api,
];

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
			'Payments, refunds, transfers (商家转账) and cash red packets (现金红包) of WeChat Pay (微信支付); each number is paid once',
		defaults: { name: 'WeChat Pay' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'wechatPayApi', required: true, testedBy: 'testWechatPay' }],
		properties: [toolNotice, ...createProperties(resources)],
	};

	methods = {
		credentialTest: { testWechatPay },
		listSearch: {
			searchCalls: createSearchCalls(resources, async () => ['merchant'], 'payCalls'),
		},
		resourceMapping: { getCallFields: createGetCallFields('payCalls') },
	};

	execute: INodeType['execute'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			return await execute(this, resources, createPayContexts(this, services));
		};
	}
}
