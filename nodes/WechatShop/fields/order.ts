import type { Field } from '../../engine/define';

/** Order numbers have 19 digits: as a number the last ones would change. */
export const orderId = {
	displayName: 'Order ID (订单号)',
	name: 'order_id',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 3705115058471208928',
	pattern: {
		allows: /^\d+$/,
		problem: '"{value}" is not the number of an order of the shop',
		chinese: '中的“{value}”不是小店的订单号',
	},
	description:
		'Order number of the shop: an entry of Get Many, or order_info.order_id of a push. Keep it as text.',
} as const satisfies Field;
