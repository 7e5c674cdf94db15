import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { median } from './measure';
import { numberOption } from './options';
import { say } from './results';

/** A figure of a line that a benchmark prints. */
const FIGURE = /-?\d[\d,]*(?:\.\d+)?/g;

/**
 * Runs the same benchmark in another checkout, which is built and has its dependencies, and in this one: in turn, so
 * that the machine's moods hit both. Prints what the other says of each line, and the ratio of this one to it.
 */
export async function benchBeside(folder: string, options: string[]): Promise<void> {
	const rounds = numberOption('rounds', 3);
	const [theirs, ours] = [new Map<string, number[][]>(), new Map<string, number[][]>()];
	for (let round = 0; round < rounds; round++) {
		collect(theirs, await runBench(resolve(folder), options));
		collect(ours, await runBench(process.cwd(), options));
	}
	say(
		`Medians of ${rounds} runs each, the other checkout first, then this one, and this one to the other`,
	);
	for (const [line, lists] of theirs) {
		const [before, after] = [lists, ours.get(line)].map((figures) => figures?.map(median));
		if (!before?.length) continue;
		say(line);
		if (!after) say('    is not printed here');
		else before.forEach((figure, at) => say(`    ${show(figure, after[at])}`));
	}
	for (const line of ours.keys()) if (!theirs.has(line)) say(`${line}\n    is printed here only`);
}

const show = (before: number, after: number) =>
	`${before} ${after}${before > 0 ? `  ${(after / before).toFixed(2)} x` : ''}`;

/** Lines are the same when only their figures differ. */
function collect(lines: Map<string, number[][]>, printed: string): void {
	for (const line of printed.split('\n')) {
		const figures = (line.match(FIGURE) ?? []).map((figure) => Number(figure.replaceAll(',', '')));
		const name = line.trim().replace(FIGURE, '#').replace(/\s+/g, ' ');
		if (figures.length === 0) continue;
		const lists = lines.get(name) ?? figures.map(() => []);
		figures.forEach((figure, at) => lists[at].push(figure));
		lines.set(name, lists);
	}
}

async function runBench(folder: string, options: string[]): Promise<string> {
	const args = ['tsx', '--expose-gc', 'test/bench/run.ts', ...options];
	const child = spawn('npx', args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
	let printed = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
	const status = await new Promise((done, fail) => child.on('close', done).on('error', fail));
	if (status !== 0) throw new Error(`The benchmark in ${folder} failed.`);
	return printed;
}
