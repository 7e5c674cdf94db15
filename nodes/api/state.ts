import type { AccountKind } from './app';
import type { Token, TokenSource } from './tokenCache';

/**
 * What has to outlive the process. It is changed by putting a few new entries over it, never by writing
 * it anew: then changes of several processes can be applied in any order, and again, with the same end.
 */
export interface State {
	/** Whose state this is: an AppID, or what a server has in its place. */
	of: string;
	/** Of an account with its own secret, or of a third-party platform (component_access_token). */
	token?: Token;
	/** The newest component_verify_ticket. */
	ticket?: Ticket;
	/** The accounts that authorized the platform, by AppID. */
	accounts?: Record<string, Grant>;
	/** Where all of this is instead, when it is not in the credential. */
	shared?: SharedPlace;
	/** What else is saved, such as reply rules: by section, and there by name. The key is that of saved states. */
	shelves?: Record<string, SectionEntries>;
}

export type SectionEntries = Record<string, SectionEntry>;

/** The newest entry of a name is the one that counts. */
export interface SectionEntry {
	/** When it was put there, in milliseconds. */
	at: number;
	/** Missing when it was taken away, which is remembered for an hour, so that no late writer brings it back. */
	value?: unknown;
	/** When it can be dropped, in milliseconds. */
	until?: number;
	/** Its value is {@link SectionEntries}. They are merged one by one, so nobody needs a lock to add one. */
	isGroup?: true;
}

/** A place that several processes share. */
export interface SharedPlace {
	/** When it was chosen or left, in milliseconds. */
	at: number;
	/** The state was moved back into the credential. The mark stays, so that no late writer brings the place back. */
	gone?: true;
	/** What seals the values there. */
	key: string;
	url: string;
	prefix: string;
}

/** WeChat pushes one every 10 minutes; each lives 12 hours. */
interface Ticket {
	value: string;
	/** When it came, in milliseconds. */
	at: number;
}

/** One authorization of one account. A newer one replaces it, tokens and all. */
export interface Grant {
	/** When it was given, in milliseconds. */
	at: number;
	/** The account was removed. The mark stays for an hour, so that no late writer brings it back. */
	gone?: true;
	/** Lives until the account authorizes again. Without it the account has no API rights. */
	refreshToken?: string;
	token?: Token;
	/** A digest of the code that it came from: a code can be exchanged once, but arrives twice. */
	code?: string;
	profile?: Profile;
	/** The errcode that says that the account must authorize again. */
	problem?: { code: number; at: number };
}

export interface Profile {
	name: string;
	/** The original ID (原始ID), gh_…, by which messages are addressed. */
	userName: string;
	kind: Exclude<AccountKind, 'shop'>;
}

/** What is stored, part by part. Reading is always fresh. */
export interface StoredState {
	/** Of an account with its own secret, or of a third-party platform. */
	readToken(): Promise<Token | undefined>;
	readTicket(): Promise<Ticket | undefined>;
	/** An account that authorized the platform, also one that was removed within the hour. */
	readAccount(appId: string): Promise<Grant | undefined>;
	/** All of them, for lists: it takes longer the more there are. */
	readAccounts(): Promise<Record<string, Grant>>;
	/** The AppID of the account with that original ID, or whose authorization came from a code with that digest. */
	findAccount(property: 'userName' | 'code', value: string): Promise<string | undefined>;
	/** What else is saved, see State.shelves. */
	readSection(name: string): Promise<SectionEntries>;
	readSectionEntry(section: string, name: string): Promise<SectionEntry | undefined>;
}

