import { createSeal, createSealingKey } from '../../nodes/redis/valueSeal';

const key = createSealingKey();
const seal = createSeal(key);

test('a value opens under its name and its key, and nowhere else', () => {
	const sealed = seal.seal('token', { value: '令牌' });
	expect(seal.open('token', sealed)).toEqual({ value: '令牌' });
	expect(createSeal(key).open('token', sealed)).toEqual({ value: '令牌' });
	expect(() => seal.open('ticket', sealed)).toThrow();
	expect(() => createSeal(createSealingKey()).open('token', sealed)).toThrow();
});

test('a value that was changed anywhere, or cut, does not open', () => {
	const bytes = Buffer.from(seal.seal('token', 'abc'), 'base64');
	for (let at = 0; at < bytes.length; at++) {
		const changed = Buffer.from(bytes);
		changed[at] ^= 1;
		expect(() => seal.open('token', changed.toString('base64'))).toThrow();
	}
	for (const length of [0, 12, 27, bytes.length - 1])
		expect(() => seal.open('token', bytes.subarray(0, length).toString('base64'))).toThrow();
});

test('one value is sealed otherwise each time, and names and keys cannot be read', () => {
	expect(seal.seal('a', 1)).not.toBe(seal.seal('a', 1));
	expect(seal.hideName('hello')).toBe(createSeal(key).hideName('hello'));
	expect(seal.hideName('hello')).not.toBe(createSeal(createSealingKey()).hideName('hello'));
	expect(`${seal.hideName('hello')}${seal.fingerprint}`).not.toMatch(/hello/);
	expect(key).not.toContain(seal.fingerprint);
});
