import type { Clock } from '../base/clock';
import { RedisAway } from './redisConnection';
import { runOrElse, type RedisSpace } from './redisSpace';

/** What is delivered to any of several processes, as often as its sender likes, and is worked on in one of them. */
interface ClaimedDelivery<A> {
	/** Names it in all processes. */
	readonly key: string;
	/** `claimed` as long as this process has it and has not said what becomes of it. */
	readonly state: string;
	/** When it came first to this process or the one that is followed, in milliseconds. */
	readonly since: number;
	/** How long it may come again, in milliseconds. */
	readonly acceptedMs: number;
	isSettled(): boolean;
	answerWith(answer: A): void;
	/** Sets who hears how it ends: without an answer it is forgotten. */
	onSettled(listener: (answer?: A) => void): void;
}

/** What a process says about what it has. */
export interface Claim<A> {
	/** When it came first, in milliseconds. */
	since: number;
	/** Missing as long as a run works on it. */
	answer?: A;
}

/** What processes agree on. */
export interface Claims<A, D extends ClaimedDelivery<A>> {
	/** Takes a delivery for this process. Returns the claim of the process that has it already. */
	claim(delivery: D): Promise<Claim<A> | undefined>;
	/** Tells the others that this process has it, and how it is settled. */
	announce(delivery: D): void;
	/** Answers the connections here with what the other process answers. */
	follow(delivery: D, claim: Claim<A>): void;
}

/** A lease is extended when this part of it is over: what is late by as much again does no harm. */
const EXTENDED_AFTER = 0.3;
const POLL_MS = 200;
/** When what Redis did not take is told again. */
const RETELL_MS = 1000;
/** Who waits for an answer looks again now and then: what is published while a connection is lost is lost. */
const LOOK_EVERY_MS = 2000;

/** Takes a delivery, or keeps it, unless another process says something about it: returns that. */
const KEEP = `
local before = redis.call('GET', KEYS[1])
if before and before ~= ARGV[1] then return before end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false`;

/** What processes say in Redis. */
interface SharedClaim<A> extends Claim<A> {
	/** A run has been started, which goes on whatever becomes of the process. */
	isRunning?: true;
}

export interface RedisClaims<D> {
	openSpace: () => Promise<RedisSpace>;
	clock: Clock;
	/** A process that ends while it has claimed something loses it after this time, in milliseconds. */
	leaseMs: number;
	/** Whether a delivery here can still wait for the process that has claimed it since then. */
	canWait(claimed: { since: number }, delivery: D): boolean;
	/** Whether the others still have to know what Redis has not taken. */
	canRetell(delivery: D): boolean;
	/** Hears what goes wrong, but not that Redis is away: the connection to it tells that once. */
	fail(error: unknown): void;
}

/**
 * Creates claims that all processes share in Redis: of those that get one delivery, however close together, one has it.
 * While Redis is away each process goes on alone.
 */
export function createRedisClaims<A, D extends ClaimedDelivery<A>>({
	openSpace,
	clock,
	leaseMs,
	canWait,
	canRetell,
	fail,
}: RedisClaims<D>): { onArrival: Claims<A, D>; onWait: Claims<A, D> } {
	/** What this process says about what it has just taken. Each delivery has claims of its own. */
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
		return sealed === null ? undefined : (seal.open(name, sealed) as SharedClaim<A>);
	}

	/** Takes a delivery, or finds out who has it. Waits for a process that has neither answered it nor started its run. */
	async function take(space: RedisSpace, delivery: D): Promise<Claim<A> | undefined> {
		const said = await keep(space, delivery);
		if (said === null) return undefined;
		const other = space.seal.open(toName(delivery), said) as SharedClaim<A>;
		if (other.answer || other.isRunning || !canWait(other, delivery)) return other;
		await clock.sleep(POLL_MS);
		return await runOrElse(
			async () => await take(space, delivery),
			// Whoever has it still has it when Redis goes away.
			[RedisAway],
			async () => other,
		);
	}

	/** Takes a delivery for a moment, or keeps it. Returns what another process says that has it, sealed; or else null. */
	async function keep(space: RedisSpace, delivery: D): Promise<string | null> {
		const { connection, toKey, seal } = space;
		const name = toName(delivery);
		ours ??= seal.seal(name, { since: delivery.since });
		return (await connection.runScript(KEEP, [toKey(name)], ours, leaseMs)) as string | null;
	}

	/** Keeps a delivery that is neither answered nor left to a run yet. */
	function keepLater(delivery: D): void {
		clock.later(leaseMs * EXTENDED_AFTER, () => {
			if (delivery.state !== 'claimed') return;
			void attempt(async (space) => await keep(space, delivery));
			keepLater(delivery);
		});
	}

	/** Tells the others what has become of a delivery. Without a claim it is free for the next who gets it. */
	async function tell(delivery: D, claim?: SharedClaim<A>): Promise<void> {
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
		if (isTold || !claim || !canRetell(delivery)) return;
		clock.later(RETELL_MS, () => {
			if (delivery.isSettled() === wasSettled) void tell(delivery, claim);
		});
	}

	async function follow(delivery: D): Promise<void> {
		const name = toName(delivery);
		let stop = () => {};
		const hear = (claim?: Claim<A>) => {
			if (claim?.answer) delivery.answerWith(claim.answer);
		};
		delivery.onSettled(() => stop());
		await attempt(async ({ connection, toKey, seal }) => {
			stop = await connection.subscribe(toKey(name), (sealed) => {
				try {
					hear(seal.open(name, sealed) as Claim<A>);
				} catch (error) {
					fail(error);
				}
			});
		});
		// It may have been answered before anybody listened.
		await look();
		async function look(): Promise<void> {
			if (delivery.isSettled() || !canWait(delivery, delivery)) return stop();
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

const toName = ({ key }: { key: string }) => `push:${key}`;
