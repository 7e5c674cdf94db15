import type { Clock } from '../base/clock';
import { runOrElse, type RedisSpace } from '../redis/redisSpace';
import { RedisAway } from '../redis/redisConnection';
import { isInTime, type Claim, type Claims, type PushDelivery } from './pushDelivery';

/**
 * A process that ends before it has answered a push or started its run loses it after this time. WeChat delivers it
 * again as late.
 */
const LEASE_MS = 5000;
const EXTEND_MS = 1500;
const POLL_MS = 200;
/** When what Redis did not take is told again. */
const RETELL_MS = 1000;
/** Who waits for an answer looks again now and then: what is published while a connection is lost is lost. */
const LOOK_EVERY_MS = 2000;

/** Takes a push, or keeps it, unless another process says something about it: returns that. */
const KEEP = `
local before = redis.call('GET', KEYS[1])
if before and before ~= ARGV[1] then return before end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false`;

/** What processes say about a push in Redis. */
interface SharedClaim extends Claim {
	/** A run has been started, which goes on whatever becomes of the process. */
	isRunning?: true;
}

interface RedisClaims {
	openSpace: () => Promise<RedisSpace>;
	clock: Clock;
	/** Hears what goes wrong, but not that Redis is away: the connection to it tells that once. */
	fail(error: unknown): void;
}

/**
 * Creates claims that all processes share in Redis: of those that get one push, however close together, one has it.
 * While Redis is away each process goes on alone.
 */
export function createRedisClaims({ openSpace, clock, fail }: RedisClaims): {
	onArrival: Claims;
	onWait: Claims;
} {
	/** What this process says about a push that it has just taken. Each push has claims of its own. */
	let ours: string | undefined;

	async function attempt<T>(work: (space: RedisSpace) => Promise<T>): Promise<T | undefined> {
		try {
			return await work(await openSpace());
		} catch (error) {
			if (!(error instanceof RedisAway)) fail(error);
			return undefined;
		}
	}

	async function read({ connection, toKey, seal }: RedisSpace, name: string) {
		const sealed = await connection.run(async (client) => await client.get(toKey(name)));
		return sealed === null ? undefined : (seal.open(name, sealed) as SharedClaim);
	}

	/** Takes a push, or finds out who has it. Waits for a process that has neither answered it nor started its run. */
	async function take(space: RedisSpace, delivery: PushDelivery): Promise<Claim | undefined> {
		const said = await keep(space, delivery);
		if (said === null) return undefined;
		const other = space.seal.open(toName(delivery), said) as SharedClaim;
		if (other.answer || other.isRunning || !isInTime(other, clock)) return other;
		await clock.sleep(POLL_MS);
		return await runOrElse(
			async () => await take(space, delivery),
			// Whoever has it still has it when Redis goes away.
			[RedisAway],
			async () => other,
		);
	}

	/** Takes a push for a moment, or keeps it. Returns what another process says that has it, sealed; or else null. */
	async function keep(space: RedisSpace, delivery: PushDelivery): Promise<string | null> {
		const { connection, toKey, seal } = space;
		const name = toName(delivery);
		ours ??= seal.seal(name, { since: delivery.since });
		return (await connection.runScript(KEEP, [toKey(name)], ours, LEASE_MS)) as string | null;
	}

	/** Keeps a push that is neither answered nor left to a run yet. */
	function keepLater(delivery: PushDelivery): void {
		clock.later(EXTEND_MS, () => {
			if (delivery.state !== 'claimed') return;
			void attempt(async (space) => await keep(space, delivery));
			keepLater(delivery);
		});
	}

	/** Tells the others what has become of a push. Without a claim it is free for the next who gets it. */
	async function tell(delivery: PushDelivery, claim?: SharedClaim): Promise<void> {
		const name = toName(delivery);
		const wasSettled = delivery.isSettled();
		const isTold = await attempt(async ({ connection, toKey, seal }) => {
			const key = toKey(name);
			const sealed = claim && seal.seal(name, claim);
			await connection.run(
				async (client) =>
					await Promise.all(
						sealed
							? [client.set(key, sealed, 'PX', delivery.acceptedMs), client.publish(key, sealed)]
							: [client.del(key)],
					),
			);
			return true;
		});
		if (isTold || !claim || !isInTime(delivery, clock)) return;
		clock.later(RETELL_MS, () => {
			if (delivery.isSettled() === wasSettled) void tell(delivery, claim);
		});
	}

	async function follow(delivery: PushDelivery): Promise<void> {
		const name = toName(delivery);
		let stop = () => {};
		const hear = (claim?: Claim) => {
			if (claim?.answer) delivery.answerWith(claim.answer);
		};
		delivery.onSettled(() => stop());
		await attempt(async ({ connection, toKey, seal }) => {
			stop = await connection.subscribe(toKey(name), (sealed) => {
				try {
					hear(seal.open(name, sealed) as Claim);
				} catch (error) {
					fail(error);
				}
			});
		});
		// It may have been answered before anybody listened.
		await look();
		async function look(): Promise<void> {
			if (delivery.isSettled() || !isInTime(delivery, clock)) return stop();
			hear(await attempt(async (space) => await read(space, name)));
			clock.later(LOOK_EVERY_MS, () => void look());
		}
	}

	return {
		onArrival: {
			claim: async (delivery) => await attempt(async (space) => await take(space, delivery)),
			announce(delivery) {
				const { since } = delivery;
				keepLater(delivery);
				delivery.onSettled((answer) => void tell(delivery, answer && { since, answer }));
			},
			follow(delivery, claim) {
				if (claim.answer) delivery.answerWith(claim.answer);
				else void follow(delivery);
			},
		},
		onWait: {
			// Before the run starts: a process that ends right after that has told.
			async claim(delivery) {
				await tell(delivery, { since: delivery.since, isRunning: true });
				return undefined;
			},
			announce() {},
			follow() {},
		},
	};
}

const toName = ({ key }: PushDelivery) => `push:${key}`;
