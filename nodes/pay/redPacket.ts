import { retry } from '../base/retry';
import type { PayClient } from './payClient';
import { createNoAnswerError, isPayFailure, PayError, readOutcome } from './payError';
import {
	checkPacket,
	checkOrderNumber,
	toPacket,
	isOfOrder,
	toStatusMeaning,
	type Packet,
} from './packet';
import {
	computePause,
	isUndecided,
	sendOnce,
	withNumber,
	type Order,
	type Pauses,
} from './sendOnce';
import type { PayFields } from './paySignature';

export const SEND_PATH = '/mmpaymkttransfers/sendredpack';
export const SEND_GROUP_PATH = '/mmpaymkttransfers/sendgroupredpack';
export const GET_PATH = '/mmpaymkttransfers/gethbinfo';

/** Most calls to get a packet. */
const MAX_QUERIES = 4;

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
	return await withNumber('order number', number, async () => {
		checkOrderNumber(number);
		checkPacket(packet, isGroup);
		return await sendOnce(createOrder(client, path, { ...packet, mch_billno: number }), pauses);
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
	return await withNumber('order number', number, async () => {
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

/** The packet, as it is sent and looked up by its number. */
function createOrder(client: PayClient, path: string, packet: PayFields): Order<Packet> {
	return {
		name: 'The red packet',
		done: 'sent',
		later:
			'Wait some minutes (up to 20 when WeChat is busy with it). Before you send it again, run Get with this Order Number, or Send with this Order Number and the same values: that never pays twice. Another number could.',
		unclearInChinese:
			'红包可能已发出，也可能未发出：请等几分钟（微信繁忙时可达 20 分钟），再用此商户订单号“查询红包记录”（Get），或以相同的单号和内容重新发放（Send），这样不会重复付款，换单号则可能重复。',
		send: async () => await send(client, path, packet),
		look: async () =>
			checkFound(packet, await queryOrder(client, String(packet.mch_billno), packet.wxappid)),
	};
}

async function send(client: PayClient, path: string, packet: PayFields): Promise<Packet> {
	const answer = await client.call(path, packet);
	if (!isOfOrder(answer, packet, client.mchId)) throw createOtherError();
	return toPacket({ ...answer, ...pickSentFields(packet) }, 'answer');
}

async function queryOrder(client: PayClient, number: string, appid: unknown): Promise<Packet> {
	const asked = { mch_billno: number, appid, bill_type: 'MCHT' };
	const answer = await client.call(GET_PATH, asked);
	if (!isOfOrder(answer, { mch_billno: number }, client.mchId)) throw createOtherError();
	return toPacket(answer, 'query');
}

const createOtherError = () =>
	createNoAnswerError('OTHER', 'the answer is about another order', {
		chinese: '微信支付返回的是另一个订单的信息。',
	});

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
			'此商户订单号已用于另一个红包：OpenID 或金额不同时请换用新的商户订单号，原红包可用“查询红包记录”（Get）查看。',
		);
	if (found.status === 'FAILED')
		throw new PayError(
			`The red packet could not be sent: ${String(found.reason || toStatusMeaning(found.status))}`,
			'FAILED',
			'failed',
			'Nothing was paid. To try once more, send it with another Order Number; the node never chooses another one by itself.',
			'红包发放失败，没有付款：如需重试，请换用新的商户订单号，节点不会自行更换。',
		);
	return { ...pickSentFields(packet), ...found };
}
