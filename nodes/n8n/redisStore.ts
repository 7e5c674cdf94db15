import { randomUUID } from 'node:crypto';
import {
	GONE_MS,
	mergeStates,
	type Grant,
	type SectionEntries,
	type SectionEntry,
	type State,
	type Store,
} from '../api/state';
import { createCache, type Cache } from '../base/cache';
import type { Clock } from '../base/clock';
import { mapWithLimit } from '../base/mapWithLimit';
import { UserError } from '../base/userError';
import { runLocked } from '../redis/redisLock';
import { KeyMissing, NAMES, runOrElse, type RedisSpace } from '../redis/redisSpace';

/** What a state holds, without whose it is. */
export type StateChange = Omit<State, 'of' | 'shared'>;

/** A store that has an entry in Redis for each token, account and rule. */
interface RedisStore extends Store {
	lock: NonNullable<Store['lock']>;
	/** Reads all that is there. */
	readAll(): Promise<StateChange>;
	/** Deletes all that is there, except what ends by itself within minutes; the space is gone then. */
	clear(): Promise<void>;
}

/** Redis does not hold this space any more: it was emptied, or its state moved elsewhere. */
export class SpaceGone extends UserError {
	constructor() {
		super(
			'What was stored in Redis has just gone from there',
			'Somebody has changed Shared State in the credential, or emptied Redis. Run this again.',
			'Redis 中保存的数据刚刚消失：凭据的“共享状态”已被更改，或 Redis 已被清空，请重新运行。',
		);
		this.name = 'SpaceGone';
	}
}

/** One entry, and how it is part of a state. */
interface Entry {
	name: string;
	/** The sets that list it, each with its name there. */
	lists: Array<[set: string, member: string]>;
	/** Set anew at each change, so that readers notice it. */
	version?: string;
	/** The entry as a state that holds nothing else. */
	toState(value: unknown): StateChange;
	/** The reverse. */
	toValue(state: StateChange): unknown;
	/** When Redis can drop it, in milliseconds; undefined: never. */
	findEnd(value: unknown): number | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** WeChat's verify tickets live 12 hours. */
const TICKET_MS = 12 * HOUR_MS;
/** How long an authorization code is known: WeChat sends it twice within minutes. */
const CODE_MS = 24 * HOUR_MS;

const { fingerprint: FINGERPRINT, accounts: ACCOUNTS, sections: SECTIONS } = NAMES;
const toListName = (section: string) => `section:${section}`;
const toVersionName = (section: string) => `version:${section}`;
const toSectionEntryName = (section: string, hidden: string) => `${toListName(section)}:${hidden}`;
const toAccountName = (appId: string) => `account:${appId}`;
const toUserName = (userName: string) => `user:${userName}`;
const toCodeName = (code: string) => `code:${code}`;
const listIndexNames = ({ code, profile }: Grant) => [
	...(profile?.userName ? [toUserName(profile.userName)] : []),
	...(code ? [toCodeName(code)] : []),
];

const TOKEN: Entry = {
	name: NAMES.token,
	lists: [],
	toState: (value) => ({ token: value as State['token'] }),
	toValue: ({ token }) => token,
	findEnd: (value) => (value as NonNullable<State['token']>).expiresAt + HOUR_MS,
};
const TICKET: Entry = {
	name: NAMES.ticket,
	lists: [],
	toState: (value) => ({ ticket: value as State['ticket'] }),
	toValue: ({ ticket }) => ticket,
	findEnd: (value) => (value as NonNullable<State['ticket']>).at + TICKET_MS,
};
const toAccountEntry = (appId: string): Entry => ({
	name: toAccountName(appId),
	lists: [[ACCOUNTS, appId]],
	toState: (value) => ({ accounts: { [appId]: value as Grant } }),
	toValue: ({ accounts }) => accounts?.[appId],
	findEnd: (value) => ((value as Grant).gone ? (value as Grant).at + GONE_MS : undefined),
});

/** An entry of a section, under a name that hides its own: it may be a word of a rule. */
interface NamedEntry {
	name: string;
	entry: SectionEntry;
}

function toSectionEntry(section: string, name: string, hidden: string): Entry {
	return {
		name: toSectionEntryName(section, hidden),
		lists: [
			[toListName(section), hidden],
			[SECTIONS, section],
		],
		version: toVersionName(section),
		toState: (value) => ({ shelves: { [section]: { [name]: (value as NamedEntry).entry } } }),
		toValue({ shelves }) {
			const entry = shelves?.[section]?.[name];
			return entry && { name, entry };
		},
		findEnd(value) {
			const { at, value: kept, until } = (value as NamedEntry).entry;
			return kept === undefined ? at + GONE_MS : until;
		},
	};
}

/**
 * Writes an entry if it is still what was read, and the space still ours: 1 when written, 0 when another process was
 * faster, -1 when the space is gone. KEYS: entry, fingerprint, version, lists. ARGV: what it must be, what was read, what to
 * write, milliseconds to live or 0, version or nothing, a name for each list.
 */
const WRITE = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return -1 end
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[4] == '0' then redis.call('SET', KEYS[1], ARGV[3])
else redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4]) end
if ARGV[5] ~= '' then redis.call('SET', KEYS[3], ARGV[5]) end
for i = 4, #KEYS do redis.call('SADD', KEYS[i], ARGV[i + 2]) end
return 1`;

/** Removes names from a list whose entries have expired. KEYS: list, an entry for each name. ARGV: the names. */
const PRUNE = `
for i = 1, #ARGV do
	if redis.call('EXISTS', KEYS[i + 1]) == 0 then redis.call('SREM', KEYS[1], ARGV[i]) end
