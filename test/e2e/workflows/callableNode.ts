import { randomUUID } from 'node:crypto';
import { findError } from '../n8n/execution';
import type { TestEnvironment } from '../testEnvironment';
import { WEBHOOK, type UnnamedNode } from './workflow';

type Json = Record<string, unknown>;

/** The node that starts a workflow when its path is called. */
export const createCallWebhook = (path: string) => ({
	id: randomUUID(),
	name: 'Call',
	type: WEBHOOK,
	typeVersion: 2,
	position: [0, 0],
	webhookId: path,
	parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
});

/**
 * A node in a workflow of its own, which runs when it is called; its parameters find what it is called
 * with as `$json.body`. Answers what the node puts out, or throws its error.
 */
export async function createCallableNode(
	{ n8n, session }: TestEnvironment,
	node: UnnamedNode,
): Promise<(body?: Json) => Promise<Json[]>> {
	const path = randomUUID();
	const webhook = createCallWebhook(path);
	const called = { id: randomUUID(), name: 'Node', typeVersion: 1, position: [200, 0], ...node };
	const { id } = await session.createWorkflow({
		name: `on call: ${node.type}`,
		nodes: [webhook, called],
		connections: { Call: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
	});
	await session.activate(id);

	let calls = 0;
	return async (body = {}) => {
		const headers = { 'content-type': 'application/json' };
		const url = `${n8n.url}/webhook/${path}`;
		await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
		const [execution] = await session.executions(id, ++calls);
		const error = findError(execution);
		if (error) throw new Error(error);
		return session.listItems(execution, 'Node');
	};
}
