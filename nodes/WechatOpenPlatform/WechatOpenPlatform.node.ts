import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { openItemPlatformClients } from '../n8n/clients';
import { searchAccounts } from '../n8n/accountList';
import { createCredentialTests } from '../n8n/credentialTests';
import { createProperties } from '../engine/properties';
import { createGetCallFields, createSearchCalls } from '../engine/callLists';
import { execute } from '../engine/execute';
import { runOptions, toolNotice } from '../engine/fields';
import { accounts } from './resources/account';
import { api } from './resources/api';
import { authorization } from './resources/authorization';
import { categories } from './resources/category';
import { code } from './resources/code';
import { domains } from './resources/domain';
import { filing } from './resources/filing';
import { openAccount } from './resources/openAccount';
import { platform } from './resources/platform';
import { plugins } from './resources/plugin';
import { privacy } from './resources/privacy';
import { profile } from './resources/profile';
import { registration } from './resources/registration';
import { releases } from './resources/release';
import { reviews } from './resources/review';
import { codeTemplates } from './resources/template';
import { testers } from './resources/tester';
import { verification } from './resources/verification';
import { violations } from './resources/violation';
import { getCategories, getPages, searchDrafts, searchTemplates } from './listSearch/code';
import {
	getAvailableCategories,
	getCertificateTypes,
	getIdentities,
	getOwnCategories,
} from './listSearch/owner';

/** In the order of the menu; what is first is chosen at first. */
export const resources = [
	accounts,
	authorization,
	code,
	codeTemplates,
	testers,
	reviews,
	releases,
	domains,
	privacy,
	categories,
	profile,
	plugins,
	registration,
	verification,
	filing,
	openAccount,
	violations,
	platform,
	api,
];

const { testOpenPlatform } = createCredentialTests(systemServices);

export class WechatOpenPlatform implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Open Platform',
		name: 'wechatOpenPlatform',
		icon: { light: 'file:wechatOpenPlatform.svg', dark: 'file:wechatOpenPlatform.dark.svg' },
		group: ['transform'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Run a WeChat third-party platform (第三方平台) and the accounts that authorized it',
		defaults: { name: 'WeChat Open Platform' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'wechatOpenPlatformApi', required: true, testedBy: 'testOpenPlatform' }],
		properties: [toolNotice, ...createProperties(resources), runOptions],
	};

	methods = {
		credentialTest: { testOpenPlatform },
		listSearch: {
			searchAccounts,
			searchCalls: createSearchCalls(resources, async () => ['component', 'miniprogram']),
			searchDrafts,
			searchTemplates,
		},
		resourceMapping: { getCallFields: createGetCallFields() },
		loadOptions: {
			getAvailableCategories,
			getCategories,
			getCertificateTypes,
			getIdentities,
			getOwnCategories,
			getPages,
		},
	};

	execute: INodeType['execute'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			return await execute(this, resources, openItemPlatformClients(this, services));
		};
	}
}
