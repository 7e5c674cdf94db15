import { ConnectionError, findTlsFailure } from '../base/connectionError';
import { UserError } from '../base/userError';
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

const HINTS: ReadonlyMap<string, { outcome: Outcome; hint: string }> = new Map(
	Object.entries(CODES as Record<string, { outcome: Outcome; hint: string }>),
);

/** WeChat Pay said no, or could not be understood. */
export class PayError extends UserError {
	constructor(
		message: string,
		/** WeChat's err_code, or the name of a failure below it. */
		readonly code: string,
		readonly outcome: Outcome,
		hint?: string,
	) {
		super(message, hint);
		this.name = 'PayError';
	}
}

/** `SYSTEMERROR` with these words was the answer about an unknown order before there was `NOT_FOUND`. */
const UNKNOWN_ORDER = /单号数据不存在/;

/** Creates the error for an err_code. An unknown code may mean anything: WeChat adds new ones. */
export function toRefusedError(errCode: string, reply: string): PayError {
	// The page of the call prints `DAY_ OVER_LIMITED`.
	const code = UNKNOWN_ORDER.test(reply) ? 'NOT_FOUND' : errCode.replace(/\s/g, '');
	const { outcome, hint } = HINTS.get(code) ?? { outcome: 'unclear' };
	const named = code ? ` (${code})` : '';
	return new PayError(`WeChat Pay says: ${reply || 'no reason'}${named}`, code, outcome, hint);
}

/** Creates the error for an answer that cannot be read or believed. */
export const createNoAnswerError = (code: string, reason: string, hint?: string): PayError =>
	new PayError(`No answer from WeChat Pay: ${reason}`, code, 'unclear', hint);

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
	const hint = findCertificateHint(error);
	return hint ? error.with({ hint }) : error;
}

function findCertificateHint({ code, hint = '' }: ConnectionError): string | undefined {
	const tls = findTlsFailure(code);
	if (tls === 'clientRefused') return HINTS.get('CA_ERROR')?.hint;
	if (tls === 'serverUntrusted')
		return 'Check API Base URL in the credential. If it is a relay with a private certificate authority, enter that as CA Certificate.';
	if (CLOSED.has(code))
		return `${hint} If it always happens, the server may not accept the client certificate.`;
	return undefined;
}
