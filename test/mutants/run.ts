import { spawn } from 'node:child_process';
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { findMutants, type Mutant } from './findMutants';
import list from './survivors.json';

/**
 * `npm run mutants`: breaks one line after another that refuses something, and runs the tests of it. Ends with 1 when
 * nobody notices more than 2 of 100, one that survivors.json does not list, or when one that it lists is noticed.
 * Arguments: parts of names of files, all of TARGETS without any.
 */

/** What has to refuse, and the tests that have to notice. */
const TARGETS: Array<[files: RegExp, tests: RegExp]> = [
	[/^nodes\/push\//, /^test\/(push|WechatTrigger|replyRules)\//],
	[/^nodes\/WechatTrigger\/(?!triggerProperties)/, /^test\/WechatTrigger\//],
	[
		/^nodes\/api\/(sessionSeal|authorizationLink|publicAddress)\.ts$/,
		/^test\/(api|WechatTrigger)\//,
	],
	[/^nodes\/base\/(http|multipart|serverUrl)\.ts$/, /^test\/(base|api)\//],
	[/^nodes\/pay\//, /^test\/(pay|WechatPay)\//],
	[/^nodes\/soter\//, /^test\/(soter|WechatSoter)\//],
];
const MOST_SURVIVORS = 0.02;
/** A test that a mutant keeps from ending has noticed it. */
const STUCK_MS = 300_000;

const root = join(__dirname, '..', '..');
const survivors: Array<{ file: string; name: string; reason: string }> = list;

interface Case extends Mutant {
	file: string;
	tests: string[];
}

/** Copies what tests need, so that nothing is broken where people work. */
function copyPack(): string {
	const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
	const skipped = ['node_modules', '.git', 'dist', 'coverage'];
	for (const entry of readdirSync(root).filter((name) => !skipped.includes(name)))
		cpSync(join(root, entry), join(copy, entry), { recursive: true });
	symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
	return copy;
}

const listFiles = (folder: string): string[] =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.map((file) => `${folder}/${file}`)
		.sort();

/** Whether all of the tests pass in time. What they say is shown where `stdio` says so. */
async function pass(
	copy: string,
	tests: string[],
	{ ms, stdio }: { ms: number; stdio: 'ignore' | 'inherit' } = { ms: STUCK_MS, stdio: 'ignore' },
): Promise<boolean> {
	if (tests.length === 0) return true;
	const run = spawn(
		join(root, 'node_modules', '.bin', 'jest'),
		['--runInBand', '--bail', '--silent', '--forceExit', '--runTestsByPath', ...tests],
		{ cwd: copy, stdio, detached: true },
	);
	const timer = setTimeout(() => process.kill(-Number(run.pid), 'SIGKILL'), ms);
	const code = await new Promise((done) => run.once('close', done));
	clearTimeout(timer);
	return code === 0;
}

/** Test files that have noticed most, of each file. */
const noticed = new Map<string, Map<string, number>>();

/** The tests in the order in which they may notice: those that have before, the one with the name of the file, others. */
function rankTests({ file, tests }: Case): string[] {
	const counts = noticed.get(file) ?? new Map<string, number>();
	const rank = (test: string) =>
		(counts.get(test) ?? 0) + (basename(test).startsWith(basename(file, '.ts')) ? 0.5 : 0);
	return [...tests].sort((a, b) => rank(b) - rank(a));
}

/** Whether no test notices a mutant. The likely ones run alone, then all others. */
async function survives(copy: string, one: Case): Promise<boolean> {
	const path = join(copy, one.file);
	const text = readFileSync(path, 'utf8');
	writeFileSync(path, text.slice(0, one.start) + one.replacement + text.slice(one.end));
	try {
		const [first, second, ...others] = rankTests(one);
		for (const tests of [[first], [second], others].map((list) => list.filter(Boolean))) {
			const isUnnoticed = await pass(copy, tests);
			if (isUnnoticed) continue;
			const counts = noticed.get(one.file) ?? new Map<string, number>();
			noticed.set(one.file, counts);
			if (tests.length === 1) counts.set(tests[0], (counts.get(tests[0]) ?? 0) + 1);
			else for (const test of tests) counts.set(test, (counts.get(test) ?? 0) + 0.1);
			return false;
		}
		return true;
	} finally {
		writeFileSync(path, text);
	}
}

async function main(parts: string[]): Promise<boolean> {
	const copies = Array.from({ length: availableParallelism() }, copyPack);
	try {
		const cases: Case[] = [];
		const files = ['nodes', 'test'].flatMap(listFiles);
		for (const path of files) {
			const [, wanted] =
				TARGETS.find(([broken]) => broken.test(path) && path.endsWith('.ts')) ?? [];
			const isAsked = parts.length === 0 || parts.some((part) => path.includes(part));
			if (!wanted || !isAsked) continue;
			const mutants = findMutants(readFileSync(join(root, path), 'utf8'));
			if (mutants.length === 0) continue;
			const tests = files.filter((test) => test.endsWith('.test.ts') && wanted.test(test));
			cases.push(...mutants.map((mutant) => ({ ...mutant, file: path, tests })));
		}
		const all = [...new Set(cases.flatMap(({ tests }) => tests))];
		say(`${cases.length} mutants, ${all.length} test files`);
		if (!(await pass(copies[0], all, { ms: 12 * STUCK_MS, stdio: 'inherit' })))
			throw new Error('The tests fail as they are.');

		const found: Case[] = [];
		const waiting = [...cases];
		await Promise.all(
			copies.map(async (copy) => {
				for (let one = waiting.shift(); one; one = waiting.shift()) {
					if (waiting.length % 50 === 0) say(`${waiting.length} to go`);
					if (!(await survives(copy, one))) continue;
					found.push(one);
					say(`${one.file}:${one.line} survives: ${one.name}`);
				}
			}),
		);
		return judge(cases, found);
	} finally {
		for (const copy of copies) rmSync(copy, { recursive: true, force: true });
	}
}

/** Compares what survived with the list of what may. */
function judge(cases: Case[], found: Case[]): boolean {
	const toId = ({ file, name }: { file: string; name: string }) => `${file}: ${name}`;
	const known = new Set(survivors.map(toId));
	const alive = new Set(found.map(toId));
	const unknown = found.filter((one) => !known.has(toId(one)));
	const files = new Set(cases.map(({ file }) => file));
	const stale = survivors.filter((one) => files.has(one.file) && !alive.has(toId(one)));
	for (const one of unknown) say(`not in survivors.json: ${toId(one)}`);
	for (const one of stale) say(`in survivors.json, but noticed or gone: ${toId(one)}`);
	const share = found.length / Math.max(1, cases.length);
	say(`${found.length} of ${cases.length} survived, ${(share * 100).toFixed(1)} of 100`);
	return unknown.length === 0 && stale.length === 0 && share <= MOST_SURVIVORS;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

void main(process.argv.slice(2)).then((isGood) => process.exit(isGood ? 0 : 1));
