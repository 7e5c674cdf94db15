import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { createProperties } from '../engine/properties';
import { execute } from '../engine/execute';
import { toolNotice } from '../engine/fields';
import { downloadBotResponse, sendAsBot } from '../conversation/botQuestions';
import { receiveResponses, resumeWebhook } from '../conversation/receiveResponses';
import { openBotAccount, openBotContexts } from '../n8n/bot';
import { createCredentialTests } from '../n8n/credentialTests';
import { login } from './resources/login';
import { message } from './resources/message';

export const resources = [message, login];

const { testWechatBot } = createCredentialTests(systemServices);

// eslint-disable-next-line @n8n/community-nodes/webhook-lifecycle-complete -- the webhook of a run that waits is n8n's
export class WechatBot implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Bot',
		name: 'wechatBot',
		icon: { light: 'file:wechatBot.svg', dark: 'file:wechatBot.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Write as the bot of a personal WeChat account (个人微信机器人 ClawBot), and log it in',
		defaults: { name: 'WeChat Bot' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'wechatBotApi', required: true, testedBy: 'testWechatBot' }],
		webhooks: [resumeWebhook],
		properties: [toolNotice, ...createProperties(resources)],
	};

	methods = { credentialTest: { testWechatBot } };

	execute: INodeType['execute'];

	/** Resumes a run that waits with a question. */
	webhook: INodeType['webhook'];

	constructor(services: Services = systemServices) {
		this.execute = async function () {
			const open = openBotContexts(this, services);
			// Messages to a person keep the order of their items, also those that wait.
			return await execute(this, resources, open, this.getInputData(), 1);
		};
		this.webhook = async function () {
			const open = async () => await openBotAccount(this, services);
			return await receiveResponses(
				this,
				async (media) => await downloadBotResponse(this, await open(), media),
				async (text, userId) => await sendAsBot(await open(), userId, text),
			);
		};
	}
}
