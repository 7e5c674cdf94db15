import type { Answer } from '../api/response';
import { parseJsonTexts } from '../base/json';

/**
 * Reads the JSON of an answer; undefined when it is none. Every number is the text of its digits: ids have up to 20 of
 * them (uint64), more than JavaScript holds.
 */
export function parseBotAnswer(body: Buffer): Answer | undefined {
	try {
		const answer = parseJsonTexts(body.toString('utf8'));
		return typeof answer === 'object' && answer !== null && !Array.isArray(answer)
			? (answer as Answer)
			: undefined;
	} catch {
		return undefined;
	}
}

/** Reads a text, or the digits of a number. */
export const readWords = (answer: Answer, name: string): string => {
	const value = answer[name];
	return typeof value === 'string' ? value : '';
};

/** Reads a number; undefined when there is none. */
export function readNumber(answer: Answer, name: string): number | undefined {
	const value = Number(readWords(answer, name) || NaN);
	return Number.isFinite(value) ? value : undefined;
}
