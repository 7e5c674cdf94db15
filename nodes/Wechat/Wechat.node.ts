import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { downloadMedia } from '../conversation/media';
import { receiveResponses, resumeWebhook } from '../conversation/receiveResponses';
import { openItemClients, openWebhookClient } from '../n8n/clients';
import { searchAccounts } from '../n8n/accountList';
import { account, authentication, credentials, forPlatform } from '../n8n/credentials';
import { createCredentialTests } from '../n8n/credentialTests';
import { createCompanySearch } from '../n8n/companyList';
import { createProperties } from '../engine/properties';
import { execute } from '../engine/execute';
import { runOptions, toolNotice } from '../engine/fields';
import { createGetCallFields, createSearchCalls, findAccountAreas } from '../engine/callLists';
import { searchTags, searchAgents, searchGroups } from './listSearch/users';
import {
	searchDrafts,
	searchImages,
	searchMaterial,
	searchPublications,
} from './listSearch/content';
import { searchPersonalizedMenus } from './listSearch/personalizedMenus';
import {
	getCategories,
	getSubscriptionKeywords,
	getTemplateKeywords,
	getTitleKeywords,
	searchSubscriptionTemplates,
	searchTemplates,
	searchTitles,
} from './listSearch/templates';
import { api } from './resources/api';
import { articles } from './resources/article';
import { autoReply } from './resources/autoReply';
import { blacklist } from './resources/blacklist';
import { comment } from './resources/comment';
import { customerServiceAgent } from './resources/customerServiceAgent';
import { customerServiceMessage } from './resources/customerServiceMessage';
import { customerServiceSession } from './resources/customerServiceSession';
import { diagnostics } from './resources/diagnostics';
import { drafts } from './resources/draft';
import { groups } from './resources/group';
import { imageRecognition } from './resources/imageRecognition';
import { jsSdk } from './resources/jsSdk';
import { login } from './resources/login';
import { massMessage } from './resources/massMessage';
import { materials } from './resources/material';
import { menu } from './resources/menu';
import { miniProgram } from './resources/miniProgram';
import { miniProgramStatistics } from './resources/miniProgramStatistics';
import { publication } from './resources/publication';
import { qrCode } from './resources/qrCode';
import { serviceCard } from './resources/serviceCard';
import { shipping } from './resources/shipping';
import { shortKey } from './resources/shortKey';
import { statistics } from './resources/statistics';
import { subscriptionMessage } from './resources/subscriptionMessage';
import { tags } from './resources/tag';
import { templateMessage } from './resources/templateMessage';
import { updatableMessage } from './resources/updatableMessage';
import { user } from './resources/user';
import { webAuthorization } from './resources/webAuthorization';

/** In the order of the menu; what is first is chosen at first. */
export const resources = [
	customerServiceMessage,
	templateMessage,
	subscriptionMessage,
	user,
	tags,
	menu,
	qrCode,
	materials,
	articles,
	drafts,
	publication,
	massMessage,
	comment,
	customerServiceAgent,
	customerServiceSession,
	blacklist,
	webAuthorization,
	jsSdk,
	miniProgram,
	login,
	shipping,
	serviceCard,
	updatableMessage,
	imageRecognition,
	shortKey,
	statistics,
	miniProgramStatistics,
	diagnostics,
	api,
	autoReply,
	groups,
];

const { testOfficialAccount, testOpenPlatform } = createCredentialTests(systemServices);

// eslint-disable-next-line @n8n/community-nodes/webhook-lifecycle-complete -- the webhook of a run that waits is n8n's
export class Wechat implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat',
		name: 'wechat',
		icon: { light: 'file:wechat.svg', dark: 'file:wechat.dark.svg' },
		group: ['transform'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Act for a WeChat official account (公众号) or mini program (小程序); WeChat Trigger receives messages and events (接收消息和事件)',
		defaults: { name: 'WeChat' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials,
		webhooks: [resumeWebhook],
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
			searchAgents,
			searchCalls: createSearchCalls(resources, findAccountAreas),
			searchDrafts,
			searchExpressCompanies: createCompanySearch('miniProgram'),
			searchGroups,
			searchImages,
			searchMaterial,
			searchPersonalizedMenus,
			searchPublications,
			searchSubscriptionTemplates,
			searchTags,
			searchTemplates,
			searchTitles,
		},
		resourceMapping: { getCallFields: createGetCallFields() },
		loadOptions: {
			getCategories,
			getSubscriptionKeywords,
			getTemplateKeywords,
			getTitleKeywords,
		},
	};

	execute: INodeType['execute'];

	/** Resumes a run that waits with a question. */
	webhook: INodeType['webhook'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			return await execute(this, resources, openItemClients(this, services));
		};
		this.webhook = async function () {
			return await receiveResponses(this, async (media, appId) => {
				const openClient = async () => await openWebhookClient(this, appId, services);
				const { json, binary } = await downloadMedia(this, media, openClient);
				return { json: { ...media, ...json }, binary };
			});
		};
	}
}
