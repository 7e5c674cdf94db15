import { judge, type Answer } from './answer';
import { fingerprint, urlOf, type AccountKind, type App } from './app';
import { ask } from './ask';
import { clientFor, type Client } from './client';
import { http as realHttp, type Http } from './http';
import { withRetry } from './retry';
import { shelfIn, type OneShelf } from './shelf';
import type { Store } from './state';
import { tokenOf, tokensFor, type Token } from './tokens';

/** WeChat itself rolls a stable token five minutes before its end. */
const EARLY_MS = 5 * 60_000;

/** Calls WeChat for one account, and knows what is stored for it. */
export interface AccountClient extends Client {
	kind(): Promise<AccountKind>;
	/** A part of what is stored, by name. */
	shelf(name: string): OneShelf;
}

/** Calls WeChat for an official account, mini program or mobile app with its own secret. */
export function accountFor(
	app: App,
	store: Store,
	http: Http = realHttp,
	now: () => number = Date.now,
): AccountClient {
	const account = tokensFor(
		{
			key: fingerprint(app),
			early: EARLY_MS,
			read: async () => (await store.read()).token,
			request: async (force) =>
				await withRetry(async () => await requestToken(app, http, force, now), true),
			write: async (token) => await store.save({ token }),
		},
		now,
	);
	return {
		...clientFor({ app, account }, http),
		// Nobody writes to a mobile app, so nobody asks for the kind of one.
		kind: async () => (app.kind === 'miniProgram' ? 'miniProgram' : 'officialAccount'),
		shelf: (name) => shelfIn(store, name),
	};
}

/**
 * Asks for a token: of a mobile app a new one each time, of all others a stable one. Throws
 * {@link WechatError}.
 */
export async function requestToken(
	app: App,
	http: Http,
	force: boolean,
	now: () => number,
): Promise<Token> {
	const asked = now();
	const answer = await (app.kind === 'mobileApp'
		? askNewToken(app, http)
		: askStableToken(app, http, force));
	return tokenOf(answer.access_token, answer.expires_in, asked);
}

/**
 * getStableAccessToken. Calls within its lifetime return the same token, so several
 * processes agree without a store; `force` makes a new one, at most 20 times a day and every 30 s.
 */
async function askStableToken(app: App, http: Http, force: boolean): Promise<Answer> {
	const { appId, appSecret } = app;
	const body = {
		grant_type: 'client_credential',
		appid: appId,
		secret: appSecret,
		force_refresh: force,
	};
	return await ask(app, http, '/cgi-bin/stable_token', body, [appSecret]);
}

/** Mobile apps (移动应用) get no stable tokens. Each new token ends the one before it, in about five minutes. */
async function askNewToken(app: App, http: Http): Promise<Answer> {
	const { appId, appSecret, proxyUrl } = app;
	const url = urlOf(app, '/cgi-bin/token');
	const query = { grant_type: 'client_credential', appid: appId, secret: appSecret };
	url.search = new URLSearchParams(query).toString();
	return judge(await http({ method: 'GET', url, proxyUrl }), url.pathname, [appSecret]);
}
