import { createHash } from 'node:crypto';
import { isIP, type LookupFunction } from 'node:net';
import type { buildConnector, Dispatcher, Pool } from 'undici';
import { createCache } from './cache';
import { systemClock, type Clock } from './clock';
import { ConnectionError, findTlsFailure, type Peer, type TlsFailure } from './connectionError';
import { UserError } from './userError';

export type HttpMethod = 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';

export interface HttpRequest {
	method: HttpMethod;
	url: URL;
	body?: string | Buffer;
	contentType?: string;
	/** What else the request says of itself, by header in lower case. */
	headers?: Readonly<Record<string, string>>;
	/** e.g. `http://user:password@proxy:3128`; otherwise HTTP_PROXY, HTTPS_PROXY and NO_PROXY count. */
	proxyUrl?: string;
	/** Whom the request goes to, as errors name it. */
	peer: Peer;
	/** For a server that knows its clients by it (mutual TLS). */
	certificate?: Partial<ClientCertificate>;
	/**
	 * Where the host is, when that was looked up and judged before: the connection goes there, whatever the name means
	 * by then. Empty when the name is unknown here: only a proxy is asked for it then.
	 */
	addresses?: readonly string[];
	/**
	 * For long polling: the server may be silent until this signal ends the wait. What waits has connections of its own,
	 * so that it keeps nothing else waiting.
	 */
	held?: AbortSignal;
}

/** Who calls, and whom to believe, all as PEM. Without the first two, nobody in particular calls. */
export interface ClientCertificate {
	cert: string;
	key: string;
	/** The only authority whose servers are believed; without it, those that Node.js knows. */
	ca?: string;
}

export interface HttpResponse {
	status: number;
	contentType: string;
	/** `Content-Disposition`, which servers send with files. */
	disposition: string;
	/** Where a redirect leads, as it stands in `Location`. */
	location?: string;
	/** Each `Set-Cookie` as it came. */
	cookies?: string[];
	/** All headers by their name in lower case, several of one name joined. */
	headers?: Readonly<Record<string, string>>;
	body: Buffer;
}

export type Http = (request: HttpRequest) => Promise<HttpResponse>;

type Undici = typeof import('undici');

/** undici takes 30 ms to load: not before somebody sends a request. */
let loaded: Promise<Undici> | undefined;

const CONNECT_MS = 10_000;
/**
 * Tries the addresses of a host one after another. n8n turns this off for its process (n8n 2.8.4 and 2.41.1), because
 * Node.js gives each but the last 250 ms, and from other continents that is too short. Then one dead address is an end.
 */
const TRY_ALL = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 2500 };
/** Until a connection through a proxy stands: to the proxy, from there to the server, and TLS. */
const TUNNEL_MS = 20_000;
/** How long a server may be silent. */
const ANSWER_MS = 30_000;
/** The whole call, however slowly its bytes come: 32 MB at 2 Mbit/s. */
const CALL_MS = 120_000;
/** Codes of failures; undici has the first one, too. */
const CONNECT_TIMEOUT = 'UND_ERR_CONNECT_TIMEOUT';
const TUNNEL_TIMEOUT = 'TUNNEL_TIMEOUT';
const CALL_TIMEOUT = 'CALL_TIMEOUT';
/** The caller of a long poll has called it off. */
export const WAIT_ENDED = 'WAIT_ENDED';
/** undici counts the bytes that came, but believes any length that is announced. */
const TOO_LARGE = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
/** More than any file that is asked for: the largest are videos of 10 MB. */
const MAX_BYTES = 32 * 1024 * 1024;
const CONNECTIONS_PER_ORIGIN = 32;
/** More than any n8n has bots. */
const HELD_CONNECTIONS = 1024;
const MAX_POOLS = 16;

/**
 * Sends one request. Any HTTP status is a response. Redirects are not followed.
 *
 * @throws {ConnectionError} when there is no response: it names the host, never the whole address.
 * @throws {UserError} when the proxy has no address.
 */
export const sendHttp = createHttp();

