/** For contributors: WeChat Bot Trigger as n8n publishes it, and its login page as a browser opens it. */
import { HookContext, TriggerContext } from 'n8n-core/dist/execution-engine/node-execution-context';
import {
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type ITriggerResponse,
} from 'n8n-workflow';
import type { Services } from '../../nodes/api/services';
import { WechatBotTrigger } from '../../nodes/WechatBotTrigger/WechatBotTrigger.node';
import { ANNA, openScene, waitUntil, type BotScene } from './bot';
import { Credentials } from './credentials';
import { additionalData, nodeTypes, PACK, runNode } from './n8n';
import { callWebhook } from './webhook';

/** A workflow that listens to a bot. */
export interface ListeningBot {
	/** The trigger as a process of n8n has loaded it. */
	type: WechatBotTrigger;
	items: IDataObject[];
	executions: INodeExecutionData[];
	stop(): Promise<void>;
	/** Unpublishes the workflow: n8n removes its webhook, too. */
	unpublish(): Promise<void>;
}

interface Listen {
	/** Another workflow of the same process. */
	type?: WechatBotTrigger;
	parameters?: INode['parameters'];
	mode?: 'manual' | 'trigger';
	webhookId?: string;
}

/** Publishes a workflow: n8n registers its webhook, then calls its trigger. */
export async function listenToBot(
	services: Services,
	credentials: Credentials,
	{
		type = new WechatBotTrigger(services),
		parameters = {},
		mode = 'trigger',
		webhookId = 'bot-page',
	}: Listen = {},
): Promise<ListeningBot> {
	const node: INode = {
		id: 'trigger',
		name: 'WeChat Bot Trigger',
		type: `${PACK}.wechatBotTrigger`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: credentials.references,
		webhookId,
	};
	const workflow = new Workflow({
		id: 'w',
		name: 'w',
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes,
	});
	const data = additionalData(credentials, undefined as never);
	Object.assign(data, { webhookBaseUrl: 'https://n8n.example.com/webhook' });
	const items: IDataObject[] = [];
	const executions: INodeExecutionData[] = [];
	const hook = new HookContext(workflow, node, data, mode, 'activate', {
		webhookDescription: type.description.webhooks?.[0],
	} as never);
	await type.webhookMethods?.default?.create.call(hook);
	const context = new TriggerContext(workflow, node, data, mode, 'activate', (output) => {
		for (const item of output[0]) {
			items.push(item.json);
			executions.push(item);
		}
	});
	const response = (await type.trigger?.call(context)) as ITriggerResponse;
	await response.manualTriggerFunction?.();
	const stop = async () => await response.closeFunction?.();
	const unpublish = async () => {
		await stop();
		await type.webhookMethods?.default?.delete.call(hook);
	};
	return { type, items, executions, stop, unpublish };
}

/** A bot that is logged in, and to which Anna has just written. */
export async function openHeardBot() {
	const scene = await openScene();
	const credentials = new Credentials({ baseUrl: scene.server.url }, 'wechatBotApi');
	const listening = await listenToBot(scene.services, credentials);
	const { botId } = await logBotIn(scene, listening.type, credentials);
	scene.server.say(botId, ANNA, 'hello');
	await waitUntil(() => listening.items.length === 1);
	return { scene, credentials, listening, botId };
}

export interface OpenedPage {
	status: number;
	body: string;
	/** The query of the address to which the browser goes on by itself. */
	next: Record<string, string>;
	refreshes: boolean;
}

/** Opens the login page, as a browser does. */
export async function openLoginPage(
	type: WechatBotTrigger,
	credentials: Credentials,
	query: Record<string, string>,
): Promise<OpenedPage> {
	const location = { node: 'wechatBotTrigger', type };
	const { response } = await callWebhook(
		{ method: 'GET', query },
		{},
		credentials,
		undefined,
		location,
	);
	const refresh = String(response.headers.get('refresh') ?? '').replace(/^0; url=/, '');
	return {
		status: response.statusCode,
		body: response.body ?? '',
		next: readQuery(`https://n8n.example.com/${refresh}`),
		refreshes: refresh !== '',
	};
}

export const readQuery = (address: unknown): Record<string, string> =>
	Object.fromEntries(new URL(String(address)).searchParams);

/** A link to the login page. */
export async function getLoginLink(
	credentials: Credentials,
	parameters: INode['parameters'] = {},
): Promise<Record<string, string>> {
	const { output, error } = await runNode(
		'wechatBot',
		{ resource: 'login', operation: 'getLink', image: false, ...parameters },
		credentials,
	);
	if (error) throw error;
	return readQuery(output[0].json.link);
}

/** Logs a bot in by its page. */
export async function logBotIn(
	{ server }: BotScene,
	type: WechatBotTrigger,
	credentials: Credentials,
	{ userId = ANNA, ...parameters }: INode['parameters'] & { userId?: string } = {},
) {
	const first = await openLoginPage(type, credentials, await getLoginLink(credentials, parameters));
	server.scan();
	const scanned = await openLoginPage(type, credentials, first.next);
	const bot = server.confirm(userId);
	const done = await openLoginPage(type, credentials, scanned.next);
	return { ...bot, pages: [first, scanned, done] };
}
