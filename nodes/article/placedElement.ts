import type { ChildNode, Document, Element } from 'domhandler';
import { parseColor, type Color } from './contrast';
import { isElement, isText } from './htmlTree';
import { readStyles, removeImportant, toPixels, type Styles } from './inlineStyle';

/** The narrowest column that WeChat measures, in pixels. */
export const PHONE_PX = 375;

/** Letters of an article where nothing is said, in pixels. */
const FONT_SIZE = 17;
const NORMAL_LINE = 1.2;
/** Text color of WeChat's articles, #191919. */
const INK: Color = [25, 25, 25, 1];

export const BLOCKS: ReadonlySet<string> = new Set(
	'address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul'.split(
		' ',
	),
);

const MEDIA = /^(img|svg|video|audio|iframe|hr|br|canvas|mp.*|qqmusic)$/;
const UNSEEN = /^(script|style|template|title|head)$/;
/** What stands for no letter: blanks of any kind, and those without width. */
const BLANKS = /[\s\u200b-\u200d\u2060\ufeff]/g;

/** What an element inherits. */
interface Inherited {
	fontSize: number;
	/** In pixels, or by how much the font size is multiplied. */
	line: { px: number } | { factor: number };
	color?: Color;
	/** Undefined where it is not known, or is that of the page. */
	background?: Color;
	/** Whether a background picture lies below. */
	hasPicture: boolean;
	isInSvg: boolean;
	isInSvgMode: boolean;
	/** Whether WeChat was told not to look at the width. */
	mayBeWide: boolean;
	keepsLines: boolean;
	/** Pixels between the edges of the column and its own. */
	left: number;
	right: number;
	chain: number;
}

/** The text of a block, in lines as a phone shows them. All of it is estimated: a Chinese character is a square. */
interface TextFlow {
	lines: number;
	/** At least, in pixels. */
	height: number;
	/** The longest line before it is wrapped, in pixels. */
	longest: number;
	/** The line that is not at its end yet, in pixels. */
	open: number;
}

/** An element, with what its inline styles and those around it mean on a phone. */
export interface PlacedElement extends Omit<Inherited, 'line' | 'keepsLines'> {
	element: Element;
	styles: Styles;
	/** In pixels; undefined where it is not fixed. */
	width?: number;
	height?: number;
	lineHeight: number;
	/** Sum of the fixed widths of the cells of a row. */
	columnsWidth: number;
	/** How many elements lie in each other down to this one that are equal and hold nothing else. */
	chain: number;
	/** Whether it holds text, at any depth. */
	hasText: boolean;
	/** Whether text stands in it directly. */
	hasOwnText: boolean;
	/** Whether it holds neither text nor anything that is seen by itself. */
	isEmpty: boolean;
	elements: number;
	emptyElements: number;
	/** Of the block that it is, or stands in. */
	flow: TextFlow;
}

/** Lists the elements of an article in their order. */
export function listPlacedElements(tree: Document): PlacedElement[] {
	const placed: PlacedElement[] = [];
	const start: Inherited = {
		fontSize: FONT_SIZE,
		line: { factor: NORMAL_LINE },
		color: INK,
		hasPicture: false,
		isInSvg: false,
		isInSvgMode: false,
		mayBeWide: false,
		keepsLines: false,
		left: 0,
		right: 0,
		chain: 0,
	};
	const flow = createFlow();
	for (const child of tree.children) visit(child, start, flow, placed);
	return placed;
}

const createFlow = (): TextFlow => ({ lines: 0, height: 0, longest: 0, open: 0 });

function visit(
	node: ChildNode,
	inherited: Inherited,
	around: TextFlow,
	placed: PlacedElement[],
): PlacedElement | undefined {
	if (!isElement(node) || UNSEEN.test(node.name)) return undefined;
	const styles = readStyles(node.attribs.style);
	const own = inherit(node, styles, inherited);
	const isBlock = BLOCKS.has(node.name);
	const flow = isBlock ? createFlow() : around;
	const lineHeight = 'px' in own.line ? own.line.px : own.line.factor * own.fontSize;
	const column = Math.min(PHONE_PX, toPixels(styles.get('width'), own.fontSize) || PHONE_PX);
	const one: PlacedElement = {
		...own,
		element: node,
		styles,
		width: toPixels(styles.get('width'), own.fontSize),
		height: toPixels(styles.get('height'), own.fontSize),
		lineHeight,
		columnsWidth: 0,
		hasText: false,
		hasOwnText: false,
		isEmpty: !MEDIA.test(node.name),
		elements: 0,
		emptyElements: 0,
		flow,
	};
	placed.push(one);
	if (isBlock || node.name === 'br') endLine(around, column, lineHeight);
	const isOnly = isOnlyChild(node);
	for (const child of node.children) {
		if (isText(child)) {
			const hasLetters = child.data.replace(BLANKS, '') !== '';
			one.hasOwnText ||= hasLetters;
			one.hasText ||= hasLetters;
			if (!own.isInSvg) addText(child.data, flow, own, column, lineHeight);
			continue;
		}
		const inside = isOnly(child) ? own : { ...own, chain: 0 };
		const found = visit(child, inside, flow, placed);
		if (!found) continue;
		one.elements++;
		if (found.isEmpty) one.emptyElements++;
		one.hasText ||= found.hasText;
		one.isEmpty &&= found.isEmpty;
		if (node.name === 'tr') one.columnsWidth += found.width ?? 0;
	}
	one.isEmpty &&= !one.hasText;
	if (isBlock) {
		endLine(flow, column, lineHeight);
		around.lines += flow.lines;
		around.height += flow.height;
		around.longest = Math.max(around.longest, flow.longest);
	}
	return one;
}

