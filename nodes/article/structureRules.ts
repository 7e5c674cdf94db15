import type { Document, Element } from 'domhandler';
import { computeContrast, parseColor } from './contrast';
import { isElement, type HtmlTools, type Note } from './htmlTree';
import { isImportant } from './inlineStyle';
import { BLOCKS, listPlacedElements, PHONE_PX, type PlacedElement } from './placedElement';

/** Only the first places of a rule are named; one cause often has hundreds. */
const MAX_PLACES = 10;

/** One of WeChat's rules for the structure of articles. */
interface StructureRule {
	/** As WeChat's answer names it, in `inValidInfo`; those marked "ours" stand on its page without a name. */
	name: string;
	/** What is wrong and what to do. */
	text: string;
	isBroken(placed: PlacedElement): boolean;
}

const TOLERANCE_PX = 1;
/** The column of an article on a desktop. */
const DESKTOP_PX = 677;
/** A line that is lower than this part of its letters covers the next one. */
const OVERLAP = 0.95;
/** WeChat's editor flattens longer chains of equal elements. */
const MAX_CHAIN = 10;
/** Both must be exceeded. */
const MAX_CHILDREN = 20;
const MAX_EMPTY = 15;
const MIN_CONTRAST = 1.5;
/** Up to this height 5 pixels may stand out, above it 20. */
const LOW_BOX_PX = 200;

/** The default font of articles begins so; it is the only one that does no harm. */
const DEFAULT_FONTS = 'mp-quote, PingFang SC, system-ui, -apple-system';

/**
 * WeChat's rules, section by section of its page. It measures some of them in a browser, on columns of 375, 585 and 677
 * pixels; here they are worked out from inline styles, as each of them says. Pictures are not measured at all.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/plugin_spec.html
 * @see https://github.com/wechatjs/verify-article-structure-spec
 */
