import { Problem } from '../api/errors';
import { readJson } from '../api/json';

/** What a phone says about itself, a key or a fingerprint; numbers beyond 2^53 are text. */
export type Statement = Record<string, unknown>;

/** Reads the JSON that a phone exported. Only what is signed may be believed. Throws {@link Problem}. */
export function statementIn(json: string): Statement {
	let read: unknown;
	try {
		read = readJson(json);
	} catch {
		// What follows says it.
	}
	if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Statement;
	throw new Problem(
		'What the phone exported holds no JSON object',
		'Pass on what the app got from SOTER as it is.',
	);
}
