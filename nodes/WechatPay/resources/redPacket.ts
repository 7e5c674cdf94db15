import { defineLocal, defineResource, type Field } from '../../engine/define';
import type { PayContext } from '../payContext';

const defineRedPacketOperation = defineLocal<PayContext>();

const PAGES = 'https://pay.weixin.qq.com/wiki/doc/api/tools/cash_coupon.php?chapter=';

const appId = {
	displayName: 'AppID',
	name: 'appid',
	wire: 'wxappid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. wx0123456789abcdef',
	description:
		'AppID of the official account (公众号) in whose name the packet comes; it must be bound to the merchant number',
} as const satisfies Field;

const amount = {
	displayName: 'Amount (金额)',
	name: 'total_amount',
	type: 'number',
	required: true,
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 100,
	hint: 'In fen (分): 100 is 1 yuan, 20000 is 200 yuan',
	description:
		'Amount in fen (付款金额). WeChat allows 1 to 200 yuan, unless a scene has other limits.',
} as const satisfies Field;

const orderNumber = {
	displayName: 'Order Number (商户订单号)',
	name: 'mch_billno',
	type: 'string',
	default: '',
	placeholder: 'e.g. survey2026answer17',
	description:
		'1 to 28 letters and digits, such as those of the ID of the answer to a survey. WeChat pays an order number once, however often it is sent.',
} as const satisfies Field;

/** Shown while there is neither a number nor an expression for one. */
const orderNumberNotice = {
	displayName:
		'Enter an Order Number of your own to have it paid once. Without one, the node makes a number for each execution: n8n’s Retry On Fail pays once, but a second run of the workflow or a loop back to the node pays again. An AI agent cannot use the node as a tool without one.',
	name: 'orderNumberNotice',
	type: 'notice',
	displayOptions: { hide: { mch_billno: [{ _cnd: { exists: true } }] } },
	default: '',
} as const satisfies Field;

const common = [
	appId,
	{
		displayName: 'OpenID',
		name: 're_openid',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
		description:
			'Who gets the packet, as a user of the official account; of a group packet, who gets it first and shares it (种子用户)',
	},
] as const satisfies readonly Field[];

const texts = [
	{
		displayName: 'Sender (商户名称)',
		name: 'send_name',
		type: 'string',
		required: true,
		maxLength: 32,
		default: '',
		placeholder: 'e.g. Tea House',
		description: 'Who sends it, as the receiver sees it; at most 32 characters',
	},
	{
		displayName: 'Wishing (红包祝福语)',
		name: 'wishing',
		type: 'string',
		required: true,
		maxLength: 128,
		default: '',
		placeholder: 'e.g. Thank you for your answer!',
		description: 'What stands on the packet; at most 128 characters',
	},
	{
		displayName: 'Activity (活动名称)',
		name: 'act_name',
		type: 'string',
		required: true,
		maxLength: 32,
		default: '',
		placeholder: 'e.g. Autumn survey',
		description: 'Name of the activity; at most 32 characters',
	},
	{
		displayName: 'Remark (备注)',
		name: 'remark',
		type: 'string',
		required: true,
		maxLength: 256,
		default: '',
		placeholder: 'e.g. One packet for each answer',
		description: 'Remark; at most 256 characters',
	},
	{ ...orderNumber, check: true },
	orderNumberNotice,
] as const satisfies readonly Field[];

const clientIp = {
	displayName: 'Client IP (客户端IP)',
	name: 'client_ip',
	type: 'string',
	required: true,
	default: '127.0.0.1',
	placeholder: 'e.g. 192.168.0.1',
	description:
		'IPv4 address of the machine that calls (调用接口的机器Ip地址). It is a value of the order: keep it the same.',
} as const satisfies Field;

