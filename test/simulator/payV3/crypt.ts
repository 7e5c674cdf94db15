import {
	constants,
	createCipheriv,
	createDecipheriv,
	privateDecrypt,
	publicEncrypt,
	randomBytes,
	sign,
	verify,
	type KeyObject,
} from 'node:crypto';

/** The algorithms of API v3, with nothing but node:crypto. */

/** Lines of a signature end with a line feed, the last one too. */
export const linesOf = (...lines: Array<string | Buffer>): Buffer =>
	Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));

export const signBytes = (key: KeyObject, bytes: Buffer): string =>
	sign('RSA-SHA256', bytes, key).toString('base64');

export const isSignedBy = (key: KeyObject, bytes: Buffer, signature: string): boolean =>
	/^[A-Za-z0-9+/]+={0,2}$/.test(signature) &&
	verify('RSA-SHA256', bytes, key, Buffer.from(signature, 'base64'));

export interface Sealed {
	algorithm: 'AEAD_AES_256_GCM';
	nonce: string;
	associated_data?: string;
	ciphertext: string;
}

/** AEAD_AES_256_GCM: the tag stands at the end of the ciphertext. */
export function sealText(text: string, apiV3Key: string, associated?: string): Sealed {
	const nonce = randomBytes(6).toString('hex');
	const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce);
	cipher.setAAD(Buffer.from(associated ?? ''));
	const bytes = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
	return {
		algorithm: 'AEAD_AES_256_GCM',
		nonce,
		...(associated !== undefined && { associated_data: associated }),
		ciphertext: bytes.toString('base64'),
	};
}

/** @throws {Error} when the key, the nonce or the associated data is another one. */
export function openText({ ciphertext, nonce, associated_data }: Sealed, apiV3Key: string): string {
	const bytes = Buffer.from(ciphertext, 'base64');
	const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce);
	decipher.setAAD(Buffer.from(associated_data ?? ''));
	decipher.setAuthTag(bytes.subarray(-16));
	return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString();
}

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };

/** 敏感信息加密: RSA OAEP with SHA-1, at most 214 bytes. */
export const sealField = (key: KeyObject, text: string): string =>
	publicEncrypt({ key, ...OAEP }, Buffer.from(text)).toString('base64');

/** @throws {Error} when it was encrypted for another key. */
export const openField = (key: KeyObject, sealed: string): string =>
	privateDecrypt({ key, ...OAEP }, Buffer.from(sealed, 'base64')).toString();
