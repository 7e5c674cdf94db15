import { fetchFile, retryCall, type Call, type Client } from '../api/apiClient';
import { toAppKey } from '../api/app';
import { parseJsonBody, type Answer } from '../api/response';
import { systemServices, type Services } from '../api/services';
import { createTokenStore, type Store } from '../api/state';
import { callWithToken, toToken, type Token } from '../api/tokenCache';
import {
	ConnectionError,
	createStatusError,
	describeLostAnswer,
	type Peer,
} from '../base/connectionError';
import type { Http, HttpResponse } from '../base/http';
import { writeJson } from '../base/json';
import { encodeMultipart } from '../base/multipart';
import { createRedact, findSecrets, type Redact } from '../base/redact';
import { toServerUrl } from '../base/serverUrl';
import { UserError, type Hints } from '../base/userError';

/**
 * A Socialinzen server (socialinzen微信开放平台): a platform around one official account that people run
 * themselves. "The document" is its 微信开放平台文档, which is all that is known of it.
 */
export interface SocialinzenServer {
	/** e.g. https://wx.example.com; without `/apis/…`. */
	baseUrl: string;
	username: string;
	password: string;
	proxyUrl?: string;
}

export interface SocialinzenClient extends Pick<Client, 'send' | 'fetch'> {
	/** Ends the token at the server, and removes it here. */
	logOut(): Promise<void>;
	/** Where the browser of a visitor begins; the server sends it on to WeChat (微信网页授权). */
	webAuthorizationUrl(appId: string, scope: string): string;
}

type Refusal = Pick<SocialinzenError, 'errcode' | 'said' | 'path' | 'isLoginNeeded'> & Hints;

/** The server said no. */
export class SocialinzenError extends UserError {
	readonly errcode: number;
	/** The server's own words. */
	readonly said: string;
	readonly path: string;
	/** The server does not accept the token. */
	readonly isLoginNeeded: boolean;

	constructor({ errcode, said, path, isLoginNeeded, hint, chinese }: Refusal) {
		super(
			`The Socialinzen server refused the call: ${said} (errcode ${errcode})`,
			hint,
			`Socialinzen 服务器拒绝了调用（errcode ${errcode}）：${chinese}`,
		);
		this.name = 'SocialinzenError';
		this.errcode = errcode;
		this.said = said;
		this.path = path;
		this.isLoginNeeded = isLoginNeeded;
	}
}

const LOGIN = '/apis/user/login';
const LOGOUT = '/apis/user/logout';
const TOKEN_COOKIE = 'SocialinzenToken';
/** The document has forms with files (multipart/form-data) for all of these, also where there is no file. */
const MULTIPART = '/apis/materials/';

const DAY_S = 86_400;
const EARLY_MS = 60_000;

const PEER: Peer = {
	name: 'the Socialinzen server',
	hint: 'Check Base URL and Proxy URL in the credential.',
	chinese: '请检查凭据中的“Base URL”和“代理地址”。',
};

const HINTS = {
	page: {
		hint: 'Check Base URL in the credential: the address of the server, without /apis and the rest.',
		chinese: '请检查凭据中的“Base URL”，应是服务器的地址，不含 /apis 及之后的部分。',
	},
	login: {
		hint: 'Check User Name and Password in the credential. A new user can log in after opening the link in the confirmation mail.',
		chinese: '请检查凭据中的“用户名”和“密码”；新用户须先打开确认邮件中的链接才能登录。',
	},
	token: {
		hint: 'A new token did not help: the server may not allow this to the user of the credential.',
		chinese: '更换令牌后仍被拒绝，服务器可能不允许凭据的用户进行此操作。',
	},
	refusal: {
		hint: "The words are the server's own. Compare the fields of the node with what it expects.",
		chinese: '原因见服务器的原话，请对照其要求检查节点的字段。',
	},
};

/**
 * Names that the document probably misprints: `tile` next to `desc`, and
 * an l for each capital I. A server may follow either, so values are sent under all names.
 */
