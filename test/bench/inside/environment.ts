import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT_TYPE, toAccountCredential } from '../../e2e/n8n/credentials';
import { cleanUpAtEnd } from '../../e2e/services/cleanup';
import { startN8n, type RunningN8n } from '../../e2e/n8n/startN8n';
import { installPack } from '../../e2e/n8n/pack';
import { startSimulatorWithPlatform } from '../../e2e/actors/platform';
import { textOption } from '../options';
import { prepareFiles, type TestEnvironment } from '../../e2e/testEnvironment';
import {
	createTriggerNode,
	WEBHOOK,
	toWebhookUrl,
	type Workflow,
} from '../../e2e/workflows/workflow';
import type { Simulator } from '../../simulator';
import { PROBE } from './probe';
import { openSession, type Session } from '../../e2e/n8n/session';

/** A real n8n to measure, with a trigger of ours and a webhook of its own. */
export interface ComparedN8n {
	n8n: RunningN8n;
	/** The addresses of WeChat Trigger and of n8n's Webhook node; both answer `success` at once. */
	ours: string;
	theirs: string;
}

export interface BenchEnvironment {
	simulator: Simulator;
	/** Starts another n8n, alike and empty, of which heldBy() can tell. */
	start(engine?: Engine): Promise<TestEnvironment>;
	startCompared(engine?: Engine): Promise<ComparedN8n>;
	/** Those that this n8n knows; the first one is how it comes, the last one the cheapest. */
	engines: Engine[];
}

/**
 * How n8n works out expressions. Newer versions take a V8 isolate for each call of a webhook and each run, unless they
 * are told to wait for the first expression, or to do as before.
 */
export type Engine = 'default' | 'lazy' | 'legacy';

const ENGINES: Record<Engine, Record<string, string>> = {
	default: { N8N_EXPRESSION_ENGINE: 'vm' },
	lazy: { N8N_EXPRESSION_ENGINE: 'vm', N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	legacy: { N8N_EXPRESSION_ENGINE: 'legacy' },
};

export const progress = (line: string) => void process.stderr.write(`${line}\n`);
/** Neither of the two keeps what it ran. */
const settings = { saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' };

export async function prepareBench(): Promise<BenchEnvironment> {
	const { n8nFiles, folder, tarball } = await prepareFiles(progress, textOption('n8n'));
	const probe = join(folder, 'probe.cjs');
	writeFileSync(probe, PROBE);
	const simulator = await startSimulatorWithPlatform();
	cleanUpAtEnd(async () => await simulator.close());

	let started = 0;
	async function start(engine: Engine = 'default'): Promise<TestEnvironment> {
		const userFolder = join(folder, `user${++started}`);
		await installPack(userFolder, tarball);
		const env = {
			...ENGINES[engine],
			NODE_OPTIONS: `--require ${probe}`,
			N8N_LOG_LEVEL: 'error',
		};
		const n8n = await startN8n({ n8n: n8nFiles, userFolder, env });
		const session = await openSession(n8n.url);
		return { n8nFiles, n8n, session, simulator, tarball, userFolder };
	}

	async function startCompared(engine?: Engine): Promise<ComparedN8n> {
		const { n8n, session } = await start(engine);
		const ours = await activate(n8n, session, await triggerWorkflow(session, simulator));
		const theirs = await activate(n8n, session, webhookWorkflow());
		return { n8n, ours, theirs };
	}
	const runtime = join(n8nFiles.dir, 'node_modules', '@n8n', 'expression-runtime');
	const engines: Engine[] = existsSync(runtime) ? ['default', 'lazy', 'legacy'] : ['default'];
	return { simulator, start, startCompared, engines };
}

async function triggerWorkflow(session: Session, simulator: Simulator): Promise<Workflow> {
	const data = toAccountCredential(simulator);
	const credential = await session.createCredential('account', ACCOUNT_TYPE, data);
	const parameters = { kinds: ['all'], respond: 'onReceived', pushOptions: {} };
	const nodes = [createTriggerNode(parameters, { [ACCOUNT_TYPE]: credential })];
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
	return type === WEBHOOK ? `${n8n.url}/webhook/${webhookId}` : toWebhookUrl(n8n.url, workflow);
}
