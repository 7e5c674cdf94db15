import { createHash } from 'node:crypto';
import { toTimeAfter } from '../base/clock';
import { UserError } from '../base/userError';
import type { Client } from './apiClient';
import type { ApiError } from './apiError';
import { RENEW_EARLY_MS } from './componentToken';
import { readList, readObject, type Answer } from './response';
import { CODE_SPENT, hasCode, REFRESH_TOKEN_DEAD } from './returnCodes';
import type { Services } from './services';
import type { Grant, Store } from './state';
import { toToken, type Token, type Tokens } from './tokenCache';

/** The tokens of the accounts that authorized a platform. */
export interface Authorizers {
	getTokens(appId: string): Tokens;
	/**
	 * Exchanges an authorization code for tokens, and saves them. WeChat takes a code once, but it arrives twice, by
	 * push and by redirect: the second exchange finds what the first one saved.
	 *
	 * @param appId The account, if it is known. WeChat's list then helps when the code is spent and its tokens are not
	 * here.
	 * @returns The AppID of the account.
	 */
	exchange(code: string, appId?: string): Promise<string>;
	/**
	 * Fetches refresh tokens that are not saved from WeChat's list of authorized accounts. With `appId`, stops at that
	 * account and returns its entry.
	 */
	recover(appId?: string): Promise<Grant | undefined>;
	/** Drops the tokens of an account. */
	forget(appId: string): Promise<void>;
}

const LIST_PAGE = 500;
/** Another process may hold the same code: how long to wait for its tokens, in milliseconds. */
const PAUSES_MS = [200, 600, 1200];

