import type { Cluster, Redis } from 'ioredis';
import { createCache } from '../base/cache';
import { systemClock, type Clock } from '../base/clock';
import { UserError } from '../base/userError';
import { followChannels, openRedis } from './openRedis';
import { describeTarget, readRedisUrl } from './redisUrl';

type RedisClient = Cluster | Redis;

/** Redis cannot be reached, is late, or refuses to work: what it was asked for may be done all the same. */
export class RedisAway extends UserError {
	constructor(problem: string, reason: string) {
		super(
			`${problem}: ${reason}`,
			'Check that it runs, and Redis URL in the credential; the test of the credential says what is wrong. What WeChat pushes meanwhile is kept in the credential.',
			'Redis 不可用：请检查它是否在运行，以及凭据中的“Redis地址”，凭据测试会说明原因；其间微信推送的内容暂存在凭据中。',
		);
		this.name = 'RedisAway';
	}
}

/** What is said about Redis, for the log of n8n. */
type Say = (line: string) => void;

/** A connection of this process, which all nodes share. It comes back by itself. */
export interface RedisConnection {
	/**
	 * Runs commands.
	 *
	 * @throws {RedisAway} within half a second when there is no answer (two while it connects first), at once during the second after that,
	 * and when Redis refuses.
	 */
	run<T>(work: (client: RedisClient) => Promise<T>): Promise<T>;
	/** Runs a Lua script, which no other command comes between. */
	runScript(script: string, keys: string[], ...values: Array<number | string>): Promise<unknown>;
	/** Calls `listener` with what is published from now on, or from when Redis is back, until the returned function is called. */
	subscribe(channel: string, listener: (message: string) => void): Promise<() => void>;
	/** Sets where the next outage and its end are told. */
	tell(say: Say): void;
	close(): void;
}

/** How long Redis is left alone when it did not answer: so long everybody goes on without waiting for it. */
const REST_MS = 1000;
/**
 * How long Redis has to refuse nothing until it is well again: a full one still answers what only reads, and one that
 * is not allowed to publish does all else.
 */
const WELL_AFTER_MS = 60_000;
/** How long whoever comes first waits for a connection. */
const CONNECT_MS = 1000;
/** Half a second in all. */
const TURNS = 5;
const TURN_MS = 100;
/** When the client forgets a command, in milliseconds. */
const NO_ANSWER_MS = 3000;
const MAX_CONNECTIONS = 50;

export interface RedisConnections {
	/** @throws {UserError} when the URL is none. */
	get(url: string): RedisConnection;
	close(): void;
}

/** Creates the connections of a process: one for each URL. */
export function createRedisConnections(clock: Clock = systemClock): RedisConnections {
	const cache = createCache<RedisConnection>({
		max: MAX_CONNECTIONS,
		onEvict(connection) {
			connection.close();
			all.delete(connection);
		},
	});
	const all = new Set<RedisConnection>();
	return {
		get(url) {
			const known = cache.get(url);
			if (known) return known;
			const connection = createRedisConnection(url, clock);
			all.add(connection);
			return cache.set(url, connection);
		},
		close() {
			for (const connection of all) connection.close();
			all.clear();
			cache.clear();
		},
	};
}

interface Outage {
	away: RedisAway;
	/** Until when Redis is left alone, in milliseconds. */
	restUntil: number;
	/** What succeeds before this time does not end it, in milliseconds. */
	lastsUntil: number;
}

