import { getAccounts, searchAccounts } from '../../nodes/n8n/accountList';
import type { Grant, State } from '../../nodes/api/state';
import { restartProcess } from '../support/services';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	SECOND_ACCOUNT,
	startSimulator,
	type Simulator,
} from '../simulator';
import { editorContext, prepareN8n, type Credentials } from '../support/n8n';
import { platformCredentialsFor } from '../support/simulator';

prepareN8n();
const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT];
const LIST = '/cgi-bin/component/api_get_authorizer_list';
const DETAILS = '/cgi-bin/component/api_get_authorizer_info';
let simulator: Simulator;
let credentials: Credentials;
const context = () => editorContext('wechat', { authentication: 'openPlatform' }, credentials);

beforeEach(async () => {
	restartProcess();
	simulator = await startSimulator({ accounts });
	for (const { appId } of accounts) await simulator.platform.authorize(appId, { push: false });
	credentials = await platformCredentialsFor(simulator);
});
afterEach(async () => await simulator.close());

const all = [
	{ name: '示例小程序 (mini program 小程序)', value: MINI_PROGRAM_ACCOUNT.appId },
	{ name: '示例帐号', value: DEFAULT_ACCOUNT.appId },
	{ name: '第二个公众号', value: SECOND_ACCOUNT.appId },
];
const byValue = (a: { value: unknown }, b: { value: unknown }) =>
	String(a.value).localeCompare(String(b.value));

test('official accounts and mini programs stand in one list, told apart', async () => {
	const { results, paginationToken } = await searchAccounts.call(context());
	expect([...results].sort(byValue)).toEqual([...all].sort(byValue));
	expect(paginationToken).toBeUndefined();
});

test('a menu of accounts has the same entries as the list', async () => {
	expect(await getAccounts.call(context())).toEqual((await searchAccounts.call(context())).results);
});

test.each([
	['第二', SECOND_ACCOUNT.appId],
	['MINI', MINI_PROGRAM_ACCOUNT.appId],
	[DEFAULT_ACCOUNT.appId.slice(4).toUpperCase(), DEFAULT_ACCOUNT.appId],
])('accounts are found by a part of name, kind or AppID: %s', async (filter, appId) => {
	const { results } = await searchAccounts.call(context(), filter);
	expect(results.map(({ value }) => value)).toEqual([appId]);
});

test('WeChat is asked for the list and the names once', async () => {
	await searchAccounts.call(context());
	expect([simulator.count(LIST), simulator.count(DETAILS)]).toEqual([1, 3]);
	await searchAccounts.call(context());
	expect([simulator.count(LIST), simulator.count(DETAILS)]).toEqual([1, 3]);
});

test('an account whose name cannot be had is listed by its AppID', async () => {
	simulator.fault({
		path: DETAILS,
		times: Infinity,
		answer: { errcode: 40097, errmsg: 'invalid args' },
	});
	const { results } = await searchAccounts.call(context());
	expect(results.map(({ name }) => name).sort()).toEqual(accounts.map(({ appId }) => appId).sort());
});

test('an account that took its authorization back is not in the list', async () => {
	await searchAccounts.call(context());
	const state = JSON.parse(String(credentials.data.state)) as State;
	state.accounts = {
		...state.accounts,
		[SECOND_ACCOUNT.appId]: { at: Date.now() + 1, gone: true },
	};
	credentials.data.state = JSON.stringify(state);
	const { results } = await searchAccounts.call(context());
	expect(results.map(({ value }) => value)).not.toContain(SECOND_ACCOUNT.appId);
	expect(results).toHaveLength(2);
});

test('a thousand accounts come in pages', async () => {
	const { of, ticket } = JSON.parse(String(credentials.data.state)) as State;
	const profile = { name: 'n', userName: 'gh', kind: 'officialAccount' } as const;
	const many = Array.from({ length: 1000 }, (_, n) => [
		`wx${n}`,
		{ at: 1, refreshToken: 'r', profile: { ...profile, name: String(n) } },
	]);
	credentials.data.state = JSON.stringify({
		of,
		ticket,
		accounts: Object.fromEntries(many) as object,
	});
	const seen = new Set<unknown>();
	let next: string | undefined;
	do {
		const { results, paginationToken } = await searchAccounts.call(context(), '', next);
		for (const { value } of results) seen.add(value);
		next = paginationToken as string | undefined;
	} while (next);
	expect(seen.size).toBe(1000);
});

describe('accounts that authorized long ago', () => {
	const grant = (name: string): Grant => ({
		at: 1,
		refreshToken: 'r',
		profile: { name, userName: 'gh_1', kind: 'officialAccount' },
	});
	const store = (accounts: Record<string, Grant>) => {
		const state = JSON.parse(String(credentials.data.state)) as State;
		credentials.data.state = JSON.stringify({ ...state, accounts });
	};
	const many = (size: number, of: (n: number) => Grant) =>
		Object.fromEntries(Array.from({ length: size }, (_, n) => [`wx${n}`, of(n)]));

	test('are sorted by name, whatever the case; one without a name shows its AppID', async () => {
		store({ wx1: grant('C'), wx3: grant('a'), wx4: grant('B'), wx2: grant('') });
		const { results } = await searchAccounts.call(context());
		expect(results.map(({ name }) => name)).toEqual(['a', 'B', 'C', 'wx2']);
		expect((await searchAccounts.call(context(), 'WX3')).results).toEqual([
			{ name: 'a', value: 'wx3' },
		]);
	});

	test('come 100 at a time, and no empty page follows', async () => {
		store(many(200, (n) => grant(`${1000 + n}`)));
		const first = await searchAccounts.call(context());
		expect(first.results).toHaveLength(100);
		const next = String(first.paginationToken);
		const second = await searchAccounts.call(context(), undefined, next);
		expect(second.results).toHaveLength(100);
		expect(second.results[0]).toEqual({ name: '1100', value: 'wx100' });
		expect(second).not.toHaveProperty('paginationToken');
	});

	test('of which 20 names are asked for at once; the rest show their AppID', async () => {
		store(many(30, () => ({ at: 1, refreshToken: 'r' })));
		const { results } = await searchAccounts.call(context());
		expect(simulator.count(DETAILS)).toBe(20);
		expect(results).toHaveLength(30);
	});
});
