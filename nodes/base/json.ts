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

/** Parses JSON without damaging ids of more than 15 digits: they become text. */
export const parseJson = (text: string): unknown => parseWith((digits) => digits, text);

/** Parses JSON that is to be sent on: its ids keep their digits as BigInts, see {@link writeJson}. */
export const parseExactJson = (text: string): unknown => parseWith(BigInt, text);

/** Writes JSON with BigInts as plain digits. Half an emoji is replaced: some servers refuse its escape. */
export const writeJson = (value: unknown): string =>
	stringify(value, (_, entry: unknown) =>
		typeof entry === 'string' ? entry.toWellFormed() : entry,
	) ?? '';
