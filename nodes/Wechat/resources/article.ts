import type { Client } from '../../api/apiClient';
import { defineLocal, defineResource } from '../../engine/define';
import { checkArticle, prepareArticle, requestCheck } from '../checkArticle';
import {
	articleText,
	author,
	checkByWechat,
	digest,
	ownCss,
	sourceUrl,
} from '../fields/articleText';

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
				options: [author, checkByWechat, digest, ownCss, sourceUrl],
			},
		],
		async run({ articleOptions: options, ...text }, client) {
			const { article, notes } = await prepareArticle({ ...text, ...options });
			const problems = await checkArticle(article);
			if (options.checkByWechat) problems.push(...(await requestCheck(client, article.content)));
			const characters = [...article.content].length;
			return { isValid: problems.length === 0, characters, problems, notes };
		},
	}),
]);
