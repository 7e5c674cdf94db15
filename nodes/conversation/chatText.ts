import { removeFence } from '../article/frontMatter';
import {
	createMarkdownParser,
	type MarkdownParser,
	type MarkdownToken as Token,
} from '../article/markdown';

type ReadInline = Parameters<MarkdownParser['inline']['ruler']['push']>[1];

/** A block or a mark, and what is in it. */
interface Branch {
	token: Token;
	children: Branch[];
}

/** What WeChat shows as a link, also of a mini program, stays as it is; `<br>` is all that tables have for lines. */
const LINK = /<a\s[^<>]{0,4096}>[^<>]{0,2048}<\/a\s*>/iy;
const BREAK = /<br\s*\/?>/iy;
/** What a tap can open. */
const FOLLOWED = /^(https?|weixin|tel):/i;
const CJK = /[\u2e80-\u9fff\uff00-\uff60]/;
const RULE = '——————';

let loaded: Promise<MarkdownParser> | undefined;

/**
 * Writes Markdown, as models make it, for a chat of WeChat, which shows text, line ends and links: no stars and no
 * backticks, bullets and numbers for lists, a line for each heading, code as it is, and tables row by row.
 */
export async function writeChatText(markdown: string): Promise<string> {
	const parser = await (loaded ??= createChatParser());
	const { text } = removeFence(markdown);
	// Nothing but marks is still something that was said.
	return writeBlocks(toBranches(parser.parse(text, {}))).trim() || markdown.trim();
}

async function createChatParser(): Promise<MarkdownParser> {
	// HTML is text: models write List<String>.
	const parser = await createMarkdownParser({ html: false });
	parser.inline.ruler.before('autolink', 'chat_markup', readMarkup);
	parser.inline.ruler.before('emphasis', 'chat_times', readTimes);
	return parser;
}

const readMarkup: ReadInline = (state, silent) => {
	if (state.src[state.pos] !== '<') return false;
	for (const [pattern, type] of [
		[LINK, 'chat_link'],
		[BREAK, 'hardbreak'],
	] as const) {
		pattern.lastIndex = state.pos;
		const [found] = pattern.exec(state.src) ?? [];
		if (found === undefined) continue;
		if (!silent) state.push(type, '', 0).content = found;
		state.pos += found.length;
		return true;
	}
	return false;
};

/** A star between digits multiplies: sizes such as 10*20*30 are no italics. */
const readTimes: ReadInline = (state, silent) => {
	const around = state.src.slice(Math.max(0, state.pos - 1), state.pos + 2);
	if (!/^\d\*\d$/.test(around)) return false;
	if (!silent) state.pending += '*';
	state.pos++;
	return true;
};

function toBranches(tokens: Token[]): Branch[] {
	const top: Branch[] = [];
	const open = [top];
	for (const token of tokens) {
		const branch = { token, children: [] };
		if (token.nesting >= 0) open.at(-1)?.push(branch);
		if (token.nesting > 0) open.push(branch.children);
		if (token.nesting < 0) open.pop();
	}
	return top;
}

/** Blocks have an empty line between them; a heading, and a line above a list, belong to what comes next. */
function writeBlocks(branches: Branch[]): string {
	return branches.reduce((text, branch, at) => {
		const before = branches[at - 1]?.token.type ?? '';
		const isClose =
			before === 'heading_open' ||
			(before === 'paragraph_open' && branch.token.type.endsWith('_list_open'));
		return text + (at === 0 ? '' : isClose ? '\n' : '\n\n') + writeBlock(branch);
	}, '');
}

function writeBlock({ token, children }: Branch): string {
	switch (token.type) {
		case 'inline':
			return writeLine(token.children ?? []);
		case 'fence':
		case 'code_block':
			return guard(token.content.trimEnd());
		case 'formula_block':
			return guard(token.content);
		case 'hr':
			return RULE;
		case 'bullet_list_open':
			return writeList(children);
		case 'ordered_list_open':
			return writeList(children, Number(token.attrGet('start') ?? 1));
		case 'blockquote_open':
			return writeBlocks(children).replace(/^/gm, '│ ');
		case 'table_open':
			return writeTable(children);
		default:
			return writeBlocks(children);
	}
}

function writeList(items: Branch[], start?: number): string {
	return items
		.map(({ children }, at) => {
			const text = children.map(writeBlock).join('\n').replaceAll('\n', '\n  ');
			// The box of a task is a mark of its own.
			if (start === undefined) return /^[☐☑] /.test(text) ? text : `• ${text}`;
			return `${start + at}. ${text}`;
		})
		.join('\n');
}

/** A phone is too narrow for columns: rows of two become lines, and wider ones have a line for each cell. */
function writeTable(groups: Branch[]): string {
	const rows = groups.flatMap(({ children }) => children);
	const [head, ...body] = rows.map(({ children }) =>
		children.map((cell) => writeBlocks(cell.children).replaceAll('\n', ' ').trim()),
	);
	const colon = CJK.test(head.join('')) ? '：' : ': ';
	const toPair = (name: string, value: string) => [name, value].filter(Boolean).join(colon);
	if (head.length === 2)
		return [
			...(head.some(Boolean) ? [toPair(head[0], head[1])] : []),
			...body.map(([name, value]) => `• ${toPair(name, value)}`),
		].join('\n');
	return body
		.map(([name, ...values]) => {
			const lines = values.map((value, at) => value && `  ${toPair(head[at + 1], value)}`);
			return [`• ${toPair(values.length === 0 ? '' : head[0], name)}`, ...lines]
				.filter(Boolean)
				.join('\n');
		})
		.join('\n');
}

/** Writes what stands in a line. Bold and italic have no form in WeChat, so their marks go. */
function writeLine(tokens: Token[]): string {
	let line = '';
	let link: { address: string; from: number } | undefined;
	for (const token of tokens) {
		if (token.type === 'link_open')
			link = { address: String(token.attrGet('href') ?? ''), from: line.length };
		else if (token.type === 'link_close' && link) {
			line = line.slice(0, link.from) + writeLink(line.slice(link.from), link.address);
			link = undefined;
		} else if (token.type === 'image') {
			const words = token.content || '图片 picture';
			line += link ? words : writeLink(words, String(token.attrGet('src') ?? ''));
		} else if (token.type === 'softbreak' || token.type === 'hardbreak') line += '\n';
		else if (token.type === 'chat_link') line += token.content;
		else line += guard(token.content);
	}
	return line;
}

function writeLink(words: string, address: string): string {
	const label = words.replace(/\s+/g, ' ').trim();
	const bare = address.replace(/^mailto:/i, '');
	if (label === '' || label === bare) return bare;
	if (FOLLOWED.test(address)) {
		const safe = address.replace(/[\s"'<>]/g, (character) =>
			encodeURIComponent(character).replace("'", '%27'),
		);
		return `<a href="${safe}">${label}</a>`;
	}
	return /^(#|javascript:|data:|$)/i.test(address) ? label : `${label} (${bare})`;
}

/**
 * Keeps text that looks like a link from being one. Nobody has documented whether WeChat reads `&lt;`, so a character
 * without width stands in the tag.
 */
const guard = (text: string): string => text.replace(/<(?=\/?a\b)/gi, '<\u200b');
