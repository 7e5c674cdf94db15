import { createRedisConnections, type RedisConnections } from '../../nodes/redis/redisConnection';
import { runLocked } from '../../nodes/redis/redisLock';
import { eventually } from '../e2e/services/eventually';
import { createTestClock } from '../support/clock';
import { startRedisServer, useRedis } from '../support/redisServer';

const redis = useRedis(async () => await startRedisServer());
const clock = createTestClock();
const opened: RedisConnections[] = [];
beforeEach(async () => void (await redis().run('FLUSHALL')));
afterEach(() => opened.splice(0).forEach((connections) => connections.close()));

function connect() {
	const connections = createRedisConnections(clock);
	opened.push(connections);
	return connections.get(redis().url);
}
const life = async () => Number(await redis().run('PTTL', 'lock'));
const isFree = async () => expect(await life()).toBe(-2);

test('a lock is free after the work, also when that fails', async () => {
	const work = async () => await Promise.reject(new Error('work failed'));
	await expect(runLocked(connect(), 'lock', clock, work)).rejects.toThrow('work failed');
	await eventually(isFree);
});

test('who works for long keeps the lock, and a dead holder loses it', async () => {
	let finish = () => {};
	const connection = connect();
	const long = runLocked(
		connection,
		'lock',
		clock,
		async () => await new Promise<void>((done) => (finish = done)),
	);
	await eventually(async () => expect(await life()).toBeGreaterThan(9000));
	expect(await life()).toBeLessThanOrEqual(10_000);
	await redis().run('PEXPIRE', 'lock', 4000);
	clock.turn(3000);
	await eventually(async () => expect(await life()).toBeGreaterThan(9000));
	// It ends without a word: its time in Redis runs out.
	const next = runLocked(connect(), 'lock', clock, async () => 'done');
	await redis().run('DEL', 'lock');
	let result = '';
	void next.then((done) => (result = done));
	await eventually(() => {
		clock.turn(50);
		expect(result).toBe('done');
	});
	finish();
	await long;
});

test('who finishes late leaves the lock of another one alone', async () => {
	await runLocked(connect(), 'lock', clock, async () => {
		await redis().run('SET', 'lock', 'of another one');
		clock.turn(3000);
	});
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(await redis().run('GET', 'lock')).toBe('of another one');
});

test('without Redis the work is done at once', async () => {
	const own = await startRedisServer();
	const connections = createRedisConnections(clock);
	opened.push(connections);
	await own.stop();
	expect(await runLocked(connections.get(own.url), 'lock', clock, async () => 'done')).toBe('done');
});
