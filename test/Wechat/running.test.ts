import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { Wechat } from '../../nodes/Wechat/Wechat.node';
import { searchTags } from '../../nodes/Wechat/listSearch/users';
import { createSessionSeal } from '../../nodes/api/sessionSeal';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	SECOND_ACCOUNT,
	startSimulator,
	type Simulator,
} from '../simulator';
import { editorContext, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';
import { restartProcess } from '../support/services';

prepareN8n();
const simulator = useSimulator({ followers: 200, latencyMs: 5 });
const get = { resource: 'user', operation: 'get', openid: '={{ $json.openid }}' };
const itemsFor = (openids: string[]) => openids.map((openid) => ({ json: { openid } }));
const USER_INFO = '/cgi-bin/user/info';
/** A call that has no bulk twin. */
const remark = { ...get, operation: 'setRemark', remark: 'x' };
const REMARK = '/cgi-bin/user/info/updateremark';

test('200 items: one token, each its own answer, in order', async () => {
	const openids = simulator().openids();
	const before = simulator().count('/cgi-bin/stable_token');
	const { output } = await runNode('wechat', get, credentialsFor(simulator()), itemsFor(openids));
	expect(output.map(({ json }) => json.openid)).toEqual(openids);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual(openids.map((_, item) => ({ item })));
	expect(simulator().count('/cgi-bin/stable_token') - before).toBe(1);
});

test('a token that dies half-way costs one renewal', async () => {
	const credentials = credentialsFor(simulator());
	const [before, done] = [simulator().count('/cgi-bin/stable_token'), simulator().count(REMARK)];
	const run = runNode('wechat', remark, credentials, itemsFor(simulator().openids()));
	while (simulator().count(REMARK) < done + 50) await new Promise((next) => setTimeout(next, 1));
	simulator().revokeTokens();
	const { output, error } = await run;
	expect(error).toBeUndefined();
	expect(output).toHaveLength(200);
	expect(simulator().count('/cgi-bin/stable_token') - before).toBe(2);
});

test('a bad OpenID fails its own item only, when the node may go on', async () => {
	const [first, , third] = simulator().openids();
	const { output } = await runNode(
		'wechat',
		get,
		credentialsFor(simulator()),
		itemsFor([first, 'nobody', third]),
		{ onError: 'continueRegularOutput' },
	);
	expect(output.map(({ json }) => json.openid ?? json.error)).toEqual([
		first,
		expect.stringContaining('40003'),
		third,
	]);
	expect(output[1].pairedItem).toEqual({ item: 1 });
});

test('a bad OpenID stops the run, which says which item, what happened, and what to do', async () => {
	const items = itemsFor([simulator().openids()[0], 'nobody']);
	const { error } = await runNode('wechat', get, credentialsFor(simulator()), items);
	expect(error?.name).toBe('NodeApiError');
	expect(error?.message).toMatch(/^WeChat refused the call: invalid openid.*\(errcode 40003\)$/);
	expect(error?.description).toMatch(/OpenID.*rid [\da-f-]+\.\n.*OpenID.*。$/);
	expect(error).toMatchObject({ context: { itemIndex: 1 } });
});

test.each([
	['openid', get, { openid: '' }, '"OpenID" is missing'],
	[
		'remark',
		{ ...get, operation: 'setRemark', remark: '一二三四五六七八九十' },
		{ openid: 'o' },
		'"Remark (备注)" has 30 bytes',
	],
	[
		'lang',
		{ ...get, lang: 'klingon' },
		{ openid: 'o' },
		'"Language (语言)" must be one of: zh_CN, zh_TW, en',
	],
	[
		'operation',
		{ resource: 'user', operation: 'fly' },
		{},
		'There is no operation "fly" of "user"',
	],
])('a bad value of %s is named before any call', async (_, parameters, json, message) => {
	const before = simulator().calls.length;
	const { error } = await runNode('wechat', parameters, credentialsFor(simulator()), [{ json }]);
	expect(error?.message).toContain(message);
	expect(error?.description).toBeTruthy();
	expect(error).toMatchObject({ context: { itemIndex: 0 } });
	expect(simulator().calls.length).toBe(before);
});

test.each([
	['one item at a time when the option says so', { ...remark, options: { concurrency: 1 } }, 1],
	['five items at a time, unless the option says otherwise', remark, 5],
])('%s', async (_, parameters, atOnce) => {
	const before = simulator().count(REMARK);
	const asked = () => simulator().count(REMARK) - before;
	let release = () => {};
	const until = new Promise<void>((resolve) => (release = resolve));
	simulator().fault({ path: REMARK, times: Infinity, until });
	const items = itemsFor(simulator().openids().slice(0, 10));
	const run = runNode('wechat', parameters, credentialsFor(simulator()), items);
	while (asked() < atOnce) await new Promise(setImmediate);
	// What was sent together with these has arrived once the simulator answers something else.
	for (let round = 0; round < 5; round++) await fetch(simulator().url);
	expect(asked()).toBe(atOnce);
	release();
	expect((await run).output).toHaveLength(10);
	expect(asked()).toBe(10);
});

test.each([0, -1])('concurrency %i still works on every item', async (concurrency) => {
	const openids = simulator().openids().slice(0, 3);
	const given = { ...get, options: { concurrency } };
	const { output } = await runNode('wechat', given, credentialsFor(simulator()), itemsFor(openids));
	expect(output.map(({ json }) => json.openid)).toEqual(openids);
});

test('each result belongs to its item, be it several or an error', async () => {
	const [a, b] = simulator().openids();
	const { output } = await runNode(
		'wechat',
		{ resource: 'user', operation: 'getProfiles', openid_list: '={{ $json.openids }}' },
		credentialsFor(simulator()),
		[[a, b], [], [b]].map((openids) => ({ json: { openids } })),
		{ onError: 'continueRegularOutput' },
	);
	expect(output.map(({ json, pairedItem }) => [json.openid ?? json.error, pairedItem])).toEqual([
		[a, { item: 0 }],
		[b, { item: 0 }],
		['"OpenIDs" is missing', { item: 1 }],
		[b, { item: 2 }],
	]);
	expect(output[2].error).toMatchObject({ context: { itemIndex: 1 } });
});

test('an errcode without advice is shown with the path of the call', async () => {
	simulator().fault({ path: USER_INFO, answer: { errcode: 7654321, errmsg: 'odd' } });
	const { error } = await runNode('wechat', get, credentialsFor(simulator()), itemsFor(['o']));
	expect(error?.description).toBe(`Call: ${USER_INFO}`);
	expect(error).toMatchObject({ httpCode: '7654321' });
});

test('a ticket without a picture is a fault of its item', async () => {
	const { error } = await runNode(
		'wechat',
		{ resource: 'qrCode', operation: 'getImage', ticket: '={{ $json.ticket }}' },
		credentialsFor(simulator()),
		[{ json: { ticket: 'wrong' } }],
	);
	expect(error?.message).toContain('no picture for this ticket');
	expect(error).toMatchObject({ context: { itemIndex: 0 } });
});

test('blanks around what was pasted into the credential do not count', async () => {
	const { url, account } = simulator();
	const changes = {
		appId: ` ${account.appId}`,
		appSecret: `${account.secret}\n`,
		baseUrl: ` ${url} `,
	};
	const credentials = credentialsFor(simulator(), changes);
	const { output } = await runNode(
		'wechat',
		get,
		credentials,
		itemsFor(simulator().openids().slice(0, 1)),
	);
	expect(output).toHaveLength(1);
});

test.each<[string, (credentials: Credentials) => void]>([
	[
		'that cannot be saved',
		(of) => void jest.spyOn(of, 'preAuthentication').mockRejectedValue(new Error('locked')),
	],
	['that is damaged', (of) => void (of.data.state = '{"token":')],
])('a state %s costs nothing but a call', async (_, damage) => {
	const credentials = credentialsFor(simulator());
	damage(credentials);
	const items = itemsFor(simulator().openids().slice(0, 1));
	const { error, output } = await runNode('wechat', get, credentials, items);
	expect(error).toBeUndefined();
	expect(output).toHaveLength(1);
});

test('an empty Limit is named, not taken for zero', async () => {
	const getAll = { resource: 'user', operation: 'getAll', limit: '={{ null }}' };
	const { error } = await runNode('wechat', getAll, credentialsFor(simulator()));
	expect(error?.message).toContain('"Limit"');
});

/** Fields, and those of the rows in them. */
const listFields = (fields: INodeProperties[]): INodeProperties[] =>
	fields.flatMap((field) => [
		field,
		...(field.options ?? []).flatMap((option) =>
			'values' in option ? listFields(option.values) : [],
		),
	]);

test('every list that a field searches in is there', () => {
	const { description, methods } = new Wechat();
	const searches = listFields(description.properties)
		.flatMap(({ modes = [] }) => modes)
		.flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []);
	expect(new Set(searches)).toEqual(new Set(Object.keys(methods.listSearch)));
	expect(searches.length).toBeGreaterThan(0);
});

