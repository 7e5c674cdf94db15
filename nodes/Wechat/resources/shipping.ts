import { defineRequest, defineResource } from '../../engine/define';
import { readObject } from '../../api/response';
import { openid } from '../fields/openid';
import { deliveryMode, EXPRESS, goodsFields, shippingMethod } from '../fields/shipment';
import { orderFields, toOrderKey, toOrderQuery } from '../fields/shippingOrder';
import { createShipment, toUploadTime } from '../shippingDraft';

const STATES = [
	{ value: 6, name: 'Money to Be Settled (资金待结算)' },
	{ value: 3, name: 'Received (确认收货)' },
	{ value: 5, name: 'Refunded (已退款)' },
	{ value: 2, name: 'Shipped (已发货)' },
	{ value: 4, name: 'Completed (交易完成)' },
	{ value: 1, name: 'Waiting for Shipment (待发货)' },
];

const PAGE =
	'../miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html';

/** 10060023 is said to mean that nothing is new, 10060003 that the one change is used up. */
const refusedDelivery = {
	codes: new Set([10060001, 10060002, 10060003, 10060004, 10060023, 268440065]),
	text: '10060001: WeChat does not know the payment yet (wait a minute), or it belongs to another AppID or merchant. 10060002, 10060003, 10060023: the order is shipped already, with the same data or after its one change. 10060004: it was paid back, or is completed. See Shipping: Get.',
	chinese:
		'10060001：微信尚未同步该支付单（请稍等一分钟），或它属于其他 AppID 或商户号。10060002、10060003、10060023：订单已发货，数据相同，或已用过唯一一次修改机会。10060004：订单已退款或已完成。可用“查询订单发货状态”（Shipping: Get）查看。',
};

const payer = {
	...openid,
	wire: false,
	description: 'Who has paid (payer), by the OpenID of the payment',
} as const;

/** Adds the state of an order in words. */
const describeState = (order: object): object => {
	const { order_state } = order as { order_state?: unknown };
	const state = STATES.find(({ value }) => value === Number(order_state));
	return state ? { ...order, stateText: state.name } : order;
};

