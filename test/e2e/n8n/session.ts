import { setTimeout as sleep } from 'node:timers/promises';
import { listItems, type Execution } from './execution';
import { unwrapAnswer, logIn, OWNER, type Login, type User } from './login';
import { listWebhooks, type Workflow } from '../workflows/workflow';

export interface CredentialTest {
	/** n8n tests saved credentials only; `data` is what the dialog holds, saved or not. */
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** Somebody who is logged in to a running n8n, mostly its owner. */
export interface Session extends Login {
	createCredential(
		name: string,
		type: string,
		data: Record<string, unknown>,
	): Promise<{ id: string; name: string }>;
	/** What the button in the credential dialog does. */
	testCredential(credential: CredentialTest): Promise<{ status: string; message: string }>;
	createWorkflow(workflow: Workflow): Promise<Workflow & { id: string }>;
	/** Comes back when the webhooks are registered. */
	activate(id: string): Promise<void>;
	deactivate(id: string): Promise<void>;
	/** Newest first, once at least `want` have ended and none is under way. */
	executions(workflowId: string, want?: number, timeoutMs?: number): Promise<Execution[]>;
	listItems: typeof listItems;
}

/** The owner, or somebody else who has a login already. */
export async function openSession(url: string, user = OWNER as User): Promise<Session> {
	const login = await logIn(url, user);
	const { rest, api } = login;

	return {
		...login,
		listItems,

		createCredential: async (name, type, data) => {
			const made = await rest<{ id: string; name: string }>('POST', '/rest/credentials', {
				name,
				type,
				data,
			});
			const { id } = unwrapAnswer(made, `create the credential "${name}"`);
			return { id, name };
		},

		testCredential: async (credentials) => {
			const tested = await rest<{ status: string; message: string }>(
				'POST',
				'/rest/credentials/test',
				{ credentials },
			);
			return unwrapAnswer(tested, `test the credential "${credentials.name}"`);
		},

		createWorkflow: async ({ name, nodes, connections, settings }) => {
			// The public API refuses whatever else an exported workflow carries.
			const made = await api<Workflow & { id: string }>('POST', '/workflows', {
				name,
				nodes,
				connections,
				settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all', ...settings },
			});
			return unwrapAnswer(made, `create the workflow "${name}"`);
		},

		activate: async (id) => {
			const active = await api<Workflow>('POST', `/workflows/${id}/activate`, {});
			const workflow = unwrapAnswer(active, `activate workflow ${id}`);
			await Promise.all(
				listWebhooks(workflow).map(async (webhook) => await untilRegistered(rest, webhook)),
			);
		},

		deactivate: async (id) => {
			const inactive = await api<Workflow>('POST', `/workflows/${id}/deactivate`, {});
			const workflow = unwrapAnswer(inactive, `deactivate workflow ${id}`);
			await Promise.all(
				listWebhooks(workflow).map(async (webhook) => await untilRemoved(url, webhook)),
			);
		},

		executions: async (workflowId, want = 1, timeoutMs = 15_000) => {
			await untilEnded(rest, workflowId, want, timeoutMs);
			const query = `workflowId=${workflowId}&includeData=true&limit=100`;
			const page = await api<{ data: Execution[] }>('GET', `/executions?${query}`);
			return unwrapAnswer(page, 'list executions').data;
		},
	};
}

/**
 * n8n 2.4x answers the activation up to a second before the webhooks exist, and registers one after the
 * other. All processes look them up in the same database.
 */
async function untilRegistered(
	rest: Login['rest'],
	webhook: { method: string; path: string },
): Promise<void> {
	const giveUpAt = Date.now() + 15_000;
	while (Date.now() < giveUpAt) {
		const found = await rest('POST', '/rest/webhooks/find', webhook);
		if (unwrapAnswer(found, 'look for a webhook')) return;
		await sleep(100);
	}
	throw new Error(`n8n activated the workflow but knows no ${webhook.method} ${webhook.path}.`);
}

/**
 * n8n 2.4x answers the deactivation before the webhooks are gone. A request that comes meanwhile, or a look for them,
 * puts them back into a cache, where they stay: n8n takes them out of it first and out of the database then. Only the
 * methods that OPTIONS tells are read in the database.
 */
async function untilRemoved(
	url: string,
	{ method, path }: { method: string; path: string },
): Promise<void> {
	const giveUpAt = Date.now() + 15_000;
	while (Date.now() < giveUpAt) {
		const headers = { Origin: url };
		const answer = await fetch(`${url}/webhook/${path}`, { method: 'OPTIONS', headers });
		const methods = answer.headers.get('Access-Control-Allow-Methods') ?? '';
		if (!methods.split(', ').includes(method)) return;
		await sleep(100);
	}
	throw new Error(`n8n deactivated the workflow but knows ${method} ${path}.`);
}

/** The public API leaves out executions that are under way, so ask as the editor does. */
async function untilEnded(
	rest: Login['rest'],
	workflowId: string,
	want: number,
	timeoutMs: number,
): Promise<void> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const giveUpAt = Date.now() + timeoutMs;
	for (;;) {
		const page = await rest<{ results: Array<{ id: string; status: string }> }>(
			'GET',
			`/rest/executions?filter=${filter}&limit=100`,
		);
		const statuses = unwrapAnswer(page, 'list executions').results.map(
			(execution) => execution.status,
		);
		const ended = statuses.filter((status) => ENDED.includes(status)).length;
		if (ended >= want && !statuses.some((status) => UNDER_WAY.includes(status))) return;
		if (Date.now() > giveUpAt) {
			throw new Error(
				`After ${timeoutMs} ms ${want} executions should have ended. There are: ${statuses.join(', ') || 'none'}.`,
			);
		}
		await sleep(150);
	}
}

const UNDER_WAY = ['new', 'running'];
const ENDED = ['canceled', 'crashed', 'error', 'success'];
