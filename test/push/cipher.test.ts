import { createCipheriv } from 'node:crypto';
import { decrypt, encrypt, toAesKey } from '../../nodes/push/cipher';
import { DEFAULT_ACCOUNT as account } from '../simulator/accounts/defaults';

const key = toAesKey(account.encodingAESKey) as Buffer;

// random(16) + length(4) + message + AppID + padding(1..32): each length of padding, and nothing between two parts.
test.each([
	['', ''],
	['hello', ''],
	['', account.appId],
	...Array.from({ length: 33 }, (_, length) => ['x'.repeat(length), account.appId]),
])('opens %j for the AppID %j', (message, appId) => {
	expect(decrypt(key, encrypt(key, appId, message))).toEqual({ message, appId });
});

describe('opens nothing', () => {
	/** An envelope around bytes of our own making: random(16), length(4), and what is left of 64 bytes. */
	function envelope({ length = 12, padding = [4, 4, 4, 4], bytes = 64 }): Buffer {
		const plain = Buffer.alloc(bytes, 'x');
		if (bytes >= 20) plain.writeUInt32BE(length, 16);
		plain.set(padding, bytes - padding.length);
		return createCipheriv('aes-256-cbc', key, key.subarray(0, 16))
			.setAutoPadding(false)
			.update(plain);
	}
	const open = (sealed: Buffer) => decrypt(key, sealed.toString('base64'));

	test.each([
		['without padding', { padding: [0] }],
		['with more padding than WeChat ever adds', { length: 8, padding: Array<number>(33).fill(33) }],
		['with other bytes in its padding', { padding: [4, 5, 4, 4] }],
		['with another byte at the start of its padding', { padding: [5, 4, 4, 4] }],
		['with a message that ends in its padding', { length: 41 }],
		['with nothing but padding', { bytes: 16, padding: Array<number>(16).fill(16) }],
		['with nothing but a part of its padding', { bytes: 16, padding: Array<number>(16).fill(32) }],
	])('%s', (_, parts) => expect(open(envelope(parts))).toBeUndefined());

	test('with a part of a block at its end', () => {
		const sealed = envelope({});
		expect(open(sealed)?.message).toBe('x'.repeat(12));
		expect(open(Buffer.concat([sealed, Buffer.from('x')]))).toBeUndefined();
		expect(open(sealed.subarray(0, -1))).toBeUndefined();
	});
});

// WeChat's console takes 43 letters and digits; Base64 of 32 bytes may have + and /, too.
test.each(['', 'A'.repeat(42), 'A'.repeat(44), ` ${'A'.repeat(43)}`, `${'A'.repeat(43)}\n`])(
	'%j is no EncodingAESKey',
	(text) => expect(toAesKey(text)).toBeUndefined(),
);
