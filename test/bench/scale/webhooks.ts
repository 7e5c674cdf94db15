import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startQueue } from '../../e2e/n8n/queue';
import type { RunningN8n } from '../../e2e/n8n/startN8n';
import { prepareFiles } from '../../e2e/testEnvironment';
import { activateWorkflow, changeParameters } from '../../e2e/workflows/activeWorkflow';
import { echoBot } from '../../e2e/workflows/exampleWorkflows';
import { startSimulator } from '../../simulator';
import { progress } from '../inside/environment';
import { cpuOf } from '../inside/probe';
import { pushAll, pushSteadily, sealed } from '../inside/load';
import { median, ratioOf } from '../measure';
import { numberOption, textOption } from '../options';
import { say } from '../results';

/** Of all processes together: 200 a second where the computer has the cores. */
const RATE = numberOption('rate', Math.min(200, 40 * availableParallelism()));
const SECONDS = numberOption('seconds', 8);
const ROUNDS = numberOption('rounds', 3);
const MOST_BESIDE_MAIN = 1.2;
const MOST_BESIDE_ONE = 1.1;

/** What a push costs that starts no run: at the main process alone, and at one, two and four webhook processes. */
export async function benchWebhooks(): Promise<void> {
	const { n8nFiles, folder, tarball } = await prepareFiles(progress, textOption('n8n'));
	const queue = await startQueue({ n8nFiles, tarball, say: progress, webhooks: 4 });
	const { n8n, session, main, webhooks, redisUrl } = queue;
	const simulator = await startSimulator();
	const environment = { n8nFiles, n8n, session, simulator, tarball, userFolder: folder };
	const inRedis = { sharedState: 'redis', redisUrl };
	// Two addresses, each with a credential of its own.
	const stored = await activateWorkflow(environment, uninterested);
	const shared = await activateWorkflow(environment, uninterested, inRedis);

	/**
	 * Milliseconds of CPU of these processes, beyond what they take when idle: for each push, and for each delivered again,
	 * which takes the whole way through n8n and is opened, but agreed on with nobody.
	 */
	async function measure(url: string, processes: RunningN8n[], idle: number): Promise<Cost> {
		const each = Math.ceil((RATE * SECONDS) / processes.length);
		const { pathname } = new URL(url);
		const pushes = processes.map(() => sealed(simulator.account, each, simulator.openids()));
		async function deliver(): Promise<number> {
			const before = readCpu(processes);
			const began = performance.now();
			await Promise.all(
				processes.map(
					async (process, index) =>
						await pushSteadily(process.url + pathname, pushes[index], RATE / processes.length),
				),
			);
			const seconds = (performance.now() - began) / 1000;
			const busy = readCpu(processes) - before - idle * seconds * processes.length;
			return busy / (each * processes.length);
		}
		return { first: await deliver(), again: await deliver() };
	}

	// n8n loads a node with the first request for it, and Node.js compiles what is used often: in each process alike.
	for (const { url } of [stored, shared])
		for (const process of [main, ...webhooks])
			await pushAll(process.url + new URL(url).pathname, sealed(simulator.account, 1000), 20);
	// What was remembered of them in the credential is dropped after half a minute.
	await sleep(30_000);
	const before = readCpu(webhooks);
	await sleep(5000);
	const idle = (readCpu(webhooks) - before) / 5 / webhooks.length;

	const cases = {
		main: async () => await measure(stored.url, [main], idle),
		one: async () => await measure(shared.url, webhooks.slice(0, 1), idle),
		two: async () => await measure(shared.url, webhooks.slice(0, 2), idle),
		four: async () => await measure(shared.url, webhooks, idle),
		stored: async () => await measure(stored.url, webhooks, idle),
	};
	type Case = keyof typeof cases;
	const took = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as Cost[]])) as Record<
		Case,
		Cost[]
	>;
	for (let round = 0; round < ROUNDS; round++)
		for (const [name, run] of Object.entries(cases)) {
			const cost = await run();
			took[name as Case].push(cost);
			progress(`  ${name}: ${cost.first.toFixed(1)} ms, again ${cost.again.toFixed(1)} ms`);
		}
	await queue.stop();
	await simulator.close();

	const list = (name: Case, part: keyof Cost) => took[name].map((cost) => cost[part]);
	const ms = (name: Case) => `${median(list(name, 'first')).toFixed(1)} ms`;
	const compare = (name: Case, to: Case, part: keyof Cost) =>
		ratioOf(list(name, part), list(to, part));
	function describe(name: Case, to: Case): string {
		const { median: middle, low, high } = compare(name, to, 'first');
		const again = compare(name, to, 'again').median;
		return `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}; delivered again ${again.toFixed(2)})`;
	}
	say(
		`CPU of four webhook processes for each push, ${RATE} a second at all: ${ms('four')}, of a main process alone ${ms('main')}: ratio ${describe('four', 'main')}, at most ${MOST_BESIDE_MAIN} times that of those delivered again, if it is above 1 (in the credential ${ms('stored')}: ${describe('stored', 'main')})`,
	);
	say(
		`CPU for each push at one, two and four webhook processes: ${ms('one')}, ${ms('two')}, ${ms('four')}: ratio of two to one ${describe('two', 'one')}, of four ${describe('four', 'one')}, at most ${MOST_BESIDE_ONE}, likewise`,
	);
	// Processes that share a core slow each other down: what is delivered again shows by how much.
	const isOver = (name: Case, to: Case, most: number) =>
		compare(name, to, 'first').median > most * Math.max(1, compare(name, to, 'again').median);
	if (
		isOver('four', 'main', MOST_BESIDE_MAIN) ||
		isOver('two', 'one', MOST_BESIDE_ONE) ||
		isOver('four', 'one', MOST_BESIDE_ONE)
	)
		throw new Error('A push costs more where more processes take them.');
}

/** Milliseconds of CPU. */
interface Cost {
	first: number;
	again: number;
}

/** Wants no messages of users: every push is answered, and none starts a run. */
const uninterested = {
	...changeParameters(echoBot, 'WeChat Trigger', {
		kinds: ['event.subscribe'],
		respond: 'onReceived',
	}),
	name: 'uninterested',
};

/** Milliseconds of CPU that processes have taken since they began. */
const readCpu = (processes: RunningN8n[]) =>
	processes.reduce((sum, process) => sum + cpuOf(process.pid()) * 1000, 0);
