import { createHash } from 'node:crypto';
import { UserError } from '../base/userError';
import type { App } from './app';
import { createSessionSeal, type VerifiedState } from './sessionSeal';

/**
 * An address that people open in a browser. WeChat reads it with the order and the case that its pages
 * show, and wants parameters that have no value left out.
 */
interface AuthorizationLink {
	/** A page with a QR code to scan, or a page for WeChat on the phone itself. */
	page: 'pc' | 'mobile';
	componentAppId: string;
	preAuthCode: string;
	redirectUri: string;
	/** Says that the link was made here, see signLinkState(). It comes back in the query of the address. */
	state: string;
	/** Which kinds of accounts the page offers (auth_type). */
	authType: number;
	/** The only account that may authorize (biz_appid). */
	appId?: string;
	/** The permission sets to ask for (category_id_list); those of the last full release without them. */
	permissions?: number[];
}

/** Creates the link by which the owner of an account authorizes a platform (授权链接). */
export function createAuthorizationUrl({
	page,
	permissions = [],
	...link
}: AuthorizationLink): string {
	const query = encodeQuery({
		component_appid: link.componentAppId,
		pre_auth_code: link.preAuthCode,
		redirect_uri: addState(checkRedirectUri(link.redirectUri), link.state),
		auth_type: String(link.authType),
		biz_appid: link.appId,
		category_id_list: permissions.join('|'),
	});
	return page === 'pc'
		? `https://mp.weixin.qq.com/cgi-bin/componentloginpage?${query}`
		: `https://open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1&${query}#wechat_redirect`;
}

/** The parameter of Redirect URI that holds the state. WeChat keeps what is there, and adds auth_code and expires_in. */
export const LINK_STATE = 'linkState';

function addState(redirectUri: string, state: string): string {
	const [address] = redirectUri.split('#');
	const fragment = redirectUri.slice(address.length);
	return `${address}${address.includes('?') ? '&' : '?'}${LINK_STATE}=${state}${fragment}`;
}

/** WeChat takes an authorization code for ten minutes after the owner has agreed. */
const CODE_MS = 600_000;

/** Sign-in links of accounts have keys of their own: no state of the one kind passes for one of the other. */
const createLinkSeal = (appSecret: string, componentAppId: string) =>
	createSessionSeal(appSecret, `${componentAppId} authorization`);

/**
 * Creates the state of an authorization link. Each link has its own, since each has its own `preAuthCode`.
 *
 * @param expiresAt When the code in the link ends, in milliseconds. Owners may come back until ten minutes later.
 */
export function signLinkState(app: App, preAuthCode: string, expiresAt: number): string {
	const name = createHash('sha256').update(preAuthCode).digest('hex').slice(0, 16);
	return createLinkSeal(app.appSecret, app.appId).signState(name, expiresAt + CODE_MS);
}

/** Verifies the state with which an owner came back. */
export const verifyLinkState = (
	{ appId, appSecret }: Pick<App, 'appId' | 'appSecret'>,
	state: string,
	now: number,
): VerifiedState | 'forged' | 'expired' => createLinkSeal(appSecret, appId).verifyState(state, now);

/**
 * Checks the state with which an owner came back to a page of the builder's own.
 *
 * @throws {UserError} when it is not of a link of this platform, or too old.
 */
export function checkLinkState(app: App, state: string, now: number): void {
	const verified = verifyLinkState(app, state.trim(), now);
	if (verified === 'forged')
		throw new UserError(
			'The link was not made by this platform',
			'Under Link State, enter linkState of the query, from a link of Authorization: Create Link with the same credential. If the owner used one, somebody has changed it.',
			'此链接不是由此第三方平台生成的：请在“链接状态”中填写同一凭据用“生成授权链接”所得链接中的 linkState；若账号管理员用的正是该链接，则参数已被改动。',
		);
	if (verified === 'expired')
		throw new UserError(
			'The authorization link is too old',
			'Give the owner a new link.',
			'授权链接已过期：请给账号管理员一个新的链接。',
		);
}

/** Encodes a query with the names that have a value. */
export const encodeQuery = (values: Record<string, string | undefined>) =>
	Object.entries(values)
		.filter(([, value]) => value)
		.map(([name, value = '']) => `${name}=${encodeURIComponent(value)}`)
		.join('&');

/**
 * Checks the address to which WeChat sends people back.
 *
 * @throws {UserError} when it is not a whole address.
 */
export function checkRedirectUri(redirectUri: string): string {
	const address = redirectUri.trim();
	if (/^https?:\/\/[^/?#]/i.test(address) && URL.canParse(address)) return address;
	throw new UserError(
		`"${address}" is no address to come back to`,
		'Under Redirect URI, enter a whole address that begins with https:// or http://.',
		`“${address}”不能用作回调地址：请在“回调地址”中填写以 https:// 或 http:// 开头的完整地址。`,
	);
}
