import { hash, timingSafeEqual } from 'node:crypto';

/**
 * WeChat's push signature: SHA-1, in lower-case hex, over the parts sorted by their bytes and joined.
 * Source: "Message push" (消息推送), parameters `signature` and `msg_signature`.
 */
export function sign(...parts: string[]): string {
	return hash('sha1', parts.sort().join(''));
}

/** Compares without telling by its duration how much of the signature was right. */
export function sameSignature(expected: string, given: string): boolean {
	const [a, b] = [Buffer.from(expected), Buffer.from(given)];
	return a.length === b.length && timingSafeEqual(a, b);
}
