import type { Document } from 'domhandler';
import type MarkdownIt from 'markdown-it';
import { isElement, type HtmlTools } from './htmlTree';

export type MarkdownParser = MarkdownIt.MarkdownIt;
export type MarkdownToken = MarkdownIt.Token;
type Md = MarkdownParser;
type Token = MarkdownToken;
type StateCore = MarkdownIt.StateCore;

interface Formula {
	line: number;
	text: string;
}

/** Markdown as a tree that is not clean yet. */
interface MarkdownTree {
	/** Its elements know their lines in the Markdown: `sourceCodeLocation.startLine`. */
	tree: Document;
	/** Formulas, which stay as text. */
	formulas: Formula[];
}

/** A comment says in which line what comes after it stood. Cleaning removes it. */
const toLineMark = (line: number): string => `<!--line ${line}-->`;
const LINE_MARK = /^line (\d+)$/;

/** Between two such characters, an end of line is no blank. */
const CJK = /[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\uFF01-\uFF60]/;

/** What is longer was never closed. */
const MAX_FORMULA_LINES = 100;

let loaded: Promise<Md> | undefined;

/** Reads Markdown as CommonMark and GitHub have it, with bold Chinese, footnotes, task lists and formulas. */
export async function readMarkdown(markdown: string, tools: HtmlTools): Promise<MarkdownTree> {
	const parser = await (loaded ??= createParser());
	const formulas: Formula[] = [];
	const tree = tools.parse(parser.render(markdown, { formulas }));
	alignLines(tree);
	return { tree, formulas };
}

/** Turns lines of the HTML into lines of the Markdown. */
function alignLines(tree: Document): void {
	let offset = 0;
	const align = (nodes: Document['children']): void => {
		for (const node of nodes) {
			const place = node.sourceCodeLocation;
			const mark = 'data' in node && node.nodeType !== 3 && LINE_MARK.exec(node.data)?.[1];
			if (mark && place) offset = Number(mark) - place.startLine;
			if (!isElement(node)) continue;
			if (place) place.startLine += offset;
			align(node.children);
		}
	};
	align(tree.children);
}

async function createParser(): Promise<Md> {
	const parser = await createMarkdownParser({ html: true });
	addFootnotes(parser);
	parser.core.ruler.push('lines', markLines);
	return parser;
}

/** Creates a parser with bold Chinese, task lists, links without brackets, and formulas that keep their characters. */
export async function createMarkdownParser(options: { html: boolean }): Promise<Md> {
	const [{ default: Parser }, { default: cjkFriendly }] = await Promise.all([
		import('markdown-it'),
		import('markdown-it-cjk-friendly'),
	]);
	const parser = new Parser({ ...options, linkify: true });
	// Addresses stay as they are written: cleaning judges them, and names of files are no percent signs.
	parser.validateLink = () => true;
	parser.normalizeLink = (address) => address;
	// README.md is a file, and no site in Moldova.
	parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
	parser.use(cjkFriendly);
	addFormulas(parser);
	parser.core.ruler.push('tasks', showTasks);
	return parser;
}

/** `[ ]` and `[x]` at the beginning of a list item become boxes; WeChat takes no form fields. */
function showTasks({ tokens }: StateCore): void {
	tokens.forEach(({ type, children }, at) => {
		if (type !== 'inline' || tokens[at - 2]?.type !== 'list_item_open') return;
		const [first] = children ?? [];
		if (first?.type !== 'text') return;
		first.content = first.content.replace(/^\[([ xX])\]\s+/, (_, mark) =>
			mark === ' ' ? '☐ ' : '☑ ',
		);
	});
}

/** Puts a mark in front of each block, and of each line of Chinese that goes on in the next one. */
function markLines(state: StateCore): void {
	const toMark = (line: number): Token => {
		const token = new state.Token('html_inline', '', 0);
		token.content = toLineMark(line);
		return token;
	};
	const { formulas } = state.env as { formulas: Formula[] };
	state.tokens = state.tokens.flatMap((token) => {
		if (token.type === 'inline') markLinesInside(token, toMark, formulas);
		if (token.type === 'formula_block')
			formulas.push({ line: (token.map?.[0] ?? 0) + 1, text: token.content });
		const isShown = token.nesting >= 0 && token.type !== 'inline' && !token.hidden;
		return token.map && isShown ? [toMark(token.map[0] + 1), token] : [token];
	});
}

function markLinesInside(token: Token, toMark: (line: number) => Token, formulas: Formula[]): void {
	let line = (token.map?.[0] ?? 0) + 1;
	const children = token.children ?? [];
	// Marks of bold text stand between an end of line and its neighbors, and have no content.
	const shown = children.filter(({ content, type }) => content !== '' || type.endsWith('break'));
	const neighbors = new Map(shown.map((child, at) => [child, [shown[at - 1], shown[at + 1]]]));
	token.children = children.flatMap((child) => {
		if (child.type === 'formula') formulas.push({ line, text: child.content });
		if (child.type !== 'softbreak' && child.type !== 'hardbreak') return [child];
		line++;
		const [before, after] = neighbors.get(child) ?? [];
		const joins =
			child.type === 'softbreak' &&
			CJK.test(before?.content.at(-1) ?? '') &&
			CJK.test(after?.content.at(0) ?? '');
		return joins ? [toMark(line)] : [child, toMark(line)];
	});
}

