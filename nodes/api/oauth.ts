import { UserError } from '../base/userError';
import type { Client } from './apiClient';
import { checkRedirectUri, encodeQuery } from './authorizationLink';
import type { Answer } from './response';
import { hasCode, SESSION_OVER } from './returnCodes';
import { openSession } from './sessionSeal';

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

/** Where a visitor of a web page says who they are. Source: "Web authorization" (网页授权). */
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
 * Web authorization (网页授权): takes the code that a browser brought back; it works once, for 5 minutes.
 * Source: "Exchange the code for a user token" (sns/oauth2/access_token), also on behalf of an account.
 */
export async function exchangeCode(client: Client, code: string): Promise<SignIn> {
	const answer = await client.send({
		method: 'GET',
		path: '/sns/oauth2/access_token',
		bearer: 'app',
		query: { code, grant_type: 'authorization_code' },
	});
	return toSignIn(client, answer);
}

/** Source: "Refresh the user token" (sns/oauth2/refresh_token). */
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

/** Name and picture of the user; needs the scope snsapi_userinfo. Source: "Get user info" (sns/userinfo). */
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

/** Whether the user token still holds. Source: "Check the user token" (sns/auth). */
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

/** The text in a `state` that was issued for a link. Throws {@link UserError} when it was not, or is too old. */
export function readState({ seal, services }: Client, state: string): string {
	const opened = seal.verifyState(state, services.clock.now());
	if (opened === 'forged')
		throw new UserError(
			'The state was not made by this account',
			'Take links from Web Authorization: Get Link, with the same account and credential. If the visitor used one, somebody has changed it.',
		);
	if (opened === 'expired')
		throw new UserError('The link of this state is too old', 'Give the visitor a new link.');
	return opened.text;
}

function toSignIn({ seal, services }: Client, answer: Answer): SignIn {
	const now = services.clock.now();
	const { access_token, refresh_token, expires_in, ...told } = answer;
	const openid = String(told.openid);
	return {
		...told,
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

/** The page that asks. It wants its parameters in this order. Source: "One-time subscription messages", step 1. */
export function createOnceUrl(link: {
	appId: string;
	scene: string;
	template_id: string;
	redirectUri: string;
	reserved?: string;
}): string {
	if (!/^\d+$/.test(link.scene) || Number(link.scene) > 10_000)
		throw new UserError('"Scene" must be a whole number from 0 to 10000');
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
