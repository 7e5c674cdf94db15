import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock';
import { RedisAway, type RedisConnection } from './redisConnection';

/** A process that ends while it holds a lock loses it after this time. */
const LEASE_MS = 10_000;
const EXTEND_MS = 3000;
const POLL_MS = 50;
/** Longer than a call to WeChat with its repetitions takes: whoever holds a lock so long is stuck. */
const MAX_WAIT_MS = 60_000;

const EXTEND =
	"if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end";
const RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

/**
 * Runs work in one process at a time. Who waits sees what the others have stored. Without Redis it runs at once: a
 * token renewed twice is better than none.
 */
export async function runLocked<T>(
	connection: RedisConnection,
	name: string,
	clock: Clock,
	work: () => Promise<T>,
): Promise<T> {
	const holder = randomUUID();
	await acquire(connection, name, holder, clock).catch((error: unknown) => {
		// It may be ours all the same: only the answer was lost. What follows does nothing to a lock of others.
		if (!(error instanceof RedisAway)) throw error;
	});
	const ask = (script: string, ...values: string[]) =>
		void connection.runScript(script, [name], holder, ...values).catch(() => {});
	let stop = () => {};
	const extendLater = () => {
		stop = clock.later(EXTEND_MS, () => {
			ask(EXTEND, String(LEASE_MS));
			extendLater();
		});
	};
	extendLater();
	try {
		return await work();
	} finally {
		stop();
		ask(RELEASE);
	}
}

/** Comes back when the lock is ours, or when whoever has it is stuck. */
async function acquire(
	connection: RedisConnection,
	name: string,
	holder: string,
	clock: Clock,
): Promise<void> {
	for (const end = clock.now() + MAX_WAIT_MS; clock.now() < end; await clock.sleep(POLL_MS)) {
		const isOurs = await connection.run(
			async (client) => await client.set(name, holder, 'PX', LEASE_MS, 'NX'),
		);
		if (isOurs) return;
	}
}
