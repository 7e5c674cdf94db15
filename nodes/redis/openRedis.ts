import { isIP } from 'node:net';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { Clock } from '../base/clock';
import type { RedisTarget } from './redisUrl';

/** How `CLIENT LIST` of Redis names our connections. */
const CONNECTION_NAME = 'n8n-nodes-wechat-platform';

/** How long a command may take, in milliseconds: a push has to be answered within five seconds. */
const COMMAND_MS = 500;
const CONNECT_MS = 2000;
/** A connection whose answers are late by this much is dead, though nobody has closed it. */
const SILENCE_MS = 3000;
const MAX_PAUSE_MS = 2000;
/** How often a subscription is looked after, in milliseconds. */
const SUBSCRIBE_MS = 5000;

/** How a try to connect differs from a connection that lasts. */
interface OpenOptions {
	/** Milliseconds to wait for a connection. */
	connectMs?: number;
	/** Milliseconds to wait for the answer to a command. */
	commandMs?: number;
	/** Milliseconds before a connection is tried again, by the number of the try. Undefined: no more. */
	findPause?: (tries: number) => number | undefined;
	onError?: (error: Error) => void;
}

/**
 * Creates a client for `connect()` to connect. From then on it connects again by itself, until `disconnect()`. A command fails within half
 * a second, at once while there is no connection, and is never sent twice. ioredis is loaded only here. Errors of the connection go to
 * `onError` and nowhere else: they end no process.
 */
export async function openRedis(
	target: RedisTarget,
	{
		connectMs = CONNECT_MS,
		commandMs = COMMAND_MS,
		findPause = (tries) => Math.min(tries * 100, MAX_PAUSE_MS),
		onError = () => {},
	}: OpenOptions = {},
): Promise<Cluster | Redis> {
	const { Cluster, Redis } = await import('ioredis');
	const { kind, nodes, database, masterName } = target;
	const retryStrategy = (tries: number) => findPause(tries) ?? null;
	const shared: RedisOptions = {
		...readLogin(target),
		connectTimeout: connectMs,
		commandTimeout: commandMs,
		disconnectTimeout: COMMAND_MS,
		socketTimeout: SILENCE_MS,
		connectionName: CONNECTION_NAME,
		disableClientInfo: true,
		// Only Sentinels need it, to be asked again when the server is not the one any more. It writes to the console.
		enableReadyCheck: kind === 'sentinel',
		enableOfflineQueue: false,
		autoResendUnfulfilledCommands: false,
		// Its failure would be a rejection that nobody handles, which ends a process. See followChannels().
		autoResubscribe: false,
		maxRetriesPerRequest: 0,
		// After a failover the old server refuses to write. A new connection finds the new one.
		reconnectOnError: ({ message }) => message.startsWith('READONLY'),
	};
	if (kind === 'cluster') {
		const cluster = new Cluster(nodes, {
			lazyConnect: true,
			enableOfflineQueue: false,
			// Not pipelined: of commands that were sent together a move of their slots would be an error for good.
			enableAutoPipelining: false,
			redisOptions: { ...shared, ...(target.isTls && { tls: {} }) },
			clusterRetryStrategy: retryStrategy,
			slotsRefreshTimeout: connectMs,
			// Whatever was under way when a node broke off may be done.
			retryDelayOnFailover: 0,
			maxRedirections: 5,
			// Looked up by the connection itself: a certificate is for the name.
			dnsLookup: (host, done) => done(null, host),
		});
		cluster.on('error', onError);
		cluster.on('node error', onError);
		return connectNodesToo(cluster);
	}
	const options: RedisOptions = {
		...shared,
		retryStrategy,
		db: database,
		lazyConnect: true,
		enableAutoPipelining: true,
	};
	const redis = new Redis(
		kind === 'sentinel'
			? {
					...options,
					sentinels: nodes,
					name: masterName,
					// Takes no user: Sentinels seldom have any. One without a password takes every password.
					sentinelPassword: target.password,
					sentinelCommandTimeout: connectMs,
					sentinelRetryStrategy: retryStrategy,
					failoverDetector: true,
					...(target.isTls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
				}
			: { ...options, ...nodes[0], ...(target.isTls && { tls: nameServer(nodes[0].host) }) },
	);
	redis.on('error', (error: Error) => {
		// ioredis would go on in database 0.
		if (isOfSelect(error)) redis.disconnect(true);
		onError(error);
	});
	return redis;
}

/**
 * Subscribes a client to channels, again each time it has connected and every few seconds: a connection that is dead is noticed, and a
 * subscription that was lost comes back, of a cluster too. Returns what ends it. Listen to the client's `message`.
 */
export function followChannels(
	client: Cluster | Redis,
	listChannels: () => readonly string[],
	clock: Clock,
): () => void {
	let cancel = () => {};
	const subscribe = () => {
		const channels = listChannels();
		if (channels.length > 0) void client.subscribe(...channels).catch(() => {});
	};
	const repeat = () => {
		subscribe();
		cancel = clock.later(SUBSCRIBE_MS, repeat);
	};
	client.on('ready', subscribe);
	repeat();
	return () => {
		client.off('ready', subscribe);
		cancel();
	};
}

/** Makes `connect()` wait for each node: what is sent to one while it connects fails. */
function connectNodesToo(cluster: Cluster): Cluster {
	const connect = cluster.connect.bind(cluster);
	cluster.connect = async () => {
		await connect();
		const waiting = cluster.nodes('master').filter(({ status }) => status === 'wait');
		// One that cannot be reached leaves the others as they are.
		await Promise.allSettled(waiting.map(async (node) => await node.connect()));
	};
	return cluster;
}

const readLogin = ({ username, password }: RedisTarget): RedisOptions => ({
	...(username && { username }),
	...(password !== undefined && { password }),
});

/** Says in TLS whom it is for, which ioredis leaves out: servers that share an address need it. */
const nameServer = (host: string) => (isIP(host) ? {} : { servername: host });

const isOfSelect = (error: Error) =>
	'command' in error && (error.command as { name?: string } | undefined)?.name === 'select';
