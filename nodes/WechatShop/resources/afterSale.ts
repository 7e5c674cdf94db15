import { defineRequest, defineResource } from '../../engine/define';
import { createLocator } from '../../n8n/locator';
import { afterSaleId } from '../fields/afterSale';
import { createDetails, rangeFields } from '../fields/timeRange';
import { requestEntries, listRange } from '../shopList';

const GET = {
	path: '/channels/ec/aftersale/getaftersaleorder',
	at: 'after_sale_order',
	name: 'after_sale_order_id',
};

/** The longest range of a list of after-sales; that of orders is longer. */
const DAY = 86_400;

/** @see https://developers.weixin.qq.com/doc/store/shop/API/aftersale/getaftersaleorder.html */
export const afterSale = defineResource('After-Sale (售后)', 'afterSale', [
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many after sales',
		chinese: '获取售后单列表',
		description:
			'Get the after-sales that were begun or changed in a range of time. WeChat allows 24 hours for a call; longer ranges are asked for in several.',
		path: '/channels/ec/aftersale/getaftersalelist',
		effect: 'read',
		doc: 'store/shop/API/channels-shop-aftersale/api_getaftersalelist.html',
		page: {
			cursor: 'next_key',
			next: 'next_key',
			items: 'after_sale_order_id_list',
			as: 'after_sale_order_id',
		},
		fields: [
			{
				displayName: 'Time',
				name: 'range',
				type: 'options',
				wire: false,
				options: [
					{ name: 'When It Changed', value: 'update' },
					{ name: 'When It Was Begun', value: 'create' },
				],
				default: 'create',
				description: 'Which time of an after-sale counts',
			},
			...rangeFields,
			createDetails('after-sale'),
		],
		async run({ params, client, call, io }) {
			const range = params.range ?? 'create';
			const ids = await listRange({ params, call, io }, client.services.clock.now(), {
				span: DAY,
				place: (from, to) => ({ [`begin_${range}_time`]: from, [`end_${range}_time`]: to }),
			});
			return await requestEntries(client, ids, { ...GET, isDetailed: params.details });
		},
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get after sale',
		chinese: '获取售后单详情',
		description:
			'Get what a customer asks for, its status and deadline, and amounts in fen (分) (获取售后单详情)',
		path: GET.path,
		effect: 'read',
		doc: 'store/shop/API/aftersale/getaftersaleorder.html',
		fields: [afterSaleId],
		pick: 'after_sale_order',
	}),
	defineRequest({
		name: 'Accept',
		value: 'accept',
		action: 'Accept after sale',
		chinese: '同意售后',
		description:
			'Accept what the customer asks for: money back goes back at once, goods come back first. It cannot be undone.',
		path: '/channels/ec/aftersale/acceptapply',
		effect: 'write',
		ifLost: 'Before you send it again, see with After-Sale: Get whether its status has changed.',
		doc: 'store/shop/API/aftersale/acceptapply.html',
		done: { accepted: true },
		fields: [
			afterSaleId,
			{
				displayName: 'Return Options (退货选项)',
				name: 'acceptOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Address ID (地址ID)',
						name: 'address_id',
						type: 'string',
						check: true,
						default: '',
						description:
							'Where the customer sends the goods: ID of an address of the shop, when goods come back',
					},
					{
						displayName: 'Step (售后步骤)',
						name: 'accept_type',
						type: 'options',
						options: [
							{
								name: 'Let Goods Come Back (同意退货)',
								value: 1,
								description: 'When they are returned or exchanged (退货退款, 换货)',
							},
							{
								name: 'Pay Back (同意退款)',
								value: 2,
								description: 'When the goods are back, or only money is asked for (仅退款)',
							},
						],
						default: 1,
						description:
							'What is accepted. Without this option WeChat takes what the status asks for.',
					},
				],
			},
		],
	}),
	defineRequest({
		name: 'Reject',
		value: 'reject',
		action: 'Reject after sale',
		chinese: '拒绝售后',
		description:
			'Refuse what the customer asks for. The customer reads the reason, and may call in WeChat.',
		path: '/channels/ec/aftersale/rejectapply',
		effect: 'write',
		ifLost: 'Before you send it again, see with After-Sale: Get whether its status has changed.',
		doc: 'store/shop/API/channels-shop-aftersale/api_rejectapply',
		done: { rejected: true },
		hint: {
			codes: new Set([10021068]),
			text: 'WeChat wants you to negotiate (售后协商) with the customer first; reject it when there is no answer in time.',
			chinese: '微信要求先与买家协商（售后协商），逾期未获答复时再拒绝。',
		},
		fields: [
			afterSaleId,
			{
				displayName: 'Reason',
				name: 'rejectReasonType',
				...createLocator('searchRejectReasons', {
					placeholder: 'e.g. 20',
					digits: 'A reason',
				}),
				as: 'number',
				wire: 'reject_reason_type',
				required: true,
				description:
					'Choose from the list, or enter the number (reject_reason_type) that Get Many Reject Reasons shows. It must fit what the customer asks for.',
			},
			{
				displayName: 'Text (文字)',
				name: 'reject_reason',
				type: 'string',
				typeOptions: { rows: 2 },
				default: '',
				placeholder: 'e.g. 商品已使用，影响二次销售',
				description: 'What the customer reads (拒绝原因). Without it, WeChat’s text of the reason.',
			},
		],
	}),
	defineRequest({
		name: 'Get Many Reject Reasons',
		value: 'getAllRejectReasons',
		action: 'Get many reasons to reject after sale',
		chinese: '获取拒绝售后原因',
		description: 'Get the reasons that WeChat knows for a refusal',
		path: '/channels/ec/aftersale/rejectreason/get',
		effect: 'read',
		doc: 'store/shop/API/aftersale/getrejectreason.html',
		page: { items: 'reason_list' },
	}),
]);
