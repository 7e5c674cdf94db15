/**
 * For contributors: resumes a run that waits, as n8n does by its webhook and when the time is over (n8n 2.8.4 and
 * 2.41.1: waiting-webhooks.js, webhook-helpers.js, wait-tracker.js).
 */
import { ExecutionLifecycleHooks, WebhookContext, WorkflowExecute } from 'n8n-core';
import {
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type IRunExecutionData,
	type IWebhookResponseData,
	type IWorkflowBase,
} from 'n8n-workflow';
import type { Credentials } from './credentials';
import { additionalData, nodeTypes, type Ran } from './n8n';
import { fakeResponse } from './webhook';

export interface Resumed {
	/** What the caller gets as JSON. */
	answer: unknown;
	/** Whether the run goes on. */
	isResumed: boolean;
	items(node: string): INodeExecutionData[];
}

type Flow = Pick<IWorkflowBase, 'nodes' | 'connections'>;

/** Takes the run out of n8n's database: as text, and with the node that waits disabled. */
function load({ run }: Ran, flow: Flow) {
	const data = JSON.parse(JSON.stringify(run.data)) as IRunExecutionData;
	const [entry] = data.executionData?.nodeExecutionStack ?? [];
	entry.node.disabled = true;
	data.waitTill = undefined;
	data.resultData.runData[entry.node.name].pop();
	const nodes = structuredClone(flow.nodes);
	const settings = { executionOrder: 'v1' as const };
	const workflow = new Workflow({
		id: 'workflow',
		...flow,
		nodes,
		active: true,
		nodeTypes,
		settings,
	});
	return { data, entry, workflow };
}

async function goOn({ data, workflow }: ReturnType<typeof load>, credentials: Credentials) {
	const hooks = new ExecutionLifecycleHooks('webhook', '1', { id: 'workflow' } as IWorkflowBase);
	const engine = new WorkflowExecute(additionalData(credentials, hooks), 'webhook', data);
	const { resultData } = (await engine.processRunExecutionData(workflow)).data;
	if (resultData.error) throw resultData.error;
	return (name: string) => resultData.runData[name]?.at(-1)?.data?.main[0] ?? [];
}

/** POSTs to the resume URL of a run that waits; n8n has checked the signature. */
export async function resumeRun(
	ran: Ran,
	flow: Flow,
	credentials: Credentials,
	body: IDataObject,
): Promise<Resumed> {
	const loaded = load(ran, flow);
	const { data, entry, workflow } = loaded;
	const hooks = new ExecutionLifecycleHooks('webhook', '1', {} as IWorkflowBase);
	const more = Object.assign(additionalData(credentials, hooks), {
		httpRequest: { method: 'POST', query: {}, headers: {}, params: {}, body },
		httpResponse: fakeResponse(),
	});
	const type = nodeTypes.getByNameAndVersion(entry.node.type);
	const context = new WebhookContext(
		workflow,
		workflow.getNode(entry.node.name) as INode,
		more,
		'webhook',
		{ webhookDescription: type.description.webhooks?.[0] } as never,
		[],
		data,
	);
	const result: IWebhookResponseData = await (
		type.webhook as NonNullable<INodeType['webhook']>
	).call(context);
	const answer: unknown = result.webhookResponse;
	if (!result.workflowData) return { answer, isResumed: false, items: () => [] };
	entry.data.main = result.workflowData;
	return { answer, isResumed: true, items: await goOn(loaded, credentials) };
}

/** What n8n does when the time of a run that waits is over. */
export const endWait = async (ran: Ran, flow: Flow, credentials: Credentials) =>
	await goOn(load(ran, flow), credentials);
