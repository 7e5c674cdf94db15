import { readText, type Message } from './message';

/**
 * How the registration of a mini program ended: `status` of notify_third_fasteregister and its like.
 * Source: "Fast registration of mini programs for companies" (快速注册企业小程序), result pushes.
 */
const REASONS: ReadonlyMap<string, string> = new Map([
	['0', 'Registered'],
	['101', 'The company is deregistered (企业已注销)'],
	['102', 'The registry does not know the company (企业不存在)'],
	['103', 'The name of the legal representative is not the one in the registry'],
	['104', 'The ID number of the legal representative is not the one in the registry'],
	['105', 'The registry is not up to date; try again in 5 to 15 working days'],
	['1000', 'The data of company and legal representative do not agree with the registry'],
	['1001', 'The company has as many mini programs as it may have'],
	['1002', 'The company is blocked for violations'],
	['1003', 'The administrator has as many accounts as one person may have'],
	['1004', 'The administrator is blocked for violations'],
	['1005', 'The phone number of the administrator has as many accounts as it may have'],
	['1006', 'The phone number of the administrator is blocked for violations'],
	['1007', 'The ID card of the administrator has as many accounts as it may have'],
	['1008', 'The ID card of the administrator is blocked for violations'],
	['100001', 'Not confirmed within 24 hours: the ID card was not entered'],
	['100002', 'Not confirmed within 24 hours: the face was not checked'],
	['100003', 'Not confirmed within 24 hours'],
]);

/** Undefined for a number that WeChat has not published. */
export const toRegistrationStatus = (code: string): string | undefined => REASONS.get(code.trim());

/** What WeChat objects to in a mass message: the number in a `Status` such as `err(20002)`. 30001 to 30003 are unconfirmed. */
const OBJECTIONS: ReadonlyMap<string, string> = new Map([
	['10001', 'advertising (涉嫌广告)'],
	['20001', 'politics (涉嫌政治)'],
	['20002', 'pornography (涉嫌色情)'],
	['20004', 'society (涉嫌社会)'],
	['20006', 'crime (涉嫌违法犯罪)'],
	['20008', 'fraud (涉嫌欺诈)'],
	['20013', 'copyright (涉嫌版权)'],
	['21000', 'something else (涉嫌其他)'],
	['22000', 'mutual promotion (涉嫌互推)'],
	['30001', 'the check for originals failed, and reprints are not to be sent (原创校验)'],
	['30002', 'the check for originals says that it must not be sent (原创校验)'],
	[
		'30003',
		'the check for originals says that it is a reprint, which is not to be sent (原创校验)',
	],
]);

const MASS_STATES: ReadonlyMap<string, string> = new Map([
	['send success', 'Sent'],
	['sending', 'Being sent'],
	['send fail', 'Failed'],
	['delete', 'Sent, then deleted'],
]);

/**
 * How a mass message ended: `Status` of the push, or `msg_status` of a call; undefined where neither is known. WeChat
 * sends numbers that its pages do not name, such as 20431.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends.html
 */
export function toMassStatus(status: string): string | undefined {
	const [, code] = /^err\((\d+)\)$/.exec(status.trim()) ?? [];
	if (code) return `Refused: ${OBJECTIONS.get(code) ?? `reason ${code}`}`;
	return MASS_STATES.get(status.trim().toLowerCase().replace('_', ' '));
}

/** A number inside an event that says what happened: the part, its field, and what WeChat's pages call the numbers from 1 on. */
interface NumberedState {
	part: string;
	field: string;
	texts: readonly string[];
}

/**
 * Numbers in pushes of shops. WeChat's newer pages may know more of them than these.
 *
 * @see https://developers.weixin.qq.com/doc/store/shop/notify/order_callback/channels_ec_order_cancel.html
 */
const NUMBERED_STATES: ReadonlyMap<string, NumberedState> = new Map<string, NumberedState>([
	[
		'event.channels_ec_order_cancel',
		{
			part: 'order_info',
			field: 'cancel_type',
			texts: [
				'Canceled by the customer (用户取消)',
				'Not paid in time (超时取消)',
				'After-sales of all products are done (全部商品售后完成)',
				'Canceled by the shop: oversold (超卖商家取消)',
			],
		},
	],
	[
		'event.channels_ec_order_confirm',
		{
			part: 'order_info',
			field: 'confirm_type',
			texts: [
				'Confirmed by the customer (用户确认收货)',
				'Confirmed after some time (超时自动确认收货)',
			],
		},
	],
	[
		'event.channels_ec_order_ext_info_update',
		{
			part: 'order_info',
			field: 'type',
			texts: [
				'Commission (联盟佣金信息)',
				'Address (地址修改)',
				'Remark of the shop (商家备注修改)',
				'The customer asks for another address (用户申请修改收货地址)',
				'Virtual phone number (虚拟号码信息更新)',
				'Sharer (分享员信息更新)',
				'The customer urges the shop to ship (用户催发货)',
			],
		},
	],
	[
		'event.channels_ec_withdraw_notify',
		{
			part: 'withdraw_info',
			field: 'event',
			texts: [
				'Started: the QR code is there (发起提现)',
				'Scanned and handed in (扫码验证成功)',
				'Paid out (提现成功)',
				'Failed (提现失败)',
			],
		},
	],
	[
		'event.qrcode_status',
		{
			part: 'qrcode_info',
			field: 'status',
			texts: ['Confirmed (已确认)', 'Canceled (已取消)', 'Expired (已失效)', 'Scanned (已扫码)'],
		},
	],
]);

/** What the number in an event of a shop means; undefined where none is known. */
export function toEventStatus(eventType: string, message: Message): string | undefined {
	const state = NUMBERED_STATES.get(eventType);
	const part = state && message[state.part];
	if (!state || typeof part !== 'object' || Array.isArray(part)) return undefined;
	return state.texts[Number(readText(part, state.field)) - 1];
}
