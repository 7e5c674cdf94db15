import { MAY_BE_DONE } from '../base/connectionError';
import { UserError } from '../base/userError';
import type { Clock } from '../base/clock';
import { retry } from '../base/retry';
import type { PayClient } from './payClient';
import {
	createNoAnswerError,
	isPayFailure,
	PayError,
	readOutcome,
	type Outcome,
	type PayFailure,
} from './payError';
import {
	checkPacket,
	checkOrderNumber,
	toPacket,
	isOfOrder,
	toStatusMeaning,
	type Packet,
} from './packet';
import type { PayFields } from './paySignature';

export const SEND_PATH = '/mmpaymkttransfers/sendredpack';
export const SEND_GROUP_PATH = '/mmpaymkttransfers/sendgroupredpack';
export const GET_PATH = '/mmpaymkttransfers/gethbinfo';

/** Most calls to send one packet, and to get one. */
const MAX_CALLS = 8;
const MAX_QUERIES = 4;
/** WeChat wants a second between two calls for one order. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 8000;

/** How pauses pass. */
interface Pauses {
	clock: Pick<Clock, 'sleep'>;
	/** From 0 to 1, like `Math.random()`. */
	random(): number;
}

/**
 * Sends a red packet (现金红包), or one for a group (裂变红包), and never pays twice. When the result of a call is unclear,
 * it queries the order. Only the same order is sent again, which WeChat takes for the same packet. All errors name the
 * order number.
 *
 * @throws {PayError} when WeChat Pay refuses the packet, or it stays unclear whether it was sent.
 * @throws {ConnectionError} when the call never reached WeChat Pay.
 * @throws {UserError} when a value of the packet or of the credential is wrong.
 */
export async function sendPacket(
	client: PayClient,
	path: typeof SEND_PATH | typeof SEND_GROUP_PATH,
	given: PayFields,
	pauses: Pauses,
): Promise<Packet> {
	const isGroup = path === SEND_GROUP_PATH;
	const packet = { ...given, ...(isGroup ? { amt_type: 'ALL_RAND' } : { total_num: 1 }) };
	const number = String(given.mch_billno);
	return await withOrderNumber(number, async () => {
		checkOrderNumber(number);
		checkPacket(packet, isGroup);
		return await sendOnce(client, path, { ...packet, mch_billno: number }, pauses);
	});
}

/**
 * Gets a packet of the last 30 days (查询红包记录). All errors name the order number.
 *
 * @throws {PayError} when WeChat Pay refuses the query or knows no such order.
 * @throws {ConnectionError} when there is no answer.
 * @throws {UserError} when the order number or the credential is wrong.
 */
export async function getPacket(
	client: PayClient,
	{ mch_billno, appid }: PayFields,
	{ clock, random }: Pauses,
): Promise<Packet> {
	const number = String(mch_billno);
	return await withOrderNumber(number, async () => {
		checkOrderNumber(number);
		return await retry(
			async () => await queryOrder(client, number, appid),
			(error, failed) =>
				failed < MAX_QUERIES && isPayFailure(error) && isUndecided(readOutcome(error))
					? computePause(failed, random)
					: undefined,
			clock,
		);
	});
}

