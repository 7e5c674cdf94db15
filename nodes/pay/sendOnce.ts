import type { Clock } from '../base/clock';
import { MAY_BE_DONE } from '../base/connectionError';
import { UserError } from '../base/userError';
import { isPayFailure, PayError, readOutcome, type Outcome, type PayFailure } from './payError';

/** Most calls to place one order. */
const MAX_CALLS = 8;
/** WeChat wants a second between two calls for one order. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 8000;

/** How pauses pass. */
export interface Pauses {
	clock: Pick<Clock, 'sleep'>;
	/** From 0 to 1, like `Math.random()`. */
	random(): number;
}

/** Something that WeChat does once for each number of the merchant's, however often it is sent. */
export interface Order<T> {
	/** Its name in errors, e.g. "The red packet". */
	name: string;
	/** What may have happened to it when nobody knows, e.g. "sent". */
	done: string;
	/** What to do before it is sent again when its result is not known, as a sentence. */
	later: string;
	/** That its result is not known, and what to do then, in Chinese: a sentence. */
	unclearInChinese: string;
	/**
	 * Sends it, the very same each time.
	 * @throws {PayFailure} whose outcome says what is known of the order then
	 */
	send(): Promise<T>;
	/**
	 * Queries it by its number. Undefined: it is there and has done nothing yet, and only sending it again tells more.
	 * @throws {PayFailure} when it is not there, or another one has its number
	 */
	look(): Promise<T | undefined>;
}

/**
 * Places an order, and never places two. When the result of a call is unclear, it queries the order. Only the same
 * order is sent again, which WeChat takes for the same one.
 *
 * @throws {PayError} when WeChat refuses it, or it stays unclear whether it was placed.
 * @throws {ConnectionError} when no call has reached WeChat.
 */
export async function sendOnce<T>(order: Order<T>, { clock, random }: Pauses): Promise<T> {
	/** Why the result of the order is unclear, once a call may have been carried out. */
	let doubt: PayFailure | undefined;
	/** WeChat refuses the order. A call of another run may still have been carried out. */
	let refusal: PayFailure | undefined;
	let busy: PayFailure | undefined;
	let next: 'send' | 'look' = 'send';
	for (let turn = 1; turn <= MAX_CALLS; turn++) {
		if (next === 'send') {
			const sent = await attempt(async () => await order.send());
			if (!isPayFailure(sent)) return sent;
			const outcome = readOutcome(sent);
			if (outcome === 'failed' || (outcome === 'unreached' && !doubt)) throw sent;
			if (outcome === 'refused') refusal = sent;
			else if (outcome === 'busy') busy = sent;
			else doubt = sent;
			if (outcome !== 'busy') next = 'look';
		} else {
			const seen = await attempt(async () => await order.look());
			if (!isPayFailure(seen)) {
				if (seen !== undefined) return seen;
				if (refusal) throw refusal;
				next = 'send';
			} else {
				const outcome = readOutcome(seen);
				if (outcome === 'failed') throw seen;
				if (!isUndecided(outcome) && refusal)
					throw doubt ? createUnclearError(order, refusal) : refusal;
				// "Not there" may mean "not yet": the same order can be sent again, another one must not.
				if (outcome === 'absent') next = 'send';
			}
		}
		if (turn < MAX_CALLS) await clock.sleep(computePause(turn, random));
	}
	const reason = refusal ?? doubt;
	throw reason ? createUnclearError(order, reason) : (busy as PayFailure);
}

/** Whether another query may say more. */
export const isUndecided = (outcome: Outcome): boolean =>
	outcome === 'unclear' || outcome === 'busy';

/** Where the credential leads is no matter then: the call went out. */
function createUnclearError<T>(order: Order<T>, failure: PayFailure): PayError {
	const { name, done, later, unclearInChinese } = order;
	const { message, code } = failure;
	const { hint, chinese = '' }: Partial<UserError> = failure instanceof PayError ? failure : {};
	const known = message.includes(MAY_BE_DONE) ? undefined : `${MAY_BE_DONE}.`;
	return new PayError(
		`${name} may or may not have been ${done}. ${message}`,
		code,
		'unclear',
		[hint, known, later].filter(Boolean).join(' '),
		chinese + unclearInChinese,
	);
}

/** Returns the result of a call, or its failure. */
async function attempt<T>(work: () => Promise<T>): Promise<T | PayFailure> {
	try {
		return await work();
	} catch (error) {
		if (isPayFailure(error)) return error;
		throw error;
	}
}

/** Adds the number of the order to every error of the work, under its label, e.g. "order number". */
export async function withNumber<T>(
	label: string,
	number: string,
	work: () => Promise<T>,
): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const { message, hint = '' } = error;
		throw error.with({
			message: `${message} [${label} ${number}]`,
			hint: `${hint} ${label.charAt(0).toUpperCase()}${label.slice(1)}: ${number}.`.trim(),
		});
	}
}

export const computePause = (turn: number, random: () => number): number =>
	Math.min(FIRST_PAUSE_MS * 2 ** (turn - 1), LONGEST_PAUSE_MS) * (1 + random() / 2);
