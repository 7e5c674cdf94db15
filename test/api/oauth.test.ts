import {
	checkSession,
	exchangeCode,
	readState,
	refreshSession,
	getUserInfo,
} from '../../nodes/api/oauth';
import { answering, client, login, NOW, problemOf, queryOf, told, web } from './support';

describe('a user token', () => {
	test('lives expires_in seconds, and can be renewed for 30 days', async () => {
		for (const signIn of [await exchangeCode(client, 'c'), await refreshSession(client, web)]) {
			expect(signIn).toEqual({
				openid: 'o',
				scope: 's',
				expiresAt: '2025-10-09T10:53:20.000Z',
				refreshableUntil: '2025-11-08T08:53:20.000Z',
				session: expect.any(String) as string,
			});
			expect(client.seal.decrypt(signIn.session)).toEqual({
				openid: 'o',
				accessToken: 'A',
				refreshToken: 'R',
			});
		}
	});

	test('is renewed without the AppSecret', async () => {
		const { client: one, asked } = answering(told);
		await refreshSession(one, web);
		const query = { appid: 'wx1', grant_type: 'refresh_token', refresh_token: 'R' };
		expect(queryOf(asked)).toEqual(query);
	});

	test.each([
		[undefined, 'zh_CN'],
		['en', 'en'],
	])('tells the name of the user in language %s', async (lang, expected) => {
		const { client: one, asked } = answering({ openid: 'o', nickname: 'n' });
		expect(await getUserInfo(one, web, lang)).toEqual({ openid: 'o', nickname: 'n' });
		expect(queryOf(asked)).toEqual({ access_token: 'A', openid: 'o', lang: expected });
	});

	test.each([40001, 40003, 40014, 42001])('is over when WeChat says %i', async (errcode) =>
		expect(await checkSession(answering({ errcode, errmsg: 'no' }).client, web)).toBe(false),
	);

	test('holds when WeChat says so, and nothing is known when it fails', async () => {
		expect(await checkSession(answering({ errcode: 0, errmsg: 'ok' }).client, web)).toBe(true);
		const { client: broken } = answering({ errcode: 40097, errmsg: 'invalid args' });
		expect(await problemOf(async () => await checkSession(broken, web))).toMatchObject({
			errcode: 40097,
		});
	});
});

test.each<[string, string, (session: string) => unknown]>([
	['of a mini program', login, async (of) => await getUserInfo(client, of)],
	['of a mini program', login, async (of) => await refreshSession(client, of)],
	['of a mini program', login, async (of) => await checkSession(client, of)],
	['of nobody', 'x', async (of) => await getUserInfo(client, of)],
])('a session %s is not taken for one of web authorization', async (_, session, work) => {
	const problem = await problemOf(() => work(session));
	expect(problem.message).toBe('The session is not valid here');
	expect(problem.hint).toContain('Web Authorization');
});

test('the state of a link is opened, unless it is forged or too old', async () => {
	const state = client.seal.signState('scan', NOW);
	const { client: later } = answering(told, NOW + 1);
	expect(readState(client, state)).toBe('scan');
	expect((await problemOf(() => readState(later, state))).message).toContain('too old');
	expect((await problemOf(() => readState(client, `${state}x`))).message).toContain(
		'not made by this account',
	);
});