const MISPRINTS: Record<string, string[]> = {
	mediaId: ['mediald'],
	sceneId: ['senseId', 'senseld'],
	title: ['tile'],
};

/** Calls a server for the user of a credential: adds the token, and logs in again once when it is refused. */
export function createSocialinzenClient(
	server: SocialinzenServer,
	store: Store,
	services: Services = systemServices,
): SocialinzenClient {
	const { baseUrl, username, password } = server;
	const { http, clock } = services;
	const key = `socialinzen ${toAppKey({ appId: username, appSecret: password, baseUrl })}`;
	const tokens = services.tokens.open({
		key,
		early: EARLY_MS,
		request: async () => await retryCall(async () => await logIn(server, services), true, services),
		saved: createTokenStore(store),
	});

	const attempt = async (call: Call, token?: string) => {
		const signed = token ? { ...call, query: { access_token: token, ...call.query } } : call;
		const redact = createRedact([password, ...findSecrets([signed.query, signed.body])]);
		return await retryCall(
			async () => {
				const answer = parseSocialinzenResponse(
					await post(server, http, signed),
					call.path,
					redact,
				);
				return call.isShown ? redact(answer) : answer;
			},
			call.safe === true,
			services,
		).catch((error: unknown) => {
			throw call.safe && !call.ifLost ? error : describeLostAnswer(error, call.ifLost);
		});
	};

	return {
		async send(call) {
			if (call.bearer === 'none') return await attempt(call);
			return await callWithToken(
				tokens,
				isTokenRefused,
				async (token) => await attempt(call, token),
			);
		},
		async fetch(address) {
			const home = toSocialinzenUrl(server, '/');
			const { proxyUrl } = server;
			return await fetchFile(new URL(address, home), home, { http, peer: PEER, proxyUrl });
		},
		async logOut() {
			// The document has the server answer, and redirect to its home page; a token that it refuses has ended, too.
			await attempt({ path: LOGOUT }, await tokens.current()).catch((error: unknown) => {
				if (!isTokenRefused(error)) throw error;
			});
			services.tokens.delete(key);
			await store.save({ token: toToken('', 0, clock.now()) });
		},
		webAuthorizationUrl(appId, scope) {
			const url = toSocialinzenUrl(server, '/wxplatform/webauth');
			url.search = new URLSearchParams({ appid: appId, scope }).toString();
			return url.href;
		},
	};
}

/**
 * Requests a token (用户登录). It comes as a cookie, and lives as long as that.
 *
 * @throws {SocialinzenError} when the server refuses the user name or password.
 * @throws {ConnectionError} when there is no answer.
 * @throws {UserError} when the answer has no cookie.
 */
export async function logIn(
	server: SocialinzenServer,
	{ http, clock }: Pick<Services, 'http' | 'clock'>,
): Promise<Token> {
	const { username, password } = server;
	const asked = clock.now();
	const response = await post(server, http, { path: LOGIN, body: { username, password } });
	parseSocialinzenResponse(response, LOGIN, createRedact([password]), HINTS.login);
	for (const cookie of response.cookies ?? []) {
		const [, name, text] = /^\s*([^=;]+)=([^;]*)/.exec(cookie) ?? [];
		const value = name === TOKEN_COOKIE && decodeCookie(text.replace(/^"(.*)"$/, '$1'));
		if (value) return toToken(value, readLifetime(cookie, asked), asked);
	}
	throw new UserError(
		`The Socialinzen server accepted the login, but sent no cookie ${TOKEN_COOKIE}`,
		'Check that Base URL in the credential leads to the server itself, and that no proxy removes cookies.',
		`Socialinzen 服务器接受了登录，却没有返回 Cookie ${TOKEN_COOKIE}：请检查凭据中的“Base URL”是否直接指向该服务器，以及代理是否去掉了 Cookie。`,
	);
}

