import type { ChildNode, Element } from 'domhandler';
import { isElement, isText } from './htmlTree';
import { readStyles } from './inlineStyle';

/** What stands behind a text, as far as Markdown has it. */
export interface Marks {
	bold?: boolean;
	italic?: boolean;
	struck?: boolean;
	code?: boolean;
	script?: 'sup' | 'sub';
	/** The address of a link. */
	link?: string;
}

/** A piece of a line that has the same marks from its beginning to its end. */
export interface Run extends Marks {
	/** Of a picture: what describes it. */
	text: string;
	/** The address of a picture. */
	picture?: string;
	isBreak?: boolean;
	/** Refers to the footnote of this number. */
	note?: number;
}

const UNSEEN = /^(script|style|template|title|head|desc|noscript|animate.*|set)$/i;

/** Whether nobody sees an element. */
export const isUnseen = ({ name, attribs }: Element): boolean =>
	UNSEEN.test(name) || readStyles(attribs.style).get('display') === 'none';

/** The marks inside an element: its name says them, and its style more exactly. */
export function readMarks({ name, attribs }: Element, around: Marks): Marks {
	const marks = { ...around };
	if (/^(b|strong)$/.test(name)) marks.bold = true;
	if (/^(i|em|cite|dfn|var)$/.test(name)) marks.italic = true;
	if (/^(s|strike|del)$/.test(name)) marks.struck = true;
	if (/^(code|kbd|samp|tt)$/.test(name)) marks.code = true;
	if (name === 'sup' || name === 'sub') marks.script = name;
	if (name === 'a' && isFollowable(attribs.href)) marks.link = attribs.href.trim();
	const styles = readStyles(attribs.style);
	const weight = styles.get('font-weight');
	if (weight && weight !== 'inherit')
		marks.bold = weight.startsWith('bold') || parseInt(weight, 10) >= 600;
	const slope = styles.get('font-style');
	if (slope && slope !== 'inherit') marks.italic = /italic|oblique/.test(slope);
	const line = `${styles.get('text-decoration') ?? ''} ${styles.get('text-decoration-line') ?? ''}`;
	if (/line-through/.test(line)) marks.struck = true;
	return marks;
}

