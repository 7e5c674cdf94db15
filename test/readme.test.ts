import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findHint } from '../nodes/api/apiError';
import { EVENT_NAMES, filled, NAMES, namesIn } from './support/readmeTables';

const read = (file: string) => readFileSync(join(__dirname, '..', file), 'utf8');
const readme = read('README.md');

/** Prettier widens the columns of tables. */
const narrow = (text: string) => text.replace(/ +\|/g, ' |').replace(/-+/g, '-');

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
	const text = read(file);

	test('has the tables of all nodes', () =>
		expect(namesIn(text).sort()).toEqual([...NAMES].sort()));

	test('has them as the code has them (npm run readme)', () =>
		expect(narrow(text)).toBe(narrow(filled(text))));

	/** They are made by `npm run screenshots`; people load them with the page. */
	test('shows all screenshots, each small', () => {
		const folder = 'test/screenshots';
		const pictures = readdirSync(join(__dirname, 'screenshots')).map((name) => `${folder}/${name}`);
		const shown = [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, picture]) => picture);
		expect(shown.sort()).toEqual(pictures.sort());
		expect(pictures.length).toBeGreaterThan(0);
		for (const picture of pictures)
			expect(statSync(join(__dirname, '..', picture)).size).toBeLessThan(150_000);
	});

	test('explains errors that the pack gives advice on', () => {
		const codes = [...text.matchAll(/^\| (\d{5}[\d 、]*?) +\|/gm)].flatMap(([, code]) =>
			code.match(/\d+/g),
		);
		expect(codes.length).toBeGreaterThan(0);
		expect(codes.filter((code) => !findHint(Number(code)))).toEqual([]);
	});
});

describe('docs/events.md', () => {
	const text = read('docs/events.md');

	test('has the tables of all events', () => expect(namesIn(text)).toEqual(EVENT_NAMES));

	test('has them as the code has them (npm run readme)', () =>
		expect(narrow(text)).toBe(narrow(filled(text))));

	test.each(['README.md', 'README.zh-CN.md'])('%s leads to it', (file) =>
		expect(read(file)).toContain('](docs/events.md)'),
	);
});

test('the two commands are real, in both languages, and CI runs the second', () => {
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
	expect(Object.keys(scripts)).toEqual(
		expect.arrayContaining(['demo', 'test', 'e2e', 'bench', 'simulator']),
	);
	for (const text of [readme, read('README.zh-CN.md')])
		for (const command of ['npm ci && npm run demo', 'npm ci && npm test'])
			expect(text).toContain(command);
	expect(read('.ci/run')).toContain('npm ci && npm test');
});
