import { createDecipheriv, createHmac } from 'node:crypto';
import type { Answer } from './response';
import type { Client } from './apiClient';
import { hasCode, SESSION_KEY_OVER, SESSION_OVER } from './returnCodes';
import { UserError } from '../base/userError';

/**
 * What WeChat tells of a user who signed in. Its tokens and keys are of no use without this account, and whoever
 * has them can pose as it: they travel in `session`, which only this pack can open.
 */
export interface SignIn {
	openid: string;
	unionid?: string;
	session: string;
	[more: string]: unknown;
}

/** A user token lives 2 h, and can be renewed for 30 days. */
const REFRESH_MS = 30 * 24 * 3_600_000;

interface WebSession {
	openid: string;
	accessToken: string;
	refreshToken: string;
}

/**
 * Web authorization (网页授权): takes the code that a browser brought back; it works once, for 5 minutes.
 * Source: "Exchange the code for a user token" (sns/oauth2/access_token), also on behalf of an account.
 */
export async function exchangeCode(client: Client, code: string, now = Date.now): Promise<SignIn> {
	const answer = await client.send({
		method: 'GET',
		path: '/sns/oauth2/access_token',
		bearer: 'app',
		query: { code, grant_type: 'authorization_code' },
	});
	return toSignIn(client, answer, now());
}

/** Source: "Refresh the user token" (sns/oauth2/refresh_token). */
export async function refreshSession(
	client: Client,
	session: string,
	now = Date.now,
): Promise<SignIn> {
	const { refreshToken } = openSession(client, session, 'refreshToken');
	const answer = await client.send({
		method: 'GET',
		path: '/sns/oauth2/refresh_token',
		bearer: 'appId',
		query: { grant_type: 'refresh_token', refresh_token: refreshToken },
	});
	return toSignIn(client, answer, now());
}

/** Name and picture of the user; needs the scope snsapi_userinfo. Source: "Get user info" (sns/userinfo). */
export async function getUserInfo(
	client: Client,
	session: string,
	lang = 'zh_CN',
): Promise<Answer> {
	const { openid, accessToken } = openSession(client, session, 'accessToken');
	return await client.send({
		method: 'GET',
		path: '/sns/userinfo',
		bearer: 'none',
		query: { access_token: accessToken, openid, lang },
	});
}

/** Whether the user token still holds. Source: "Check the user token" (sns/auth). */
export async function checkSession(client: Client, session: string): Promise<boolean> {
	const { openid, accessToken } = openSession(client, session, 'accessToken');
	const query = { access_token: accessToken, openid };
	try {
		await client.send({ method: 'GET', path: '/sns/auth', bearer: 'none', query });
		return true;
	} catch (error) {
		if (hasCode(error, SESSION_OVER)) return false;
		throw error;
	}
}

/** The text in a `state` that was issued for a link. Throws {@link UserError} when it was not, or is too old. */
export function readState({ seal }: Client, state: string, now = Date.now): string {
	const opened = seal.verifyState(state, now());
	if (opened === 'forged')
		throw new UserError(
			'The state was not made by this account',
			'Take links from Web Authorization: Get Link, with the same account and credential. If the visitor used one, somebody has changed it.',
		);
	if (opened === 'expired')
		throw new UserError('The link of this state is too old', 'Give the visitor a new link.');
	return opened.text;
}

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
	const { openid, sessionKey } = openSession(client, session, 'sessionKey');
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
	const { sessionKey } = openSession(client, session, 'sessionKey');
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

function toSignIn(client: Client, answer: Answer, now: number): SignIn {
	const { access_token, refresh_token, expires_in, ...told } = answer;
	const openid = String(told.openid);
	return {
		...told,
		openid,
		expiresAt: new Date(now + Number(expires_in) * 1000).toISOString(),
		refreshableUntil: new Date(now + REFRESH_MS).toISOString(),
		session: client.seal.encrypt({
			openid,
			accessToken: access_token,
			refreshToken: refresh_token,
		}),
	};
}

function openSession(
	{ seal }: Client,
	session: string,
	needed: keyof WebSession | 'sessionKey',
): Record<keyof WebSession | 'sessionKey', string> {
	const opened = seal.decrypt(session);
	if (opened && needed in opened) return opened as ReturnType<typeof openSession>;
	throw new UserError(
		'The session is not valid here',
		needed === 'sessionKey'
			? 'Take "session" from Mini Program Login: Exchange Code, with the same account and credential.'
			: 'Take "session" from Web Authorization: Exchange Code, or from WeChat Trigger, with the same account and credential.',
	);
}