const isFollowable = (address: string | undefined): address is string =>
	address !== undefined && !/^\s*($|#|javascript:)/i.test(address);

/** Reads what stands in a line. */
export function readRuns(node: ChildNode, marks: Marks, runs: Run[]): void {
	if (isText(node)) {
		const text = marks.code
			? toBlanks(node.data)
			: toBlanks(node.data).replace(/[ \t\r\n\f]+/g, ' ');
		if (text !== '') runs.push({ ...marks, text });
		return;
	}
	if (!isElement(node) || isUnseen(node)) return;
	if (node.name === 'br') {
		runs.push({ text: '', isBreak: true });
		return;
	}
	const own = findOwnRun(node, marks);
	if (own) {
		runs.push(own);
		return;
	}
	const inside = readMarks(node, marks);
	for (const child of node.children) readRuns(child, inside, runs);
}

/** WeChat writes blanks that do not break, and characters without width; both are of no use in Markdown. */
const toBlanks = (text: string): string =>
	text.replaceAll('\u00a0', ' ').replace(/[\u200b\u2060\ufeff]/g, '');

/** A picture, or a part of an article that only WeChat can show. */
export function findOwnRun(element: Element, marks: Marks): Run | undefined {
	const { name, attribs } = element;
	const { link } = marks;
	if (name === 'img' || name === 'image') {
		const picture = attribs['data-src'] ?? attribs.src ?? attribs.href ?? attribs['xlink:href'];
		return picture ? { link, text: (attribs.alt ?? '').trim(), picture } : { text: '' };
	}
	const behind = findBackground(element);
	if (behind && isBare(element)) return { link, text: '', picture: behind };
	const media = findMedia(element);
	if (!media) return undefined;
	const { kind, title, address } = media;
	const text = title ? `${kind}: ${title}` : kind;
	return address && /^https?:/i.test(address) ? { text, link: address } : { text };
}

const findBackground = ({ attribs }: Element): string | undefined => {
	const styles = readStyles(attribs.style);
	const picture = styles.get('background-image') ?? styles.get('background') ?? '';
	return /url\(\s*["']?([^"')]+)/i.exec(picture)?.[1].trim();
};

const isBare = ({ children }: Element): boolean =>
	children.every((child) =>
		isText(child)
			? child.data.trim() === ''
			: !isElement(child) || (child.name !== 'img' && isBare(child)),
	);

/** What WeChat's components are, by the end of their name. */
const COMPONENTS: Array<[name: RegExp, kind: string]> = [
	[/^(mpvoice|mp-common-(mp)?audio|mp-common-voice|audio|qqmusic|mp-common-qqmusic)$/, 'Voice'],
	[/^(video|mpvideo|mp-common-video(snap)?)$/, 'Video'],
	[/^(mp-common-profile|mpprofile)$/, 'Account'],
	[/^(mp-miniprogram|mp-common-(mini|weapp).*|mp-weapp)$/, 'Mini program'],
	[/^mp-common-(product|cps.*)$/, 'Product'],
	[/^mp-common-(poi|location)$/, 'Place'],
	[/^mp-?vote.*$/, 'Vote'],
	[/^mp-.*$/, 'Component of WeChat'],
];

const TITLES =
	'data-title data-desc data-nickname data-miniprogram-title data-miniprogram-nickname data-name title name'.split(
		' ',
	);

function findMedia({
	name,
	attribs,
}: Element): { kind: string; title?: string; address?: string } | undefined {
	const title = TITLES.map((key) => attribs[key]?.trim()).find(Boolean);
	const address = attribs['data-src'] ?? attribs.src ?? attribs['data-url'];
	// Videos and votes of older articles.
	if (name === 'iframe')
		return { kind: /vote/.test(attribs.class ?? '') ? 'Vote' : 'Video', title, address };
	const kind = COMPONENTS.find(([pattern]) => pattern.test(name))?.[1];
	return kind === undefined ? undefined : { kind, title, address };
}

const MARKS = ['bold', 'italic', 'struck', 'code', 'script', 'link'] as const;

/** Joins neighbors with the same marks, and takes blanks from the ends of lines. */
export function mergeRuns(runs: Run[]): Run[] {
	const merged: Run[] = [];
	for (const run of runs) {
		const before = merged.at(-1);
		const isSame =
			before &&
			[before, run].every(isPlain) &&
			MARKS.every((mark) => (before[mark] || undefined) === (run[mark] || undefined));
		if (isSame) before.text += run.text;
		else merged.push({ ...run });
	}
	let isStart = true;
	for (const run of merged) {
		if (isStart && isPlain(run)) run.text = run.text.replace(/^[ \t\r\n\f]+/, '');
		if (isPlain(run) && !run.code) run.text = run.text.replace(/ {2,}/g, ' ');
		isStart = run.isBreak || (isPlain(run) && (run.text === '' ? isStart : run.text.endsWith(' ')));
	}
	let isEnd = true;
	for (const run of merged.toReversed()) {
		if (isEnd && isPlain(run)) run.text = run.text.replace(/[ \t\r\n\f]+$/, '');
		isEnd = run.isBreak || (isEnd && isPlain(run) && run.text === '');
	}
	const kept = merged.filter((run) => !isPlain(run) || run.text !== '');
	const first = kept.findIndex(({ isBreak }) => !isBreak);
	const last = kept.findLastIndex(({ isBreak }) => !isBreak);
	return first < 0 ? [] : kept.slice(first, last + 1);
}

const isPlain = ({ isBreak, picture, note }: Run): boolean =>
	!isBreak && picture === undefined && note === undefined;
