import { defineRequestFor, defineResource, type Field, type Values } from '../../engine/define';
import { describeRefund } from '../../payV3/orderStates';
import { createRefund } from '../../payV3/refundOrder';
import { notifyUrl, orderNumber, PAY_PAGES, transactionId } from '../fields/merchantFields';
import { claimNumber, type PayContext } from '../payContext';

const defineRefundRequest = defineRequestFor<PayContext>();

const refundNumber = {
	displayName: 'Refund Number (商户退款单号)',
	name: 'out_refund_no',
	type: 'string',
	default: '',
	placeholder: 'e.g. refund20261128001',
	pattern: {
		allows: /^[0-9A-Za-z_\-|*@]{1,64}$/,
		problem: 'must be 1 to 64 of letters, digits and _ - | * @, and is {value}',
		chinese: '应为 1 至 64 位字母、数字或 _ - | * @，而不是 {value}',
	},
	description:
		'Number of the refund in your shop, at most 64 letters, digits and _ - | * @. WeChat refunds a number once, however often it is sent.',
} as const satisfies Field;

/** Shown while there is neither a number nor an expression for one. */
const refundNumberNotice = {
	displayName:
		'Enter a Refund Number of your own to have it refunded once. Without one, the node makes a number for each execution: n8n’s Retry On Fail refunds once, but a second run of the workflow or a loop back to the node refunds again. An AI agent cannot use the node as a tool without one.',
	name: 'refundNumberNotice',
	type: 'notice',
	displayOptions: { hide: { out_refund_no: [{ _cnd: { exists: true } }] } },
	default: '',
} as const satisfies Field;

const amount = {
	displayName: 'Refund (退款金额)',
	name: 'refund',
	type: 'number',
	wire: 'amount.refund',
	as: 'fen',
	required: true,
	default: 100,
	hint: 'In fen (分): 100 is 1 yuan',
	description: 'What goes back to the payer in whole fen',
} as const satisfies Field;

/** Money back to users (退款). */
export const refund = defineResource<PayContext>('Refund (退款)', 'refund', [
	defineRefundRequest({
		name: 'Create',
		value: 'create',
		action: 'Create refund',
		chinese: '申请退款',
		description:
			'Give back a payment, or a part of it, within a year. WeChat wants a minute between two refunds of one payment, and takes up to 50.',
		doc: `${PAY_PAGES}4012556524`,
		path: '/v3/refund/domestic/refunds',
		effect: 'write',
		fields: [
			{
				displayName: 'Payment By (支付标识方式)',
				name: 'by',
				type: 'options',
				wire: false,
				options: [
					{ name: 'Order Number (商户订单号)', value: 'out_trade_no' },
					{ name: 'Transaction ID (微信支付订单号)', value: 'transaction_id' },
				],
				default: 'out_trade_no',
				description: 'Which number names the payment',
			},
			{
				...orderNumber,
				required: true,
				displayOptions: { show: { by: ['out_trade_no'] } },
				description: 'Number of the order that was paid (商户订单号)',
			},
			{ ...transactionId, required: true, displayOptions: { show: { by: ['transaction_id'] } } },
			amount,
			{
				...amount,
				displayName: 'Total (原订单金额)',
				name: 'total',
				wire: 'amount.total',
				description: 'What was paid for the whole order, in whole fen',
			},
			{ ...refundNumber, check: true },
			refundNumberNotice,
			{
				displayName: 'Additional Fields (其他字段)',
				name: 'additionalFields',
				type: 'collection',
				placeholder: 'Add Field',
				default: {},
				options: [
					{
						displayName: 'From Available Balance (可用余额退款)',
						name: 'funds_account',
						type: 'boolean',
						default: true,
						description:
							'Whether the money comes from the available balance (可用余额) in place of what is not settled yet; only merchants with the old flow of funds can choose',
					},
					notifyUrl,
					{
						displayName: 'Reason',
						name: 'reason',
						type: 'string',
						maxLength: 80,
						default: '',
						placeholder: 'e.g. sold out',
						description: 'Why, as the payer reads it (退款原因); at most 80 characters',
					},
				],
			},
		],
		prepare: ({ amount: fen, funds_account, ...body }) => ({
			...body,
			amount: { ...(fen as Values), currency: 'CNY' },
			...(funds_account === true && { funds_account: 'AVAILABLE' }),
		}),
		run: async ({ client, call }) => {
			const names = {
				label: 'Refund Number',
				labelInChinese: '商户退款单号',
				refusal: 'makes no refund',
				refusalInChinese: '不退款',
			};
			return await createRefund(client, claimNumber(client, call, 'out_refund_no', names));
		},
	}),
	defineRefundRequest({
		name: 'Get',
		value: 'get',
		action: 'Get refund',
		chinese: '查询退款',
		description:
			'Get what became of a refund (查询单笔退款): status SUCCESS is refunded. Amounts are in fen.',
		doc: `${PAY_PAGES}4012556587`,
		path: '/v3/refund/domestic/refunds/{out_refund_no}',
		method: 'GET',
		effect: 'read',
		fields: [{ ...refundNumber, required: true, in: 'path' }],
		present: describeRefund,
	}),
]);
