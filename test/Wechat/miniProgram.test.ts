import type { INodeParameters } from 'n8n-workflow';
import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT as MINI } from '../simulator';
import { prepareN8n, runNode, type Credentials } from '../support/n8n';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ accounts: [DEFAULT_ACCOUNT, MINI] });
const own = () => credentialsFor(simulator(), { appId: MINI.appId, appSecret: MINI.secret });
const run = async (params: INodeParameters, credentials: Credentials = own()) =>
	await runNode('wechat', params, credentials);

const code = { resource: 'miniProgram', operation: 'createUnlimitedCode', scene: 'a=1' };
const CODE = '/wxa/getwxacodeunlimit';

test.each([
	[{ scene: '店=1' }, '"Scene (场景)" holds a character that WeChat refuses: 店=1'],
	[{ scene: 'a%20b' }, '"Scene (场景)" holds a character'],
	[{ scene: 'x'.repeat(33) }, '"Scene (场景)" has 33 characters; WeChat takes 32'],
	[{ codeOptions: { width: 279 } }, '"Width (宽度)" must be at least 280'],
	[{ codeOptions: { width: 1281 } }, '"Width (宽度)" must be at most 1280'],
	[{ codeOptions: { line_color: 'green' } }, '"Line Color (线条颜色)" is no color: green'],
])('a code with %j is refused before WeChat is asked', async (params, message) => {
	const before = simulator().count(CODE);
	const { error } = await run({ ...code, ...params });
	expect(error?.message).toContain(message);
	expect(simulator().count(CODE)).toBe(before);
});

test('a code that WeChat refuses is an error, not a file', async () => {
	simulator().fault({ path: CODE, answer: { errcode: 41030, errmsg: 'invalid page rid: 1-2-3' } });
	const { error, output } = await run(code);
	expect(error?.message).toContain('invalid page (errcode 41030)');
	expect(output).toEqual([]);
});

test('an answer that is neither picture nor error is told', async () => {
	simulator().fault({ path: CODE, answer: { errcode: 0, errmsg: 'ok' } });
	const { error } = await run(code);
	expect(error?.message).toBe('WeChat answered without a file');
});

const link = { resource: 'miniProgram', operation: 'generateUrlLink', expire_type: 0 };

test.each([
	['2026-01-31T18:00:00', 1769853600],
	['2026-01-31 18:00', 1769853600],
	['2026-01-31T18:00:00.000+01:00', 1769878800],
	['={{ DateTime.fromISO("2026-01-31T10:00:00Z") }}', 1769853600],
])('a link ends at %s', async (expire_time, seconds) => {
	simulator().fault({ path: '/wxa/generate_urllink', answer: { errcode: 0, url_link: 'l' } });
	const { error } = await run({ ...link, expire_time });
	expect(error).toBeUndefined();
	const call = simulator().calls.findLast(({ path }) => path === '/wxa/generate_urllink');
	expect(call?.body).toEqual({ expire_type: 0, expire_time: seconds });
});

test.each([
	['={{ "" }}', '"Time" is missing'],
	['tomorrow', '"Time" is not a date'],
])('a link with the time %j is refused before WeChat is asked', async (expire_time, message) => {
	const before = simulator().count('/wxa/generate_urllink');
	expect((await run({ ...link, expire_time })).error?.message).toContain(message);
	expect(simulator().count('/wxa/generate_urllink')).toBe(before);
});

test('a link is found again as it was made', async () => {
	const made = { path: 'pages/index/index', query: 'id=42', expire_type: 1, expire_interval: 2 };
	const [{ json }] = (await run({ ...link, ...made })).output;
	const query = { resource: 'miniProgram', operation: 'queryUrlLink', query_type: 0 };
	const [found] = (await run({ ...query, url_link: json.url_link as string })).output;
	const { create_time, expire_time, ...info } = found.json.url_link_info as Record<string, number>;
	expect(info).toEqual({
		appid: MINI.appId,
		path: 'pages/index/index',
		query: 'id=42',
		env_version: 'release',
	});
	expect(expire_time - create_time).toBe(2 * 86_400);
});

const account = { __rl: true, mode: 'id', value: MINI.appId };

test.each<[string, () => Credentials | Promise<Credentials>, INodeParameters]>([
	['by its own credential', own, {}],
	[
		'behind a platform',
		async () => {
			await simulator().platform.authorize(MINI.appId, { push: false });
			return await platformCredentialsFor(simulator());
		},
		{ authentication: 'openPlatform', account },
	],
])('a session holds until the user logs in anew, %s', async (_, credentialsOf, as) => {
	const credentials = await credentialsOf();
	const ask = async (params: INodeParameters) => {
		const { output, error } = await run({ resource: 'login', ...as, ...params }, credentials);
		if (error) throw error;
		return output[0].json;
	};
	const [user] = simulator().openids(MINI.appId);
	const exchange = async () => {
		const js_code = simulator().platform.jsCode(MINI.appId, user);
		return (await ask({ operation: 'exchangeCode', js_code })).session as string;
	};
	const check = async (session: string) => await ask({ operation: 'check', session });
	const first = await exchange();
	expect(await check(first)).toEqual({ valid: true });
	const second = await exchange();
	expect(await check(first)).toEqual({ valid: false });
	expect(await check(second)).toEqual({ valid: true });
});

test('many pages are signed with one ticket, which stays out of what comes back', async () => {
	const before = simulator().count('/cgi-bin/ticket/getticket');
	const { output } = await runNode(
		'wechat',
		{ resource: 'jsSdk', operation: 'get', url: '={{ $json.url }}' },
		credentialsFor(simulator()),
		Array.from({ length: 20 }, (_, page) => ({ json: { url: `https://example.com/${page}` } })),
	);
	expect(output).toHaveLength(20);
	expect(new Set(output.map(({ json }) => json.signature)).size).toBe(20);
	expect(JSON.stringify(output)).not.toContain('bxLdikRXVbTPdHSM05e5');
	expect(simulator().count('/cgi-bin/ticket/getticket') - before).toBe(1);
});

test('what WeChat kept of a failed call comes without its token', async () => {
	const { output } = await run({
		resource: 'diagnostics',
		operation: 'lookUp',
		rid: '61725984-6126f6f9-040f19c4',
	});
	expect(output[0].json).toMatchObject({ request_url: 'access_token=***', cost_in_ms: 30 });
});
