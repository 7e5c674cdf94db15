import type { AccountClient } from '../../api/accountClient';
import { defineLocal, defineRequestFor, defineResource, type Field } from '../../engine/define';
import { createDraft, updateDraft } from '../articleDraft';
import { readContent } from '../articleFile';
import { createPictureDraft } from '../pictureDraft';
import { checkArticle } from '../checkArticle';
import { articleText, author, checkByWechat, digest, look, sourceUrl } from '../fields/articleText';
import {
	comments,
	cover,
	crops,
	moreArticles,
	pictures,
	unavailable,
} from '../fields/articleParts';
import { openPictureWay } from '../pictureUpload';
import { draft } from '../fields/draft';
import { publishedArticle } from '../fields/publishedArticle';
import { readArticles } from '../readArticle';

const options = {
	displayName: 'Article Options (文章选项)',
	name: 'articleOptions',
	type: 'collection',
	wire: false,
	placeholder: 'Add option',
	default: {},
} as const;

const draftOptions = {
	...options,
	options: [
		look.accent,
		author,
		comments,
		digest,
		look.fontSize,
		look.links,
		look.css,
		sourceUrl,
		look.theme,
		unavailable,
	],
} as const satisfies Field;

/** Articles from Markdown or HTML; the resource Draft takes what WeChat's pages call articles. */
export const articles = defineResource<AccountClient>('Article (文章)', 'article', [
	defineLocal<AccountClient>()({
		name: 'Create Draft',
		value: 'createDraft',
		action: 'Create draft of article',
		chinese: '由 Markdown 新增草稿',
		description:
			'Create a draft (草稿) from Markdown or HTML: in the look of a theme, with its pictures uploaded. Nothing is created before all of them are at WeChat.',
		doc: 'service/api/draftbox/draftmanage/api_draft_add.html',
		fields: [...articleText, cover, moreArticles, draftOptions],
		async run({ moreArticles: more, articleOptions, ...first }, client, { itemFiles: files }) {
			const shared = { ...articleOptions, author: '', digest: '', sourceUrl: '' };
			const others = more.map((one) => ({ ...shared, format: first.format, ...one }));
			return await createDraft(
				[{ ...first, ...articleOptions }, ...others],
				openPictureWay(client, files),
			);
		},
	}),
	defineLocal<AccountClient>()({
		name: 'Update Draft',
		value: 'updateDraft',
		action: 'Update draft of article',
		chinese: '由 Markdown 更新草稿',
		description:
			'Replace one article of a draft by Markdown or HTML, in place (更新草稿). Pictures that the account has are not uploaded again.',
		doc: 'service/api/draftbox/draftmanage/api_draft_update.html',
		fields: [
			draft,
			{
				displayName: 'Position (文章序号)',
				name: 'index',
				type: 'number',
				needed: true,
				wire: false,
				typeOptions: { minValue: 0, maxValue: 7 },
				default: 0,
				description: 'Which article of the draft; the first is 0',
			},
			...articleText,
			cover,
			draftOptions,
		],
		async run(
			{ media_id: mediaId, index, articleOptions, ...fields },
			client,
			{ itemFiles: files },
		) {
			return await updateDraft(
				{ mediaId, index },
				{ ...fields, ...articleOptions },
				openPictureWay(client, files),
			);
		},
	}),
	defineLocal<AccountClient>()({
		name: 'Create Picture Draft',
		value: 'createPictureDraft',
		action: 'Create draft of pictures',
		chinese: '新增图片消息草稿',
		description:
			'Create a draft of up to 20 pictures with a short text (图片消息). Nothing is created before all pictures are at WeChat.',
		doc: 'service/api/draftbox/draftmanage/api_draft_add.html',
		fields: [
			{
				displayName: 'Title (标题)',
				name: 'title',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				placeholder: 'e.g. Our new shop',
				description: 'At most 32 characters',
			},
			{
				displayName: 'Caption (图片说明)',
				name: 'caption',
				type: 'string',
				typeOptions: { rows: 4 },
				wire: false,
				required: true,
				default: '',
				placeholder: 'e.g. We are open from Monday.',
				description:
					'Plain text below the pictures, less than 20,000 characters; WeChat takes markup out',
			},
			pictures,
			{
				...options,
				name: 'pictureOptions',
				options: [comments, crops, unavailable],
			},
		],
		async run({ pictureOptions, ...fields }, client, { itemFiles: files }) {
			return await createPictureDraft(
				{ ...fields, ...pictureOptions },
				openPictureWay(client, files),
			);
		},
	}),
	defineLocal<AccountClient>()({
		name: 'Check',
		value: 'check',
		action: 'Check article',
		chinese: '检查文章',
		description:
			'Check Markdown or HTML by WeChat’s limits and its rules for articles (文章结构规范), without a call unless you ask for one',
		doc: 'service/guide/product/plugin_spec.html',
		fields: [
			...articleText,
			{
				...options,
				options: [
					look.accent,
					author,
					checkByWechat,
					digest,
					look.fontSize,
					look.links,
					look.css,
					sourceUrl,
					look.theme,
				],
			},
		],
		async run(
			{ articleOptions: { checkByWechat: asksWechat, ...options }, ...text },
			client,
			{ itemFiles },
		) {
			const content = await readContent(text.content, itemFiles);
			return await checkArticle({ ...text, ...options, content }, asksWechat ? client : undefined);
		},
	}),
	defineRequestFor<AccountClient>()({
		name: 'Get as Markdown',
		value: 'getMarkdown',
		action: 'Get article as markdown',
		chinese: '获取文章 Markdown',
		description:
			'Get the articles of a draft or a publication as clean Markdown or plain text, one item each, for archives and models',
		doc: 'service/api/draftbox/draftmanage/api_getdraft.html',
		path: '/cgi-bin/draft/get',
		effect: 'read',
		fields: [
			{
				displayName: 'From',
				name: 'from',
				type: 'options',
				wire: false,
				options: [
					{ name: 'Draft (草稿)', value: 'draft' },
					{ name: 'Published Article (已发布)', value: 'publication' },
				],
				default: 'draft',
				description: 'Where the article is',
			},
			{ ...draft, displayOptions: { show: { from: ['draft'] } } },
			{ ...publishedArticle, displayOptions: { show: { from: ['publication'] } } },
			{
				displayName: 'Output Format (输出格式)',
				name: 'outputFormat',
				type: 'options',
				wire: false,
				options: [
					{ name: 'Markdown', value: 'markdown' },
					{ name: 'Plain Text', value: 'text' },
				],
				default: 'markdown',
				description: 'What the text of each article becomes',
			},
		],
		async run({ params: { from, outputFormat }, client, call }) {
			const path = from === 'publication' ? '/cgi-bin/freepublish/getarticle' : call.path;
			return await readArticles(await client.send({ ...call, path }), outputFormat ?? 'markdown');
		},
	}),
]);
