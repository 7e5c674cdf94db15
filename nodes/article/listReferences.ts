import type { ChildNode, Document, Element } from 'domhandler';
import { isElement, isText, rewriteTree, setChildren, type HtmlTools, type Note } from './htmlTree';

/** Readers can follow these in an article; all other links are dead text there. */
const FOLLOWED = /^(https?:)?\/\/mp\.weixin\.qq\.com\/|^weixin:/i;
const CHINESE = /\p{Script=Han}/u;

/** One entry of the list below the article. */
interface Reference {
	/** Undefined for a footnote. */
	address?: string;
	content: ChildNode[];
}

interface Footnote {
	content: ChildNode[];
	line?: number;
}

interface References {
	list: Reference[];
	numbers: Map<string, number>;
	footnotes: Map<string, Footnote>;
	links: 'references' | 'text';
	tools: HtmlTools;
	notes: Note[];
}

/**
 * Numbers outside links and footnotes in the order of the text, each once, and lists them in a section at its end. With
 * `text`, links keep their words only.
 */
export function listReferences(
	tree: Document,
	links: References['links'],
	tools: HtmlTools,
): Note[] {
	const references: References = {
		list: [],
		numbers: new Map(),
		footnotes: takeFootnotes(tree),
		links,
		tools,
		notes: [],
	};
	const isChinese = CHINESE.test(tools.utils.textContent(tree));
	rewriteTree(tree, (node) => numberNode(node, references));
	const rows: Element[] = [];
	// What a footnote refers to comes behind it: the list grows while it is written.
	for (let at = 0; at < references.list.length; at++)
		rows.push(writeReference(references.list[at], at + 1, references));
	if (rows.length > 0) addList(tree, rows, isChinese, tools);
	const count = references.list.filter(({ address }) => address !== undefined).length;
	if (count > 0)
		references.notes.push({
			rule: 'links',
			text: `${count} outside ${count === 1 ? 'address was' : 'addresses were'} listed below the article: WeChat does not let readers follow such links.`,
		});
	for (const [label, { line }] of references.footnotes)
		if (!references.numbers.has(toKey(label)))
			references.notes.push({
				rule: 'footnote',
				line,
				text: `The footnote [^${label}] was left out: the text does not mention it.`,
			});
	return references.notes;
}

function addList(tree: Document, rows: Element[], isChinese: boolean, tools: HtmlTools): void {
	const title = tools.createText(isChinese ? '参考资料' : 'References');
	const heading = tools.createElement('section', {}, [tools.createElement('strong', {}, [title])]);
	const list = tools.createElement('section', { 'data-references': '' }, [heading, ...rows]);
	setChildren(tree, [...tree.children, list]);
}

function takeFootnotes(tree: Document): References['footnotes'] {
	const footnotes: References['footnotes'] = new Map();
	rewriteTree(tree, (node) => {
		if (!isElement(node) || node.name !== 'section' || !('data-note' in node.attribs))
			return [node];
		const label = node.attribs['data-note'];
		const line = node.sourceCodeLocation?.startLine;
		if (!footnotes.has(label))
			footnotes.set(label, { content: joinParagraphs(node.children), line });
		return [];
	});
	return footnotes;
}

/** A footnote of one paragraph stands in the line of its number. */
function joinParagraphs(nodes: ChildNode[]): ChildNode[] {
	const shown = nodes.filter((node) => !isText(node) || node.data.trim() !== '');
	const [only] = shown;
	return shown.length === 1 && isElement(only) && only.name === 'p' ? only.children : shown;
}

function numberNode(node: ChildNode, references: References): ChildNode[] {
	if (!isElement(node)) return [node];
	if (node.name === 'a') return numberLink(node, references);
	const label = node.name === 'sup' ? node.attribs['data-note'] : undefined;
	if (label === undefined) return [node];
	const footnote = references.footnotes.get(label);
	// Nobody has written this footnote, so it is text.
	if (!footnote) return node.children;
	const { content } = footnote;
	return [writeMark(addReference(toKey(label), { content }, references), references)];
}

const toKey = (label: string): string => `note ${label}`;

function numberLink(link: Element, references: References): ChildNode[] {
	const { tools, links } = references;
	const address = (link.attribs.href ?? '').trim();
	if (FOLLOWED.test(address) || 'data-miniprogram-appid' in link.attribs) return [link];
	const text = tools.utils.textContent(link).trim();
	const hasPicture = tools.utils.getElementsByTagName('img', link.children, true, 1).length > 0;
	if (address === '' || address.startsWith('#')) return link.children;
	if (!/^([a-z]+:|\/\/)/i.test(address)) {
		const line = link.sourceCodeLocation?.startLine;
		const what = `The link to "${address}" is text now: nobody can follow it from WeChat.`;
		references.notes.push({ rule: 'links', line, text: what });
		return link.children;
	}
	const shown = /^(mailto|tel):/i.test(address) ? address.replace(/^[a-z]+:/i, '') : address;
	if (text === '' && !hasPicture) return [tools.createText(shown)];
	if (links === 'text' || isSameAddress(text, shown)) return link.children;
	const content = [tools.createText(text === '' ? shown : `${text}: ${shown}`)];
	const number = addReference(address, { address, content }, references);
	return [...link.children, writeMark(number, references)];
}

const isSameAddress = (text: string, address: string): boolean => {
	const bare = (value: string) => value.replace(/^https?:\/\//i, '').replace(/\/$/, '');
	return bare(text) === bare(address);
};

function addReference(key: string, reference: Reference, { list, numbers }: References): number {
	const known = numbers.get(key);
	if (known !== undefined) return known;
	list.push(reference);
	numbers.set(key, list.length);
	return list.length;
}

const writeMark = (number: number, { tools }: References): Element =>
	tools.createElement('sup', {}, [tools.createText(`[${number}]`)]);

function writeReference({ content }: Reference, number: number, references: References): Element {
	const { tools } = references;
	const row = tools.createElement('section', {}, [tools.createText(`[${number}] `), ...content]);
	rewriteTree(row, (node) => numberNode(node, references));
	return row;
}
