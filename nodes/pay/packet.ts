import type { PayFields } from './paySignature';
import { isIPv4 } from 'node:net';
import { UserError } from '../base/userError';
import { createHash } from 'node:crypto';
/** A red packet as the node shows it: WeChat's names, amounts in fen as numbers. */
export type Packet = Record<string, unknown>;

/** The states of gethbinfo; RFUND_ING is how WeChat writes it. */
const STATUS_MEANINGS: ReadonlyMap<string, string> = new Map([
	['SENDING', 'WeChat is sending it (发放中)'],
	['SENT', 'sent, not opened yet (已发放待领取)'],
	['FAILED', 'it could not be sent, nothing was paid (发放失败)'],
	['RECEIVED', 'opened by the receiver (已领取)'],
	['RFUND_ING', 'not opened in time, the money is on its way back to the merchant (退款中)'],
	['REFUND', 'not opened in time, the money is back at the merchant (已退款)'],
]);

const NUMBER_FIELDS = ['total_amount', 'total_num', 'refund_amount', 'amount'];
/** Fields of the call, not of the packet. After a success, err_code is "0" or "SUCCESS". */
const CALL_FIELDS = [
	'return_code',
	'return_msg',
	'result_code',
	'err_code',
	'err_code_des',
	'sign',
	'nonce_str',
];

export const toStatusMeaning = (status: unknown): string | undefined =>
	STATUS_MEANINGS.get(String(status));

/**
 * Reads an answer as the packet that the node shows. `confirmedBy` says where it came from: the answer to Send, or a
 * query for the order.
 */
export function toPacket(answer: PayFields, confirmedBy: 'answer' | 'query'): Packet {
	const { mch_billno, send_listid, detail_id, status, hblist, ...rest } = answer;
	const listId = send_listid ?? detail_id;
	return {
		mch_billno,
		...(listId !== undefined && { send_listid: listId }),
		...(status !== undefined && { status, statusMeaning: toStatusMeaning(status) ?? status }),
		...toPlainFields(rest),
		...(hblist !== undefined && { hblist: readReceivers(hblist) }),
		confirmedBy,
	};
}

/** Whether an answer is about this order; what it leaves out does not count. */
export function isOfOrder(answer: PayFields, order: PayFields, mchId?: string): boolean {
	const { mch_billno, total_amount, total_num, re_openid } = order;
	if (answer.mch_billno !== mch_billno) return false;
	const receivers = Number(total_num) === 1 ? readReceivers(answer.hblist) : [];
	return (
		isSameIfGiven(answer.mch_id, mchId) &&
		isSameIfGiven(answer.total_amount, total_amount) &&
		isSameIfGiven(answer.total_num, total_num) &&
		isSameIfGiven(answer.re_openid, re_openid) &&
		receivers.every(({ openid }) => isSameIfGiven(openid, re_openid))
	);
}

const isSameIfGiven = (a: unknown, b: unknown) =>
	a === undefined || b === undefined || String(a) === String(b);

/** `<hblist><hbinfo>…</hbinfo></hblist>`: one, several, or empty. */
function readReceivers(hblist: unknown): Packet[] {
	if (Array.isArray(hblist)) return hblist as Packet[];
	const { hbinfo = [] } = (hblist ?? {}) as PayFields;
	return [hbinfo].flat().map((receiver) => toPlainFields(receiver as PayFields));
}

const toPlainFields = (fields: PayFields): PayFields =>
	Object.fromEntries(
		Object.entries(fields)
			.filter(([name]) => !CALL_FIELDS.includes(name))
			.map(([name, value]) => [name, NUMBER_FIELDS.includes(name) ? Number(value) : value]),
	);

const YUAN = 100;
/** Of each packet, unless the merchant has other limits for a scene (场景). */
const PACKET_LIMITS = { min: 1 * YUAN, max: 200 * YUAN };
/** Of all packets of a group together. */
const GROUP_LIMITS = { minPackets: 3, max: 1000 * YUAN };

/**
 * Checks a packet against the limits that WeChat publishes (发放规则), before anything is sent.
 *
 * @throws {UserError} when a limit is exceeded.
 */
