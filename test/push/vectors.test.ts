import { createCipheriv } from 'node:crypto';
import { decrypt, encrypt, toAesKey, signParts } from '../../nodes/push/cipher';
import { vectors } from '../fixtures/crypto-vectors.json';

// The official examples (doc-*) stand in WeChat's pages "Message push" and "Encryption".
const byKind = (...kinds: string[]) =>
	vectors.filter(({ kind }) => kinds.includes(kind)).map((vector) => [vector.id, vector] as const);

test.each(byKind('url-signature'))('%s: signature', (_, { token, timestamp, nonce, signature }) => {
	expect(signParts(token, timestamp, nonce)).toBe(signature);
});

test.each(byKind('decrypt', 'encrypt'))('%s: opens', (_, vector) => {
	const { token, timestamp, nonce, encrypt: text = '', encodingAESKey = '' } = vector;
	expect(signParts(token, timestamp, nonce, text)).toBe(vector.msg_signature);
	expect(decrypt(toAesKey(encodingAESKey) as Buffer, text)).toEqual({
		message: vector.expected_plaintext,
		appId: vector.expected_trailer,
	});
});

test.each(byKind('encrypt'))('%s: seals to the same text', (_, vector) => {
	const { encodingAESKey = '', appid = '', plaintext = '', random16 = '' } = vector;
	const sealed = encrypt(
		toAesKey(encodingAESKey) as Buffer,
		appid,
		plaintext,
		Buffer.from(random16),
	);
	expect(sealed).toBe(vector.encrypt);
});

test('every padding length from 1 to 32 goes there and back', () => {
	const key = toAesKey('LabComponentDemoKey0123456789ABCDEFGHijklmA') as Buffer;
	for (let length = 0; length < 64; length++) {
		const message = 'x'.repeat(length);
		expect(decrypt(key, encrypt(key, 'wx7c0ffee123456789', message))).toEqual({
			message,
			appId: 'wx7c0ffee123456789',
		});
	}
});

test('a key may hold + and /, and has 43 characters, neither more nor less', () => {
	expect(toAesKey(`+/${'A'.repeat(41)}`)).toHaveLength(32);
	for (const length of [42, 44]) expect(toAesKey('A'.repeat(length))).toBeUndefined();
});

describe('what WeChat does not write', () => {
	const key = toAesKey('LabComponentDemoKey0123456789ABCDEFGHijklmA') as Buffer;
	/** 43 bytes before the padding. */
	function content(length = 5): Buffer {
		const size = Buffer.alloc(4);
		size.writeUInt32BE(length);
		return Buffer.concat([
			Buffer.alloc(16),
			size,
			Buffer.from('hello'),
			Buffer.from('wx7c0ffee123456789'),
		]);
	}
	function open(...parts: Buffer[]) {
		const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
		return decrypt(key, cipher.update(Buffer.concat(parts)).toString('base64'));
	}

	test('the reference envelope, which the cases below change, opens', () => {
		expect(open(content(), Buffer.alloc(5, 5))).toEqual({
			message: 'hello',
			appId: 'wx7c0ffee123456789',
		});
	});

	test('a part of a block at the end does not open', () => {
		const whole = Buffer.from(encrypt(key, 'wx7c0ffee123456789', 'hello'), 'base64');
		const more = Buffer.concat([whole, Buffer.alloc(5)]);
		expect(decrypt(key, whole.toString('base64'))).toBeDefined();
		expect(decrypt(key, more.toString('base64'))).toBeUndefined();
	});

	test.each<[string, Buffer[]]>([
		['padding of zeros', [content(), Buffer.alloc(5)]],
		['padding of more than 32 bytes', [content(), Buffer.alloc(53, 53)]],
		['padding whose first byte differs', [content(), Buffer.from([4, 5, 5, 5, 5])]],
		['nothing but padding', [Buffer.alloc(16, 16)]],
		['a message that is longer than what is there', [content(24), Buffer.alloc(5, 5)]],
	])('%s does not open', (_, parts) => expect(open(...parts)).toBeUndefined());
});
