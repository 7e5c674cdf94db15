import { createHash } from 'node:crypto';
import type { Http } from './http';
import { judge } from './answer';
import type { Token } from './tokens';

/** Whom a call is made for: an official account or mini program with its own AppID and secret. */
export interface Account {
	appId: string;
	appSecret: string;
	/** e.g. https://api.weixin.qq.com, or a relay with a fixed address in front of it. */
	baseUrl: string;
	proxyUrl?: string;
}

const API = 'https://api.weixin.qq.com';
const PAGES = 'https://mp.weixin.qq.com';

/** Names an account and its secret without telling them; a new secret makes a new name. */
export function fingerprint({ appId, appSecret, baseUrl }: Account): string {
	return createHash('sha256').update([appId, appSecret, baseUrl].join('\n')).digest('base64url');
}

/**
 * Where a path is found. The few paths of mp.weixin.qq.com go there, except behind a relay, which
 * stands in for both hosts.
 */
export function urlOf({ baseUrl }: Account, path: string, host: 'api' | 'mp' = 'api'): URL {
	const base = (baseUrl || API).replace(/\/+$/, '');
	if (!/^https?:\/\/[^/]/.test(base) || !URL.canParse(base))
		throw new Error('"API Base URL" is not an address such as https://api.weixin.qq.com.');
	return new URL((host === 'mp' && base === API ? PAGES : base) + path);
}

/**
 * Asks for a token (getStableAccessToken). Calls within its lifetime return the same token, so several
 * processes agree without a store; `force` makes a new one, at most 20 times a day and every 30 s.
 */
export async function requestToken(
	account: Account,
	http: Http,
	force: boolean,
	now: () => number,
): Promise<Token> {
	const { appId, appSecret, proxyUrl } = account;
	const url = urlOf(account, '/cgi-bin/stable_token');
	const body = JSON.stringify({
		grant_type: 'client_credential',
		appid: appId,
		secret: appSecret,
		force_refresh: force,
	});
	const asked = now();
	const response = await http({
		method: 'POST',
		url,
		body,
		contentType: 'application/json',
		proxyUrl,
	});
	const answer = judge(response, url.pathname, [appSecret]);
	return {
		value: String(answer.access_token),
		askedAt: asked,
		expiresAt: asked + Number(answer.expires_in) * 1000,
	};
}
