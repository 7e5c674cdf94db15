import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { BotServer } from '../../simulator/bot';
import { BOT_TYPE } from '../n8n/credentials';
import type { ScenarioEnvironment } from '../scenario';
import { eventually } from '../services/eventually';
import { createCallableNode } from '../workflows/callableNode';
import { BOT_TRIGGER, connectInOrder, createNode, type WorkflowNode } from '../workflows/workflow';

type Json = Record<string, unknown>;

/** Whose bot it is, and somebody else. */
export const ANNA = 'anna@im.wechat';
export const BEN = 'ben@im.wechat';

/** Somebody who has the credential of a bot in n8n, a browser and a phone. */
export interface BotOwner {
	server: BotServer;
	/** The ID of the credential. */
	id: string;
	/** Publishes a workflow that starts with WeChat Bot Trigger and goes on with other nodes, one after the other. */
	publish(parameters?: Json, others?: WorkflowNode[]): Promise<{ id: string }>;
	/** A node that sends, for such a workflow. */
	createSender(parameters: Json): WorkflowNode;
	/** One that asks, and lets the run wait. */
	createAsker(parameters: Json): WorkflowNode;
	/** Sends a text by a node in a workflow of its own. */
	send(body: { to: string; text: string; undelivered?: 'fail' | 'queue' }): Promise<Json>;
	getLink(isForAnyone?: boolean): Promise<string>;
	getState(): Promise<Json>;
	logOut(): Promise<void>;
	/** Logs in at the page, and returns the titles that the browser has shown. */
	logIn(link: string, options?: PhoneOptions): Promise<Login>;
}

interface PhoneOptions {
	userId?: string;
	/** What is entered when the page asks for a number. */
	numbers?: string[];
	/** Lets this many codes expire first. */
	expires?: number;
}

interface Login {
	status: number;
	titles: string[];
	/** Who is logged in for WeChat; empty when nobody has confirmed. */
	botId: string;
	token: string;
}

export async function createBotOwner(
	environment: ScenarioEnvironment,
	server: BotServer,
	changes: Json = {},
): Promise<BotOwner> {
	const { session } = environment;
	const data = { baseUrl: server.url, ...changes };
	const credential = await session.createCredential('My bot', BOT_TYPE, data);
	const credentials = { [BOT_TYPE]: credential };
	const toNode = (parameters: Json) =>
		createNode('Send', 'n8n-nodes-wechat-platform.wechatBot', 1, parameters, credentials);
	const createCall = async (parameters: Json) => {
		const { name: _, ...node } = toNode(parameters);
		const call = await createCallableNode(environment, node);
		return async (body?: Json) => (await call(body))[0];
	};
	const link = await createCall({
		resource: 'login',
		operation: 'getLink',
		isForAnyone: '={{ $json.body.isForAnyone }}',
		image: false,
	});
	const getState = await createCall({ resource: 'login', operation: 'get' });
	const logOut = await createCall({ resource: 'login', operation: 'logOut' });
	const send = await createCall({
		...SEND,
		to: '={{ $json.body.to }}',
		text: '={{ $json.body.text }}',
		undelivered: "={{ $json.body.undelivered ?? 'fail' }}",
	});
	return {
		server,
		id: credential.id,
		async publish(parameters = {}, others = []) {
			const trigger = createNode('Trigger', BOT_TRIGGER, 1, parameters, credentials);
			const nodes = [{ ...trigger, webhookId: randomUUID() }, ...others];
			const connections = connectInOrder(nodes);
			const { id } = await session.createWorkflow({ name: 'listens to a bot', nodes, connections });
			await session.activate(id);
			return { id };
		},
		createSender: (parameters) => toNode({ ...SEND, ...parameters }),
		createAsker: (parameters) => ({
			...toNode({ ...SEND, operation: 'sendAndWait', ...parameters }),
			webhookId: randomUUID(),
		}),
		send,
		getLink: async (isForAnyone = false) => String((await link({ isForAnyone })).link),
		getState,
		logOut: async () => void (await logOut()),
		logIn: async (opened, options) => await logIn(server, opened, options),
	};
}

const SEND = { resource: 'message', operation: 'send' };

/** Waits until a bot is read, by one poller. */
export async function waitForPoller(
	{ server }: Pick<BotOwner, 'server'>,
	botId: string,
	timeoutMs?: number,
): Promise<void> {
	await eventually(() => assert.equal(server.held(botId), 1), timeoutMs);
}

/** The tokens of bots and of contexts that n8n has used. */
export function listBotTokens({ calls }: BotServer): string[] {
	const tokens = calls.flatMap(({ headers, body }) => {
		const { context_token: context } = (body?.msg ?? {}) as { context_token?: string };
		return [String(headers.authorization ?? '').replace(/^Bearer /, ''), context ?? ''];
	});
	return [...new Set(tokens)].filter(Boolean);
}

/** How the page is called in its states. */
export const TITLES = {
	wait: '登录微信机器人 Log in the bot',
	scanned: '已扫码 Scanned',
	number: '输入数字 Enter the number',
	loggedIn: '登录成功 Logged in',
	other: '换了人 Somebody else',
};

/** Opens the page and goes on as a browser does, with a phone that scans what it shows. */
async function logIn(
	server: BotServer,
	link: string,
	{ userId = ANNA, numbers = [], expires = 0 }: PhoneOptions = {},
): Promise<Login> {
	const entered = [...numbers];
	const login: Login = { status: 0, titles: [], botId: '', token: '' };
	let left = expires;
	for (let url: URL | undefined = new URL(link); url;) {
		const answer = await fetch(url);
		const html = await answer.text();
		const [, title = ''] = /<title>(.*?)<\/title>/.exec(html) ?? [];
		login.status = answer.status;
		login.titles.push(title);
		if (title === TITLES.wait) {
			assert.match(html, /<img src="data:image\/png;base64,/);
			if (left-- > 0) server.expire();
			else server.scan();
		}
		if (title === TITLES.scanned) Object.assign(login, server.confirm(userId));
		url = findNext(url, answer, html, entered);
	}
	return login;
}

/** Where the browser goes: by itself, or with the number that is entered. */
function findNext(url: URL, answer: Response, html: string, numbers: string[]): URL | undefined {
	const [, refresh] = /^0; url=(.*)$/.exec(answer.headers.get('refresh') ?? '') ?? [];
	if (refresh) return new URL(refresh, url);
	if (!html.includes('name="number"')) return undefined;
	const next = new URL(url.pathname, url);
	for (const [, name, value] of html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g))
		next.searchParams.set(name, value);
	next.searchParams.set('number', String(numbers.shift()));
	return next;
}
