import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { systemClock } from '../../nodes/base/clock';
import { followChannels, openRedis } from '../../nodes/redis/openRedis';
import { readRedisUrl } from '../../nodes/redis/redisUrl';
import { eventually } from '../e2e/services/eventually';
import { createTestClock } from '../support/clock';
import {
	START_MS,
	startCluster,
	startRedisServer,
	startReplica,
	startSentinel,
	useRedis,
	type RedisServer,
} from '../support/redisServer';

const server = useRedis(async () => await startRedisServer({ databases: '4' }));

/** Connects a client and closes it afterwards. */
const clients: Array<Awaited<ReturnType<typeof openRedis>>> = [];
async function open(url: string, errors: string[] = []) {
	const client = await openRedis(readRedisUrl(url), {
		onError: ({ message }) => errors.push(message),
	});
	clients.push(client);
	await client.connect();
	return client;
}
afterEach(() => clients.splice(0).forEach((client) => client.disconnect()));

test('Redis sees who is connected, by name', async () => {
	const redis = await open(`${server().url}/3`);
	await redis.set('name', 'value');
	expect(await server().run('CLIENT', 'LIST')).toMatch(/name=n8n-nodes-wechat-platform .* db=3 /);
});

test('of a database that is not there nothing is written to another one', async () => {
	const errors: string[] = [];
	const redis = await openRedis(readRedisUrl(`${server().url}/4`), {
		onError: ({ message }) => errors.push(message),
	});
	clients.push(redis);
	await redis.connect().catch(() => {});
	await expect(redis.set('where', 'here')).rejects.toThrow();
	expect(errors).toContain('ERR DB index is out of range');
	expect(await server().run('GET', 'where')).toBeNull();
});

test('a subscription comes back after each restart, whatever becomes of the first tries', async () => {
	const own = await startRedisServer();
	try {
		const heard: string[] = [];
		const subscriber = await open(own.url);
		const end = followChannels(subscriber, () => ['channel'], systemClock);
		subscriber.on('message', (channel, message) => heard.push(`${channel}: ${message}`));
		for (const message of ['1', '2', '3']) {
			await eventually(
				async () => expect(await own.run('PUBLISH', 'channel', message)).toBe(1),
				20_000,
			);
			// What it has said and not sent yet would be lost with it.
			await eventually(() => expect(heard.at(-1)).toBe(`channel: ${message}`));
			await own.kill();
			await own.start();
		}
		expect(heard).toEqual(['channel: 1', 'channel: 2', 'channel: 3']);
		end();
	} finally {
		await own.stop();
	}
});

test('a lost subscription comes back within seconds', async () => {
	const clock = createTestClock();
	const subscriber = await open(server().url);
	const end = followChannels(subscriber, () => ['lost'], clock);
	const count = async () => await server().run('PUBLISH', 'lost', '');
	await eventually(async () => expect(await count()).toBe(1));
	await subscriber.unsubscribe('lost');
	expect(await count()).toBe(0);
	clock.turn(5000);
	await eventually(async () => expect(await count()).toBe(1));
	end();
	await subscriber.unsubscribe('lost');
	clock.turn(60_000);
	expect(await count()).toBe(0);
});

describe('while Redis is away', () => {
	const own = useRedis(async () => await startRedisServer());

	test('a command fails within a moment, and works again after it is back', async () => {
		const redis = await open(own().url);
		own().pause();
		const start = Date.now();
		await expect(redis.get('a')).rejects.toThrow('Command timed out');
		expect(Date.now() - start).toBeLessThan(5000);
		own().resume();
		await eventually(async () => expect(await redis.get('a')).toBeNull());
		await own().kill();
		await expect(redis.get('a')).rejects.toThrow();
		await own().start();
		await eventually(async () => expect(await redis.get('a')).toBeNull());
	});

	// Its answer may be lost, and what it did be done.
	test('a command that broke off is not sent again', async () => {
		const redis = await open(own().url);
		own().pause();
		const counted = redis.incr('counter').catch(() => {});
		await own().kill();
		await own().start();
		await counted;
		await eventually(async () => expect(await redis.incr('counter')).toBe(1));
	});

	test('nothing is thrown where nobody catches it', async () => {
		const unhandled: unknown[] = [];
		const note = (error: unknown) => unhandled.push(error);
		process.on('unhandledRejection', note);
		const redis = await openRedis(readRedisUrl('redis://127.0.0.1:1'));
		clients.push(redis);
		await redis.connect().catch(() => {});
		await redis.get('a').catch(() => {});
		process.off('unhandledRejection', note);
		expect(unhandled).toEqual([]);
	});
});

