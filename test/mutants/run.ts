import { spawn } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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
		/^nodes\/api\/(apiHosts|sessionSeal|authorizationLink|publicAddress)\.ts$/,
		/^test\/(api|WechatTrigger)\//,
	],
	[
		/^nodes\/conversation\/(question|questionPage|questionStore|receiveResponses|sendQuestion)\.ts$/,
		/^test\/(conversation|Wechat\/sendAndWait|WechatTrigger\/question|WechatBot)/,
	],
	[/^nodes\/n8n\/addToken\.ts$/, /^test\/n8n\/addToken/],
	[
		/^nodes\/callCatalog\/(?!searchWords)/,
		/^test\/(callCatalog\/(?!knownCalls)|engine\/call|n8n\/addToken)/,
	],
	[
		/^nodes\/n8n\/(credentialReader|webhookResponse)\.ts$/,
		/^test\/(WechatTrigger\/(verifiedRequest|callbacks|trigger)|WechatPayTrigger\/trigger)/,
	],
	[/^nodes\/base\/(http|multipart|serverUrl)\.ts$/, /^test\/(base|api)\//],
	[/^nodes\/pay\//, /^test\/(pay|WechatPay)\//],
	[
		/^nodes\/payV3\//,
		/^test\/(payV3|credentials\/payV3|WechatPay\/(payV3Orders|bill|operations)\.|WechatPayTrigger\/trigger)/,
	],
	[/^nodes\/WechatPayTrigger\//, /^test\/WechatPayTrigger\//],
	[/^nodes\/soter\//, /^test\/(soter|WechatSoter)\//],
];
const MOST_SURVIVORS = 0.02;
/** A test that a mutant keeps from ending has noticed it. */
const STUCK_MS = 300_000;

const root = join(__dirname, '..', '..');
const survivors: Array<{ file: string; name: string; reason: string }> = list;

interface Case extends Mutant {
	file: string;
	/** All cases of a file share one list, in the order in which the tests run. */
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

/** How the tests ended, those that ran: the last one failed, or none. */
interface Outcome {
	hasPassed: boolean;
	testResults: Array<{ name: string; startTime: number; endTime: number }>;
}

/** Runs tests in the order given, until one fails. What they say is shown where `stdio` says so. */
async function runTests(
	copy: string,
	tests: string[],
	{ ms, stdio }: { ms: number; stdio: 'ignore' | 'inherit' } = { ms: STUCK_MS, stdio: 'ignore' },
): Promise<Outcome> {
	const report = join(copy, 'report.json');
	rmSync(report, { force: true });
	const order = `--testSequencer=${join(__dirname, 'keepOrder.js')}`;
	const options = ['--runInBand', '--bail', '--silent', '--forceExit', order];
	const run = spawn(
		join(root, 'node_modules', '.bin', 'jest'),
		[...options, '--json', `--outputFile=${report}`, '--runTestsByPath', ...tests],
		{ cwd: copy, stdio, detached: true },
	);
	const timer = setTimeout(() => process.kill(-Number(run.pid), 'SIGKILL'), ms);
	const code = await new Promise((done) => run.once('close', done));
	clearTimeout(timer);
	const { testResults } = existsSync(report)
		? (JSON.parse(readFileSync(report, 'utf8')) as Outcome)
		: { testResults: [] };
	const named = testResults.map((test) => ({ ...test, name: relative(copy, test.name) }));
	return { hasPassed: code === 0, testResults: named };
}

/** Puts the tests that mirror a file first, then those that are over soon. */
function orderTests(file: string, tests: string[], durations: Map<string, number>): string[] {
	const mirror = file.replace(/^nodes/, 'test').replace(/\.ts$/, '');
	const rank = (test: string) => (test.startsWith(mirror) ? 0 : (durations.get(test) ?? Infinity));
	return [...tests].sort((a, b) => rank(a) - rank(b));
}

/** Whether no test notices a mutant. The one that does is the first to look at the next mutant of the file. */
async function survives(copy: string, { file, tests, ...mutant }: Case): Promise<boolean> {
	const path = join(copy, file);
	const text = readFileSync(path, 'utf8');
	writeFileSync(path, text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end));
	try {
		const { hasPassed, testResults } = await runTests(copy, tests);
		const last = tests.indexOf(testResults.at(-1)?.name ?? '');
		if (!hasPassed && last > 0) tests.unshift(...tests.splice(last, 1));
		return hasPassed;
	} finally {
		writeFileSync(path, text);
	}
}

/** Lists the files to break, with the tests that have to notice. */
function listBroken(parts: string[]): Array<{ file: string; mutants: Mutant[]; tests: string[] }> {
	const files = ['nodes', 'test'].flatMap(listFiles);
	const isAsked = (file: string) => parts.length === 0 || parts.some((part) => file.includes(part));
	return files.flatMap((file) => {
		const [, wanted] = TARGETS.find(([broken]) => broken.test(file) && file.endsWith('.ts')) ?? [];
		if (!wanted || !isAsked(file)) return [];
		const mutants = findMutants(readFileSync(join(root, file), 'utf8'));
		const tests = files.filter((test) => test.endsWith('.test.ts') && wanted.test(test));
		return mutants.length > 0 ? [{ file, mutants, tests }] : [];
	});
}

async function main(parts: string[]): Promise<boolean> {
	const copies = Array.from({ length: availableParallelism() }, copyPack);
	try {
		const broken = listBroken(parts);
		const all = [...new Set(broken.flatMap(({ tests }) => tests))];
		const count = broken.reduce((sum, { mutants }) => sum + mutants.length, 0);
		say(`${count} mutants, ${all.length} test files`);
		const unbroken = await runTests(copies[0], all, { ms: 12 * STUCK_MS, stdio: 'inherit' });
		if (!unbroken.hasPassed) throw new Error('The tests fail as they are.');

		const durations = new Map(
			unbroken.testResults.map(({ name, startTime, endTime }) => [name, endTime - startTime]),
		);
		const cases = broken.flatMap(({ file, mutants, tests }) => {
			const ordered = orderTests(file, tests, durations);
			return mutants.map((mutant): Case => ({ ...mutant, file, tests: ordered }));
		});
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
