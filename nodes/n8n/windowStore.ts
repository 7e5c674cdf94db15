import type { Client } from '../api/apiClient';
import {
	countMessage,
	describeRefusal,
	MESSAGE_PATH,
	type MessageWindow,
	type WindowStore,
} from '../api/messageWindow';
import type { Services } from '../api/services';
import { KeyMissing, runOrElse, writeIfSame, type RedisSpace } from '../redis/redisSpace';

/** Long enough to say when a user wrote whose window is over. */
const KEPT_MS = 72 * 60 * 60_000;
const MAX_TRIES = 10;

/**
 * Opens what is known of the windows of an account's users: in Redis when the credential chooses it, else in the memory
 * of this process. Nothing fails because of it: while Redis is away nothing is known.
 */
export function openWindowStore(
	{ windows: memory, clock }: Pick<Services, 'windows' | 'clock'>,
	appId: string,
	openSpace?: () => Promise<RedisSpace>,
): WindowStore {
	const { now } = clock;
	const toName = (openid: string) => `${appId} ${openid}`;
	if (!openSpace) {
		const read = (openid: string) => memory.get(toName(openid));
		return {
			now,
			read: async (openid) => read(openid),
			put: async (openid, windows) => void memory.set(toName(openid), windows),
			change: async (openid, change) => memory.set(toName(openid), change(read(openid) ?? [])),
		};
	}

	return createRedisWindows(openSpace, toName, now);
}

function createRedisWindows(
	openSpace: () => Promise<RedisSpace>,
	toName: (openid: string) => string,
	now: () => number,
): WindowStore {
	/** Opens an entry. One that was written with an earlier key says nothing. */
	async function readEntry({ connection, seal, toKey }: RedisSpace, name: string) {
		const stored = (await connection.run(async (client) => await client.get(toKey(name)))) ?? '';
		const windows = await runOrElse<MessageWindow[] | undefined, KeyMissing>(
			async () => (stored ? (seal.open(name, stored) as MessageWindow[]) : undefined),
			[KeyMissing],
			async () => undefined,
		);
		return { stored, windows };
	}

	async function attempt<T>(
		openid: string,
		work: (space: RedisSpace, name: string) => Promise<T>,
	): Promise<T | undefined> {
		return await runOrElse<T | undefined, Error>(
			async () => {
				const space = await openSpace();
				return await work(space, `window:${space.seal.hideName(toName(openid))}`);
			},
			[Error],
			async () => undefined,
		);
	}

	return {
		now,
		read: async (openid) =>
			await attempt(openid, async (space, name) => (await readEntry(space, name)).windows),
		async put(openid, windows) {
			await attempt(openid, async ({ connection, seal, toKey }, name) => {
				const value = seal.seal(name, windows);
				await connection.run(async (client) => await client.set(toKey(name), value, 'PX', KEPT_MS));
			});
		},
		change: async (openid, change) =>
			await attempt(openid, async (space, name) => {
				for (let tries = 0; tries < MAX_TRIES; tries++) {
					const { stored, windows = [] } = await readEntry(space, name);
					const changed = change(windows);
					if (await writeIfSame(space, name, stored, changed, KEPT_MS)) return changed;
				}
				return undefined;
			}),
	};
}

/** Makes a client count the customer service messages that WeChat takes, and say what is known when it takes none. */
export function countMessages<T extends Client>(client: T, windows: WindowStore): T {
	return {
		...client,
		async send(call) {
			if (call.path !== MESSAGE_PATH) return await client.send(call);
			const openid = String(call.body?.touser ?? '');
			const sending = client.send(call);
			const answer = await sending.catch(async (error: unknown) => {
				throw describeRefusal(error, await windows.read(openid), windows.now());
			});
			await windows.change(openid, (known) => countMessage(known, windows.now()));
			return answer;
		},
	} satisfies T;
}
