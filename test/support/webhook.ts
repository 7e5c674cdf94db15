/**
 * For contributors: calls WeChat Trigger as n8n does, once with `callWebhook` or by HTTP with `serveTrigger`, without
 * an n8n that runs.
 */
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ExecutionLifecycleHooks, WebhookContext } from 'n8n-core';
import {
	createDeferredPromise,
	Workflow,
	type IDataObject,
	type INode,
	type INodeType,
	type IWebhookResponseData,
	type IWorkflowBase,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { REPLY_CONTENT_TYPE } from '../../nodes/n8n/replyContentType';
import type { Credentials } from './credentials';
import { additionalData, leadTo, nodeTypes, PACK } from './n8n';

export interface FakeResponse {
	statusCode: number;
	headers: Map<string, unknown>;
	body?: string;
	headersSent: boolean;
	/** Settles when something was sent. */
	sent: Promise<void>;
	end(chunk?: unknown): unknown;
	setHeader(name: string, value: unknown): void;
	/** WeChat closes the connection. */
	hangUp(): void;
}

/** As much of Node's response as a webhook meets; like there, `end` is on the prototype. */
export function fakeResponse(): FakeResponse {
	const sent = createDeferredPromise();
	const headers = new Map<string, unknown>();
	const prototype = Object.assign(Object.create(EventEmitter.prototype) as EventEmitter, {
		end(this: FakeResponse, chunk?: unknown) {
			if (this.headersSent) return this;
			this.body = chunk === undefined ? '' : String(chunk);
			Object.assign(this, { headersSent: true, writableFinished: true });
			sent.resolve();
			return this;
		},
		hangUp(this: FakeResponse & EventEmitter) {
			Object.assign(this, { destroyed: true });
			this.emit('close');
		},
	});
	return Object.assign(Object.create(prototype) as FakeResponse, {
		statusCode: 200,
		headers,
		headersSent: false,
		destroyed: false,
		writableFinished: false,
		sent: sent.promise,
		setHeader: (name: string, value: unknown) => headers.set(name.toLowerCase(), value),
		getHeader: (name: string) => headers.get(name.toLowerCase()),
		getHeaderNames: () => [...headers.keys()],
		removeHeader: (name: string) => headers.delete(name.toLowerCase()),
	});
}

export interface WebhookCall {
	method: 'GET' | 'POST';
	query: Record<string, unknown>;
	body?: Buffer | string;
	headers?: Record<string, string>;
	/** What stands behind the trigger's address. */
	below?: string;
	/** The connection on which it came. */
	socket?: Socket;
}

/** Where a trigger stands; n8n's test address has the mode `manual`. */
export interface TriggerLocation {
	/** Which trigger it is. */
	node?: string;
	workflowId?: string;
	nodeId?: string;
	mode?: WorkflowExecuteMode;
	/** The trigger as another process has loaded it. */
	type?: INodeType;
	/** One behind the other, the first behind the trigger. */
	behind?: INode[];
}

/** Calls the webhook of a trigger as n8n's WebhookService does: with a WebhookContext of n8n-core. */
export async function callWebhook(
	{ method, query, body = '', headers = {}, below, socket }: WebhookCall,
	parameters: INode['parameters'],
	credentials: Credentials,
	response: FakeResponse | ServerResponse = fakeResponse(),
	{
		node: name = 'wechatTrigger',
		workflowId = 'workflow',
		nodeId = 'trigger',
		mode = 'webhook',
		type = nodeTypes.getByNameAndVersion(`${PACK}.${name}`),
		behind = [],
	}: TriggerLocation = {},
): Promise<{ result: IWebhookResponseData; response: FakeResponse }> {
	const node: INode = {
		id: nodeId,
		name: type.description.displayName,
		type: `${PACK}.${name}`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: credentials.references,
	};
	const workflow = new Workflow({
		id: workflowId,
		name: workflowId,
		nodes: [node, ...behind],
		connections: Object.fromEntries(
			behind.map((next, index) => [(behind[index - 1] ?? node).name, leadTo(next.name)]),
		),
		active: true,
		nodeTypes,
	});
	const data = additionalData(
		credentials,
		new ExecutionLifecycleHooks('webhook', '1', {} as IWorkflowBase),
	);
	const rawBody = Buffer.from(body);
	Object.assign(data, {
		httpRequest: {
			method,
			query,
			headers,
			params: below === undefined ? {} : { appid: below },
			body: {},
			rawBody,
			socket,
		},
		httpResponse: response,
	});
	const hookName = method === 'GET' ? 'setup' : 'default';
	const webhookDescription = type.description.webhooks?.find((hook) => hook.name === hookName);
	const context = new WebhookContext(
		workflow,
		workflow.getNode(node.name) as INode,
		data,
		mode,
		{ webhookDescription } as never,
		[],
		null,
	);
	const result = await (type.webhook as NonNullable<INodeType['webhook']>).call(context);
	return { result, response: response as FakeResponse };
}

/** A trigger that can be reached by HTTP, as in a running n8n. */
export interface Served {
	/** The production URL. */
	url: string;
	/** What it has emitted. */
	items: IDataObject[];
	/** Why it threw, which n8n records as a failed run. */
	errors: Error[];
	/** Does what the workflow does with an item, before n8n ends the response. */
	onItem: (item: IDataObject) => object | undefined | Promise<object | undefined>;
	/** Answers in the place of n8n's endpoint for runs that wait, e.g. with status 404. */
	onResume: (resume: ResumeRequest) => ResumeAnswer | Promise<ResumeAnswer>;
	/** Comes back when nothing is under way; WeChat is answered before the workflow starts. */
	idle(): Promise<void>;
	close(): Promise<void>;
}

/** What reaches n8n's endpoint for runs that wait. */
export interface ResumeRequest {
	/** With its query. */
	path: string;
	host: string;
	body: IDataObject;
}
export interface ResumeAnswer {
	status: number;
	body: object | string;
}

/** Serves WeChat Trigger; a reply of `onItem` travels as WeChat Reply's does. */
export async function serveTrigger(
	parameters: INode['parameters'],
	credentials: Credentials,
	location?: TriggerLocation,
): Promise<Served> {
	const served: Served = {
		url: '',
		items: [],
		errors: [],
		onItem: () => undefined,
		onResume: () => ({ status: 404, body: 'Cannot POST' }),
		idle: async () => {
			while (working.size > 0) await Promise.allSettled(working);
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { pathname, searchParams } = new URL(request.url ?? '', 'http://n8n');
		const [, endpoint, below] = pathname.split('/');
		if (endpoint === 'webhook-waiting') {
			const { status, body } = await served.onResume({
				path: request.url ?? '',
				host: request.headers.host ?? '',
				body: JSON.parse(Buffer.concat(chunks).toString()) as IDataObject,
			});
			response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
			return;
		}
		const hook: WebhookCall = {
			method: request.method as WebhookCall['method'],
			query: Object.fromEntries(searchParams),
			body: Buffer.concat(chunks),
			headers: request.headers as Record<string, string>,
			socket: request.socket,
			...(below !== undefined && { below: decodeURIComponent(below) }),
		};
		const { result } = await callWebhook(hook, parameters, credentials, response, location);
		for (const { json } of result.workflowData?.flat() ?? []) {
			served.items.push(json);
			const reply = await served.onItem(json);
			if (!reply || result.noWebhookResponse) continue;
			response.setHeader('content-type', REPLY_CONTENT_TYPE);
			response.end(Buffer.from(JSON.stringify(reply)));
		}
	}
	const working = new Set<Promise<void>>();
	const server = createServer((request, response) => {
		const work = answer(request, response)
			.catch((error: Error) => {
				served.errors.push(error);
				if (!response.headersSent) response.writeHead(500).end('{"message":"Error in workflow"}');
			})
			.finally(() => working.delete(work));
		working.add(work);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wechat`;
	return served;
}