function decodeCookie(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Reads the lifetime of a cookie in seconds: Max-Age before Expires (RFC 6265). Without either, it is a day. */
function readLifetime(cookie: string, asked: number): number {
	const attribute = (name: string) => new RegExp(`;\\s*${name}=([^;]+)`, 'i').exec(cookie)?.[1];
	const maxAge = Number(attribute('max-age') ?? NaN);
	const expires = (Date.parse(attribute('expires') ?? '') - asked) / 1000;
	return [maxAge, expires].find(Number.isFinite) ?? DAY_S;
}

async function post(
	server: SocialinzenServer,
	http: Http,
	{ path, query, body = {}, files }: Call,
) {
	const url = toSocialinzenUrl(server, path);
	for (const [name, value] of Object.entries(query ?? {}))
		url.searchParams.set(name, String(value));
	const content = path.startsWith(MULTIPART)
		? encodeMultipart(toTexts(body), files ?? {})
		: {
				body: new URLSearchParams(toTexts(body)).toString(),
				contentType: 'application/x-www-form-urlencoded',
			};
	return await http({ peer: PEER, method: 'POST', url, ...content, proxyUrl: server.proxyUrl });
}

/** The fields of a form; what is nested goes as JSON, because the document calls all parameters json. */
function toTexts(body: Record<string, unknown>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(body).flatMap(([name, value]) => {
			const text = typeof value === 'string' ? value : writeJson(value);
			return [name, ...(MISPRINTS[name] ?? [])].map((printed) => [printed, text]);
		}),
	);
}

/**
 * Reads the answer without errcode and msg, or the list that it is.
 *
 * @throws {SocialinzenError} when the server says no.
 * @throws {ConnectionError} when a page came instead, such as that for the login.
 */
function parseSocialinzenResponse(
	response: HttpResponse,
	path: string,
	redact: Redact,
	words?: Hints,
): Answer {
	const { status, body } = response;
	const answer = parseJsonBody(body);
	// The server may pass on an answer of WeChat's, which has `errmsg`.
	const { errcode: code = 0, msg, errmsg, ...rest } = answer ?? {};
	const errcode = Number(code);
	const isOk = status >= 200 && status < 300;
	if (answer && isOk && errcode === 0) return Array.isArray(answer) ? answer : rest;
	if (errcode === 0) {
		const redirects = status < 400 && !isOk;
		const reason = redirects ? 'it redirects' : undefined;
		const reasonInChinese = redirects ? '服务器要求跳转' : undefined;
		const known = isLoginStatus(status) ? HINTS.token : HINTS.page;
		throw createStatusError(response, { peer: PEER, path, reason, reasonInChinese, ...known });
	}
	const said = redact(String(msg ?? errmsg ?? '')) || 'no reason';
	const isLoginNeeded =
		isLoginStatus(status) || TOKEN_DEAD.has(errcode) || /token|log ?in|登[录陆]/i.test(said);
	const fallback = isLoginNeeded ? HINTS.token : HINTS.refusal;
	throw new SocialinzenError({ errcode, said, path, isLoginNeeded, ...(words ?? fallback) });
}

/** Codes for a token that is not valid: the HTTP statuses, and those of WeChat, whose interface this one imitates. */
const TOKEN_DEAD: ReadonlySet<number> = new Set([401, 403, 40001, 40014, 42001]);

/** Whether a status means that a login is needed, such as a redirect to its page. */
const isLoginStatus = (status = 0) =>
	(status >= 300 && status < 400) || status === 401 || status === 403;

/**
 * Whether the token is refused. The document does not say how that looks, so all usual signs count: the HTTP status,
 * the codes of WeChat, and words. One login too many does no harm.
 */
const isTokenRefused = (error: unknown) =>
	error instanceof ConnectionError
		? isLoginStatus(error.status)
		: error instanceof SocialinzenError && error.isLoginNeeded;

const toSocialinzenUrl = ({ baseUrl }: SocialinzenServer, path: string): URL =>
	toServerUrl(baseUrl, path, {
		name: 'Base URL',
		example: 'https://wx.example.com',
		hint: 'Correct Base URL in the credential.',
	});
