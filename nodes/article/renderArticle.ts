import type { ChildNode, Document, Element } from 'domhandler';
import { applyTheme } from './applyTheme';
import { cleanTree, WECHAT_PICTURE } from './cleanTree';
import { readFrontMatter, removeFence } from './frontMatter';
import {
	isElement,
	isText,
	openHtmlTools,
	rewriteTree,
	type HtmlTools,
	type Note,
} from './htmlTree';
import { inlineCss } from './inlineCss';
import { listReferences } from './listReferences';
import { readMarkdown } from './markdown';
import { rebuildBlocks } from './rebuildBlocks';
import { checkStructure } from './structureRules';
import { createTheme, type ThemeName } from './themes';

export interface ArticleText {
	format: 'markdown' | 'html';
	text: string;
	/** Counts more than what the text says. A heading that says otherwise stays in the text. */
	title?: string;
}

export interface Look {
	theme: ThemeName;
	/** `#rgb` or `#rrggbb`; each theme has one of its own. */
	accent?: string;
	/** In pixels, 14 to 18. */
	fontSize?: number;
	/** Inlined, below the styles of elements and above the theme. */
	css?: string;
	/** Whether outside links, which readers cannot follow, are listed below the article. */
	links: 'references' | 'text';
}

/** A picture that WeChat has to get first. */
export interface ArticlePicture {
	/** As it stands in the text: a web address, `data:`, `binary:FIELD`, or the name of a file. */
	address: string;
	line?: number;
	alt: string;
}

export interface RenderedArticle {
	/** From front matter, or the first heading of level 1; like the next four '' when there is none. */
	title: string;
	author: string;
	digest: string;
	sourceUrl: string;
	/** From front matter, or the first picture. */
	cover: string;
	/** Each address once, in the order of the text. Pictures that are at WeChat already are not among them. */
	pictures: ArticlePicture[];
	/** What was removed or changed, and what readers will see otherwise than expected. */
	notes: Note[];
	/** Writes the content that WeChat gets. A picture without an address there is left out. */
	toContent(addresses: ReadonlyMap<string, string>): string;
	/** Checks it by WeChat's rules for structure; lines are those of the text. */
	checkRules(): Note[];
}

/** Programs that draw these are not in WeChat. */
const DIAGRAM = /^(mermaid|plantuml|puml|dot|graphviz|flowchart|sequence|echarts)$/i;

/**
 * Makes an article of Markdown or HTML: clean, with all styles inline, few enough to stay below the 20,000 characters
 * of WeChat.
 *
 * @throws {UserError} when elements of the HTML lie more than 200 deep, or own CSS is broken.
 */
export async function renderArticle(text: ArticleText, look: Look): Promise<RenderedArticle> {
	const tools = await openHtmlTools();
	const bare = removeFence(text.text);
	const { fields, text: body, lines: above } = readFrontMatter(bare.text);
	const lines = bare.lines + above;
	const { tree, formulas } =
		text.format === 'markdown'
			? await readMarkdown(body, tools)
			: { tree: tools.parse(body), formulas: [] };
	moveLines(tree, lines);
	const styleNotes = await inlineCss(tree, look.css ?? '');
	const pageTitle = readPageTitle(tree, tools);
	const cleanNotes = cleanTree(tree, tools);
	const diagramNotes = findDiagrams(tree, tools);
	const theme = createTheme(look.theme, look);
	await rebuildBlocks(tree, tools, theme?.codeColors);
	const title = takeTitle(tree, text.title?.trim() || fields.title, tools) || pageTitle;
	const linkNotes = listReferences(tree, look.links, tools);
	const images = tools.utils.getElementsByTagName('img', tree.children);
	if (theme) applyTheme(tree, theme, tools);
	removeMarks(tree);
	return {
		...fields,
		title,
		cover: fields.cover || (images[0]?.attribs.src ?? ''),
		pictures: listPictures(images),
		notes: [
			...formulas.map(({ line, text: formula }) => ({
				rule: 'formula',
				line: line + lines,
				text: `The formula ${shorten(formula)} stays as text: WeChat draws none. A picture of it can stand there.`,
			})),
			...styleNotes,
			...cleanNotes,
			...diagramNotes,
			...linkNotes,
		],
		toContent: (addresses) => tools.write(withAddresses(tree, addresses)),
		checkRules: () => checkStructure(tree, tools.utils),
	};
}

