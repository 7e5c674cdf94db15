import type { Field } from '../../engine/define';

/** WeChat Pay's pages of its API v3 for merchants. */
export const PAY_PAGES = 'https://pay.weixin.qq.com/doc/v3/merchant/';

/** The account that a payment or transfer is made through. */
export const merchantAppId = {
	displayName: 'AppID',
	name: 'appid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. wx0123456789abcdef',
	description:
		'AppID of the official account (公众号), mini program (小程序) or app in which it happens. It must be bound to the merchant number: pay.weixin.qq.com > Product Center (产品中心) > AppID Accounts (AppID账号管理).',
} as const satisfies Field;

/** Where WeChat reports what becomes of it. */
export const notifyUrl = {
	displayName: 'Notify URL (回调通知地址)',
	name: 'notify_url',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/…',
	maxLength: 255,
	pattern: {
		allows: /^https:\/\/[^?#\s]+$/,
		problem: 'must begin with https:// and hold no ? and no blanks, and is {value}',
		chinese: '须以 https:// 开头，且不含 ? 和空格，现为 {value}',
	},
	description:
		'Where WeChat reports the result: the production URL of a WeChat Pay Trigger, not its test URL. Its workflow must be published (active), and the event chosen there.',
} as const satisfies Field;

/** Number of a payment that the merchant has chosen. */
export const orderNumber = {
	displayName: 'Order Number (商户订单号)',
	name: 'out_trade_no',
	type: 'string',
	default: '',
	placeholder: 'e.g. order20261128001',
	pattern: {
		allows: /^[0-9A-Za-z_\-|*]{6,32}$/,
		problem: 'must be 6 to 32 of letters, digits and _ - | *, and is {value}',
		chinese: '应为 6 至 32 位字母、数字或 _ - | *，而不是 {value}',
	},
	description:
		'Number of the order in your shop, 6 to 32 letters, digits and _ - | *. WeChat lets an order number be paid once.',
} as const satisfies Field;

/** Number of a payment that WeChat has chosen. */
export const transactionId = {
	displayName: 'Transaction ID (微信支付订单号)',
	name: 'transaction_id',
	type: 'string',
	default: '',
	placeholder: 'e.g. 4200002345202611281234567890',
	pattern: {
		allows: /^[0-9A-Za-z]{1,32}$/,
		problem: 'must be at most 32 digits or letters, and is {value}',
		chinese: '应为最多 32 位数字或字母，而不是 {value}',
	},
	description: "WeChat's number of the payment, which it has once the user has paid",
} as const satisfies Field;
