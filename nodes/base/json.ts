import { parse, stringify } from 'lossless-json';

/** A number that JavaScript may not hold: more than 15 digits in a row. */
const LONG_NUMBER = /\d{16}/;

/** Reads JSON; an integer beyond 2^53 becomes what `keep` makes of its digits, any other number a number. */
function parseWith(keep: (digits: string) => unknown, text: string): unknown {
	if (!LONG_NUMBER.test(text)) return JSON.parse(text);
	return parse(text, undefined, (digits) => {
		const value = Number(digits);
		return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? keep(digits) : value;
	});
}

/** Reads WeChat's JSON without damaging ids (msg_id, publish_id, …): they become text. */
export const parseJson = (text: string): unknown => parseWith((digits) => digits, text);

/** Reads JSON that somebody wrote for WeChat: its ids keep their digits on the way, see writeJson. */
export const parseExactJson = (text: string): unknown => parseWith(BigInt, text);

/** Writes JSON as WeChat reads it: BigInts as plain digits, and half an emoji, which it refuses (40033), not at all. */
export const writeJson = (value: unknown): string =>
	stringify(value, (_, entry: unknown) =>
		typeof entry === 'string' ? entry.toWellFormed() : entry,
	) ?? '';