/** Formulas keep their characters: `_` and `\(` in them are no Markdown. */
function addFormulas(parser: Md): void {
	const { escapeHtml } = parser.utils;
	parser.block.ruler.before(
		'fence',
		'formula_block',
		(state, startLine, endLine, silent) => {
			const lineAt = (line: number) =>
				state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]).trimEnd();
			const first = lineAt(startLine);
			const close = first.startsWith('$$') ? '$$' : first.startsWith('\\[') ? '\\]' : '';
			if (!close || state.sCount[startLine] - state.blkIndent >= 4) return false;
			let end = startLine;
			while (!(lineAt(end).endsWith(close) && (end > startLine || first.length > 4))) {
				end++;
				if (
					end >= Math.min(endLine, startLine + MAX_FORMULA_LINES) ||
					state.sCount[end] < state.blkIndent
				)
					return false;
			}
			if (silent) return true;
			const token = state.push('formula_block', 'p', 0);
			token.content = Array.from({ length: end - startLine + 1 }, (_, at) =>
				lineAt(startLine + at),
			).join('\n');
			token.map = [startLine, end + 1];
			state.line = end + 1;
			return true;
		},
		{ alt: ['paragraph', 'reference', 'blockquote', 'list'] },
	);
	parser.inline.ruler.before('escape', 'formula', (state, silent) => {
		// As Pandoc has it: "$5 and $10" are prices.
		const pattern =
			/\$\$[^$]{1,2000}\$\$|\$(?![\s$])(?:\\.|[^$\\\n]){0,2000}?(?<![\s\\])\$(?!\d)|\\\([^\n]{1,2000}?\\\)|\\\[[^]{1,2000}?\\\]/y;
		const first = state.src[state.pos];
		if (first !== '$' && first !== '\\') return false;
		pattern.lastIndex = state.pos;
		const [formula] = pattern.exec(state.src) ?? [];
		if (!formula || pattern.lastIndex > state.posMax) return false;
		if (!silent) state.push('formula', '', 0).content = formula;
		state.pos += formula.length;
		return true;
	});
	parser.renderer.rules.formula = (tokens, at) => escapeHtml(tokens[at].content);
	parser.renderer.rules.formula_block = (tokens, at) =>
		`<p>${escapeHtml(tokens[at].content).replaceAll('\n', '<br>\n')}</p>\n`;
}

/**
 * Footnotes as GitHub has them. The article has one list of notes, in which outside links stand as well; so this only
 * says where they are: `sup[data-note]` in the text, `section[data-note]` with what they say.
 */
function addFootnotes(parser: Md): void {
	const { escapeHtml } = parser.utils;
	parser.block.ruler.before(
		'reference',
		'footnote',
		(state, startLine, endLine, silent) => {
			const start = state.bMarks[startLine] + state.tShift[startLine];
			const [mark, label] =
				/^\[\^([^\]\s]+)\]:[ \t]*/.exec(state.src.slice(start, state.eMarks[startLine])) ?? [];
			if (mark === undefined || state.sCount[startLine] - state.blkIndent >= 4) return false;
			if (silent) return true;
			const open = state.push('footnote_open', 'section', 1);
			open.attrSet('data-note', label);
			open.map = [startLine, startLine];
			const { blkIndent, parentType } = state;
			const [bMark, tShift, sCount] = [
				state.bMarks[startLine],
				state.tShift[startLine],
				state.sCount[startLine],
			];
			state.bMarks[startLine] = start + mark.length;
			state.tShift[startLine] = 0;
			// What belongs to it is indented by 4, or follows without an empty line.
			state.sCount[startLine] = blkIndent + 4;
			state.blkIndent += 4;
			state.md.block.tokenize(state, startLine, endLine);
			[state.bMarks[startLine], state.tShift[startLine], state.sCount[startLine]] = [
				bMark,
				tShift,
				sCount,
			];
			Object.assign(state, { blkIndent, parentType });
			open.map[1] = state.line;
			state.push('footnote_close', 'section', -1);
			return true;
		},
		{ alt: ['paragraph', 'reference'] },
	);
	parser.inline.ruler.after('image', 'footnote_mark', (state, silent) => {
		const pattern = /\[\^([^\]\s]+)\]/y;
		pattern.lastIndex = state.pos;
		const [mark, label] = pattern.exec(state.src) ?? [];
		if (mark === undefined) return false;
		if (!silent) state.push('footnote_mark', 'sup', 0).content = label;
		state.pos += mark.length;
		return true;
	});
	parser.renderer.rules.footnote_mark = (tokens, at) =>
		`<sup data-note="${escapeHtml(tokens[at].content)}">[^${escapeHtml(tokens[at].content)}]</sup>`;
}