/** Where state outlives the process. */
export interface Store extends StoredState {
	/** Puts `change` over what is there. */
	save(change: Omit<State, 'of'>): Promise<void>;
	/** Runs work in one process at a time. Missing where processes have no way to agree. */
	lock?<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** A store that has its state as a whole only. */
export interface RecordStore extends Store {
	read(): Promise<State>;
}

export function createRecordStore({ read, save }: Pick<RecordStore, 'read' | 'save'>): RecordStore {
	const readAccounts = async () => (await read()).accounts ?? {};
	const readSection = async (name: string) => (await read()).shelves?.[name] ?? {};
	return {
		read,
		save,
		readToken: async () => (await read()).token,
		readTicket: async () => (await read()).ticket,
		readAccount: async (appId) => (await readAccounts())[appId],
		readAccounts,
		async findAccount(property, value) {
			const found = Object.entries(await readAccounts()).find(
				([, { code, profile }]) => (property === 'code' ? code : profile?.userName) === value,
			);
			return found?.[0];
		},
		readSection,
		readSectionEntry: async (section, name) => (await readSection(section))[name],
	};
}

/** Finds the open problem of an account: a later token has solved it. */
export const findProblem = ({ problem, token }: Grant) =>
	problem && problem.at >= (token?.askedAt ?? 0) ? problem : undefined;

/** How long the mark of something removed stays, in milliseconds. */
export const GONE_MS = 3_600_000;

/** Merges two states: newer entries win, whichever side they are on. */
export function mergeStates(state: State, change: State): State {
	if (state.of !== change.of) return change;
	const merged: State = { ...state, ...change };
	merged.token = pickNewer(state.token, change.token, ({ askedAt }) => askedAt);
	merged.ticket = pickNewer(state.ticket, change.ticket, ({ at }) => at);
	merged.shared = pickNewer(state.shared, change.shared, ({ at }) => at);
	if (change.accounts) {
		merged.accounts = { ...state.accounts };
		for (const [appId, grant] of Object.entries(change.accounts))
			merged.accounts[appId] = mergeGrants(merged.accounts[appId], grant);
	}
	if (change.shelves) {
		merged.shelves = { ...state.shelves };
		for (const [name, section] of Object.entries(change.shelves))
			merged.shelves[name] = mergeSections(merged.shelves[name] ?? {}, section);
	}
	return merged;
}

const PARTS = ['token', 'ticket', 'accounts', 'shelves'] as const;

export const isShared = ({ shared }: State): boolean => shared !== undefined && !shared.gone;

/**
 * Finds what a state of the same owner had and this one lacks. Nothing takes a whole part away, so somebody has
 * replaced the record without it.
 */
export function findLost(state: State, known: State): State | undefined {
	if (state.of !== known.of) return undefined;
	// What is shared is elsewhere, and what has to wait here leaves for there.
	if (isShared(state)) return undefined;
	const parts = isShared(known) ? (['shared'] as const) : PARTS;
	const lost = parts.filter((part) => known[part] && !state[part]);
	if (lost.length === 0) return undefined;
	return { of: known.of, ...Object.fromEntries(lost.map((part) => [part, known[part]])) };
}

/**
 * Removes expired entries, and marks of removed ones that no late writer can bring back. A mark that waits for the place
 * where the state is stays: what it removes is there.
 */
export function removeExpired(state: State, now: number): State {
	const forgotten = isShared(state) ? -Infinity : now - GONE_MS;
	const accounts = filterEntries(state.accounts, ({ gone, at }) => !gone || at > forgotten);
	const shelves =
		state.shelves &&
		Object.fromEntries(
			Object.entries(state.shelves).map(([name, section]) => [
				name,
				filterEntries(section, isKept(now, forgotten)) as SectionEntries,
			]),
		);
	return removeUndefined({ ...state, accounts, shelves });
}

/** Removes entries that are the same in `moved`; parts that it does not have stay as they are. */
export function removeEntries(state: State, moved: State): State {
	const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
	const filter = <T>(entries: Record<string, T> = {}, gone: Record<string, T> | undefined) => {
		const kept = Object.entries(entries).filter(([name, entry]) => !isSame(entry, gone?.[name]));
		return kept.length > 0 ? Object.fromEntries(kept) : undefined;
	};
	const sections = Object.entries(state.shelves ?? {}).flatMap(([name, section]) => {
		const kept = filter(section, moved.shelves?.[name]);
		return kept ? [[name, kept] as const] : [];
	});
	return removeUndefined({
		...state,
		...(moved.token && isSame(state.token, moved.token) && { token: undefined }),
		...(moved.ticket && isSame(state.ticket, moved.ticket) && { ticket: undefined }),
		...(moved.accounts && { accounts: filter(state.accounts, moved.accounts) }),
		...(moved.shelves && {
			shelves: sections.length > 0 ? Object.fromEntries(sections) : undefined,
		}),
	});
}

/** Whether an entry has not expired, or is the mark of one that was removed after `forgotten`. */
const isKept =
	(now: number, forgotten: number) =>
	({ at, value, until = Infinity }: SectionEntry): boolean =>
		value === undefined ? at > forgotten : until > now;

const filterEntries = <T>(entries: Record<string, T> | undefined, filter: (entry: T) => boolean) =>
	entries && Object.fromEntries(Object.entries(entries).filter(([, entry]) => filter(entry)));

function mergeSections(section: SectionEntries, change: SectionEntries): SectionEntries {
	const merged = { ...section };
	for (const [name, entry] of Object.entries(change))
		merged[name] = mergeEntries(merged[name] ?? entry, entry);
	return merged;
}

function mergeEntries(one: SectionEntry, other: SectionEntry): SectionEntry {
	const latest = pickLatest(one, other);
	if (!one.isGroup || !other.isGroup) return latest;
	const merged = mergeSections(one.value as SectionEntries, other.value as SectionEntries);
	// Whoever writes to it dates it, so it is as late as that.
	const value = filterEntries(merged, isKept(latest.at, latest.at - GONE_MS));
	const until = one.until && other.until && Math.max(one.until, other.until);
	return { ...latest, value, until };
}

/** On a tie, picks deterministically, so that all processes agree. */
function pickLatest(one: SectionEntry, other: SectionEntry): SectionEntry {
	if (one.at !== other.at) return one.at > other.at ? one : other;
	return JSON.stringify(one) < JSON.stringify(other) ? one : other;
}

function mergeGrants(one: Grant | undefined, other: Grant): Grant {
	if (!one) return other;
	const isLater = other.at > one.at || (other.at === one.at && !one.gone);
	const [older, latest] = isLater ? [one, other] : [other, one];
	if (latest.gone) return latest;
	const token = pickNewer(one.token, other.token, ({ askedAt }) => askedAt);
	if (older.at < latest.at) {
		// Two processes found it in WeChat's list at once: it is one authorization with one token.
		const isSame = older.refreshToken !== undefined && older.refreshToken === latest.refreshToken;
		const profile = latest.profile ?? older.profile;
		return removeUndefined({ ...latest, profile, token: isSame ? token : latest.token });
	}
	return removeUndefined({
		...one,
		...other,
		token,
		// A refresh token belongs to the token that it came with.
		refreshToken: (token === other.token && other.refreshToken) || one.refreshToken,
		problem: pickNewer(one.problem, other.problem, ({ at }) => at),
	});
}

function pickNewer<T>(one: T | undefined, other: T | undefined, readTime: (entry: T) => number) {
	if (!one || !other) return one ?? other;
	return readTime(other) >= readTime(one) ? other : one;
}

/** Removes undefined values, so that equal states are written equally. */
const removeUndefined = <T extends object>(entry: T): T =>
	Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as T;

/** Where the token of an account with its own secret is saved, or that of a platform. */
export const createTokenStore = ({ readToken, save, lock }: Store) => ({
	read: readToken,
	write: async (token: Token) => await save({ token }),
	lock: lock && (async (work: () => Promise<Token>) => await lock('token', work)),
});

const TICKETS = 'tickets';

/** Where a ticket of an account is saved that several processes share; missing where they have no way to agree. */
export function createTicketStore(
	{ readSectionEntry, save, lock }: Store,
	name: string,
): TokenSource['saved'] {
	if (!lock) return undefined;
	return {
		read: async () => (await readSectionEntry(TICKETS, name))?.value as Token | undefined,
		async write(ticket) {
			const { askedAt: at, expiresAt: until } = ticket;
			await save({ shelves: { [TICKETS]: { [name]: { at, value: ticket, until } } } });
		},
		lock: async (work) => await lock(`ticket:${name}`, work),
	};
}

/** One part of what is stored, see State.shelves. */
export interface StateSection {
	read(): Promise<SectionEntries>;
	/** Reads one entry, which takes no longer the more there are. */
	get(name: string): Promise<SectionEntry | undefined>;
	/** Puts entries over those of the same names; others stay. */
	put(entries: SectionEntries): Promise<void>;
}

export const createStateSection = (store: Store, name: string): StateSection => ({
	read: async () => await store.readSection(name),
	get: async (entry) => await store.readSectionEntry(name, entry),
	put: async (entries) => await store.save({ shelves: { [name]: entries } }),
});
