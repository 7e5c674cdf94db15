import type { ConnectionError } from '../base/connectionError';
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

const ADVICE = CODES as Record<string, { outcome: Outcome; hint: string } | undefined>;

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

/** What an err_code means. A code that is not known may mean anything: WeChat adds new ones. */
export function toRefusedError(errCode: string, reply: string): PayError {
	// The page of the call prints `DAY_ OVER_LIMITED`.
	const code = UNKNOWN_ORDER.test(reply) ? 'NOT_FOUND' : errCode.replace(/\s/g, '');
	const { outcome, hint } = ADVICE[code] ?? { outcome: 'unclear' };
	const named = code ? ` (${code})` : '';
	return new PayError(`WeChat Pay says: ${reply || 'no reason'}${named}`, code, outcome, hint);
}

/** There was no answer that could be read or believed. */
export const createNoAnswerError = (code: string, reason: string, advice?: string): PayError =>
	new PayError(`No answer from WeChat Pay: ${reason}`, code, 'unclear', advice);

/** The connection never stood, so nothing was sent: unknown hosts, closed ports, TLS that was not agreed upon. */
const NEVER_STOOD =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_CERT_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_SSL_\w*(CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA|VERSION)\w*)$/;
/** The server refuses the certificate of the merchant. */
const CERTIFICATE_REFUSED = /^ERR_SSL_\w*ALERT\w*(CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/;
/** The certificate of the server is not believed. */
const SERVER_UNKNOWN = /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** How servers end a connection whose certificate they do not like, among other things. */
const CLOSED = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/;

/** What a connection that failed says about the packet. */
export function toBrokenError(error: ConnectionError, host: string): PayError {
	const { code: name, reason: said, hint: advice } = error;
	const outcome = NEVER_STOOD.test(name) ? 'unreached' : 'unclear';
	const [reason, hint] = CERTIFICATE_REFUSED.test(name)
		? [`${host} refuses the client certificate`, ADVICE.CA_ERROR?.hint]
		: SERVER_UNKNOWN.test(name)
			? [
					`the certificate of ${host} is not to be trusted`,
					'Check API Base URL in the credential. If it is a relay with a private certificate authority, enter that as CA Certificate.',
				]
			: CLOSED.test(name)
				? [said, `${advice} If it happens always, the server may not like the client certificate.`]
				: [said, advice];
	return new PayError(`No answer from WeChat Pay: ${reason}`, name, outcome, hint);
}
