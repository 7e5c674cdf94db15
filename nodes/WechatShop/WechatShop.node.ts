import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import { systemServices, type Services } from '../api/services';
import { UserError } from '../base/userError';
import { openItemClients } from '../n8n/clients';
import { searchAccounts } from '../n8n/accountList';
import { account, authentication, credentials, forPlatform, isPlatform } from '../n8n/credentials';
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

/** WeChat has the calls of a shop for the AppID of a shop only. Which kind an account of a platform is, it does not say. */
async function checkKind(client: AccountClient): Promise<AccountClient> {
	if ((await client.kind()) === 'shop') return client;
	throw new UserError(
		'The credential is not of a WeChat Shop (微信小店)',
		'A shop has an AppID and AppSecret of its own: store.weixin.qq.com > Service Market (服务市场) > Business Tools (经营工具) > In-House Development (自研). Choose a credential with them, or create one. If this one has them, choose WeChat Shop (微信小店) under Kind in it.',
		'此凭据不是微信小店的：小店有自己的 AppID 和 AppSecret（store.weixin.qq.com > 服务市场 > 经营工具 > 自研），请选择或创建相应的凭据；若凭据中正是它们，请将其“账号类型”设为微信小店。',
	);
}

const { testOfficialAccount, testOpenPlatform } = createCredentialTests(systemServices);

/** What the other nodes offer as an official account or mini program. */
const ofShop = {
	name: 'WeChat Shop (微信小店)',
	value: 'officialAccount',
	description: 'One shop, with its own AppID and AppSecret; Kind of the credential is WeChat Shop',
};

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
			{ ...authentication, options: [ofShop, ...authentication.options!.slice(1)] },
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
			const open = openItemClients(this, services);
			if (isPlatform(this.getNodeParameter('authentication', 0)))
				return await execute(this, resources, open);
			return await execute(this, resources, async (item) => await checkKind(await open(item)));
		};
	}
}
