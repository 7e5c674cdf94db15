import { eventually } from '../../e2e/services/eventually';
import { ACCOUNT_TYPE, toAccountCredential } from '../../e2e/n8n/credentials';
import { startRedisServer } from '../../support/redisServer';
import { startSimulator, type Simulator } from '../../simulator';
import { numberOption } from '../options';
import { say } from '../results';
import { mapWithLimit } from '../../../nodes/base/mapWithLimit';
import { startProcesses } from './processes';

const PUSHES = numberOption('claims', 10_000);
const SLOW = numberOption('slow', 2000);
/** With the credential a push costs more the more there were before it. */
const PUSHES_OF_DEFAULT = 500;
/** A run outlives two deliveries of a WeChat that waits for a second, not for five. */
const PATIENCE_MS = 1000;
const RUN_MS = 2400;

/** Pushes that reach several processes: one run each, and its reply wherever WeChat waits. */
export async function benchClaims(): Promise<void> {
	const redis = await startRedisServer();
	const simulator = await startSimulator({ followers: 100 });
	const account = toAccountCredential(simulator);
	const inRedis = { ...account, sharedState: 'redis', redisUrl: redis.url };
	const few = await countRuns(simulator, account, PUSHES_OF_DEFAULT);
	const many = await countRuns(simulator, inRedis, PUSHES);
	say(
		`${PUSHES.toLocaleString('en')} pushes, each at two processes at the same instant: ${many.runs.toLocaleString('en')} runs, ${many.started.toLocaleString('en')} pushes started one: ratio ${(many.runs / PUSHES).toFixed(4)} (in the credential: ${few.runs} runs for ${PUSHES_OF_DEFAULT}: ${(few.runs / PUSHES_OF_DEFAULT).toFixed(2)})`,
	);
	// These processes have another credential, and another key.
	await redis.run('FLUSHALL');
	const slow = await countReplies(simulator, inRedis, SLOW);
	say(
		`${SLOW.toLocaleString('en')} slow pushes whose retries go to two other processes: ${slow.runs.toLocaleString('en')} runs, ${slow.answered.toLocaleString('en')} answered with their reply, ${slow.deliveries.toLocaleString('en')} deliveries`,
	);
	await simulator.close();
	await redis.stop();
	if (many.runs !== PUSHES || many.started !== PUSHES)
		throw new Error(`${PUSHES} pushes started ${many.runs} runs.`);
	if (slow.runs !== SLOW || slow.answered !== SLOW)
		throw new Error(`${slow.answered} of ${SLOW} slow pushes got their reply.`);
}

async function countRuns(
	simulator: Simulator,
	credential: Record<string, unknown>,
	count: number,
): Promise<{ runs: number; started: number }> {
	const processes = await startProcesses({
		credential: credential as never,
		type: ACCOUNT_TYPE,
		count: 2,
		parameters: { kinds: ['all'], respond: 'onReceived', pushOptions: {} },
		runMs: 0,
	});
	const urls = processes.all.map(({ url }) => url);
	await mapWithLimit(list(count), 8, async (n) => {
		const message = {
			MsgType: 'text',
			Content: `push ${n}`,
			MsgId: String(10n ** 16n + BigInt(n)),
		};
		const seen = await Promise.all(urls.map(async (url) => await simulator.push(url, message)));
		for (const { outcome } of seen)
			if (outcome !== 'success') throw new Error(`Push ${n} was answered: ${outcome}`);
	});
	await eventually(() => {
		if (processes.listRuns().length < count) throw new Error('Not all runs have begun.');
	}, 10_000);
	const runs = processes.listRuns();
	await processes.stop();
	return { runs: runs.length, started: new Set(runs).size };
}

async function countReplies(
	simulator: Simulator,
	credential: Record<string, unknown>,
	count: number,
): Promise<{ runs: number; answered: number; deliveries: number }> {
	const processes = await startProcesses({
		credential: credential as never,
		type: ACCOUNT_TYPE,
		count: 3,
		parameters: { kinds: ['all'], respond: 'responseNode', pushOptions: {} },
		runMs: RUN_MS,
	});
	const urls = processes.all.map(({ url }) => url);
	// Whoever is asked first loads and connects, which takes longer than this WeChat waits.
	await mapWithLimit(list(30), 10, async (n) => {
		await simulator.push(urls[n % urls.length], { MsgType: 'text', Content: `warm-up ${n}` });
	});
	let answered = 0;
	let deliveries = 0;
	await mapWithLimit(list(count), 100, async (n) => {
		const [first, second, third] = [0, 1, 2].map((at) => urls[(n + at) % urls.length]);
		const message = { MsgType: 'text', Content: `slow ${n}` };
		const options = { timeoutMs: PATIENCE_MS, retryUrls: [second, third] };
		const seen = await simulator.push(first, message, options);
		if (seen.shown === message.Content) answered++;
		deliveries += seen.deliveries.length;
	});
	const runs = processes.listRuns().filter((content) => content.startsWith('slow '));
	await processes.stop();
	return { runs: new Set(runs).size === runs.length ? runs.length : -1, answered, deliveries };
}

const list = (count: number) => Array.from({ length: count }, (_, n) => n);
