import { ConnectionError, findTlsFailure } from '../base/connectionError';
import { UserError, type Hints } from '../base/userError';
import CODES from './payErrorCodes.json';

/** What a call that did not succeed says about the packet. */
export type Outcome =
	/** This call never reached WeChat. */
	| 'unreached'
	/** This call has paid nothing. */
	| 'refused'
	/** This order has failed for good, whatever was called before. */
	| 'failed'
	/** This call has paid nothing, and may succeed in a moment. */
	| 'busy'
	/** There is no such order, or WeChat does not show it yet. */
	| 'absent'
	/** It may have been paid. */
	| 'unclear';

interface KnownCode extends Hints {
	outcome: Outcome;
}

const KNOWN_CODES: ReadonlyMap<string, KnownCode> = new Map(
	Object.entries(CODES as Record<string, KnownCode>),
);

/** WeChat Pay said no, or could not be understood. */
export class PayError extends UserError {
	constructor(
		message: string,
		/** WeChat's err_code, or the name of a failure below it. */
		readonly code: string,
		readonly outcome: Outcome,
		hint?: string,
		chinese?: string,
	) {
		super(message, hint, chinese);
		this.name = 'PayError';
	}
}

/** `SYSTEMERROR` with these words was the answer about an unknown order before there was `NOT_FOUND`. */
const UNKNOWN_ORDER = /单号数据不存在/;

/** Creates the error for an err_code. An unknown code may mean anything: WeChat adds new ones. */
export function toRefusedError(errCode: string, reply: string): PayError {
	// The page of the call prints `DAY_ OVER_LIMITED`.
	const code = UNKNOWN_ORDER.test(reply) ? 'NOT_FOUND' : errCode.replace(/\s/g, '');
	const { outcome = 'unclear', hint, chinese }: Partial<KnownCode> = KNOWN_CODES.get(code) ?? {};
	const named = code ? ` (${code})` : '';
	const message = `WeChat Pay says: ${reply || 'no reason'}${named}`;
	return new PayError(message, code, outcome, hint, chinese);
}

/** Creates the error for an answer that cannot be read or believed. */
export const createNoAnswerError = (
	code: string,
	reason: string,
	{ hint, chinese }: Partial<Hints> = {},
): PayError => new PayError(`No answer from WeChat Pay: ${reason}`, code, 'unclear', hint, chinese);

/** Why a call did not succeed: what WeChat Pay said, or that there was no answer. */
export type PayFailure = PayError | ConnectionError;

export const isPayFailure = (error: unknown): error is PayFailure =>
	error instanceof PayError || error instanceof ConnectionError;

/** Reads what a failure says about the packet. Only a call that was never sent certainly paid nothing. */
export function readOutcome(failure: PayFailure): Outcome {
	if (failure instanceof PayError) return failure.outcome;
	return failure.isUnsent ? 'unreached' : 'unclear';
}

/** Servers may end a connection like this when they do not accept its certificate. */
const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Adds what to check about certificates to an error of the connection. */
export function withCertificateHint(error: ConnectionError): ConnectionError {
	const hints = findCertificateHints(error);
	return hints ? error.with(hints) : error;
}

function findCertificateHints(error: ConnectionError): Hints | undefined {
	const { code, hint = '', chinese = '' } = error;
	const tls = findTlsFailure(code);
	if (tls === 'clientRefused')
		return { hint: CODES.CA_ERROR.hint, chinese: CODES.CA_ERROR.chinese };
	if (tls === 'serverUntrusted')
		return {
			hint: 'Check API Base URL in the credential. If it is a relay with a private certificate authority, enter that as CA Certificate.',
			chinese:
				'服务器的证书不受信任：请检查凭据中的“接口地址”；若是使用自建 CA 的中转服务器，请把其 CA 证书填入“CA Certificate”。',
		};
	if (CLOSED.has(code))
		return {
			hint: `${hint} If it always happens, the server may not accept the client certificate.`,
			chinese: `${chinese}若每次都发生，可能是服务器不接受商户API证书。`,
		};
	return undefined;
}
