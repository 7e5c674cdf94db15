import { randomUUID } from 'node:crypto';
import type { BotServer } from '../../simulator/bot';
import { ACCOUNT_TYPE, BOT_TYPE, PLATFORM_TYPE, toAccountCredential } from '../n8n/credentials';
import { changeParameters, activateWorkflowWith, type ActiveWorkflow } from './activeWorkflow';
import { showroom } from './exampleWorkflows';
import { callAsOwner } from '../actors/accountOwner';
import { createPlatformCredential } from '../actors/platform';
import type { TestEnvironment } from '../testEnvironment';
import { createCallableNode } from './callableNode';
import { BOT_TRIGGER, createNode, toWebhookUrl, type Workflow } from './workflow';

const WECHAT = 'n8n-nodes-wechat-platform.wechat';
const BOT = 'n8n-nodes-wechat-platform.wechatBot';

/** The menu that the owner of an account has made; SLOW is the item that showroom.json takes time for. */
const MENU = [
	{
		name: '菜单 Menu',
		sub_button: [
			{ type: 'click', name: '营业时间 Hours', key: 'HOURS' },
			{ type: 'view', name: '网站 Website', url: 'https://docs.n8n.io' },
		],
	},
	{ type: 'click', name: '慢 Slow', key: 'SLOW' },
	{ type: 'click', name: '关于 About', key: 'ABOUT' },
];

export interface DemoWorkflows {
	own: ActiveWorkflow;
	platform: ActiveWorkflow;
}

/** showroom.json twice: for an account of its own, and for the accounts of a platform; both have a menu. */
export async function activateDemoWorkflows(
	environment: TestEnvironment,
	pictureUrl: string,
): Promise<DemoWorkflows> {
	const { session, simulator } = environment;
	const workflow = withPicture(showroom, pictureUrl);
	const data = toAccountCredential(simulator);
	const credential = await session.createCredential('WeChat (imitation)', ACCOUNT_TYPE, data);
	const own = await activateWorkflowWith(environment, workflow, credential);
	const platform = await openAtPlatform(environment, workflow);
	for (const account of simulator.accounts.slice(0, 2))
		await callAsOwner(simulator, account, '/cgi-bin/menu/create', { button: MENU });
	return { own, platform };
}

/** The picture of the news card. */
const withPicture = (workflow: Workflow, PicUrl: string) => {
	const welcome = workflow.nodes.find(({ name }) => name === 'Welcome');
	const { article } = welcome?.parameters?.articles as { article: object[] };
	const articles = { article: article.map((one) => ({ ...one, PicUrl })) };
	return changeParameters(workflow, 'Welcome', { articles });
};

/** The same nodes with the credential of the platform, for whatever account the push came for. */
async function openAtPlatform(
	environment: TestEnvironment,
	workflow: Workflow,
): Promise<ActiveWorkflow> {
	const { n8n, session } = environment;
	const credentials = await createPlatformCredential(environment);
	const value = "={{ $('WeChat Trigger').item.json.accountAppId }}";
	const nodes = workflow.nodes.map((node) => ({
		...node,
		...(node.webhookId && { webhookId: randomUUID() }),
		...(node.credentials?.[ACCOUNT_TYPE] && {
			credentials: { [PLATFORM_TYPE]: credentials[PLATFORM_TYPE] },
			parameters: {
				...node.parameters,
				authentication: 'openPlatform',
				...(node.type === WECHAT && { account: { __rl: true, mode: 'id', value } }),
			},
		}),
	}));
	const name = `${workflow.name} (third-party platform)`;
	const made = await session.createWorkflow({ ...workflow, name, nodes });
	await session.activate(made.id);
	return { id: made.id, url: toWebhookUrl(n8n.url, made), workflow: made };
}

/** A bot that repeats what is said, and what makes the link to log it in. Answers how to get one. */
export async function activateDemoBot(
	environment: TestEnvironment,
	{ url }: BotServer,
): Promise<() => Promise<string>> {
	const { session } = environment;
	const credential = await session.createCredential('WeChat bot (imitation)', BOT_TYPE, {
		baseUrl: url,
	});
	const credentials = { [BOT_TYPE]: credential };
	const getLink = { resource: 'login', operation: 'getLink', image: false };
	const send = { resource: 'message', operation: 'send', text: '=You said: {{ $json.chatInput }}' };
	const hears = createNode('WeChat Bot Trigger', BOT_TRIGGER, 1, {}, credentials);
	const nodes = [
		{ ...hears, webhookId: randomUUID() },
		{ ...createNode('Answer', BOT, 1, send, credentials), position: [220, 0] },
		{ ...createNode('Log in', 'n8n-nodes-base.manualTrigger', 1, {}), position: [0, 220] },
		{ ...createNode('Login link', BOT, 1, getLink, credentials), position: [220, 220] },
	];
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const { id } = await session.createWorkflow({
		name: 'WeChat bot',
		nodes,
		connections: { 'WeChat Bot Trigger': to('Answer'), 'Log in': to('Login link') },
	});
	await session.activate(id);
	const call = await createCallableNode(environment, {
		type: BOT,
		parameters: getLink,
		credentials,
	});
	return async () => String((await call())[0].link);
}
