import type { ChildNode, Document, Element } from 'domhandler';
import { parseColor } from './contrast';
import { isElement, isText, rewriteTree, type HtmlTools, type Note } from './htmlTree';
import { readStyles, setStyle, writeStyles, type Styles } from './inlineStyle';

/** Blocks without a meaning of their own at WeChat. */
const SECTIONS = new Set(
	'address article aside details dialog fieldset footer form header hgroup main nav summary'.split(
		' ',
	),
);
/** Taken out with all that is in them, and not worth a word: nobody sees them. */
const UNSEEN = new Set(
	'base head link meta noscript param source style template title track'.split(' '),
);
/** What a reader would miss, and what to do instead. */
const UNSUPPORTED = new Map(
	Object.entries({
		script: 'WeChat runs no scripts',
		iframe: 'WeChat shows no pages in an article; put a link or a picture there',
		frame: 'WeChat shows no pages in an article; put a link or a picture there',
		video: 'Upload the video in the editor of WeChat, and put it into the draft there',
		audio: 'Upload the sound in the editor of WeChat, and put it into the draft there',
		embed: 'WeChat shows no plug-ins',
		object: 'WeChat shows no plug-ins',
		canvas: 'It is drawn by a script, which WeChat does not run; put a picture there',
		select: 'WeChat takes no form fields',
		textarea: 'WeChat takes no form fields',
		map: 'WeChat does not let readers click parts of a picture',
	}),
);
const KEPT = new Set(
	'a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'.split(
		' ',
	),
);
const ATTRIBUTES = new Set(
	'align alt bgcolor cellpadding cellspacing color colspan data-language data-no-dark data-note dir height href lang leaf nodeleaf reversed rowspan size src start style title valign width'.split(
		' ',
	),
);
/** In links to mini programs. */
const MINI_PROGRAM = /^data-miniprogram-/;
/** How Markdown and highlighters name the language of code. */
const LANGUAGE = /(?:^|\s)(?:lang|language|highlight-source)-([^\s]+)/;
/** Players and cards of WeChat's own editor; videos of its own are frames. */
const WECHAT_ELEMENT = /^(mp|qqmusic)/;
/** WeChat's own servers of pictures: it keeps their addresses. */
export const WECHAT_PICTURE = /^(https?:)?\/\/[a-z\d-]+\.(qpic|qlogo)\.cn\//i;
const WECHAT_FRAME = /^(https?:)?\/\/(mp\.weixin\.qq\.com|v\.qq\.com)\//i;

/**
 * Leaves what WeChat shows, and says what a reader will miss: scripts, frames, films, forms, unsafe addresses. Classes
 * and ids go without a word.
 */
export function cleanTree(tree: Document, tools: HtmlTools): Note[] {
	const notes: Note[] = [];
	rewriteTree(tree, (node) => {
		if (isText(node)) return [node];
		return isElement(node) ? cleanElement(node, tools, notes) : [];
	});
	return notes;
}

function cleanElement(element: Element, tools: HtmlTools, notes: Note[]): ChildNode[] {
	const { name, attribs, children } = element;
	const line = element.sourceCodeLocation?.startLine;
	const add = (rule: string, text: string) => notes.push({ rule, line, text });
	if (UNSEEN.has(name)) return [];
	if (name === 'input')
		return cleanInput(element, tools, () =>
			add('form', toRemoval('input', 'WeChat takes no form fields')),
		);
	const isOfWechat =
		WECHAT_ELEMENT.test(name) ||
		(name === 'iframe' && WECHAT_FRAME.test(attribs.src ?? attribs['data-src'] ?? ''));
	const reason = UNSUPPORTED.get(name);
	if (reason && !isOfWechat) {
		add(name, toRemoval(name, reason));
		return [];
	}
	const isDrawing = element.namespace !== undefined && !element.namespace.endsWith('xhtml');
	if (SECTIONS.has(name)) element.name = 'section';
	else if (!KEPT.has(name) && !isOfWechat && !isDrawing) return children;
	const language = LANGUAGE.exec(attribs.class ?? '')?.[1];
	if (language) attribs['data-language'] = language;
	if (name === 'img') takeLazyAddress(element);
	if (name === 'img' && !attribs.src) {
		add('address', toRemoval('img', 'It names no picture'));
		return [];
	}
	cleanStyles(element, add);
	for (const [attribute, value] of Object.entries(attribs)) {
		if (/^(on|srcdoc$)/i.test(attribute))
			add('script', `"${attribute}" of ${name} was removed: WeChat runs no scripts.`);
		else if (isAddress(attribute) && !isOfWeb(name, value))
			add(
				'address',
				`The address "${shorten(value)}" of ${name} was removed: it is not for the web.`,
			);
		else if (isKept(attribute) || isOfWechat || (isDrawing && !/^(class|id)$/.test(attribute)))
			continue;
		delete attribs[attribute];
	}
	if (name === 'img' && !attribs.src) return [];
	return [element];
}

