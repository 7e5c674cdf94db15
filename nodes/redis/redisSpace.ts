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
	isOurs(): Promise<boolean>;
	/**
	 * Makes the space ours: notes in Redis which key seals what is there. Returns whether nothing was noted before.
	 *
	 * @throws {KeyMissing} when it was sealed with another key.
	 */
	claim(): Promise<boolean>;
	/**
	 * Opens the space for him who moves what is there: from then on nobody else reads or writes there.
	 *
	 * @throws {KeyMissing} when it was sealed with another key.
	 */
	openToLeave(): Promise<RedisSpace>;
}

/** What is in Redis was sealed with a key that this credential does not have. */
export class KeyMissing extends UserError {
	constructor(keys: string) {
		super(
			'What is stored in Redis was sealed with a key that is missing in this credential',
			`Somebody has replaced the credential through n8n's API, or restored an older one: the key is in its hidden fields. Put back the credential as it was. Or begin anew: delete the keys ${keys} in Redis; tickets and tokens come again by themselves, reply rules do not. If another n8n uses this Redis with the same credential, enter another Redis Key Prefix.`,
			`Redis 中的数据由此凭据所没有的密钥加密（凭据曾通过 n8n 的 API 被替换，或恢复成了旧版本）：请恢复原来的凭据，或删除 Redis 中的键 ${keys} 重新开始（回复规则会丢失）；若另一个 n8n 以同一凭据使用此 Redis，请更换“Redis键前缀”。`,
		);
		this.name = 'KeyMissing';
	}
}

/** The keys that are there as long as anything is, but for what ends by itself within minutes. */
export const NAMES = {
	/** Where the fingerprint of the sealing key is noted. */
	fingerprint: 'key',
	token: 'token',
	ticket: 'ticket',
	accounts: 'accounts',
	sections: 'sections',
} as const;

/**
 * Writes a note, unless there is one that is neither this nor the other one. A note about nothing counts for nothing:
 * whoever wrote it has ended before the key was saved. Returns what was noted before, and what is noted now. KEYS:
 * fingerprint, all other names. ARGV: the note, the other one.
 */
const NOTE = `
local before = redis.call('GET', KEYS[1])
if not before or before == ARGV[2] or redis.call('EXISTS', unpack(KEYS, 2)) == 0 then
	redis.call('SET', KEYS[1], ARGV[1])
end
return {before or '', redis.call('GET', KEYS[1])}`;

/** `name` tells this credential from others in the same Redis. */
export function createRedisSpace(
	connection: RedisConnection,
	prefix: string,
	name: string,
	key: string,
): RedisSpace {
	const toKey = (part: string) => `${prefix}:{${name}}:${part}`;
	const seal = createSeal(key);
	const ours = seal.fingerprint;
	const leaving = `${ours} leaving`;
	const { fingerprint, ...contents } = NAMES;

	async function write(note: string, other: string): Promise<string> {
		const keys = [fingerprint, ...Object.values(contents)].map(toKey);
		const [before, noted] = (await connection.runScript(NOTE, keys, note, other)) as string[];
		if (noted !== note) throw new KeyMissing(toKey('*'));
		return before;
	}

	const space: RedisSpace = {
		connection,
		seal: {
			...seal,
			open(at, sealed) {
				try {
					return seal.open(at, sealed);
				} catch {
					throw new KeyMissing(toKey('*'));
				}
			},
		},
		note: ours,
		toKey,
		isOurs: async () =>
			(await connection.run(async (client) => await client.get(toKey(fingerprint)))) === ours,
		claim: async () => (await write(ours, leaving)) === '',
		async openToLeave() {
			await write(leaving, ours);
			return { ...space, note: leaving };
		},
	};
	return space;
}

/** Writes an entry if it is still what was read. KEYS: entry. ARGV: what was read, what to write, milliseconds to live. */
const WRITE_IF_SAME = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/**
 * Seals a value and writes it, unless another process was faster. Returns whether it is written.
 *
 * @param before What was read, as it stands in Redis; empty when there was nothing.
 * @param lasts In milliseconds.
 */
export async function writeIfSame(
	{ connection, seal, toKey }: RedisSpace,
	name: string,
	before: string,
	value: unknown,
	lasts: number,
): Promise<boolean> {
	const values = [before, seal.seal(name, value), lasts] as const;
	return (await connection.runScript(WRITE_IF_SAME, [toKey(name)], ...values)) === 1;
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