/** Says of children whether they are all that an element holds. */
function isOnlyChild({ children }: Element): (child: ChildNode) => boolean {
	const seen = children.filter((child) => !isText(child) || child.data.trim() !== '');
	return (child) => seen.length === 1 && seen[0] === child;
}

function inherit(element: Element, styles: Styles, around: Inherited): Inherited {
	const { name, attribs, parent } = element;
	const fontSize = readFontSize(styles.get('font-size'), around.fontSize);
	const picture = `${styles.get('background-image') ?? ''} ${styles.get('background') ?? ''}`;
	const color = styles.get('color');
	const isEqual =
		isElement(parent) && parent.name === name && parent.attribs.style === attribs.style;
	return {
		fontSize,
		line: readLine(styles.get('line-height'), fontSize) ?? around.line,
		color: color === undefined || color === 'inherit' ? around.color : parseColor(color),
		background: readBackground(styles, around.background),
		hasPicture: around.hasPicture || /url\(/i.test(picture) || styles.get('display') === 'none',
		isInSvg: around.isInSvg || name === 'svg',
		isInSvgMode: around.isInSvgMode || attribs['data-mode'] === 'svg',
		mayBeWide: around.mayBeWide || 'data-ignore-width' in attribs,
		keepsLines: name === 'pre' || around.keepsLines,
		left: around.left + readSide(styles, 'left', fontSize),
		right: around.right + readSide(styles, 'right', fontSize),
		chain: isEqual && around.chain > 0 && !MEDIA.test(name) ? around.chain + 1 : 1,
	};
}

const readFontSize = (value: string | undefined, around: number): number =>
	/^\d[\d.]*%$/.test(value ?? '')
		? (parseFloat(value ?? '') / 100) * around
		: (toPixels(value, around) ?? around);

function readLine(value: string | undefined, fontSize: number): Inherited['line'] | undefined {
	const bare = removeImportant(value ?? '');
	if (bare === 'normal') return { factor: NORMAL_LINE };
	if (/^(\d+\.?\d*|\.\d+)$/.test(bare)) return { factor: Number(bare) };
	if (/^\d[\d.]*%$/.test(bare)) return { px: (parseFloat(bare) / 100) * fontSize };
	const px = toPixels(bare, fontSize);
	return px === undefined ? undefined : { px };
}

function readBackground(styles: Styles, around: Color | undefined): Color | undefined {
	const color = parseColor(styles.get('background-color') ?? styles.get('background'));
	if (!color || color[3] === 0) return around;
	return color[3] === 1 ? color : undefined;
}

/** Margin and padding on one side, in pixels. */
function readSide(styles: Styles, side: 'left' | 'right', fontSize: number): number {
	const read = (name: string) => {
		const sides = (styles.get(name) ?? '').split(/\s+/);
		const short = side === 'left' ? (sides[3] ?? sides[1] ?? sides[0]) : (sides[1] ?? sides[0]);
		return toPixels(styles.get(`${name}-${side}`) ?? short, fontSize) ?? 0;
	};
	return read('margin') + read('padding');
}

function addText(
	text: string,
	flow: TextFlow,
	{ keepsLines, fontSize }: Inherited,
	column: number,
	lineHeight: number,
): void {
	const lines = keepsLines ? text.split('\n') : [text.replace(/\s+/g, ' ').trim()];
	for (const [index, line] of lines.entries()) {
		if (index > 0) endLine(flow, column, lineHeight);
		// What is not Chinese or Japanese is about half as wide.
		const wide = line.replace(/[\u0000-\u2e7f]/g, '').length;
		flow.open += (wide + (line.length - wide) / 2) * fontSize;
	}
}

function endLine(flow: TextFlow, column: number, lineHeight: number): void {
	if (flow.open === 0) return;
	const lines = Math.ceil(flow.open / column);
	flow.lines += lines;
	flow.height += lines * lineHeight;
	flow.longest = Math.max(flow.longest, flow.open);
	flow.open = 0;
}
