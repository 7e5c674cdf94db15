import {
	ConnectionError,
	createStatusError,
	describeLostAnswer,
	type Peer,
} from '../base/connectionError';
import { detectFileType, isTextType } from '../base/fileType';
import type { Http, HttpMethod, HttpResponse } from '../base/http';
import { writeJson } from '../base/json';
import { encodeMultipart, type Upload } from '../base/multipart';
import { findPublicAddresses } from './publicAddress';
import { createRedact, findSecrets, type Redact } from '../base/redact';
import { retry } from '../base/retry';
import { UserError } from '../base/userError';
import { ApiError, findRemedy } from './apiError';
import { sendToApi } from './apiHosts';
import { toApiUrl, toAppKey, type App } from './app';
import { checkIsFile, toDownload, type Download } from './download';
import { parseFileResponse, parseResponse, WECHAT, type Answer } from './response';
import type { Services } from './services';
import { fetchWebFile } from './webFile';
import { createSessionSeal, type SessionSeal } from './sessionSeal';
import { callWithToken, type Tokens, type TokenSource } from './tokenCache';

export type { Answer };

/** What allows a call. */
export type Bearer =
	/** The token of the account. */
	| 'account'
	/** The AppID and secret of the account; on behalf of it, AppID and token of the platform. */
	| 'app'
	/** The same for calls to which the AppID alone is enough. */
	| 'appId'
	/** The token of the third-party platform. */
	| 'component'
	/** The call itself, such as a ticket in it. */
	| 'none';

/** One call, without the token. */
export interface Call {
	/** Default POST. WeChat Pay knows all of them, other servers the first two. */
	method?: HttpMethod;
	path: string;
	host?: 'api' | 'mp';
	query?: Record<string, unknown>;
	/** Sent as JSON, or as a form when there are files. */
	body?: Record<string, unknown>;
	/** By the name of their part. */
	files?: Record<string, Upload>;
	/** Sent as it is, instead of `body` and `files`. */
	content?: Omit<Upload, 'fileName'>;
	/**
	 * Whether the call changes nothing, so that it can be sent again after a broken connection. Default: whether it is
	 * a GET.
	 */
	safe?: boolean;
	/** What to do before a call that changes something is sent again when its answer was lost, as a sentence. */
	ifLost?: string;
	/** Places in the body whose texts WeChat Pay wants encrypted, such as `receivers.*.name`. */
	encrypted?: readonly string[];
	/** Names of fields whose values are secrets in this call only, such as `code`. */
	secrets?: readonly string[];
	/** Whether the answer is for an output, where no secret of the call may come back. */
	isShown?: boolean;
	/** Default `account`. */
	bearer?: Bearer;
}

export interface Client {
	/**
	 * Sends a call and returns WeChat's answer without errcode and errmsg.
	 *
	 * @throws {ApiError} when WeChat refuses it.
	 * @throws {ConnectionError} when there is no answer.
	 */
	send(call: Call): Promise<Answer>;
	/** Like send, for calls that answer with a file; some answer with JSON for some files. */
	download(call: Call): Promise<Download | Answer>;
	/** The file at an address that WeChat named, such as a video's. */
	fetch(address: string): Promise<Download>;
	/** The file at an address that somebody else named, such as a picture in a text, see {@link fetchWebFile}. */
	fetchWebFile(url: URL): Promise<Download>;
	/** The account, and the third-party platform that acts for it. */
	appId: string;
	componentAppId?: string;
	/** Names the account and the credential in this process. */
	key: string;
	seal: SessionSeal;
	/** Where tickets of a kind are saved for other processes. */
	openTicketStore?(type: string): TokenSource['saved'];
	/** Shared by all clients of the process. */
	services: Services;
}

