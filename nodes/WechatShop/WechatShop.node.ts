import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { openItemClients } from '../n8n/clients';
import { searchAccounts } from '../n8n/accountList';
import { account, authentication, credentials, forPlatform } from '../n8n/credentials';
import { createCredentialTests } from '../n8n/credentialTests';
import { createProperties } from '../engine/properties';
import { execute } from '../engine/execute';
import { runOptions, toolNotice } from '../engine/fields';
import { createCompanySearch } from '../n8n/companyList';
import { searchRejectReasons } from './rejectReasons';
import { afterSale } from './resources/afterSale';
import { orders } from './resources/order';
import { products } from './resources/product';
import { shop } from './resources/shop';

/** What is done most is first. */
export const resources = [orders, afterSale, products, shop];

const { testOfficialAccount, testOpenPlatform } = createCredentialTests(systemServices);

export class WechatShop implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Shop',
		name: 'wechatShop',
		icon: { light: 'file:wechatShop.svg', dark: 'file:wechatShop.dark.svg' },
		group: ['transform'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Run a WeChat Shop (微信小店): orders, deliveries, after-sales, products and stock',
		defaults: { name: 'WeChat Shop' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials,
		properties: [
			toolNotice,
			authentication,
			{ ...account, displayOptions: forPlatform },
			...createProperties(resources),
			runOptions,
		],
	};

	methods = {
		credentialTest: { testOfficialAccount, testOpenPlatform },
		listSearch: {
			searchAccounts,
			searchRejectReasons,
			searchShopCompanies: createCompanySearch('shop'),
		},
	};

	execute: INodeType['execute'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			return await execute(this, resources, openItemClients(this, services));
		};
	}
}
