import { randomUUID } from 'node:crypto';

export interface UnnamedNode {
	type: string;
	webhookId?: string;
	parameters?: Record<string, unknown>;
	credentials?: Record<string, { id?: string | null; name: string }>;
	[other: string]: unknown;
}

export interface WorkflowNode extends UnnamedNode {
	name: string;
}

export interface Workflow {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
}

export const TRIGGER = 'n8n-nodes-wechat-platform.wechatTrigger';
const PAY_TRIGGER = 'n8n-nodes-wechat-platform.wechatPayTrigger';
export const BOT_TRIGGER = 'n8n-nodes-wechat-platform.wechatBotTrigger';
export const WEBHOOK = 'n8n-nodes-base.webhook';
const FORM = 'n8n-nodes-base.formTrigger';

/** A WeChat Trigger with an address of its own. */
export const createTriggerNode = (
	parameters: Record<string, unknown>,
	credentials: WorkflowNode['credentials'],
): WorkflowNode => ({
	id: randomUUID(),
	name: 'Trigger',
	type: TRIGGER,
	typeVersion: 1,
	position: [0, 0],
	webhookId: randomUUID(),
	parameters,
	credentials,
});

/** Any other node, named as it is. */
export const createNode = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown>,
	credentials?: WorkflowNode['credentials'],
): WorkflowNode => ({
	id: randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
	credentials,
});

/** The connections of a node that leads to another one, as n8n names the kind of connection. */
export const connect = (type: string, node: string) => ({ [type]: [[{ node, type, index: 0 }]] });

/** Connects nodes one after the other. */
export const connectInOrder = ([first, ...others]: WorkflowNode[]): Workflow['connections'] =>
	Object.fromEntries(
		others.map(({ name }, index) => [(others[index - 1] ?? first).name, connect('main', name)]),
	);

/** Workflow files name a credential only; its id is known once it exists in this n8n. */
export function withCredential(
	workflow: Workflow,
	type: string,
	credential: { id: string; name: string },
): Workflow {
	const nodes = workflow.nodes.map((node) =>
		node.credentials?.[type]
			? { ...node, credentials: { ...node.credentials, [type]: credential } }
			: node,
	);
	return { ...workflow, nodes };
}

/** The same for several kinds of credentials. */
export const withCredentials = (
	workflow: Workflow,
	credentials: Record<string, { id: string; name: string }>,
): Workflow =>
	Object.entries(credentials).reduce(
		(one, [type, credential]) => withCredential(one, type, credential),
		workflow,
	);

/** The production addresses of the WeChat Triggers in a workflow. */
export function toWebhookUrls(url: string, workflow: Workflow): string[] {
	return workflow.nodes
		.filter((node) => node.type === TRIGGER && node.webhookId && !node.disabled)
		.map((node) => `${url}/webhook/${node.webhookId}/wechat`);
}

export function toWebhookUrl(url: string, workflow: Workflow): string {
	const [first] = toWebhookUrls(url, workflow);
	if (!first)
		throw new Error(`The workflow "${workflow.name}" has no WeChat Trigger with a webhookId.`);
	return first;
}

/** The production address of the WeChat Pay Trigger in a workflow. */
export function toPayWebhookUrl(url: string, { name, nodes }: Workflow): string {
	const trigger = nodes.find(({ type }) => type === PAY_TRIGGER);
	if (!trigger?.webhookId) throw new Error(`The workflow "${name}" has no WeChat Pay Trigger.`);
	return `${url}/webhook/${trigger.webhookId}/wechat-pay`;
}

/** Where people fill in the form of a workflow. */
export function toFormUrl(url: string, { name, nodes }: Workflow): string {
	const form = nodes.find(({ type }) => type === FORM);
	if (!form?.webhookId) throw new Error(`The workflow "${name}" has no form.`);
	return `${url}/form/${form.webhookId}`;
}

/** What n8n has to have registered before a workflow can be called. */
export function listWebhooks(workflow: Workflow): Array<{ method: string; path: string }> {
	const both = (path: string) => ['GET', 'POST'].map((method) => ({ method, path }));
	return workflow.nodes
		.filter(({ disabled, webhookId }) => webhookId && !disabled)
		.flatMap(({ type, webhookId, parameters = {} }) => {
			if (type === TRIGGER) return [`${webhookId}/wechat`, `${webhookId}/wechat/wx0`].flatMap(both);
			if (type === PAY_TRIGGER) return [{ method: 'POST', path: `${webhookId}/wechat-pay` }];
			if (type === BOT_TRIGGER) return [{ method: 'GET', path: `${webhookId}/wechat-bot` }];
			if (type === FORM) return both(webhookId ?? '');
			// Other nodes have a webhookId for a run that waits.
			if (type !== WEBHOOK) return [];
			return [{ method: String(parameters.httpMethod), path: String(parameters.path) }];
		});
}
