import type { Client } from '../api/apiClient';
import { readList, readObject } from '../api/response';
import { isNotFound } from '../base/connectionError';
import { checkLimits } from '../article/articleLimits';
import type { Note } from '../article/htmlTree';
import { renderArticle, type Look, type RenderedArticle } from '../article/renderArticle';

/** What the fields of an article say. */
export interface ArticleFields {
	content: string;
	format?: 'markdown' | 'html';
	title: string;
	author?: string;
	digest?: string;
	sourceUrl?: string;
	theme?: Look['theme'];
	accent?: string;
	fontSize?: number;
	css?: string;
	links?: Look['links'];
}

interface ArticleCheck {
	isValid: boolean;
	/** Of the content with its markup, as WeChat counts. */
	characters: number;
	/** What WeChat would refuse, or what its rules say against. */
	problems: Note[];
	/** What was changed in the article. */
	notes: Note[];
}

/** WeChat names every element that breaks a rule; one cause often has hundreds. */
const MAX_PLACES = 10;

const CHECKER = '/article-bin/verify_article_structure';
const RELAY = `Behind a relay, ${CHECKER} must lead to mp.weixin.qq.com. Or take Check by WeChat out of Options.`;
const RELAY_IN_CHINESE = `找不到微信的文章检查接口：使用中转服务器时，须将 ${CHECKER} 转发到 mp.weixin.qq.com，或从选项中移除“由微信检查”。`;

/** As long as an address that WeChat gives a picture, which counts for the length of the content. */
const PICTURE = `https://mmbiz.qpic.cn/mmbiz_jpg/${'x'.repeat(86)}/0?wx_fmt=jpeg`;

/** The look that fields ask for; what they leave out is that of the field. */
export const readLook = ({ theme, accent, fontSize, css, links }: ArticleFields): Look => ({
	theme: theme ?? 'plain',
	accent: accent || undefined,
	fontSize,
	css,
	links: links ?? 'references',
});

/** The texts beside the content: a field counts more than what the text says, unless it is empty or only spaces. */
const pickTexts = (fields: ArticleFields, rendered: RenderedArticle) => ({
	title: fields.title.trim() || rendered.title,
	author: fields.author?.trim() || rendered.author,
	digest: fields.digest?.trim() || rendered.digest,
	sourceUrl: fields.sourceUrl?.trim() || rendered.sourceUrl,
});

/** Renders the content of an article in the look of its fields. */
export async function renderFields(fields: ArticleFields) {
	const { format = 'markdown', content: text, title } = fields;
	const rendered = await renderArticle({ format, text, title }, readLook(fields));
	return { rendered, texts: pickTexts(fields, rendered) };
}

/**
 * Checks an article by WeChat's limits and its rules for structure, and with a client by WeChat's public checker, too.
 * Without one it makes no call: pictures count as if they were at WeChat.
 */
export async function checkArticle(
	fields: ArticleFields,
	client?: Pick<Client, 'send'>,
): Promise<ArticleCheck> {
	const { rendered, texts } = await renderFields(fields);
	const addresses = rendered.pictures.map(({ address }) => [address, PICTURE] as const);
	const content = rendered.toContent(new Map(addresses));
	const problems = [
		...checkLimits({ ...texts, content }),
		...rendered.checkRules(),
		...(client ? await requestCheck(client, content) : []),
	];
	const isValid = problems.length === 0;
	return { isValid, characters: [...content].length, problems, notes: rendered.notes };
}

/**
 * Asks WeChat's public checker. Its page writes the address with http; https is unconfirmed, and the only way that
 * keeps a draft from strangers.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/plugin_spec.html
 */
async function requestCheck(client: Pick<Client, 'send'>, content: string): Promise<Note[]> {
	const call = { path: CHECKER, host: 'mp', bearer: 'none', body: { content } } as const;
	const answer = await client.send({ ...call, safe: true, isShown: true }).catch((error) => {
		throw isNotFound(error) ? error.with({ hint: RELAY, chinese: RELAY_IN_CHINESE }) : error;
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