/** @see https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html */
export const shipping = defineResource('Shipping (发货信息管理)', 'shipping', [
	defineRequest({
		name: 'Deliver',
		value: 'deliver',
		action: 'Deliver paid order',
		chinese: '发货信息录入',
		description:
			'Tell WeChat that a paid order of a mini program is on its way: before that the money stays frozen. WeChat takes one change afterwards.',
		path: '/wxa/sec/order/upload_shipping_info',
		effect: 'write',
		ifLost: 'Before you send it again, see with Shipping: Get whether the order is shipped.',
		doc: PAGE,
		done: { delivered: true },
		hint: refusedDelivery,
		fields: [
			...orderFields,
			payer,
			shippingMethod,
			{ ...deliveryMode, displayOptions: { show: { shippingMethod: [EXPRESS] } } },
			...goodsFields,
		],
		async run({ params, client, call }) {
			const body = {
				order_key: toOrderKey(params),
				payer: { openid: params.openid },
				...(await createShipment(client, params)),
				upload_time: toUploadTime(client.services.clock.now()),
			};
			return await client.send({ ...call, body });
		},
	}),
	defineRequest({
		name: 'Deliver Combined',
		value: 'deliverCombined',
		action: 'Deliver combined order',
		chinese: '发货信息合单录入',
		description:
			'Tell WeChat that an order which was paid together with others is on its way: each sub-order of a combined payment (合单支付) with parcels of its own',
		path: '/wxa/sec/order/upload_combined_shipping_info',
		effect: 'write',
		ifLost: 'Before you send it again, see with Shipping: Get whether the sub-orders are shipped.',
		doc: PAGE,
		done: { delivered: true },
		hint: refusedDelivery,
		fields: [
			...orderFields,
			payer,
			{
				...deliveryMode,
				description: 'Whether all of each sub-order goes by express in one parcel',
			},
			{
				displayName: 'Sub-Orders (子单)',
				name: 'subOrders',
				type: 'fixedCollection',
				wire: false,
				required: true,
				placeholder: 'Add sub-order',
				typeOptions: { multipleValues: true },
				default: {},
				description: 'The orders of the payment (子单), each with what is sent of it',
				options: [
					{
						displayName: 'Sub-Order',
						name: 'values',
						values: [
							{
								displayName: 'Transaction ID (微信支付订单号)',
								name: 'transactionId',
								type: 'string',
								required: true,
								default: '',
								placeholder: 'e.g. 4200002863202511185315714358',
								description:
									'Number of the sub-order in WeChat Pay: transaction_id in sub_orders of the payment',
							},
							shippingMethod,
							...goodsFields,
						],
					},
				],
			},
		],
		async run({ params, client, call }) {
			const body = {
				order_key: toOrderKey(params),
				payer: { openid: params.openid },
				sub_orders: await Promise.all(
					params.subOrders.map(async (subOrder, index) => ({
						order_key: toOrderKey(subOrder),
						...(await createShipment(
							client,
							{ ...subOrder, deliveryMode: params.deliveryMode },
							`Sub-order ${index + 1}: `,
						)),
					})),
				),
				upload_time: toUploadTime(client.services.clock.now()),
			};
			return await client.send({ ...call, body });
		},
	}),
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get shipping of many orders',
		chinese: '查询订单列表',
		description: 'Get orders by the time of payment, state or customer',
		path: '/wxa/sec/order/get_order_list',
		effect: 'read',
		doc: PAGE,
		constants: { page_size: 100 },
		page: { cursor: 'last_index', next: 'last_index', items: 'order_list' },
		fields: [
			{
				displayName: 'Filters (筛选)',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add filter',
				default: {},
				options: [
					{
						displayName: 'OpenID',
						name: 'openid',
						type: 'string',
						check: true,
						default: '',
						description: 'Only orders that this user has paid',
					},
					{
						displayName: 'Paid From (支付时间起)',
						name: 'from',
						type: 'dateTime',
						wire: 'pay_time_range.begin_time',
						as: 'unixSeconds',
						check: true,
						default: '',
						description: 'In Beijing time unless it has a zone',
					},
					{
						displayName: 'Paid Until (支付时间止)',
						name: 'to',
						type: 'dateTime',
						wire: 'pay_time_range.end_time',
						as: 'unixSeconds',
						check: true,
						default: '',
						description: 'In Beijing time unless it has a zone',
					},
					{
						displayName: 'State',
						name: 'order_state',
						type: 'options',
						options: STATES,
						default: 1,
						description: 'Only orders in this state',
					},
				],
			},
		],
		run: async ({ io }) => (await io.list()).map((order) => describeState(order as object)),
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get shipping of order',
		chinese: '查询订单发货状态',
		description:
			'Get state, payment in fen (分) and parcels of an order (查询订单发货状态); stateText says the state in words',
		path: '/wxa/sec/order/get_order',
		effect: 'read',
		doc: PAGE,
		fields: [...orderFields],
		prepare: (_, params) => toOrderQuery(params),
		present: ({ order }) => describeState(readObject(order)),
	}),
	defineRequest({
		name: 'Remind to Confirm',
		value: 'remind',
		action: 'Remind customer to confirm receipt',
		chinese: '确认收货提醒',
		description:
			'Ask the customer in WeChat to confirm that the goods are there, once for an order, of express parcels only',
		path: '/wxa/sec/order/notify_confirm_receive',
		effect: 'write',
		ifLost: 'WeChat reminds once for an order: sending it again does no harm.',
		doc: PAGE,
		done: { reminded: true },
		fields: [
			...orderFields,
			{
				displayName: 'Received At (签收时间)',
				name: 'received_time',
				type: 'dateTime',
				as: 'unixSeconds',
				required: true,
				default: '',
				description: 'When the parcel was signed for, in Beijing time unless it has a zone',
			},
		],
		prepare: ({ received_time }, params) => ({ ...toOrderQuery(params), received_time }),
	}),
	defineRequest({
		name: 'Set Jump Path',
		value: 'setJumpPath',
		action: 'Set page that shipping messages open',
		chinese: '消息跳转路径设置',
		description: "Set which page of the mini program opens from WeChat's messages about shipping",
		path: '/wxa/sec/order/set_msg_jump_path',
		effect: 'write',
		isRepeatable: true,
		doc: PAGE,
		fields: [
			{
				displayName: 'Path (路径)',
				name: 'path',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. pages/order/detail?ID=${商品订单号}',
				description:
					'Page and query; "${商品订单号}" stands for your number of the order. WeChat adds transaction_id, merchant_id and merchant_trade_no.',
			},
		],
	}),
	defineRequest({
		name: 'Is Managed',
		value: 'isManaged',
		action: 'Check whether shipping is managed',
		chinese: '查询是否已开通发货信息管理',
		description:
			'Check whether shipping information is managed for the mini program (查询是否已开通发货信息管理服务)',
		path: '/wxa/sec/order/is_trade_managed',
		effect: 'read',
		doc: PAGE,
		prepare: (_, __, { appId }) => ({ appid: appId }),
	}),
	defineRequest({
		name: 'Is Confirmation Completed',
		value: 'isConfirmationCompleted',
		action: 'Check whether settlement by shipping is confirmed',
		chinese: '查询是否已确认交易结算管理',
		description:
			'Check whether the owner has confirmed that orders are settled by shipping (查询是否已完成交易结算管理确认)',
		path: '/wxa/sec/order/is_trade_management_confirmation_completed',
		effect: 'read',
		doc: PAGE,
		// WeChat asks for the AppID of the mini program itself.
		prepare: (_, __, { appId }) => ({ appid: appId }),
	}),
]);
