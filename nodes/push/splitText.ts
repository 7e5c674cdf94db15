import { UserError } from '../base/userError';
import { MAX_TEXT_BYTES } from './messageTypes';

/** A part that ends at a better place may be this much shorter than it could be. */
const SHORTEST = 0.5;
/** So that the end of a sentence can be told from that of what is looked at. */
const LOOK_AHEAD = 100;

/** Links stay whole: half a tag is no link, and half an address leads nowhere. Chinese behind one belongs to the text. */
const WHOLE = /<a\s[^<>]{0,4096}>[^]{0,4096}?<\/a\s*>|https?:\/\/[!#-&(-;=?-~]{1,2000}/gi;
/** Behind the number of a list, or a title or an abbreviation, no sentence ends. */
const NO_END =
	/(^|\n)[ \t]*(\d{1,3}[.)、]|[•☐☑-])[ \t]*$|\b(Dr|Mr|Mrs|Ms|Prof|St|No|vs|e\.g|i\.e)\.$/;

type Place = [start: number, end: number];

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const sentences = new Intl.Segmenter('zh', { granularity: 'sentence' });

/** Says what is wrong with a text that does not fit into one message. */
export function findExcess(text: string, maxBytes = MAX_TEXT_BYTES) {
	const bytes = Buffer.byteLength(text);
	return bytes > maxBytes
		? {
				problem: `has ${bytes} bytes; WeChat takes ${maxBytes} (a Chinese character counts 3)`,
				chinese: `有 ${bytes} 字节，微信最多接受 ${maxBytes} 字节（一个汉字占 3 字节）`,
			}
		: undefined;
}

/**
 * Splits a text into messages that WeChat takes: between paragraphs, lines, sentences, clauses or words, in this order,
 * and never inside a link or a character. The 600 characters of WeChat's console are for people who type.
 *
 * @throws {UserError} when a link alone is longer than a message.
 */
export function splitText(text: string, maxBytes = MAX_TEXT_BYTES): string[] {
	if (Buffer.byteLength(text) <= maxBytes) return [text];
	const whole = Array.from(text.matchAll(WHOLE), ({ 0: { length }, index }): Place => [
		index,
		index + length,
	]);
	const parts: string[] = [];
	for (let from = 0; from < text.length;) {
		const end = findEnd(text, from, whole, maxBytes);
		const cut = end === text.length ? end : findCut(text, from, end, whole);
		parts.push(text.slice(from, cut).trimEnd());
		from = cut + skipBlanks(text.slice(cut));
	}
	return parts.filter((part) => part !== '');
}

/** Lines keep their indentation. */
const skipBlanks = (rest: string): number => (/^\s*\n|^[ \t]+/.exec(rest) ?? [''])[0].length;

/** The last place at which a part can end. */
function findEnd(text: string, from: number, whole: Place[], maxBytes: number): number {
	let end = from;
	let bytes = 0;
	for (const next of listUnits(text, from, whole, maxBytes)) {
		bytes += Buffer.byteLength(text.slice(end, next));
		if (bytes > maxBytes) break;
		end = next;
	}
	if (end > from) return end;
	if (text.startsWith('<a', from))
		throw new UserError(
			`A link of the text has more than the ${maxBytes} bytes that a message of WeChat holds`,
			'Shorten its address, for example with the resource Short Key of the WeChat node.',
			`文本中有一个链接超过微信消息允许的 ${maxBytes} 字节：请缩短其地址，例如使用 WeChat 节点的“短Key托管”。`,
		);
	// A letter with hundreds of marks on it.
	const [first] = text.slice(from, from + 2);
	return from + first.length;
}

/** Where each character, word of a link or link ends. */
function* listUnits(
	text: string,
	from: number,
	whole: Place[],
	maxBytes: number,
): Generator<number> {
	let at = from;
	for (const [start, end] of [...whole, [Infinity, Infinity]].filter(([place]) => place >= from)) {
		const between = text.slice(at, Math.min(start, at + maxBytes));
		for (const { index, segment } of graphemes.segment(between)) yield at + index + segment.length;
		if (at + between.length < start) return;
		yield end;
		at = end;
	}
}

/** The best place near the last one. */
function findCut(text: string, from: number, end: number, whole: Place[]): number {
	const seen = text.slice(from, end + LOOK_AHEAD);
	const listEnds = (pattern: RegExp, kept = 0) =>
		Array.from(seen.matchAll(pattern), ({ index }) => from + index + kept);
	const isFit = (place: number) =>
		place <= end &&
		place >= from + (end - from) * SHORTEST &&
		!whole.some(([start, stop]) => place > start && place < stop) &&
		!NO_END.test(text.slice(Math.max(from, place - LOOK_AHEAD), place));
	const ranked: Array<() => number[]> = [
		() => listEnds(/\n[ \t]*\n/g),
		() => listEnds(/\n/g),
		() =>
			Array.from(
				sentences.segment(seen),
				({ index, segment }) => from + index + segment.trimEnd().length,
			).slice(0, -1),
		() => listEnds(/[，、；：]|[,;:](?=\s)/g, 1),
		() => listEnds(/\s/g),
	];
	for (const list of ranked) {
		const best = list().findLast(isFit);
		if (best !== undefined) return best;
	}
	return end;
}