/** Creates what sends requests, with a clock of its own for the limits that undici does not keep. */
export function createHttp(clock: Clock = systemClock): Http {
	/**
	 * One pool of persistent connections for each proxy and certificate. Connections of one certificate are never used
	 * for another one. The pool that nobody used for longest is closed first.
	 */
	const pools = createCache<Dispatcher>({ max: MAX_POOLS, onEvict: (pool) => void pool.close() });

	function findPool(undici: Undici, way: Way): Dispatcher {
		const held = way.isHeld ? ' held' : '';
		const key = way.proxyUrl + toCertificateKey(way.certificate) + held;
		return pools.get(key) ?? pools.set(key, createPool(undici, way));
	}

	return async ({ addresses, proxyUrl = '', certificate, ...request }) => {
		loaded ??= import('undici');
		const undici = await loaded;
		const way = { proxyUrl, certificate, clock, isHeld: request.held !== undefined };
		// What goes to one address only is not kept: addresses change, and files are rare.
		const own = addresses && createPool(undici, { ...way, pin: { url: request.url, addresses } });
		const dispatcher = own ?? findPool(undici, way);
		try {
			return await limitTime(
				clock,
				async (signal) => await exchange(undici, request, { dispatcher, signal }),
				request.held,
			);
		} catch (error) {
			const [address] = sortAddresses(addresses ?? []);
			throw toConnectionError(error, { ...request, certificate, address });
		} finally {
			await own?.destroy();
		}
	};
}

async function exchange(
	undici: Undici,
	{ method, url, body, contentType, headers, held }: HttpRequest,
	way: { dispatcher: Dispatcher; signal: AbortSignal },
): Promise<HttpResponse> {
	const answer = await undici.request(url, {
		method,
		body,
		headers: { ...headers, ...(contentType && { 'content-type': contentType }) },
		// This time runs while the body is sent, too: a file may take as long as the whole call.
		headersTimeout: held || Buffer.isBuffer(body) ? CALL_MS : ANSWER_MS,
		bodyTimeout: ANSWER_MS,
		...way,
	});
	if (Number(answer.headers['content-length'] ?? 0) > MAX_BYTES) {
		answer.body.on('error', () => {}).destroy();
		throw createFailure(TOO_LARGE);
	}
	return {
		status: answer.statusCode,
		contentType: readFirst(answer.headers['content-type']),
		disposition: readFirst(answer.headers['content-disposition']),
		location: readFirst(answer.headers.location),
		cookies: [answer.headers['set-cookie'] ?? []].flat(),
		headers: Object.fromEntries(
			Object.entries(answer.headers).map(([name, value]) => [
				name,
				[value ?? ''].flat().join(', '),
			]),
		),
		body: Buffer.from(await answer.body.arrayBuffer()),
	};
}

/** Ends work that takes too long. The signal alone would not: undici hears it when a connection stands. */
async function limitTime<T>(
	clock: Clock,
	work: (signal: AbortSignal) => Promise<T>,
	held?: AbortSignal,
): Promise<T> {
	const abort = new AbortController();
	let cancel = () => {};
	let endWait = () => {};
	const end = new Promise<never>((_, reject) => {
		const finish = (code: string) => {
			reject(createFailure(code));
			abort.abort();
		};
		cancel = clock.later(CALL_MS, () => finish(CALL_TIMEOUT));
		endWait = () => finish(WAIT_ENDED);
		if (held?.aborted) endWait();
		held?.addEventListener('abort', endWait);
	});
	try {
		return await Promise.race([end, work(abort.signal)]);
	} finally {
		cancel();
		held?.removeEventListener('abort', endWait);
	}
}

/** How long a connection is waited for, and the code of the failure. */
interface Limit {
	ms: number;
	code: string;
}
const CONNECT_LIMIT: Limit = { ms: CONNECT_MS, code: CONNECT_TIMEOUT };
const TUNNEL_LIMIT: Limit = { ms: TUNNEL_MS, code: TUNNEL_TIMEOUT };

/** The way that a connection takes. */
interface Way {
	proxyUrl: string;
	certificate?: Partial<ClientCertificate>;
	clock: Clock;
	/** Whether servers hold what goes this way back until they have something to say. */
	isHeld: boolean;
	/** The only place that it may lead to. */
	pin?: { url: URL; addresses: readonly string[] };
}

