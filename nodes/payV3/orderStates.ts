import type { Answer } from '../api/apiClient';
import FAIL_REASONS from './transferFailReasons.json';

/** trade_state of a payment (交易状态). */
const TRADE_STATES: ReadonlyMap<string, string> = new Map([
	['ACCEPT', 'WeChat has taken it and waits for the bank (已接收，等待扣款)'],
	['CLOSED', 'closed, it cannot be paid any more (已关闭)'],
	['NOTPAY', 'not paid yet (未支付)'],
	['PAYERROR', 'the payment has failed (支付失败)'],
	['REFUND', 'paid, and refunded in whole or in part (转入退款)'],
	['REVOKED', 'revoked (已撤销)'],
	['SUCCESS', 'paid (支付成功)'],
	['USERPAYING', 'the user is paying (用户支付中)'],
]);

/** status of a refund (退款状态); refund_status in notifications. */
const REFUND_STATES: ReadonlyMap<string, string> = new Map([
	[
		'ABNORMAL',
		'the money cannot reach the payer, such as a bank card that was closed (退款异常): settle it at pay.weixin.qq.com > Transaction Center (交易中心)',
	],
	['CLOSED', 'closed, nothing was refunded (退款关闭)'],
	['PROCESSING', 'WeChat is refunding it (退款处理中)'],
	['SUCCESS', 'refunded (退款成功)'],
]);

/** state of a transfer (单据状态). */
const TRANSFER_STATES: ReadonlyMap<string, string> = new Map([
	['ACCEPTED', 'WeChat has taken it (转账已受理)'],
	['CANCELING', 'WeChat is cancelling it (撤销中)'],
	['CANCELLED', 'cancelled, nothing was transferred (转账撤销完成)'],
	['FAIL', 'it has failed, nothing was transferred (转账失败)'],
	[
		'PROCESSING',
		'WeChat is setting the money aside; it stays so while the merchant has too little (转账锁定资金中)',
	],
	['SUCCESS', 'the user has the money (转账成功)'],
	['TRANSFERING', 'the user has confirmed it, WeChat is transferring it (转账中)'],
	['WAIT_USER_CONFIRM', 'the user must confirm it within 24 hours (待收款用户确认)'],
]);

/** Adds to a payment what its trade_state means, as `stateMeaning`. */
export const describePayment = (answer: Answer): Answer =>
	describeState(answer, 'trade_state', TRADE_STATES);

/** Adds to a refund what its status means, as `stateMeaning`. */
export const describeRefund = (answer: Answer): Answer =>
	describeState(answer, answer.status === undefined ? 'refund_status' : 'status', REFUND_STATES);

interface FailReason {
	meaning: string;
	chinese: string;
}

const TRANSFER_FAIL_REASONS: ReadonlyMap<string, FailReason> = new Map(
	Object.entries(FAIL_REASONS),
);

const FAIL_MEANINGS: ReadonlyMap<string, string> = new Map(
	Object.entries(FAIL_REASONS).map(([reason, { meaning }]) => [reason, meaning]),
);

/** Adds to a transfer what its state and its fail_reason mean, as `stateMeaning` and `failReasonMeaning`. */
export const describeTransfer = (answer: Answer): Answer =>
	describeState(
		describeState(answer, 'state', TRANSFER_STATES),
		'fail_reason',
		FAIL_MEANINGS,
		'failReasonMeaning',
	);

/** What a fail_reason of a transfer means; one that is not known stands for itself. */
export const describeFailReason = (reason: unknown): FailReason =>
	TRANSFER_FAIL_REASONS.get(String(reason)) ?? {
		meaning: String(reason ?? 'no reason'),
		chinese: String(reason ?? '没有说明原因'),
	};

/** A state that is not known stands for itself: WeChat adds new ones. */
function describeState(
	answer: Answer,
	field: string,
	states: ReadonlyMap<string, string>,
	name = 'stateMeaning',
): Answer {
	if (answer[field] === undefined) return answer;
	const described: Answer = {};
	for (const [key, value] of Object.entries(answer)) {
		described[key] = value;
		if (key === field) described[name] = states.get(String(value)) ?? String(value);
	}
	return described;
}
