import { createRedisConnections, RedisAway } from '../../nodes/redis/redisConnection';
import { eventually } from '../e2e/services/eventually';
import { createTestClock, type TestClock } from '../support/clock';
import { startRedisServer, useRedis } from '../support/redisServer';

const redis = useRedis(async () => await startRedisServer({ user: 'n8n on >p4ss ~* &* +@all' }));
let clock: TestClock;
let said: string[];
let all: ReturnType<typeof createRedisConnections>;
beforeEach(async () => {
	clock = createTestClock();
	said = [];
	all = createRedisConnections(clock);
	await redis().run('FLUSHALL');
});
afterEach(() => all.close());

function connect() {
	const connection = all.get(redis().url.replace('//', '//n8n:p4ss@'));
	connection.tell((line) => said.push(line));
	return connection;
}
const write = async () => await connect().run(async (client) => await client.set('a', 'b'));
const read = async () => await connect().run(async (client) => await client.get('a'));
const setMaxMemory = async (bytes: number) =>
	await redis().run('CONFIG', 'SET', 'maxmemory', bytes);

test('a Redis that refuses to write but reads is told once, and well after a quiet minute', async () => {
	await write();
	await setMaxMemory(1);
	for (let n = 0; n < 5; n++) {
		await expect(write()).rejects.toThrow('refuses to work: OOM');
		// It has answered: nobody has to leave it alone.
		expect(await read()).toBe('b');
		clock.turn(5000);
	}
	expect(said).toEqual([expect.stringMatching(/^WeChat: Redis at 127.0.0.1:\d+ refuses to work/)]);
	await setMaxMemory(0);
	await write();
	expect(said).toHaveLength(1);
	clock.turn(60_000);
	await write();
	expect(said.slice(1)).toEqual([expect.stringContaining('answers again')]);
	expect(said.join()).not.toContain('p4ss');
});

test('a user who may not subscribe can do all else', async () => {
	await redis().run('ACL', 'SETUSER', 'n8n', '-subscribe');
	await connect().subscribe('channel', () => {});
	await write();
	expect(said).toHaveLength(1);
	await redis().run('ACL', 'SETUSER', 'n8n', '+subscribe');
});

test('a Redis that does not answer is left alone for a second', async () => {
	await write();
	redis().pause();
	await expect(read()).rejects.toThrow(RedisAway);
	const started = Date.now();
	for (let n = 0; n < 100; n++) await expect(read()).rejects.toThrow('Command timed out');
	expect(Date.now() - started).toBeLessThan(400);
	redis().resume();
	await expect(read()).rejects.toThrow(RedisAway);
	clock.turn(1000);
	await eventually(async () => {
		clock.turn(1000);
		expect(await read()).toBe('b');
	});
	expect(said).toEqual([
		expect.stringContaining('does not answer (Command timed out)'),
		expect.stringContaining('answers again'),
	]);
});

test('what was closed stays closed, and says nothing more', async () => {
	const connection = connect();
	await write();
	all.close();
	await expect(connection.run(async (client) => await client.get('a'))).rejects.toThrow('closed');
	expect(said).toEqual([]);
	const clients = async () => String(await redis().run('CLIENT', 'LIST'));
	await eventually(async () => expect(await clients()).not.toContain('n8n-nodes'));
});

// n8n works on other things in the same thread. A timer of ioredis then ends before the answer is read.
test('an answer that a busy process reads late is none of a Redis that is away', async () => {
	await write();
	redis().pause();
	const late = read();
	// Until it is sent.
	await new Promise((done) => setTimeout(done, 50));
	redis().resume();
	// From here Node.js goes on to timers; from others it looks at sockets first.
	await new Promise(setImmediate);
	for (const end = Date.now() + 1200; Date.now() < end;);
	expect(await late).toBe('b');
	expect(said).toEqual([]);
});
