import type { AnyNode, ChildNode, Document, Element } from 'domhandler';
import type { Declaration, Root, Rule } from 'postcss';
import { UserError } from '../base/userError';
import { parseColor } from './contrast';
import { isElement, openHtmlTools, type HtmlTools, type Note } from './htmlTree';
import { readStyles, removeImportant, setStyle, writeStyles } from './inlineStyle';
import { computeSpecificity } from './specificity';
import { readVariables, resolveVariables, type Variables } from './variables';

type Postcss = typeof import('postcss');
type CssSelect = typeof import('css-select');

/** A style sheet of the HTML, or the own CSS of the author. */
interface Sheet {
	css: string;
	/** Of an element in the HTML: its line there. */
	line?: number;
}

/** A declaration that counts for an element, with what decides between two of them. */
interface Candidate {
	property: string;
	value: string;
	specificity: number;
}

/** Notes of one article are read by people: beyond this they are counted. */
const MAX_NOTES = 20;

/** What looks at the state of an element, and what is no element of the article. */
const LIVE =
	/::|:(?:hover|active|focus|focus-within|focus-visible|visited|target|before|after|first-line|first-letter|placeholder|selection|marker)\b/i;

/** Selectors of the page around an article. */
const PAGE = /^(?::root|html|body)(?:\s+body)?(?=$|[\s>])\s*>?\s*/i;

/** Only these mean something to the text inside when they stand on a page. */
const INHERITED =
	/^(?:color|font(?:-size|-style|-weight|-variant)?|line-height|letter-spacing|word-spacing|text-align|text-indent|word-break|overflow-wrap)$/;

/**
 * Writes own CSS, and the style sheets of the HTML before it, into the style attributes of elements, as a browser would
 * apply them: by importance, specificity and order, and below the styles that elements already have. `var()` is
 * resolved, and `!important` is dropped after it has decided. Takes the style elements out.
 *
 * @returns what cannot be had in an article, with its line.
 * @throws {UserError} when CSS is broken; it says where.
 */
export async function inlineCss(tree: Document, css: string): Promise<Note[]> {
	const { utils } = await openHtmlTools();
	const sheets: Sheet[] = takeStyleElements(tree, utils);
	if (css.trim() !== '') sheets.push({ css });
	const candidates = new Map<Element, Candidate[]>();
	const page: Candidate[] = [];
	const notes: Note[] = [];
	if (sheets.length > 0) {
		const [postcss, select] = await Promise.all([import('postcss'), import('css-select')]);
		const elements = utils.find(isElement, tree.children, true, Infinity) as Element[];
		for (const sheet of sheets) {
			const note = (rule: string, line: number, text: string) =>
				notes.push(createNote(sheet, rule, line, text));
			const root = parseSheet(postcss, sheet);
			for (const rule of listRules(root, note))
				applyRule(rule, { elements, select, candidates, page, note });
		}
	}
	const variables = readVariables(new Map(page.map(({ property, value }) => [property, value])));
	const known = new Map(candidates);
	for (const child of tree.children)
		if (isElement(child))
			known.set(child, [
				...page.filter(({ property }) => INHERITED.test(property)),
				...(candidates.get(child) ?? []),
			]);
	writeAttributes(tree.children, known, variables);
	return limitNotes(notes);
}

function takeStyleElements(tree: Document, utils: HtmlTools['utils']): Sheet[] {
	return utils.getElementsByTagName('style', tree.children).map((element) => {
		utils.removeElement(element);
		return {
			css: utils.textContent(element),
			line: element.sourceCodeLocation?.startLine ?? 1,
		};
	});
}

type AddNote = (rule: string, line: number, text: string) => void;

const createNote = ({ line }: Sheet, rule: string, at: number, text: string): Note =>
	line === undefined
		? { rule, text: `Own CSS, line ${at}: ${text}` }
		: { rule, line: line + at - 1, text: `CSS in the HTML: ${text}` };

function parseSheet({ parse, CssSyntaxError }: Postcss, { css, line }: Sheet): Root {
	try {
		return parse(css);
	} catch (error) {
		if (!(error instanceof CssSyntaxError)) throw error;
		const at = error.line ?? 1;
		const where =
			line === undefined ? `Own CSS, line ${at}` : `A <style> of the HTML, line ${line + at - 1}`;
		const whereInChinese =
			line === undefined ? `“自定义CSS”第 ${at} 行` : `HTML 第 ${line + at - 1} 行的 <style>`;
		throw new UserError(
			`${where}: the CSS is broken: ${error.reason.toLowerCase()}`,
			'Look for a bracket, quote, colon or semicolon that is missing there.',
			`${whereInChinese}中的 CSS 有语法错误：请检查是否缺少括号、引号、冒号或分号。`,
		);
	}
}

/** The rules that count; what stands in an at-rule depends on the screen, and an article cannot ask for that. */
function listRules(root: Root, note: AddNote): Rule[] {
	return root.nodes.flatMap((node) => {
		const line = node.source?.start?.line ?? 1;
		if (node.type === 'rule') return [node];
		if (node.type === 'atrule' && node.name !== 'charset')
			note('css-at-rule', line, `WeChat knows no @${node.name}; it was left out.`);
		return [];
	});
}

