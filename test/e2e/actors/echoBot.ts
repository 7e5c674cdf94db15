import { randomUUID } from 'node:crypto';
import { CREDENTIAL_TYPE, credentialFor } from '../n8n/credential';
import type { Stage } from '../n8n/stage';
import { webhookUrl, withCredential, type Workflow } from '../n8n/workflow';

export { echoBot } from './examples';

/** A workflow at work, and the address of its trigger. */
export interface Conversation {
	id: string;
	url: string;
	workflow: Workflow;
}

/** Imports and activates a workflow with a credential of its own. */
export async function converse(
	stage: Stage,
	workflow: Workflow,
	changes = {},
): Promise<Conversation> {
	const { session, simulator } = stage;
	const data = { ...credentialFor(simulator), ...changes };
	const credential = await session.createCredential(workflow.name, CREDENTIAL_TYPE, data);
	return await converseWith(stage, workflow, credential);
}

/** The same with a credential that others may use, too. */
export async function converseWith(
	{ n8n, session }: Stage,
	workflow: Workflow,
	credential: { id: string; name: string },
): Promise<Conversation> {
	const nodes = withCredential(workflow, CREDENTIAL_TYPE, credential).nodes.map((node) =>
		node.webhookId ? { ...node, webhookId: randomUUID() } : node,
	);
	const made = await session.createWorkflow({ ...workflow, nodes });
	await session.activate(made.id);
	return { id: made.id, url: webhookUrl(n8n.url, made), workflow: made };
}

export const change = (
	workflow: Workflow,
	name: string,
	parameters: Record<string, unknown>,
): Workflow => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.name === name ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
	),
});
