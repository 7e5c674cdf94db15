import type { Client } from '../api/apiClient';
import { readList, readObject } from '../api/response';
import { checkLimits } from '../article/articleLimits';
import { openHtmlTools, type Note } from '../article/htmlTree';
import { inlineCss } from '../article/inlineCss';
import { checkStructure } from '../article/structureRules';
import { UserError } from '../base/userError';

/** An article as it goes to WeChat. */
interface FinishedArticle {
	title: string;
	author: string;
	digest: string;
	sourceUrl: string;
	/** HTML with all styles in its elements. */
	content: string;
}

/** WeChat names every element that breaks a rule; one cause often has hundreds. */
const MAX_PLACES = 10;

interface ArticleFields {
	content: string;
	format?: 'markdown' | 'html';
	title: string;
	author?: string;
	digest?: string;
	sourceUrl?: string;
	css?: string;
}

/** Makes of the fields of an article what goes to WeChat, with what was changed on the way. */
export async function prepareArticle(
	fields: ArticleFields,
): Promise<{ article: FinishedArticle; notes: Note[] }> {
	if (fields.format !== 'html') throw new UserError('Only HTML can be checked so far');
	const { parse, write } = await openHtmlTools();
	const tree = parse(fields.content);
	const notes = await inlineCss(tree, fields.css ?? '');
	const { title, author = '', digest = '', sourceUrl = '' } = fields;
	return { article: { title, author, digest, sourceUrl, content: write(tree) }, notes };
}

/** Checks an article by WeChat's limits and its rules for structure, without a call. */
export async function checkArticle(article: FinishedArticle): Promise<Note[]> {
	const { parse, utils } = await openHtmlTools();
	return [...checkLimits(article), ...checkStructure(parse(article.content), utils)];
}

/**
 * Asks WeChat's public checker. Its page writes the address with http; https is unconfirmed, and the only way that
 * keeps a draft from strangers.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/plugin_spec.html
 */
export async function requestCheck(client: Pick<Client, 'send'>, content: string): Promise<Note[]> {
	const answer = await client.send({
		path: '/article-bin/verify_article_structure',
		host: 'mp',
		bearer: 'none',
		body: { content },
		safe: true,
		isShown: true,
	});
	const found = Object.entries(readObject(answer.inValidInfo)).flatMap(([rule, of]) => {
		const { violateRules, items } = readObject(of);
		const text = `WeChat: ${String(violateRules ?? rule)}`;
		const elements = readList(items).slice(0, MAX_PLACES);
		return elements.map((item) => ({
			rule,
			text: `${text} ${quote(readObject(item).outerHTML)}`.trim(),
		}));
	});
	// Whether it may say no without a reason is unconfirmed.
	const isRefused = answer.isValid === false && found.length === 0;
	return isRefused ? [{ rule: 'wechat', text: 'WeChat: not valid, without a reason.' }] : found;
}

/** How an element begins, so that it can be found. */
function quote(outerHtml: unknown): string {
	const html = String(outerHtml ?? '').replace(/\s+/g, ' ');
	const start = [...html.slice(0, 200)].slice(0, 80).join('');
	return start === html ? html : `${start}…`;
}
