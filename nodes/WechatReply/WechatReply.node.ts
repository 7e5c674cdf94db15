import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { createCallout } from '../n8n/callout';
import { systemServices, type Services } from '../api/services';
import { searchAccounts } from '../n8n/accountList';
import { botAuthentication, botCredential, notForBot } from '../n8n/bot';
import { account, authentication, credentials, forPlatform } from '../n8n/credentials';
import { createCredentialTests } from '../n8n/credentialTests';
import { createProperties } from '../engine/properties';
import { execute } from '../engine/execute';
import { openRuleSessions } from './ruleSession';
import { reply } from './resources/reply';
import { rule } from './resources/rule';
import { searchRules } from './ruleSession';
import { runReply } from './runReply';

const rules = [rule];
export const resources = [reply, ...rules];

const ofReply = { show: { resource: ['reply'], operation: ['send'] }, ...notForBot };
/** Rules are of accounts. */
const ofBot = { ...botAuthentication, displayOptions: { show: { resource: [reply.value] } } };
const replyCredentials = [...credentials, botCredential];
const ofRule = { show: { resource: ['rule'] } };

const { testOfficialAccount, testOpenPlatform, testWechatBot } =
	createCredentialTests(systemServices);

// eslint-disable-next-line @n8n/community-nodes/node-usable-as-tool -- a tool has no way to the open connection
export class WechatReply implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Reply',
		name: 'wechatReply',
		icon: { light: 'file:wechatReply.svg', dark: 'file:wechatReply.dark.svg' },
		group: ['transform'],
		version: [1],
		defaultVersion: 1,
		subtitle:
			'={{ $parameter["resource"] === "rule" ? $parameter["operation"] + ": rule" : $parameter["operation"] === "send" ? $parameter["type"] : $parameter["operation"] }}',
		description:
			'Answer the WeChat user whose message or event started the run (被动回复), also of a bot, and keep the rules by which an account answers by itself (自动回复)',
		defaults: { name: 'WeChat Reply' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: replyCredentials,
		properties: [
			{
				...createCallout(
					'howItWorks',
					"The WeChat Trigger waits for this node while its Respond is Automatic. WeChat takes one answer per push: the first reply of the run, made of the first item. Further replies go as If Too Late says. Encryption is the trigger's work; the credential is for replies that are late.",
				),
				displayOptions: ofReply,
			},
			{
				...createCallout(
					'howRulesWork',
					'Rules answer by themselves where Answer With Reply Rules of a WeChat Trigger is on. They are kept in the credential: all workflows share them.',
				),
				displayOptions: ofRule,
			},
			{ ...authentication, options: [...(authentication.options ?? []), ofBot] },
			{ ...account, displayOptions: { show: { ...forPlatform.show, ...ofRule.show } } },
			...createProperties(resources),
		],
	};

	methods = {
		credentialTest: { testOfficialAccount, testOpenPlatform, testWechatBot },
		listSearch: { searchAccounts, searchRules },
	};

	execute: INodeType['execute'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			const isReply = this.getNodeParameter('resource', 0) === reply.value;
			if (isReply) return await runReply(this, services);
			const sessions = openRuleSessions(this, services);
			try {
				return await execute(this, rules, sessions.of);
			} finally {
				await sessions.save();
			}
		};
	}
}
