import type { Field } from '../../engine/define';

export const productId = {
	displayName: 'Product ID (商品ID)',
	name: 'product_id',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 10000173158145',
	pattern: {
		allows: /^\d+$/,
		problem: '"{value}" is not the ID of a product',
		chinese: '中的“{value}”不是商品 ID',
	},
	description: 'ID of the product in the shop: an entry of Get Many. Keep it as text.',
} as const satisfies Field;

export const skuId = {
	displayName: 'SKU ID',
	name: 'sku_id',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 1000000001',
	pattern: {
		allows: /^\d+$/,
		problem: '"{value}" is not the ID of an SKU',
		chinese: '中的“{value}”不是 SKU ID',
	},
	description: 'ID of the variant (SKU) of the product: sku_id in the skus of Get',
} as const satisfies Field;

/** What WeChat takes of a product is too much for fields. */
export const productJson = {
	displayName: 'Product (JSON)',
	name: 'product',
	type: 'json',
	as: 'object',
	wire: false,
	required: true,
	default: '',
	placeholder: 'e.g. {"title": "…", "head_imgs": ["…"], "skus": [{"sale_price": 9900, …}]}',
	description:
		"All fields of WeChat's page, as JSON. Prices are in fen (分): 9900 is ¥99. Pictures are addresses that Shop: Upload Image gave.",
} as const satisfies Field;