interface Target {
	elements: Element[];
	select: CssSelect;
	candidates: Map<Element, Candidate[]>;
	/** What is said of the page around the article. */
	page: Candidate[];
	note: AddNote;
}

function applyRule(rule: Rule, { elements, select, candidates, page, note }: Target): void {
	const declarations = readDeclarations(rule, note);
	for (const selector of rule.selectors) {
		const line = rule.source?.start?.line ?? 1;
		const specificity = computeSpecificity(selector);
		const made = declarations.map((one) => ({ ...one, specificity }));
		if (LIVE.test(selector)) {
			note('css-selector', line, `${selector} needs a style sheet, so it was left out.`);
			continue;
		}
		const inside = selector.replace(PAGE, '');
		if (inside === '' || selector === '*') {
			page.push(...made);
			if (
				selector === '*' &&
				made.some(({ property }) => !INHERITED.test(property) && !property.startsWith('--'))
			)
				note(
					'css-selector',
					line,
					'* would repeat its styles on each element, so only what text inherits was kept.',
				);
			continue;
		}
		for (const element of findElements(select, inside, elements, () =>
			note('css-selector', line, `“${selector}” is not understood, so it was left out.`),
		)) {
			const known = candidates.get(element);
			if (known) known.push(...made);
			else candidates.set(element, [...made]);
		}
	}
}

function findElements(
	{ compile }: CssSelect,
	selector: string,
	elements: Element[],
	refuse: () => void,
): Element[] {
	try {
		return elements.filter(compile<AnyNode, Element>(selector));
	} catch {
		// What the library throws has no type of its own: a selector is outside of what it knows.
		refuse();
		return [];
	}
}

function readDeclarations(rule: Rule, note: AddNote): Array<Omit<Candidate, 'specificity'>> {
	return rule.nodes.flatMap((node) => {
		const line = node.source?.start?.line ?? 1;
		if (node.type === 'comment') return [];
		if (node.type !== 'decl') {
			note('css-selector', line, 'A rule in a rule is not understood, so it was left out.');
			return [];
		}
		const problem = findProblem(node);
		if (problem) {
			note('css-property', line, problem);
			return [];
		}
		return [{ property: toKept(node), value: node.value + (node.important ? ' !important' : '') }];
	});
}

/** WeChat drops the short form, so a color goes into the long one. */
const toKept = ({ prop, value }: Declaration): string =>
	prop.toLowerCase() === 'background' && (parseColor(value) || /^var\(/i.test(value))
		? 'background-color'
		: prop;

function findProblem({ prop, value }: Declaration): string | undefined {
	const property = prop.toLowerCase();
	if (/^(-webkit-)?(animation|transition)/.test(property))
		return `WeChat takes no animations from CSS; ${property} was left out.`;
	if (property === 'position' && /^(absolute|fixed|sticky)$/i.test(value))
		return `position: ${value} was left out, as text that is moved cannot be read in dark mode.`;
	if (property === 'background' && /url\(|gradient\(/i.test(value))
		return 'WeChat drops background with a picture; write background-image and background-color instead.';
	if (/expression\(|javascript:/i.test(value))
		return `${property} holds a script; it was left out.`;
	return undefined;
}

/** Writes what counts into the style attributes, from the outside to the inside, as variables are inherited. */
function writeAttributes(
	nodes: ChildNode[],
	candidates: Map<Element, Candidate[]>,
	around: Variables,
): void {
	for (const node of nodes) {
		if (!isElement(node)) continue;
		const styles = cascade(candidates.get(node) ?? [], node.attribs.style);
		const variables = readVariables(styles, around);
		const written = new Map<string, string>();
		for (const [property, value] of styles) {
			if (property.startsWith('--')) continue;
			const resolved = resolveVariables(removeImportant(value), variables);
			if (resolved !== undefined) setStyle(written, property, resolved);
		}
		if (written.size > 0) node.attribs.style = writeStyles(written);
		else delete node.attribs.style;
		writeAttributes(node.children, candidates, variables);
	}
}

function cascade(candidates: Candidate[], attribute: string | undefined): Map<string, string> {
	const inline = [...readStyles(attribute)].map(([property, value]) => ({
		property,
		value,
		specificity: Infinity,
	}));
	// Sorting keeps the order of what is equal; what is important stays when others are set.
	const sorted = [...candidates, ...inline].sort((one, other) =>
		one.specificity === other.specificity ? 0 : one.specificity - other.specificity,
	);
	const styles = new Map<string, string>();
	for (const { property, value } of sorted) setStyle(styles, property, value);
	return styles;
}

function limitNotes(notes: Note[]): Note[] {
	if (notes.length <= MAX_NOTES) return notes;
	const more = notes.length - MAX_NOTES;
	return [
		...notes.slice(0, MAX_NOTES),
		{ rule: 'css', text: `${more} more parts of the CSS cannot be had in an article.` },
	];
}