// Services that share an address know by it which Redis is meant, and which certificate to show.
test('a server with TLS is told its name', async () => {
	const names: string[] = [];
	const tls = createServer({
		SNICallback(name, done) {
			names.push(name);
			done(null);
		},
	});
	tls.on('tlsClientError', () => {});
	await new Promise<void>((done) => void tls.listen(0, '127.0.0.1', done));
	const { port } = tls.address() as AddressInfo;
	const redis = await openRedis(readRedisUrl(`rediss://localhost:${port}`));
	clients.push(redis);
	await redis.connect().catch(() => {});
	tls.close();
	expect(names).toContain('localhost');
});

test('a server that only follows refuses to write, and is connected to anew', async () => {
	const replica = await startReplica(server());
	try {
		const redis = await open(replica.url);
		const connection = await redis.client('ID');
		await expect(redis.set('a', 'b')).rejects.toThrow('READONLY');
		await replica.run('REPLICAOF', 'NO', 'ONE');
		await eventually(async () => expect(await redis.set('a', 'b')).toBe('OK'));
		expect(await redis.client('ID')).not.toBe(connection);
	} finally {
		await replica.stop();
	}
});

/** A Sentinel that was not run for two seconds, as on a busy computer, does nothing for 30 more ("TILT mode" in Redis' documentation). */
const FAILOVER_MS = 120_000;

describe('Sentinel', () => {
	const login = { requirepass: 'hunter2', masterauth: 'hunter2' };
	const master = useRedis(async () => await startRedisServer(login));
	const replica = useRedis(async () => await startReplica(master(), login));
	const sentinel = useRedis(async () => {
		const server = await startSentinel(master(), 'mymaster');
		await server.run('SENTINEL', 'SET', 'mymaster', 'auth-pass', 'hunter2');
		return server;
	});

	test(
		'the client finds the server, and after a failover the new one',
		async () => {
			await eventually(async () => {
				const replicas = (await sentinel().run('SENTINEL', 'REPLICAS', 'mymaster')) as unknown[];
				expect(replicas).toHaveLength(1);
			}, 20_000);
			const redis = await open(`${sentinel().url.replace('//', '//:hunter2@')}/1`);
			await redis.set('a', '1');
			// Not until the replica has it, or it may be lost with the server.
			await eventually(async () =>
				expect(String(await replica().run('INFO', 'keyspace'))).toContain('db1:'),
			);
			await master().kill();
			await eventually(async () => expect(await redis.set('a', '2')).toBe('OK'), FAILOVER_MS);
			expect(String(await replica().run('INFO', 'replication'))).toContain('role:master');
		},
		START_MS,
	);
});

describe('a cluster', () => {
	const nodes: RedisServer[] = [];
	beforeAll(async () => void nodes.push(...(await startCluster(3))), START_MS);
	afterAll(async () => void (await Promise.all(nodes.map((node) => node.stop()))));
	const write = async (redis: Awaited<ReturnType<typeof open>>) =>
		await Promise.all(Array.from({ length: 50 }, (_, index) => redis.set(`n:{${index}}:a`, '1')));

	test('one node is enough to find all', async () => {
		const redis = await open(nodes[0].url);
		await write(redis);
		const sizes = await Promise.all(nodes.map(async (node) => await node.run('DBSIZE')));
		for (const size of sizes) expect(size).toBeGreaterThan(0);
	});

	// With ioredis' own pipelines each command to a slot that has moved fails, and goes on failing.
	test('a node that was away is used again, as are its slots', async () => {
		const redis = await open(nodes[0].url);
		await nodes[2].kill();
		await expect(write(redis)).rejects.toThrow();
		await nodes[2].start();
		await eventually(async () => void (await write(redis)), 20_000);
	});

	test('messages reach everybody, whichever node they are sent to, after a restart of all too', async () => {
		const subscriber = await open(nodes[0].url);
		const heard: string[] = [];
		const end = followChannels(subscriber, () => ['channel'], systemClock);
		subscriber.on('message', (_: string, message: string) => heard.push(message));
		const hearFromAll = async () => {
			heard.length = 0;
			for (const { port, run } of nodes) await run('PUBLISH', 'channel', port);
			for (const { port } of nodes)
				await eventually(() => expect(heard).toContain(String(port)), 300);
		};
		await eventually(hearFromAll, 20_000);
		await Promise.all(nodes.map((node) => node.kill()));
		await Promise.all(nodes.map((node) => node.start()));
		await eventually(hearFromAll, 20_000);
		end();
	});
});
