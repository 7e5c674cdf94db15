import { hash } from 'node:crypto';
import type { IWebhookFunctions } from 'n8n-workflow';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { UserError } from '../base/userError';
import { readText, type Message } from '../push/message';
import { RedisAway } from '../redis/redisConnection';
import { writeIfSame, type RedisSpace } from '../redis/redisSpace';
import { addMessage, findStep, removeMessages, type JoinGroup } from './joinGroup';
import type { PushDelivery } from './pushDelivery';
import { logFailure, type ReceivedPush } from './receivedPush';

/** Joins what one person writes within some seconds. */
export interface Joining {
	/**
	 * Waits for newer messages of the same person to the same node. Returns all of them, in the order in which they were
	 * written, to the call that runs them; the others get undefined, as soon as WeChat is answered.
	 */
	join(
		context: IWebhookFunctions,
		received: ReceivedPush,
		delivery: PushDelivery,
		seconds: number,
	): Promise<Message[] | undefined>;
}

/** Where groups are kept. */
interface GroupStore {
	/** Changes a group and returns it as it is then. `change` may be called again, and returns the same for no change. */
	update(
		name: string,
		change: (group?: JoinGroup) => JoinGroup | undefined,
	): Promise<JoinGroup | undefined>;
}

/** Longer than a group lives. */
const STORED_MS = 60_000;
const MAX_GROUPS = 10_000;
/** Of messages of one person that come at the same moment to several processes. */
const MAX_TRIES = 10;
const MINUTE_MS = 60_000;
const MAX_CREDENTIALS = 200;
const MAX_SECONDS = 10;
const NAME_BYTES = 12;

/** Reads the option: 1 to 10 seconds; 0 when nothing is to be joined, whatever an expression makes of it. */
export function readJoinSeconds(option: unknown): number {
	const seconds = Number(option);
	return seconds > 0 ? Math.min(seconds, MAX_SECONDS) : 0;
}

/**
 * Creates what joins messages: in Redis for all processes, when the credential chooses it. Otherwise, and while Redis is
 * away, each process joins those that come to it. The credential itself is neither read nor written.
 */
export function createJoining(clock: Clock): Joining {
	const local = createLocalGroups(clock);
	const failures = createCache<true>({ max: MAX_CREDENTIALS, ttl: MINUTE_MS, now: clock.now });

	/** That Redis is away is told by the connection to it; what else goes wrong is told once a minute. */
	function fail(context: IWebhookFunctions, { credential: { id } }: ReceivedPush, error: unknown) {
		if (error instanceof RedisAway || failures.get(id)) return;
		failures.set(id, true);
		logFailure(context, error);
	}

	return {
		async join(context, received, delivery, seconds) {
			const name = toGroupName(context, received);
			const { key } = delivery;
			const windowMs = seconds * 1000;
			const own = { message: received.push.message, at: clock.now() };
			const { openSpace } = received.credential;
			let shared = openSpace && createRedisGroups(openSpace);

			/** Changes the group in Redis, and the copy of this process, which counts when Redis goes away. */
			async function update(change: (group?: JoinGroup) => JoinGroup | undefined) {
				const copy = await local.update(name, change);
				try {
					return shared ? await shared.update(name, change) : copy;
				} catch (error) {
					fail(context, received, error);
					shared = undefined;
					return copy;
				}
			}

			let group = await update((before) => addMessage(before, key, own, windowMs));
			for (;;) {
				const step = findStep(group, key, own, windowMs, clock.now());
				if (step.kind === 'run') {
					await update((before) => removeMessages(before, step.keys));
					return step.messages;
				}
				if (step.kind === 'done') {
					await local.update(name, (before) => removeMessages(before, [key]));
					delivery.acknowledge();
					return undefined;
				}
				await clock.sleep(step.ms);
				group = await update((before) => before);
			}
		},
	};
}

/** Names what is joined: what one person writes to one account, for one node. */
function toGroupName(
	context: IWebhookFunctions,
	{ accountAppId, push: { message } }: ReceivedPush,
): string {
	const node = [context.getWorkflow().id, context.getNode().id, context.getMode()];
	const who = ['ToUserName', 'FromUserName'].map((field) => readText(message, field));
	const digest = hash('sha256', [...node, accountAppId, ...who].join(' '), 'buffer');
	return `join:${digest.subarray(0, NAME_BYTES).toString('base64url')}`;
}

function createLocalGroups(clock: Clock): GroupStore {
	const groups = createCache<JoinGroup>({ max: MAX_GROUPS, ttl: STORED_MS, now: clock.now });
	return {
		async update(name, change) {
			const before = groups.get(name);
			const after = change(before);
			return after && after !== before ? groups.set(name, after) : before;
		},
	};
}

/** Groups in Redis, sealed. A change is computed here, and written if nobody has changed the group meanwhile. */
function createRedisGroups(openSpace: () => Promise<RedisSpace>): GroupStore {
	return {
		async update(name, change) {
			const space = await openSpace();
			const { connection, toKey, seal } = space;
			for (let tries = 0; tries < MAX_TRIES; tries++) {
				const sealed = await connection.run(async (client) => await client.get(toKey(name)));
				const before = sealed === null ? undefined : (seal.open(name, sealed) as JoinGroup);
				const after = change(before);
				if (!after || after === before) return before;
				if (await writeIfSame(space, name, sealed ?? '', after, STORED_MS)) return after;
			}
			throw new UserError(
				'Messages to join could not be kept in Redis: too many came at a time',
				'Each process of n8n joins those that come to it.',
				'同时到达的消息过多，无法在 Redis 中合并：n8n 的每个进程只合并自己收到的消息。',
			);
		},
	};
}
