import { createHash, timingSafeEqual } from 'node:crypto';

/** The fields of a call or an answer (API v2) under WeChat's names. */
export type PayFields = Record<string, unknown>;

/**
 * Computes the signature (签名) of a call or an answer: MD5 in capital letters. It covers all fields that are not empty,
 * sorted by name, and the API v2 key. The calls of red packets take no sign_type, so it is always MD5.
 */
export function signFields(fields: PayFields, apiKey: string): string {
	const pairs = Object.entries(fields)
		.filter(([name, value]) => name !== 'sign' && isText(value))
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => `${name}=${String(value)}&`);
	return createHash('md5')
		.update(`${pairs.join('')}key=${apiKey}`)
		.digest('hex')
		.toUpperCase();
}

/** Whether an answer was signed with the key. */
export function isSignedWith(fields: PayFields, apiKey: string): boolean {
	const given = Buffer.from(String(fields.sign));
	const expected = Buffer.from(signFields(fields, apiKey));
	return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Lists (hblist) have no place among `k=v`. */
const isText = (value: unknown) => value !== '' && value !== undefined && typeof value !== 'object';
