import type { ChildNode, Document, Element } from 'domhandler';
import { highlightCode, type CodeKind, type CodePart } from './highlightCode';
import { isElement, isText, readText, rewriteTree, setChildren, type HtmlTools } from './htmlTree';

/** A color for each kind of code. */
export type CodeColors = Record<CodeKind, string>;

const BLOCKS = new Set(
	'blockquote caption center col colgroup dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table tbody td tfoot th thead tr ul'.split(
		' ',
	),
);
const NBSP = '\u00A0';
/** A tab takes this many blanks: a phone shows about 40 in a line. */
const TAB = '  ';
const BOX = /^[☐☑]/;

/**
 * Brings blocks into the form that WeChat keeps: it takes line ends out of code, breaks lists within list items, and
 * loses the style of what stands in an item without a section.
 */
export async function rebuildBlocks(
	tree: Document,
	tools: HtmlTools,
	colors: CodeColors | undefined,
): Promise<void> {
	const codes = await readCodes(tree, tools, colors !== undefined);
	rewriteTree(tree, (node) => {
		if (!isElement(node)) return [node];
		if (node.name === 'pre') return [rebuildPre(node, codes.get(node), tools, colors)];
		if (node.name === 'li') return splitItem(node, tools);
		if (node.name === 'ul') hideBulletsOfTasks(node, tools);
		return [node];
	});
	rewriteTree(tree, (node) => (isBetweenBlocks(node) ? [] : [node]));
}

/** Highlighting waits for grammars, so it comes before the tree is rewritten. */
async function readCodes(
	tree: Document,
	{ utils }: HtmlTools,
	colored: boolean,
): Promise<Map<Element, CodePart[]>> {
	const codes = new Map<Element, CodePart[]>();
	for (const pre of utils.getElementsByTagName('pre', tree.children)) {
		const [code] = utils.getElementsByTagName('code', pre.children, true, 1);
		if (!code) continue;
		const language = code.attribs['data-language'] ?? pre.attribs['data-language'] ?? '';
		const text = readText(code).replace(/\n$/, '');
		codes.set(pre, colored ? await highlightCode(text, language) : [{ text }]);
	}
	return codes;
}

/** WeChat's checker refuses `pre`: its lines run out of a phone's screen. */
function rebuildPre(
	pre: Element,
	parts: CodePart[] | undefined,
	tools: HtmlTools,
	colors: CodeColors | undefined,
): Element {
	const code = parts?.map(({ text, kind }) => {
		const node = tools.createText(text);
		return kind && colors
			? tools.createElement('span', { style: `color:${colors[kind]}` }, [node])
			: node;
	});
	pre.name = 'section';
	delete pre.attribs['data-language'];
	if (code) {
		pre.attribs['data-code'] = '';
		setChildren(pre, [tools.createElement('code', {}, code)]);
	}
	let afterBlank = true;
	rewriteTree(pre, (node) => {
		if (!isText(node)) return [node];
		const lines = node.data.replaceAll('\t', TAB).split('\n');
		return lines.flatMap((line, at): ChildNode[] => {
			if (at > 0) afterBlank = true;
			const text = line.replace(/[^]/g, (character) => {
				const isSecond = character === ' ' && afterBlank;
				afterBlank = character === ' ' && !isSecond;
				return isSecond ? NBSP : character;
			});
			const shown = text === '' ? [] : [tools.createText(text)];
			return at > 0 ? [tools.createElement('br', {}, []), ...shown] : shown;
		});
	});
	return pre;
}

/** Lists in an item come behind it, and what stands behind them, into an item without a mark. */
function splitItem(item: Element, tools: HtmlTools): ChildNode[] {
	const rows: ChildNode[] = [];
	let inside: ChildNode[] = [];
	const close = () => {
		if (!inside.some(isShown) && rows.length > 0) return;
		const section = tools.createElement('section', {}, unwrapParagraph(inside));
		const isFirst = !rows.some((row) => row === item);
		const row = isFirst ? item : tools.createElement('li', { style: 'list-style:none' }, []);
		setChildren(row, [section]);
		rows.push(row);
		inside = [];
	};
	for (const child of item.children) {
		if (!isElement(child) || !/^[uo]l$/.test(child.name)) {
			inside.push(child);
			continue;
		}
		close();
		rows.push(child);
	}
	close();
	return rows;
}

const isShown = (node: ChildNode): boolean => !isText(node) || node.data.trim() !== '';

/** An item of one paragraph looks as one without. */
function unwrapParagraph(nodes: ChildNode[]): ChildNode[] {
	const shown = nodes.filter(isShown);
	const [only] = shown;
	return shown.length === 1 && isElement(only) && only.name === 'p' && !only.attribs.style
		? only.children
		: nodes;
}

function hideBulletsOfTasks(list: Element, { utils }: HtmlTools): void {
	const items = list.children.filter((node) => isElement(node) && node.name === 'li');
	if (items.length === 0 || !items.every((item) => BOX.test(utils.textContent(item).trimStart())))
		return;
	list.attribs.style = ['list-style:none;padding-left:0', list.attribs.style]
		.filter(Boolean)
		.join(';');
}

/** Line ends between blocks are not seen, and count. */
function isBetweenBlocks(node: ChildNode): boolean {
	if (!isText(node) || /[^ \t\n\r\f]/.test(node.data)) return false;
	const isBlock = (neighbor: ChildNode | null) =>
		neighbor === null || (isElement(neighbor) && BLOCKS.has(neighbor.name));
	const { parent, prev, next } = node;
	const inBlock = !isElement(parent) || BLOCKS.has(parent.name);
	return inBlock && isBlock(prev) && isBlock(next);
}
