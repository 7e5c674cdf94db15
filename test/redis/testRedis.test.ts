import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../../nodes/base/userError';
import { readRedisUrl } from '../../nodes/redis/redisUrl';
import { checkInfo, testRedis } from '../../nodes/redis/testRedis';
import { eventually } from '../e2e/services/eventually';
import {
	START_MS,
	startCluster,
	startRedisServer,
	startReplica,
	startSentinel,
	startTlsRedis,
	useRedis,
	type RedisServer,
} from '../support/redisServer';

const SECRET = 'hunter2';
const PREFIX = 'n8n-wechat';

/** What the test of a credential says. */
async function verdict(url: string): Promise<string> {
	try {
		return `OK: ${await testRedis({ url, prefix: PREFIX })}`;
	} catch (error) {
		const { message, hint } = error as UserError;
		expect(error).toBeInstanceOf(UserError);
		expect(`${message} ${hint}`).not.toContain(SECRET);
		return `${message}. ${hint}`;
	}
}
const withLogin = (url: string, login = `:${SECRET}`) => url.replace('//', `//${login}@`);

const plain = useRedis(async () => await startRedisServer());

describe('a server', () => {
	const locked = useRedis(async () => await startRedisServer({ requirepass: SECRET }));

	test('that has all that is needed is named with its version, and nothing is left there', async () => {
		const info = String(await plain().run('INFO', 'server'));
		// Valkey says both, one of them for clients that know Redis only.
		const [, valkey] = /valkey_version:(\S+)/.exec(info) ?? [];
		const [, version] = /redis_version:(\S+)/.exec(info) ?? [];
		const name = valkey ? `Valkey ${valkey}` : `Redis ${version}`;
		expect(await verdict(plain().url)).toBe(`OK: ${name} at 127.0.0.1:${plain().port}`);
		expect(await plain().run('DBSIZE')).toBe(0);
		expect(String(await plain().run('CLIENT', 'LIST'))).not.toContain('n8n-nodes');
	});

	test('with a password wants the right one', async () => {
		expect(await verdict(withLogin(locked().url))).toMatch(/^OK: /);
		expect(await verdict(withLogin(locked().url, ':hunter3'))).toMatch(
			/does not accept the user and password in Redis URL\. Check both/,
		);
		expect(await verdict(withLogin(locked().url, `nobody:${SECRET}`))).toMatch(
			/does not accept the user/,
		);
		expect(await verdict(locked().url)).toMatch(/asks for a password, and there is none/);
	});

	test.each([
		['redis://127.0.0.1:1', 'Redis at 127.0.0.1:1 refuses connections. Check that it runs'],
		['redis://no.such.host.invalid', 'Redis at no.such.host.invalid:6379 was not found'],
		['redis+sentinel://127.0.0.1:1/mymaster', 'Redis at 127.0.0.1:1 refuses connections'],
		['redis+cluster://127.0.0.1:1', 'Redis at 127.0.0.1:1 refuses connections'],
		['http://127.0.0.1:6379', '"Redis URL" does not begin with redis://'],
	])('that is not there: %s', async (url, said) => expect(await verdict(url)).toContain(said));

	test('that is silent is waited for three seconds', async () => {
		plain().pause();
		try {
			expect(await verdict(plain().url)).toContain('gives no answer within 3 seconds');
		} finally {
			plain().resume();
		}
	});

	test('has no database of that number', async () => {
		expect(await verdict(`${plain().url}/15`)).toMatch(/^OK: /);
		expect(await verdict(`${plain().url}/16`)).toContain('does not have the database');
	});

	test('that takes no more connections says so', async () => {
		const small = await startRedisServer({ maxclients: '1' });
		const holder = connect(small.port, '127.0.0.1');
		try {
			await once(holder, 'connect');
			expect(await verdict(small.url)).toContain('has as many connections as it takes');
		} finally {
			holder.destroy();
			await small.stop();
		}
	});

	test('that only follows another one is no place to keep anything', async () => {
		const replica = await startReplica(plain());
		try {
			expect(await verdict(replica.url)).toMatch(
				/only follows another one.* address of the primary/,
			);
		} finally {
			await replica.stop();
		}
	});

	test('that still reads its data is not asked yet', async () => {
		const slow = await startRedisServer({
			// In microseconds, and how often it looks for commands meanwhile.
			'key-load-delay': '5000',
			'loading-process-events-interval-bytes': '1024',
		});
		try {
			const fill = "for i = 1, 600 do redis.call('SET', i, string.rep('x', 100)) end";
			await slow.run('EVAL', fill, 0);
			await slow.run('SAVE');
			await slow.kill();
			const started = slow.start();
			await eventually(
				async () =>
					expect(await verdict(slow.url)).toContain(
						'still reads its data from the disk. Try again when it has started',
					),
				20_000,
			);
			await started;
			expect(await verdict(slow.url)).toMatch(/^OK: /);
		} finally {
			await slow.stop();
		}
	});
});