function createPool(
	undici: Undici,
	{ proxyUrl, certificate, clock, pin, isHeld }: Way,
): Dispatcher {
	if (proxyUrl && !(/^(https?|socks5?):\/\/[^/]/i.test(proxyUrl) && URL.canParse(proxyUrl)))
		throw new UserError(
			'"Proxy URL" is not an address such as http://proxy.example.com:3128',
			'Correct Proxy URL in the credential, or leave it empty.',
			'“代理地址”不是 http://proxy.example.com:3128 这样的地址：请在凭据中更正，或留空。',
		);
	const options = {
		connections: isHeld ? HELD_CONNECTIONS : CONNECTIONS_PER_ORIGIN,
		maxResponseSize: MAX_BYTES,
		connect: {
			...TRY_ALL,
			...certificate,
			...(pin && { lookup: toLookup(pin.addresses) }),
		},
		// Through a proxy, the certificate goes to the server, not to the proxy.
		requestTls: {
			...certificate,
			...(pin && !isIP(pin.url.hostname) && { servername: pin.url.hostname }),
		},
		factory(origin: string | URL, { connect, ...rest }: Pool.Options) {
			// Only that of a proxy is a function.
			const isTunnel = typeof connect === 'function';
			const connector = isTunnel ? connect : undici.buildConnector(connect ?? {});
			const [address] = isTunnel ? sortAddresses(pin?.addresses ?? []) : [];
			const limit = isTunnel ? TUNNEL_LIMIT : CONNECT_LIMIT;
			const isOfProxy = isTunnel ? isProxyFailure : () => false;
			return new undici.Pool(origin, {
				...rest,
				connect: limitConnect(connector, { ...limit, clock, address, isOfProxy }),
			});
		},
	};
	return proxyUrl
		? new undici.ProxyAgent({ ...options, uri: proxyUrl })
		: new undici.EnvHttpProxyAgent(options);
}

/** IPv4 first: not every proxy reaches the other. */
const sortAddresses = (addresses: readonly string[]) =>
	[...addresses].sort((one, other) => isIP(one) - isIP(other));

/** Answers what was looked up before. */
function toLookup(addresses: readonly string[]): LookupFunction {
	const found = addresses.map((address) => ({ address, family: isIP(address) }));
	return (_host, { all }, callback) => {
		const [first] = found;
		if (!first) callback(createFailure('ENOTFOUND'), '');
		else if (all) callback(null, found);
		else callback(null, first.address, first.family);
	};
}

interface ConnectOptions {
	clock: Clock;
	address?: string;
	isOfProxy(error: Error): boolean;
}

const PROXY_RESPONSE = /^Proxy response \((\d+)\)/;
const UNREACHABLE =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * Whether a tunnel failed before its proxy tried to reach the server: nobody but the proxy is connected to, and a status
 * below 500 is its own refusal.
 */
function isProxyFailure({ message, code = '' }: Failed): boolean {
	const [, status = ''] = PROXY_RESPONSE.exec(message) ?? [];
	return UNREACHABLE.test(code) || /^[1-4]/.test(status);
}

/**
 * Ends the wait for a connection, also for what a proxy never answers, and marks failures before which nothing was sent.
 * A proxy is told `address`, where there is one, instead of the name, and so has nothing to look up.
 */
function limitConnect(
	connect: buildConnector.connector,
	{ ms, code, clock, address, isOfProxy }: Limit & ConnectOptions,
): buildConnector.connector {
	return (options, callback) => {
		let isOver = false;
		const finish: buildConnector.Callback = (...[error, socket]) => {
			if (isOver) return void socket?.destroy();
			isOver = true;
			cancel();
			if (error)
				callback(Object.assign(error, { isUnsent: true, isOfProxy: isOfProxy(error) }), null);
			else callback(null, socket);
		};
		const cancel = clock.later(ms, () => finish(createFailure(code), null));
		connect(address ? { ...options, host: toHost(address, options.port) } : options, finish);
	};
}

const toHost = (address: string, port: string) =>
	(isIP(address) === 6 ? `[${address}]` : address) + (port && `:${port}`);

