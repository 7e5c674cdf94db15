import { isInteger, parse, stringify } from 'lossless-json';

export type JsonObject = Record<string, unknown>;

/** Integers beyond 2^53 (msg_id, publish_id, user_comment_id) become a bigint. */
function exactNumber(text: string): number | bigint {
	const value = Number(text);
	return isInteger(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

export const parseJson = (text: string): unknown => parse(text, undefined, exactNumber);

export const printJson = (value: unknown): string => stringify(value) ?? 'null';

export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether JSON text spells a printable character as \uXXXX. WeChat stores or shows such an
 * escape literally, or refuses it with 40033; control characters cannot be written otherwise.
 */
export function hasCharacterEscape(text: string): boolean {
	for (const [, hex] of text.matchAll(/\\(?:u([0-9a-f]{4})|[^])/gi)) {
		if (hex !== undefined && parseInt(hex, 16) >= 0x20) return true;
	}
	return false;
}
