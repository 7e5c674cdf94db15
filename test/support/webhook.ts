import { ExecutionLifecycleHooks, WebhookContext } from 'n8n-core';
import {
	createDeferredPromise,
	Workflow,
	type INode,
	type INodeType,
	type IWebhookResponseData,
	type IWorkflowBase,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import type { Credentials } from './credentials';
import { additionalData, nodeTypes, PACK } from './n8n';

export interface FakeResponse {
	statusCode: number;
	headers: Map<string, unknown>;
	body?: string;
	headersSent: boolean;
	/** Settles when something was sent. */
	sent: Promise<void>;
	end(chunk?: unknown): unknown;
	setHeader(name: string, value: unknown): void;
}

/** As much of Node's response as a webhook meets; like there, `end` is on the prototype. */
export function fakeResponse(): FakeResponse {
	const sent = createDeferredPromise();
	const headers = new Map<string, unknown>();
	const prototype = {
		end(this: FakeResponse, chunk?: unknown) {
			if (this.headersSent) return this;
			this.body = chunk === undefined ? '' : String(chunk);
			this.headersSent = true;
			sent.resolve();
			return this;
		},
	};
	return Object.assign(Object.create(prototype) as FakeResponse, {
		statusCode: 200,
		headers,
		headersSent: false,
		destroyed: false,
		sent: sent.promise,
		setHeader: (name: string, value: unknown) => headers.set(name.toLowerCase(), value),
		getHeader: (name: string) => headers.get(name.toLowerCase()),
		getHeaderNames: () => [...headers.keys()],
		removeHeader: (name: string) => headers.delete(name.toLowerCase()),
	});
}

export interface Hook {
	method: 'GET' | 'POST';
	query: Record<string, unknown>;
	body?: Buffer | string;
	headers?: Record<string, string>;
}

/** Where a trigger stands; n8n's test address has the mode `manual`. */
export interface Place {
	workflowId?: string;
	nodeId?: string;
	mode?: WorkflowExecuteMode;
}

/** Calls the webhook of WeChat Trigger as n8n's WebhookService does: with a WebhookContext of n8n-core. */
export async function callWebhook(
	{ method, query, body = '', headers = {} }: Hook,
	parameters: INode['parameters'],
	credentials: Credentials,
	response = fakeResponse(),
	{ workflowId = 'workflow', nodeId = 'trigger', mode = 'webhook' }: Place = {},
): Promise<{ result: IWebhookResponseData; response: FakeResponse }> {
	const type = nodeTypes.getByNameAndVersion(`${PACK}.wechatTrigger`);
	const node: INode = {
		id: nodeId,
		name: 'WeChat Trigger',
		type: `${PACK}.wechatTrigger`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: credentials.references,
	};
	const workflow = new Workflow({
		id: workflowId,
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes,
	});
	const data = additionalData(
		credentials,
		new ExecutionLifecycleHooks('webhook', '1', {} as IWorkflowBase),
	);
	const rawBody = Buffer.from(body);
	Object.assign(data, {
		httpRequest: { method, query, headers, params: {}, body: {}, rawBody },
		httpResponse: response,
	});
	const name = method === 'GET' ? 'setup' : 'default';
	const webhookDescription = type.description.webhooks?.find((hook) => hook.name === name);
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
	return { result, response };
}