/** Pages that load pictures late, as WeChat's do, have a picture of one pixel in the place of the real one. */
function takeLazyAddress({ attribs }: Element): void {
	const late = attribs['data-src'] ?? attribs['data-original'] ?? attribs['data-lazy-src'];
	// Of pictures in several sizes, the first one.
	const [first] = (attribs.srcset ?? '').trim().split(/\s+|,\s/);
	if (late || (first && !attribs.src)) attribs.src = late || first;
	// Without a page around it, an address has no protocol to take over.
	if (attribs.src?.startsWith('//')) attribs.src = `https:${attribs.src}`;
}

/** WeChat drops the short form of a background, and pictures of others in it. */
function cleanStyles({ attribs, name }: Element, add: (rule: string, text: string) => void): void {
	const background = /\bbackground\b|url\(|expression\(/i;
	if (!attribs.style || !background.test(attribs.style)) return;
	const kept: Styles = new Map();
	for (const [property, value] of readStyles(attribs.style)) {
		const [, address] = /url\(\s*["']?([^"')]*)/i.exec(value) ?? [];
		if (/expression\(|javascript:/i.test(value))
			add('script', `${property} of ${name} was removed: WeChat runs no scripts.`);
		else if (address !== undefined && !WECHAT_PICTURE.test(address))
			add(
				'background',
				`${property} of ${name} was removed: WeChat shows no picture of another server there.`,
			);
		else setStyle(kept, toKeptProperty(property, value), value);
	}
	attribs.style = writeStyles(kept);
	if (attribs.style === '') delete attribs.style;
}

const toKeptProperty = (property: string, value: string): string =>
	property === 'background' && parseColor(value) ? 'background-color' : property;

const isKept = (attribute: string): boolean =>
	ATTRIBUTES.has(attribute) || MINI_PROGRAM.test(attribute);

const isAddress = (attribute: string): boolean => /^(.*:)?href$|^src$|^action$/.test(attribute);

const toRemoval = (name: string, reason: string): string => `${name} was removed: ${reason}.`;

/** Lists of tasks come with boxes from other programs. */
function cleanInput({ attribs }: Element, tools: HtmlTools, complain: () => void): ChildNode[] {
	if (attribs.type?.toLowerCase() === 'checkbox')
		return [tools.createText('checked' in attribs ? '☑' : '☐')];
	if (attribs.type?.toLowerCase() !== 'hidden') complain();
	return [];
}

/** Browsers leave out line ends and tabs in front of and in the scheme. */
function isOfWeb(name: string, address: string): boolean {
	const plain = address.replace(/[\u0000-\u0020]+/g, '');
	const scheme = /^([a-z][a-z\d+.-]*):/i.exec(plain)?.[1].toLowerCase();
	if (scheme === undefined || /^https?$/.test(scheme)) return true;
	if (name === 'img') return scheme === 'binary' || /^data:image\//i.test(plain);
	return name === 'a' && /^(mailto|tel|weixin)$/.test(scheme);
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
