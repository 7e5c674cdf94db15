import { UserError } from '../base/userError';

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
		redirect_uri: checkRedirectUri(link.redirectUri),
		auth_type: String(link.authType),
		biz_appid: link.appId,
		category_id_list: permissions.join('|'),
	});
	return page === 'pc'
		? `https://mp.weixin.qq.com/cgi-bin/componentloginpage?${query}`
		: `https://open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1&${query}#wechat_redirect`;
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
	);
}
