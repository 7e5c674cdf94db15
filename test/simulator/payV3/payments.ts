import { isIP } from 'node:net';
import type { JsonObject } from '../http/json';
import { invalidRequest, PayV3Refusal, wrongField } from './refusal';
import {
	checkRules,
	isCny,
	isFen,
	NOTIFY_URL,
	NUMBER_32,
	NUMBER_64,
	OPENID,
	upTo,
	type Rule,
} from './values';
import { toTime, type Behavior, type PayV3Call, type World } from './world';

/** Payments (支付) and refunds (退款) of an ordinary merchant. */

export interface Payment {
	tradeType: 'JSAPI' | 'NATIVE' | 'MWEB' | 'APP';
	/** As they were ordered; empty when a number was closed that nobody ordered. */
	values: JsonObject;
	state: 'NOTPAY' | 'SUCCESS' | 'CLOSED' | 'REFUND';
	handle: string;
	openid: string;
	transactionId?: string;
	paidAt?: number;
}

export interface Refund {
	values: JsonObject;
	refundId: string;
	outTradeNo: string;
	status: 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';
	createdAt: number;
	endedAt?: number;
}

interface Amount {
	total: number;
	refund: number;
}
const amountOf = (values: JsonObject) => values.amount as Amount;
const sameValues = (a: unknown, b: unknown): boolean =>
	JSON.stringify(sort(a)) === JSON.stringify(sort(b));

/** The order of keys says nothing. */
function sort(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sort);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return entries.map(([key, entry]) => [key, sort(entry)]);
}

export const isRepeated = sameValues;

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4012791856 and the pages beside it */
const ORDER: Record<string, Rule> = {
	'/description': upTo(127),
	'/out_trade_no': NUMBER_32,
	'/attach': upTo(128),
	'/notify_url': NOTIFY_URL,
	'/amount/total': isFen,
	'/amount/currency': isCny,
	'/payer/openid': OPENID,
	'/scene_info/payer_client_ip': (value) => isIP(String(value)) > 0,
	'/scene_info/h5_info/type': /^(?:iOS|Android|Wap)$/,
};

function createOrder(
	tradeType: Payment['tradeType'],
	answer: string,
	toHandle: (id: string) => string,
) {
	return ({ body }: PayV3Call, world: World) => {
		checkRules(body, ORDER);
		checkAppId(body, world);
		if (tradeType === 'MWEB' && !(body.scene_info as JsonObject).payer_client_ip)
			throw wrongField('/scene_info/payer_client_ip', 'is missing');
		const number = body.out_trade_no as string;
		const known = world.payments.get(number);
		if (known) return { json: { [answer]: repeatOrder(known, tradeType, body) } };
		const handle = toHandle(world.nextNumber('wx26'));
		const state = 'NOTPAY';
		const openid = (body.payer as { openid?: string } | undefined)?.openid ?? '';
		world.payments.set(number, { tradeType, values: body, state, handle, openid });
		return { json: { [answer]: handle } };
	};
}

/** 请求重入: the same order again has the same answer; another one may not have its number. */
function repeatOrder(known: Payment, tradeType: string, body: JsonObject): string {
	if (known.state === 'CLOSED' && known.handle !== '')
		throw new PayV3Refusal(400, 'ORDER_CLOSED', '订单已关闭');
	if (known.state === 'SUCCESS' || known.state === 'REFUND') throw invalidRequest('该订单已支付');
	if (known.tradeType !== tradeType && known.handle !== '')
		throw new PayV3Refusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复');
	// Closing a number that nobody had ordered uses it up: others saw these words then.
	if (!sameValues(known.values, body)) throw invalidRequest('请求重入时，参数与首次请求时不一致');
	return known.handle;
}

