import type { ChildNode, Document, Element } from 'domhandler';
import { isElement, isText, rewriteTree, setChildren, type HtmlTools } from './htmlTree';
import { readStyles, setStyle, writeStyles } from './inlineStyle';
import type { Theme } from './themes';

/** Writes the styles of a theme into a tree, below those that its elements have, and puts all into one section. */
export function applyTheme(tree: Document, theme: Theme, tools: HtmlTools): void {
	rewriteTree(tree, (node) => (isElement(node) ? styleElement(node, theme, tools) : [node]));
	const root = tools.createElement('section', { style: theme.root }, tree.children);
	setChildren(tree, [root]);
}

function styleElement(element: Element, theme: Theme, tools: HtmlTools): ChildNode[] {
	const { name, attribs, parent } = element;
	if ('data-code' in attribs) addStyle(element, theme.code);
	else if ('data-references' in attribs) addStyle(element, theme.references);
	else if (name === 'img' && isAlone(element)) return stylePicture(element, theme, tools);
	// Code in its section has the background of that, and a list in a list its distances.
	else if (name === 'code' && isElement(parent) && 'data-code' in parent.attribs) return [element];
	else if (/^[uo]l$/.test(name) && isElement(parent) && /^[uo]l$/.test(parent.name))
		addStyle(element, 'padding-left:1.2em');
	else addStyle(element, theme.elements[name]);
	if (name === 'h2' && theme.headingLabel) {
		const label = tools.createElement('span', { style: theme.headingLabel }, element.children);
		setChildren(element, [label]);
	}
	return [element];
}

/** Inherited styles of HTML win; the theme says the rest. */
function addStyle(element: Element, style: string | undefined): void {
	if (style === undefined) return;
	const own = element.attribs.style;
	if (!own) {
		element.attribs.style = style;
		return;
	}
	const styles = readStyles(style);
	for (const [property, value] of readStyles(own)) setStyle(styles, property, value);
	element.attribs.style = writeStyles(styles);
}

function isAlone({ parent }: Element): boolean {
	if (!isElement(parent) || !/^(p|figure|section)$/.test(parent.name)) return false;
	return parent.children.every((node) =>
		isText(node) ? node.data.trim() === '' : isElement(node) && node.name === 'img',
	);
}

/** What Markdown has as the title of a picture is its caption. */
function stylePicture(picture: Element, theme: Theme, tools: HtmlTools): ChildNode[] {
	addStyle(picture, theme.picture);
	const { title } = picture.attribs;
	delete picture.attribs.title;
	if (!title) return [picture];
	const caption = tools.createElement('span', { style: theme.caption }, [tools.createText(title)]);
	return [picture, caption];
}
