import { createCipheriv } from 'node:crypto';
import { createServices } from '../../nodes/api/services';
import { createAccountClient } from '../../nodes/api/accountClient';
import type { Client } from '../../nodes/api/apiClient';
import { ApiError } from '../../nodes/api/apiError';
import { UserError } from '../../nodes/base/userError';
import type { Http } from '../../nodes/base/http';
import { checkLogin, decryptData, exchangeLoginCode } from '../../nodes/api/miniProgramLogin';
import {
	checkSession,
	exchangeCode,
	readState,
	refreshSession,
	getUserInfo,
} from '../../nodes/api/oauth';
import type { Store } from '../../nodes/api/state';

const NOW = 1_760_000_000_000;
const app = { appId: 'wx1', appSecret: 'very-secret', baseUrl: '' };
const store: Store = { read: async () => ({ of: '' }), save: async () => {} };
const told = { openid: 'o', access_token: 'A', refresh_token: 'R', expires_in: 7200, scope: 's' };

/** A WeChat that gives one answer, and what it was asked. */
function answering(answer: object): { client: Client; asked: URL[] } {
	const asked: URL[] = [];
	const http: Http = async ({ url }) => {
		asked.push(url);
		const body = Buffer.from(JSON.stringify(answer));
		return { status: 200, contentType: '', disposition: '', body };
	};
	return { client: createAccountClient(app, store, createServices({ http })), asked };
}
const { client } = answering(told);
const web = client.seal.encrypt({ openid: 'o', accessToken: 'A', refreshToken: 'R' });
const login = client.seal.encrypt({ openid: 'o', sessionKey: Buffer.alloc(16).toString('base64') });
const queryOf = ([url]: URL[]) => Object.fromEntries(url.searchParams);

/** Also for what is thrown before anything is asked. */
async function problemOf(work: () => unknown): Promise<UserError> {
	try {
		await work();
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
	throw new Error('it succeeded');
}

describe('a user token', () => {
	test('lives expires_in seconds, and can be renewed for 30 days', async () => {
		for (const signIn of [
			await exchangeCode(client, 'c', () => NOW),
			await refreshSession(client, web, () => NOW),
		]) {
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

test.each<[string, string, (session: string) => unknown, string]>([
	['of a mini program', login, async (of) => await getUserInfo(client, of), 'Web Authorization'],
	['of a mini program', login, async (of) => await refreshSession(client, of), 'Web Authorization'],
	['of a mini program', login, async (of) => await checkSession(client, of), 'Web Authorization'],
	['of a web page', web, async (of) => await checkLogin(client, of), 'Mini Program Login'],
	['of a web page', web, (of) => decryptData(client, of, 'x', 'x'), 'Mini Program Login'],
	['of nobody', 'x', async (of) => await getUserInfo(client, of), 'Web Authorization'],
])('a session %s is not taken for another one', async (_, session, work, advice) => {
	const problem = await problemOf(() => work(session));
	expect(problem.message).toBe('The session is not valid here');
	expect(problem.hint).toContain(advice);
});

test('the session key of a mini program stays in the session', async () => {
	const { client: one } = answering({ openid: 'o', unionid: 'u', session_key: 'KEY' });
	const { session, ...shown } = await exchangeLoginCode(one, 'c');
	expect(shown).toEqual({ openid: 'o', unionid: 'u' });
	expect(one.seal.decrypt(session)).toEqual({ openid: 'o', sessionKey: 'KEY' });
});

describe('the login of a mini program', () => {
	// The key of the example in "Signature of the login" (用户登录态签名).
	const session = client.seal.encrypt({ openid: 'o', sessionKey: 'o0q0otL8aEzpcZL/FT9WsQ==' });

	test('is checked by a signature, not by its key', async () => {
		const { client: one, asked } = answering({ ...told, errcode: 0, errmsg: 'ok' });
		expect(await checkLogin(one, session)).toBe(true);
		const check = asked.filter(({ pathname }) => pathname === '/wxa/checksession');
		expect(queryOf(check)).toEqual({
			access_token: 'A',
			openid: 'o',
			signature: '46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128',
			sig_method: 'hmac_sha256',
		});
	});

	test('is over when the signature is wrong, and nothing is known when the check fails', async () => {
		const refusing = (errcode: number) => ({
			...client,
			send: async () =>
				await Promise.reject(new ApiError({ errcode, errmsg: 'no', path: '/wxa/checksession' })),
		});
		expect(await checkLogin(refusing(87009), session)).toBe(false);
		expect(await problemOf(async () => await checkLogin(refusing(-1), session))).toMatchObject({
			errcode: -1,
		});
	});
});

describe('what a mini program hands over encrypted', () => {
	const iv = Buffer.alloc(16, 1).toString('base64');
	const sealed = (appid: string) => {
		const cipher = createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16, 1));
		const data = JSON.stringify({ openGId: 'g', watermark: { appid, timestamp: 1 } });
		return cipher.update(data, 'utf8', 'base64') + cipher.final('base64');
	};

	test('is opened, with blanks around it too', () => {
		expect(decryptData(client, login, `${sealed('wx1')}\n`, ` ${iv}`)).toEqual({ openGId: 'g' });
	});

	test('is for the account that a platform acts for, not for the platform', () => {
		const behind = { ...client, componentAppId: 'wxplatform' };
		expect(decryptData(behind, login, sealed('wx1'), iv)).toEqual({ openGId: 'g' });
		expect(() => decryptData(behind, login, sealed('wxplatform'), iv)).toThrow(
			'for another mini program',
		);
	});

	test('for another login is told so', async () => {
		const other = client.seal.encrypt({
			openid: 'o',
			sessionKey: Buffer.alloc(16, 9).toString('base64'),
		});
		const problem = await problemOf(() => decryptData(client, other, sealed('wx1'), iv));
		expect(problem.message).toBe('The data cannot be decrypted');
		expect(problem.hint).toContain('wx.login');
	});
});

test('the state of a link is opened, unless it is forged or too old', async () => {
	const state = client.seal.signState('scan', NOW);
	expect(readState(client, state, () => NOW)).toBe('scan');
	expect((await problemOf(() => readState(client, state, () => NOW + 1))).message).toContain(
		'too old',
	);
	expect((await problemOf(() => readState(client, `${state}x`, () => NOW))).message).toContain(
		'not made by this account',
	);
});
