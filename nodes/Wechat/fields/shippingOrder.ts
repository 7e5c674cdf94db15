import type { Field } from '../../engine/define';

const TRANSACTION = 2;
const OWN_NUMBER = 1;

/** Which order: by WeChat Pay's number, or by the merchant's own. */
export const orderFields = [
	{
		displayName: 'Identify Order By (订单标识方式)',
		name: 'numberType',
		type: 'options',
		wire: false,
		options: [
			{ name: 'Merchant Order Number (商户单号)', value: OWN_NUMBER },
			{ name: 'Transaction ID (微信支付单号)', value: TRANSACTION },
		],
		default: TRANSACTION,
		description: 'Which number you have of the order',
	},
	{
		displayName: 'Transaction ID (微信支付单号)',
		name: 'transactionId',
		type: 'string',
		wire: false,
		required: true,
		displayOptions: { show: { numberType: [TRANSACTION] } },
		default: '',
		placeholder: 'e.g. 4200002863202511185315714357',
		description: 'Number of the payment in WeChat Pay (transaction_id), as text',
	},
	{
		displayName: 'Merchant Number (商户号)',
		name: 'merchantId',
		type: 'string',
		wire: false,
		required: true,
		displayOptions: { show: { numberType: [OWN_NUMBER] } },
		default: '',
		placeholder: 'e.g. 1230000109',
		description: 'Number of the merchant that got the payment (mchid)',
	},
	{
		displayName: 'Merchant Order Number (商户单号)',
		name: 'ownNumber',
		type: 'string',
		wire: false,
		required: true,
		displayOptions: { show: { numberType: [OWN_NUMBER] } },
		default: '',
		placeholder: 'e.g. A1001',
		description: 'Your number of the order (out_trade_no)',
	},
] as const satisfies Field[];

interface Entered {
	numberType?: unknown;
	transactionId?: unknown;
	merchantId?: unknown;
	ownNumber?: unknown;
}

const isOwn = ({ numberType }: Entered) => numberType === OWN_NUMBER;

/** The order as calls that ship have it. */
export const toOrderKey = (entered: Entered): object =>
	isOwn(entered)
		? {
				order_number_type: OWN_NUMBER,
				mchid: entered.merchantId,
				out_trade_no: entered.ownNumber,
			}
		: { order_number_type: TRANSACTION, transaction_id: entered.transactionId };

/** The order as calls about orders have it. */
export const toOrderQuery = (entered: Entered): Record<string, unknown> =>
	isOwn(entered)
		? { merchant_id: entered.merchantId, merchant_trade_no: entered.ownNumber }
		: { transaction_id: entered.transactionId };
