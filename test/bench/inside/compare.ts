import { numberOption } from '../options';
import { median, ratioOf } from '../measure';
import { say } from '../results';
import { pushAll, pushSteadily, sealed } from './load';
import { prepareBench, type BenchEnvironment, type ComparedN8n, type Engine } from './environment';
import { cpuOf, heldAtRest, type Held } from './probe';

/**
 * WeChat Trigger against n8n's own Webhook node, which answers the same bytes to the same pushes and starts
 * a run for each, too. Both in turn, on the same n8n; for the memory on one n8n each. Bursts are measured with each
 * way of n8n to work out expressions, the rest with the cheapest one: `--bursts` measures these alone.
 */
export async function benchInside(): Promise<void> {
	const pushes = numberOption('pushes', 2000);
	const bench = await prepareBench();
	for (const engine of bench.engines) {
		const compared = await bench.startCompared(engine);
		await bursts(bench, compared, engine);
		await compared.n8n.stop();
	}
	if (process.argv.includes('--bursts')) return;
	const engine = bench.engines.at(-1);
	const compared = await bench.startCompared(engine);
	await throughput(bench, compared);
	await latency(bench, compared);
	await compared.n8n.stop();
	await memory(bench, pushes, engine);
}

const BURST = 50;

/** WeChat waits five seconds for each answer, also when many people write at the same moment. */
async function bursts(
	{ simulator }: BenchEnvironment,
	{ n8n, ...urls }: ComparedN8n,
	engine: Engine,
): Promise<void> {
	const rounds = numberOption('rounds', 5);
	const cpu = both<number[]>(() => []);
	const slowest = both<number[]>(() => []);
	for (let round = -1; round < rounds; round++)
		for (const side of round % 2 ? SIDES : SIDES.toReversed()) {
			const pushes = sealed(simulator.account, BURST);
			await heldAtRest(n8n);
			const before = cpuOf(n8n.pid());
			const seconds = await pushAll(urls[side], pushes, BURST);
			const { cpu: after } = await heldAtRest(n8n);
			if (round < 0) continue;
			cpu[side].push(after - before);
			slowest[side].push(seconds);
		}
	const seconds = (values: number[]) => median(values).toFixed(2);
	say(
		`${BURST} pushes at once, expression engine ${engine}: ${seconds(cpu.ours)} s of CPU, the last answer after ${seconds(slowest.ours)} s; Webhook node ${seconds(cpu.theirs)} s, ${seconds(slowest.theirs)} s: ratio of CPU ${shown(ratioOf(cpu.ours, cpu.theirs))}`,
	);
}

type Both<T> = Record<'ours' | 'theirs', T>;
const SIDES = ['ours', 'theirs'] as const;
const both = <T>(make: () => T): Both<T> => ({ ours: make(), theirs: make() });

const shown = ({ median: middle, low, high }: ReturnType<typeof ratioOf>) =>
	`${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

async function throughput(
	{ simulator }: BenchEnvironment,
	{ n8n, ...urls }: ComparedN8n,
): Promise<void> {
	const [rounds, each] = [11, 150];
	const rates = both<number[]>(() => []);
	const perCpu = both<number[]>(() => []);
	for (let round = -2; round < rounds; round++)
		// Each goes first in turn.
		for (const side of round % 2 ? SIDES : SIDES.toReversed()) {
			const pushes = sealed(simulator.account, each);
			await heldAtRest(n8n);
			const before = cpuOf(n8n.pid());
			const seconds = await pushAll(urls[side], pushes);
			const { cpu } = await heldAtRest(n8n);
			if (round < 0) continue;
			rates[side].push(each / seconds);
			perCpu[side].push(each / (cpu - before));
		}
	say(
		`Pushes answered per second by n8n, 16 at a time: WeChat Trigger ${median(rates.ours).toFixed(0)}, Webhook node ${median(rates.theirs).toFixed(0)}: ratio ${shown(ratioOf(rates.ours, rates.theirs))}`,
	);
	say(
		`Pushes per second of n8n's CPU time, with their runs: ${median(perCpu.ours).toFixed(0)} and ${median(perCpu.theirs).toFixed(0)}: ratio ${shown(ratioOf(perCpu.ours, perCpu.theirs))}`,
	);
}

async function latency({ simulator }: BenchEnvironment, compared: ComparedN8n): Promise<void> {
	const times = both<number[]>(() => []);
	for (let round = 0; round < 4; round++)
		for (const side of SIDES) {
			const pushes = sealed(simulator.account, 250);
			await heldAtRest(compared.n8n);
			times[side].push(...(await pushSteadily(compared[side], pushes, 50)));
		}
	const at = (side: (typeof SIDES)[number], part: number) =>
		times[side].toSorted((a, b) => a - b)[Math.floor(times[side].length * part)].toFixed(1);
	say(
		`Latency of the answer under 50 pushes a second: p50 ${at('ours', 0.5)} ms, p99 ${at('ours', 0.99)} ms; Webhook node p50 ${at('theirs', 0.5)} ms, p99 ${at('theirs', 0.99)} ms`,
	);
}

/** Growth from the first tenth to the end: what n8n loads with its first runs does not count. */
async function memory(bench: BenchEnvironment, count: number, engine?: Engine): Promise<void> {
	const instances: Both<ComparedN8n> = {
		ours: await bench.startCompared(engine),
		theirs: await bench.startCompared(engine),
	};
	const held = both<Held[]>(() => []);
	const step = Math.ceil(count / 10);
	for (let done = 0; done < count; done += step)
		for (const side of SIDES) {
			const compared = instances[side];
			await pushAll(compared[side], sealed(bench.simulator.account, step));
			held[side].push(await heldAtRest(compared.n8n));
		}
	const growth = (side: (typeof SIDES)[number]) => {
		const [first, last] = [held[side][0], held[side][held[side].length - 1]];
		return `heap ${signed(last.heap - first.heap)} to ${last.heap.toFixed(0)} MB, RSS ${signed(last.rss - first.rss)} to ${last.rss.toFixed(0)} MB`;
	};
	say(
		`Memory of n8n over ${count.toLocaleString('en')} pushes, after garbage collection: WeChat Trigger ${growth('ours')}; Webhook node ${growth('theirs')}`,
	);
	for (const side of SIDES) await instances[side].n8n.stop();
}

const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
