import { createRedact } from '../base/redact';
import type { Hints } from '../base/userError';
import { PayError, type Outcome } from '../pay/payError';
import CODES from './payV3Codes.json';

interface KnownCode extends Hints {
	outcome: Outcome;
	/** By a part of WeChat's words: one code stands for several things. */
	words?: Record<string, Hints>;
}

const KNOWN_CODES: ReadonlyMap<string, KnownCode> = new Map(
	Object.entries(CODES as Record<string, KnownCode>),
);

interface Failure {
	message: string;
	code: string;
	outcome: Outcome;
	hint?: string;
	chinese?: string;
	status?: number;
	requestId?: string;
	isSigned?: boolean;
}

/** WeChat Pay (API v3) said no, or could not be understood. */
export class PayV3Error extends PayError {
	/** The HTTP status of the answer; 0 when there was none. */
	readonly status: number;
	/** WeChat's number for this very call, which its support asks for. */
	readonly requestId: string | undefined;
	/** Whether the answer carried a signature, which was right. Refusals of strangers carry none. */
	readonly isSigned: boolean;

	constructor({ message, code, outcome, hint, chinese, ...answer }: Failure) {
		const { status = 0, requestId, isSigned = false } = answer;
		super(message, code, outcome, hint, chinese);
		this.name = 'PayV3Error';
		this.status = status;
		this.requestId = requestId;
		this.isSigned = isSigned;
	}
}

/** An answer that says no. */
interface Refusal {
	status: number;
	requestId?: string;
	isSigned?: boolean;
	/** WeChat's JSON: code, message, and detail. */
	answer: Record<string, unknown>;
}

/**
 * Creates the error for a refusal.
 *
 * @param secrets what must not be shown, whatever WeChat repeats
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012081667
 */
export function toPayV3Error(
	{ status, requestId, isSigned, answer }: Refusal,
	secrets: readonly string[] = [],
): PayV3Error {
	const code = typeof answer.code === 'string' ? answer.code : '';
	const said = createRedact(secrets)(String(answer.message ?? ''));
	const known = KNOWN_CODES.get(code);
	const named = code || `HTTP ${status}`;
	const place = describePlace(answer.detail);
	const { hint, chinese }: Partial<Hints> = findWordsHints(known, said) ?? known ?? {};
	return new PayV3Error({
		message: `WeChat Pay says: ${said || 'no reason'}${place} (${named})`,
		code: named,
		outcome: known?.outcome ?? findOutcome(status),
		hint,
		chinese,
		status,
		requestId,
		isSigned,
	});
}

/** A code that is not known may mean anything, such as that the order was paid before. */
function findOutcome(status: number): Outcome {
	if (status === 401 || status === 405) return 'refused';
	return status === 429 ? 'busy' : 'unclear';
}

function findWordsHints(known: KnownCode | undefined, said: string): Hints | undefined {
	const found = Object.entries(known?.words ?? {}).find(([words]) => said.includes(words));
	return found?.[1];
}

/** Where in the call it found fault: `field` is a JSON pointer such as `/amount/total`. */
function describePlace(detail: unknown): string {
	const { field, issue } = (detail ?? {}) as Record<string, unknown>;
	const isNamed = typeof field === 'string' && field !== '' && field !== 'signature';
	return isNamed ? `; ${field}: ${String(issue ?? 'wrong')}` : '';
}

/** Creates the error for an answer that cannot be believed: nobody knows what has become of the call. */
export const createUnclearError = (
	code: string,
	reason: string,
	{ hint, chinese }: Hints,
	response: { status?: number; requestId?: string } = {},
): PayV3Error =>
	new PayV3Error({
		message: `No answer from WeChat Pay that can be believed: ${reason}`,
		code,
		outcome: 'unclear',
		hint,
		chinese,
		...response,
	});

const MINUTE_MS = 60_000;

/** What is said about a clock that differs from WeChat's. @param lag how much later it is there, in milliseconds */
export function describeClock(lag: number): Hints & { message: string } {
	const minutes = Math.round(Math.abs(lag) / MINUTE_MS);
	return {
		message: `The clock of this n8n is ${minutes} minutes ${lag > 0 ? 'behind' : 'ahead of'} the one of WeChat Pay, which allows 5`,
		hint: 'Set the clock of the n8n server right, best by NTP; a container has that of its host.',
		chinese: `n8n 服务器的时钟比微信支付${lag > 0 ? '慢' : '快'} ${minutes} 分钟（最多允许 5 分钟）：请校准服务器时间，最好使用 NTP；容器使用宿主机的时钟。`,
	};
}
