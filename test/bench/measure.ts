/** CPU time of functions, compared within one run: the machine's speed cancels out. */

const ROUNDS = 21;
const ROUND_MS = 80;
/** V8 compiles what is hot, more than once; only then is it measured. */
const WARM_UP_MS = 700;

export type Work = () => unknown;

/** Waits only for what has to be waited for: a turn of the event loop costs as much as some of these works. */
async function repeat(work: Work, times: number): Promise<void> {
	for (let time = 0; time < times; time++) {
		const result = work();
		if (result instanceof Promise) await result;
	}
}

/** Microseconds of CPU per call, over about ROUND_MS. */
async function round(work: Work, calls: number): Promise<number> {
	const before = process.cpuUsage();
	await repeat(work, calls);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / calls;
}

export const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** How many calls take a round, once warm. */
async function callsFor(work: Work): Promise<number> {
	const began = performance.now();
	while (performance.now() - began < WARM_UP_MS) await repeat(work, 1);
	let calls = 1;
	for (;;) {
		const start = performance.now();
		await repeat(work, calls);
		const took = performance.now() - start;
		if (took > ROUND_MS / 2) return Math.ceil((calls * ROUND_MS) / took);
		calls *= 2;
	}
}

/** Runs all in turn, round after round, and returns the microseconds of each round. */
export async function rounds<K extends string>(
	works: Record<K, Work>,
): Promise<Record<K, number[]>> {
	const names = Object.keys(works) as K[];
	const times = Object.fromEntries(names.map((name) => [name, [] as number[]]));
	const calls: Record<string, number> = {};
	for (const name of names) calls[name] = await callsFor(works[name]);
	for (let turn = 0; turn < ROUNDS; turn++)
		for (const name of names) times[name].push(await round(works[name], calls[name]));
	return times as Record<K, number[]>;
}

/** The medians of {@link rounds}. */
export async function compare<K extends string>(
	works: Record<K, Work>,
): Promise<Record<K, number>> {
	const times = Object.entries<number[]>(await rounds(works));
	return Object.fromEntries(times.map(([name, all]) => [name, median(all)])) as Record<K, number>;
}

/** How one relates to the other, round by round: the median, and between what the middle half of the rounds lies. */
export function ratioOf(
	times: number[],
	to: number[],
): { median: number; low: number; high: number } {
	const ratios = times.map((time, turn) => time / to[turn]).sort((a, b) => a - b);
	const at = (part: number) => ratios[Math.floor((ratios.length - 1) * part)];
	return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Milliseconds on the clock of each of `times` runs, one after the other; the median. */
export async function clocked(work: () => Promise<void>, times: number): Promise<number> {
	const took: number[] = [];
	for (let run = 0; run < times; run++) {
		const began = performance.now();
		await work();
		took.push(performance.now() - began);
	}
	return median(took);
}
