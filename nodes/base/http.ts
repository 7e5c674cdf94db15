import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { createCache } from './cache';
import { ConnectionError, findTlsFailure, type Peer } from './connectionError';
import { UserError } from './userError';

export interface HttpRequest {
	method: 'GET' | 'POST';
	url: URL;
	body?: string | Buffer;
	contentType?: string;
	/** e.g. `http://user:password@proxy:3128`; otherwise HTTP_PROXY, HTTPS_PROXY and NO_PROXY count. */
	proxyUrl?: string;
	/** Whom the request goes to, as errors name it. */
	peer: Peer;
	/** For a server that knows its clients by it (mutual TLS). */
	certificate?: ClientCertificate;
}

/** Who calls, and whom to believe, all as PEM. */
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
	/** Each `Set-Cookie` as it came. */
	cookies?: string[];
	body: Buffer;
}

export type Http = (request: HttpRequest) => Promise<HttpResponse>;

type Undici = typeof import('undici');

/** undici takes 30 ms to load: not before somebody sends a request. */
let loaded: Promise<Undici> | undefined;

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;
/** More than any file that is asked for: the largest are videos of 10 MB. */
const MAX_BYTES = 32 * 1024 * 1024;
const CONNECTIONS_PER_ORIGIN = 32;
const MAX_POOLS = 16;

/**
 * One pool of persistent connections for each proxy and certificate. Connections of one certificate are never used for
 * another one. The pool that nobody used for longest is closed first.
 */
const pools = createCache<Dispatcher>({ max: MAX_POOLS, onEvict: (pool) => void pool.close() });

/**
 * Sends one request. Any HTTP status is a response. Redirects are not followed.
 *
 * @throws {ConnectionError} when there is no response: it names the host, never the whole address.
 * @throws {UserError} when the proxy has no address.
 */
export const sendHttp: Http = async ({
	method,
	url,
	body,
	contentType,
	proxyUrl,
	peer,
	certificate,
}) => {
	loaded ??= import('undici');
	const undici = await loaded;
	const dispatcher = findPool(undici, proxyUrl ?? '', certificate);
	try {
		const answer = await undici.request(url, {
			method,
			body,
			headers: contentType ? { 'content-type': contentType } : {},
			headersTimeout: ANSWER_MS,
			bodyTimeout: ANSWER_MS,
			dispatcher,
		});
		return {
			status: answer.statusCode,
			contentType: readFirst(answer.headers['content-type']),
			disposition: readFirst(answer.headers['content-disposition']),
			cookies: [answer.headers['set-cookie'] ?? []].flat(),
			body: Buffer.from(await answer.body.arrayBuffer()),
		};
	} catch (error) {
		throw toConnectionError(error, url, peer, certificate);
	}
};

function findPool(
	{ EnvHttpProxyAgent, ProxyAgent }: Undici,
	proxyUrl: string,
	certificate?: ClientCertificate,
): Dispatcher {
	const key = proxyUrl + toCertificateKey(certificate);
	const existing = pools.get(key);
	if (existing) return existing;
	if (proxyUrl && !URL.canParse(proxyUrl))
		throw new UserError(
			'"Proxy URL" is not an address such as http://proxy.example.com:3128',
			'Correct Proxy URL in the credential, or leave it empty.',
		);
	const options = {
		connections: CONNECTIONS_PER_ORIGIN,
		maxResponseSize: MAX_BYTES,
		connect: { timeout: CONNECT_MS, ...certificate },
		// Through a proxy, the certificate goes to the server, not to the proxy.
		requestTls: { timeout: CONNECT_MS, ...certificate },
	};
	const pool = proxyUrl
		? new ProxyAgent({ ...options, uri: proxyUrl })
		: new EnvHttpProxyAgent(options);
	return pools.set(key, pool);
}

const toCertificateKey = (certificate?: ClientCertificate) =>
	certificate
		? ` ${createHash('sha256').update(JSON.stringify(certificate)).digest('base64url')}`
		: '';

/** Names the host only: the rest of the URL holds a token. */
function toConnectionError(
	error: unknown,
	url: URL,
	peer: Peer,
	certificate?: ClientCertificate,
): ConnectionError {
	const { code = 'no answer' } = error as { code?: string };
	const reasons: Record<string, string> = {
		ECONNREFUSED: `${url.host} refuses connections`,
		ENOTFOUND: `the host ${url.host} is unknown`,
		ECONNRESET: `${url.host} closed the connection`,
		UND_ERR_SOCKET: `${url.host} closed the connection`,
		UND_ERR_CONNECT_TIMEOUT: `${url.host} did not accept a connection within ${CONNECT_MS / 1000} seconds`,
		UND_ERR_HEADERS_TIMEOUT: `${url.host} did not answer within ${ANSWER_MS / 1000} seconds`,
		UND_ERR_BODY_TIMEOUT: `${url.host} stopped in the middle of its answer`,
		UND_ERR_RES_EXCEEDED_MAX_SIZE: `${url.host} sent more than ${MAX_BYTES / 1024 / 1024} MB`,
	};
	const tlsReasons = {
		serverUntrusted: `the certificate of ${url.host} is not to be trusted`,
		clientRefused: certificate && `${url.host} refuses the client certificate`,
		none: undefined,
	};
	const explained = reasons[code] ?? tlsReasons[findTlsFailure(code)];
	const reason = explained ?? `the connection to ${url.host} failed`;
	return new ConnectionError({ peer, reason, code, path: url.pathname });
}

function readFirst(header: string | string[] | undefined): string {
	return (Array.isArray(header) ? header[0] : header) ?? '';
}