const more = {
	displayName: 'Additional Fields (其他字段)',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: [
		{
			displayName: 'Paying Merchant Number (扣钱方商户号)',
			name: 'consume_mch_id',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1900000109',
			description: 'Whose money it is, when another merchant pays',
		},
		{
			displayName: 'Reached AppID (触达用户AppID)',
			name: 'msgappid',
			type: 'string',
			default: '',
			placeholder: 'e.g. wx0123456789abcdef',
			description:
				'For service providers (服务商): the official account that tells the receiver (触达用户appid)',
		},
		{
			displayName: 'Risk Info',
			name: 'risk_info',
			type: 'string',
			default: '',
			placeholder: 'e.g. posttime%3d123123412%26clientversion%3d234134',
			description:
				'What is known of the receiver (活动信息), URL-encoded: posttime, mobile, deviceid, clientversion',
		},
		{
			displayName: 'Scene (场景)',
			name: 'scene_id',
			type: 'options',
			options: [
				{ name: 'Channel Share (渠道分润)', value: 'PRODUCT_5' },
				{ name: 'Insurance (保险回馈)', value: 'PRODUCT_6' },
				{ name: 'Lottery (抽奖)', value: 'PRODUCT_2' },
				{ name: 'Lottery Ticket (彩票派奖)', value: 'PRODUCT_7' },
				{ name: 'Promotion (商品促销)', value: 'PRODUCT_1' },
				{ name: 'Staff (企业内部福利)', value: 'PRODUCT_4' },
				{ name: 'Tax Lottery (税务刮奖)', value: 'PRODUCT_8' },
				{ name: 'Virtual Prize (虚拟物品兑奖)', value: 'PRODUCT_3' },
			],
			default: 'PRODUCT_1',
			description:
				'What the packet is for (场景). Required for less than 1 and more than 200 yuan; the merchant must have other limits for it.',
		},
		{
			displayName: 'Sub-Merchant Number (子商户号)',
			name: 'sub_mch_id',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1900000109',
			description: 'For service providers (服务商): the merchant that it is sent for',
		},
	],
} as const satisfies Field;

/** Cash red packets (现金红包). */
export const redPacket = defineResource('Red Packet (现金红包)', 'redPacket', [
	defineRedPacketOperation({
		name: 'Send',
		value: 'send',
		action: 'Send red packet',
		chinese: '发放普通红包',
		description: 'Send money to one user',
		doc: `${PAGES}13_4&index=3`,
		fields: [...common, amount, ...texts, clientIp, more],
		run: async (_, { redPackets }, { body }) => await redPackets.send(body),
	}),
	defineRedPacketOperation({
		name: 'Send Group',
		value: 'sendGroup',
		action: 'Send group red packet',
		chinese: '发放裂变红包',
		description:
			'Send a packet that one user gets and shares with others, who get random parts of it',
		doc: `${PAGES}13_5&index=4`,
		fields: [
			...common,
			{
				...amount,
				default: 300,
				description:
					'Amount of all packets together in fen (总金额). WeChat allows 1 to 200 yuan for each on the average, and 1,000 yuan for all.',
			},
			{
				displayName: 'Number of Packets (红包个数)',
				name: 'total_num',
				type: 'number',
				required: true,
				typeOptions: { minValue: 3, numberPrecision: 0 },
				default: 3,
				description: 'How many people get a part (红包发放总人数), at least 3',
			},
			...texts,
			more,
		],
		run: async (_, { redPackets }, { body }) => await redPackets.sendGroup(body),
	}),
	defineRedPacketOperation({
		name: 'Get',
		value: 'get',
		action: 'Get red packet',
		chinese: '查询红包记录',
		description:
			'Get what became of a red packet, for 30 days. A packet that is not opened within 24 hours goes back to the merchant.',
		doc: `${PAGES}13_6&index=5`,
		fields: [
			{ ...appId, wire: 'appid' },
			{
				...orderNumber,
				required: true,
				description:
					'The order number (商户订单号), as Send shows it in its output and in its errors',
			},
		],
		run: async (_, { redPackets }, { body }) => await redPackets.get(body),
	}),
]);