// getStableAccessToken returns the same token again for as long as it lives: there is nothing to save.
test.each<[string, () => void]>([
	['the first one', () => restartProcess()],
	['a renewed one', () => simulator().revokeTokens()],
	['the one before', () => {}],
])('a token costs one look at the credential, and no write: %s', async (_, change) => {
	const credentials = credentialsFor(simulator());
	const items = itemsFor(simulator().openids().slice(0, 1));
	await runNode('wechat', get, credentials, items);
	change();
	const looks = jest.spyOn(credentials, 'getDecrypted');
	const { output, error } = await runNode('wechat', get, credentials, items);
	expect([output.length, error]).toEqual([1, undefined]);
	expect([looks.mock.calls.length, credentials.writes]).toEqual([1, 0]);
});

test('after a restart WeChat gives the same token again', async () => {
	const credentials = credentialsFor(simulator());
	const items = itemsFor(simulator().openids().slice(0, 1));
	await runNode('wechat', get, credentials, items);
	restartProcess();
	await runNode('wechat', get, credentials, items);
	const asked = simulator().calls.filter(({ path }) => path === '/cgi-bin/stable_token');
	expect(asked.slice(-2).map(({ body }) => body)).toEqual(
		Array(2).fill(expect.objectContaining({ force_refresh: false })),
	);
	const used = simulator().calls.filter(({ path }) => path === USER_INFO);
	expect(used.at(-1)?.errcode).toBe(0);
});

