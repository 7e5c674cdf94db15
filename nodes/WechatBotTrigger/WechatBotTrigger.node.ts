import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { systemServices, type Services } from '../api/services';
import { checkLoggedIn, type BotAccount } from '../bot/botAccount';
import { UserError } from '../base/userError';
import { openBotAccount, WECHAT_BOT } from '../n8n/bot';
import { createCredentialTests } from '../n8n/credentialTests';
import { toNodeError } from '../n8n/nodeError';
import { createBotListener } from './botListener';
import { createBotPollers } from './botPollers';
import { properties } from './botTriggerProperties';
import { serveLoginPage } from './loginPage';

const { testWechatBot } = createCredentialTests(systemServices);

// eslint-disable-next-line @n8n/community-nodes/webhook-lifecycle-complete -- they are made in the constructor
export class WechatBotTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeChat Bot Trigger',
		name: 'wechatBotTrigger',
		icon: { light: 'file:wechatBotTrigger.svg', dark: 'file:wechatBotTrigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["kinds"].join(", ") }}',
		description:
			'Start when somebody writes to the bot of a personal WeChat account (个人微信机器人 ClawBot)',
		eventTriggerDescription: 'Waiting for somebody to write to the bot',
		activationMessage:
			'Now run WeChat Bot with Login: Get Link behind a Manual Trigger, open the link, and scan the code with WeChat.',
		defaults: { name: 'WeChat Bot Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'wechatBotApi', required: true, testedBy: 'testWechatBot' }],
		webhooks: [
			{
				name: 'default',
				// A test run would wait for somebody to open the page: n8n looks only at the addresses of a trigger that has one.
				httpMethod: '={{ $workflow.active ? "GET" : "" }}',
				responseMode: 'onReceived',
				path: 'wechat-bot',
				ndvHideUrl: true,
			},
		],
		properties,
	};

	methods = { credentialTest: { testWechatBot } };

	webhookMethods: INodeType['webhookMethods'];

	trigger: INodeType['trigger'];

	webhook: INodeType['webhook'];

	constructor(services: Services = systemServices) {
		const pollers = createBotPollers(services);
		this.webhookMethods = {
			default: {
				checkExists: async () => false,
				// Where links to the login page lead.
				async create() {
					const address = this.getNodeWebhookUrl('default');
					if (address) await (await openBotAccount(this, services)).saveAddress(address);
					return true;
				},
				async delete() {
					const address = this.getNodeWebhookUrl('default');
					// The credential may be gone: that keeps nobody from unpublishing a workflow.
					const opened = await openBotAccount(this, services).catch(() => undefined);
					if (address) await opened?.removeAddress(address).catch(() => {});
					return true;
				},
			},
		};
		this.trigger = async function () {
			const listener = createBotListener(this, services);
			const { id = '' } = this.getNode().credentials?.[WECHAT_BOT] ?? {};
			let stop = async () => {};
			const start = () => void (stop = pollers.listen(String(id), listener));
			const closeFunction = async () => await stop();
			if (this.getMode() !== 'manual') {
				start();
				return { closeFunction };
			}
			const account = await openBotAccount(this, services);
			await checkTestable(account, pollers.has(String(id))).catch((error: unknown) => {
				throw toNodeError(this.getNode(), error, 0);
			});
			return { closeFunction, manualTriggerFunction: async () => start() };
		};
		this.webhook = async function () {
			return await serveLoginPage(this, services, pollers);
		};
	}
}

/**
 * Whether a test run can listen here. In queue mode a worker runs tests (OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS), and the
 * main process reads the bot.
 *
 * @throws {UserError} when the bot is not logged in, or another process reads it.
 */
async function checkTestable(account: BotAccount, isReadHere: boolean): Promise<void> {
	await checkLoggedIn(account);
	const { addresses = [] } = await account.readPlace();
	if (addresses.length === 0 || isReadHere) return;
	throw new UserError(
		'Another process of this n8n reads the bot for a published workflow',
		'A test run here would take messages from it. Write to the bot and look at the executions of that workflow, or unpublish it for the test.',
		'此 n8n 的另一个进程正在为已发布的工作流接收此机器人的消息，在此测试会抢走消息：请给机器人发消息并查看该工作流的执行记录，或在测试时取消发布。',
	);
}
