import { defineRequest, defineResource } from '../../engine/define';
import { productId, productJson, skuId } from '../fields/product';
import { createDetails } from '../fields/timeRange';
import { requestEntries } from '../shopList';

const GET = { path: '/channels/ec/product/get', at: 'product', name: 'product_id' };

/**
 * Prices are in fen (分).
 * @see https://developers.weixin.qq.com/doc/store/shop/API/product/get.html
 */
export const products = defineResource('Product (商品)', 'product', [
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many products',
		chinese: '获取商品列表',
		description:
			'Get the products of the shop. Those in the recycle bin, and drafts that never were on sale, come only when their status is chosen.',
		path: '/channels/ec/product/list/get',
		effect: 'read',
		doc: 'store/shop/API/product/list_get.html',
		constants: { page_size: 30 },
		page: { cursor: 'next_key', next: 'next_key', items: 'product_ids', as: 'product_id' },
		fields: [
			createDetails('product'),
			{
				displayName: 'Filters (筛选)',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add filter',
				default: {},
				options: [
					{
						displayName: 'Status (状态)',
						name: 'status',
						type: 'options',
						options: [
							{ name: 'Banned (商品被封禁)', value: 20 },
							{ name: 'Deleted (彻底删除)', value: 9 },
							{ name: 'Delisted by the Shop (自主下架)', value: 11 },
							{ name: 'Delisted for a Low Deposit (保证金不足下架)', value: 14 },
							{ name: 'Delisted for a Violation (违规下架)', value: 13 },
							{ name: 'Delisted When the Brand Expired (品牌过期下架)', value: 15 },
							{ name: 'Not Listed Yet (初始值)', value: 0 },
							{ name: 'On Sale (上架)', value: 5 },
							{ name: 'Recycle Bin (回收站)', value: 6 },
						],
						default: 5,
						description: 'Only products in this state (商品状态)',
					},
				],
			},
		],
		async run({ params, client, io }) {
			const ids = (await io.list()).map(String);
			return await requestEntries(client, ids, { ...GET, isDetailed: params.details });
		},
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get product',
		chinese: '获取商品详情',
		description: 'Get a product with its variants (skus), prices in fen (分) and stock (获取商品)',
		path: GET.path,
		effect: 'read',
		doc: 'store/shop/API/product/get.html',
		fields: [
			productId,
			{
				displayName: 'Version (版本)',
				name: 'data_type',
				type: 'options',
				options: [
					{ name: 'Both', value: 3, description: 'As product and edit_product' },
					{ name: 'Draft (草稿)', value: 2, description: 'As edit_product' },
					{ name: 'On Sale (线上)', value: 1, description: 'As product' },
				],
				default: 1,
				description: 'What customers see, or what is being edited',
			},
		],
	}),
	defineRequest({
		name: 'Add',
		value: 'add',
		action: 'Add product',
		chinese: '添加商品',
		description: 'Add a product as a draft, which WeChat reviews when it is listed',
		path: '/channels/ec/product/add',
		effect: 'write',
		doc: 'store/shop/API/product/add.html',
		pick: 'data',
		fields: [productJson],
		prepare: (_, { product }) => ({ ...product }),
	}),
	defineRequest({
		name: 'Update',
		value: 'update',
		action: 'Update product',
		chinese: '更新商品',
		description:
			'Replace the draft of a product: all fields, also those that stay. Take them from Get, version Draft or Both.',
		path: '/channels/ec/product/update',
		effect: 'write',
		isRepeatable: true,
		doc: 'store/shop/API/product/update.html',
		pick: 'data',
		fields: [productId, productJson],
		prepare: ({ product_id }, { product }) => ({ ...product, product_id }),
	}),
	defineRequest({
		name: 'List for Sale',
		value: 'list',
		action: 'List product for sale',
		chinese: '上架商品',
		description:
			'Put a product on sale. A draft is reviewed first; the push product_spu_audit says how that ended.',
		path: '/channels/ec/product/listing',
		effect: 'write',
		isRepeatable: true,
		doc: 'store/shop/API/product/listing.html',
		done: { listed: true },
		fields: [productId],
	}),
	defineRequest({
		name: 'Delist',
		value: 'delist',
		action: 'Delist product',
		chinese: '下架商品',
		description: 'Take a product off sale',
		path: '/channels/ec/product/delisting',
		effect: 'write',
		isRepeatable: true,
		doc: 'store/shop/API/product/delisting.html',
		done: { delisted: true },
		fields: [productId],
	}),
	defineRequest({
		name: 'Get Stock',
		value: 'getStock',
		action: 'Get stock of product',
		chinese: '获取库存',
		description: 'Get how many of a variant are in stock (获取实时库存)',
		path: '/channels/ec/product/stock/get',
		effect: 'read',
		doc: 'store/shop/API/product/get_stock.html',
		pick: 'data',
		fields: [productId, skuId],
	}),
	defineRequest({
		name: 'Update Stock',
		value: 'updateStock',
		action: 'Update stock of product',
		chinese: '更新库存',
		description:
			'Change how many of a variant are in stock (快速更新库存), at once and without review. The product must have been on sale before, with no draft in review.',
		path: '/channels/ec/product/stock/update',
		effect: 'write',
		ifLost: 'Before you send it again, see with Product: Get Stock whether it was.',
		doc: 'store/shop/API/product/stock_update.html',
		done: { updated: true },
		fields: [
			productId,
			skuId,
			{
				displayName: 'Change',
				name: 'diff_type',
				type: 'options',
				options: [
					{ name: 'Add (增加)', value: 1, description: 'Goods came in' },
					{
						name: 'Set (设置)',
						value: 3,
						description:
							'After a count. What customers buy at the same moment gets lost: use Add or Subtract where you can.',
					},
					{ name: 'Subtract (减少)', value: 2, description: 'Goods went out elsewhere' },
				],
				default: 1,
				description: 'What the number does to the stock',
			},
			{
				displayName: 'Number',
				name: 'num',
				type: 'number',
				needed: true,
				typeOptions: { minValue: 0, numberPrecision: 0 },
				default: 1,
				description: 'How many are added or subtracted, or how many there are',
			},
		],
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete product',
		chinese: '删除商品',
		description: 'Delete a product for good',
		path: '/channels/ec/product/delete',
		effect: 'write',
		doc: 'store/shop/API/product/delete.html',
		done: { deleted: true },
		fields: [productId],
	}),
]);
