import { UserError, type Hints } from './userError';

/** The server behind a request, in the words of its caller. */
export interface Peer {
	/** As part of a sentence, e.g. "the relay". */
	name: string;
	/** What to check when it cannot be reached: the fields of the credential. */
	hint: string;
	/** The hint in Chinese, as a sentence. */
	chinese?: string;
}

/** What to check where a credential has these two fields. */
export const ADDRESS_HINTS: Hints = {
	hint: 'Check API Base URL and Proxy URL in the credential.',
	chinese: '请检查凭据中的“接口地址”和“代理地址”。',
};

/** Codes of a connection that broke half-way: the request may have taken effect. */
const INTERRUPTED = /^(ECONNRESET|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

/** Codes of a connection that was never established: unknown hosts, closed ports, failed TLS handshakes. */
const NOT_CONNECTED =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_CERT_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_SSL_\w*(CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA|VERSION)\w*)$/;

/** Codes for a server that does not accept the certificate of its client, or has one that is not believed. */
const CLIENT_REFUSED = /^ERR_SSL_\w*ALERT\w*(CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/;
const SERVER_UNTRUSTED = /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

export type TlsFailure = 'clientRefused' | 'serverUntrusted' | 'none';

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
		const { reasonInChinese = '没有收到应答', chinese = peer.chinese } = known;
		super(
			`No answer from ${peer.name}: ${reason} (${code})`,
			hint ?? peer.hint,
			chinese && `${reasonInChinese}（${code}）：${chinese}`,
		);
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
	{ reason, reasonInChinese, hint, chinese, ...call }: StatusFailure,
): ConnectionError {
	const isEmpty = status >= 200 && status < 300 && body.length === 0;
	const found = isEmpty ? 'its answer is empty' : 'something else answered in its place';
	const known = findStatusHint(status, isEmpty, call.peer);
	return new ConnectionError({
		...call,
		reason: reason ?? found,
		reasonInChinese: reasonInChinese ?? (isEmpty ? '收到的应答为空' : '没有收到正常的应答'),
		code: `HTTP ${status}`,
		status,
		isEmpty,
		hint: hint ?? known.hint,
		chinese: chinese ?? known.chinese,
	});
}

/** What to do about a response that is no answer, by its status. */
const STATUS_HINTS = new Map([
	[
		401,
		{
			hint: 'A relay or proxy on the way wants a login: enter user and password in Proxy URL.',
			chinese: '中转服务器或代理要求登录，请在“代理地址”中填写用户名和密码。',
		},
	],
	[
		403,
		{
			hint: 'A firewall, relay or proxy on the way forbids this call: allow it there.',
			chinese: '防火墙、中转服务器或代理禁止了此调用，请在那里放行。',
		},
	],
	[
		404,
		{
			hint: 'The server at that address does not know this call.',
			chinese: '该地址的服务器没有此接口。',
		},
	],
	[
		407,
		{
			hint: 'The proxy wants a login: enter user and password in Proxy URL.',
			chinese: '代理要求登录，请在“代理地址”中填写用户名和密码。',
		},
	],
	[
		408,
		{
			hint: 'A relay or proxy on the way gave up waiting.',
			chinese: '中转服务器或代理等待超时。',
		},
	],
	[
		413,
		{
			hint: 'A relay or proxy on the way takes no upload of this size: raise its limit.',
			chinese: '上传内容超过中转服务器或代理的大小限制，请调高该限制。',
		},
	],
	[
		429,
		{
			hint: 'A relay or proxy on the way takes no more calls for now: wait a while.',
			chinese: '中转服务器或代理限制了调用频率，请稍后再试。',
		},
	],
]);

function findStatusHint(
	status: number,
	isEmpty: boolean,
	{ name, hint, chinese = '' }: Peer,
): Pick<Peer, 'hint' | 'chinese'> {
	if (status >= 500 || isEmpty)
		return {
			hint: `A gateway, relay or proxy on the way has lost the answer, or ${name} is down. Run the node again in a minute. If it stays so, look into the log of that gateway. ${hint}`,
			chinese: `网关、中转服务器或代理丢失了应答，或对方服务器暂时不可用，请一分钟后再运行节点；若仍如此，请查看网关的日志。${chinese}`,
		};
	const known = STATUS_HINTS.get(status);
	if (known) return { hint: `${known.hint} ${hint}`, chinese: `${known.chinese}${chinese}` };
	if (status >= 300 && status < 400)
		return {
			hint: `The address leads to another one: enter that in the credential. ${hint}`,
			chinese: `该地址会跳转到另一个地址，请在凭据中填写跳转后的地址。${chinese}`,
		};
	return {
		hint: `A web page is no answer of ${name}: a proxy, a firewall, the login of a network or a website sent it. Open the address in a browser beside n8n to see which. ${hint}`,
		chinese: `收到的是代理、防火墙、网络登录页或某个网站的网页，请在 n8n 所在网络用浏览器打开该地址查看。${chinese}`,
	};
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
	const advice = next === HARMLESS ? '再次发送没有影响' : '再次发送之前，请先查看是否已经生效';
	const described = error.with({
		message: `${error.message}. ${MAY_BE_DONE}`,
		hint: next,
		chinese: `没有收到正常的应答（${error.code}），但调用可能已经执行：${advice}。`,
	});
	return Object.assign(described, { mayBeDone: next !== HARMLESS });
}

/** Whether the server, or a proxy in its place, does not know the path. */
export const isNotFound = (error: unknown): error is ConnectionError =>
	error instanceof ConnectionError && error.status === 404;
