import { mapWithLimit } from '../../nodes/base/mapWithLimit';

const pause = async (ms: number) => await new Promise((done) => setTimeout(done, ms));

test('keeps the order and the limit', async () => {
	let running = 0;
	let most = 0;
	const results = await mapWithLimit([30, 5, 20, 1, 10], 2, async (ms, index) => {
		most = Math.max(most, ++running);
		await pause(ms);
		running--;
		return index;
	});
	expect(results).toEqual([0, 1, 2, 3, 4]);
	expect(most).toBe(2);
});

test('a failure stops new work, waits for what runs, and is thrown', async () => {
	const begun: number[] = [];
	const ended: number[] = [];
	const work = mapWithLimit([0, 1, 2, 3, 4], 2, async (entry) => {
		begun.push(entry);
		await pause(entry === 0 ? 1 : 20);
		if (entry === 0) throw new Error('zero');
		ended.push(entry);
	});
	await expect(work).rejects.toThrow('zero');
	expect(begun).toEqual([0, 1]);
	expect(ended).toEqual([1]);
});

test('an empty list is no work', async () => {
	expect(await mapWithLimit([], 5, async () => 1)).toEqual([]);
});

test('of several failures the first is thrown', async () => {
	const work = mapWithLimit([1, 5, 20], 2, async (ms, index) => {
		await pause(ms);
		if (index > 0) throw new Error(`entry ${index}`);
	});
	await expect(work).rejects.toThrow('entry 1');
});
