import { openRedis } from '../../nodes/redis/openRedis';
import { readRedisUrl } from '../../nodes/redis/redisUrl';
import { startRedisServer, useRedis } from '../support/redisServer';

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
