import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { createSingleFlight, type SingleFlight } from '../api/singleFlight';
import {
	createRecordStore,
	isShared,
	mergeStates,
	type Grant,
	type SectionEntries,
	type SectionEntry,
	type SharedPlace,
	type State,
	type Store,
	type StoredState,
} from '../api/state';
import { createCache, type Cache } from '../base/cache';
import { systemClock, toTimeAfter, type Clock } from '../base/clock';
import { toLogLine } from '../base/logLine';
import { createRedisConnections, RedisAway, type RedisConnections } from '../redis/redisConnection';
import { runLocked } from '../redis/redisLock';
import {
	createRedisSpace,
	runOrElse,
	KeyMissing,
	type RedisPlace,
	type RedisSpace,
} from '../redis/redisSpace';
import { describeTarget, readRedisUrl } from '../redis/redisUrl';
import { createSealingKey } from '../redis/valueSeal';
import { readOwner, readRedisPlace, readSavedState } from './credentials';
import {
	createRedisStore,
	createSectionCache,
	SpaceGone,
	type SectionCache,
	type StateChange,
} from './redisStore';
import {
	createStateStore,
	type StateContext,
	type StateRecord,
	type StateWriter,
} from './stateStore';

/*
 * State is kept in the credential, or in Redis when the credential says so. Then the credential holds the key that
 * seals the values in Redis, and, while Redis is away, what has to last: whoever opens the state next moves it on.
 * Changing the choice moves all of it, by merging it into what is there; so a move that breaks off is begun again.
 */

/** What a process knows of places in Redis. */
export interface SharedServices {
	clock: Clock;
	connections: RedisConnections;
	sections: SectionCache;
	/** The fingerprints of spaces that were found to be ours, by their names. */
	claimed: Cache<string>;
	/** What was read last, for the time that Redis is away. */
	recent: Cache<StateChange>;
	/** Places that are set up now: of many pushes at a time each would wait for the one before it. */
	setUps: SingleFlight<State>;
}

const MAX_CREDENTIALS = 200;
const MAX_RECENT = 5000;

export const createSharedServices = (clock: Clock = systemClock): SharedServices => ({
	clock,
	connections: createRedisConnections(clock),
	sections: createSectionCache(),
	claimed: createCache({ max: MAX_CREDENTIALS }),
	recent: createCache({ max: MAX_RECENT }),
	setUps: createSingleFlight(),
});

/** Those of this process of n8n. */
export const systemShared = createSharedServices();

/** The state of a credential, wherever it is kept. */
interface StateHolder {
	store: Store;
	/** Opens the keys in Redis; missing when the credential does not choose Redis. */
	openSpace?(): Promise<RedisSpace>;
}

/** Opens the state of the node's credential, which was just read. */
export function openState(
	context: StateContext,
	type: string,
	credential: ICredentialDataDecryptedObject,
	services: SharedServices = systemShared,
	writer?: StateWriter,
	isReopened = false,
): StateHolder {
	const owner = readOwner(type, credential);
	const record = createStateStore(context, type, owner, writer);
	const place = readRedisPlace(credential);
	const saved = readSavedState(type, credential);
	if (!place && !isShared(saved)) return { store: record };
	const id = context.getNode().credentials?.[type]?.id ?? '';
	const opening: Opening = { context, record, owner, name: toSpaceName(owner, id), services };
	if (!place) return { store: createReturningStore(opening) };
	let opened: Promise<RedisSpace> | undefined;
	async function openSpace(redis: RedisPlace): Promise<RedisSpace> {
		opened ??= openRedisSpace(opening, redis, saved);
		return await opened.catch((error: unknown) => {
			// The next who asks tries again.
			opened = undefined;
			throw error;
		});
	}
	async function reopen(): Promise<Store> {
		services.claimed.delete(opening.name);
		const latest = await context.getCredentials<ICredentialDataDecryptedObject>(type);
		return openState(context, type, latest, services, writer, true).store;
	}
	return {
		store: createSharedStore(
			opening,
			async () => await openSpace(place),
			isReopened ? undefined : reopen,
		),
		openSpace: async () => await openSpace(place),
	};
}

interface Opening {
	context: StateContext;
	record: StateRecord;
	owner: string;
	/** Names the credential in Redis. */
	name: string;
	services: SharedServices;
}

/** The AppID for people, and which credential it is: two of them may be of one account. */
export function toSpaceName(owner: string, id: string): string {
	const who = /^\w+$/.test(owner)
		? owner
		: createHash('sha256').update(owner).digest('base64url').slice(0, 22);
	return `${who}:${id}`;
}

