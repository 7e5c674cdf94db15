/** CPU time of functions, compared within one run: the machine's speed cancels out. */

const ROUNDS = 21;
const ROUND_MS = 80;
/** V8 compiles what is hot, more than once; only then is it measured. */
const WARM_UP_MS = 700;

/** Microseconds of CPU per call, over about ROUND_MS. */
function round(work: () => unknown, calls: number): number {
	const before = process.cpuUsage();
	for (let call = 0; call < calls; call++) work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / calls;
}

export const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

/** How many calls take a round, once warm. */
function callsFor(work: () => unknown): number {
	const began = performance.now();
	while (performance.now() - began < WARM_UP_MS) work();
	let calls = 1;
	for (;;) {
		const start = performance.now();
		for (let call = 0; call < calls; call++) work();
		const took = performance.now() - start;
		if (took > ROUND_MS / 2) return Math.ceil((calls * ROUND_MS) / took);
		calls *= 2;
	}
}

/** Runs all in turn, round after round, and returns the medians in microseconds. */
export function compare<K extends string>(works: Record<K, () => unknown>): Record<K, number> {
	const names = Object.keys(works) as K[];
	const calls = Object.fromEntries(names.map((name) => [name, callsFor(works[name])]));
	const times = Object.fromEntries(names.map((name) => [name, [] as number[]]));
	for (let turn = 0; turn < ROUNDS; turn++)
		for (const name of names) times[name].push(round(works[name], calls[name]));
	return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<K, number>;
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
