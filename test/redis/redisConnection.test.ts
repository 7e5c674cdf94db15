import { createServer, type AddressInfo } from 'node:net';
import { createRedisConnections, RedisAway } from '../../nodes/redis/redisConnection';
import { startRedisServer, startSentinel, useRedis } from '../support/redisServer';
import { eventually } from '../e2e/services/eventually';

const master = useRedis(async () => await startRedisServer());
const sentinel = useRedis(async () => await startSentinel(master(), 'mymaster'));
const connections = createRedisConnections();
afterAll(() => connections.close());

const ask = async (url: string) =>
	await connections.get(url).run(async (client) => await client.get('a'));

// A push is answered within five seconds, whatever Redis does.
describe('whoever comes first waits for a moment only', () => {
	test('when no Sentinel answers, and finds the server when one does', async () => {
		await sentinel().kill();
		await expect(ask(sentinel().url)).rejects.toThrow(RedisAway);
		await sentinel().start();
		await eventually(async () => expect(await ask(sentinel().url)).toBeNull(), 20_000);
	});

	test('when a server is silent', async () => {
		const silent = createServer();
		await new Promise<void>((done) => void silent.listen(0, '127.0.0.1', done));
		const { port } = silent.address() as AddressInfo;
		await expect(ask(`redis://127.0.0.1:${port}`)).rejects.toThrow(RedisAway);
		silent.close();
	});
});
