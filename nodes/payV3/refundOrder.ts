import type { Answer, Call } from '../api/apiClient';
import { readObject } from '../api/response';
import { UserError } from '../base/userError';
import { describeRefund } from './orderStates';
import type { PayV3Client } from './payV3Client';
import { sendOrder } from './sendOrder';

/**
 * Gives money of a payment back (申请退款), once for its out_refund_no. WeChat has taken it then; its status says how far
 * it is.
 *
 * @throws {PayError} when WeChat refuses it, it was closed, or another one has its number.
 * @throws {ConnectionError} when no call has reached WeChat.
 * @throws {UserError} when more would go back than was paid.
 */
export async function createRefund(client: PayV3Client, call: Call): Promise<Answer> {
	const { out_refund_no, transaction_id, out_trade_no, amount } = call.body as Answer;
	const { refund, total } = amount as { refund: number; total: number };
	if (refund > total)
		throw new UserError(
			`"Refund" is ${refund} fen, and "Total" only ${total}`,
			'Total is what was paid for the order (原订单金额), Refund what goes back of it now. Both are in fen.',
			`“退款金额”为 ${refund} 分，而“原订单金额”只有 ${total} 分：原订单金额是该订单支付的总额，退款金额是本次退回的部分，均以分为单位。`,
		);
	const answer = await sendOrder(client, {
		name: 'refund',
		chinese: '退款',
		done: 'made',
		numberField: 'out_refund_no',
		label: 'Refund Number',
		labelInChinese: '商户退款单号',
		call,
		answerField: 'status',
		stateField: 'status',
		query: { path: `/v3/refund/domestic/refunds/${encodeURIComponent(String(out_refund_no))}` },
		meant: [
			{ label: 'Refund', value: refund, read: (found) => readObject(found.amount).refund },
			{ label: 'Total', value: total, read: (found) => readObject(found.amount).total },
			{
				label: 'Transaction ID',
				value: transaction_id,
				read: (found) => found.transaction_id,
			},
			{ label: 'Order Number', value: out_trade_no, read: (found) => found.out_trade_no },
		],
		findEnd: ({ status }) =>
			status === 'CLOSED'
				? {
						english: 'was closed, and nothing was refunded (退款关闭)',
						chinese: '已关闭，款项没有退回',
					}
				: undefined,
	});
	return describeRefund(answer);
}
