import { decrypt, encrypt, keyOf } from '../../nodes/push/cipher';
import { sign } from '../../nodes/push/signature';
import { vectors } from '../fixtures/crypto-vectors.json';

// The official examples (doc-*) stand in WeChat's pages "Message push" and "Encryption".
const byKind = (...kinds: string[]) =>
	vectors.filter(({ kind }) => kinds.includes(kind)).map((vector) => [vector.id, vector] as const);

test.each(byKind('url-signature'))('%s: signature', (_, { token, timestamp, nonce, signature }) => {
	expect(sign(token, timestamp, nonce)).toBe(signature);
});

test.each(byKind('decrypt', 'encrypt'))('%s: opens', (_, vector) => {
	const { token, timestamp, nonce, encrypt: text = '', encodingAESKey = '' } = vector;
	expect(sign(token, timestamp, nonce, text)).toBe(vector.msg_signature);
	expect(decrypt(keyOf(encodingAESKey) as Buffer, text)).toEqual({
		message: vector.expected_plaintext,
		appId: vector.expected_trailer,
	});
});

test.each(byKind('encrypt'))('%s: seals to the same text', (_, vector) => {
	const { encodingAESKey = '', appid = '', plaintext = '', random16 = '' } = vector;
	const sealed = encrypt(keyOf(encodingAESKey) as Buffer, appid, plaintext, Buffer.from(random16));
	expect(sealed).toBe(vector.encrypt);
});

test('every padding length from 1 to 32 goes there and back', () => {
	const key = keyOf('LabComponentDemoKey0123456789ABCDEFGHijklmA') as Buffer;
	for (let length = 0; length < 64; length++) {
		const message = 'x'.repeat(length);
		expect(decrypt(key, encrypt(key, 'wx7c0ffee123456789', message))).toEqual({
			message,
			appId: 'wx7c0ffee123456789',
		});
	}
});