export function checkPacket(packet: PayFields, isGroup: boolean): void {
	const { re_openid, client_ip, scene_id } = packet;
	const total = checkWhole({ english: 'Amount', chinese: '金额' }, packet.total_amount, {
		english: 'of fen; 100 fen are one yuan',
		chinese: '以分为单位（100 分为 1 元）',
	});
	const packets = isGroup
		? checkWhole({ english: 'Number of Packets', chinese: '红包个数' }, packet.total_num)
		: 1;
	if (!/^[\w-]{1,32}$/.test(String(re_openid)))
		throw new UserError(
			`"OpenID" has letters, digits, - and _ only, and is "${String(re_openid)}"`,
			'Take the OpenID (用户openid) of the receiver under the official account of AppID.',
			`“OpenID”只能包含字母、数字、- 和 _，现为“${String(re_openid)}”：请填写领取人在该 AppID 公众号下的 OpenID。`,
		);
	if (!isGroup && !isIPv4(String(client_ip)))
		throw new UserError(
			`"Client IP" is not an IPv4 address: "${String(client_ip)}"`,
			'Enter the address of the n8n server, such as 192.168.0.1.',
			`“客户端IP”不是 IPv4 地址：“${String(client_ip)}”，请填写 n8n 服务器的地址，例如 192.168.0.1。`,
		);
	if (isGroup && packets < GROUP_LIMITS.minPackets)
		throw new UserError(
			`"Number of Packets" must be at least ${GROUP_LIMITS.minPackets}`,
			'A single packet is what Send is for.',
			`“红包个数”至少为 ${GROUP_LIMITS.minPackets}：只发一个红包请用“发放普通红包”（Send）。`,
		);
	if (isGroup && total > GROUP_LIMITS.max)
		throw new UserError(
			`"Amount" is ${toYuan(total)} yuan; a group gets at most ${toYuan(GROUP_LIMITS.max)}`,
			'Send it as several groups.',
			`“金额”为 ${toYuan(total)} 元，而一次裂变红包总额最多 ${toYuan(GROUP_LIMITS.max)} 元：请分多次发放。`,
		);
	const each = total / packets;
	if (scene_id || (each >= PACKET_LIMITS.min && each <= PACKET_LIMITS.max)) return;
	const what = isGroup
		? `makes ${toYuan(each)} yuan for each of ${packets} packets`
		: `is ${toYuan(each)} yuan`;
	const whatInChinese = isGroup
		? `平均每个红包 ${toYuan(each)} 元（共 ${packets} 个）`
		: `为 ${toYuan(each)} 元`;
	throw new UserError(
		`"Amount" ${what}; WeChat allows ${toYuan(PACKET_LIMITS.min)} to ${toYuan(PACKET_LIMITS.max)} yuan`,
		'Amount is in fen: 100 is one yuan. Other amounts need a Scene (场景) for which the merchant has other limits.',
		`“金额”${whatInChinese}，微信允许 ${toYuan(PACKET_LIMITS.min)} 至 ${toYuan(PACKET_LIMITS.max)} 元：金额以分为单位（100 为 1 元），其他金额须选择商户另有额度的“场景”。`,
	);
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

interface Words {
	english: string;
	chinese: string;
}

function checkWhole(label: Words, value: unknown, unit?: Words): number {
	if (isWhole(value) && value > 0) return value;
	throw new UserError(
		`"${label.english}" must be a whole number${unit ? ` ${unit.english}` : ''}, and is ${String(value)}`,
		undefined,
		`“${label.chinese}”应是正整数，${unit ? `${unit.chinese}，` : ''}而不是 ${String(value)}。`,
	);
}

/** Averages of groups may be a little beyond a limit. */
const toYuan = (fen: number) => String(Number((fen / YUAN).toFixed(3)));

/** mch_billno: at most 28 letters and digits. */
const ORDER_NUMBER = /^[0-9A-Za-z]{1,28}$/;

/**
 * Creates the order number of some work, always the same one. WeChat takes calls with one number for one order, so a
 * repeated run never pays twice. `work` must not hold values that may change between runs, such as the amount.
 */
export const createOrderNumber = (work: Array<string | number>): string =>
	createHash('sha256').update(JSON.stringify(work)).digest('hex').slice(0, 28);

export function checkOrderNumber(number: string): string {
	if (ORDER_NUMBER.test(number)) return number;
	throw new UserError(
		`"Order Number" must be 1 to 28 letters and digits, and is "${number}"`,
		'WeChat takes no other characters in mch_billno (商户订单号).',
		`“商户订单号”应为 1 至 28 位字母或数字，而不是“${number}”。`,
	);
}
