import {
	createCipheriv,
	createDecipheriv,
	hash,
	randomBytes,
	timingSafeEqual,
	type Decipher,
} from 'node:crypto';

/** WeChat pads to 32 bytes, not to the 16 of AES: Node's own unpadding refuses half of its texts. */
const BLOCK = 32;
const RANDOM = 16;
const LENGTH = 4;

/**
 * The AES-256 key in an EncodingAESKey, or undefined when it is not one.
 * Most real keys are not canonical Base64 (the last character has spare bits), so the text is checked
 * by its 43 characters and never by encoding it again.
 */
export function toAesKey(encodingAesKey: string): Buffer | undefined {
	return /^[A-Za-z0-9+/]{43}$/.test(encodingAesKey)
		? Buffer.from(`${encodingAesKey}=`, 'base64')
		: undefined;
}

/**
 * Opens WeChat's envelope: random(16) + length(4, big endian) + message + AppID + padding(1..32).
 * Returns undefined when the key does not fit or the text is damaged.
 */
export function decrypt(
	key: Buffer,
	encrypted: string,
): { message: string; appId: string } | undefined {
	const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	const plain = decipher.update(encrypted, 'base64');
	if (plain.length === 0) return undefined;
	// When all has come out that the text can hold, there is nothing to end, which takes long.
	const isAll = plain.length === Buffer.byteLength(encrypted, 'base64');
	if (!isAll && !hasEnded(decipher)) return undefined;
	const padding = plain[plain.length - 1];
	if (padding < 1 || padding > BLOCK || padding > plain.length) return undefined;
	const end = plain.length - padding;
	for (let at = end; at < plain.length; at++) if (plain[at] !== padding) return undefined;
	const start = RANDOM + LENGTH;
	if (end < start) return undefined;
	const stop = start + plain.readUInt32BE(RANDOM);
	if (stop > end) return undefined;
	return { message: plain.toString('utf8', start, stop), appId: plain.toString('utf8', stop, end) };
}

/** Whether there is no part of a block left. */
function hasEnded(decipher: Decipher): boolean {
	try {
		decipher.final();
		return true;
	} catch {
		return false;
	}
}

/** The reverse of {@link decrypt}; `random` is 16 bytes, a parameter so that tests can fix them. */
export function encrypt(
	key: Buffer,
	appId: string,
	message: string,
	random: Buffer = randomBytes(RANDOM),
): string {
	const text = Buffer.from(message);
	const length = Buffer.alloc(LENGTH);
	length.writeUInt32BE(text.length);
	const content = [random, length, text, Buffer.from(appId)];
	const size = RANDOM + LENGTH + text.length + Buffer.byteLength(appId);
	const padding = BLOCK - (size % BLOCK);
	content.push(Buffer.alloc(padding, padding));
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	// Whole blocks: nothing is left for `final`.
	return cipher.update(Buffer.concat(content)).toString('base64');
}

/**
 * WeChat's push signature: SHA-1, in lower-case hex, over the parts sorted by their bytes and joined.
 * Source: "Message push" (消息推送), parameters `signature` and `msg_signature`.
 */
export function signParts(...parts: string[]): string {
	// Unlike `join`, this does not copy the text.
	return hash(
		'sha1',
		parts.sort().reduce((text, part) => text + part),
	);
}

/** Compares without telling by its duration how much of the signature was right. */
export function isSameSignature(expected: string, given: string): boolean {
	const [a, b] = [Buffer.from(expected), Buffer.from(given)];
	return a.length === b.length && timingSafeEqual(a, b);
}
