import { createCipheriv } from 'node:crypto';
import { ApiError } from '../../nodes/api/apiError';
import { checkLogin, decryptData, exchangeLoginCode } from '../../nodes/api/miniProgramLogin';
import { createTestClock } from '../support/clock';
import { answering, client, login, problemOf, queryOf, told, web } from './support';

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
	const seal = (data: string) => {
		const cipher = createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16, 1));
		return cipher.update(data, 'utf8', 'base64') + cipher.final('base64');
	};
	const sealed = (watermark: object) => seal(JSON.stringify({ openGId: 'g', watermark }));
	const [mine, theirs] = ['wx1', 'wxplatform'].map((appid) => ({ appid, timestamp: 1 }));
	const open = (
		{ watermark = mine, maxAge }: { watermark?: object; maxAge?: number } = {},
		one = client,
	) => decryptData(one, { session: login, encryptedData: sealed(watermark), iv, maxAge });

	test('is opened, with blanks around it too', () => {
		const encryptedData = `${sealed(mine)}\n`;
		expect(decryptData(client, { session: login, encryptedData, iv: ` ${iv}` })).toEqual({
			openGId: 'g',
			watermark: mine,
		});
	});

	// WeChat puts names out as they were typed, see test/base/json.test.ts.
	test('is read with raw control characters in it', () => {
		const encryptedData = seal('{"nickName":"a\u0014b","watermark":{"appid":"wx1"}}');
		const opened = decryptData(client, { session: login, encryptedData, iv });
		expect(opened).toMatchObject({ nickName: 'a\u0014b' });
	});

	// binarywang/WxJava#359 and #917, xlstudio/wxbizdatacrypt#4
	test.each([
		['at the start', /^\+/],
		['inside', /[^+]\+[^+]/],
		['at the end', /\+$/],
	])('is opened when a form or query has made a blank of the + %s', (_, place) => {
		const bytes = Buffer.alloc(16, 0xfb);
		for (let number = 0; ; number++) {
			const cipher = createCipheriv('aes-128-cbc', Buffer.alloc(16), bytes);
			// 48 bytes, so no = stands at the end.
			const openGId = String(number).padStart(4, '0');
			const text = JSON.stringify({ openGId, watermark: { appid: 'wx1' } });
			const data = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
			if (!place.test(data)) continue;
			const [encryptedData, iv] = [data, bytes.toString('base64')].map((base64) =>
				base64.replaceAll('+', ' '),
			);
			expect(decryptData(client, { session: login, encryptedData, iv })).toMatchObject({ openGId });
			return;
		}
	});

	test('is for the account that a platform acts for, not for the platform', () => {
		const behind = { ...client, componentAppId: 'wxplatform' };
		expect(open({}, behind)).toMatchObject({ openGId: 'g' });
		expect(() => open({ watermark: theirs }, behind)).toThrow('for another mini program');
		expect(() => open({ watermark: {} }, behind)).toThrow('for another mini program');
	});

	// watermark.timestamp is the second at which the mini program got the data, "to check how fresh it is".
	test('is as old as its watermark says', () => {
		const clock = createTestClock(1_700_000_000_000);
		const one = { ...client, services: { ...client.services, clock } };
		const timestamp = 1_700_000_000;
		const watermark = { appid: 'wx1', timestamp };
		clock.turn(600_000);
		expect(open({ watermark, maxAge: 10 }, one)).toEqual({ openGId: 'g', watermark });
		clock.turn(1);
		expect(() => open({ watermark, maxAge: 10 }, one)).toThrow(
			'The data is 11 minutes old; Maximum Age allows 10 minutes',
		);
		expect(open({ watermark }, one)).toMatchObject({ openGId: 'g' });
		expect(() => open({ watermark: { appid: 'wx1' }, maxAge: 10 }, one)).toThrow(
			'The data is of unknown age',
		);
	});

	test('for another login is told so', async () => {
		const other = client.seal.encrypt({
			openid: 'o',
			sessionKey: Buffer.alloc(16, 9).toString('base64'),
		});
		const problem = await problemOf(() =>
			decryptData(client, { session: other, encryptedData: sealed(mine), iv }),
		);
		expect(problem.message).toBe('The data cannot be decrypted');
		expect(problem.hint).toContain('wx.login');
	});
});

test.each<[string, (session: string) => unknown]>([
	['checked', async (of) => await checkLogin(client, of)],
	['used to decrypt', (session) => decryptData(client, { session, encryptedData: 'x', iv: 'x' })],
])('a session of a web page is not %s', async (_, work) => {
	const problem = await problemOf(() => work(web));
	expect(problem.message).toBe('The session is not valid here');
	expect(problem.hint).toContain('Mini Program Login');
});
