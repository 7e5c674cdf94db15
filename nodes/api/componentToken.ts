import { describeLostAnswer, HARMLESS } from '../base/connectionError';
import { UserError } from '../base/userError';
import { retryCall } from './apiClient';
import { callWithSecret, toAppKey, type App, type SecretCall } from './app';
import type { Answer } from './response';
import { hasCode, TICKET_REFUSED } from './returnCodes';
import type { Services } from './services';
import { createTokenStore, type Store } from './state';
import { toToken, type Token, type Tokens } from './tokenCache';

/** Tokens of platforms and of accounts behind them are renewed after 1 h 50 min. */
export const RENEW_EARLY_MS = 10 * 60_000;

/** Calls WeChat as a platform; each of these calls names it. */
const callAsPlatform = async (app: App, services: Services, call: SecretCall) =>
	await callWithSecret(app, services, {
		...call,
		body: { component_appid: app.appId, ...call.body },
	});

/**
 * The token of a third-party platform (component_access_token). WeChat gives it for the newest verify ticket, 2 h at a
 * time, and each new one ends the one before.
 */
export function createComponentTokens(app: App, store: Store, services: Services): Tokens {
	async function request(): Promise<Token> {
		const ticket = await store.readTicket();
		if (!ticket) throw createNoTicketError();
		try {
			return await requestComponentToken(app, ticket.value, services);
		} catch (error) {
			if (!hasCode(error, TICKET_REFUSED)) throw error;
			const newest = await store.readTicket();
			if (!newest || newest.value === ticket.value) throw error;
			return await requestComponentToken(app, newest.value, services);
		}
	}
	return services.tokens.open({
		key: toAppKey(app),
		early: RENEW_EARLY_MS,
		request,
		saved: createTokenStore(store),
	});
}

/** Requests the token of a platform for a verify ticket (api_component_token). */
async function requestComponentToken(app: App, ticket: string, services: Services): Promise<Token> {
	const asked = services.clock.now();
	const path = '/cgi-bin/component/api_component_token';
	const body = { component_appsecret: app.appSecret, component_verify_ticket: ticket };
	const request = async () =>
		await callAsPlatform(app, services, { path, body, isRepeatable: true });
	const answer = await retryCall(request, true, services);
	return toToken(answer.component_access_token, answer.expires_in, asked);
}

/**
 * Makes WeChat push verify tickets again, the next within ten minutes. Changes nothing when it already pushes them.
 *
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_startpushticket.html
 */
export async function startTicketPush(app: App, services: Services): Promise<void> {
	const path = '/cgi-bin/component/api_start_push_ticket';
	const body = { component_secret: app.appSecret };
	const call = { path, body, isRepeatable: true };
	await callAsPlatform(app, services, call).catch((error: unknown) => {
		throw describeLostAnswer(error, HARMLESS);
	});
}

/**
 * Sets the daily call counts of the platform or of an account back to zero, 10 times a month.
 *
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/openapi/api_componentclearquota_v2.html
 */
export async function clearQuota(app: App, appid: string, services: Services): Promise<Answer> {
	const path = '/cgi-bin/component/clear_quota/v2';
	const body = { appid, appsecret: app.appSecret };
	const call = { path, body, isRepeatable: false };
	return await callAsPlatform(app, services, call).catch((error: unknown) => {
		throw describeLostAnswer(error);
	});
}

export const createNoTicketError = () =>
	new UserError(
		'WeChat has not pushed a ticket (component_verify_ticket) for this platform yet',
		'WeChat pushes one every ten minutes: activate a workflow whose WeChat Trigger uses this credential, enter its address as Authorization Event URL (授权事件接收URL) at open.weixin.qq.com, and wait ten minutes. If none comes, run "Start Ticket Push" of the WeChat Open Platform node.',
		'微信尚未向此平台推送验证票据（component_verify_ticket）：请激活使用此凭据的 WeChat Trigger 工作流，在 open.weixin.qq.com 将其地址填为“授权事件接收URL”，等待十分钟；若仍没有，请运行 WeChat Open Platform 节点的“启动票据推送服务”。',
	);
