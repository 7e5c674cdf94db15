import type { Fields } from './sign';

/** A red packet as the node shows it: WeChat's names, amounts in fen as numbers. */
export type Packet = Record<string, unknown>;

/** The states of gethbinfo; RFUND_ING is how WeChat writes it. */
const MEANINGS: Record<string, string | undefined> = {
	SENDING: 'WeChat is sending it (发放中)',
	SENT: 'sent, not opened yet (已发放待领取)',
	FAILED: 'it could not be sent, nothing was paid (发放失败)',
	RECEIVED: 'opened by the receiver (已领取)',
	RFUND_ING: 'not opened in time, the money is on its way back to the merchant (退款中)',
	REFUND: 'not opened in time, the money is back at the merchant (已退款)',
};

const NUMBERS = ['total_amount', 'total_num', 'refund_amount', 'amount'];
/** What is of the call and not of the packet; err_code is "0" or "SUCCESS" beside a success. */
const OF_CALL = [
	'return_code',
	'return_msg',
	'result_code',
	'err_code',
	'err_code_des',
	'sign',
	'nonce_str',
];

export const meaningOf = (status: unknown): string | undefined => MEANINGS[String(status)];

/**
 * What the node shows of an answer. `confirmedBy` says whether the answer to Send came, or WeChat was asked for the order.
 */
export function asPacket(answer: Fields, confirmedBy: 'answer' | 'query'): Packet {
	const { mch_billno, send_listid, detail_id, status, hblist, ...rest } = answer;
	const listId = send_listid ?? detail_id;
	return {
		mch_billno,
		...(listId !== undefined && { send_listid: listId }),
		...(status !== undefined && { status, statusMeaning: meaningOf(status) ?? status }),
		...plain(rest),
		...(hblist !== undefined && { hblist: receiversIn(hblist) }),
		confirmedBy,
	};
}

/** Whether an answer is about this order; what it leaves out does not count. */
export function belongsTo(answer: Fields, order: Fields, mchId?: string): boolean {
	const { mch_billno, total_amount, total_num, re_openid } = order;
	if (answer.mch_billno !== mch_billno) return false;
	const receivers = Number(total_num) === 1 ? receiversIn(answer.hblist) : [];
	return (
		same(answer.mch_id, mchId) &&
		same(answer.total_amount, total_amount) &&
		same(answer.total_num, total_num) &&
		same(answer.re_openid, re_openid) &&
		receivers.every(({ openid }) => same(openid, re_openid))
	);
}

const same = (a: unknown, b: unknown) =>
	a === undefined || b === undefined || String(a) === String(b);

/** `<hblist><hbinfo>…</hbinfo></hblist>`: one, several, or empty. */
function receiversIn(hblist: unknown): Packet[] {
	if (Array.isArray(hblist)) return hblist as Packet[];
	const { hbinfo = [] } = (typeof hblist === 'object' && hblist ? hblist : {}) as Fields;
	return [hbinfo].flat().map((one) => plain(one as Fields));
}

const plain = (fields: Fields): Fields =>
	Object.fromEntries(
		Object.entries(fields)
			.filter(([name]) => !OF_CALL.includes(name))
			.map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value]),
	);
