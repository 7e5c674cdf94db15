import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import calls from '../nodes/callCatalog/calls.json';
import states from './fixtures/call-states.json';
import {
	COVERAGE_PAGE,
	FOLDERS,
	fillCounts,
	listCoverage,
	writeCoverage,
} from './support/apiCoverage';

/** docs/api-coverage.md says of each known call whether the pack makes it. */

test('the page is as the code has it (npm run readme)', async () =>
	expect(readFileSync(COVERAGE_PAGE, 'utf8')).toBe(await writeCoverage()));

test.each(['README.md', 'README.zh-CN.md'])('%s counts as the page does', async (file) => {
	const text = readFileSync(join(__dirname, '..', file), 'utf8');
	expect(text).toContain('(docs/api-coverage.md)');
	expect(text).toBe(fillCounts(text, await listCoverage()));
});

/** Their servers are not api.weixin.qq.com. */
const OTHER_SERVERS = ['pay', 'payV3', 'socialinzen'];

test('the operations of all nodes count', () => {
	const root = join(__dirname, 'fixtures', 'operations');
	const folders = readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.json'))
		.map((name) => dirname(name));
	const counted = new Set([...Object.keys(FOLDERS), ...OTHER_SERVERS]);
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