const RULES: StructureRule[] = [
	{
		// 2.1
		name: 'opacity',
		text: 'The picture is invisible. Take opacity out of its style.',
		isBroken: ({ element, styles }) =>
			element.name === 'img' && parseFloat(styles.get('opacity') ?? '1') === 0,
	},
	{
		// 2.2
		name: 'caret-color',
		text: 'Whoever edits this text sees no cursor. Take caret-color out of the style.',
		isBroken: ({ styles, hasText }) => hasText && parseColor(styles.get('caret-color'))?.[3] === 0,
	},
	{
		// 2.3, but not around a single line. How many lines there are on a phone is estimated.
		name: 'line-height',
		text: 'Its lines cover each other, as they are lower than the letters. Make line-height larger than the font size, such as 1.75.',
		isBroken: ({ hasOwnText, lineHeight, fontSize, flow, isInSvg }) =>
			!isInSvg && hasOwnText && flow.lines > 1 && lineHeight < fontSize * OVERLAP,
	},
	{
		// 2.4.1 and 2.4.3. A box that is narrower than a phone, or wider than the column, looks alike everywhere.
		name: 'width',
		text: 'The fixed width fills a phone, but not a desktop. Write it in percent, or as max-width.',
		isBroken: ({ element, width, mayBeWide }) =>
			!mayBeWide &&
			!/^(img|svg|table|t[hdr]|col)$/.test(element.name) &&
			width !== undefined &&
			width >= PHONE_PX &&
			width < DESKTOP_PX - TOLERANCE_PX,
	},
	{
		// 2.4.2. Margins and paddings are added up; moving by transform is left to WeChat's checker.
		name: 'width',
		text: 'It does not fit on a phone of 375 pixels: a part is cut off. Make its margin or its width smaller.',
		isBroken: ({ hasText, left, right, mayBeWide, columnsWidth }) =>
			!mayBeWide &&
			((hasText && left > PHONE_PX + TOLERANCE_PX) ||
				(hasText && left < -TOLERANCE_PX && left !== right) ||
				columnsWidth > PHONE_PX + TOLERANCE_PX),
	},
	{
		// 2.5.1
		name: 'height',
		text: 'The text is invisible on phones, as its box has no height. Take height out of the style.',
		isBroken: ({ height, hasText, isInSvg, isInSvgMode }) =>
			height === 0 && hasText && !isInSvg && !isInSvgMode,
	},
	{
		// 2.5.2, with an estimate of the height that the text takes at least.
		name: 'height-nodisplay',
		text: 'The box is lower than the text in it, so a part is cut off. Take height out of the style.',
		isBroken: ({ styles, height, flow, isInSvg, isInSvgMode }) =>
			height !== undefined &&
			height > 0 &&
			!isInSvg &&
			!isInSvgMode &&
			!/auto|scroll/.test(`${styles.get('overflow')} ${styles.get('overflow-y')}`) &&
			flow.height > height + (height > LOW_BOX_PX ? 20 : 5),
	},
	{
		// 2.6
		name: 'text-align',
		text: 'Phones disagree about start and end. Write left or right.',
		isBroken: ({ styles }) => /^(start|end)$/i.test(styles.get('text-align') ?? ''),
	},
	{
		// 2.7
		name: 'animate-begin',
		text: 'The animation starts by a finger only, so never on a desktop. Write begin="touchstart; click".',
		isBroken: ({ element }) =>
			/^animate(transform|motion)?$/i.test(element.name) &&
			/\btouchstart\b/i.test(element.attribs.begin ?? '') &&
			!/\bclick\b/i.test(element.attribs.begin),
	},
	{
		// 2.8. WeChat measures whether its text is wider than the box, also where that can be scrolled.
		name: 'pre',
		text: 'Lines in pre do not wrap, so a phone cuts them off. Use section or p, or add white-space: pre-wrap to its style.',
		isBroken: ({ element, styles, flow }) =>
			element.name === 'pre' &&
			flow.longest > PHONE_PX &&
			!/pre-wrap|pre-line|break-spaces|normal/.test(styles.get('white-space') ?? ''),
	},
	{
		// 3.1; media are left out. The checker that the page comes with begins at 15.
		name: 'nestNodes',
		text: `More than ${MAX_CHAIN} equal elements lie in each other, of which WeChat removes some. Take out those that do nothing.`,
		isBroken: ({ chain }) => chain === MAX_CHAIN + 1,
	},
	{
		// 3.2
		name: 'span-leaf',
		text: 'A span with leaf may hold text and inline elements only. Take the block out of it.',
		isBroken: ({ element }) =>
			element.name === 'span' && 'leaf' in element.attribs && holds(element, isBlock),
	},
	{
		// 3.3
		name: 'node-leaf',
		text: 'A section with nodeleaf may hold one of WeChat’s own components or a picture only.',
		isBroken: ({ element }) =>
			element.name === 'section' &&
			'nodeleaf' in element.attribs &&
			holds(element, ({ name }) => !/^(mp|img$|iframe$|video$|audio$|br$|qqmusic)/.test(name)),
	},
	{
		// 3.4 of the cases that the checker is tested with.
		name: 'redundant-node',
		text: `More than ${MAX_EMPTY} of its elements are empty; WeChat removes them. Use margins for space.`,
		isBroken: ({ elements, emptyElements }) => elements > MAX_CHILDREN && emptyElements > MAX_EMPTY,
	},
	{
		// 4
		name: 'font-family',
		text: 'Phones show the letters in other sizes than you see. Take font-family out; WeChat has a font of its own.',
		isBroken: ({ styles }) => {
			const fonts = (styles.get('font-family') ?? '').replace(/["']/g, '').replace(/\s+/g, ' ');
			return fonts !== '' && fonts !== 'inherit' && !fonts.startsWith(DEFAULT_FONTS);
		},
	},
	{
		// 5.1.1. WeChat looks at the colors of its dark mode; here at those that were written.
		name: 'darkmode-low-contrast',
		text: 'The text can hardly be told from its background. Take colors that differ more.',
		isBroken: ({ element, hasOwnText, color, background, hasPicture }) =>
			hasOwnText &&
			!hasPicture &&
			!isIgnored(element, 'low-contrast') &&
			color !== undefined &&
			background !== undefined &&
			computeContrast(color, background) < MIN_CONTRAST,
	},
	{
		// 5.1.2; without text a gradient stays as it is (5.1.3).
		name: 'darkmode-no-gradient',
		text: 'Dark mode makes one color of the gradient behind this text. Use background-color.',
		isBroken: ({ element, styles, hasText }) =>
			hasText &&
			!isIgnored(element, 'text-bg-gradient') &&
			/gradient\(/i.test(`${styles.get('background')} ${styles.get('background-image')}`),
	},
	{
		// 5.2.2; ours.
		name: 'absolute-text',
		text: 'Dark mode cannot know what lies behind text that is moved. Take position out, and put the text into the box with its background.',
		isBroken: ({ styles, hasText }) =>
			hasText && /^(absolute|fixed)$/i.test(styles.get('position') ?? ''),
	},
	{
		// 5.5.1
		name: 'darkmode-whitelist',
		text: 'Dark mode leaves this element as it is, so it may be too bright. Take data-no-dark out.',
		isBroken: ({ element }) =>
			'data-no-dark' in element.attribs && !isIgnored(element, 'whitelist'),
	},
	{
		// 5.5.2; ours.
		name: 'important',
		text: 'WeChat’s own styles and dark mode need to come first. Take !important out.',
		isBroken: ({ styles }) => [...styles.values()].some(isImportant),
	},
];

/**
 * Checks an article by WeChat's own rules for the structure of articles. Empty when all is well; of each rule the first
 * ten places are named.
 */
export function checkStructure(tree: Document, utils: HtmlTools['utils']): Note[] {
	const placed = listPlacedElements(tree);
	return RULES.flatMap(({ name, text, isBroken }) => {
		const broken = placed.filter(isBroken);
		const more = broken.length - MAX_PLACES;
		return broken.slice(0, MAX_PLACES).map(({ element }, index) => ({
			rule: name,
			line: element.sourceCodeLocation?.startLine,
			text: `${text} ${describe(element, utils)}${more > 0 && index === MAX_PLACES - 1 ? `, and ${more} more` : ''}`,
		}));
	});
}

/** Names an element by how its text begins: lines of a text that was rendered help nobody. */
function describe(element: Element, utils: HtmlTools['utils']): string {
	const text = utils.textContent(element).replace(/\s+/g, ' ').trim();
	const start = [...text.slice(0, 60)].slice(0, 20).join('');
	const quote = text === '' ? '' : ` “${start}${start === text ? '' : '…'}”`;
	return `Found in <${element.name}>${quote}`;
}

const isBlock = ({ name }: Element) => BLOCKS.has(name);

/** Authors can switch off single rules of dark mode for an element. */
const isIgnored = ({ attribs }: Element, rule: string): boolean =>
	(attribs['data-ignore-dm'] ?? '').split(/\s+/).includes(rule);

const holds = (element: Element, isWanted: (child: Element) => boolean): boolean =>
	element.children.some((child) => isElement(child) && (isWanted(child) || holds(child, isWanted)));
