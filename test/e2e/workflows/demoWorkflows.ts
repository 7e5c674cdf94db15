import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BotServer } from '../../simulator/bot';
import type { PayV3Server } from '../../simulator/payV3';
import {
	ACCOUNT_TYPE,
	BOT_TYPE,
	PAY_TYPE,
	PLATFORM_TYPE,
	toAccountCredential,
	toPayV3Credential,
} from '../n8n/credentials';
import {
	changeParameters,
	activateWorkflowWith,
	type ActiveWorkflow,
	withOwnWebhooks,
} from './activeWorkflow';
import { publishArticle, shopPayment, showroom } from './exampleWorkflows';
import { callAsOwner } from '../actors/accountOwner';
import { createPlatformCredential } from '../actors/platform';
import type { TestEnvironment } from '../testEnvironment';
import { createCallableNode, createCallWebhook } from './callableNode';
import {
	BOT_TRIGGER,
	createNode,
	toPayWebhookUrl,
	toWebhookUrl,
	withCredentials,
	type Workflow,
} from './workflow';

const WECHAT = 'n8n-nodes-wechat-platform.wechat';
const SAMPLE = join(__dirname, '..', '..', 'demo', 'page', 'sample.png');

const BOT = 'n8n-nodes-wechat-platform.wechatBot';

type Credential = { id: string; name: string };

/** The menu that the owner of an account has made; showroom.json asks after ORDER, and takes time for SLOW. */
const MENU = [
	{
		name: '菜单 Menu',
		sub_button: [
			{ type: 'click', name: '营业时间 Hours', key: 'HOURS' },
			{ type: 'click', name: '查订单 Order', key: 'ORDER' },
			{ type: 'view', name: '网站 Website', url: 'https://docs.n8n.io' },
		],
	},
	{ type: 'click', name: '慢 Slow', key: 'SLOW' },
	{ type: 'click', name: '关于 About', key: 'ABOUT' },
];

export interface DemoWorkflows {
	own: ActiveWorkflow;
	platform: ActiveWorkflow;
	/** Where WeChat Pay tells of payments. */
	paymentsUrl: string;
	/** What starts the workflow that publishes an article. */
	articlesUrl: string;
}

/**
 * showroom.json twice: for an account of its own, and for the accounts of a platform; both have a menu. Who pays in the
 * first one is thanked by shop-payment.json, and publish-article.json publishes there.
 */
export async function activateDemoWorkflows(
	environment: TestEnvironment,
	{ pictureUrl, pay }: { pictureUrl: string; pay: PayV3Server },
): Promise<DemoWorkflows> {
	const { session, simulator } = environment;
	const workflow = withPicture(showroom, pictureUrl);
	const data = toAccountCredential(simulator);
	const credential = await session.createCredential('WeChat (imitation)', ACCOUNT_TYPE, data);
	const own = await activateWorkflowWith(environment, workflow, credential);
	const platform = await openAtPlatform(environment, workflow);
	for (const account of simulator.accounts.slice(0, 2))
		await callAsOwner(simulator, account, '/cgi-bin/menu/create', { button: MENU });
	const paymentsUrl = await activatePayments(environment, credential, pay);
	const articlesUrl = await activateArticles(environment, credential);
	return { own, platform, paymentsUrl, articlesUrl };
}

/** Answers the address that WeChat Pay notifies. */
async function activatePayments(
	{ n8n, session, simulator }: TestEnvironment,
	account: Credential,
	pay: PayV3Server,
): Promise<string> {
	const wanted = { tag: { name: '顾客' } };
	const path = '/cgi-bin/tags/create';
	const { tag } = await callAsOwner(simulator, simulator.account, path, wanted);
	const { id } = tag as { id: number };
	const merchant = await session.createCredential(
		'WeChat Pay (imitation)',
		PAY_TYPE,
		toPayV3Credential(pay),
	);
	const tagged = changeParameters(shopPayment, 'Tag', {
		tag: { __rl: true, mode: 'id', value: String(id) },
	});
	const here = JSON.stringify(tagged).replace('wxOfficialAccount0', simulator.account.appId);
	const credentials = { [ACCOUNT_TYPE]: account, [PAY_TYPE]: merchant };
	const made = await session.createWorkflow(
		withOwnWebhooks(withCredentials(JSON.parse(here) as Workflow, credentials)),
	);
	await session.activate(made.id);
	return toPayWebhookUrl(n8n.url, made);
}

/** The example begins with a button of the editor; the page has one, too. */
async function activateArticles(
	{ n8n, session, simulator }: TestEnvironment,
	account: Credential,
): Promise<string> {
	// Articles take pictures from public addresses, and from the server of their account.
	const picture = simulator.mediaUrl(simulator.addMedia(readFileSync(SAMPLE), 'shop.png'));
	const path = randomUUID();
	const called = { ...createCallWebhook(path), name: 'Button of the page', position: [0, 180] };
	const text = JSON.stringify(publishArticle);
	const article = JSON.parse(text.replace('https://www.example.com/shop.jpg', picture)) as Workflow;
	const { nodes, connections, ...rest } = withCredentials(article, { [ACCOUNT_TYPE]: account });
	const { id } = await session.createWorkflow({
		...rest,
		nodes: [...nodes, called],
		connections: { ...connections, [called.name]: connections.Start },
	});
	await session.activate(id);
	return `${n8n.url}/webhook/${path}`;
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
	const send = {
		resource: 'message',
		operation: 'send',
		text: '=你说 You said: {{ $json.chatInput }}',
	};
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
