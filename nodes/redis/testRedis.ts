import type { Redis } from 'ioredis';
import { connect } from 'node:net';
import { UserError } from '../base/userError';
import { openRedis } from './openRedis';
import type { RedisPlace } from './redisSpace';
import { createRefusal } from './redisRefusal';
import { describeTarget, readRedisUrl, type RedisTarget } from './redisUrl';

type Client = Awaited<ReturnType<typeof openRedis>>;

/** How long to wait for a connection, and then for each answer, in milliseconds. */
const ANSWER_MS = 3000;
/** How long to wait for what explains a connection that came to nothing. */
const LOOK_MS = 1000;

/**
 * Tries all that is needed of Redis, with keys that are gone in a second.
 *
 * @returns What answers, such as "Redis 7.0.15 at redis.example.com:6379".
 * @throws {UserError} when anything is missing: what it is, and what to do.
 */
export async function testRedis({ url, prefix }: RedisPlace): Promise<string> {
	const target = readRedisUrl(url);
	if (target.kind !== 'single') await testNodes(target, prefix);
	return await useClient(target, prefix, async (client) => {
		const node = client.isCluster ? (client as Exclude<Client, Redis>).nodes('master')[0] : client;
		const info = await readInfo(node as Redis);
		checkInfo(target, info);
		await tryCommands(target, prefix, client, info.size > 0 ? [] : ['INFO']);
		return `${nameVersion(info)} at ${describeTarget(target)}`;
	});
}

/** Connects, and closes the connection in the end. */
async function useClient<T>(
	target: RedisTarget,
	prefix: string,
	work: (client: Client) => Promise<T>,
): Promise<T> {
	const errors: Error[] = [];
	const client = await openRedis(target, {
		connectMs: ANSWER_MS,
		commandMs: ANSWER_MS,
		findPause: () => undefined,
		onError: (error) => errors.push(error),
	});
	try {
		await client.connect();
		return await work(client);
	} catch (error) {
		if (error instanceof UserError) throw error;
		const telling = [error as Error, ...errors].find(isTelling) ?? (error as Error);
		if (isForbidden(telling)) throw createPermissionError(target, prefix, [nameCommand(telling)]);
		throw await explain(target, telling);
	} finally {
		client.disconnect();
	}
}

/** Whether an error is more than the end of the connection, which others have caused. */
const isTelling = ({ message }: Error) =>
	!/^(Connection is closed|Stream isn't writeable|None of startup nodes)|slots cache|max retries/.test(
		message,
	);

/** Asks Sentinels or nodes of a cluster, one after the other, until one answers as it should. */
async function testNodes(target: RedisTarget, prefix: string): Promise<void> {
	const problems: unknown[] = [];
	for (const node of target.nodes) {
		const alone: RedisTarget = { ...target, kind: 'single', nodes: [node], database: 0 };
		// As for openRedis(): a Sentinel gets no user.
		if (target.kind === 'sentinel') delete alone.username;
		try {
			const test = target.kind === 'sentinel' ? testSentinel : testClusterNode;
			return await useClient(
				alone,
				prefix,
				async (client) => await test(client as Redis, target, alone),
			);
		} catch (error) {
			problems.push(error);
		}
	}
	throw problems[0];
}

async function testSentinel(
	client: Redis,
	{ masterName = '' }: RedisTarget,
	alone: RedisTarget,
): Promise<void> {
	const where = describeTarget(alone);
	const address = await client
		.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName)
		.catch((error: Error) => {
			if (!/unknown command|unknown subcommand/i.test(error.message)) throw error;
			throw new UserError(
				`Redis at ${where} is no Sentinel`,
				'Enter host and port of a Sentinel, usually 26379, or write redis:// for the server itself.',
				`${where} 的 Redis 不是 Sentinel：请填写 Sentinel 的主机和端口（通常为 26379），或用 redis:// 直接连接服务器。`,
			);
		});
	if (!address)
		throw new UserError(
			`The Sentinel at ${where} knows no "${masterName}"`,
			'Behind the hosts in Redis URL stands the name of "sentinel monitor" in sentinel.conf, often mymaster.',
			`${where} 的 Sentinel 没有“${masterName}”：“Redis地址”中主机之后应是 sentinel.conf 里 sentinel monitor 的名称，通常为 mymaster。`,
		);
}

async function testClusterNode(client: Redis): Promise<void> {
	await client.cluster('SLOTS');
}

