import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, ratioOf, rounds } from './measure';
import { findCommand, SCENARIOS, withOverview, withPart, withSection } from './results';
import { readScenarios, toTable } from './scenarioTable';

test('a command replaces its own part of the page, and leaves the others', () => {
	const page = ['one', 'two', 'three'].reduce(
		(text, name) => withPart(text, name, `said by ${name}`),
		'# Results\n',
	);
	expect(page).toBe(
		'# Results\n' +
			['one', 'two', 'three']
				.map((name) => `\n## \`${name}\`\n\n\`\`\`text\nsaid by ${name}\n\`\`\`\n`)
				.join(''),
	);
	for (const name of ['one', 'two', 'three'])
		expect(withPart(page, name, 'new')).toBe(page.replace(`said by ${name}`, 'new'));
});

test('a part is called as the command was entered, without --write', () => {
	expect(findCommand([])).toBe('npm run bench');
	expect(findCommand(['--write'])).toBe('npm run bench');
	expect(findCommand(['--inside', '--n8n', '2.41.1', '--write'])).toBe(
		'npm run bench -- --inside --n8n 2.41.1',
	);
});

test('the scenarios stay at the end of the page, also when a new command writes its part', () => {
	const scenarios = withSection('# Results\n', SCENARIOS, 'all passed');
	const page = withPart(scenarios, 'new', 'said by new');
	expect(page.match(/^## .+$/gm)).toEqual(['## `new`', `## ${SCENARIOS}`]);
	expect(withSection(page, SCENARIOS, 'all passed')).toBe(page);
});

test('the page has the list of its parts, and names date and commit of each', () => {
	const page = readFileSync(join(__dirname, 'RESULTS.md'), 'utf8');
	expect(withOverview(page)).toBe(page);
	const [list] = page.split('\n## ');
	const lines = list.split('\n').filter((line) => line.startsWith('| [`'));
	expect(lines.length).toBeGreaterThan(10);
	for (const line of lines) expect(line).toMatch(/\| \d{4}-\d\d-\d\d \|.+\| [\da-f]{7}/);
	expect(page.match(/^## .+$/gm)?.at(-1)).toBe(`## ${SCENARIOS}`);
});

const LOG = `
> npm run build
n8n 2.8.4 on Node.js v20.20.2 is up after 11.7 s

account
  ok    one (0.4 s)
  n8n's queue mode is up after 3.0 s
  FAIL  two (0.7 s)
        Error: this is no line of a scenario
  took 3.5 s

bot login
  ok    one (0.4 s)
  took 2.0 s

n8n 2.8.4 took 101.4 s

n8n 2.41.1 on Node.js v24.21.0 is up after 11.7 s

account
  ok    one (0.4 s)
  ok    two (0.4 s)
  took 4.0 s

2 passed, 1 failed
`;

test('what the scenarios printed becomes a table with an n8n in each column', () => {
	expect(toTable(readScenarios(LOG)).split('\n')).toEqual([
		'| Scenario | 2.8.4 (Node.js 20) | 2.41.1 (Node.js 24) |',
		'| --- | --- | --- |',
		'| account | 1 passed, **1 failed**, 4 s | 2 passed, 4 s |',
		'| bot login | 1 passed, 2 s | not run |',
		'| **All 2** | 2 passed, **1 failed**, 6 s | 2 passed, 4 s |',
	]);
});

test('a scenario that was run again counts once, by its last run', () => {
	const again = LOG.replace('FAIL  two', 'ok    two');
	expect(readScenarios(LOG + again)).toEqual(readScenarios(again));
});

test('ratios are of the same round: a machine that is busy for a while does not show', () => {
	const [ours, theirs] = [
		[1, 10, 1, 1, 3],
		[2, 20, 2, 2, 2],
	];
	expect(ratioOf(ours, theirs)).toEqual({ median: 0.5, low: 0.5, high: 0.5 });
	expect(median(ours)).toBe(1);
	expect(ours).toEqual([1, 10, 1, 1, 3]);
});

test('what takes twice as long is measured so, and promises are waited for', async () => {
	const spin = (times: number) => {
		let sum = 0;
		for (let at = 0; at < times; at++) sum += Math.sqrt(at);
		return sum;
	};
	const { one, two, later } = await rounds({
		one: () => spin(20_000),
		two: () => spin(40_000),
		later: async () => await Promise.resolve(spin(20_000)),
	});
	const { median: double } = ratioOf(two, one);
	expect(double).toBeGreaterThan(1.5);
	expect(double).toBeLessThan(2.7);
	expect(ratioOf(later, one).median).toBeGreaterThan(0.6);
}, 60_000);
