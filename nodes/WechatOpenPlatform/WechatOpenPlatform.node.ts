import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { platformsOf } from '../host/account';
import { searchAccounts } from '../host/accounts';
import { testOpenPlatform } from '../host/credentialTest';
import { describe } from '../table/describe';
import { execute } from '../table/execute';
import { accounts } from './resources/account';
import { authorization } from './resources/authorization';
import { openAccount } from './resources/openAccount';
import { platform } from './resources/platform';
import { registration } from './resources/registration';

export const resources = [accounts, authorization, openAccount, platform, registration];

export class WechatOpenPlatform implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Open Platform',
		name: 'wechatOpenPlatform',
		icon: { light: 'file:wechatOpenPlatform.svg', dark: 'file:wechatOpenPlatform.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Run a WeChat third-party platform (第三方平台) and the accounts that authorized it',
		defaults: { name: 'WeChat Open Platform' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'wechatOpenPlatformApi', required: true, testedBy: 'testOpenPlatform' }],
		properties: describe(resources),
	};

	methods = { credentialTest: { testOpenPlatform }, listSearch: { searchAccounts } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, resources, platformsOf(this));
	}
}
