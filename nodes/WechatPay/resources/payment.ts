import { defineRequestFor, defineResource, type Field, type Values } from '../../engine/define';
import { formatBeijingTime } from '../../engine/beijingTime';
import { drawLink, linkPicture } from '../../engine/linkPicture';
import { createPayment } from '../../payV3/paymentOrder';
import { describePayment } from '../../payV3/orderStates';
import { signAppParameters, signPageParameters } from '../../payV3/payParameters';
import {
	merchantAppId,
	notifyUrl,
	orderNumber,
	PAY_PAGES,
	transactionId,
} from '../fields/merchantFields';
import { claimNumber, type PayContext } from '../payContext';

const definePaymentRequest = defineRequestFor<PayContext>();

const NAMES = {
	label: 'Order Number',
	labelInChinese: '商户订单号',
	refusal: 'creates no payment',
	refusalInChinese: '不下单',
};

const goods = {
	displayName: 'Description (描述)',
	name: 'description',
	type: 'string',
	required: true,
	maxLength: 127,
	default: '',
	placeholder: 'e.g. Tea House - Spring Tea',
	description: 'What is paid for, as the user reads it (商品描述); at most 127 characters',
} as const satisfies Field;

const total = {
	displayName: 'Amount (金额)',
	name: 'total',
	type: 'number',
	wire: 'amount.total',
	as: 'fen',
	required: true,
	default: 100,
	hint: 'In fen (分): 100 is 1 yuan',
	description: 'What is to be paid in whole fen (订单总金额)',
} as const satisfies Field;

/** Shown while there is neither a number nor an expression for one. */
const orderNumberNotice = {
	displayName:
		'Enter an Order Number of your own to have it paid once. Without one, the node makes a number for each execution: n8n’s Retry On Fail creates one payment, but a second run of the workflow or a loop back to the node creates another, which the user can pay as well. An AI agent cannot use the node as a tool without one.',
	name: 'orderNumberNotice',
	type: 'notice',
	displayOptions: { hide: { out_trade_no: [{ _cnd: { exists: true } }] } },
	default: '',
} as const satisfies Field;

const common = [
	goods,
	total,
	{ ...orderNumber, check: true },
	orderNumberNotice,
	{ ...notifyUrl, required: true },
] as const satisfies readonly Field[];

const clientIp = {
	displayName: 'Client IP (客户端IP)',
	name: 'payer_client_ip',
	type: 'string',
	wire: 'scene_info.payer_client_ip',
	default: '',
	placeholder: 'e.g. 14.23.150.211',
	description: 'IP address of the user who pays (用户终端IP)',
} as const satisfies Field;

const options = [
	{
		displayName: 'Attached Data (附加数据)',
		name: 'attach',
		type: 'string',
		maxLength: 128,
		default: '',
		placeholder: 'e.g. table 7',
		description:
			'Comes back in Get and in the notification; at most 128 characters. The user does not see it.',
	},
	{
		displayName: 'Discount Tag (订单优惠标记)',
		name: 'goods_tag',
		type: 'string',
		maxLength: 32,
		default: '',
		placeholder: 'e.g. SPRING',
		description: 'Tag of a coupon',
	},
	{
		displayName: 'Expires At (交易结束时间)',
		name: 'time_expire',
		type: 'dateTime',
		as: 'unixSeconds',
		default: '',
		description:
			'Until when it can be paid, in Beijing time unless a zone is given. A value of the order: keep it the same when you send it again.',
	},
	{
		displayName: 'Fapiao (电子发票)',
		name: 'support_fapiao',
		type: 'boolean',
		default: true,
		description: 'Whether the user can ask for an electronic invoice',
	},
	{
		displayName: 'Goods Details (优惠功能)',
		name: 'detail',
		type: 'json',
		as: 'json',
		default: '',
		placeholder: 'e.g. {"goods_detail":[{"merchant_goods_id":"T1","quantity":1,"unit_price":100}]}',
		description: 'What the order holds, for discounts on single goods (优惠功能, detail); in fen',
	},
	{
		displayName: 'No Credit Cards (禁用信用卡)',
		name: 'limit_pay',
		type: 'boolean',
		default: true,
		description: 'Whether credit cards are refused (指定支付方式 no_credit)',
	},
	{
		displayName: 'Profit Sharing (分账)',
		name: 'profit_sharing',
		type: 'boolean',
		wire: 'settle_info.profit_sharing',
		default: true,
		description: 'Whether the money waits to be shared with others',
	},
] as const satisfies Field[];

/** n8n wants them by name. */
const [attachedData, ...otherOptions] = options;

const more = {
	displayName: 'Additional Fields (其他字段)',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: [attachedData, clientIp, ...otherOptions],
} as const satisfies Field;

/** The values in the words of WeChat: its currency and times, and the merchant who is paid. */
function preparePayment(
	{ amount, time_expire, limit_pay, ...body }: Values,
	_: unknown,
	{ mchId }: PayContext,
): Values {
	return {
		...body,
		mchid: mchId,
		amount: { ...(amount as Values), currency: 'CNY' },
		...(time_expire !== undefined && {
			time_expire: `${formatBeijingTime(Number(time_expire) * 1000).slice(0, 19)}+08:00`,
		}),
		...(limit_pay === true && { limit_pay: ['no_credit'] }),
	};
}

