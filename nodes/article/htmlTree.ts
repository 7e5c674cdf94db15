import type { ChildNode, Document, Element, ParentNode, Text } from 'domhandler';
import type { Htmlparser2TreeAdapterMap } from 'parse5-htmlparser2-tree-adapter';
import { UserError } from '../base/userError';

type Parse5 = typeof import('parse5');
type Adapter = typeof import('parse5-htmlparser2-tree-adapter');
type DomUtils = typeof import('domutils');

/** Deeper trees come from broken generators; reading them takes the stack of the process. */
const MAX_DEPTH = 200;

/** What was changed in an article, or what is wrong with it. */
export interface Note {
	/** Short name for programs, such as `width`: as WeChat's own checker says it, where that knows it. */
	rule: string;
	/** From 1; in the text that was handed over. */
	line?: number;
	/** For people: what it is, and what to do. */
	text: string;
}

/** What reads, changes and writes HTML. */
export interface HtmlTools {
	/**
	 * Reads HTML as a browser does. Elements know where they stood: `sourceCodeLocation`, lines from 1.
	 *
	 * @throws {UserError} when elements lie more than 200 deep.
	 */
	parse(html: string): Document;
	/** Writes the children of a tree. */
	write(tree: Document | Element): string;
	createElement(name: string, attributes: Record<string, string>, children: ChildNode[]): Element;
	createText(text: string): Text;
	utils: DomUtils;
}

export const isElement = (node: ChildNode | ParentNode | null): node is Element =>
	node !== null && 'attribs' in node;

export const isText = (node: ChildNode): node is Text => node.nodeType === 3;

/** Gives a node other children. */
export function setChildren(parent: Document | Element, children: ChildNode[]): void {
	parent.children = children;
	children.forEach((child, at) => {
		child.parent = parent;
		child.prev = children[at - 1] ?? null;
		child.next = children[at + 1] ?? null;
	});
}

/** Puts other nodes in the place of each node, from the inside out: in one pass, however many there are. */
export function rewriteTree(
	parent: Document | Element,
	rewrite: (node: ChildNode) => ChildNode[],
): void {
	const children = parent.children.flatMap((node) => {
		if (isElement(node)) rewriteTree(node, rewrite);
		return rewrite(node);
	});
	setChildren(parent, joinTexts(children));
}

/** Texts between which something was taken out are one text. */
function joinTexts(nodes: ChildNode[]): ChildNode[] {
	const joined: ChildNode[] = [];
	for (const node of nodes) {
		const last = joined.at(-1);
		if (last && isText(last) && isText(node)) last.data += node.data;
		else joined.push(node);
	}
	return joined;
}

/** The text of a node, with an end of line for each `br`. */
export function readText(node: ChildNode): string {
	if (isText(node)) return node.data;
	if (!isElement(node)) return '';
	return node.name === 'br' ? '\n' : node.children.map(readText).join('');
}

/** The libraries take 70 ms to load: not before somebody writes an article. */
let loaded: Promise<HtmlTools> | undefined;

export const openHtmlTools = async (): Promise<HtmlTools> =>
	await (loaded ??= Promise.all([
		import('parse5'),
		import('parse5-htmlparser2-tree-adapter'),
		import('domutils'),
	]).then(([parse5, { adapter }, utils]) => createTools(parse5, adapter, utils)));

function createTools(
	{ html: { NS }, parseFragment, serialize }: Parse5,
	treeAdapter: Adapter['adapter'],
	utils: DomUtils,
): HtmlTools {
	return {
		parse(html) {
			const tree = parseFragment<Htmlparser2TreeAdapterMap>(html, {
				treeAdapter,
				sourceCodeLocationInfo: true,
			});
			checkDepth(tree.children);
			return tree;
		},
		write: (tree) => serialize(tree, { treeAdapter }),
		createElement(name, attributes, children) {
			const list = Object.entries(attributes).map(([key, value]) => ({ name: key, value }));
			const element = treeAdapter.createElement(name, NS.HTML, list);
			setChildren(element, children);
			return element;
		},
		createText: (text) => treeAdapter.createTextNode(text),
		utils,
	};
}

function checkDepth(children: ChildNode[]): void {
	let level = children;
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > MAX_DEPTH)
			throw new UserError(
				`The HTML has elements more than ${MAX_DEPTH} deep in each other`,
				'Take out the elements around the text that do nothing, or hand over Markdown.',
				`HTML 元素嵌套超过 ${MAX_DEPTH} 层：请去掉正文外层无用的元素，或改用 Markdown。`,
			);
		level = level.flatMap((node) => ('children' in node ? node.children : []));
	}
}
