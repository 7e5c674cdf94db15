import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { findError, type Execution } from '../n8n/execution';
import type { TestEnvironment } from '../testEnvironment';
import { WEBHOOK, withCredentials, type Workflow } from './workflow';

const STARTED_OTHERWISE = /\.(manualTrigger|scheduleTrigger)$/;

/**
 * Imports and activates a workflow with a webhook in place of its schedule or button. Answers how to run it to its
 * end; a run that fails throws, unless it is asked for as it is.
 */
export async function createRunnableWorkflow(
	{ n8n, session }: TestEnvironment,
	workflow: Workflow,
	credentials: Record<string, { id: string; name: string }>,
): Promise<(options?: { mayFail?: boolean }) => Promise<Execution>> {
	const path = randomUUID();
	const named = withCredentials(workflow, credentials);
	const nodes = named.nodes.map((node) =>
		STARTED_OTHERWISE.test(node.type)
			? {
					...node,
					type: WEBHOOK,
					typeVersion: 2,
					webhookId: path,
					parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
				}
			: node,
	);
	const { id } = await session.createWorkflow({ ...named, nodes });
	await session.activate(id);
	let runs = 0;
	return async ({ mayFail = false } = {}) => {
		await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST' });
		const [execution] = await session.executions(id, ++runs, 60_000);
		if (!mayFail) assert.equal(findError(execution), undefined);
		return execution;
	};
}