/** Payments by users (基础支付). */
export const payment = defineResource<PayContext>('Payment (支付)', 'payment', [
	definePaymentRequest({
		name: 'Create in WeChat',
		value: 'createJsapi',
		action: 'Create payment in wechat',
		chinese: 'JSAPI、小程序下单',
		description:
			'Create an order that is paid on a page in WeChat (JSAPI支付) or in a mini program (小程序支付): within two hours, the page hands payParams of the result to WeixinJSBridge, the mini program to wx.requestPayment',
		doc: `${PAY_PAGES}4012791856`,
		path: '/v3/pay/transactions/jsapi',
		effect: 'write',
		fields: [
			merchantAppId,
			{
				displayName: 'OpenID',
				name: 'openid',
				type: 'string',
				wire: 'payer.openid',
				required: true,
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description: 'Who pays, as a user of the account of AppID (用户标识)',
			},
			...common,
			more,
		],
		prepare: preparePayment,
		run: async ({ client, call, params }) => {
			const numbered = claimNumber(client, call, 'out_trade_no', NAMES);
			const created = await createPayment(client, numbered, 'JSAPI');
			const { prepay_id } = created;
			if (!prepay_id) return created;
			const payParams = await signPageParameters(client, params.appid, String(prepay_id));
			return { ...created, payParams };
		},
	}),
	definePaymentRequest({
		name: 'Create with QR Code',
		value: 'createNative',
		action: 'Create payment with QR code',
		chinese: 'Native 扫码下单',
		description:
			'Create an order that is paid by scanning a QR code (Native支付): code_url of the result, for two hours',
		doc: `${PAY_PAGES}4012791877`,
		path: '/v3/pay/transactions/native',
		effect: 'write',
		fields: [
			merchantAppId,
			...common,
			{
				...linkPicture[0],
				description: 'Whether to get code_url as a QR code as well, as a PNG file to scan',
			},
			linkPicture[1],
			more,
		],
		prepare: preparePayment,
		run: async ({ client, call, params, io }) => {
			const numbered = claimNumber(client, call, 'out_trade_no', NAMES);
			const created = await createPayment(client, numbered, 'NATIVE');
			const { code_url } = created;
			if (code_url && params.image)
				io.attach(
					String(params.binaryPropertyName),
					await drawLink(String(code_url), 'payment.png'),
				);
			return created;
		},
	}),
	definePaymentRequest({
		name: 'Create in Browser',
		value: 'createH5',
		action: 'Create payment in browser',
		chinese: 'H5 下单',
		description:
			'Create an order that is paid from a page in the browser of a phone (H5支付), which opens h5_url of the result within five minutes',
		doc: `${PAY_PAGES}4012791834`,
		path: '/v3/pay/transactions/h5',
		effect: 'write',
		fields: [
			merchantAppId,
			...common,
			{ ...clientIp, required: true },
			{
				displayName: 'Scene (场景)',
				name: 'h5Type',
				type: 'options',
				wire: 'scene_info.h5_info.type',
				options: [
					{ name: 'Android', value: 'Android' },
					{ name: 'iOS', value: 'iOS' },
					{ name: 'Web Page', value: 'Wap' },
				],
				default: 'Wap',
				description: 'Where the page is (场景类型)',
			},
			{ ...more, options },
		],
		prepare: preparePayment,
		run: async ({ client, call }) =>
			await createPayment(client, claimNumber(client, call, 'out_trade_no', NAMES), 'MWEB'),
	}),
	definePaymentRequest({
		name: 'Create in App',
		value: 'createApp',
		action: 'Create payment in app',
		chinese: 'APP 下单',
		description:
			'Create an order that is paid in an app (APP支付). The app hands payParams of the result to the Open SDK within two hours.',
		doc: `${PAY_PAGES}4013070347`,
		path: '/v3/pay/transactions/app',
		effect: 'write',
		fields: [merchantAppId, ...common, more],
		prepare: preparePayment,
		run: async ({ client, call, params }) => {
			const numbered = claimNumber(client, call, 'out_trade_no', NAMES);
			const created = await createPayment(client, numbered, 'APP');
			const { prepay_id } = created;
			if (!prepay_id) return created;
			const payParams = await signAppParameters(client, params.appid, String(prepay_id));
			return { ...created, payParams };
		},
	}),
	definePaymentRequest({
		name: 'Get',
		value: 'get',
		action: 'Get payment',
		chinese: '查询订单',
		description: 'Get what became of an order: trade_state SUCCESS is paid. Amounts are in fen.',
		doc: `${PAY_PAGES}4012791838`,
		path: '/v3/pay/transactions/{by}/{number}',
		method: 'GET',
		effect: 'read',
		fields: [
			{
				displayName: 'By',
				name: 'by',
				type: 'options',
				in: 'path',
				options: [
					{ name: 'Order Number (商户订单号)', value: 'out-trade-no' },
					{ name: 'Transaction ID (微信支付订单号)', value: 'id' },
				],
				default: 'out-trade-no',
				description: 'Which number names it; before it is paid, it has only an order number',
			},
			{
				...orderNumber,
				required: true,
				in: 'path',
				wire: 'number',
				displayOptions: { show: { by: ['out-trade-no'] } },
			},
			{
				...transactionId,
				required: true,
				in: 'path',
				wire: 'number',
				displayOptions: { show: { by: ['id'] } },
			},
		],
		run: async ({ client, call }) =>
			describePayment(await client.send({ ...call, query: { mchid: client.mchId } })),
	}),
	definePaymentRequest({
		name: 'Close',
		value: 'close',
		action: 'Close payment',
		chinese: '关闭订单',
		description: 'Close an order that nobody has paid, so that nobody can',
		doc: `${PAY_PAGES}4012791839`,
		path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
		effect: 'write',
		isRepeatable: true,
		fields: [{ ...orderNumber, required: true, in: 'path' }],
		prepare: (_, __, { mchId }) => ({ mchid: mchId }),
	}),
]);
