import type { Note } from './htmlTree';

/** What WeChat takes of an article, in characters unless said otherwise; and less than this of its content. */
const MAX_TITLE = 32;
const MAX_AUTHOR = 16;
const MAX_DIGEST = 128;
const MAX_SOURCE_URL_BYTES = 1024;
const CONTENT_END = 20_000;
const MAX_PICTURES = 20;

/** What each part of an article has to be, in Chinese, by the rule that its notes name. */
export const LIMITS_IN_CHINESE: ReadonlyMap<string, string> = new Map([
	['title', `标题必填，最多 ${MAX_TITLE} 个字符`],
	['author', `作者最多 ${MAX_AUTHOR} 个字符`],
	['digest', `摘要最多 ${MAX_DIGEST} 个字符`],
	['source-url', `“阅读原文”应以 https:// 或 http:// 开头，最多 ${MAX_SOURCE_URL_BYTES} 字节`],
	['content', `正文必填，连同标签应少于 ${CONTENT_END} 个字符`],
	['pictures', `图片最多 ${MAX_PICTURES} 张`],
]);

/** The texts of an article as they go to WeChat. */
interface ArticleTexts {
	title: string;
	author: string;
	digest: string;
	sourceUrl: string;
	/** HTML; of a post of pictures, plain text. */
	content: string;
	/** How many pictures a post of pictures has. */
	pictures?: number;
}

/**
 * Checks the limits of WeChat's page. Empty when all is well; else each note says by how much, and what of a content
 * costs most.
 *
 * @see https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add.html
 */
export function checkLimits(article: ArticleTexts): Note[] {
	const { title, author, digest, sourceUrl, content, pictures } = article;
	return [
		title.trim() === '' && {
			rule: 'title',
			text: 'There is no title. Fill in Title, or begin the text with a heading.',
		},
		checkLength('title', 'The title', title, MAX_TITLE),
		checkLength('author', 'The author', author, MAX_AUTHOR),
		checkLength('digest', 'The digest', digest, MAX_DIGEST),
		checkSourceUrl(sourceUrl),
		isEmpty(content) && {
			rule: 'content',
			text: 'There is no text. Fill in Content.',
		},
		checkContent(content),
		checkPictures(pictures),
	].filter((note): note is Note => Boolean(note));
}

/** Elements around nothing are no text; a picture or a video says something. */
const isEmpty = (content: string): boolean =>
	!/<(img|svg|video|audio|iframe|mp|qqmusic)/i.test(content) &&
	content.replace(/<[^<>]*>|&nbsp;|\s/g, '') === '';

const countCharacters = (text: string): number => [...text].length;

const format = (count: number): string => count.toLocaleString('en-US');

function checkLength(rule: string, name: string, text: string, max: number): Note | undefined {
	const count = countCharacters(text);
	if (count <= max) return undefined;
	return {
		rule,
		text: `${name} has ${format(count)} characters, and WeChat takes ${max}. Make it ${format(count - max)} shorter.`,
	};
}

function checkSourceUrl(address: string): Note | undefined {
	const rule = 'source-url';
	const bytes = Buffer.byteLength(address);
	if (bytes > MAX_SOURCE_URL_BYTES)
		return {
			rule,
			text: `Source URL has ${format(bytes)} bytes, and WeChat takes ${format(MAX_SOURCE_URL_BYTES)}. Make it ${format(bytes - MAX_SOURCE_URL_BYTES)} shorter.`,
		};
	if (address === '' || /^https?:\/\/[^/]/i.test(address)) return undefined;
	return { rule, text: 'Source URL is no web address. It begins with https:// or http://.' };
}

/** Fewer than 20,000 characters have at most 80 KB, so WeChat's other limit, 1 MB, is never met. */
function checkContent(content: string): Note | undefined {
	const characters = countCharacters(content);
	if (characters < CONTENT_END) return undefined;
	return {
		rule: 'content',
		text: `The content has ${format(characters)} characters with its markup, and WeChat takes less than ${format(CONTENT_END)}. Make it ${format(characters - CONTENT_END + 1)} shorter. Most of it: ${describeCosts(content)}.`,
	};
}

function checkPictures(count = 0): Note | undefined {
	if (count <= MAX_PICTURES) return undefined;
	return {
		rule: 'pictures',
		text: `There are ${count} pictures, and WeChat takes ${MAX_PICTURES}. Take ${count - MAX_PICTURES} out.`,
	};
}

/** Whose markup is counted together, by the element around it. */
const PARTS = new Map(
	Object.entries({
		code: 'code and its colors',
		pre: 'code and its colors',
		svg: 'SVG',
		table: 'tables',
	}),
);

const NAMES = new Map(
	Object.entries({
		a: 'links',
		blockquote: 'quotes',
		img: 'pictures',
		li: 'lists',
		ol: 'lists',
		p: 'markup of paragraphs',
		section: 'markup of sections',
		span: 'markup of spans',
		ul: 'lists',
	}),
);

/** Says which parts of a content take most characters, as `tables 3,100, text 2,000`; the four largest. */
function describeCosts(content: string): string {
	const costs = new Map<string, number>();
	const open: string[] = [];
	const count = (part: string, text: string) =>
		costs.set(part, (costs.get(part) ?? 0) + countCharacters(text));
	let from = 0;
	for (const { 0: tag, 1: slash, 2: written, index } of content.matchAll(
		/<(\/?)([a-z][\w-]*)[^<>]*>/gi,
	)) {
		const name = written.toLowerCase();
		if (index > from) count(open.at(-1) ?? 'text', content.slice(from, index));
		from = index + tag.length;
		const part = PARTS.get(name);
		if (part && slash === '') open.push(open.at(-1) ?? part);
		count(
			open.at(-1) ?? (/^h[1-6]$/.test(name) ? 'headings' : (NAMES.get(name) ?? 'other markup')),
			tag,
		);
		if (part && slash !== '') open.pop();
	}
	count(open.at(-1) ?? 'text', content.slice(from));
	return [...costs]
		.filter(([, characters]) => characters > 0)
		.sort(([, one], [, other]) => other - one)
		.slice(0, 4)
		.map(([part, characters]) => `${part} ${format(characters)}`)
		.join(', ');
}