describe('memory', () => {
	const server = useRedis(async () => await startRedisServer({ maxmemory: '100mb' }));
	const setPolicy = async (policy: string) =>
		await server().run('CONFIG', 'SET', 'maxmemory-policy', policy);

	test.each(['allkeys-lru', 'allkeys-random', 'volatile-lru', 'volatile-ttl'])(
		'%s could drop keys: the error has the line to enter',
		async (policy) => {
			await setPolicy(policy);
			expect(await verdict(server().url)).toMatch(
				new RegExp(
					`drops keys when its memory is full \\(maxmemory-policy ${policy}\\).*"CONFIG SET maxmemory-policy noeviction"`,
				),
			);
		},
	);

	test('nothing is dropped with noeviction, or where there is no limit', async () => {
		await setPolicy('noeviction');
		expect(await verdict(server().url)).toMatch(/^OK: /);
		await setPolicy('allkeys-lru');
		await server().run('CONFIG', 'SET', 'maxmemory', '0');
		expect(await verdict(server().url)).toMatch(/^OK: /);
	});

	test('that is full takes nothing more', async () => {
		await setPolicy('noeviction');
		await server().run('CONFIG', 'SET', 'maxmemory', '1');
		expect(await verdict(server().url)).toContain('is full. Raise "maxmemory"');
	});
});

describe('a user', () => {
	const setUser = async (...rules: string[]) =>
		await plain().run('ACL', 'SETUSER', 'n8n', 'reset', 'on', `>${SECRET}`, ...rules);
	const url = () => withLogin(plain().url, `n8n:${SECRET}`);

	test('may do all with the line that the error has, and nothing more is needed', async () => {
		await setUser();
		const said = await verdict(url());
		expect(said).toMatch(
			/does not let user "n8n" run INFO, SET, GET, .*UNSUBSCRIBE on keys and channels that begin with n8n-wechat:/,
		);
		const [, line = ''] = /ACL SETUSER n8n (.*)$/.exec(said) ?? [];
		await setUser(...line.split(' '));
		expect(await verdict(url())).toMatch(/^OK: /);
		for (const rule of line.split(' ').filter((one) => one.startsWith('+'))) {
			await setUser(...line.split(' '), rule.replace('+', '-'));
			expect(await verdict(url())).toContain(`run ${rule.slice(1).toUpperCase()} on keys`);
		}
	});

	test.each(['docs/scaling-out.md', 'docs/zh-CN/scaling-out.md'])(
		'has that line in %s',
		async (file) => {
			await setUser();
			const [, line = ''] = /ACL SETUSER n8n (.*)$/.exec(await verdict(url())) ?? [];
			const page = readFileSync(join(__dirname, '../..', file), 'utf8');
			expect(page).toContain(`ACL SETUSER n8n on >PASSWORD ${line}\n`);
		},
	);

	test.each([
		[['~other:*', '&n8n-wechat:*', '+@all'], 'run SET, GET, MGET'],
		[['~n8n-wechat:*', '&other:*', '+@all'], 'run PUBLISH, SUBSCRIBE on'],
	])('needs keys and channels, too: %j', async (rules, said) => {
		await setUser(...rules);
		expect(await verdict(url())).toContain(said);
	});

	test('of another database may change to it', async () => {
		await setUser('~*', '&*', '+@all', '-select');
		expect(await verdict(`${url()}/1`)).toMatch(/run SELECT on .* \+select$/);
		await setUser('~*', '&*', '+@all');
		expect(await verdict(`${url()}/1`)).toMatch(/^OK: /);
	});
});

