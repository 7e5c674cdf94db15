import type { Client } from '../../api/apiClient';
import { defineLocal, defineRequest, defineResource } from '../../engine/define';
import { checkArticle } from '../checkArticle';
import { articleText, author, checkByWechat, digest, look, sourceUrl } from '../fields/articleText';
import { draft } from '../fields/draft';
import { publishedArticle } from '../fields/publishedArticle';
import { readArticles } from '../readArticle';

/** Articles from Markdown or HTML; the resource Draft takes what WeChat's pages call articles. */
export const articles = defineResource('Article (文章)', 'article', [
	defineLocal<Client>()({
		name: 'Check',
		value: 'check',
		action: 'Check article',
		description:
			'Check Markdown or HTML by WeChat’s limits and its rules for articles (文章结构规范), without a call unless you ask for one',
		doc: 'service/guide/product/plugin_spec.html',
		fields: [
			...articleText,
			{
				displayName: 'Options',
				name: 'articleOptions',
				type: 'collection',
				wire: false,
				placeholder: 'Add option',
				default: {},
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
		async run({ articleOptions: { checkByWechat: asksWechat, ...options }, ...text }, client) {
			return await checkArticle({ ...text, ...options }, asksWechat ? client : undefined);
		},
	}),
	defineRequest({
		name: 'Get as Markdown',
		value: 'getMarkdown',
		action: 'Get article as markdown',
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
				displayName: 'Output Format',
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
