import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { findHint } from '../nodes/api/apiError';
import { EVENT_NAMES, filled, NAMES, namesIn } from './support/readmeTables';

const root = join(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** As GitHub makes anchors of headings. */
const anchorsIn = (text: string): string[] =>
	[...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);

/** Prettier widens the columns of tables. */
const narrow = (text: string) => text.replace(/ +\|/g, ' |').replace(/-+/g, '-');

/** Links that lead nowhere, to a file or to a heading in it. */
function findDeadLinks(page: string): string[] {
	const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
	return targets.filter((target) => {
		if (/^[a-z]+:/.test(target)) return false;
		const [path, anchor] = target.split('#');
		const file = path ? normalize(join(dirname(page), path)) : page;
		if (!existsSync(join(root, file))) return true;
		return anchor !== undefined && !anchorsIn(read(file)).includes(decodeURIComponent(anchor));
	});
}

/** The pages of a language: the first screen, and all behind it. */
const LANGUAGES = [
	{ readme: 'README.md', folder: 'docs' },
	{ readme: 'README.zh-CN.md', folder: 'docs/zh-CN' },
];
/** Written by `npm run readme`, for both languages. */
const LISTS = ['api-coverage.md', 'events.md', 'pay-coverage.md'];
const pagesIn = (folder: string) =>
	readdirSync(join(root, folder)).filter((name) => name.endsWith('.md') && !LISTS.includes(name));

describe.each(LANGUAGES)('$readme and $folder', ({ readme, folder }) => {
	const pages = pagesIn(folder).map((name) => `${folder}/${name}`);
	const texts = [readme, ...pages].map((page) => ({ page, text: read(page) }));

	test('the first screen is short', () =>
		expect(read(readme).split('\n').length).toBeLessThanOrEqual(150));

	test('each page is in both languages', () => {
		const [one, other] = LANGUAGES.map((language) => pagesIn(language.folder));
		expect(one).toEqual(other);
		expect(one.length).toBeGreaterThan(15);
	});

	test.each([...pages, ...LISTS.map((name) => `docs/${name}`)])(
		'the first screen leads to %s',
		(page) => expect(read(readme)).toContain(`](${page})`),
	);

	test.each(texts)('what $page links to is there', ({ page }) =>
		expect(findDeadLinks(page)).toEqual([]),
	);

	test('the page of operations has the tables of all nodes, as the code has them', () => {
		const text = read(`${folder}/operations.md`);
		expect(namesIn(text).sort()).toEqual([...NAMES].sort());
		expect(narrow(text)).toBe(narrow(filled(text, folder.includes('zh-CN'))));
	});

	/** They are made by `npm run screenshots`; people load them with the page. */
	test('the pages show all screenshots, each small', () => {
		const pictures = readdirSync(join(__dirname, 'screenshots'));
		const shown = texts.flatMap(({ text }) =>
			[...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, picture]) => basename(picture)),
		);
		expect([...new Set(shown)].sort()).toEqual(pictures.sort());
		expect(pictures.length).toBeGreaterThan(0);
		for (const picture of pictures)
			expect(statSync(join(__dirname, 'screenshots', picture)).size).toBeLessThan(150_000);
	});

	test('the page of errors explains those that the pack gives advice on', () => {
		const text = read(`${folder}/errors.md`);
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
});

test('the two commands are real, in both languages, and CI runs the second', () => {
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
	expect(Object.keys(scripts)).toEqual(
		expect.arrayContaining(['demo', 'test', 'e2e', 'bench', 'simulator']),
	);
	for (const text of LANGUAGES.map(({ readme }) => read(readme)))
		for (const command of ['npm ci && npm run demo', 'npm ci && npm test'])
			expect(text).toContain(command);
	expect(read('.ci/run')).toContain('npm ci && npm test');
});

test.each([
	'CHANGELOG.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	'findings/README.md',
	'test/README.md',
	'test/bench/RESULTS.md',
])('what %s links to is there', (page) => expect(findDeadLinks(page)).toEqual([]));