type Info = ReadonlyMap<string, string>;

/** Reads what a server tells of itself. Empty when it does not tell this user. */
async function readInfo(node: Redis): Promise<Info> {
	const text = await node.info().catch((error: Error) => {
		if (isForbidden(error)) return '';
		throw error;
	});
	return new Map(
		[...text.matchAll(/^([^#:\r\n]+):(.*?)\r?$/gm)].map(([, name, value]) => [name, value]),
	);
}

/** @throws {UserError} when the server tells something that does not go together with the URL, or loses what it is told to keep. */
export function checkInfo(target: RedisTarget, info: Info): void {
	const who = `Redis at ${describeTarget(target)}`;
	// Valkey has another name for it.
	const mode = info.get('redis_mode') ?? info.get('server_mode');
	if (info.get('loading') === '1') throw createRefusal(target, new Error('LOADING'));
	if (mode === 'cluster' && target.kind !== 'cluster')
		throw createRefusal(target, new Error('MOVED'));
	if (mode === 'sentinel')
		throw new UserError(
			`${who} is a Sentinel`,
			'Write redis+sentinel://host:26379/name in Redis URL, with the name of "sentinel monitor" in sentinel.conf.',
			'该 Redis 是 Sentinel：请在“Redis地址”中写成 redis+sentinel://host:26379/name，其中 name 是 sentinel.conf 里 sentinel monitor 的名称。',
		);
	if (info.get('role') === 'slave') throw createRefusal(target, new Error('READONLY'));
	const version = info.get('redis_version');
	if (version && !isNewEnough(version))
		throw new UserError(
			`${who} has version ${version}, which is too old`,
			'It takes Redis 6.2 or newer, or Valkey.',
			`Redis 版本 ${version} 过旧：需要 Redis 6.2 或更高版本，或 Valkey。`,
		);
	const policy = info.get('maxmemory_policy') ?? 'noeviction';
	if (policy !== 'noeviction' && Number(info.get('maxmemory')) > 0)
		throw new UserError(
			`${who} drops keys when its memory is full (maxmemory-policy ${policy}): tickets, tokens and reply rules could be lost`,
			'Enter "CONFIG SET maxmemory-policy noeviction" in redis-cli, and "maxmemory-policy noeviction" in redis.conf or the parameters of the service. A cache that needs the other policy takes another Redis.',
			`Redis 在内存用尽时会删除键（maxmemory-policy ${policy}），可能丢失票据、令牌和回复规则：请在 redis-cli 中执行 CONFIG SET maxmemory-policy noeviction，并写入 redis.conf 或云服务的参数；需要其他策略的缓存请另用一个 Redis。`,
		);
}

function isNewEnough(version: string): boolean {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major > 6 || (major === 6 && minor >= 2);
}

function nameVersion(info: Info): string {
	const valkey = info.get('valkey_version');
	return valkey ? `Valkey ${valkey}` : `Redis ${info.get('redis_version')}`;
}

/** @throws {UserError} when the user may not do all that is needed, on all keys that are needed. */
async function tryCommands(
	target: RedisTarget,
	prefix: string,
	client: Client,
	forbidden: string[],
): Promise<void> {
	const text = `${prefix}:{test}:text`;
	const set = `${prefix}:{test}:set`;
	const channel = `${prefix}:{test}:channel`;
	const tries: Record<string, () => Promise<unknown>> = {
		SET: async () => await client.set(text, '', 'PX', 1000),
		GET: async () => await client.get(text),
		MGET: async () => await client.mget(text),
		EXISTS: async () => await client.exists(text),
		PEXPIRE: async () => await client.pexpire(text, 1000),
		DEL: async () => await client.del(text),
		SADD: async () => await client.sadd(set, ''),
		SMEMBERS: async () => await client.smembers(set),
		SREM: async () => await client.srem(set, ''),
		EVAL: async () => await client.call('EVAL', 'return 1', 1, text),
		PUBLISH: async () => await client.publish(channel, ''),
		SUBSCRIBE: async () => await client.subscribe(channel),
		UNSUBSCRIBE: async () => await client.unsubscribe(channel),
	};
	for (const [name, run] of Object.entries(tries))
		await run().catch((error: Error) => {
			if (!isForbidden(error)) throw error;
			forbidden.push(name);
		});
	if (forbidden.length > 0) throw createPermissionError(target, prefix, forbidden);
}

/** What is run, for the line that allows it. */
const COMMANDS =
	'+get +mget +set +exists +pexpire +del +sadd +srem +smembers +eval +publish +subscribe +unsubscribe +info';

/** Also what a service has taken out of its Redis. */
const isForbidden = ({ message }: Error) => /NOPERM|unknown command/i.test(message);

function createPermissionError(
	target: RedisTarget,
	prefix: string,
	forbidden: string[],
): UserError {
	const { kind, username = 'default', database } = target;
	const more = [
		...(kind === 'cluster' || forbidden.some((name) => name.startsWith('CLUSTER'))
			? ['+cluster|slots', '+cluster|info']
			: []),
		...(database > 0 ? ['+select'] : []),
	];
	return new UserError(
		`Redis at ${describeTarget(target)} does not let user "${username}" run ${forbidden.join(', ')} on keys and channels that begin with ${prefix}:`,
		`Enter in redis-cli: ACL SETUSER ${username} ~${prefix}:* &${prefix}:* ${[COMMANDS, ...more].join(' ')}`,
		`Redis 用户“${username}”没有权限对以 ${prefix}: 开头的键和频道执行 ${forbidden.join('、')}：请在 redis-cli 中执行上述 ACL SETUSER 命令。`,
	);
}

/** The command that a server says it does not run. */
const nameCommand = ({ message }: Error) =>
	(/'([\w|]+)/.exec(message)?.[1] ?? 'all that is needed').toUpperCase();

/** Says why a connection came to nothing, and looks where its error does not tell. */
async function explain(target: RedisTarget, error: Error): Promise<UserError> {
	const refusal = createRefusal(target, error);
	if (target.kind !== 'single') return refusal;
	const text = `${'code' in error ? String(error.code) : ''} ${error.message}`;
	const hasBroken = /ECONNRESET|EPIPE|closed/i.test(text);
	const who = `Redis at ${describeTarget(target)}`;
	if (target.isTls) {
		if (!hasBroken && !/TIMEDOUT|WRONG_VERSION|PACKET_LENGTH/.test(text)) return refusal;
		if (await speaksRedis({ ...target, isTls: false }))
			return new UserError(
				`${who} speaks no TLS`,
				'Write redis:// in place of rediss:// in Redis URL.',
				'该 Redis 不使用 TLS：请把“Redis地址”中的 rediss:// 改为 redis://。',
			);
		// Its alert comes too late to be read.
		return hasBroken ? createRefusal(target, new Error('certificate required')) : refusal;
	}
	if (!hasBroken && !/RESP type/.test(text)) return refusal;
	const greeting = await readGreeting(target);
	if (greeting) return createRefusal(target, new Error(greeting));
	if (!(await speaksRedis({ ...target, isTls: true }))) return refusal;
	return new UserError(
		`${who} speaks TLS only`,
		'Write rediss:// in place of redis:// in Redis URL.',
		'该 Redis 只接受 TLS：请把“Redis地址”中的 redis:// 改为 rediss://。',
	);
}

/** Whether a server answers as Redis does. It is told no password: the connection may be one for everybody to read. */
async function speaksRedis({ nodes, isTls }: RedisTarget): Promise<boolean> {
	const errors: Error[] = [];
	const client = await openRedis(
		{ kind: 'single', nodes, isTls, database: 0 },
		{
			connectMs: LOOK_MS,
			commandMs: LOOK_MS,
			findPause: () => undefined,
			onError: (error) => errors.push(error),
		},
	);
	try {
		await client.connect();
		return true;
	} catch {
		return errors.some(({ name, code = '' }: Error & { code?: string }) =>
			isTls ? /CERT|SIGNATURE|ALTNAME|ISSUER/.test(code) : name === 'ReplyError',
		);
	} finally {
		client.disconnect();
	}
}

/** Reads what a server says before it is asked, which is why it hangs up. */
async function readGreeting({ nodes: [node] }: RedisTarget): Promise<string> {
	return await new Promise((resolve) => {
		const socket = connect(node);
		const end = (greeting: string) => {
			socket.destroy();
			resolve(greeting);
		};
		socket.once('data', (text) => end(text.toString().startsWith('-') ? text.toString() : ''));
		socket.once('error', () => end(''));
		socket.once('close', () => end(''));
		socket.setTimeout(LOOK_MS, () => end(''));
	});
}
