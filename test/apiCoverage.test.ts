import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import calls from '../nodes/callCatalog/calls.json';
import states from './fixtures/call-states.json';
import {
	COVERAGE_PAGES,
	FOLDERS,
	fillCounts,
	listCoverage,
	toFile,
	writeCoverage,
} from './support/apiCoverage';

/** Two pages of docs say of each known call whether the pack makes it. */

const CATALOGS = ['calls', 'payCalls'] as const;

test.each(CATALOGS)('the page of %s is as the code has it (npm run readme)', async (catalog) =>
	expect(readFileSync(toFile(COVERAGE_PAGES[catalog]), 'utf8')).toBe(await writeCoverage(catalog)),
);

describe.each(['docs/operations.md', 'docs/zh-CN/operations.md'])('%s', (file) => {
	test.each(CATALOGS)('counts as the page of %s does', async (catalog) => {
		const text = readFileSync(join(__dirname, '..', file), 'utf8');
		const page = COVERAGE_PAGES[catalog];
		expect(text).toContain(`${basename(page)})`);
		expect(text).toBe(fillCounts(text, await listCoverage(catalog), page));
	});
});

/** Servers of which no call is in a catalog. */
const OTHER_SERVERS = ['pay', 'socialinzen'];

test('the operations of all nodes count', () => {
	const root = join(__dirname, 'fixtures', 'operations');
	const folders = readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.json'))
		.map((name) => dirname(name));
	const counted = new Set([
		...Object.values(FOLDERS).flatMap((folders) => Object.keys(folders)),
		...OTHER_SERVERS,
	]);
	expect(new Set(folders)).toEqual(counted);
});

test('each call that nothing makes has its reason', async () => {
	const out = (await listCoverage()).filter(({ state }) => state === 'out');
	expect(out.filter(({ text }) => text === '')).toEqual([]);
	expect(out.length).toBeGreaterThan(0);
});

test('each reason stands for a call that is no operation', async () => {
	const coverage = await listCoverage();
	const idle = states.flatMap(({ keys, why }) =>
		keys.filter((key) => !coverage.some((one) => one.call.key === key && one.text === why)),
	);
	expect(idle).toEqual([]);
});

test('a call has one reason', () => {
	const keys = states.flatMap((one) => one.keys);
	expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

const records = calls as Array<{ key: string; answer: unknown }>;

/** The AppSecret of an account or a platform. */
const SECRETS = /^(?:app|component_)?(?:app)?secret\??(?::|$)/;

test('no call that takes the AppSecret, or makes the token of an account, is left to API: Call', async () => {
	const coverage = await listCoverage();
	const secret = coverage.filter(({ call: { key, path, query = [], body = {} } }) => {
		const answer = JSON.stringify(records.find((record) => record.key === key)?.answer);
		const makesToken = !path.startsWith('/sns/') && answer.includes('access_token');
		return makesToken || [...query, ...Object.keys(body)].some((name) => SECRETS.test(name));
	});
	expect(secret.filter(({ state }) => state === 'call').map(({ call }) => call.key)).toEqual([]);
	expect(secret.length).toBeGreaterThan(5);
});
