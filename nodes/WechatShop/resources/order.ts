import { readObject } from '../../api/response';
import { defineRequest, defineResource, type Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';
import { createDetails, rangeFields } from '../fields/timeRange';
import { orderId } from '../fields/order';
import { describeOrder, ORDER_STATUS } from '../fields/orderStatus';
import { COURIER, createParcel, VIRTUAL } from '../shopDelivery';
import { requestEntries, listRange } from '../shopList';

const GET = { path: '/channels/ec/order/get', at: 'order', name: 'order_id' };

/** The longest range of a list of orders. */
const WEEK = 7 * 86_400;

const status = {
	displayName: 'Status (状态)',
	name: 'status' as const,
	type: 'options' as const,
	options: ORDER_STATUS,
	default: 20,
	description: 'Only orders in this state',
} satisfies Field;

/**
 * Amounts of orders are in fen (分).
 * @see https://developers.weixin.qq.com/doc/store/shop/API/channels-shop-order/api_getorderlist.md
 */
export const orders = defineResource('Order (订单)', 'order', [
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many orders',
		chinese: '获取订单列表',
		description:
			'Get the orders that were changed or made in a range of time. WeChat allows seven days for a call; longer ranges are asked for in several.',
		path: '/channels/ec/order/list/get',
		effect: 'read',
		doc: 'store/shop/API/channels-shop-order/api_getorderlist.html',
		constants: { page_size: 100 },
		page: { cursor: 'next_key', next: 'next_key', items: 'order_id_list', as: 'order_id' },
		fields: [
			{
				displayName: 'Time',
				name: 'range',
				type: 'options',
				wire: false,
				options: [
					{ name: 'When It Changed', value: 'update_time_range' },
					{ name: 'When It Was Made', value: 'create_time_range' },
				],
				default: 'update_time_range',
				description:
					'Which time of an order counts. An order that was made before the range and paid in it is found only by When It Changed; by that, one order is found again after each change.',
			},
			...rangeFields,
			createDetails('order'),
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
						description: 'Only orders of this customer, by the OpenID in their orders',
					},
					status,
				],
			},
		],
		async run({ params, client, call, io }) {
			const range = params.range ?? 'update_time_range';
			const ids = await listRange({ params, call, io }, client.services.clock.now(), {
				span: WEEK,
				place: (start_time, end_time) => ({ [String(range)]: { start_time, end_time } }),
			});
			const entries = { ...GET, isDetailed: params.details };
			return (await requestEntries(client, ids, entries)).map(describeOrder);
		},
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get order',
		chinese: '获取订单详情',
		description:
			'Get an order with products, prices in fen (分), payment and deliveries (获取订单详情); statusText says its status in words. The address is masked: see Decode Address.',
		path: GET.path,
		effect: 'read',
		doc: 'store/shop/API/order/get.html',
		fields: [orderId],
		present: ({ order }) => describeOrder(readObject(order)),
	}),
	defineRequest({
		name: 'Search',
		value: 'search',
		action: 'Search orders',
		chinese: '搜索订单',
		description:
			'Find orders by what is in them or who gets them (订单搜索). Returns their numbers; Get has the rest.',
		path: '/channels/ec/order/search',
		effect: 'read',
		doc: 'store/shop/API/order/search.html',
		constants: { page_size: 100 },
		page: { cursor: 'next_key', next: 'next_key', items: 'orders', as: 'order_id' },
		fields: [
			{
				displayName: 'Look For',
				name: 'conditions',
				type: 'collection',
				placeholder: 'Add condition',
				default: {},
				options: [
					{
						displayName: 'Last Four Digits of Phone (手机号后四位)',
						name: 'tel_number_last4',
						type: 'string',
						wire: 'search_condition.tel_number_last4',
						check: true,
						default: '',
						pattern: {
							allows: /^\d{4}$/,
							problem: '"{value}" is not four digits',
							chinese: '中的“{value}”不是四位数字',
						},
						description: 'The last four digits of the receiver’s phone number (收货人手机号后四位)',
					},
					{
						displayName: 'Order ID (订单号)',
						name: 'order_id',
						type: 'string',
						wire: 'search_condition.order_id',
						check: true,
						default: '',
						description: 'Order number',
					},
					{
						displayName: 'Receiver (收件人)',
						name: 'user_name',
						type: 'string',
						wire: 'search_condition.user_name',
						check: true,
						default: '',
						description: 'Name of the receiver',
					},
					{
						displayName: 'SKU Code (商品编码)',
						name: 'sku_code',
						type: 'string',
						wire: 'search_condition.sku_code',
						check: true,
						default: '',
						description: 'Your own code of a variant',
					},
					status,
					{
						displayName: 'Title (标题)',
						name: 'title',
						type: 'string',
						wire: 'search_condition.title',
						check: true,
						default: '',
						description: 'Words of the title of a product (商品标题关键词)',
					},
					{
						displayName: 'With Open After-Sale (有售后)',
						name: 'on_aftersale_order_exist',
						type: 'options',
						options: [
							{ name: 'No (没有正在售后的订单)', value: 0 },
							{ name: 'Yes (有正在售后的订单)', value: 1 },
						],
						default: 1,
						description: 'Only orders with an after-sale (售后) under way, or only those without',
					},
				],
			},
		],
		prepare: (body) => ({ search_condition: {}, ...body }),
	}),
	defineRequest({
		name: 'Deliver',
		value: 'deliver',
		action: 'Deliver order',
		chinese: '订单发货',
		description:
			'Tell WeChat and the customer that a parcel of the order is on its way. Of an order in several parcels run it once for each, with the products chosen.',
		path: '/channels/ec/order/delivery/send',
		effect: 'write',
		ifLost: 'Before you send it again, see with Order: Get whether the order is shipped.',
		doc: 'store/shop/API/order/delivery_send.html',
		done: { delivered: true },
		hint: {
			codes: new Set([100003]),
			text: 'WeChat refuses several changes of one order within a moment. Wait a few seconds, and send it again.',
			chinese: '微信不允许在短时间内多次更改同一订单：请等几秒后重试。',
		},
		fields: [
			orderId,
			{
				displayName: 'Delivery Type (发货方式)',
				name: 'deliverType',
				type: 'options',
				wire: false,
				options: [
					{
						name: 'Courier (自寄快递)',
						value: COURIER,
						description: 'You send it with an express company',
					},
					{
						name: 'Virtual (虚拟商品)',
						value: VIRTUAL,
						description: 'Nothing is sent, such as with vouchers and courses',
					},
				],
				default: COURIER,
				description: 'How the goods reach the customer',
			},
			{
				displayName: 'Company (快递公司)',
				name: 'company',
				...createLocator('searchShopCompanies', {
					placeholder: 'e.g. SF or 顺丰',
					label: 'By Code or Name',
				}),
				wire: false,
				displayOptions: { show: { deliverType: [COURIER] } },
				description: 'Express company, by its code or its Chinese name',
			},
			{
				displayName: 'Waybill Number (快递单号)',
				name: 'waybill',
				type: 'string',
				wire: false,
				displayOptions: { show: { deliverType: [COURIER] } },
				default: '',
				placeholder: 'e.g. SF1020304050607',
				description: 'The number of the parcel',
			},
			{
				displayName: 'Products (商品)',
				name: 'products',
				type: 'fixedCollection',
				wire: false,
				placeholder: 'Add product',
				typeOptions: { multipleValues: true },
				default: {},
				description:
					'What is in the parcel. Without any, all that is left of the order: what is neither sent nor given back.',
				options: [
					{
						displayName: 'Product',
						name: 'values',
						values: [
							{
								displayName: 'Product ID (商品ID)',
								name: 'product_id',
								type: 'string',
								required: true,
								default: '',
								description: 'From product_infos of the order',
							},
							{
								displayName: 'SKU ID',
								name: 'sku_id',
								type: 'string',
								required: true,
								default: '',
								description: 'From product_infos of the order',
							},
							{
								displayName: 'Count (数量)',
								name: 'product_cnt',
								type: 'number',
								required: true,
								typeOptions: { minValue: 1, numberPrecision: 0 },
								default: 1,
								description: 'How many of them are in the parcel',
							},
						],
					},
				],
			},
		],
		async run({ params, client, call }) {
			const { order_id, deliverType = COURIER, company = '', waybill = '', products } = params;
			const delivery = { orderId: order_id, type: deliverType, company, waybill, products };
			const delivery_list = [await createParcel(client, delivery)];
			return await client.send({ ...call, body: { order_id, delivery_list } });
		},
	}),
	defineRequest({
		name: 'Decode Address',
		value: 'decode',
		action: 'Decode address of order',
		chinese: '解密收货地址',
		description:
			'Get the full name, phone and address of the receiver (解密敏感信息), which Get shows masked. WeChat counts each call against a daily quota.',
		path: '/channels/ec/order/sensitiveinfo/decode',
		effect: 'write',
		ifLost: 'It can be sent again; WeChat counts both calls.',
		doc: 'store/shop/API/order/decode_order_sensitive_info.html',
		fields: [orderId],
	}),
]);