end`;

/** Commands under way at a time when much is written, and entries that are read at once. */
const CONCURRENCY = 50;
const PAGE = 500;
const MAX_SECTIONS = 500;
const MAX_TRIES = 100;

/** Sections as they were read last, with their versions. */
export type SectionCache = Cache<{ version: string; entries: SectionEntries }>;
export const createSectionCache = (): SectionCache => createCache({ max: MAX_SECTIONS });

export function createRedisStore(
	space: RedisSpace,
	clock: Clock,
	sections: SectionCache,
): RedisStore {
	const { connection, seal, note, toKey } = space;
	const { open } = seal;

	/** @throws {SpaceGone} when the space is not ours any more, and so what it lacks says nothing. */
	async function get(name: string): Promise<string | null> {
		const [sealed, noted] = await connection.run(
			async (client) => await client.mget(toKey(name), toKey(FINGERPRINT)),
		);
		if (noted !== note) throw new SpaceGone();
		return sealed;
	}

	async function readEntry(entry: Entry): Promise<StateChange> {
		const sealed = await get(entry.name);
		return sealed === null ? {} : entry.toState(open(entry.name, sealed));
	}

	/** Reads all entries that a set lists, and forgets those that are no more. */
	async function readList<T>(
		set: string,
		toName: (member: string) => string,
	): Promise<Array<[member: string, value: T]>> {
		const [members, noted] = await connection.run(
			async (client) =>
				await Promise.all([client.smembers(toKey(set)), client.get(toKey(FINGERPRINT))]),
		);
		if (noted !== note) throw new SpaceGone();
		const listed: Array<[string, T]> = [];
		for (let from = 0; from < members.length; from += PAGE) {
			const page = members.slice(from, from + PAGE);
			const names = page.map(toName);
			const found = await connection.run(async (client) => await client.mget(names.map(toKey)));
			const expired = page.filter((_, i) => found[i] === null);
			found.forEach((sealed, i) => {
				if (sealed !== null) listed.push([page[i], open(names[i], sealed) as T]);
			});
			if (expired.length > 0)
				await connection.runScript(PRUNE, [set, ...expired.map(toName)].map(toKey), ...expired);
		}
		return listed;
	}

	async function readSection(section: string): Promise<SectionEntries> {
		const version = (await get(toVersionName(section))) ?? '';
		const key = toKey(toListName(section));
		const known = sections.get(key);
		if (known && known.version === version) return known.entries;
		const listed = await readList<NamedEntry>(toListName(section), (hidden) =>
			toSectionEntryName(section, hidden),
		);
		const entries = Object.fromEntries(listed.map(([, { name, entry }]) => [name, entry]));
		sections.set(key, { version, entries });
		return entries;
	}

	const readAccount = async (appId: string) =>
		(await readEntry(toAccountEntry(appId))).accounts?.[appId];

	const readAccounts = async () =>
		Object.fromEntries(await readList<Grant>(ACCOUNTS, toAccountName));

	/** Opens what is to be replaced; what our key does not open, in a space that is ours, is of no use to anybody. */
	const openStored = async (entry: Entry, sealed: string): Promise<StateChange> =>
		await runOrElse<StateChange, KeyMissing>(
			async () => (sealed ? entry.toState(open(entry.name, sealed)) : {}),
			[KeyMissing],
			async () => ({}),
		);

	/** Merges a value into what is there. */
	async function put(entry: Entry, added: unknown): Promise<void> {
		for (let tries = 0; tries < MAX_TRIES; tries++) {
			const sealed = (await get(entry.name)) ?? '';
			const before = await openStored(entry, sealed);
			// What it removes was removed, however long ago: findEnd() says how long that has to be remembered.
			const merged = mergeStates({ of: '', ...before }, { of: '', ...entry.toState(added) });
			const value = entry.toValue(merged);
			if (JSON.stringify(value) === JSON.stringify(entry.toValue(before))) return;
			if (await write(entry, sealed, value)) return;
		}
		throw new Error(`Redis: "${entry.name}" changes too fast`);
	}

	async function write(entry: Entry, before: string, value: unknown): Promise<boolean> {
		const { name, lists, version = '' } = entry;
		const end = entry.findEnd(value);
		const keys = [name, FINGERPRINT, version, ...lists.map(([set]) => set)].map(toKey);
		const values = [
			note,
			before,
			seal.seal(name, value),
			end === undefined ? 0 : Math.max(1, Math.round(end - clock.now())),
			version && randomUUID(),
			...lists.map(([, member]) => member),
		];
		const written = await connection.runScript(WRITE, keys, ...values);
		if (written === -1) throw new SpaceGone();
		return written === 1;
	}

	/** Notes where an account is found by its original ID, or by the code that it came from. */
	async function index(appId: string, { code, profile }: Grant): Promise<void> {
		await connection.run(async (client) => {
			const set = async (name: string, ...life: [] | ['PX', number]) =>
				await client.set(toKey(name), seal.seal(name, appId), ...(life as []));
			if (profile?.userName) await set(toUserName(profile.userName));
			if (code) await set(toCodeName(code), 'PX', CODE_MS);
		});
	}

	/** The names of all that is there, the fingerprint last: without it nobody knows whose the rest is. What ends by
	 * itself within minutes is left out. */
	async function listNames(): Promise<string[]> {
		const [accounts, sections] = await connection.run(
			async (client) =>
				await Promise.all([client.smembers(toKey(ACCOUNTS)), client.smembers(toKey(SECTIONS))]),
		);
		const indexes = Object.values(await readAccounts()).flatMap(listIndexNames);
		const entries: string[] = [];
		for (const section of sections) {
			const list = toListName(section);
			const hidden = await connection.run(async (client) => await client.smembers(toKey(list)));
			entries.push(list, toVersionName(section));
			entries.push(...hidden.map((name) => toSectionEntryName(section, name)));
		}
		const { fingerprint, ...single } = NAMES;
		return [
			...accounts.map(toAccountName),
			...indexes,
			...entries,
			...Object.values(single),
			fingerprint,
		];
	}

	const listEntries = ({ token, ticket, accounts = {}, shelves = {} }: StateChange) => [
		...(token ? [{ entry: TOKEN, value: token as unknown }] : []),
		...(ticket ? [{ entry: TICKET, value: ticket }] : []),
		...Object.entries(accounts).map(([appId, value]) => ({ entry: toAccountEntry(appId), value })),
		...Object.entries(shelves).flatMap(([section, entries]) =>
			Object.entries(entries).map(([name, entry]) => ({
				entry: toSectionEntry(section, name, seal.hideName(name)),
				value: { name, entry },
			})),
		),
	];

	return {
		readToken: async () => (await readEntry(TOKEN)).token,
		readTicket: async () => (await readEntry(TICKET)).ticket,
		readAccount,
		readAccounts,
		async findAccount(property, value) {
			const name = property === 'code' ? toCodeName(value) : toUserName(value);
			const sealed = await get(name);
			if (sealed === null) return undefined;
			const appId = open(name, sealed) as string;
			const { code, profile } = (await readAccount(appId)) ?? {};
			return (property === 'code' ? code : profile?.userName) === value ? appId : undefined;
		},
		readSection,
		async readSectionEntry(section, name) {
			const entry = toSectionEntry(section, name, seal.hideName(name));
			return (await readEntry(entry)).shelves?.[section]?.[name];
		},
		async save(change) {
			await mapWithLimit(listEntries(change), CONCURRENCY, async ({ entry, value }) => {
				await put(entry, value);
			});
			await mapWithLimit(
				Object.entries(change.accounts ?? {}),
				CONCURRENCY,
				async ([appId, grant]) => {
					await index(appId, grant);
				},
			);
		},
		lock: async (name, work) => await runLocked(connection, toKey(`lock:${name}`), clock, work),
		async readAll() {
			const names = await connection.run(async (client) => await client.smembers(toKey(SECTIONS)));
			const shelves: Record<string, SectionEntries> = {};
			for (const name of names) shelves[name] = await readSection(name);
			return {
				...(await readEntry(TOKEN)),
				...(await readEntry(TICKET)),
				accounts: await readAccounts(),
				shelves,
			};
		},
		async clear() {
			const names = await listNames();
			for (let from = 0; from < names.length; from += PAGE)
				await connection.run(
					async (client) => await client.del(names.slice(from, from + PAGE).map(toKey)),
				);
		},
	};
}