async function sendOnce(
	client: PayClient,
	path: string,
	packet: PayFields,
	{ clock, random }: Pauses,
): Promise<Packet> {
	const number = String(packet.mch_billno);
	/** Why the result of the order is unclear, once a call may have been carried out. */
	let doubt: PayFailure | undefined;
	/** WeChat refuses the order. A call of another run may still have been carried out. */
	let refusal: PayFailure | undefined;
	let busy: PayFailure | undefined;
	let next: 'send' | 'look' = 'send';
	for (let turn = 1; turn <= MAX_CALLS; turn++) {
		if (next === 'send') {
			const sent = await attempt(async () => await send(client, path, packet));
			if (!isPayFailure(sent)) return sent;
			const outcome = readOutcome(sent);
			if (outcome === 'failed' || (outcome === 'unreached' && !doubt)) throw sent;
			if (outcome === 'refused') refusal = sent;
			else if (outcome === 'busy') busy = sent;
			else doubt = sent;
			if (outcome !== 'busy') next = 'look';
		} else {
			const seen = await attempt(async () => await queryOrder(client, number, packet.wxappid));
			if (!isPayFailure(seen)) return checkFound(packet, seen);
			const outcome = readOutcome(seen);
			if (!isUndecided(outcome) && refusal) throw doubt ? createUnclearError(refusal) : refusal;
			// "Not there" may mean "not yet": the same order can be sent again, another one must not.
			if (outcome === 'absent') next = 'send';
		}
		if (turn < MAX_CALLS) await clock.sleep(computePause(turn, random));
	}
	const reason = refusal ?? doubt;
	throw reason ? createUnclearError(reason) : (busy as PayFailure);
}

async function send(client: PayClient, path: string, packet: PayFields): Promise<Packet> {
	const answer = await client.call(path, packet);
	if (!isOfOrder(answer, packet, client.mchId))
		throw createNoAnswerError('OTHER', 'the answer is about another order');
	return toPacket({ ...answer, ...pickSentFields(packet) }, 'answer');
}

async function queryOrder(client: PayClient, number: string, appid: unknown): Promise<Packet> {
	const asked = { mch_billno: number, appid, bill_type: 'MCHT' };
	const answer = await client.call(GET_PATH, asked);
	if (!isOfOrder(answer, { mch_billno: number }, client.mchId))
		throw createNoAnswerError('OTHER', 'the answer is about another order');
	return toPacket(answer, 'query');
}

/** Whether another query may say more. */
const isUndecided = (outcome: Outcome) => outcome === 'unclear' || outcome === 'busy';

/** Picks sent fields that an answer may leave out. */
const pickSentFields = ({
	mch_billno,
	wxappid,
	re_openid,
	total_amount,
	total_num,
}: PayFields): PayFields => ({
	mch_billno,
	wxappid,
	re_openid,
	total_amount,
	total_num,
});

/** Checks that the packet found under an order number is the one that was sent. */
function checkFound(packet: PayFields, found: Packet): Packet {
	if (!isOfOrder(found, packet))
		throw new PayError(
			'There is another red packet with this order number',
			'OTHER',
			'failed',
			'Another OpenID or amount needs an Order Number of its own. Get shows the packet that has this one.',
		);
	if (found.status === 'FAILED')
		throw new PayError(
			`The red packet could not be sent: ${String(found.reason || toStatusMeaning(found.status))}`,
			'FAILED',
			'failed',
			'Nothing was paid. To try once more, send it with another Order Number; the node never chooses another one by itself.',
		);
	return { ...pickSentFields(packet), ...found };
}

/** Where the credential leads is no matter then: the call went out. */
const createUnclearError = (failure: PayFailure) =>
	new PayError(
		`The red packet may or may not have been sent. ${failure.message}`,
		failure.code,
		'unclear',
		[
			failure instanceof PayError && failure.hint,
			`${MAY_BE_DONE}. Wait some minutes (up to 20 when WeChat is busy with it). Before you send it again, run Get with this Order Number, or Send with this Order Number and the same values: that never pays twice. Another number could.`,
		]
			.filter(Boolean)
			.join(' '),
	);

/** Returns the result of a call, or its failure. */
async function attempt<T>(work: () => Promise<T>): Promise<T | PayFailure> {
	try {
		return await work();
	} catch (error) {
		if (isPayFailure(error)) return error;
		throw error;
	}
}

/** Adds the order number to every error of the work. */
async function withOrderNumber<T>(number: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const { message, hint = '' } = error;
		throw error.with({
			message: `${message} [order number ${number}]`,
			hint: `${hint} Order number: ${number}.`.trim(),
		});
	}
}

const computePause = (turn: number, random: () => number) =>
	Math.min(FIRST_PAUSE_MS * 2 ** (turn - 1), LONGEST_PAUSE_MS) * (1 + random() / 2);
