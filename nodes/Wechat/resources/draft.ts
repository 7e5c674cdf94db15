import { defineRequest, defineResource, type Field } from '../../engine/define';
import { articleFields } from '../fields/article';
import { createLocator } from '../../n8n/locator';

export const draft = {
	displayName: 'Draft',
	name: 'media_id',
	...createLocator('searchDrafts', { placeholder: 'e.g. HCcCnG0wYcJ4nEhP1sLabT5uQmVx…' }),
	required: true,
	description: 'Choose from the list, or enter the media ID that Create returned',
} as const satisfies Field;

const define = {
	displayName: 'Define Using',
	name: 'define',
	type: 'options',
	wire: false,
	options: [
		{ name: 'Form', value: 'form' },
		{ name: 'JSON', value: 'json' },
	],
	default: 'form',
	description: 'Whether to fill in fields or to hand over what WeChat calls articles',
} as const satisfies Field;

const byForm = { displayOptions: { show: { define: ['form'] } } };
const byJson = { displayOptions: { show: { define: ['json'] } } };

/** The fields of an article where there is only one. */
const single = articleFields.map((field) => {
	const { displayOptions } = field;
	const show = { ...byForm.displayOptions.show, ...displayOptions?.show };
	return inArticles({ ...field, displayOptions: { show } });
});

function inArticles(field: Field): Field {
	if (field.type !== 'collection')
		return { ...field, wire: `articles.${field.wire || field.name}` };
	return { ...field, options: (field.options as Field[]).map(inArticles) };
}

/** Lists of drafts and of publications. */
export const withContent = {
	displayName: 'Content',
	name: 'no_content',
	type: 'options',
	options: [
		{ name: 'Leave Out', value: 1, description: 'Only IDs and times' },
		{ name: 'With All Articles', value: 0 },
	],
	default: 0,
	description: 'Whether to get the articles with their texts, too',
} as const satisfies Field;

/** Source: "Drafts" (草稿箱). */
export const drafts = defineResource('Draft (草稿)', 'draft', [
	defineRequest({
		name: 'Create',
		value: 'create',
		action: 'Create draft',
		description:
			'Create a draft (新增草稿) of up to 8 articles. It goes, and its media ID with it, when it is published or sent.',
		doc: 'service/api/draftbox/draftmanage/api_draft_add.html',
		path: '/cgi-bin/draft/add',
		effect: 'write',
		fields: [
			define,
			{
				displayName: 'Articles',
				name: 'articles',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true, sortable: true },
				required: true,
				maxEntries: 8,
				...byForm,
				default: {},
				placeholder: 'Add Article',
				description: 'Up to 8; the first is shown large',
				options: [{ displayName: 'Article', name: 'article', values: articleFields }],
			},
			{
				displayName: 'Articles (JSON)',
				name: 'articlesJson',
				type: 'json',
				as: 'json',
				wire: 'articles',
				required: true,
				...byJson,
				default: '',
				description: 'List of articles with the keys that WeChat’s page names, or a single one',
			},
		],
		// Who has one article may hand it over without a list.
		prepare: ({ articles }) => ({ articles: [articles].flat() }),
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete draft',
		description: 'Delete a draft for good (删除草稿)',
		doc: 'service/api/draftbox/draftmanage/api_draft_delete.html',
		path: '/cgi-bin/draft/delete',
		effect: 'write',
		done: { deleted: true },
		fields: [draft],
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get draft',
		description: 'Get the articles of a draft (获取草稿详情), one item each',
		doc: 'service/api/draftbox/draftmanage/api_getdraft.html',
		path: '/cgi-bin/draft/get',
		effect: 'read',
		pick: 'news_item',
		simple: [
			'article_type',
			'title',
			'author',
			'digest',
			'content',
			'thumb_media_id',
			'image_info',
			'url',
		],
		fields: [draft],
	}),
	defineRequest({
		name: 'Get Count',
		value: 'getCount',
		action: 'Get count of drafts',
		description: 'Get how many drafts the account has (获取草稿的总数)',
		doc: 'service/api/draftbox/draftmanage/api_draft_count.html',
		method: 'GET',
		path: '/cgi-bin/draft/count',
		effect: 'read',
	}),
	defineRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many drafts',
		description: 'Get many drafts, newest first (获取草稿列表)',
		doc: 'service/api/draftbox/draftmanage/api_draft_batchget.html',
		path: '/cgi-bin/draft/batchget',
		effect: 'read',
		page: { offset: { skip: 'offset', count: 'count', size: 20 }, items: 'item' },
		fields: [withContent],
	}),
	defineRequest({
		name: 'Get Product Card',
		value: 'getProductCard',
		action: 'Get product card for draft',
		description:
			'Get what shows a product of a WeChat shop in an article (商品卡片). Only official accounts can; WeChat does not let platforms call this.',
		doc: 'service/api/draftbox/shop/api_ecsgetproductcardinfo.html',
		path: '/channels/ec/service/product/getcardinfo',
		effect: 'read',
		fields: [
			{
				displayName: 'Product ID',
				name: 'product_id',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. 1000000000',
				description: 'ID of the product in the WeChat shop (微信小店)',
			},
			{
				displayName: 'Article Type',
				name: 'article_type',
				type: 'options',
				options: [
					{
						name: 'Article (图文消息)',
						value: 'news',
						description: 'Takes large and small cards and text links',
					},
					{
						name: 'Pictures (图片消息)',
						value: 'newspic',
						description: 'Takes small cards, text links and bars',
					},
				],
				default: 'news',
				description: 'Where the card will stand',
			},
			{
				displayName: 'Card Type',
				name: 'card_type',
				type: 'options',
				options: [
					{ name: 'Bar (条卡)', value: 3 },
					{ name: 'Large (大卡)', value: 0 },
					{ name: 'Small (小卡)', value: 1 },
					{ name: 'Text Link (文字链接)', value: 2 },
				],
				default: 1,
				description: 'How the product looks',
			},
		],
	}),
	defineRequest({
		name: 'Update',
		value: 'update',
		action: 'Update draft',
		description: 'Replace one article of a draft (更新草稿)',
		doc: 'service/api/draftbox/draftmanage/api_draft_update.html',
		path: '/cgi-bin/draft/update',
		effect: 'write',
		fields: [
			draft,
			{
				displayName: 'Position',
				name: 'index',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 7 },
				default: 0,
				description: 'Which article of the draft; the first is 0',
			},
			define,
			...single,
			{
				displayName: 'Article (JSON)',
				name: 'articleJson',
				type: 'json',
				as: 'json',
				wire: 'articles',
				required: true,
				...byJson,
				default: '',
				description: 'The whole article with the keys that WeChat’s page names',
			},
		],
		// Here WeChat wants one article where it wants a list to create a draft.
		prepare: (body) => ({ ...body, articles: [body.articles].flat()[0] }),
	}),
]);
