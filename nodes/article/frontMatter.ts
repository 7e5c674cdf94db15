/** What people write above an article about it. */
interface FrontMatter {
	title: string;
	author: string;
	digest: string;
	sourceUrl: string;
	cover: string;
}

type FrontMatterName = keyof FrontMatter;

/** The keys that Hexo, Hugo, Jekyll, wenyan and doocs/md know, and the Chinese ones. Written without marks between words. */
const KEYS: Record<FrontMatterName, string[]> = {
	title: ['title', '标题', '文章标题'],
	author: ['author', 'authors', '作者'],
	digest: ['digest', 'description', 'summary', 'excerpt', 'abstract', '摘要', '简介', '描述'],
	sourceUrl: [
		'sourceurl',
		'source',
		'contentsourceurl',
		'url',
		'link',
		'原文链接',
		'阅读原文',
		'来源',
	],
	cover: ['cover', 'coverimage', 'image', 'thumb', 'thumbnail', 'banner', '封面', '封面图'],
};
const NAMES = new Map(
	Object.entries(KEYS).flatMap(([name, keys]) => keys.map((key) => [key, name as FrontMatterName])),
);

/** Other keys by which front matter is known; a text between two rules may begin with "注意：", too. */
const OTHER_KEYS = new Set(
	'date updated tags tag categories category keywords draft layout slug lang theme type id permalink weight toc comments published 日期 标签 分类 关键词 主题'.split(
		' ',
	),
);

/** Between two of these lines stands the front matter; `+++` is Hugo's TOML. */
const FENCE = /^(---|\+\+\+)\s*$/;
/** Longer ones are a text between two rules. */
const MAX_LINES = 200;
const ENTRY = /^([\p{L}][\p{L}\p{N}_ -]{0,39})\s*[:：=](?:\s+|$|(?<=：|=))(.*)$/u;

/**
 * Takes the code fence off an article that a model has put into one, as most do when they are asked for Markdown. Fences
 * in it must be closed, or the first one is that of an example.
 */
export function removeFence(text: string): { text: string; lines: number } {
	const [above, fence, inside] =
		/^\s*(`{3,})[ \t]*(?:markdown|md|html?)[ \t]*\r?\n([^]*?)\r?\n\1\s*$/i.exec(text) ?? [];
	if (above === undefined) return { text, lines: 0 };
	let open = false;
	for (const [, mark, language] of inside.matchAll(/^[ \t]*(`{3,})(.*)$/gm)) {
		if (mark.length < fence.length) continue;
		if (language.trim() === '' && !open) return { text, lines: 0 };
		open = language.trim() !== '';
	}
	const lines = text.slice(0, text.indexOf(inside)).split('\n').length - 1;
	return open ? { text, lines: 0 } : { text: inside, lines };
}

/**
 * Takes the front matter off a text: `title: AI: the future` is no YAML, and what people write. Read line by line, so
 * that nothing about it can fail; what is no front matter stays content.
 */
export function readFrontMatter(text: string): {
	fields: FrontMatter;
	text: string;
	lines: number;
} {
	const fields: FrontMatter = { title: '', author: '', digest: '', sourceUrl: '', cover: '' };
	const clean = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
	const start = /^(?:[^\S\n]*\n)*/.exec(clean)?.[0] ?? '';
	const skipped = start.split('\n').length - 1;
	const lines = clean.slice(start.length).split('\n', MAX_LINES + 2);
	const fence = FENCE.exec(lines[0])?.[1];
	if (!fence) return { fields, text: clean, lines: 0 };
	const end = lines.findIndex(
		(line, index) =>
			index > 0 && (line.trimEnd() === fence || (fence === '---' && line.trimEnd() === '...')),
	);
	const inside = lines.slice(1, end);
	if (end < 0 || !isFrontMatter(inside)) return { fields, text: clean, lines: 0 };
	for (const [name, value] of readEntries(inside))
		// Hugo's `url` is the path of a page, which nobody at WeChat can follow.
		if (name !== 'sourceUrl' || /^https?:\/\//i.test(value)) fields[name] ||= value;
	const length = start.length + lines.slice(0, end + 1).join('\n').length + 1;
	return { fields, text: clean.slice(length), lines: skipped + end + 1 };
}

/** A text between two rules is no front matter, even if a line of it has a colon. */
function isFrontMatter(lines: string[]): boolean {
	let known = false;
	let open = false;
	for (const line of lines) {
		const [, key] = ENTRY.exec(line) ?? [];
		const isEntry = key !== undefined;
		if (isEntry) known ||= NAMES.has(toKey(key)) || OTHER_KEYS.has(toKey(key));
		else if (
			line.trim() !== '' &&
			!/^\s*#/.test(line) &&
			!(open && /^(\s+|- |-$|[\]}])/.test(line))
		)
			return false;
		open ||= isEntry;
	}
	return known;
}

const toKey = (key: string): string => key.toLowerCase().replace(/[_ -]/g, '');

function* readEntries(lines: string[]): Generator<[FrontMatterName, string]> {
	for (let at = 0; at < lines.length; at++) {
		const [, key, rest] = ENTRY.exec(lines[at]) ?? [];
		const name = NAMES.get(toKey(key ?? ''));
		if (!name) continue;
		const more: string[] = [];
		for (let next = at + 1; next < lines.length && /^(\s|-\s|$)/.test(lines[next]); next++)
			more.push(lines[next].trim());
		yield [name, toValue(rest.trim(), more)];
	}
}

function toValue(first: string, more: string[]): string {
	// `>` folds lines into one; `|` keeps them, but none of these fields has lines at WeChat.
	if (/^[>|][+-]?\d?$/.test(first)) return joinLines(more);
	const items = more.filter((line) => line.startsWith('- ')).map((line) => unquote(line.slice(2)));
	if (first === '' && items.length > 0) return items.join('、');
	const list = /^\[(.*)\]$/.exec(first)?.[1];
	if (list !== undefined) return list.split(',').map(unquote).filter(Boolean).join('、');
	return joinLines([unquote(first), ...more]);
}

/** Lines of Chinese are joined without a blank. */
const joinLines = (lines: string[]): string =>
	lines
		.join('\n')
		.trim()
		.replace(/([^\x00-\u2E7F])\n+(?=[^\x00-\u2E7F])/g, '$1')
		.replace(/\n+/g, ' ');

function unquote(value: string): string {
	const [, double] = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(value.trim()) ?? [];
	if (double !== undefined) return double.replace(/\\(["\\/])/g, '$1').replace(/\\n/g, ' ');
	const [, single] = /^'((?:[^']|'')*)'\s*(?:#.*)?$/.exec(value.trim()) ?? [];
	if (single !== undefined) return single.replace(/''/g, "'");
	// A comment begins with a blank, so that addresses keep their fragment; `C# 入门` is no comment.
	return value.replace(/\s#\s.*$/, '').trim();
}
