import { setTimeout as sleep } from 'node:timers/promises';
import { changeParameters, activateWorkflow } from '../../e2e/workflows/activeWorkflow';
import { eventually } from '../../e2e/services/eventually';
import { echoBot, slowAnswer } from '../../e2e/workflows/exampleWorkflows';
import { startQueue, type Queue } from '../../e2e/n8n/queue';
import { prepareFiles, type TestEnvironment } from '../../e2e/testEnvironment';
import { startSimulator, type Simulator } from '../../simulator';
import { median, ratioOf } from '../measure';
import { numberOption, textOption } from '../options';
import { say } from '../results';
import { pushAll, sealed } from '../inside/load';
import { progress } from '../inside/environment';

const TOKEN = '/cgi-bin/stable_token';
const USER_INFO = '/cgi-bin/user/info';
/** Runs that wait for WeChat most of the time: what limits them is their number, not this computer. */
const LATENCY_MS = 300;
const CONCURRENCY = 6;

/** n8n's queue mode on PostgreSQL and Redis: a main process, two workers, two webhook processes. */
export async function benchQueue(): Promise<void> {
	const { n8nFiles, folder, tarball } = await prepareFiles(progress, textOption('n8n'));
	const queue = await startQueue({
		n8nFiles,
		tarball,
		say: progress,
		workers: 2,
		webhooks: 2,
		concurrency: CONCURRENCY,
	});
	const { n8n, session } = queue;
	const simulator = await startSimulator({ latencyMs: LATENCY_MS, followers: 50 });
	const environment: TestEnvironment = {
		n8nFiles,
		n8n,
		session,
		simulator,
		tarball,
		userFolder: folder,
	};
	await slowDuplicates(environment, queue);
	await quickDuplicates(environment, queue);
	await throughput(environment, queue);
	await queue.stop();
	await simulator.close();
}

/** The same push at another webhook process: WeChat repeats it when it has got no answer for five seconds. */
async function slowDuplicates(environment: TestEnvironment, { webhooks }: Queue): Promise<void> {
	const { session, simulator } = environment;
	const { id, url } = await activateWorkflow(environment, slowAnswer);
	const elsewhere = atProcess(url, webhooks[1].url);
	const pushes = CONCURRENCY;
	const seen = await Promise.all(
		simulator
			.openids()
			.slice(0, pushes)
			.map(
				async (FromUserName) =>
					await simulator.push(
						url,
						// As many seconds as the workflow waits.
						{ FromUserName, MsgType: 'text', Content: '7' },
						{ retryUrls: [elsewhere, url] },
					),
			),
	);
	const deliveries = seen.reduce((sum, one) => sum + one.deliveries.length, 0);
	const runs = (await session.executions(id, pushes, 60_000)).length;
	const answered = seen.filter(({ outcome }) => outcome === 'reply').length;
	say(
		`${pushes} pushes that take 7 s, ${deliveries} deliveries at two webhook processes: ${runs} runs, ${answered} answered with the reply`,
	);
	if (runs !== pushes) throw new Error(`${pushes} pushes started ${runs} runs.`);
}

/** Here WeChat's retry, or what a load balancer makes of it, comes although the push was answered. */
async function quickDuplicates(environment: TestEnvironment, { webhooks }: Queue): Promise<void> {
	const { simulator } = environment;
	const { url } = await activateWorkflow(environment, visitors);
	const pushes = sealed(simulator.account, 100, simulator.openids());
	const before = simulator.calls.filter(isDone).length;
	await pushAll(url, pushes);
	await sleep(2000);
	await pushAll(atProcess(url, webhooks[1].url), pushes);
	await sleep(10_000);
	const runs = simulator.calls.filter(isDone).length - before;
	say(
		`${pushes.length} pushes that are answered at once, and again at the other process two seconds later: ${runs} runs`,
	);
	if (runs !== pushes.length) throw new Error(`${pushes.length} pushes started ${runs} runs.`);
}

const atProcess = (url: string, process: string) => process + new URL(url).pathname;

/** Looks up who wrote. */
const visitors = {
	...changeParameters(echoBot, 'WeChat Trigger', { respond: 'onReceived' }),
	nodes: changeParameters(echoBot, 'WeChat Trigger', { respond: 'onReceived' }).nodes.filter(
		({ name }) => name !== 'WeChat Reply',
	),
	connections: { 'WeChat Trigger': echoBot.connections['WeChat Trigger'] },
	settings: { saveDataSuccessExecution: 'none' },
};

async function throughput(
	environment: TestEnvironment,
	{ webhooks, workers }: Queue,
): Promise<void> {
	const { simulator } = environment;
	const { url } = await activateWorkflow(environment, visitors);
	const urls = webhooks.map((process) => atProcess(url, process.url));
	const each = numberOption('pushes', 200);
	const rates: Record<'one' | 'two', number[]> = { one: [], two: [] };
	const renewals: number[] = [];

	await runAll(simulator, urls, each);
	for (let round = 0; round < 4; round++) {
		const before = simulator.count(TOKEN);
		simulator.revokeTokens();
		// This one warms the second worker up, too.
		await runAll(simulator, urls, each);
		renewals.push(simulator.count(TOKEN) - before);
		rates.two.push(await runAll(simulator, urls, each));
		await workers[1].stop();
		rates.one.push(await runAll(simulator, urls, each));
		await workers[1].restart();
	}
	const processes = 1 + workers.length + webhooks.length;
	say(
		`A token that dies while two workers are busy, ${renewals.length} times: ${renewals.join(', ')} renewals by ${processes} processes`,
	);
	if (Math.max(...renewals) > workers.length)
		throw new Error('A process has renewed the token twice.');
	const { median: middle, low, high } = ratioOf(rates.two, rates.one);
	say(
		`Runs per second that wait ${LATENCY_MS} ms for WeChat, ${CONCURRENCY} at a time in each worker: two workers ${median(rates.two).toFixed(0)}, one ${median(rates.one).toFixed(0)}: ratio ${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
	);
}

/** Runs per second, once the last one has asked WeChat who it is. */
async function runAll(simulator: Simulator, urls: string[], each: number): Promise<number> {
	const before = simulator.calls.filter(isDone).length;
	const share = Math.ceil(each / urls.length);
	const pushes = urls.map(() => sealed(simulator.account, share, simulator.openids()));
	const began = performance.now();
	await Promise.all(urls.map(async (url, index) => await pushAll(url, pushes[index])));
	await eventually(() => {
		const done = simulator.calls.filter(isDone).length - before;
		if (done < share * urls.length) throw new Error(`Only ${done} runs of ${each} are over.`);
	}, 120_000);
	return (share * urls.length) / ((performance.now() - began) / 1000);
}

const isDone = ({ path, errcode }: Simulator['calls'][number]) =>
	path === USER_INFO && errcode === 0;
