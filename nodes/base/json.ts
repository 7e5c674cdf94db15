import { parse, stringify } from 'lossless-json';
import { removeControls } from './controlCharacters';

/** A number that JavaScript may not hold: more than 15 digits in a row, which do not begin a text. */
const LONG_NUMBER = /(?:^|[[:,])\s*-?\d{16}/;

/**
 * Parses JSON without damaging ids of more than 15 digits: they become text.
 *
 * Takes JSON as servers really write it: with a byte order mark; with raw control characters, which stay in texts and
 * are blanks between them; with a `\` that escapes nothing, which stays; with a comma before `}` or `]`; with a key
 * twice, of which the last one counts.
 *
 * @throws {SyntaxError} when it is no JSON in spite of that. The message is about the text as it came.
 */
export const parseJson = (text: string): unknown =>
	parseLeniently(text, (json) => parseLongNumbers(json, (digits) => digits));

/** A text, up to the end of all when it has none; or what looks like a number, with the colon behind a key. */
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?\d[\d.e+-]*([ \t\r\n]*:)?/gi;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Like {@link parseJson}; every number becomes the text of its digits. */
export const parseJsonTexts = (text: string): unknown =>
	// What is built in is many times as fast as a parser that knows about numbers.
	parseLeniently(text, (json) => JSON.parse(json.replace(TEXT_OR_NUMBER, quoteNumber)));

/** No key becomes a text, nor what is no number: JSON has neither. */
const quoteNumber = (found: string, colon?: string): string =>
	!colon && NUMBER.test(found) ? `"${found}"` : found;

/** Like {@link parseJson}, for what is to be sent on: ids keep their digits as BigInts, see {@link writeJson}. */
export const parseExactJson = (text: string): unknown =>
	parseLeniently(text, (json) => parseLongNumbers(json, BigInt));

/** Writes JSON with BigInts as plain digits, and without control characters: some servers refuse their escapes. */
export const writeJson = (value: unknown): string =>
	stringify(value, (_, entry: unknown) =>
		typeof entry === 'string' ? removeControls(entry) : entry,
	) ?? '';

/** Says what is wrong with a text that {@link parseExactJson} refuses, and where: by line and column, both from 1. */
export function findJsonFault(text: string): {
	line: number;
	column: number;
	problem: string;
} {
	const json = text.replace(/^\uFEFF/, '');
	try {
		parse(json);
	} catch (error) {
		// V8 names no place for some faults.
		const [, problem, at] = /^(.*) at position (\d+)$/s.exec((error as Error).message) ?? [];
		const lines = json.slice(0, Number(at)).split('\n');
		const column = [...lines[lines.length - 1]].length + 1;
		return { line: lines.length, column, problem: problem.replace(/\s+/g, ' ') };
	}
	return { line: 1, column: 1, problem: 'JSON value expected' };
}

function parseLeniently(text: string, parseStrictly: (json: string) => unknown): unknown {
	const json = text.replace(/^\uFEFF/, '');
	try {
		return parseStrictly(json);
	} catch (error) {
		// A page of HTML is not searched for what to mend.
		if (!/^[\u0000-\u0020]*[[{]/.test(json)) throw error;
		try {
			return parseStrictly(mend(json));
		} catch {
			throw error;
		}
	}
}

/** An integer beyond 2^53 becomes what `keep` makes of its digits, any other number a number. */
function parseLongNumbers(json: string, keep: (digits: string) => unknown): unknown {
	// What is built in is many times as fast.
	if (!LONG_NUMBER.test(json)) return JSON.parse(json);
	return parseNumbers(json, (digits) => {
		const value = Number(digits);
		return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? keep(digits) : value;
	});
}

const parseNumbers = (json: string, parseNumber: (digits: string) => unknown): unknown =>
	parse(json, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue });

/** Where texts begin and end, their escapes, and what JSON does not allow. */
const MENDED = /"|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|\\|[\u0000-\u001f]|,(?=[\u0000-\u0020]*[}\]])/g;

/** Writes JSON as it should have been written, see {@link parseJson}. */
function mend(json: string): string {
	let isText = false;
	return json.replace(MENDED, (found) => {
		if (found === '"') isText = !isText;
		if (found === ',' && !isText) return '';
		if (found === '\\' && isText) return '\\\\';
		if (found >= ' ') return found;
		return isText ? JSON.stringify(found).slice(1, -1) : ' ';
	});
}
