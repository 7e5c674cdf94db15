import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIAL_TYPE, credentialFor } from '../../e2e/n8n/credential';
import { atEnd } from '../../e2e/services/ending';
import { setUpOwner, startN8n, type RunningN8n, type Session } from '../../e2e/n8n/n8n';
import { installPack } from '../../e2e/n8n/pack';
import { startPlatform } from '../../e2e/actors/platform';
import { prepareFiles, type Stage } from '../../e2e/n8n/stage';
import { triggerNode, WEBHOOK, webhookUrl, type Workflow } from '../../e2e/n8n/workflow';
import type { Simulator } from '../../simulator';
import { PROBE } from './probe';

/** A real n8n to measure, with a trigger of ours and a webhook of its own. */
export interface Place {
	n8n: RunningN8n;
	/** The addresses of WeChat Trigger and of n8n's Webhook node; both answer `success` at once. */
	ours: string;
	theirs: string;
}

export interface Ground {
	simulator: Simulator;
	/** Starts another n8n, alike and empty, of which heldBy() can tell. */
	stage(): Promise<Stage>;
	place(): Promise<Place>;
}

export const progress = (line: string) => void process.stderr.write(`${line}\n`);
/** Neither of the two keeps what it ran. */
const settings = { saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' };

export async function prepareGround(): Promise<Ground> {
	const { n8nFiles, folder, tarball } = await prepareFiles(progress);
	const probe = join(folder, 'probe.cjs');
	writeFileSync(probe, PROBE);
	const simulator = await startPlatform();
	atEnd(async () => await simulator.close());

	let places = 0;
	async function stage(): Promise<Stage> {
		const userFolder = join(folder, `user${++places}`);
		await installPack(userFolder, tarball);
		const env = { NODE_OPTIONS: `--require ${probe}`, N8N_LOG_LEVEL: 'error' };
		const n8n = await startN8n({ n8n: n8nFiles, userFolder, env });
		const session = await setUpOwner(n8n.url);
		return { n8nFiles, n8n, session, simulator, tarball, userFolder };
	}

	async function place(): Promise<Place> {
		const { n8n, session } = await stage();
		const ours = await activate(n8n, session, await triggerWorkflow(session, simulator));
		const theirs = await activate(n8n, session, webhookWorkflow());
		return { n8n, ours, theirs };
	}
	return { simulator, stage, place };
}

async function triggerWorkflow(session: Session, simulator: Simulator): Promise<Workflow> {
	const data = credentialFor(simulator);
	const credential = await session.createCredential('account', CREDENTIAL_TYPE, data);
	const parameters = { kinds: ['all'], respond: 'onReceived', pushOptions: {} };
	const nodes = [triggerNode(parameters, { [CREDENTIAL_TYPE]: credential })];
	return { name: 'ours', nodes, connections: {}, settings };
}

function webhookWorkflow(): Workflow {
	const path = randomUUID();
	const parameters = {
		httpMethod: 'POST',
		path,
		responseMode: 'onReceived',
		options: { responseData: 'success' },
	};
	const node = { id: randomUUID(), name: 'Webhook', type: WEBHOOK, typeVersion: 2, parameters };
	const nodes = [{ ...node, position: [0, 0], webhookId: path }];
	return { name: 'theirs', nodes, connections: {}, settings };
}

async function activate(n8n: RunningN8n, session: Session, workflow: Workflow): Promise<string> {
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	const [{ type, webhookId }] = workflow.nodes;
	return type === WEBHOOK ? `${n8n.url}/webhook/${webhookId}` : webhookUrl(n8n.url, workflow);
}
