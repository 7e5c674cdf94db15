import { randomUUID } from 'node:crypto';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import type { TestEnvironment } from '../testEnvironment';
import { toWebhookUrl, withCredential, type Workflow } from './workflow';

/** A workflow at work, and the address of its trigger. */
export interface ActiveWorkflow {
	id: string;
	url: string;
	workflow: Workflow;
}

/** Imports and activates a workflow with a credential of its own. */
export async function activateWorkflow(
	environment: TestEnvironment,
	workflow: Workflow,
	changes = {},
): Promise<ActiveWorkflow> {
	const { session, simulator } = environment;
	const data = { ...toAccountCredential(simulator), ...changes };
	const credential = await session.createCredential(workflow.name, ACCOUNT_TYPE, data);
	return await activateWorkflowWith(environment, workflow, credential);
}

/** The same with a credential that others may use, too. */
export async function activateWorkflowWith(
	{ n8n, session }: TestEnvironment,
	workflow: Workflow,
	credential: { id: string; name: string },
): Promise<ActiveWorkflow> {
	const made = await session.createWorkflow(
		withOwnWebhooks(withCredential(workflow, ACCOUNT_TYPE, credential)),
	);
	await session.activate(made.id);
	return { id: made.id, url: toWebhookUrl(n8n.url, made), workflow: made };
}

/** n8n publishes no two workflows with the same address, such as copies of an example. */
export const withOwnWebhooks = (workflow: Workflow): Workflow => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.webhookId ? { ...node, webhookId: randomUUID() } : node,
	),
});

export const changeParameters = (
	workflow: Workflow,
	name: string,
	parameters: Record<string, unknown>,
): Workflow => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.name === name ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
	),
});