export function checkAppId({ appid }: JsonObject, { appIds }: World): void {
	if (!appIds.includes(appid as string))
		throw new PayV3Refusal(400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配，请检查后再试');
}

const STATES: Record<Payment['state'], string> = {
	NOTPAY: '订单未支付',
	SUCCESS: '支付成功',
	CLOSED: '订单已关闭',
	REFUND: '订单发生过退款，退款详情请查询退款单',
};

/** A payment as its query, and the notification of it, tell it. */
export function describePayment(number: string, payment: Payment, mchid: string): JsonObject {
	const { values, state, tradeType, transactionId, paidAt, openid } = payment;
	const isPaid = paidAt !== undefined;
	const { total = 0 } = (amountOf(values) ?? {}) as Partial<Amount>;
	return {
		mchid,
		appid: values.appid ?? '',
		out_trade_no: number,
		...(isPaid && { transaction_id: transactionId, trade_type: tradeType }),
		trade_state: state,
		trade_state_desc: STATES[state],
		...(isPaid && { bank_type: 'OTHERS' }),
		attach: values.attach ?? '',
		...(isPaid && { success_time: toTime(paidAt), payer: { openid } }),
		amount: {
			total,
			currency: 'CNY',
			...(isPaid && { payer_total: total, payer_currency: 'CNY' }),
		},
	};
}

function queryOrder(
	find: (call: PayV3Call, world: World) => [string, Payment] | undefined,
): Behavior {
	return (call, world) => {
		if (call.query.mchid === undefined) throw wrongField('mchid', 'is missing', 'query');
		const found = find(call, world);
		if (!found) throw new PayV3Refusal(404, 'ORDER_NOT_EXIST', '订单不存在');
		return { json: describePayment(found[0], found[1], world.mchId) };
	};
}

function closeOrder({ params, body }: PayV3Call, world: World) {
	if (body.mchid === undefined) throw wrongField('/mchid', 'is missing');
	const known = world.payments.get(params.out_trade_no);
	if (known && known.state !== 'NOTPAY' && known.state !== 'CLOSED')
		throw new PayV3Refusal(403, 'TRADE_ERROR', '订单已支付，不能关单');
	if (known) known.state = 'CLOSED';
	else
		world.payments.set(params.out_trade_no, {
			tradeType: 'NATIVE',
			values: {},
			state: 'CLOSED',
			handle: '',
			openid: '',
		});
	return { status: 204 as const };
}

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4013071036 */
const REFUND: Record<string, Rule> = {
	'/out_refund_no': NUMBER_64,
	'/reason': upTo(80),
	'/notify_url': NOTIFY_URL,
	'/amount/refund': isFen,
	'/amount/total': isFen,
	'/amount/currency': isCny,
	'/funds_account': /^(?:AVAILABLE|UNSETTLED)$/,
};
const REFUND_DAYS = 365;

function createRefund({ body }: PayV3Call, world: World) {
	checkRules(body, REFUND);
	const { transaction_id, out_trade_no, out_refund_no } = body as Record<string, string>;
	if (!transaction_id && !out_trade_no) throw wrongField('/out_trade_no', 'is missing');
	const known = world.refunds.get(out_refund_no);
	if (known) {
		if (!sameValues(known.values, body))
			throw invalidRequest('订单金额或退款金额与之前请求不一致，请核实后再试');
		return { json: describeRefund(out_refund_no, known, world) };
	}
	const found = [...world.payments].find(
		([number, { transactionId }]) =>
			(!out_trade_no || number === out_trade_no) &&
			(!transaction_id || transactionId === transaction_id),
	);
	if (!found?.[1].paidAt) throw new PayV3Refusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在');
	const [number, payment] = found;
	const { refund, total } = amountOf(body);
	checkRefund(payment, refundedOf(number, world), { refund, total }, world);
	const made: Refund = {
		values: body,
		refundId: world.nextNumber('5030'),
		outTradeNo: number,
		status: 'PROCESSING',
		createdAt: world.now(),
	};
	world.refunds.set(out_refund_no, made);
	world.balance -= refund;
	payment.state = 'REFUND';
	world.movements.push({
		kind: 'refund',
		number: out_refund_no,
		fen: refund,
		openid: payment.openid,
	});
	return { json: describeRefund(out_refund_no, made, world) };
}

function checkRefund(payment: Payment, refunded: number, { refund, total }: Amount, world: World) {
	const paid = amountOf(payment.values).total;
	if (total !== paid) throw invalidRequest('您的请求参数与订单信息不一致');
	if (refunded + refund > paid) throw invalidRequest('累计退款金额大于支付金额，请核实后再试');
	if (world.now() - (payment.paidAt as number) > REFUND_DAYS * 86_400_000)
		throw new PayV3Refusal(403, 'TRADE_OVERDUE', '订单已经超过退款的最大期限');
	if (refund > world.balance)
		throw new PayV3Refusal(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起');
}

/** Fen of all refunds of an order that WeChat took. */
export const refundedOf = (outTradeNo: string, { refunds }: World): number =>
	[...refunds.values()]
		.filter((one) => one.outTradeNo === outTradeNo && one.status !== 'CLOSED')
		.reduce((sum, { values }) => sum + amountOf(values).refund, 0);

export function describeRefund(number: string, refund: Refund, world: World): JsonObject {
	const { values, refundId, outTradeNo, status, createdAt, endedAt } = refund;
	const { total, refund: fen } = amountOf(values);
	return {
		refund_id: refundId,
		out_refund_no: number,
		transaction_id: world.payments.get(outTradeNo)?.transactionId,
		out_trade_no: outTradeNo,
		channel: 'ORIGINAL',
		user_received_account: '支付用户零钱',
		...(status === 'SUCCESS' && { success_time: toTime(endedAt as number) }),
		create_time: toTime(createdAt),
		status,
		funds_account: 'AVAILABLE',
		amount: {
			total,
			refund: fen,
			from: [],
			payer_total: total,
			payer_refund: fen,
			settlement_refund: fen,
			settlement_total: total,
			discount_refund: 0,
			currency: 'CNY',
			refund_fee: 0,
		},
		promotion_detail: [],
	};
}

function queryRefund({ params }: PayV3Call, world: World) {
	const known = world.refunds.get(params.out_refund_no);
	if (!known) throw new PayV3Refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在');
	return { json: describeRefund(params.out_refund_no, known, world) };
}

export const PAYMENTS: Record<string, Behavior> = {
	'POST /v3/pay/transactions/jsapi': createOrder('JSAPI', 'prepay_id', (id) => id),
	'POST /v3/pay/transactions/app': createOrder('APP', 'prepay_id', (id) => id),
	'POST /v3/pay/transactions/native': createOrder(
		'NATIVE',
		'code_url',
		(id) => `weixin://wxpay/bizpayurl?pr=${id.slice(-9)}`,
	),
	'POST /v3/pay/transactions/h5': createOrder(
		'MWEB',
		'h5_url',
		(id) => `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${id}&package=1`,
	),
	'GET /v3/pay/transactions/out-trade-no/{out_trade_no}': queryOrder(({ params }, { payments }) => {
		const payment = payments.get(params.out_trade_no);
		return payment && [params.out_trade_no, payment];
	}),
	'GET /v3/pay/transactions/id/{transaction_id}': queryOrder(({ params }, { payments }) =>
		[...payments].find(([, { transactionId }]) => transactionId === params.transaction_id),
	),
	'POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close': closeOrder,
	'POST /v3/refund/domestic/refunds': createRefund,
	'GET /v3/refund/domestic/refunds/{out_refund_no}': queryRefund,
};

/** A user pays an order. */
export function payOrder(outTradeNo: string, world: World, openid?: string): JsonObject {
	const payment = world.payments.get(outTradeNo);
	if (payment?.state !== 'NOTPAY') throw new Error(`${outTradeNo} cannot be paid`);
	payment.state = 'SUCCESS';
	payment.openid = openid ?? (payment.openid || 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
	payment.transactionId = world.nextNumber('4200');
	payment.paidAt = world.now();
	const { total } = amountOf(payment.values);
	world.balance += total;
	world.movements.push({
		kind: 'payment',
		number: outTradeNo,
		fen: total,
		openid: payment.openid,
	});
	return describePayment(outTradeNo, payment, world.mchId);
}

/** A refund ends; answers the resource of its notification. */
export function endRefund(
	outRefundNo: string,
	status: 'SUCCESS' | 'CLOSED' | 'ABNORMAL',
	world: World,
): JsonObject {
	const refund = world.refunds.get(outRefundNo);
	if (!refund) throw new Error(`There is no refund ${outRefundNo}`);
	refund.status = status;
	refund.endedAt = world.now();
	const { total, refund: fen } = amountOf(refund.values);
	if (status === 'CLOSED') world.balance += fen;
	const told = describeRefund(outRefundNo, refund, world);
	return {
		mchid: world.mchId,
		out_trade_no: refund.outTradeNo,
		transaction_id: told.transaction_id,
		out_refund_no: outRefundNo,
		refund_id: refund.refundId,
		refund_status: status,
		...(status === 'SUCCESS' && { success_time: told.success_time }),
		user_received_account: told.user_received_account,
		amount: { total, refund: fen, payer_total: total, payer_refund: fen },
	};
}
