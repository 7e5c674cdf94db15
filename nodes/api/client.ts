import { fingerprint, requestToken, urlOf, type Account } from './account';
import { judge, judgeFile, type Answer } from './answer';
export type { Answer };
import { WechatError } from './errors';
import { http as realHttp, type Http, type HttpResponse } from './http';
import { tokensFor, type Store } from './tokens';

/** One call, without the token. */
export interface Call {
	method?: 'GET' | 'POST';
	path: string;
	host?: 'api' | 'mp';
	query?: Record<string, unknown>;
	/** Sent as JSON. */
	body?: Record<string, unknown>;
	/** The few calls that take no token say so. */
	withoutToken?: boolean;
}

export interface Download {
	bytes: Buffer;
	contentType: string;
	/** As WeChat names it, e.g. `MEDIA_ID.jpg`; empty when it does not. */
	fileName: string;
}

export interface Client {
	/** Sends a call and returns WeChat's answer without errcode and errmsg. Throws {@link WechatError}. */
	send(call: Call): Promise<Answer>;
	/** Like send, for calls that answer with a file; some answer with JSON for some files. */
	download(call: Call): Promise<Download | Answer>;
	/** The file at an address that WeChat named, such as a video's. */
	fetch(address: string): Promise<Download>;
}

/**
 * Calls WeChat for one account: adds the token, judges the answer, and renews the token once when WeChat
 * refuses it (40001, 40014, 42001).
 */
export function clientFor(
	account: Account,
	store: Store,
	http: Http = realHttp,
	now: () => number = Date.now,
): Client {
	const tokens = tokensFor(
		fingerprint(account),
		async (force) => await requestToken(account, http, force, now),
		store,
		now,
	);

	async function request(call: Call, token?: string): Promise<HttpResponse> {
		const url = urlOf(account, call.path, call.host);
		if (token !== undefined) url.searchParams.set('access_token', token);
		for (const [key, value] of Object.entries(call.query ?? {}))
			if (value !== undefined) url.searchParams.set(key, String(value));
		const method = call.method ?? 'POST';
		return await http({
			method,
			url,
			...(method === 'POST' && {
				body: JSON.stringify(call.body ?? {}, wellFormed),
				contentType: 'application/json',
			}),
			proxyUrl: account.proxyUrl,
		});
	}

	/** `read` throws when WeChat said no. */
	async function perform<T>(
		call: Call,
		read: (response: HttpResponse, path: string, secrets: string[]) => T,
	): Promise<T> {
		if (call.withoutToken) return read(await request(call), call.path, []);
		const token = await tokens.current();
		try {
			return read(await request(call, token), call.path, [token]);
		} catch (error) {
			if (!(error instanceof WechatError && TOKEN_DEAD.has(error.code))) throw error;
		}
		const renewed = await tokens.renew(token);
		return read(await request(call, renewed), call.path, [renewed]);
	}

	return {
		send: async (call) => await perform(call, judge),
		download: async (call) =>
			await perform(call, (response, path, secrets) => {
				const answer = judgeFile(response, path, secrets);
				return answer ?? fileOf(response);
			}),
		async fetch(address) {
			const url = new URL(address);
			const response = await http({ method: 'GET', url, proxyUrl: account.proxyUrl });
			if (response.status === 200) return fileOf(response);
			throw new WechatError(`HTTP ${response.status}`, 'the file is not there', url.pathname);
		},
	};
}

/** The token is not valid any more; 40001 says the same of a token that somebody else replaced. */
const TOKEN_DEAD: ReadonlySet<number | string> = new Set([40001, 40014, 42001]);

/** Half an emoji would be written as an escape, which WeChat stores as it stands or refuses (40033). */
const wellFormed = (_: string, value: unknown) =>
	typeof value === 'string' ? value.toWellFormed() : value;

export function isDownload(answer: Download | Answer): answer is Download {
	return Buffer.isBuffer(answer.bytes);
}

function fileOf({ body, contentType, disposition }: HttpResponse): Download {
	const fileName = /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? '';
	return { bytes: body, contentType, fileName };
}
