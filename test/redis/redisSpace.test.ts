import { createRedisConnections, type RedisConnections } from '../../nodes/redis/redisConnection';
import { createRedisSpace, KeyMissing } from '../../nodes/redis/redisSpace';
import { createSealingKey } from '../../nodes/redis/valueSeal';
import { startRedisServer, useRedis } from '../support/redisServer';

const redis = useRedis(async () => await startRedisServer());
let connections: RedisConnections;
const key = createSealingKey();
const open = (sealingKey = key) =>
	createRedisSpace(connections.get(redis().url), 'n8n-wechat', 'wx1:7', sealingKey);
beforeEach(async () => {
	await redis().run('FLUSHALL');
	connections = createRedisConnections();
});
afterEach(() => connections.close());

test('a space is claimed once, and known again', async () => {
	expect(await open().isOurs()).toBe(false);
	expect(await open().claim()).toBe(true);
	expect(await open().claim()).toBe(false);
	expect(await open().isOurs()).toBe(true);
	expect(open().toKey('token')).toBe('n8n-wechat:{wx1:7}:token');
});

test.each(['token', 'ticket', 'accounts', 'sections'])(
	'what another key has sealed stays its: %s',
	async (name) => {
		await open().claim();
		await redis().run('SET', open().toKey(name), 'sealed');
		const other = open(createSealingKey());
		await expect(other.claim()).rejects.toThrow(KeyMissing);
		await expect(other.openToLeave()).rejects.toThrow('sealed with a key that is missing');
		expect(await open().isOurs()).toBe(true);
	},
);

// A process may end between noting a key and saving it.
test('a key that has sealed nothing yet makes room for another one', async () => {
	await open(createSealingKey()).claim();
	await open().claim();
	expect(await open().isOurs()).toBe(true);
});

test('who moves away closes the space to all others, and can come back', async () => {
	await open().claim();
	await redis().run('SET', open().toKey('token'), 'sealed');
	const leaving = await open().openToLeave();
	expect(await redis().run('GET', open().toKey('key'))).toBe(leaving.note);
	expect(await open().isOurs()).toBe(false);
	expect(await open().claim()).toBe(false);
	expect(await open().isOurs()).toBe(true);
});

test('what the key does not open is told', () => {
	expect(() => open().seal.open('token', 'nonsense')).toThrow(KeyMissing);
});
