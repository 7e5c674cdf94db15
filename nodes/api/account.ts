import { fingerprint, type AccountKind, type App } from './app';
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

/** Calls WeChat for an official account or mini program with its own secret. */
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
		kind: async () => app.kind ?? 'officialAccount',
		shelf: (name) => shelfIn(store, name),
	};
}

/**
 * Asks for a token (getStableAccessToken). Calls within its lifetime return the same token, so several
 * processes agree without a store; `force` makes a new one, at most 20 times a day and every 30 s.
 */
export async function requestToken(
	app: App,
	http: Http,
	force: boolean,
	now: () => number,
): Promise<Token> {
	const { appId, appSecret } = app;
	const body = {
		grant_type: 'client_credential',
		appid: appId,
		secret: appSecret,
		force_refresh: force,
	};
	const asked = now();
	const answer = await ask(app, http, '/cgi-bin/stable_token', body, [appSecret]);
	return tokenOf(answer.access_token, answer.expires_in, asked);
}
