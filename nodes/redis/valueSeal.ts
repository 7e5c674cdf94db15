import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals values, so that who reads a dump of Redis learns nothing, and who changes it is noticed. */
export interface Seal {
	/** Tells keys apart, and says nothing about them. */
	readonly fingerprint: string;
	/** `name` is where the value is kept: it opens there and nowhere else. */
	seal(name: string, value: unknown): string;
	/** @throws {Error} when the value was sealed under another key or name, or was changed. */
	open(name: string, sealed: string): unknown;
	/** Stands for a name that others shall not read. */
	hideName(name: string): string;
}

export const createSealingKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/**
 * Creates the seal of a key. Each name has a key of its own, made of that one: random nonces last for 2^32 values of
 * one key (NIST SP 800-38D), and a busy account passes that within half a year.
 */
export function createSeal(key: string): Seal {
	const master = Buffer.from(key, 'base64');
	const derive = (purpose: string, name: string) =>
		createHmac('sha256', master).update(`${purpose} ${name}`).digest();
	return {
		fingerprint: derive('fingerprint', '').toString('base64url').slice(0, 22),
		seal(name, value) {
			const nonce = randomBytes(NONCE_BYTES);
			const cipher = createCipheriv(CIPHER, derive('seal', name), nonce, {
				authTagLength: TAG_BYTES,
			});
			const text = cipher.update(JSON.stringify(value), 'utf8');
			cipher.final();
			return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
		},
		open(name, sealed) {
			const bytes = Buffer.from(sealed, 'base64');
			const text = bytes.subarray(NONCE_BYTES + TAG_BYTES);
			const decipher = createDecipheriv(
				CIPHER,
				derive('seal', name),
				bytes.subarray(0, NONCE_BYTES),
				{ authTagLength: TAG_BYTES },
			).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
			const opened = decipher.update(text, undefined, 'utf8') + decipher.final('utf8');
			return JSON.parse(opened) as unknown;
		},
		hideName: (name) => derive('name', name).toString('base64url').slice(0, 22),
	};
}
