import type { ChildNode, Element } from 'domhandler';
import { isElement, isText, readText } from './htmlTree';
import {
	findOwnRun,
	isUnseen,
	mergeRuns,
	readMarks,
	readRuns,
	type Marks,
	type Run,
} from './inlineRuns';
import { readStyles } from './inlineStyle';
import { BLOCKS } from './placedElement';

export type Alignment = 'left' | 'center' | 'right' | undefined;

/** What an article is made of, whatever elements it was written with. */
export type Block =
	| { kind: 'paragraph'; runs: Run[] }
	| { kind: 'heading'; level: number; runs: Run[] }
	| { kind: 'quote'; blocks: Block[] }
	| { kind: 'list'; start?: number; items: ListItem[] }
	| { kind: 'code'; language: string; text: string }
	| { kind: 'table'; rows: Run[][][]; alignments: Alignment[] }
	| { kind: 'rule' }
	| { kind: 'note'; number: number; runs: Run[] };

export interface ListItem {
	/** Of a task list. */
	isDone?: boolean;
	blocks: Block[];
}

/** A row of a broken table may claim any number of columns. */
const MAX_COLUMNS = 100;

/** Reads the blocks of HTML, however many sections WeChat's editor has put around them. */
export function readBlocks(nodes: ChildNode[], marks: Marks = {}): Block[] {
	const blocks: Block[] = [];
	let runs: Run[] = [];
	const flush = () => {
		const merged = mergeRuns(runs);
		if (merged.length > 0) blocks.push({ kind: 'paragraph', runs: merged });
		runs = [];
	};
	for (const node of nodes) {
		if (!isElement(node) || !isBlock(node)) {
			readRuns(node, marks, runs);
			continue;
		}
		flush();
		if (!isUnseen(node)) blocks.push(...readBlock(node, marks));
	}
	flush();
	return blocks;
}

const isBlock = (element: Element): boolean =>
	BLOCKS.has(element.name) ||
	/^(center|caption|body|html)$/.test(element.name) ||
	element.children.some((child) => isElement(child) && isBlock(child));

function readBlock(element: Element, around: Marks): Block[] {
	const { name, attribs, children } = element;
	const marks = readMarks(element, around);
	if (isCode(element)) return [readCode(element)];
	if (/^h[1-6]$/.test(name)) return readHeading(element);
	if (name === 'hr') return [{ kind: 'rule' }];
	if (name === 'ul') return toList(readItems(children, marks));
	if (name === 'ol') return toList(readItems(children, marks), Number(attribs.start ?? 1) || 0);
	if (name === 'blockquote') {
		const blocks = readBlocks(children, marks);
		return blocks.length === 0 ? [] : [{ kind: 'quote', blocks }];
	}
	if (name === 'table') return readTable(element, marks);
	// A box that shows nothing but a background picture.
	const own = findOwnRun(element, around);
	if (own) return [{ kind: 'paragraph', runs: [own] }];
	return readBlocks(children, marks);
}

/** A heading is bold by itself. */
function readHeading({ name, children }: Element): Block[] {
	const runs = flatten(readBlocks(children)).map((run) => ({
		...run,
		bold: false,
		...(run.isBreak && { isBreak: false, text: ' ' }),
	}));
	const merged = mergeRuns(runs);
	return merged.length === 0 ? [] : [{ kind: 'heading', level: Number(name[1]), runs: merged }];
}

/** Code of a program: `pre`, or a section with nothing but `code`, as checkers of WeChat want it. */
function isCode(element: Element): boolean {
	const { name, attribs, children, parent } = element;
	if (name === 'pre')
		return !children.some((child) => isElement(child) && isBlock(child)) && !hasLeaf(element);
	if (!/^(section|div)$/.test(name)) return false;
	const shown = children.filter((child) => !isText(child) || child.data.trim() !== '');
	const [code] = shown;
	if (shown.length !== 1 || !isElement(code) || code.name !== 'code') return false;
	// An item of a list has a section around its line, too.
	const isInItem = isElement(parent) && parent.name === 'li';
	return !isInItem || attribs.style !== undefined || code.children.length > 1;
}

/** WeChat's page calls prose in `pre` a mistake; its text is a paragraph. */
const hasLeaf = (pre: Element): boolean =>
	pre.children.some(
		(child) => isElement(child) && child.name === 'span' && 'leaf' in child.attribs,
	);

