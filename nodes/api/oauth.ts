import { UserError } from '../base/userError';
import type { Client } from './apiClient';
import { checkRedirectUri, encodeQuery } from './authorizationLink';
import type { Answer } from './response';
import { hasCode, SESSION_OVER } from './returnCodes';
import { openSession } from './sessionSeal';

/**
 * A user who signed in. Whoever has the tokens and keys can act as that user, so they travel in `session`, which only
 * this pack can decrypt.
 */
export interface SignIn {
	openid: string;
	unionid?: string;
	session: string;
	[more: string]: unknown;
}

/** A user token lives 2 h, and can be renewed for 30 days. */
const REFRESH_MS = 30 * 24 * 3_600_000;

const SESSION_HINT =
	'Take "session" from Web Authorization: Exchange Code, or from WeChat Trigger, with the same account and credential.';

interface WebAuthorizationLink {
	/** The official account that the visitor meets. */
	appId: string;
	redirectUri: string;
	scope: 'snsapi_base' | 'snsapi_userinfo';
	/** Comes back with the code: at most 128 letters and digits. */
	state: string;
	/** The platform that acts for the account. */
	componentAppId?: string;
}

/**
 * Creates the link that tells a web page who its visitor is (网页授权).
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/h5/auth.html
 */
export function createWebAuthorizationUrl(link: WebAuthorizationLink): string {
	const query = encodeQuery({
		appid: link.appId,
		redirect_uri: checkRedirectUri(link.redirectUri),
		response_type: 'code',
		scope: link.scope,
		state: link.state,
		component_appid: link.componentAppId,
	});
	return `https://open.weixin.qq.com/connect/oauth2/authorize?${query}#wechat_redirect`;
}

/**
 * Exchanges the code that a browser brought back (网页授权). It works once, for 5 minutes; also on behalf of an account.
 *
 * @see https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsaccesstoken.html
 */
export async function exchangeCode(client: Client, code: string): Promise<SignIn> {
	const answer = await client.send({
		method: 'GET',
		path: '/sns/oauth2/access_token',
		bearer: 'app',
		secrets: ['code'],
		query: { code, grant_type: 'authorization_code' },
	});
	return toSignIn(client, answer);
}

/**
 * Requests a new session for one whose two hours are over.
 *
 * @see https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsrefreshtoken.html
 */
export async function refreshSession(client: Client, session: string): Promise<SignIn> {
	const { refreshToken } = openSession(client, session, 'refreshToken', SESSION_HINT);
	const answer = await client.send({
		method: 'GET',
		path: '/sns/oauth2/refresh_token',
		bearer: 'appId',
		query: { grant_type: 'refresh_token', refresh_token: refreshToken },
	});
	return toSignIn(client, answer);
}

/**
 * Gets name and picture of the user. Needs the scope snsapi_userinfo.
 *
 * @see https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsuserinfo.html
 */
export async function getUserInfo(
	client: Client,
	session: string,
	lang = 'zh_CN',
): Promise<Answer> {
	const { openid, accessToken } = openSession(client, session, 'accessToken', SESSION_HINT);
	return await client.send({
		method: 'GET',
		path: '/sns/userinfo',
		bearer: 'none',
		query: { access_token: accessToken, openid, lang },
	});
}

/**
 * Checks whether the user token is still valid.
 *
 * @see https://developers.weixin.qq.com/doc/service/api/webdev/access/api_snsauth.html
 */
export async function checkSession(client: Client, session: string): Promise<boolean> {
	const { openid, accessToken } = openSession(client, session, 'accessToken', SESSION_HINT);
	const query = { access_token: accessToken, openid };
	try {
		await client.send({ method: 'GET', path: '/sns/auth', bearer: 'none', query });
		return true;
	} catch (error) {
		if (hasCode(error, SESSION_OVER)) return false;
		throw error;
	}
}

/**
 * Reads the text in the `state` of a link.
 *
 * @throws {UserError} when the state was not made by this account, or is too old.
 */
export function readState({ seal, services }: Client, state: string): string {
	const opened = seal.verifyState(state, services.clock.now());
	if (opened === 'forged')
		throw new UserError(
			'The state was not made by this account',
			'Take links from Web Authorization: Get Link, with the same account and credential. If the visitor used one, somebody has changed it.',
			'state 不是由此账号生成的：请用同一账号和凭据的“生成网页授权链接”获取链接；若访客用的正是该链接，则 state 已被改动。',
		);
	if (opened === 'expired')
		throw new UserError(
			'The link of this state is too old',
			'Give the visitor a new link.',
			'此 state 的链接已过期：请给访客一个新的链接。',
		);
	return opened.text;
}

function toSignIn({ seal, services }: Client, answer: Answer): SignIn {
	const now = services.clock.now();
	const { access_token, refresh_token, expires_in, ...rest } = answer;
	const openid = String(rest.openid);
	return {
		...rest,
		openid,
		expiresAt: new Date(now + Number(expires_in) * 1000).toISOString(),
		refreshableUntil: new Date(now + REFRESH_MS).toISOString(),
		session: seal.encrypt({
			openid,
			accessToken: access_token,
			refreshToken: refresh_token,
		}),
	};
}

/**
 * Creates the link to the page that asks for one message. The page wants its parameters in this order.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/One-time_subscription_info.html
 */
export function createOnceUrl(link: {
	appId: string;
	scene: string;
	template_id: string;
	redirectUri: string;
	reserved?: string;
}): string {
	if (!/^\d+$/.test(link.scene) || Number(link.scene) > 10_000)
		throw new UserError(
			'"Scene" must be a whole number from 0 to 10000',
			undefined,
			'“场景”应是 0 到 10000 之间的整数。',
		);
	const query = [
		['action', 'get_confirm'],
		['appid', link.appId],
		['scene', link.scene],
		['template_id', link.template_id],
		['redirect_url', checkRedirectUri(link.redirectUri)],
		['reserved', link.reserved],
	]
		.filter(([, value]) => value)
		.map(([name, value = '']) => `${name}=${encodeURIComponent(value)}`);
	return `https://mp.weixin.qq.com/mp/subscribemsg?${query.join('&')}#wechat_redirect`;
}
