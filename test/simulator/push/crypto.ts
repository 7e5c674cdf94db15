import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** 消息加解密: PKCS#7 is applied with blocks of 32 bytes, not with the 16 of AES. */
const BLOCK = 32;

export interface Unsealed {
	message: string;
	appId: string;
}

/** signature and msg_signature alike: SHA-1 over the parts, sorted by their bytes. */
export function sign(...parts: string[]): string {
	const sorted = parts.map((part) => Buffer.from(part)).sort(Buffer.compare);
	return createHash('sha1').update(Buffer.concat(sorted)).digest('hex');
}

/** Encrypts a message as the platform does: random(16) + length(4) + message + AppID. */
export function seal(
	encodingAESKey: string,
	appId: string,
	message: string,
	random16: string | Buffer = randomBytes(16),
): string {
	const bytes = Buffer.from(message);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	const content = Buffer.concat([Buffer.from(random16), length, bytes, Buffer.from(appId)]);
	const pad = BLOCK - (content.length % BLOCK);
	const key = aesKey(encodingAESKey);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(Buffer.concat([content, Buffer.alloc(pad, pad)])),
		cipher.final(),
	]).toString('base64');
}

/** Decrypts and checks padding and length; the caller compares the AppID. */
export function unseal(encodingAESKey: string, encrypted: string): Unsealed {
	const sealed = Buffer.from(encrypted, 'base64');
	if (sealed.length === 0 || sealed.length % BLOCK !== 0) {
		throw new Error(`Encrypt holds ${sealed.length} bytes, not a multiple of ${BLOCK}`);
	}
	const key = aesKey(encodingAESKey);
	const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
	decipher.setAutoPadding(false);
	const padded = Buffer.concat([decipher.update(sealed), decipher.final()]);

	const pad = padded[padded.length - 1];
	const padding = padded.subarray(-pad);
	if (pad < 1 || pad > BLOCK || padding.some((byte) => byte !== pad)) {
		throw new Error('the padding is not PKCS#7 with blocks of 32');
	}
	const content = padded.subarray(0, -pad);
	const end = content.length < 20 ? Infinity : 20 + content.readUInt32BE(16);
	if (end > content.length) throw new Error('the length field does not fit');
	return {
		message: content.subarray(20, end).toString(),
		appId: content.subarray(end).toString(),
	};
}

/** Most real keys are non-canonical Base64 (spare bits in character 43), so only sizes count. */
function aesKey(encodingAESKey: string): Buffer {
	const key = Buffer.from(`${encodingAESKey}=`, 'base64');
	if (encodingAESKey.length !== 43 || key.length !== 32) {
		throw new Error('EncodingAESKey must have 43 characters');
	}
	return key;
}
