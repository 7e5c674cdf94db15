import { createRedact, findSecrets } from '../base/redact';
import { sendToApi } from './apiHosts';
import { callWithSecret, toApiUrl, toAppKey, type AccountKind, type App } from './app';
import { createClient, retryCall, type Client } from './apiClient';
import { parseResponse, type Answer } from './response';
import { systemServices, type Services } from './services';
import {
	createStateSection,
	createTicketStore,
	createTokenStore,
	type StateSection,
	type Store,
} from './state';
import { toToken, type Token, type Tokens } from './tokenCache';

/** WeChat itself rolls a stable token five minutes before its end. */
const EARLY_MS = 5 * 60_000;

/** Calls WeChat for one account, and reads what is saved for it. */
export interface AccountClient extends Client {
	kind(): Promise<AccountKind>;
	/** A named part of the saved state. */
	section(name: string): StateSection;
}

/** Calls WeChat for an official account, mini program or mobile app with its own secret. */
export function createAccountClient(
	app: App,
	store: Store,
	services: Services = systemServices,
): AccountClient {
	const isSaved = app.kind === 'mobileApp' || store.lock;
	const account = createAccountTokens(app, services, isSaved ? store : undefined);
	return {
		...createClient({ app, account }, services),
		// Nobody writes to a mobile app, so nobody asks for the kind of one.
		kind: async () =>
			app.kind === undefined || app.kind === 'mobileApp' ? 'officialAccount' : app.kind,
		openTicketStore: (type) => createTicketStore(store, `${type} ${app.appId}`),
		section: (name) => createStateSection(store, name),
	};
}

/**
 * The token of an account with its own secret. WeChat returns a stable token again for as long as it lives: it is saved
 * only for others to use at once.
 */
export const createAccountTokens = (app: App, services: Services, store?: Store): Tokens =>
	services.tokens.open({
		key: toAppKey(app),
		early: EARLY_MS,
		request: async (force) =>
			await retryCall(async () => await requestAccountToken(app, services, force), true, services),
		...(store && { saved: createTokenStore(store) }),
	});

/**
 * Requests a token: of a mobile app a new one each time, of all others a stable one.
 *
 * @throws {ApiError} when WeChat refuses AppID, AppSecret or the address of this n8n.
 */
export async function requestAccountToken(
	app: App,
	services: Services,
	force: boolean,
): Promise<Token> {
	const asked = services.clock.now();
	const answer = await (app.kind === 'mobileApp'
		? requestPlainToken(app, services)
		: requestStableToken(app, services, force));
	return toToken(answer.access_token, answer.expires_in, asked);
}

/**
 * Requests a stable token (getStableAccessToken). Calls within its lifetime return the same token, so several
 * processes agree without a store. `force` makes a new one, at most 20 times a day and every 30 s.
 */
async function requestStableToken(app: App, services: Services, force: boolean): Promise<Answer> {
	const { appId, appSecret } = app;
	const body = {
		grant_type: 'client_credential',
		appid: appId,
		secret: appSecret,
		force_refresh: force,
	};
	const path = '/cgi-bin/stable_token';
	return await callWithSecret(app, services, { path, body, isRepeatable: !force });
}

/** Mobile apps (移动应用) get no stable tokens. Each new token ends the one before it, in about five minutes. */
async function requestPlainToken(app: App, services: Services): Promise<Answer> {
	const { appId, appSecret } = app;
	const url = toApiUrl(app, '/cgi-bin/token');
	const query = { grant_type: 'client_credential', appid: appId, secret: appSecret };
	url.search = new URLSearchParams(query).toString();
	const response = await sendToApi(app, services, { method: 'GET', url, isRepeatable: true });
	return parseResponse(response, url.pathname, createRedact(findSecrets(query)));
}
