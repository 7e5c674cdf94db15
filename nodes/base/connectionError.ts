import { UserError } from './userError';

/** The server behind a request, in the words of its caller. */
export interface Peer {
	/** As part of a sentence, e.g. "the relay". */
	name: string;
	/** What to check when it cannot be reached: the fields of the credential. */
	hint: string;
}

/** Codes of a connection that broke half-way: the request may have taken effect. */
const INTERRUPTED = /^(ECONNRESET|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

/** Codes of a connection that was never established: unknown hosts, closed ports, failed TLS handshakes. */
const NOT_CONNECTED =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_CERT_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_SSL_\w*(CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA|VERSION)\w*)$/;

/** Codes for a server that does not accept the certificate of its client, or has one that is not believed. */
const CLIENT_REFUSED = /^ERR_SSL_\w*ALERT\w*(CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/;
const SERVER_UNTRUSTED = /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

type TlsFailure = 'clientRefused' | 'serverUntrusted' | 'none';

/** Finds whose certificate made a connection fail. */
export function findTlsFailure(code: string): TlsFailure {
	if (CLIENT_REFUSED.test(code)) return 'clientRefused';
	return SERVER_UNTRUSTED.test(code) ? 'serverUntrusted' : 'none';
}

interface Failure {
	peer: Peer;
	/** What went wrong, as a clause, e.g. "relay.example.com refuses connections". */
	reason: string;
	/** Of Node.js or undici, e.g. `ECONNREFUSED`; of a page in place of an answer, `HTTP 502`. */
	code: string;
	/** The path that was called, without query. */
	path: string;
	/** The HTTP status, where something answered. */
	status?: number;
	/** What to do, where more is known than where the server is configured. */
	hint?: string;
	/** Whether it is known that nothing was sent. Default: what the code says. */
	isUnsent?: boolean;
}

/** There was no answer, or something else answered in place of the server. */
export class ConnectionError extends UserError {
	readonly code: string;
	readonly reason: string;
	readonly path: string;
	readonly status?: number;
	/** Whether nothing was sent, so that the call cannot have taken effect. */
	readonly isUnsent: boolean;
	/** Whether the same call may succeed in a moment. The one before may have taken effect. */
	readonly isInterrupted: boolean;

	constructor({ peer, reason, code, path, status, hint, isUnsent }: Failure) {
		super(`No answer from ${peer.name}: ${reason} (${code})`, hint ?? peer.hint);
		this.name = 'ConnectionError';
		this.code = code;
		this.reason = reason;
		this.path = path;
		this.status = status;
		this.isUnsent = isUnsent ?? NOT_CONNECTED.test(code);
		this.isInterrupted = INTERRUPTED.test(code) || (status !== undefined && status >= 500);
	}
}

type StatusFailure = Pick<Failure, 'hint' | 'path' | 'peer'> & Partial<Pick<Failure, 'reason'>>;

/** The error for a response that is no answer of the server, such as the page of a proxy. */
export const createStatusError = (
	status: number,
	{ reason = 'something else answered in its place', ...call }: StatusFailure,
): ConnectionError => new ConnectionError({ ...call, reason, code: `HTTP ${status}`, status });

/** Whether the server, or a proxy in its place, does not know the path. */
export const isNotFound = (error: unknown): error is ConnectionError =>
	error instanceof ConnectionError && error.status === 404;
