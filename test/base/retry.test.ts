import { retry } from '../../nodes/base/retry';

/** Fails as often as is said, and records the pauses. */
function createWork(failures: number) {
	const pauses: number[] = [];
	let runs = 0;
	return {
		pauses,
		clock: { sleep: async (ms: number) => void pauses.push(ms) },
		async work() {
			if (++runs <= failures) throw new Error(`failure ${runs}`);
			return runs;
		},
	};
}

test('work is repeated after the pauses that the caller chooses', async () => {
	const { work, clock, pauses } = createWork(3);
	expect(await retry(work, (_, failed) => failed * 10, clock)).toBe(4);
	expect(pauses).toEqual([10, 20, 30]);
});

test('work that succeeds is not repeated', async () => {
	const { work, clock, pauses } = createWork(0);
	expect(await retry(work, () => 10, clock)).toBe(1);
	expect(pauses).toEqual([]);
});

test('the failure for which there is no pause is thrown', async () => {
	const { work, clock, pauses } = createWork(9);
	const findPause = (error: unknown) => ((error as Error).message === 'failure 3' ? undefined : 0);
	await expect(retry(work, findPause, clock)).rejects.toThrow('failure 3');
	expect(pauses).toEqual([0, 0]);
});
