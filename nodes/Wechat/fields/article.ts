import type { Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';

/** Shows a field for one kind of article only. */
const showFor = (kind: 'news' | 'newspic') => ({
	displayOptions: { show: { article_type: [kind] } },
});

const cover = {
	displayName: 'Cover (封面)',
	name: 'thumb_media_id',
	...createLocator('searchImages', { placeholder: 'e.g. HCcCnG0wYcJ4nEhP1sLabT5uQmVx…' }),
	required: true,
	...showFor('news'),
	description:
		'Permanent image (永久素材): choose it, or enter the media ID that Add Permanent returned. Temporary media are refused (40007).',
} as const satisfies Field;

const picture = {
	...cover,
	displayName: 'Picture (图片)',
	name: 'image_media_id',
	displayOptions: undefined,
	description: 'Permanent image: choose it, or enter the media ID that Add Permanent returned',
} as const satisfies Field;

const comments = [
	{
		displayName: 'Comments (留言)',
		name: 'need_open_comment',
		type: 'options',
		options: [
			{ name: 'Closed', value: 0 },
			{ name: 'Open', value: 1 },
		],
		default: 1,
		description: 'Whether readers can comment (留言); not every account has comments',
	},
	{
		displayName: 'Who Can Comment (谁可留言)',
		name: 'only_fans_can_comment',
		type: 'options',
		options: [
			{ name: 'Everyone', value: 0 },
			{ name: 'Followers Only', value: 1 },
		],
		default: 0,
		description: 'Counts when comments are open',
	},
] satisfies Field[];

const newsFields: Field[] = [
	{
		displayName: 'Author (作者)',
		name: 'author',
		type: 'string',
		maxLength: 16,
		default: '',
		placeholder: 'e.g. Helen Wang',
		description: 'Shown below the title, at most 16 characters',
	},
	...comments.slice(0, 1),
	{
		displayName: 'Cover Crop 1:1 (封面裁剪)',
		name: 'pic_crop_1_1',
		type: 'string',
		default: '',
		placeholder: 'e.g. 0.1945_0_1_0.5236',
		description:
			'Left, top, right and bottom of the square part of the cover, as parts of 1 with at most 6 decimals',
	},
	{
		displayName: 'Cover Crop 2.35:1 (封面裁剪)',
		name: 'pic_crop_235_1',
		type: 'string',
		default: '',
		placeholder: 'e.g. 0.1945_0_1_0.5236',
		description:
			'Left, top, right and bottom of the wide part of the cover, as parts of 1 with at most 6 decimals',
	},
	{
		displayName: 'Digest (摘要)',
		name: 'digest',
		type: 'string',
		typeOptions: { rows: 2 },
		maxLength: 128,
		default: '',
		description:
			'Summary, at most 128 characters; only counts in a draft with a single article. WeChat takes the first 54 characters of the content when it is empty.',
	},
	{
		displayName: 'Source URL (阅读原文)',
		name: 'content_source_url',
		type: 'string',
		maxBytes: 1024,
		default: '',
		placeholder: 'e.g. https://example.com/article',
		description: 'Page that "Read more" leads to',
	},
	...comments.slice(1),
];

const newspicFields: Field[] = [
	...comments.slice(0, 1),
	{
		displayName: 'Cover Crops (封面裁剪)',
		name: 'crops',
		type: 'fixedCollection',
		wire: 'cover_info.crop_percent_list',
		typeOptions: { multipleValues: true },
		default: {},
		placeholder: 'Add Crop',
		description: 'Which part of the first picture is shown where, as parts of 1',
		options: [
			{
				displayName: 'Crop',
				name: 'crop',
				values: [
					{
						displayName: 'Bottom',
						name: 'y2',
						type: 'string',
						default: '1',
						placeholder: 'e.g. 1',
						description: 'Where the part ends, from 0 (the top of the picture) to 1 (its bottom)',
					},
					{
						displayName: 'Left',
						name: 'x1',
						type: 'string',
						default: '0',
						placeholder: 'e.g. 0.166454',
						description:
							'Where the part begins, from 0 (the left edge of the picture) to 1 (its right edge)',
					},
					{
						displayName: 'Ratio',
						name: 'ratio',
						type: 'options',
						options: [
							{ name: '1:1', value: '1_1' },
							{ name: '16:9', value: '16_9' },
							{ name: '2.35:1', value: '2.35_1' },
						],
						default: '1_1',
						description: 'Shape of the cover',
					},
					{
						displayName: 'Right',
						name: 'x2',
						type: 'string',
						default: '1',
						placeholder: 'e.g. 0.833545',
						description:
							'Where the part ends, from 0 (the left edge of the picture) to 1 (its right edge)',
					},
					{
						displayName: 'Top',
						name: 'y1',
						type: 'string',
						default: '0',
						placeholder: 'e.g. 0',
						description: 'Where the part begins, from 0 (the top of the picture) to 1 (its bottom)',
					},
				],
			},
		],
	},
	{
		displayName: 'Product Key (商品Key)',
		name: 'product_key',
		type: 'string',
		wire: 'product_info.footer_product_info.product_key',
		default: '',
		description: 'Product shown below the text: the product_key that Get Product Card returned',
	},
	...comments.slice(1),
];

const settings = {
	displayName: 'Article Options (文章选项)',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
} as const satisfies Field;

/**
 * One article of a draft. The limits of title, author and digest have changed, and accounts differ.
 * The node checks the larger of the known limits; WeChat checks the rest.
 * @see https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add.html
 */
export const articleFields: Field[] = [
	{
		displayName: 'Article Title (文章标题)',
		name: 'title',
		type: 'string',
		required: true,
		maxLength: 64,
		default: '',
		description: 'At most 32 characters; some accounts may still have up to 64',
	},
	{
		displayName: 'Article Type (图文类型)',
		name: 'article_type',
		type: 'options',
		options: [
			{
				name: 'Article (图文消息)',
				value: 'news',
				description: 'Text with pictures between, and a cover',
			},
			{
				name: 'Pictures (图片消息)',
				value: 'newspic',
				description: 'Up to 20 pictures with a plain text',
			},
		],
		default: 'news',
		description: 'How the article looks',
	},
	{
		displayName: 'Caption (图片说明)',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		maxLength: 19_999,
		...showFor('newspic'),
		default: '',
		placeholder: 'e.g. Our new shop in pictures',
		description: 'Plain text below the pictures',
	},
	{
		displayName: 'Content (内容)',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 8 },
		required: true,
		maxLength: 19_999,
		maxBytes: 1024 * 1024 - 1,
		...showFor('news'),
		default: '',
		placeholder: 'e.g. <p>Our shop has moved.</p>',
		description:
			'HTML, less than 20,000 characters. WeChat removes scripts, and pictures that were not uploaded with Upload Article Image.',
	},
	cover,
	{
		displayName: 'Pictures (图片)',
		name: 'pictures',
		type: 'fixedCollection',
		wire: 'image_info.image_list',
		typeOptions: { multipleValues: true, sortable: true },
		required: true,
		maxEntries: 20,
		...showFor('newspic'),
		default: {},
		placeholder: 'Add Picture',
		description: 'Up to 20; the first is the cover',
		options: [{ displayName: 'Picture (图片)', name: 'picture', values: [picture] }],
	},
	{
		...settings,
		...showFor('news'),
		options: newsFields,
	},
	{
		...settings,
		...showFor('newspic'),
		options: newspicFields,
	},
];
