import { createDecipheriv, createHmac } from 'node:crypto';
import type { Client } from './apiClient';
import type { SignIn } from './oauth';
import type { Answer } from './response';
import { hasCode, SESSION_KEY_OVER } from './returnCodes';
import { openSession } from './sessionSeal';
import { parseJson } from '../base/json';
import { UserError } from '../base/userError';

const SESSION_HINT =
	'Take "session" from Mini Program Login: Exchange Code, with the same account and credential.';

/**
 * Exchanges the code of wx.login for a session (小程序登录, code2Session).
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html
 */
export async function exchangeLoginCode(client: Client, js_code: string): Promise<SignIn> {
	const { session_key, ...answer } = await client.send({
		method: 'GET',
		path: '/sns/jscode2session',
		bearer: 'app',
		query: { js_code, grant_type: 'authorization_code' },
	});
	const openid = String(answer.openid);
	return { ...answer, openid, session: client.seal.encrypt({ openid, sessionKey: session_key }) };
}

/**
 * Checks whether a session key is still valid (检验登录态, checkSessionKey). The key signs an empty text as it is, though
 * it looks like Base64.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey.html
 */
export async function checkLogin(client: Client, session: string): Promise<boolean> {
	const { openid, sessionKey } = openSession(client, session, 'sessionKey', SESSION_HINT);
	const signature = createHmac('sha256', sessionKey).update('').digest('hex');
	const query = { openid, signature, sig_method: 'hmac_sha256' };
	try {
		await client.send({ method: 'GET', path: '/wxa/checksession', query });
		return true;
	} catch (error) {
		if (hasCode(error, SESSION_KEY_OVER)) return false;
		throw error;
	}
}

/** What a mini program hands over. */
interface EncryptedData {
	session: string;
	/** The two values that it got, in Base64. */
	encryptedData: string;
	iv: string;
	/** How old it may be, in minutes. Default: of any age. */
	maxAge?: number;
}

/**
 * Decrypts what a mini program got encrypted (encryptedData), such as steps or a phone number. It is AES-128-CBC, with
 * a watermark that holds the AppID, and the time at which the mini program got it (开放数据校验与解密).
 *
 * @throws {UserError} when the session does not fit, the data is for another mini program, or it is too old.
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export function decryptData(
	client: Client,
	{ session, encryptedData, iv, maxAge = Infinity }: EncryptedData,
): Answer {
	const { sessionKey } = openSession(client, session, 'sessionKey', SESSION_HINT);
	let opened: Answer & { watermark?: { appid?: unknown; timestamp?: unknown } };
	try {
		const decipher = createDecipheriv('aes-128-cbc', decodeBase64(sessionKey), decodeBase64(iv));
		const plaintext = Buffer.concat([
			decipher.update(decodeBase64(encryptedData)),
			decipher.final(),
		]);
		opened = parseJson(plaintext.toString('utf8')) as Answer;
	} catch {
		throw new UserError(
			'The data cannot be decrypted',
			'Encrypted data belongs to the session that was the newest when the mini program got it: log in (wx.login) before it asks for the data, and use that session.',
			'数据无法解密：加密数据对应小程序取得数据时最新的会话，请先登录（wx.login）再获取数据，并使用该会话。',
		);
	}
	const { appid, timestamp } = opened.watermark ?? {};
	if (appid !== client.appId)
		throw new UserError(
			'The data is for another mini program than the one that this node acts for',
			undefined,
			'数据属于另一个小程序：请检查凭据和账号。',
		);
	checkAge(client.services.clock.now() / 1000 - Number(timestamp ?? NaN), maxAge);
	return opened;
}

/** Data without a time is of any age, and so too old for every limit. */
function checkAge(seconds: number, maxAge: number): void {
	if (maxAge === Infinity || seconds <= maxAge * 60) return;
	const age = Number.isNaN(seconds) ? 'of unknown age' : `${Math.ceil(seconds / 60)} minutes old`;
	throw new UserError(
		`The data is ${age}; Maximum Age allows ${maxAge} minutes`,
		'Let the mini program ask for it again.',
		`数据过旧或没有时间，而“Maximum Age (Minutes)”只允许 ${maxAge} 分钟以内的数据：请让小程序重新获取。`,
	);
}

/**
 * Decodes Base64 that may have come through a form or query, where `+` became a blank. Blanks at the ends may also come
 * from copying: the length tells.
 */
function decodeBase64(text: string): Buffer {
	const line = text.replace(/[\r\n]/g, '');
	const isWhole = line.trim().length % 4 === 0;
	return Buffer.from((isWhole ? line.trim() : line).replaceAll(' ', '+'), 'base64');
}