/** `name` names the platform in this process, `platform` calls WeChat for it. */
export function createAuthorizers(
	name: string,
	platform: Client,
	store: Store,
	{ clock, tokens, exchanges }: Services,
): Authorizers {
	const { now } = clock;
	const { lock } = store;
	const toKey = (appId: string) => `${name} ${appId}`;

	type Renewed = Token & Pick<Grant, 'at' | 'refreshToken'>;

	const getTokens = (appId: string): Tokens =>
		tokens.open<Renewed>({
			key: toKey(appId),
			early: RENEW_EARLY_MS,
			request: async () => await requestToken(appId),
			saved: {
				read: async () => (await store.readAccount(appId))?.token,
				async write({ at, refreshToken, value, askedAt, expiresAt }) {
					const token = { value, askedAt, expiresAt };
					await store.save({ accounts: { [appId]: { at, refreshToken, token } } });
				},
				lock: lock && (async (work) => await lock(`account:${appId}`, work)),
			},
		});

	/** Uses the stored refresh token. When that is lost or dead, takes the one in WeChat's list. */
	async function requestToken(appId: string): Promise<Renewed> {
		const grant = await store.readAccount(appId);
		let dead: ApiError | undefined;
		if (grant?.refreshToken)
			try {
				return await renew(appId, grant);
			} catch (error) {
				if (!hasCode(error, REFRESH_TOKEN_DEAD)) throw error;
				dead = error;
			}
		const recovered = await recover(appId);
		if (recovered && recovered.refreshToken !== grant?.refreshToken)
			return await renew(appId, recovered);
		throw dead ?? createNotAuthorizedError(appId);
	}

	/**
	 * Requests a new token with a refresh token (api_authorizer_token).
	 *
	 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_getauthorizeraccesstoken.html
	 */
	async function renew(appId: string, { at, refreshToken }: Grant): Promise<Renewed> {
		const asked = now();
		const answer = await platform.send({
			path: '/cgi-bin/component/api_authorizer_token',
			bearer: 'component',
			body: { authorizer_appid: appId, authorizer_refresh_token: refreshToken },
			// A lost answer may hold a new refresh token: WeChat's list has it, too.
			safe: true,
		});
		const token = toAuthorizerToken(answer, asked);
		if (!token) throw createNotAuthorizedError(appId);
		return { ...token, at, refreshToken: String(answer.authorizer_refresh_token ?? refreshToken) };
	}

	/**
	 * Reads WeChat's list of authorized accounts, which holds refresh tokens (api_get_authorizer_list).
	 *
	 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/authorization-management/api_getauthorizerlist.html
	 */
	async function recover(wanted?: string): Promise<Grant | undefined> {
		const accounts = await store.readAccounts();
		const found: Record<string, Grant> = {};
		for (let offset = 0, total = 1; offset < total; offset += LIST_PAGE) {
			const answer = await platform.send({
				path: '/cgi-bin/component/api_get_authorizer_list',
				bearer: 'component',
				body: { offset, count: LIST_PAGE },
				safe: true,
			});
			total = Number(answer.total_count);
			for (const { authorizer_appid: appId, refresh_token } of readList<Listed>(answer.list))
				if (appId === wanted || !accounts[appId]?.refreshToken)
					found[appId] = {
						at: toTimeAfter(accounts[appId]?.at, now()),
						refreshToken: refresh_token,
					};
			if (wanted && found[wanted]) break;
		}
		if (Object.keys(found).length > 0) await store.save({ accounts: found });
		return wanted ? found[wanted] : undefined;
	}

	async function exchange(code: string, appId?: string): Promise<string> {
		const digest = createHash('sha256').update(code).digest('base64url').slice(0, 16);
		const exchangeIt = async () => await exchangeOnce(code, digest, appId);
		return await exchanges.run(
			toKey(digest),
			async () => await (lock ? lock(`code:${digest}`, exchangeIt) : exchangeIt()),
		);
	}

	/**
	 * Requests the tokens behind a code (api_query_auth).
	 *
	 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_getauthorizerrefreshtoken.html
	 */
	async function exchangeOnce(code: string, digest: string, expected = ''): Promise<string> {
		const holder = await readHolder(digest);
		if (holder) return holder;
		const asked = now();
		let answer: Answer;
		try {
			answer = await platform.send({
				path: '/cgi-bin/component/api_query_auth',
				bearer: 'component',
				body: { authorization_code: code },
			});
		} catch (error) {
			const isSpent = hasCode(error, CODE_SPENT);
			const rival = isSpent ? await waitForHolder(digest) : undefined;
			if (rival) return rival;
			if (isSpent && expected && (await recover(expected))) return expected;
			throw error;
		}
		const info = readObject(answer.authorization_info);
		const appId = String(info.authorizer_appid ?? expected);
		if (!appId)
			throw new UserError(
				'WeChat exchanged the code, but its answer does not say for which account',
				'Go on with the AppID of the account: its tokens are taken from WeChat’s list of authorized accounts.',
				'微信接受了授权码，但没有说明是哪个账号：请直接使用该账号的 AppID，其令牌会从已授权账号列表中取得。',
			);
		const token = toAuthorizerToken(info, asked);
		const refreshToken = String(info.authorizer_refresh_token ?? '') || undefined;
		// The previous refresh token is dead, and WeChat sends this one only once: save it before anything else.
		const at = await dateChange(appId);
		await store.save({ accounts: { [appId]: { at, refreshToken, token, code: digest } } });
		if (token) tokens.set(toKey(appId), token);
		else tokens.delete(toKey(appId));
		return appId;
	}

	async function waitForHolder(digest: string): Promise<string | undefined> {
		for (const ms of PAUSES_MS) {
			const holder = await readHolder(digest);
			if (holder) return holder;
			await clock.sleep(ms);
		}
		return await readHolder(digest);
	}

	/** The account whose tokens a code has brought. While that cannot be read, WeChat tells whether the code is spent. */
	const readHolder = async (digest: string) =>
		await store.findAccount('code', digest).catch(() => undefined);

	/** Later than what is stored, whatever clock has dated that. What cannot be read does not keep a change from being saved. */
	async function dateChange(appId: string): Promise<number> {
		const stored = await store.readAccount(appId).catch(() => undefined);
		return toTimeAfter(stored?.at, now());
	}

	async function forget(appId: string): Promise<void> {
		tokens.delete(toKey(appId));
		await store.save({ accounts: { [appId]: { at: await dateChange(appId), gone: true } } });
	}

	return { getTokens, exchange, recover, forget };
}

interface Listed {
	authorizer_appid: string;
	refresh_token: string;
}

/** The token in an answer; accounts without API rights have none. */
function toAuthorizerToken(answer: Answer, asked: number): Token | undefined {
	if (!answer.authorizer_access_token) return undefined;
	return toToken(answer.authorizer_access_token, answer.expires_in, asked);
}

const createNotAuthorizedError = (appId: string) =>
	new UserError(
		`The account ${appId} has not authorized this platform`,
		'Check the AppID. To let the account authorize, send its owner a link from Authorization: Create Link of the WeChat Open Platform node.',
		`账号 ${appId} 没有授权给此第三方平台：请检查 AppID，或用 WeChat Open Platform 节点的“生成授权链接”生成链接，发给账号管理员。`,
	);
