import { createSeal, createSealingKey } from '../../nodes/redis/valueSeal';

const seal = createSeal(createSealingKey());
const VALUE = { value: '票据', at: 1 };

test('a value opens under its own name, and shows nothing', () => {
	const sealed = seal.seal('ticket', VALUE);
	expect(seal.open('ticket', sealed)).toEqual(VALUE);
	expect(Buffer.from(sealed, 'base64').toString()).not.toContain('票据');
	expect(seal.seal('ticket', VALUE)).not.toBe(sealed);
});

describe('a value is not opened', () => {
	const sealed = seal.seal('ticket', VALUE);

	test('in the place of another one', () => expect(() => seal.open('token', sealed)).toThrow());

	test('with another key', () =>
		expect(() => createSeal(createSealingKey()).open('ticket', sealed)).toThrow());

	test('when any part of it was changed or is missing', () => {
		const bytes = Buffer.from(sealed, 'base64');
		for (let index = 0; index < bytes.length; index++) {
			const changed = Buffer.from(bytes);
			changed[index] ^= 1;
			expect(() => seal.open('ticket', changed.toString('base64'))).toThrow();
			const shorter = bytes.subarray(0, index).toString('base64');
			expect(() => seal.open('ticket', shorter)).toThrow();
		}
	});
});

test('keys are told apart by fingerprints, and names are hidden alike for one key only', () => {
	const key = createSealingKey();
	const other = createSeal(createSealingKey());
	expect(createSeal(key).fingerprint).toBe(createSeal(key).fingerprint);
	expect(createSeal(key).fingerprint).not.toBe(other.fingerprint);
	expect(createSeal(key).fingerprint).not.toContain(key.slice(0, 10));
	expect(seal.hideName('word')).toBe(seal.hideName('word'));
	expect(seal.hideName('word')).not.toBe(other.hideName('word'));
});