function readCode(element: Element): Block {
	const codes = element.children.filter((child) => isElement(child) && child.name === 'code');
	// A snippet of WeChat's editor has a code element for each line.
	const text = codes.length > 1 ? codes.map(readText).join('\n') : readText(element);
	const [code = element] = codes.filter(isElement);
	const named =
		element.attribs['data-lang'] ??
		/\blanguage-([\w+#-]+)/.exec(`${code.attribs.class} ${element.attribs.class}`)?.[1] ??
		'';
	return {
		kind: 'code',
		language: /^[\w+#-]+$/.test(named) ? named : '',
		text: text.replaceAll('\r', '').replaceAll('\u00a0', ' ').replace(/\n$/, ''),
	};
}

const toList = (items: ListItem[], start?: number): Block[] =>
	items.length === 0 ? [] : [{ kind: 'list', start, items }];

function readItems(nodes: ChildNode[], marks: Marks): ListItem[] {
	const items: ListItem[] = [];
	for (const node of nodes) {
		if (!isElement(node)) continue;
		const blocks =
			node.name === 'li'
				? readBlocks(node.children, readMarks(node, marks))
				: readBlocks([node], marks);
		const last = items.at(-1);
		// WeChat breaks lists in items, so they stand behind them; and what follows has no mark.
		const goesOn =
			node.name !== 'li' || readStyles(node.attribs.style).get('list-style') === 'none';
		if (last && goesOn) last.blocks.push(...blocks);
		else if (blocks.length > 0) items.push({ blocks, ...readTask(blocks) });
	}
	return items;
}

/** Takes the box of a task from its text. */
function readTask([first]: Block[]): { isDone?: boolean } {
	if (first.kind !== 'paragraph') return {};
	const [run] = first.runs;
	const [box] = /^[☐☑]\s+/.exec(run.text) ?? [];
	if (box === undefined || run.code || run.picture !== undefined) return {};
	run.text = run.text.slice(box.length);
	return { isDone: box.startsWith('☑') };
}

function readTable(table: Element, marks: Marks): Block[] {
	const captions = table.children.filter((child) => isElement(child) && child.name === 'caption');
	const rows = findRows(table);
	const width = Math.max(0, ...rows.map((row) => row.length));
	const isLayout = width < 2 || rows.flat().some(hasTable);
	if (isLayout)
		return rows.flat().flatMap((cell) => readBlocks(cell.children, readMarks(cell, marks)));
	const read = (cell: Element) => {
		const inside = cell.name === 'th' ? {} : readMarks(cell, marks);
		const runs = flatten(readBlocks(cell.children, inside));
		const filled = Math.min(Number(cell.attribs.colspan) || 1, MAX_COLUMNS);
		const shown =
			cell.name === 'th' ? mergeRuns(runs.map((run) => ({ ...run, bold: false }))) : runs;
		return [shown, ...Array.from({ length: filled - 1 }, () => [])];
	};
	return [
		...readBlocks(captions, marks),
		{
			kind: 'table',
			rows: rows.map((row) => row.flatMap(read).slice(0, MAX_COLUMNS)),
			alignments: rows[0].map(readAlignment),
		},
	];
}

function findRows(element: Element): Element[][] {
	return element.children.filter(isElement).flatMap((child) => {
		if (child.name !== 'tr') return /^t(head|body|foot)$/.test(child.name) ? findRows(child) : [];
		const cells = child.children.filter(isElement).filter(({ name }) => /^t[hd]$/.test(name));
		return cells.length === 0 ? [] : [cells];
	});
}

const hasTable = ({ children }: Element): boolean =>
	children.some((child) => isElement(child) && (child.name === 'table' || hasTable(child)));

function readAlignment({ attribs }: Element): Alignment {
	const value = readStyles(attribs.style).get('text-align') ?? attribs.align;
	return value === 'left' || value === 'center' || value === 'right' ? value : undefined;
}

/** Blocks as lines of one text, where there is no room for blocks. */
function flatten(blocks: Block[]): Run[] {
	return blocks.flatMap((block, index) => {
		const runs = flattenOne(block);
		return index === 0 ? runs : [{ text: '', isBreak: true }, ...runs];
	});
}

function flattenOne(block: Block): Run[] {
	switch (block.kind) {
		case 'paragraph':
		case 'heading':
		case 'note':
			return block.runs;
		case 'quote':
			return flatten(block.blocks);
		case 'list':
			return flatten(block.items.flatMap(({ blocks }) => blocks));
		case 'code':
			return [{ text: block.text, code: true }];
		case 'table':
			return block.rows.flatMap((row) => [
				...row.flatMap((runs) => [...runs, { text: ' ' }]),
				{ text: '', isBreak: true },
			]);
		case 'rule':
			return [];
	}
}
