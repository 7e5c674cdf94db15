import type { Field } from '../../engine/define';

export const afterSaleId = {
	displayName: 'After-Sale ID (售后单号)',
	name: 'after_sale_order_id',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 2000000045958001',
	description: 'After-sale number: an entry of Get Many, or in a push. Keep it as text.',
} as const satisfies Field;
