import { UserError } from './userError';

/** The server behind a request, in the words of its caller. */
export interface Peer {
	/** As part of a sentence, e.g. "the relay". */
	name: string;
	/** What to check when it cannot be reached: the fields of the credential. */
	hint: string;
	/** The hint in Chinese, as a sentence. */
	chinese?: string;
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
	/** The reason in Chinese, as a clause. */
	reasonInChinese?: string;
	/** Of Node.js or undici, e.g. `ECONNREFUSED`; of a page in place of an answer, `HTTP 502`. */
	code: string;
	/** The path that was called, without query. */
	path: string;
	/** The HTTP status, where something answered. */
	status?: number;
	/** What to do, where more is known than where the server is configured. */
	hint?: string;
	/** The hint in Chinese, as a sentence. */
	chinese?: string;
	/** Whether it is known that nothing was sent. Default: what the code says. */
	isUnsent?: boolean;
	/** Whether the proxy failed, so that nothing is known of the server. */
	isOfProxy?: boolean;
	/** Whether an answer came, with nothing in it. */
	isEmpty?: boolean;
}

/** There was no answer, or something else answered in place of the server. */
export class ConnectionError extends UserError {
	readonly code: string;
	readonly reason: string;
	readonly path: string;
	readonly status?: number;
	/** Whether nothing was sent, so that the call cannot have taken effect. */
	readonly isUnsent: boolean;
	/** Whether the proxy failed, so that nothing is known of the server. */
	readonly isOfProxy: boolean;
	/** Whether the call may have reached the server, and been carried out there. */
	readonly mayHaveArrived: boolean;
	/** Whether the same call may succeed in a moment. The one before may have taken effect. */
	readonly isInterrupted: boolean;

	constructor({ peer, reason, code, path, status, hint, ...known }: Failure) {
		const { isUnsent, isOfProxy = false, isEmpty = false } = known;
		super(`No answer from ${peer.name}: ${reason} (${code})`, hint ?? peer.hint);
		this.name = 'ConnectionError';
		this.code = code;
		this.reason = reason;
		this.path = path;
		this.status = status;
		this.isOfProxy = isOfProxy;
		this.isUnsent = isUnsent ?? NOT_CONNECTED.test(code);
		this.mayHaveArrived = !this.isUnsent && (status === undefined || !isRefusal(status));
		this.isInterrupted =
			INTERRUPTED.test(code) || isEmpty || (status !== undefined && status >= 500);
	}
}

/** Whether a status says that what stands before the server did not pass the call on. */
const isRefusal = (status: number) => status >= 300 && status < 500 && status !== 408;

type StatusFailure = Pick<Failure, 'chinese' | 'hint' | 'path' | 'peer' | 'reasonInChinese'> &
	Partial<Pick<Failure, 'reason'>>;

/** Creates the error for a response that is no answer of the server, such as the page of a proxy. */
export function createStatusError(
	{ status, body }: { status: number; body: Buffer },
	{ reason, hint, ...call }: StatusFailure,
): ConnectionError {
	const isEmpty = status >= 200 && status < 300 && body.length === 0;
	const found = isEmpty ? 'its answer is empty' : 'something else answered in its place';
	return new ConnectionError({
		...call,
		reason: reason ?? found,
		code: `HTTP ${status}`,
		status,
		isEmpty,
		hint: hint ?? findStatusHint(status, isEmpty, call.peer),
	});
}

/** What to do about a response that is no answer, by its status. */
const STATUS_HINTS = new Map([
	[401, 'A relay or proxy on the way wants a login: enter user and password in Proxy URL.'],
	[403, 'A firewall, relay or proxy on the way forbids this call: allow it there.'],
	[404, 'The server at that address does not know this call.'],
	[407, 'The proxy wants a login: enter user and password in Proxy URL.'],
	[408, 'A relay or proxy on the way gave up waiting.'],
	[413, 'A relay or proxy on the way takes no upload of this size: raise its limit.'],
	[429, 'A relay or proxy on the way takes no more calls for now: wait a while.'],
]);

function findStatusHint(status: number, isEmpty: boolean, { name, hint }: Peer): string {
	if (status >= 500 || isEmpty)
		return `A gateway, relay or proxy on the way has lost the answer, or ${name} is down. Run the node again in a minute. If it stays so, look into the log of that gateway. ${hint}`;
	const known = STATUS_HINTS.get(status);
	if (known) return `${known} ${hint}`;
	if (status >= 300 && status < 400)
		return `The address leads to another one: enter that in the credential. ${hint}`;
	return `A web page is no answer of ${name}: a proxy, a firewall, the login of a network or a website sent it. Open the address in a browser beside n8n to see which. ${hint}`;
}

/** What is said of a call whose answer is lost, wherever it went. */
export const MAY_BE_DONE = 'The call may have been carried out all the same';

/** What to do about a call that has the same end when it is carried out twice. */
export const HARMLESS = 'Sending it again does no harm.';

const SEE_FIRST = 'Before you send it again, see whether it was.';

/**
 * Says of a call that changes something, and whose answer is lost, that it may have been carried out, and what to do
 * before it is sent again. Other errors stay as they are.
 */
export function describeLostAnswer(error: unknown, next = SEE_FIRST): unknown {
	if (!(error instanceof ConnectionError) || !error.mayHaveArrived) return error;
	const described = error.with({ message: `${error.message}. ${MAY_BE_DONE}`, hint: next });
	return Object.assign(described, { mayBeDone: next !== HARMLESS });
}

/** Whether the server, or a proxy in its place, does not know the path. */
export const isNotFound = (error: unknown): error is ConnectionError =>
	error instanceof ConnectionError && error.status === 404;
