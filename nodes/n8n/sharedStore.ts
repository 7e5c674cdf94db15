import {
	mergeStates,
	type Grant,
	type SectionEntries,
	type SectionEntry,
	type State,
	type Store,
	type StoredState,
} from '../api/state';
import type { Cache } from '../base/cache';
import type { Clock } from '../base/clock';
import { UserError } from '../base/userError';
import { RedisAway } from '../redis/redisConnection';
import { runOrElse, type RedisSpace } from '../redis/redisSpace';
import { createRedisStore, SpaceGone, type SectionCache, type StateChange } from './redisStore';

interface SharedStore {
	/** The state in the credential. */
	record: Store;
	owner: string;
	/** Names the credential in Redis. */
	name: string;
	clock: Clock;
	sections: SectionCache;
	/** What was read last, for the time that Redis is away. */
	recent: Cache<StateChange>;
	openSpace: () => Promise<RedisSpace>;
	/** Opens the state once more, with the credential as it is now. */
	reopen?: () => Promise<Store>;
}

/** Creates the store of a state in Redis. What cannot be had or put there now is in the credential. */
export function createSharedStore({
	record,
	owner: of,
	name,
	clock,
	sections,
	recent,
	openSpace,
	reopen,
}: SharedStore): Store {
	async function run<T>(work: (store: Store) => Promise<T>): Promise<T> {
		const attempt = async () => await work(createRedisStore(await openSpace(), clock, sections));
		if (!reopen) return await attempt();
		// It was emptied, or moved since the credential was read.
		return await runOrElse(attempt, [SpaceGone], async () => await work(await reopen()));
	}

	/** While Redis is away: what was read last, and what waits in the credential. */
	async function read<T extends object | undefined>({
		part,
		from,
		toState,
		toValue,
	}: Part<T>): Promise<T> {
		const key = `${name} ${part}`;
		return await runOrElse(
			async () => {
				const value = await run(from);
				recent.set(key, toState(value));
				return value;
			},
			[RedisAway],
			async (away) => {
				const known = recent.get(key);
				const waiting = await from(record);
				if (!known && isEmpty(waiting)) throw away;
				return toValue(mergeStates({ of, ...known }, { of, ...toState(waiting) }));
			},
		);
	}

	function remember({ token, ticket, accounts = {} }: StateChange): void {
		const add = (part: string, state: StateChange) => {
			const key = `${name} ${part}`;
			recent.set(key, mergeStates({ of, ...recent.get(key) }, { of, ...state }));
		};
		if (token) add(TOKEN.part, { token });
		if (ticket) add(TICKET.part, { ticket });
		for (const [appId, grant] of Object.entries(accounts))
			add(toAccountPart(appId).part, { accounts: { [appId]: grant } });
	}

	return {
		// A token can be asked for again.
		readToken: async () =>
			await runOrElse(
				async () => await read(TOKEN),
				[RedisAway],
				async () => undefined,
			),
		readTicket: async () => await read(TICKET),
		readAccount: async (appId) => await read(toAccountPart(appId)),
		readAccounts: async () => await read(ACCOUNTS),
		findAccount: async (property, value) =>
			await runOrElse(
				async () => await run(async (store) => await store.findAccount(property, value)),
				[RedisAway],
				async (away) => {
					const found = await record.findAccount(property, value);
					if (found === undefined) throw away;
					return found;
				},
			),
		readSection: async (section) => await read(toSectionPart(section)),
		readSectionEntry: async (section, entry) => await read(toEntryPart(section, entry)),
		async save(change) {
			await runOrElse(
				async () => await run(async (store) => await store.save(change)),
				[UserError],
				async () => await record.save(change),
			);
			remember(change);
		},
		async lock(lock, work) {
			const space = await runOrElse<RedisSpace | undefined, RedisAway>(
				openSpace,
				[RedisAway],
				async () => undefined,
			);
			if (!space) return await work();
			return await createRedisStore(space, clock, sections).lock(lock, work);
		},
	};
}

/** A part of the state that is read on its own. */
interface Part<T> {
	part: string;
	from(stored: StoredState): Promise<T>;
	toState(value: T): StateChange;
	toValue(state: StateChange): T;
}

const TOKEN: Part<State['token']> = {
	part: 'token',
	from: async (stored) => await stored.readToken(),
	toState: (token) => ({ token }),
	toValue: ({ token }) => token,
};
const TICKET: Part<State['ticket']> = {
	part: 'ticket',
	from: async (stored) => await stored.readTicket(),
	toState: (ticket) => ({ ticket }),
	toValue: ({ ticket }) => ticket,
};
const ACCOUNTS: Part<Record<string, Grant>> = {
	part: 'accounts',
	from: async (stored) => await stored.readAccounts(),
	toState: (accounts) => ({ accounts }),
	toValue: ({ accounts }) => accounts ?? {},
};
const toAccountPart = (appId: string): Part<Grant | undefined> => ({
	part: `account ${appId}`,
	from: async (stored) => await stored.readAccount(appId),
	toState: (grant) => (grant ? { accounts: { [appId]: grant } } : {}),
	toValue: ({ accounts }) => accounts?.[appId],
});
const toSectionPart = (section: string): Part<SectionEntries> => ({
	part: `section ${section}`,
	from: async (stored) => await stored.readSection(section),
	toState: (entries) => ({ shelves: { [section]: entries } }),
	toValue: ({ shelves }) => shelves?.[section] ?? {},
});
const toEntryPart = (section: string, name: string): Part<SectionEntry | undefined> => ({
	part: `entry ${section} ${name}`,
	from: async (stored) => await stored.readSectionEntry(section, name),
	toState: (entry) => (entry ? { shelves: { [section]: { [name]: entry } } } : {}),
	toValue: ({ shelves }) => shelves?.[section]?.[name],
});

const isEmpty = (value: object | undefined) =>
	value === undefined || Object.keys(value).length === 0;
