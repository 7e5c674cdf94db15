import { parse } from 'lossless-json';

/** A number that JavaScript may not hold: more than 15 digits in a row. */
const LONG_NUMBER = /\d{16}/;

/**
 * Reads JSON without damaging ids: an integer beyond 2^53 (msg_id, publish_id, …) becomes text, any
 * other number a number.
 */
export function readJson(text: string): unknown {
	if (!LONG_NUMBER.test(text)) return JSON.parse(text);
	return parse(text, undefined, (digits) => {
		const value = Number(digits);
		return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? digits : value;
	});
}