const toCertificateKey = (certificate?: Partial<ClientCertificate>) =>
	certificate
		? ` ${createHash('sha256').update(JSON.stringify(certificate)).digest('base64url')}`
		: '';

type Failed = Error & { code?: string; isUnsent?: boolean; isOfProxy?: boolean };

const createFailure = (code: string): Failed => Object.assign(new Error(code), { code });

/** What went wrong, as a clause in both languages. */
type Reason = readonly [english: string, chinese: string];

/** Names the host only: the rest of the URL holds a token. `address`: what a proxy was told in place of its name. */
function toConnectionError(
	error: unknown,
	{
		url,
		peer,
		certificate,
		address,
	}: Pick<HttpRequest, 'certificate' | 'peer' | 'url'> & { address?: string },
): ConnectionError {
	const { code = 'no answer', isUnsent, isOfProxy, message } = error as Failed;
	const [, refusal] = PROXY_RESPONSE.exec(message) ?? [];
	const told = address && !url.hostname.includes(address) ? ` at ${address}` : '';
	const closed: Reason = [`${url.host} closed the connection`, `${url.host} 断开了连接`];
	const reasons: Record<string, Reason | undefined> = {
		ECONNREFUSED: [`${url.host} refuses connections`, `${url.host} 拒绝连接`],
		ENOTFOUND: [`the host ${url.host} is unknown`, `找不到主机 ${url.host}`],
		ECONNRESET: closed,
		UND_ERR_SOCKET: closed,
		[CONNECT_TIMEOUT]: [
			`${url.host} did not accept a connection within ${CONNECT_MS / 1000} seconds`,
			`${CONNECT_MS / 1000} 秒内未能连接 ${url.host}`,
		],
		UND_ERR_HEADERS_TIMEOUT: [
			`${url.host} did not answer within ${ANSWER_MS / 1000} seconds`,
			`${url.host} 在 ${ANSWER_MS / 1000} 秒内没有应答`,
		],
		UND_ERR_BODY_TIMEOUT: [
			`${url.host} stopped in the middle of its answer`,
			`${url.host} 的应答中途停止`,
		],
		UND_ERR_ABORTED: refusal
			? [
					`the proxy refuses the way to ${url.host}${told} with HTTP ${refusal}`,
					`代理以 HTTP ${refusal} 拒绝转接到 ${url.host}`,
				]
			: undefined,
		[TUNNEL_TIMEOUT]: [
			`no connection to ${url.host} stood after ${TUNNEL_MS / 1000} seconds`,
			`${TUNNEL_MS / 1000} 秒内未能建立到 ${url.host} 的连接`,
		],
		[WAIT_ENDED]: [`the wait for ${url.host} was called off`, `对 ${url.host} 的等待已取消`],
		[CALL_TIMEOUT]: [
			`${url.host} had not answered in full after ${CALL_MS / 1000} seconds`,
			`${url.host} 在 ${CALL_MS / 1000} 秒内没有完整应答`,
		],
		[TOO_LARGE]: [
			`${url.host} sent more than ${MAX_BYTES / 1024 / 1024} MB`,
			`${url.host} 发来的内容超过 ${MAX_BYTES / 1024 / 1024} MB`,
		],
	};
	const tlsReasons: Record<TlsFailure, Reason | undefined> = {
		serverUntrusted: [
			`the certificate of ${url.host} is not to be trusted`,
			`${url.host} 的证书不可信`,
		],
		clientRefused: certificate?.cert
			? [`${url.host} refuses the client certificate`, `${url.host} 拒绝了客户端证书`]
			: undefined,
		none: undefined,
	};
	const [reason, reasonInChinese] = reasons[code] ??
		tlsReasons[findTlsFailure(code)] ?? [
			`the connection to ${url.host} failed`,
			`与 ${url.host} 的连接失败`,
		];
	const path = url.pathname;
	return new ConnectionError({ peer, reason, reasonInChinese, code, path, isUnsent, isOfProxy });
}

function readFirst(header: string | string[] | undefined): string {
	return (Array.isArray(header) ? header[0] : header) ?? '';
}
