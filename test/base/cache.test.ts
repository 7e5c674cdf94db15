import { createCache } from '../../nodes/base/cache';

describe('a cache', () => {
	test('drops what was used least recently, read or written', () => {
		const evicted: number[] = [];
		const cache = createCache<number>({ max: 3, onEvict: (value) => evicted.push(value) });
		for (const [index, key] of ['a', 'b', 'c'].entries()) cache.set(key, index);
		cache.get('a');
		cache.set('b', 10);
		cache.set('d', 3);
		expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual([0, 10, undefined, 3]);
		expect(evicted).toEqual([2]);
	});

	test('never holds more than it may', () => {
		const cache = createCache<number>({ max: 10 });
		const keys = Array.from({ length: 1000 }, (_, n) => `${n}`);
		for (const key of keys) cache.set(key, Number(key));
		expect(keys.filter((key) => cache.get(key) !== undefined)).toEqual(keys.slice(-10));
	});

	test('forgets what is older than its time to live, which reading does not prolong', () => {
		let now = 0;
		const cache = createCache<string>({ max: 3, ttl: 100, now: () => now });
		cache.set('a', 'x');
		now = 99;
		expect(cache.get('a')).toBe('x');
		now = 100;
		expect(cache.get('a')).toBeUndefined();
		cache.set('a', 'y');
		expect(cache.get('a')).toBe('y');
	});

	test('lets go of one entry, or of all, without calling them evicted', () => {
		const onEvict = jest.fn();
		const cache = createCache<number>({ max: 3, onEvict });
		for (const key of ['a', 'b', 'c']) cache.set(key, 1);
		cache.delete('a');
		expect(cache.get('a')).toBeUndefined();
		expect(cache.get('b')).toBe(1);
		cache.clear();
		expect(cache.get('b')).toBeUndefined();
		expect(onEvict).not.toHaveBeenCalled();
	});
});

describe('when the clock is set back', () => {
	let time = 1_000_000;
	const cache = createCache<string>({ max: 2, ttl: 1000, now: () => time });
	beforeEach(() => {
		time = 1_000_000;
		cache.set('a', 'x');
	});

	test('a value lives no longer than it may', () => {
		time -= 86_400_000;
		expect(cache.get('a')).toBeUndefined();
	});

	test('a value is not lost for a moment, as when servers set their clocks', () => {
		time -= 999;
		expect(cache.get('a')).toBe('x');
	});

	test('a value that lives for good stays', () => {
		const forever = createCache<string>({ max: 2, now: () => time });
		forever.set('a', 'x');
		time -= 86_400_000;
		expect(forever.get('a')).toBe('x');
	});
});
