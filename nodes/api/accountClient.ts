import { parseResponse, type Answer } from './response';
import { toAppKey, toApiUrl, type AccountKind, type App, callWithSecret } from './app';
import { createClient, type Client } from './apiClient';
import { sendHttp as realHttp, type Http } from '../base/http';
import { retry } from '../base/retry';
import { createStateSection, type StateSection, type Store } from './state';
import { toToken, createTokens, type Token } from './tokenCache';

/** WeChat itself rolls a stable token five minutes before its end. */
const EARLY_MS = 5 * 60_000;

/** Calls WeChat for one account, and knows what is stored for it. */
export interface AccountClient extends Client {
	kind(): Promise<AccountKind>;
	/** A part of what is stored, by name. */
	section(name: string): StateSection;
}

/** Calls WeChat for an official account, mini program or mobile app with its own secret. */
export function createAccountClient(
	app: App,
	store: Store,
	http: Http = realHttp,
	now: () => number = Date.now,
): AccountClient {
	const account = createTokens(
		{
			key: toAppKey(app),
			early: EARLY_MS,
			read: async () => (await store.read()).token,
			request: async (force) =>
				await retry(async () => await requestAccountToken(app, http, force, now), true),
			write: async (token) => await store.save({ token }),
		},
		now,
	);
	return {
		...createClient({ app, account }, http),
		// Nobody writes to a mobile app, so nobody asks for the kind of one.
		kind: async () => (app.kind === 'miniProgram' ? 'miniProgram' : 'officialAccount'),
		section: (name) => createStateSection(store, name),
	};
}

/**
 * Asks for a token: of a mobile app a new one each time, of all others a stable one. Throws
 * {@link WechatError}.
 */
export async function requestAccountToken(
	app: App,
	http: Http,
	force: boolean,
	now: () => number,
): Promise<Token> {
	const asked = now();
	const answer = await (app.kind === 'mobileApp'
		? requestPlainToken(app, http)
		: requestStableToken(app, http, force));
	return toToken(answer.access_token, answer.expires_in, asked);
}

/**
 * getStableAccessToken. Calls within its lifetime return the same token, so several
 * processes agree without a store; `force` makes a new one, at most 20 times a day and every 30 s.
 */
async function requestStableToken(app: App, http: Http, force: boolean): Promise<Answer> {
	const { appId, appSecret } = app;
	const body = {
		grant_type: 'client_credential',
		appid: appId,
		secret: appSecret,
		force_refresh: force,
	};
	return await callWithSecret(app, http, '/cgi-bin/stable_token', body, [appSecret]);
}

/** Mobile apps (移动应用) get no stable tokens. Each new token ends the one before it, in about five minutes. */
async function requestPlainToken(app: App, http: Http): Promise<Answer> {
	const { appId, appSecret, proxyUrl } = app;
	const url = toApiUrl(app, '/cgi-bin/token');
	const query = { grant_type: 'client_credential', appid: appId, secret: appSecret };
	url.search = new URLSearchParams(query).toString();
	return parseResponse(await http({ method: 'GET', url, proxyUrl }), url.pathname, [appSecret]);
}