/** Who calls: an account with its own secret, an account by way of a platform, or a platform itself. */
interface Caller {
	/** The app whose secret counts, and the way to reach WeChat. */
	app: App;
	/** The account, when there is one. */
	appId?: string;
	account?: Tokens;
	component?: Tokens;
	/** What the code of an error says about this caller. */
	explain?(error: ApiError): Promise<ApiError>;
}

/**
 * Calls WeChat for one caller. Adds the token, reads the answer, and renews the token once when WeChat refuses it.
 */
export function createClient(caller: Caller, services: Services): Client {
	const { app, appId = app.appId, explain = async (error) => error } = caller;
	const { http } = services;

	async function request(call: Call, isRepeatable: boolean) {
		const { path, host, query, body, files, content, method = 'POST' } = call;
		const url = toApiUrl(app, path, host);
		for (const [key, value] of Object.entries(query ?? {}))
			if (value !== undefined) url.searchParams.set(key, String(value));
		return await sendToApi(app, services, {
			method,
			url,
			...(method === 'POST' && encodeBody(body ?? {}, files, content)),
			isRepeatable,
		});
	}

	/** `read` throws when WeChat said no. */
	async function perform<T>(
		call: Call,
		read: (response: HttpResponse, path: string, redact: Redact) => T,
	): Promise<T> {
		const { signed, tokens, parameter } = sign(call, caller);
		const secrets = findSecrets([signed.query, signed.body], call.secrets);
		secrets.push(app.appSecret);
		const safe = call.safe ?? call.method === 'GET';
		const sendOnce = async (query: Call['query']) => {
			const redact = createRedact(secrets);
			return await retryCall(
				async () => read(await request({ ...signed, query }, safe), call.path, redact),
				safe,
				services,
			).catch((error: unknown) => {
				throw safe && !call.ifLost ? error : describeLostAnswer(error, call.ifLost);
			});
		};
		const attempt = async (token: string) => {
			secrets.push(token);
			return await sendOnce({ [parameter]: token, ...signed.query });
		};
		try {
			if (!tokens) return await sendOnce(signed.query);
			return await callWithToken(tokens, isTokenDead, attempt);
		} catch (error) {
			throw error instanceof ApiError ? await explain(error) : error;
		}
	}

	return {
		appId,
		componentAppId: caller.component && app.appId,
		key: `${toAppKey(app)} ${appId}`,
		seal: createSessionSeal(app.appSecret, appId),
		services,
		send: async (call) =>
			await perform(call, (response, path, redact) => {
				const answer = parseResponse(response, path, redact);
				return call.isShown ? redact(answer) : answer;
			}),
		download: async (call) =>
			await perform(call, (response, path, redact) => {
				const answer = parseFileResponse(response, path, redact);
				const clean = call.isShown ? redact : <T>(said: T) => said;
				return answer ? clean(answer) : cleanText(toDownload(response), clean);
			}),
		async fetch(address) {
			if (!URL.canParse(address))
				throw new UserError(
					'WeChat named no address of the file',
					'It may be gone: WeChat keeps temporary media for three days.',
					'微信没有给出文件的地址：文件可能已失效，临时素材只保留三天。',
				);
			const { proxyUrl } = app;
			return await fetchFile(new URL(address), toApiUrl(app, '/'), {
				http,
				peer: WECHAT,
				proxyUrl,
			});
		},
		fetchWebFile: async (url) =>
			await retryCall(
				async () => await fetchWebFile(url, toApiUrl(app, '/'), { http, proxyUrl: app.proxyUrl }),
				true,
				services,
			),
	};
}

/** Cuts secrets out of a text that came as a file; other files stay as they are. */
function cleanText(file: Download, clean: Redact): Download {
	const type = detectFileType(file.bytes);
	if (type && !isTextType(type)) return file;
	// Each byte is one character, whatever the text is written in.
	return { ...file, bytes: Buffer.from(clean(file.bytes.toString('latin1')), 'latin1') };
}

interface Signed {
	/** The complete call, except for its token. */
	signed: Call;
	tokens?: Tokens;
	/** Name of the token in the query. */
	parameter: string;
}