/** Front matter counts as lines of the text. */
function moveLines(tree: Document, lines: number): void {
	if (lines === 0) return;
	rewriteTree(tree, (node) => {
		if (isElement(node) && node.sourceCodeLocation) node.sourceCodeLocation.startLine += lines;
		return [node];
	});
}

const readPageTitle = (tree: Document, { utils }: HtmlTools): string =>
	toLine(utils.getElementsByTagName('title', tree.children, true, 1), utils);

const toLine = (nodes: ChildNode[], utils: HtmlTools['utils']): string =>
	utils.textContent(nodes).replace(/\s+/g, ' ').trim();

/**
 * Finds the title. WeChat shows it above the article, so its heading goes. Where headings of level 1 are those of the
 * parts of an article, the first of them stays.
 */
function takeTitle(tree: Document, given: string, { utils }: HtmlTools): string {
	const headings = utils.getElementsByTagName('h1', tree.children);
	const heading = headings.find((one) => toLine([one], utils) !== '');
	if (!heading) return given;
	const title = toLine([heading], utils);
	if (given && given !== title) return given;
	if (headings.length === 1 || isFirst(heading, tree)) {
		const pictures = utils.getElementsByTagName('img', heading.children);
		if (pictures.length === 0) utils.removeElement(heading);
	}
	return title;
}

/** Whether nothing but pictures stands above an element. */
function isFirst(element: Element, tree: Document): boolean {
	for (
		let node: Element | null = element;
		node;
		node = isElement(node.parent) ? node.parent : null
	) {
		for (let before = node.prev; before; before = before.prev) if (hasText(before)) return false;
		if (node.parent === tree) return true;
	}
	return true;
}

const hasText = (node: ChildNode): boolean =>
	isText(node) ? node.data.trim() !== '' : isElement(node) && node.children.some(hasText);

function findDiagrams(tree: Document, { utils }: HtmlTools): Note[] {
	return utils
		.getElementsByTagName('code', tree.children)
		.filter(({ attribs }) => DIAGRAM.test(attribs['data-language'] ?? ''))
		.map((code) => ({
			rule: 'diagram',
			line: findLine(code),
			text: `The ${code.attribs['data-language']} diagram stays as code: WeChat draws none. A picture of it can stand there.`,
		}));
}

/** The line of an element, or of the next one around it that has one. */
function findLine(element: Element): number | undefined {
	for (let node: Element | null = element; node; node = isElement(node.parent) ? node.parent : null)
		if (node.sourceCodeLocation) return node.sourceCodeLocation.startLine;
	return undefined;
}

function listPictures(images: Element[]): ArticlePicture[] {
	const pictures = new Map<string, ArticlePicture>();
	for (const image of images) {
		const { src: address, alt = '' } = image.attribs;
		if (WECHAT_PICTURE.test(address) || pictures.has(address)) continue;
		pictures.set(address, { address, line: findLine(image), alt });
	}
	return [...pictures.values()];
}

/** What the steps told each other. */
function removeMarks(tree: Document): void {
	rewriteTree(tree, (node) => {
		if (isElement(node))
			for (const mark of ['data-code', 'data-language', 'data-note', 'data-references'])
				delete node.attribs[mark];
		return [node];
	});
}

/** A copy with the addresses of WeChat. A paragraph that held nothing but a lost picture goes with it. */
function withAddresses(tree: Document, addresses: ReadonlyMap<string, string>): Document {
	const copy = tree.cloneNode(true);
	const poorer = new Set<unknown>();
	rewriteTree(copy, (node) => {
		if (!isElement(node)) return [node];
		if (poorer.has(node) && node.children.every(isCaption)) return [];
		if (node.name === 'img') {
			const { src } = node.attribs;
			const address = addresses.get(src) ?? (WECHAT_PICTURE.test(src) ? src : undefined);
			if (address === undefined) {
				poorer.add(node.parent);
				return [];
			}
			node.attribs.src = address;
		}
		return [node];
	});
	return copy;
}

const isCaption = (node: ChildNode): boolean =>
	isText(node)
		? node.data.trim() === ''
		: isElement(node) && node.name === 'span' && /^display:block/.test(node.attribs.style ?? '');

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
