import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { OpenBehavior } from './behavior';

const lengthOf = (text: unknown) => [...String(text ?? '')].length;
const bytesOf = (text: unknown) => Buffer.byteLength(String(text ?? ''));

/**
 * What WeChat refuses of the texts of an article: the lengths of its page of 2026. Until 2025 a title had 64 characters,
 * and single accounts may still have that. The code for a content that is too long is unconfirmed (45002 is that of texts).
 * @see https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add.html
 */
export function checkTexts(article: JsonObject): void {
	const { title, author, digest, content, content_source_url } = article;
	if (lengthOf(title) > 32) throw new ApiError(45003);
	if (lengthOf(digest) > 128) throw new ApiError(45004);
	if (lengthOf(author) > 16) throw new ApiError(45110);
	if (bytesOf(content_source_url) > 1024) throw new ApiError(41039);
	if (lengthOf(content) === 0) throw new ApiError(45166);
	if (lengthOf(content) >= 20_000 || bytesOf(content) >= 1024 * 1024) throw new ApiError(45002);
}

/** A tag with its attributes, as far as quotes let it go. */
const TAG = /<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*)>/gi;
const ATTRIBUTE = /\s+([^\s=>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g;

/**
 * What WeChat keeps of a content. Its page says that it removes JavaScript and the addresses of foreign pictures; whether
 * the picture's element goes as well is unconfirmed. That it drops classes, IDs, style sheets and `background` is how
 * wenyan and other tools found it. Of a post of pictures the text is left, and product tags.
 */
export function keepContent({ article_type, content }: JsonObject): string {
	const html = String(content)
		.replace(/<(script|style)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi, '')
		.replace(
			TAG,
			(_, name: string, attributes: string) => `<${name}${keepAttributes(name, attributes)}>`,
		);
	return article_type === 'newspic'
		? html.replace(/<\/?(?!mp-common-product\b)[a-z][^<>]*>/gi, '')
		: html;
}

const keepAttributes = (element: string, attributes: string) =>
	attributes.replace(ATTRIBUTE, (all, name: string, quoted = '') => {
		const value = String(quoted).replace(/^["']|["']$/g, '');
		if (/^(class|id|on\w+)$/i.test(name) || /^javascript:/i.test(value)) return '';
		if (/^(src|data-src)$/i.test(name) && /^img$/i.test(element))
			return isOwnPicture(value) ? all : '';
		if (!/^style$/i.test(name)) return all;
		const kept = value.split(/;(?![^(]*\))/).filter((one) => !/^\s*background\s*:/i.test(one));
		const style = kept.join(';').trim();
		return style === '' ? '' : ` style="${style}"`;
	});

/** uploadimg and add_material hand out addresses of this host; WeChat has some more of its own. */
const isOwnPicture = (address: string) => /^https?:\/\/mmbiz\.(qpic|qlogo)\.cn\//i.test(address);

/** Rules that need no browser, in the words of WeChat's answer to the example on its page, or of its checker. */
const RULES: Record<string, { violateRules: string; pattern: RegExp }> = {
	height: {
		violateRules: '页面height设置错误，导致有元素不可见',
		pattern: /<\w+[^<>]*\bheight:\s*0(px)?\s*[;"'][^<>]*>[^<]*[^\s<][^<]*<\/\w+>/gi,
	},
	opacity: {
		violateRules: '该图片 opacity 值为 0（完全透明）',
		pattern: /<img[^<>]*\bopacity:\s*0\s*[;"'][^<>]*>/gi,
	},
	'text-align': {
		violateRules: '文本对齐属性使用了非标准值',
		pattern: /<\w+[^<>]*\btext-align:\s*(start|end)\b[^<>]*>/gi,
	},
};

export const articleBehaviors: Record<string, OpenBehavior> = {
	/** @see https://developers.weixin.qq.com/doc/service/guide/product/plugin_spec.html */
	'article.verify': ({ body }) => {
		const found = Object.entries(RULES).flatMap(([rule, { violateRules, pattern }]) => {
			const items = (String(body.content).match(pattern) ?? []).map((outerHTML) => ({ outerHTML }));
			return items.length === 0 ? [] : [[rule, { violateRules, items }] as const];
		});
		return { isValid: found.length === 0, inValidInfo: Object.fromEntries(found) };
	},
};
