import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { findError } from '../n8n/execution';
import { unwrapAnswer } from '../n8n/login';
import type { Session } from '../n8n/session';
import type { TestEnvironment } from '../testEnvironment';
import { createCallWebhook } from './callableNode';
import {
	connectInOrder,
	createTriggerNode,
	toWebhookUrl,
	type UnnamedNode,
	type WorkflowNode,
} from './workflow';

type Json = Record<string, unknown>;
type Credentials = NonNullable<UnnamedNode['credentials']>;

/** The name of the node that asks. */
export const ASK = 'Ask';

/** A WeChat node that asks and waits; `message` and the person are those that the workflow is called with. */
export const createAskNode = (credentials: Credentials, parameters: Json = {}): WorkflowNode => ({
	id: randomUUID(),
	name: ASK,
	type: 'n8n-nodes-wechat-platform.wechat',
	typeVersion: 1,
	position: [200, 0],
	// n8n registers nothing for it, and wants one for the address of a run that waits.
	webhookId: randomUUID(),
	parameters: {
		resource: 'customerServiceMessage',
		operation: 'sendAndWait',
		touser: '={{ $json.body.openid }}',
		message: '={{ $json.body.message }}',
		...parameters,
	},
	credentials,
});

/** A workflow that asks. */
export interface AskingWorkflow {
	id: string;
	/** Answers the ID of the execution, which waits then. */
	ask(openid: string, message: string, body?: Json): Promise<string>;
	/** The same, and does not wait for anything. */
	begin(openid: string, message: string, body?: Json): Promise<void>;
}

/** Asks whenever it is called, and goes on with other nodes, one after the other. */
export async function activateAskingWorkflow(
	{ n8n, session }: Pick<TestEnvironment, 'n8n' | 'session'>,
	credentials: Credentials,
	parameters: Json = {},
	others: WorkflowNode[] = [],
): Promise<AskingWorkflow> {
	const path = randomUUID();
	const nodes = [createCallWebhook(path), createAskNode(credentials, parameters), ...others];
	const connections = connectInOrder(nodes);
	const { id } = await session.createWorkflow({ name: 'asks', nodes, connections });
	await session.activate(id);

	const begin = async (openid: string, message: string, body: Json = {}) => {
		const headers = { 'content-type': 'application/json' };
		const called = JSON.stringify({ openid, message, ...body });
		await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST', headers, body: called });
	};
	return {
		id,
		begin,
		ask: async (...called) => {
			const known = await listRuns(session, id);
			await begin(...called);
			return await untilWaiting(session, id, known);
		},
	};
}

/** A workflow that starts for whatever is pushed, and does nothing: it shows what starts a run. */
export async function activateListener(
	{ n8n, session }: Pick<TestEnvironment, 'n8n' | 'session'>,
	credentials: Credentials,
	parameters: Json = {},
): Promise<{ id: string; url: string; countRuns(): Promise<number> }> {
	const trigger = createTriggerNode(
		{ kinds: ['all'], respond: 'onReceived', pushOptions: {}, ...parameters },
		credentials,
	);
	const workflow = { name: 'listens', nodes: [trigger], connections: {} };
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	return {
		id,
		url: toWebhookUrl(n8n.url, workflow),
		countRuns: async () => (await session.executions(id, 0)).length,
	};
}

interface Run {
	id: string;
	status: string;
}

/** The executions of a workflow as the editor lists them: those that wait, too. */
export async function listRuns({ rest }: Session, workflowId: string): Promise<Run[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const page = await rest<{ results: Run[] }>('GET', `/rest/executions?filter=${filter}&limit=100`);
	return unwrapAnswer(page, 'list executions').results;
}

/** Comes back with the ID of an execution that is not `known` when it waits. */
export async function untilWaiting(
	session: Session,
	workflowId: string,
	known: Run[] = [],
): Promise<string> {
	const giveUpAt = Date.now() + 20_000;
	for (;;) {
		const runs = await listRuns(session, workflowId);
		const fresh = runs.filter(({ id }) => !known.some((run) => run.id === id));
		const waiting = fresh.find(({ status }) => status === 'waiting');
		if (waiting) return waiting.id;
		if (fresh.some(({ status }) => status === 'error')) {
			const [failed] = await session.executions(workflowId, 1);
			throw new Error(`The run does not wait: ${findError(failed)}`);
		}
		if (Date.now() > giveUpAt)
			throw new Error(`No run waits: ${fresh.map(({ status }) => status).join(', ') || 'none'}`);
		await sleep(100);
	}
}