/** Opens a place, with all that has to be there: what was kept elsewhere until now is moved. */
async function openRedisSpace(
	opening: Opening,
	place: RedisPlace,
	saved: State,
): Promise<RedisSpace> {
	const { record, context, owner, name, services } = opening;
	const connection = services.connections.get(place.url);
	connection.tell((line) => context.logger.warn(toLogLine(line)));
	let state = saved;
	if (state.shared && isShared(state) && !isSamePlace(state.shared, place)) {
		await moveBack(opening, state.shared);
		state = await record.read();
	}
	if (!isShared(state))
		state = await services.setUps.run(
			JSON.stringify([name, place]),
			async () => await setUp(opening, place),
		);
	const { shared } = state;
	if (!shared) throw new Error('The key for Redis was not saved in the credential');
	const { url } = place;
	// Its login was changed.
	if (shared.url !== url)
		await record.save({
			shared: { ...shared, url, at: toTimeAfter(shared.at, services.clock.now()) },
		});
	const space = createRedisSpace(connection, place.prefix, name, shared.key);
	await claimOnce(opening, space);
	const { of, shared: _, ...waiting } = state;
	if (of === owner && Object.keys(waiting).length > 0) {
		await createRedisStore(space, services.clock, services.sections).save(waiting);
		await record.remove(waiting);
		context.logger.info(
			toLogLine(
				`WeChat: what the credential of "${context.getNode().name}" had to keep is in Redis at ${describeTarget(readRedisUrl(url))} now.`,
			),
		);
	}
	return space;
}

/** Looks once in a process whether what is there is ours. */
async function claimOnce({ context, name, services }: Opening, space: RedisSpace): Promise<void> {
	const { fingerprint } = space.seal;
	if (services.claimed.get(name) === fingerprint) return;
	if (await space.claim())
		context.logger.warn(
			toLogLine(
				`WeChat: Redis has lost what the credential of "${context.getNode().name}" had there. Tickets and tokens come again by themselves; reply rules do not.`,
			),
		);
	services.claimed.set(name, fingerprint);
}

/** Makes the key of a place, once for all processes, and saves it in the credential. */
async function setUp(opening: Opening, place: RedisPlace): Promise<State> {
	const { record, name, services } = opening;
	const { connections, clock } = services;
	const connection = connections.get(place.url);
	const key = createSealingKey();
	const space = createRedisSpace(connection, place.prefix, name, key);
	return await runLocked(connection, space.toKey('lock:setup'), clock, async () => {
		const before = await record.read();
		if (isShared(before)) return before;
		await space.claim();
		const at = toTimeAfter(before.shared?.at, clock.now());
		await record.save({ shared: { at, key, ...place } });
		return await record.read();
	});
}

/** Moves all that is in Redis into the credential. */
async function moveBack(opening: Opening, shared: SharedPlace): Promise<void> {
	const { record, name, services, context } = opening;
	const { connections, clock, sections, claimed } = services;
	const connection = connections.get(shared.url);
	connection.tell((line) => context.logger.warn(toLogLine(line)));
	const space = createRedisSpace(connection, shared.prefix, name, shared.key);
	await runLocked(connection, space.toKey('lock:setup'), clock, async () => {
		claimed.delete(name);
		const store = createRedisStore(await space.openToLeave(), clock, sections);
		const at = toTimeAfter(shared.at, clock.now());
		await record.save({ ...(await store.readAll()), shared: { ...shared, at, gone: true } });
		await store.clear();
	});
	context.logger.info(
		toLogLine(
			`WeChat: what the credential of "${context.getNode().name}" had in Redis at ${describeTarget(readRedisUrl(shared.url))} is in the credential now.`,
		),
	);
}

/** Whether two places are one, whatever the login. */
function isSamePlace(one: RedisPlace, other: RedisPlace): boolean {
	const identify = ({ url, prefix }: RedisPlace) => {
		const { kind, nodes, database, masterName } = readRedisUrl(url);
		return JSON.stringify([kind, nodes, database, masterName, prefix]);
	};
	return identify(one) === identify(other);
}

/** The credential again, as soon as what is still in Redis has been moved into it. */
function createReturningStore(opening: Opening): Store {
	const { record } = opening;
	return createRecordStore({
		...record,
		async read() {
			const { shared } = await record.read();
			if (shared && !shared.gone)
				await runOrElse(
					async () => await moveBack(opening, shared),
					[RedisAway],
					async () => {},
				);
			return await record.read();
		},
	});
}

/** State in Redis, and in the credential what cannot be had or put there now. */
function createSharedStore(
	{ record, owner: of, name, services }: Opening,
	openSpace: () => Promise<RedisSpace>,
	/** Opens the state once more, with the credential as it is now. */
	reopen: (() => Promise<Store>) | undefined,
): Store {
	const { clock, sections, recent } = services;

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
		readToken: async () => await read(TOKEN),
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
				[RedisAway, KeyMissing],
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
			return await runLocked(space.connection, space.toKey(`lock:${lock}`), clock, work);
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
