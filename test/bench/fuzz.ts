import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { caseOf, outcomeOf, printed, prototypes } from '../push/fuzzing';
import { keep, say, sayMachine } from './results';

/**
 * `npm run fuzz`: pushes that are broken in every way, on all cores. Arguments: how many (1,000,000), `--seed=N` to
 * repeat a run, `--write` to keep the result. Ends with 1 on a finding, which it prints.
 */

const COUNT = 1_000_000;
/** A case that takes this long in milliseconds, or a thread that has ended, is a finding. */
const STUCK_MS = 20_000;

interface Share {
	seed: number;
	count: number;
	first: number;
	step: number;
	/** The case that the thread is at, to be found when the thread does not answer any more. */
	at: Int32Array;
}

interface Report {
	tally: Record<string, number>;
	findings: { number: number; problem: string }[];
	/** Milliseconds of the slowest case. */
	slowest: number;
}

/** Works off one thread's share. */
function workOff({ seed, count, first, step, at }: Share): Report {
	const report: Report = { tally: {}, findings: [], slowest: 0 };
	const before = prototypes();
	for (let number = first; number < count && report.findings.length < 10; number += step) {
		Atomics.store(at, first, number);
		const given = caseOf(seed, number);
		const { outcome, problem, ms } = outcomeOf(given);
		report.slowest = Math.max(report.slowest, ms);
		const name = `${given.kind} ${outcome}`;
		report.tally[name] = (report.tally[name] ?? 0) + 1;
		if (problem) report.findings.push({ number, problem });
		if (number % 1000 < step && !isDeepStrictEqual(prototypes(), before)) {
			report.findings.push({ number, problem: 'a prototype has changed in the last 1,000 cases' });
			break;
		}
	}
	return report;
}

/** One thread; it is given up when it is stuck. */
async function share(data: Share): Promise<Report> {
	// Threads do not know TypeScript by themselves.
	const script = `require(${JSON.stringify(require.resolve('tsx/cjs'))}); require(${JSON.stringify(__filename)})`;
	const worker = new Worker(script, { eval: true, workerData: data });
	return await new Promise((resolve) => {
		let last = -1;
		const lost = (problem: string) => {
			clearInterval(watch);
			const number = Atomics.load(data.at, data.first);
			resolve({ tally: {}, findings: [{ number, problem }], slowest: 0 });
			void worker.terminate();
		};
		const watch = setInterval(() => {
			const number = Atomics.load(data.at, data.first);
			if (number === last) lost('does not end');
			last = number;
		}, STUCK_MS);
		worker.once('message', (report: Report) => {
			clearInterval(watch);
			resolve(report);
		});
		worker.once('error', (error) => lost(`the thread has ended: ${error.message}`));
		worker.once('exit', (code) => code && lost(`the thread has ended with ${code}`));
	});
}

function reportOn(kind: string, tally: Record<string, number>): void {
	const [read = 0, refused = 0] = ['read', 'refused'].map((name) => tally[`${kind} ${name}`]);
	say(
		`  ${kind.padEnd(10)} ${read.toLocaleString('en').padStart(9)} read ${refused.toLocaleString('en').padStart(9)} refused`,
	);
}

async function main(): Promise<void> {
	const argument = process.argv.slice(2).find((one) => /^\d+$/.test(one));
	const given = process.argv.find((one) => one.startsWith('--seed='))?.slice('--seed='.length);
	const count = Number(argument ?? COUNT);
	const seed = Number(given ?? Date.now() % 1_000_000);
	const step = availableParallelism();
	const at = new Int32Array(new SharedArrayBuffer(4 * step));
	const began = performance.now();
	sayMachine();
	const reports = await Promise.all(
		Array.from({ length: step }, async (_, first) => await share({ seed, count, first, step, at })),
	);
	const tally: Record<string, number> = {};
	for (const report of reports)
		for (const [name, times] of Object.entries(report.tally))
			tally[name] = (tally[name] ?? 0) + times;
	const findings = reports.flatMap((report) => report.findings);
	const slowest = Math.max(...reports.map((report) => report.slowest));
	const seconds = (performance.now() - began) / 1000;
	say(
		`${count.toLocaleString('en')} pushes, seed ${seed}, ${step} threads, ${seconds.toFixed(0)} s; the slowest took ${slowest.toFixed(0)} ms`,
	);
	for (const kind of new Set(
		Object.keys(tally)
			.map((name) => name.split(' ')[0])
			.sort(),
	))
		reportOn(kind, tally);
	say(findings.length === 0 ? 'No findings' : `${findings.length} findings`);
	for (const { number, problem } of findings.slice(0, 10))
		say(`\nCase ${number}: ${problem}\n${printed(caseOf(seed, number))}`);
	if (findings.length > 0) process.exitCode = 1;
	keep('npm run fuzz');
}

if (isMainThread) void main();
else parentPort?.postMessage(workOff(workerData as Share));
