import { isIP } from 'node:net';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import type { RedisTarget } from './redisUrl';

/** How `CLIENT LIST` of Redis names our connections. */
const CONNECTION_NAME = 'n8n-nodes-wechat-platform';

/** How long a command may take, in milliseconds: a push has to be answered within five seconds. */
const COMMAND_MS = 500;
const CONNECT_MS = 2000;
/** A connection whose answers are late by this much is dead, though nobody has closed it. */
const SILENCE_MS = 3000;
const MAX_PAUSE_MS = 2000;

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
		socketTimeout: SILENCE_MS,
		connectionName: CONNECTION_NAME,
		disableClientInfo: true,
		enableOfflineQueue: false,
		autoResendUnfulfilledCommands: false,
		maxRetriesPerRequest: 0,
		// After a failover the old server refuses to write. A new connection finds the new one.
		reconnectOnError: ({ message }) => message.startsWith('READONLY'),
	};
	if (kind === 'cluster') {
		const cluster = new Cluster(nodes, {
			lazyConnect: true,
			enableOfflineQueue: false,
			enableAutoPipelining: true,
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
		return cluster;
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

const readLogin = ({ username, password }: RedisTarget): RedisOptions => ({
	...(username && { username }),
	...(password !== undefined && { password }),
});

/** Says in TLS whom it is for, which ioredis leaves out: servers that share an address need it. */
const nameServer = (host: string) => (isIP(host) ? {} : { servername: host });

const isOfSelect = (error: Error) =>
	'command' in error && (error.command as { name?: string } | undefined)?.name === 'select';