test('a token that an older version has stored is neither used nor touched', async () => {
	const credentials = credentialsFor(simulator());
	const token = { value: 'stored', askedAt: Date.now(), expiresAt: Date.now() + 1e7 };
	const state = JSON.stringify({ of: simulator().account.appId, token });
	credentials.data.state = state;
	const before = simulator().count(USER_INFO);
	const items = itemsFor(simulator().openids().slice(0, 1));
	const { error } = await runNode('wechat', get, credentials, items);
	expect(error).toBeUndefined();
	expect(simulator().count(USER_INFO)).toBe(before + 1);
	expect(credentials.data.state).toBe(state);
});

test('a token of another AppID or secret in the credential is not used', async () => {
	const credentials = credentialsFor(simulator());
	const token = { value: 'theirs', askedAt: 0, expiresAt: Date.now() + 1e7, of: 'another account' };
	credentials.data.state = JSON.stringify({ token });
	const before = simulator().count(USER_INFO);
	const { error } = await runNode(
		'wechat',
		get,
		credentials,
		itemsFor(simulator().openids().slice(0, 1)),
	);
	expect(error).toBeUndefined();
	expect(simulator().count(USER_INFO) - before).toBe(1);
});

test('nothing secret is in the result of a run', async () => {
	const credentials = credentialsFor(simulator());
	simulator().fault({ path: USER_INFO, answer: { errcode: 48001, errmsg: 'api unauthorized' } });
	const { run } = await runNode('wechat', get, credentials, itemsFor(['o']));
	const told = JSON.stringify(run);
	const { appId, secret, token: word, encodingAESKey } = simulator().account;
	const body = { grant_type: 'client_credential', appid: appId, secret };
	// The token that the run had.
	const answer = await fetch(`${simulator().url}/cgi-bin/stable_token`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	const { access_token } = (await answer.json()) as { access_token: string };
	expect(access_token).toMatch(/\w{20}/);
	for (const hidden of [access_token, secret, word, encodingAESKey])
		expect(told).not.toContain(hidden);
});

describe('web authorization', () => {
	const run = async (parameters: INodeParameters) =>
		await runNode(
			'wechat',
			{ resource: 'webAuthorization', ...parameters },
			credentialsFor(simulator()),
		);
	const link = { operation: 'getLink', redirectUri: 'https://example.com/' };

	test.each([
		['scan-1', '"State" may hold letters and digits only'],
		['x'.repeat(90), '"State" has 90 characters; WeChat takes 89'],
	])('WeChat does not take %p as state', async (state, message) => {
		const { error } = await run({ ...link, state });
		expect(error?.message).toBe(message);
		expect(error?.description).toBeTruthy();
	});

	test('an expression that yields nothing makes no link that has expired', async () => {
		const { error, output } = await run({ ...link, minutes: '={{ $json.minutes }}' });
		expect(error?.message).toBe('"Valid for (Minutes)" is missing');
		expect(error?.description).toContain('How long WeChat Trigger accepts visitors');
		expect(output).toEqual([]);
	});

	test('a link holds for a minute at least', async () => {
		expect((await run({ ...link, minutes: '={{ 0 }}' })).error?.message).toContain('at least 1');
	});

	test('a link says how long it holds, and its state holds as long', async () => {
		const started = Date.now();
		const { output } = await run({ ...link, state: 'x'.repeat(89), minutes: 5 });
		const { url, validUntil } = output[0].json;
		const left = Date.parse(String(validUntil)) - started;
		expect(left).toBeGreaterThanOrEqual(300_000);
		expect(left).toBeLessThan(310_000);
		const state = new URL(String(url)).searchParams.get('state') ?? '';
		const { verifyState } = createSessionSeal(
			simulator().account.secret,
			simulator().account.appId,
		);
		expect(verifyState(state, started + 299_000)).toEqual({
			text: 'x'.repeat(89),
			until: expect.any(Number) as number,
		});
		expect(verifyState(state, started + 310_000)).toBe('expired');
	});

	test('a code whose state is forged is not spent', async () => {
		const before = simulator().calls.length;
		const { error } = await run({ operation: 'exchangeCode', code: 'c', state: 'scan' });
		expect(error?.message).toBe('The state was not made by this account');
		expect(simulator().calls).toHaveLength(before);
	});

	test('a code may come without a state', async () => {
		const answer = { access_token: 'A', refresh_token: 'R', expires_in: 7200, openid: 'o' };
		simulator().fault({ path: '/sns/oauth2/access_token', answer });
		const { output } = await run({ operation: 'exchangeCode', code: 'c' });
		expect(output[0].json).toMatchObject({ openid: 'o' });
		expect(output[0].json).not.toHaveProperty('state');
	});
});

test('tags are found by a part of their name', async () => {
	const credentials = credentialsFor(simulator());
	const create = { resource: 'tag', operation: 'create', name: 'Regular customers' };
	await runNode('wechat', create, credentials);
	const context = editorContext('wechat', {}, credentials);
	const { results } = await searchTags.call(context, 'CUSTOM');
	expect(results).toEqual([
		{ name: 'Regular customers (0)', value: expect.stringMatching(/^\d+$/) as string },
	]);
	expect((await searchTags.call(context)).results.length).toBeGreaterThan(1);
});

describe('behind a third-party platform', () => {
	const PATHS = {
		component: '/cgi-bin/component/api_component_token',
		account: '/cgi-bin/component/api_authorizer_token',
	};
	const behind = (appId: unknown) => ({
		authentication: 'openPlatform',
		account: { __rl: true, mode: 'id', value: appId as string },
		resource: 'user',
		operation: 'getAll',
		limit: 1,
	});
	let platform: Simulator;
	beforeEach(async () => {
		const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT];
		platform = await startSimulator({ accounts, followers: 2 });
		for (const { appId } of accounts) await platform.platform.authorize(appId, { push: false });
	});
	afterEach(async () => await platform.close());

	test('100 runs at once begin with nothing, and make one token each of the platform and its accounts', async () => {
		const credentials = await platformCredentialsFor(platform);
		const all = Array.from({ length: 100 }, async (_, run) => {
			const { appId } = platform.accounts[run % 3];
			const { error, output } = await runNode('wechat', behind(appId), credentials);
			expect(error).toBeUndefined();
			expect(output[0].json.openid).toBe(platform.openids(appId)[0]);
		});
		await Promise.all(all);
		expect([platform.count(PATHS.component), platform.count(PATHS.account)]).toEqual([1, 3]);
	});

	test('each item acts for its own account', async () => {
		const credentials = await platformCredentialsFor(platform);
		const items = platform.accounts.map(({ appId }) => ({ json: { accountAppId: appId } }));
		const { output } = await runNode(
			'wechat',
			behind('={{ $json.accountAppId }}'),
			credentials,
			items,
		);
		expect(output.map(({ json }) => json.openid)).toEqual(
			platform.accounts.map(({ appId }) => platform.openids(appId)[0]),
		);
	});

	test('an account that is not chosen is asked for, before WeChat is', async () => {
		const credentials = await platformCredentialsFor(platform);
		const before = platform.calls.length;
		const { error } = await runNode('wechat', behind('={{ $json.none }}'), credentials);
		expect(error?.message).toContain('No account is chosen');
		expect(platform.calls).toHaveLength(before);
	});

	test('an account that took its authorization back is an error of its own item', async () => {
		const credentials = await platformCredentialsFor(platform);
		await platform.platform.revoke(SECOND_ACCOUNT.appId, { push: false });
		const items = platform.accounts.map(({ appId }) => ({ json: { accountAppId: appId } }));
		const { output } = await runNode(
			'wechat',
			behind('={{ $json.accountAppId }}'),
			credentials,
			items,
			{ onError: 'continueRegularOutput' },
		);
		expect(output.map(({ json }) => json.error ?? 'fine')).toEqual([
			'fine',
			expect.stringContaining(`${SECOND_ACCOUNT.appId} has not authorized this platform`),
			'fine',
		]);
	});
});