describe('TLS', () => {
	const tls = useRedis(async () => await startTlsRedis({ requirepass: SECRET }));

	test('of a server without it', async () =>
		expect(await verdict(plain().url.replace('redis:', 'rediss:'))).toMatch(
			/speaks no TLS\. Write redis:/,
		));

	test('of a server with nothing else', async () =>
		expect(await verdict(withLogin(tls().url).replace('rediss:', 'redis:'))).toMatch(
			/speaks TLS only\. Write rediss:/,
		));

	test('whose certificate nobody vouches for', async () =>
		expect(await verdict(withLogin(tls().url))).toMatch(
			/does not trust \(SELF_SIGNED_CERT_IN_CHAIN\)\. .*NODE_EXTRA_CA_CERTS/,
		));

	/** What a process that knows the authority says. Node.js reads it when it starts. */
	async function verdictWith(ca: string, url: string): Promise<string> {
		const folder = mkdtempSync(join(tmpdir(), 'wechat-redis-'));
		const file = join(folder, 'ca.pem');
		writeFileSync(file, ca);
		const code = `require('${join(__dirname, '../../nodes/redis/testRedis.ts')}').testRedis({ url: process.argv[1], prefix: 'p' }).then((said) => console.log('OK: ' + said), ({ message, hint }) => console.log(message + '. ' + hint))`;
		try {
			const { stdout } = await promisify(execFile)(
				process.execPath,
				['--import', 'tsx', '-e', code, url],
				{ env: { ...process.env, NODE_EXTRA_CA_CERTS: file } },
			);
			return stdout;
		} finally {
			rmSync(folder, { recursive: true });
		}
	}

	test('is used with an authority that n8n knows', async () => {
		const { ca, url } = tls();
		expect(await verdictWith(ca, withLogin(url))).toContain('OK: ');
	});

	test('has to be for the name in the URL', async () => {
		const other = await startTlsRedis({}, 'redis.example.com');
		try {
			expect(await verdictWith(other.ca, other.url)).toMatch(/has a certificate for another name/);
			const byAddress = `rediss://127.0.0.1:${other.port}`;
			expect(await verdictWith(other.ca, byAddress)).toContain('OK: ');
		} finally {
			await other.stop();
		}
	});

	test('with a certificate of the client is too much', async () => {
		const strict = await startTlsRedis({ 'tls-auth-clients': 'yes' });
		try {
			expect(await verdictWith(strict.ca, strict.url)).toMatch(
				/want of a certificate of n8n\. Set "tls-auth-clients no"/,
			);
		} finally {
			await strict.stop();
		}
	});
});

describe('Sentinel', () => {
	const master = useRedis(async () => await startRedisServer());
	const sentinel = useRedis(async () => await startSentinel(master(), 'mymaster'));

	test('leads to the server, with a password that it does not ask for', async () => {
		expect(await verdict(sentinel().url)).toMatch(/^OK: .* at "mymaster" of the Sentinels at 127/);
		expect(await verdict(withLogin(sentinel().url))).toMatch(/^OK: /);
	});

	test('knows no server of another name', async () =>
		expect(await verdict(sentinel().url.replace('mymaster', 'other'))).toMatch(
			/The Sentinel at 127\.0\.0\.1:\d+ knows no "other"\. .*"sentinel monitor"/,
		));

	test('is told from a server', async () => {
		expect(
			await verdict(sentinel().url.replace('redis+sentinel', 'redis').replace('/mymaster', '')),
		).toMatch(/is a Sentinel\. Write redis\+sentinel:/);
		expect(await verdict(`redis+sentinel://127.0.0.1:${master().port}/mymaster`)).toMatch(
			/is no Sentinel\. /,
		);
	});

	test('one of several is enough', async () =>
		expect(await verdict(sentinel().url.replace('//', '//127.0.0.1:1,'))).toMatch(/^OK: /));

	test('names a server that is down', async () => {
		await master().kill();
		expect(await verdict(sentinel().url)).toContain('refuses connections');
	});
});