function createRedisConnection(url: string, clock: Clock): RedisConnection {
	const target = readRedisUrl(url);
	const where = describeTarget(target);
	let say: Say = () => {};
	let commands: Promise<RedisClient> | undefined;
	let subscriber: Promise<RedisClient> | undefined;
	let stopSubscribing = () => {};
	/** By channel. */
	const listeners = new Map<string, Set<(message: string) => void>>();
	let outage: Outage | undefined;
	let lastError = '';
	let hasEnded = false;

	async function connect(): Promise<RedisClient> {
		const client = await openRedis(target, {
			commandMs: NO_ANSWER_MS,
			onError: (error) => (lastError = error.message),
		});
		// It goes on trying, whatever becomes of the first try. With Sentinels that are away that has no end.
		const connected = client.connect().catch((error: Error) => (lastError ||= error.message));
		await Promise.race([connected, clock.sleep(CONNECT_MS)]);
		return client;
	}

	async function openSubscriber(): Promise<RedisClient> {
		const client = await connect();
		client.on('message', (channel: string, message: string) => {
			for (const listener of listeners.get(channel) ?? []) listener(message);
		});
		stopSubscribing = followChannels(client, () => [...listeners.keys()], clock);
		return client;
	}

	function fail(error: Error): RedisAway {
		const isRefusal = error.name === 'ReplyError';
		const problem = `Redis at ${where} ${isRefusal ? 'refuses to work' : 'does not answer'}`;
		// What the socket said tells more than that there is none.
		const reason = (isClosed(error) && lastError) || error.message;
		if (!outage && !hasEnded)
			say(
				`WeChat: ${problem} (${reason}). Each process of n8n goes on alone, and what has to last is kept in the credential until it is back.`,
			);
		const away = new RedisAway(problem, reason);
		const now = clock.now();
		outage = isRefusal
			? { away, restUntil: now, lastsUntil: now + WELL_AFTER_MS }
			: { away, restUntil: now + REST_MS, lastsUntil: now };
		return away;
	}

	async function guard<T>(work: () => Promise<T>): Promise<T> {
		if (hasEnded) throw new RedisAway(`The connection to Redis at ${where}`, 'it was closed');
		if (outage && clock.now() < outage.restUntil) throw outage.away;
		try {
			const result = await work();
			if (outage && clock.now() >= outage.lastsUntil) {
				say(`WeChat: Redis at ${where} answers again.`);
				outage = undefined;
			}
			lastError = '';
			return result;
		} catch (error) {
			throw isMistake(error) ? error : fail(error as Error);
		}
	}

	const run: RedisConnection['run'] = async (work) =>
		await guard(async () => {
			commands ??= connect();
			return await inTime(work(await commands));
		});

	return {
		run,
		runScript: async (script, keys, ...values) =>
			await run(
				async (client) => await client.call('EVAL', script, keys.length, ...keys, ...values),
			),
		async subscribe(channel, listener) {
			const client = await guard(async () => await (subscriber ??= openSubscriber()));
			const known = listeners.get(channel);
			if (known) known.add(listener);
			else listeners.set(channel, new Set([listener]));
			// What fails here is tried again, see followChannels().
			if (!known) await guard(async () => await inTime(client.subscribe(channel))).catch(() => {});
			return () => {
				const left = listeners.get(channel);
				if (!left?.delete(listener) || left.size > 0) return;
				listeners.delete(channel);
				void client.unsubscribe(channel).catch(() => {});
			};
		},
		tell: (line) => void (say = line),
		close() {
			hasEnded = true;
			for (const opened of [commands, subscriber])
				void opened?.then((client) => {
					stopSubscribing();
					client.disconnect();
				});
		},
	};
}

/**
 * Waits half a second for an answer, in turns of the event loop: a process that is busy for longer reads an answer late that came in
 * time. Taking that for an outage would start a second run.
 */
async function inTime<T>(answer: Promise<T>): Promise<T> {
	let cancel = () => {};
	const late = new Promise<never>((_, reject) => {
		let turns = TURNS;
		const wait = () => {
			cancel = systemClock.later(TURN_MS, () => {
				if (--turns > 0) wait();
				else reject(new Error('Command timed out'));
			});
		};
		wait();
	});
	try {
		return await Promise.race([answer, late]);
	} finally {
		cancel();
	}
}

/** Errors of the code that uses Redis, not of Redis. */
const isMistake = (error: unknown) =>
	error instanceof TypeError || error instanceof RangeError || error instanceof UserError;

const isClosed = ({ message }: Error) => /closed|writeable|retries|refresh slots/i.test(message);
