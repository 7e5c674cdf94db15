import { createDecipheriv, createHmac } from 'node:crypto';
import type { Client } from './apiClient';
import type { SignIn } from './oauth';
import type { Answer } from './response';
import { hasCode, SESSION_KEY_OVER } from './returnCodes';
import { openSession } from './sessionSeal';
import { UserError } from '../base/userError';

const SESSION_HINT =
	'Take "session" from Mini Program Login: Exchange Code, with the same account and credential.';

/** Mini program login (小程序登录): takes the code of wx.login. Source: "code2Session" (jscode2session). */
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
 * Whether a session key still holds; the key itself stays here and signs nothing. Source: "Check the login"
 * (检验登录态, checkSessionKey). The key is text there, though it looks like Base64.
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

/**
 * Opens what a mini program hands over encrypted (encryptedData), such as steps or a phone number.
 * Source: "Checking and decrypting open data" (开放数据校验与解密): AES-128-CBC, and a watermark with the AppID.
 */
export function decryptData(client: Client, session: string, data: string, iv: string): Answer {
	const { sessionKey } = openSession(client, session, 'sessionKey', SESSION_HINT);
	let opened: Answer & { watermark?: { appid?: unknown } };
	try {
		const bytes = (text: string) => Buffer.from(text, 'base64');
		const decipher = createDecipheriv('aes-128-cbc', bytes(sessionKey), bytes(iv));
		const plain = Buffer.concat([decipher.update(bytes(data)), decipher.final()]);
		opened = JSON.parse(plain.toString('utf8')) as Answer;
	} catch {
		throw new UserError(
			'The data cannot be decrypted',
			'Encrypted data belongs to the session that was the newest when the mini program got it: log in (wx.login) before it asks for the data, and use that session.',
		);
	}
	const { watermark, ...rest } = opened;
	if (watermark?.appid === client.appId) return rest;
	throw new UserError('The data is for another mini program than the one that this node acts for');
}
