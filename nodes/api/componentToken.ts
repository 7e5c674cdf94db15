import type { Answer } from './response';
import { toAppKey, type App, callWithSecret } from './app';
import { ApiError } from './apiError';
import { UserError } from '../base/userError';
import type { Http } from '../base/http';
import { retry } from '../base/retry';
import type { Store } from './state';
import { toToken, createTokens, type Token, type Tokens } from './tokenCache';

/** Tokens of platforms and of accounts behind them are renewed after 1 h 50 min. */
export const RENEW_EARLY_MS = 10 * 60_000;

/** The ticket is expired, or WeChat knows a newer one. */
const TICKET_REFUSED: ReadonlySet<number | string> = new Set([61005, 61006]);

/** Every such call names the platform. */
const callAsPlatform = async (
	app: App,
	http: Http,
	path: string,
	body: object,
	secrets: string[],
) => await callWithSecret(app, http, path, { component_appid: app.appId, ...body }, secrets);

/**
 * The token of a third-party platform (component_access_token). WeChat gives it for the newest ticket
 * that it pushed, 2 h at a time, and each new one ends the one before.
 */
export function createComponentTokens(
	app: App,
	store: Store,
	http: Http,
	now: () => number,
): Tokens {
	async function request(): Promise<Token> {
		const { ticket } = await store.read();
		if (!ticket) throw createNoTicketError();
		try {
			return await requestComponentToken(app, ticket.value, http, now);
		} catch (error) {
			if (!(error instanceof ApiError && TICKET_REFUSED.has(error.code))) throw error;
			const newest = (await store.read()).ticket;
			if (!newest || newest.value === ticket.value) throw error;
			return await requestComponentToken(app, newest.value, http, now);
		}
	}
	return createTokens(
		{
			key: toAppKey(app),
			early: RENEW_EARLY_MS,
			read: async () => (await store.read()).token,
			request,
			write: async (token) => await store.save({ token }),
		},
		now,
	);
}

/** Source: "Get the platform's token" (api_component_token). */
export async function requestComponentToken(
	app: App,
	ticket: string,
	http: Http,
	now: () => number,
): Promise<Token> {
	const asked = now();
	const path = '/cgi-bin/component/api_component_token';
	const body = { component_appsecret: app.appSecret, component_verify_ticket: ticket };
	const answer = await retry(
		async () => await callAsPlatform(app, http, path, body, [app.appSecret, ticket]),
		true,
	);
	return toToken(answer.component_access_token, answer.expires_in, asked);
}

/**
 * Makes WeChat push tickets again, the next within ten minutes; changes nothing when it already does.
 * Source: "Start the ticket push" (api_start_push_ticket).
 */
export async function startTicketPush(app: App, http: Http): Promise<void> {
	const path = '/cgi-bin/component/api_start_push_ticket';
	await callAsPlatform(app, http, path, { component_secret: app.appSecret }, [app.appSecret]);
}

/**
 * Sets the daily call counts of the platform or of an account back to zero, 10 times a month.
 * Source: "Reset the API call count with AppSecret" (component/clear_quota/v2).
 */
export async function clearQuota(app: App, appid: string, http: Http): Promise<Answer> {
	const path = '/cgi-bin/component/clear_quota/v2';
	return await callAsPlatform(app, http, path, { appid, appsecret: app.appSecret }, [
		app.appSecret,
	]);
}

export const createNoTicketError = () =>
	new UserError(
		'WeChat has not pushed a ticket (component_verify_ticket) for this platform yet',
		'WeChat pushes one every ten minutes: activate a workflow whose WeChat Trigger uses this credential, enter its address as Authorization Event URL (授权事件接收URL) at open.weixin.qq.com, and wait ten minutes. If none comes, run "Start Ticket Push" of the WeChat Open Platform node.',
	);