describe('a cluster', () => {
	const nodes: RedisServer[] = [];
	beforeAll(async () => void nodes.push(...(await startCluster(2))), START_MS);
	afterAll(async () => void (await Promise.all(nodes.map((node) => node.stop()))));

	test('is found from one of its nodes', async () => {
		expect(await verdict(nodes[1].url)).toMatch(/^OK: .* at the cluster at 127/);
		expect(await verdict(nodes[1].url.replace('//', '//127.0.0.1:1,'))).toMatch(/^OK: /);
	});

	test('is told from a server', async () => {
		expect(await verdict(nodes[0].url.replace('redis+cluster', 'redis'))).toMatch(
			/is a node of a cluster\. Write redis\+cluster:/,
		);
		expect(await verdict(plain().url.replace('redis', 'redis+cluster'))).toMatch(
			/is no cluster\. Write redis:/,
		);
	});

	test('may be used with the line that the error has', async () => {
		const allow = async (...rules: string[]) =>
			await Promise.all(
				nodes.map(
					async ({ run }) =>
						await run('ACL', 'SETUSER', 'n8n', 'reset', 'on', `>${SECRET}`, ...rules),
				),
			);
		await allow();
		const said = await verdict(withLogin(nodes[0].url, `n8n:${SECRET}`));
		expect(said).toContain('does not let user "n8n" run CLUSTER|SLOTS');
		await allow(...(/ACL SETUSER n8n (.*)$/.exec(said)?.[1] ?? '').split(' '));
		expect(await verdict(withLogin(nodes[0].url, `n8n:${SECRET}`))).toMatch(/^OK: /);
	});
});

describe('something else at the port', () => {
	async function verdictOn(server: Server): Promise<string> {
		await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
		try {
			return await verdict(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`);
		} finally {
			server.close();
		}
	}

	test('is no Redis', async () =>
		expect(
			await verdictOn(createHttpServer((_, response) => void response.end('hello'))),
		).toContain('answers as something else than Redis does'));

	// ioredis takes these words for another error, and warns of that. A Redis lets everybody in who comes from 127.0.0.1; this is what one of Debian says to others.
	test('a Redis in protected mode says so before it hangs up', async () => {
		jest.spyOn(console, 'warn').mockImplementationOnce(() => {});
		const said =
			'-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user.\r\n';
		expect(await verdictOn(createServer((socket) => void socket.end(said)))).toMatch(
			/is in protected mode: .*"requirepass"/,
		);
	});
});

describe('what a server tells of itself', () => {
	const check = (info: Record<string, string>) => () =>
		checkInfo(readRedisUrl('redis://h'), new Map(Object.entries(info)));

	test.each(['6.0.16', '5.0.14', '3.2.12'])('%s is too old', (version) =>
		expect(check({ redis_version: version })).toThrow(`has version ${version}, which is too old`),
	);
	// As Valkey 8.1.1 says it.
	test('a node of a cluster and a Sentinel are known by another name, too', () => {
		const valkey = { redis_version: '7.2.4', server_name: 'valkey', valkey_version: '8.1.1' };
		expect(check({ ...valkey, server_mode: 'cluster' })).toThrow('is a node of a cluster');
		expect(check({ ...valkey, server_mode: 'sentinel' })).toThrow('is a Sentinel');
		expect(check({ ...valkey, server_mode: 'standalone' })).not.toThrow();
	});

	// Valkey says 7.2.4 for the sake of clients that look for that.
	test.each(['6.2.0', '7.2.4', '8.4.0', '10.0.0'])('%s is new enough', (version) =>
		expect(check({ redis_version: version })).not.toThrow(),
	);
});
