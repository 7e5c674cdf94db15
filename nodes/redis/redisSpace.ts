import { UserError } from '../base/userError';
import type { RedisConnection } from './redisConnection';
import { createSeal, type Seal } from './valueSeal';

/** Where the state of one credential is in Redis. */
export interface RedisPlace {
	url: string;
	/** What all keys begin with. */
	prefix: string;
}

/** The keys of one credential in Redis, and what opens their values. */
export interface RedisSpace {
	connection: RedisConnection;
	seal: Seal;
	/** What has to be noted in Redis for the space to be ours. */
	readonly note: string;
	/** All names of a space are in one slot of a cluster. */
	toKey(name: string): string;
	/**
	 * Makes the space ours: notes in Redis which key seals what is there. Returns whether nothing was noted before.
	 *
	 * @throws {KeyMissing} when it was sealed with another key.
	 */
	claim(): Promise<boolean>;
	/** Opens the space for him who moves what is there: from then on nobody else reads or writes there. */
	openToLeave(): Promise<RedisSpace>;
}

/** What is in Redis was sealed with a key that this credential does not have. */
export class KeyMissing extends UserError {
	constructor(keys: string) {
		super(
			'What is stored in Redis was sealed with a key that is missing in this credential',
			`Somebody has replaced the credential through n8n's API, or restored an older one: the key is in its hidden fields. Put back the credential as it was. Or begin anew: delete the keys ${keys} in Redis; tickets and tokens come again by themselves, reply rules do not. If another n8n uses this Redis with the same credential, enter another Redis Key Prefix.`,
		);
		this.name = 'KeyMissing';
	}
}

/** Writes a note, unless there is one that is neither this nor the other one. Returns what was noted before. */
const NOTE = `
local before = redis.call('GET', KEYS[1])
if not before or before == ARGV[2] then redis.call('SET', KEYS[1], ARGV[1]) end
return before`;

/** Where the fingerprint of the sealing key is noted. */
export const FINGERPRINT = 'key';

/** `name` tells this credential from others in the same Redis. */
export function createRedisSpace(
	connection: RedisConnection,
	prefix: string,
	name: string,
	key: string,
): RedisSpace {
	const seal = createSeal(key);
	const toKey = (part: string) => `${prefix}:{${name}}:${part}`;
	const ours = seal.fingerprint;
	const leaving = `${ours} leaving`;

	const write = async (note: string, other: string) =>
		(await connection.runScript(NOTE, [toKey(FINGERPRINT)], note, other)) as string | null;

	const space: RedisSpace = {
		connection,
		seal,
		note: ours,
		toKey,
		async claim() {
			const before = await write(ours, leaving);
			if (before !== null && before !== ours && before !== leaving)
				throw new KeyMissing(toKey('*'));
			return before === null;
		},
		async openToLeave() {
			await write(leaving, ours);
			return { ...space, note: leaving };
		},
	};
	return space;
}

/** Runs other work instead when the first fails in one of these ways. */
export async function runOrElse<T, E extends Error>(
	work: () => Promise<T>,
	failures: Array<new (...args: never[]) => E>,
	instead: (failure: E) => Promise<T>,
): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const isExpected = failures.some((failure) => error instanceof failure);
		if (!isExpected) throw error;
		return await instead(error as E);
	}
}
