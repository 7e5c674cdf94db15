import { createSingleFlight } from '../../nodes/api/singleFlight';

test('whoever asks for a key during a run shares it, and the next one begins another', async () => {
	const flight = createSingleFlight<number>();
	let runs = 0;
	let finish = () => {};
	const until = new Promise<void>((resolve) => (finish = resolve));
	const work = async () => {
		runs++;
		await until;
		return runs;
	};
	const shared = [flight.run('a', work), flight.run('a', work)];
	const other = flight.run('b', async () => 7);
	expect(await other).toBe(7);
	expect(flight.current('a')).toBeDefined();
	finish();
	expect(await Promise.all(shared)).toEqual([1, 1]);
	expect(flight.current('a')).toBeUndefined();
	expect(await flight.run('a', work)).toBe(2);
});

test('a failure reaches all who share the run, and is over then', async () => {
	const flight = createSingleFlight<number>();
	const failing = async () => await Promise.reject(new Error('broken'));
	const shared = [flight.run('a', failing), flight.run('a', failing)];
	for (const run of shared) await expect(run).rejects.toThrow('broken');
	expect(await flight.run('a', async () => 1)).toBe(1);
});