function sign(call: Call, { app, appId = app.appId, account, component }: Caller): Signed {
	const { bearer = 'account', path, query, body } = call;
	const unsigned = { signed: call, parameter: 'access_token' };
	if (bearer === 'none') return unsigned;
	if (bearer === 'account') {
		if (!account)
			throw new UserError(
				'No account is chosen',
				'Choose one under Account.',
				'没有选择账号：请在“授权账号”中选择。',
			);
		return { ...unsigned, tokens: account };
	}
	if (bearer === 'component') {
		if (!component)
			throw new UserError(
				'This is only possible for a third-party platform (第三方平台)',
				'WeChat takes this call only with the token of a platform. Use the node WeChat Open Platform, or choose Third-Party Platform in "Authentication".',
				'此接口只能由第三方平台调用：请使用 WeChat Open Platform 节点，或在“凭据类型”中选择第三方平台。',
			);
		// All of these calls name the platform. Only the path shows what they call its token.
		const own = path.startsWith('/cgi-bin/component/');
		const named = path.startsWith('/cgi-bin/component/api_');
		return {
			...unsigned,
			signed: named ? { ...call, body: { component_appid: app.appId, ...body } } : call,
			tokens: component,
			parameter: own ? 'component_access_token' : 'access_token',
		};
	}
	if (component) {
		const onBehalf = { appid: appId, component_appid: app.appId, ...query };
		return {
			signed: { ...call, path: path.replace(/\/(?=[^/]+$)/, '/component/'), query: onBehalf },
			tokens: component,
			parameter: 'component_access_token',
		};
	}
	const secret = bearer === 'app' ? { secret: app.appSecret } : {};
	return {
		...unsigned,
		signed: { ...call, query: { appid: appId, ...secret, ...query } },
	};
}

const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/** Whether a call was refused because its token is not valid any more. */
const isTokenDead = (error: unknown) => findRemedy(error) === 'renew';

/**
 * Repeats a call that WeChat says it has not carried out. A call whose connection broke half-way may have taken effect:
 * it is repeated only when it changes nothing (`safe`). Pauses are about 0.5, 1 and 2 s long.
 */
export async function retryCall<T>(
	work: () => Promise<T>,
	safe: boolean,
	{ clock, random }: Pick<Services, 'clock' | 'random'>,
): Promise<T> {
	const mayRepeat = (error: unknown) =>
		findRemedy(error) === 'wait' ||
		(safe && error instanceof ConnectionError && error.isInterrupted);
	return await retry(
		work,
		(error, failed) =>
			failed < TRIES && mayRepeat(error)
				? FIRST_PAUSE_MS * 2 ** (failed - 1) * (0.5 + random())
				: undefined,
		clock,
	);
}

function encodeBody(body: Record<string, unknown>, files: Call['files'], content: Call['content']) {
	if (content) return { body: content.bytes, contentType: content.contentType };
	if (files) return encodeMultipart(body, files);
	return { body: writeJson(body), contentType: 'application/json' };
}

/**
 * Fetches the file at an address that `server` named; no token goes there.
 *
 * @throws {UserError} when the address is inside the network of n8n.
 * @throws {ConnectionError} when the file is not there.
 * @throws {NoFileError} when a page or JSON is there.
 */
export async function fetchFile(
	url: URL,
	server: URL,
	{ http, peer, proxyUrl }: { http: Http; peer: Peer; proxyUrl?: string },
): Promise<Download> {
	const addresses = await findPublicAddresses(url, server);
	const response = await http({ peer, method: 'GET', url, proxyUrl, addresses });
	const reason = 'the file is not there';
	const reasonInChinese = '文件不在该地址';
	if (response.status !== 200)
		throw createStatusError(response, { peer, reason, reasonInChinese, path: url.pathname });
	checkIsFile(response, peer.name);
	return toDownload(response);
}
