import type { Run } from './inlineRuns';

/** A part of a line; `mark` is what it begins and ends with, such as the stars of bold text. */
interface Piece {
	text: string;
	mark?: string;
	isLink?: boolean;
}

type Wrapping = 'link' | 'bold' | 'italic' | 'struck' | 'script';
const WRAPPINGS: Wrapping[] = ['link', 'bold', 'italic', 'struck', 'script'];
const STARS = { bold: '**', italic: '*', struck: '~~' };

/** The same formulas as in Markdown that is read: their characters mean nothing else. */
const RAW =
	/\$\$[^$]{1,2000}\$\$|\$(?![\s$])(?:\\.|[^$\\\n]){0,2000}?(?<![\s\\])\$(?!\d)|\\\([^\n]{1,2000}?\\\)|\\\[[^]{1,2000}?\\\]|https?:\/\/[^\s<>"'`*\u3000-\u303f\uff00-\uffef\u2018-\u201f]+/g;

const PUNCTUATION = /[\p{P}\p{S}]/u;
/** Bold text beside these needs no blank, as readers of Markdown for Chinese have it. */
const CJK = /[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\u{20000}-\u{3ffff}]/u;

/** Writes a line of Markdown, or of a cell of a table, where bars and ends of line mean something else. */
export function writeRuns(runs: Run[], isCell = false): string {
	const line = join(writePieces(runs, []));
	return isCell
		? line.replaceAll('\\\n', '<br>').replaceAll('\n', ' ').replaceAll('|', '\\|')
		: line;
}

/** Wraps the longest row of runs that share a mark, and then what is in it. */
function writePieces(runs: Run[], done: Wrapping[]): Piece[] {
	const pieces: Piece[] = [];
	for (let at = 0; at < runs.length;) {
		const [wrapping, end] = findWrapping(runs, at, done);
		if (!wrapping) {
			pieces.push(writeLeaf(runs[at], done.includes('link')));
			at++;
			continue;
		}
		const inside = join(writePieces(runs.slice(at, end), [...done, wrapping]));
		pieces.push(...wrap(inside, wrapping, runs[at]));
		at = end;
	}
	return pieces;
}

function findWrapping(runs: Run[], at: number, done: Wrapping[]): [Wrapping | undefined, number] {
	let found: Wrapping | undefined;
	let longest = at;
	for (const wrapping of WRAPPINGS) {
		const value = runs[at][wrapping];
		if (!value || done.includes(wrapping)) continue;
		let end = at + 1;
		while (end < runs.length && runs[end][wrapping] === value) end++;
		if (end <= longest) continue;
		longest = end;
		found = wrapping;
	}
	return [found, longest];
}

/** Blanks go outside of stars, where they would keep them from meaning anything. */
function wrap(inside: string, wrapping: Wrapping, { link = '', script }: Run): Piece[] {
	const [start] = /^(?:\s|\\\n)*/.exec(inside) ?? [''];
	const body = inside.slice(start.length);
	const [end] = /(?:\\\n|\s)*$/.exec(body) ?? [''];
	const text = body.slice(0, body.length - end.length);
	if (text === '') return [{ text: inside }];
	const made: Piece =
		wrapping === 'link'
			? writeLink(text, link)
			: wrapping === 'script'
				? { text: `<${script}>${text}</${script}>` }
				: { text: STARS[wrapping] + text + STARS[wrapping], mark: STARS[wrapping] };
	return [{ text: start }, made, { text: end }].filter((piece) => piece.text !== '');
}

const writeLink = (text: string, address: string): Piece =>
	text === address && /^https?:\/\/[^\s<>]+$/.test(address)
		? { text: `<${address}>` }
		: { text: `[${text}](${writeAddress(address)})`, isLink: true };

function writeAddress(address: string): string {
	const safe = address.replace(/[\s\\<>]/g, (character) => encodeURIComponent(character));
	return safe === '' || /[()]/.test(safe) ? `<${safe}>` : safe;
}

function writeLeaf(run: Run, isInLink: boolean): Piece {
	if (run.isBreak) return { text: '\\\n' };
	if (run.note !== undefined) return { text: `[^${run.note}]` };
	if (run.picture !== undefined) {
		const alt = escapeText(run.text, true).replace(/\s+/g, ' ');
		return { text: `![${alt}](${writeAddress(run.picture)})` };
	}
	if (run.code) return { text: writeCode(run.text) };
	return { text: escapeText(run.text, isInLink) };
}

function writeCode(text: string): string {
	const line = text.replace(/\n/g, ' ');
	const lengths = (line.match(/`+/g) ?? []).map((ticks) => ticks.length);
	const fence = '`'.repeat(lengths.reduce((longest, one) => Math.max(longest, one), 0) + 1);
	const padding = /^`|`$|^ .*[^ ].* $/.test(line) ? ' ' : '';
	return fence + padding + line + padding + fence;
}

/** Escapes what Markdown would read as its own, and no more: the text is for people and models. */
function escapeText(text: string, isInLink: boolean): string {
	let from = 0;
	let written = '';
	for (const { 0: raw, index } of text.matchAll(RAW)) {
		written += escapePlain(text.slice(from, index), isInLink) + raw;
		from = index + raw.length;
	}
	return written + escapePlain(text.slice(from), isInLink);
}

const escapePlain = (text: string, isInLink: boolean): string =>
	text
		.replace(/[\\`*]/g, '\\$&')
		.replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
		.replace(/~~/g, '\\~\\~')
		.replace(/<(?=[a-z/!?])/gi, '\\<')
		.replace(/&(?=#|[a-z][a-z\d]*;)/gi, '\\&')
		// A reference, as `\[` and `\]` around something would be a formula.
		.replace(/[[\]]/g, (bracket) =>
			isInLink ? (bracket === '[' ? '&#91;' : '&#93;') : bracket === '[' ? '\\[' : bracket,
		);

/** Joins pieces so that the stars at their ends mean what they should, and nothing else does. */
function join(pieces: Piece[]): string {
	let line = '';
	let before: Piece | undefined;
	for (const piece of pieces) {
		let { text } = piece;
		if (piece.isLink && line.endsWith('!')) line = `${line.slice(0, -1)}\\!`;
		if (before?.mark && piece.mark?.startsWith(before.mark[0])) line += '<!-- -->';
		else if (before?.mark) text = guardEnd(line, before.mark, text);
		else if (piece.mark) line = guardStart(line, piece);
		line += text;
		before = piece;
	}
	return line;
}

/** Stars behind punctuation close nothing before a letter: so that becomes a reference, which begins with `&`. */
function guardEnd(line: string, mark: string, next: string): string {
	const last = line.at(-mark.length - 1) ?? '';
	const [letter] = [...next];
	if (!letter || !PUNCTUATION.test(last) || !isLetter(letter) || CJK.test(last)) return next;
	return toReference(letter) + next.slice(letter.length);
}

/** The same before stars that open something. */
function guardStart(line: string, { text, mark = '' }: Piece): string {
	const first = text.at(mark.length) ?? '';
	const letter = [...line.slice(-2)].at(-1);
	if (!letter || !PUNCTUATION.test(first) || !isLetter(letter) || CJK.test(first)) return line;
	return line.slice(0, -letter.length) + toReference(letter);
}

const isLetter = (character: string): boolean =>
	/[\p{L}\p{N}]/u.test(character) && !CJK.test(character);

const toReference = (character: string): string => `&#${character.codePointAt(0)};`;
