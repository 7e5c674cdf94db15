import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIAL_TYPE, credentialFor } from './credential';
import type { Stage } from './stage';
import { webhookUrl, withCredential, type Workflow } from './workflow';

export const echoBot = JSON.parse(
	readFileSync(join(__dirname, '..', 'workflows', 'echo-bot.json'), 'utf8'),
) as Workflow;

/** Imports and activates a workflow with a credential of its own. */
export async function converse(
	{ n8n, session, simulator }: Stage,
	workflow: Workflow,
	changes = {},
): Promise<{ id: string; url: string }> {
	const credential = await session.createCredential(workflow.name, CREDENTIAL_TYPE, {
		...credentialFor(simulator),
		...changes,
	});
	const nodes = withCredential(workflow, CREDENTIAL_TYPE, credential).nodes.map((node) =>
		node.webhookId ? { ...node, webhookId: randomUUID() } : node,
	);
	const made = await session.createWorkflow({ ...workflow, nodes });
	await session.activate(made.id);
	return { id: made.id, url: webhookUrl(n8n.url, made) };
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
