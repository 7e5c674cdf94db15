import { UserError } from '../../nodes/base/userError';
import { describeTarget, readRedisUrl } from '../../nodes/redis/redisUrl';

const SECRET = 'hunter2';

describe('a URL', () => {
	// https://www.iana.org/assignments/uri-schemes/prov/redis
	test.each([
		[
			'redis://localhost',
			{ kind: 'single', nodes: [{ host: 'localhost', port: 6379 }], isTls: false, database: 0 },
		],
		['redis://10.0.0.5:7000/15', { nodes: [{ host: '10.0.0.5', port: 7000 }], database: 15 }],
		[
			'REDISS://cache.example.com/',
			{ isTls: true, nodes: [{ host: 'cache.example.com', port: 6379 }], database: 0 },
		],
		['redis://[::1]:7000', { nodes: [{ host: '::1', port: 7000 }] }],
		['redis://[2001:db8::1]/3', { nodes: [{ host: '2001:db8::1', port: 6379 }], database: 3 }],
		['redis://n8n_redis_1', { nodes: [{ host: 'n8n_redis_1', port: 6379 }] }],
		[' redis://localhost\n', { nodes: [{ host: 'localhost', port: 6379 }] }],
	])('names a server: %j', (url, target) => expect(readRedisUrl(url)).toMatchObject(target));

	test.each([
		['redis://:hunter2@h', undefined, 'hunter2'],
		['redis://n8n:hunter2@h', 'n8n', 'hunter2'],
		['redis://n8n:@h', 'n8n', ''],
		['redis://n8n:p%40ss%2Fw%3Ard%25@h', 'n8n', 'p@ss/w:rd%'],
		['redis://n8n:p@ss/w:rd?#@h', 'n8n', 'p@ss/w:rd?#'],
		['redis://us%3Aer:%E5%AF%86@h', 'us:er', '密'],
		['redis://:@h', undefined, undefined],
		['redis://@h', undefined, undefined],
	])('holds a login: %j', (url, username, password) => {
		const target = readRedisUrl(url);
		expect([target.username, target.password, target.nodes]).toEqual([
			username,
			password,
			[{ host: 'h', port: 6379 }],
		]);
	});

	test('names Sentinels, what they call the server, and a database', () => {
		const url = 'redis+sentinel://n8n:hunter2@a,b:26380,[::1]/my-master.1/2';
		expect(readRedisUrl(url)).toEqual({
			kind: 'sentinel',
			nodes: [
				{ host: 'a', port: 26379 },
				{ host: 'b', port: 26380 },
				{ host: '::1', port: 26379 },
			],
			isTls: false,
			username: 'n8n',
			password: 'hunter2',
			database: 2,
			masterName: 'my-master.1',
		});
		expect(readRedisUrl('rediss+sentinel://a/m')).toMatchObject({ isTls: true, database: 0 });
	});

	test.each([
		'rediss+cluster://:hunter2@a:7000, b',
		'rediss+cluster://:hunter2@a:7000,b/',
		'rediss+cluster://:hunter2@a:7000,b/0',
	])('names nodes of a cluster: %j', (url) =>
		expect(readRedisUrl(url)).toEqual({
			kind: 'cluster',
			nodes: [
				{ host: 'a', port: 7000 },
				{ host: 'b', port: 6379 },
			],
			isTls: true,
			password: 'hunter2',
			database: 0,
		}),
	);
});

describe('what is no URL is told apart', () => {
	test.each([
		[SECRET, 'does not begin with redis://'],
		['http://:hunter2@h', 'does not begin with redis://'],
		['redis+sharded://:hunter2@h', 'does not begin with redis://'],
		['unix:/run/redis.sock', 'does not begin with redis://'],
		['redis://', 'has no host'],
		['redis:///run/hunter2', 'has no host'],
		['redis+cluster://:hunter2@a,,b', 'has no host'],
		['redis://::1', 'IPv6 stands in [ ]'],
		['redis://[hunter2]', 'neither a name nor an address'],
		['redis://:hunter2@h h', 'neither a name nor an address'],
		['redis://:hunter2', 'and @ between password and host'],
		['redis://:hunter2@h:0', 'a port that is no number from 1 to 65535'],
		['redis://:hunter2@h:65536', 'a port that is no number from 1 to 65535'],
		['redis://hunter2@h', 'has a user and no password'],
		['redis://:hunter2%@h', 'Write % as %25'],
		['redis://:hunter2@h?db=2', 'behind ? or #'],
		['redis://:hunter2@h/2#x', 'behind ? or #'],
		['redis://:hunter2@h/two', 'not the number of a database'],
		['redis://:hunter2@h/2/3', 'not the number of a database'],
		['redis://:hunter2@a,b', 'several hosts'],
		['redis+sentinel://:hunter2@a,b', 'what the Sentinels call the server'],
		['redis+sentinel://:hunter2@a/m/x', 'not the number of a database'],
		['redis+cluster://:hunter2@a/1', 'A cluster has only one'],
	])('%j', (url, problem) => {
		const read = () => readRedisUrl(url);
		expect(read).toThrow(UserError);
		expect(read).toThrow(`"Redis URL" `);
		expect(read).toThrow(problem);
		expect(read).not.toThrow(SECRET);
		expect(read).toThrow(
			expect.objectContaining({
				hint: expect.stringContaining('redis+sentinel://user') as string,
			}) as Error,
		);
	});
});

test.each([
	['redis://n8n:hunter2@[::1]:7000/2', '[::1]:7000'],
	['redis+sentinel://n8n:hunter2@a,b/m', '"m" of the Sentinels at a:26379, b:26379'],
	['redis+cluster://n8n:hunter2@a,b', 'the cluster at a:6379, b:6379'],
])('logs tell where, and no login: %j', (url, said) =>
	expect(describeTarget(readRedisUrl(url))).toBe(said),
);
