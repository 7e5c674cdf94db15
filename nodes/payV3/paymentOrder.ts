import type { Answer, Call } from '../api/apiClient';
import { readObject } from '../api/response';
import { describePayment } from './orderStates';
import type { PayV3Client } from './payV3Client';
import { sendOrder, type OrderEnd } from './sendOrder';

/** How a payment is paid (trade_type); MWEB is H5. */
type TradeType = 'APP' | 'JSAPI' | 'MWEB' | 'NATIVE';

/** What the answer holds that a payment is paid with. */
const ANSWER_FIELDS: Record<TradeType, string> = {
	APP: 'prepay_id',
	JSAPI: 'prepay_id',
	MWEB: 'h5_url',
	NATIVE: 'code_url',
};

/** States of an order that nobody has paid yet. */
const OPEN_STATES: ReadonlySet<unknown> = new Set(['NOTPAY', 'USERPAYING', 'ACCEPT']);

const ENDS: ReadonlyMap<unknown, OrderEnd> = new Map([
	[
		'CLOSED',
		{
			english: 'was closed and cannot be paid any more (已关闭)',
			chinese: '已关闭，不能再支付',
		},
	],
	['PAYERROR', { english: 'has failed (支付失败)', chinese: '支付失败' }],
	['REVOKED', { english: 'was revoked (已撤销)', chinese: '已撤销' }],
]);

/**
 * Creates an order for a user to pay (下单), once for its out_trade_no. One that is paid already comes back as it is,
 * with its trade_state and nothing to pay it with.
 *
 * @throws {PayError} when WeChat refuses it, it is closed, or another one has its number.
 * @throws {ConnectionError} when no call has reached WeChat.
 */
export async function createPayment(
	client: PayV3Client,
	call: Call,
	tradeType: TradeType,
): Promise<Answer> {
	const { out_trade_no: number, appid, amount, payer } = call.body as Answer;
	const answer = await sendOrder(client, {
		name: 'payment',
		chinese: '订单',
		done: 'created',
		numberField: 'out_trade_no',
		label: 'Order Number',
		labelInChinese: '商户订单号',
		call,
		answerField: ANSWER_FIELDS[tradeType],
		stateField: 'trade_state',
		query: {
			path: `/v3/pay/transactions/out-trade-no/${encodeURIComponent(String(number))}`,
			query: { mchid: client.mchId },
		},
		meant: [
			{ label: 'Amount', value: readObject(amount).total, read: readTotal },
			{ label: 'AppID', value: appid, read: (found) => found.appid },
			{ label: 'trade_type', value: tradeType, read: (found) => found.trade_type },
			{
				label: 'OpenID',
				value: readObject(payer).openid,
				read: (found) => readObject(found.payer).openid,
			},
		],
		isOpen: ({ trade_state }) => OPEN_STATES.has(trade_state),
		findEnd: ({ trade_state }) => ENDS.get(trade_state),
	});
	return describePayment({ out_trade_no: number, ...answer });
}

const readTotal = ({ amount }: Answer) => readObject(amount).total;
