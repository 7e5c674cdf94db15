import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { createSingleFlight, type SingleFlight } from '../api/singleFlight';
import {
	createRecordStore,
	isShared,
	type SharedPlace,
	type State,
	type Store,
} from '../api/state';
import { createCache, type Cache } from '../base/cache';
import { systemClock, toTimeAfter, type Clock } from '../base/clock';
import { toLogLine } from '../base/logLine';
import { createRedisConnections, RedisAway, type RedisConnections } from '../redis/redisConnection';
import { runLocked } from '../redis/redisLock';
import { createRedisSpace, runOrElse, type RedisPlace, type RedisSpace } from '../redis/redisSpace';
import { describeTarget, readRedisUrl } from '../redis/redisUrl';
import { createSealingKey } from '../redis/valueSeal';
import { createSharedStore } from './sharedStore';
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
		store: createSharedStore({
			...opening,
			...services,
			openSpace: async () => await openSpace(place),
			...(!isReopened && { reopen }),
		}),
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
	await claimOnce(opening, space, shared.key);
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
async function claimOnce(
	{ context, record, name, services }: Opening,
	space: RedisSpace,
	key: string,
): Promise<void> {
	const { fingerprint } = space.seal;
	if (services.claimed.get(name) === fingerprint) return;
	if (!(await space.isOurs()))
		await runLocked(space.connection, space.toKey(SETUP), services.clock, async () => {
			// It may have been moved since the credential was read.
			if (!isSharedUnder(await record.read(), key)) throw new SpaceGone();
			if (await space.claim())
				context.logger.warn(
					toLogLine(
						`WeChat: Redis has lost what the credential of "${context.getNode().name}" had there. Tickets and tokens come again by themselves; reply rules do not.`,
					),
				);
		});
	services.claimed.set(name, fingerprint);
}

const SETUP = 'lock:setup';

const isSharedUnder = (state: State, key: string) => isShared(state) && state.shared?.key === key;

/** Makes the key of a place, once for all processes, and saves it in the credential. */
async function setUp(opening: Opening, place: RedisPlace): Promise<State> {
	const { record, name, services } = opening;
	const { connections, clock, sections } = services;
	const connection = connections.get(place.url);
	const key = createSealingKey();
	const space = createRedisSpace(connection, place.prefix, name, key);
	return await runLocked(connection, space.toKey(SETUP), clock, async () => {
		const before = await record.read();
		if (isShared(before)) return before;
		if (before.shared && isSamePlace(before.shared, place)) {
			// Who moved it away may have ended before it was cleared.
			const left = createRedisSpace(connection, place.prefix, name, before.shared.key);
			await createRedisStore(await left.openToLeave(), clock, sections).clear();
		}
		await space.claim();
		const at = toTimeAfter(before.shared?.at, clock.now());
		await record.save({ shared: { at, key, ...place } });
		return await record.read();
	});
}

/** Moves all that is in Redis into the credential, unless another process has done that. */
async function moveBack(opening: Opening, shared: SharedPlace): Promise<void> {
	const { record, name, services, context } = opening;
	const { connections, clock, sections, claimed } = services;
	const connection = connections.get(shared.url);
	connection.tell((line) => context.logger.warn(toLogLine(line)));
	const space = createRedisSpace(connection, shared.prefix, name, shared.key);
	await runLocked(connection, space.toKey(SETUP), clock, async () => {
		claimed.delete(name);
		if (!isSharedUnder(await record.read(), shared.key)) return;
		const store = createRedisStore(await space.openToLeave(), clock, sections);
		const at = toTimeAfter(shared.at, clock.now());
		await record.save({ ...(await store.readAll()), shared: { ...shared, at, gone: true } });
		await store.clear();
		context.logger.info(
			toLogLine(
				`WeChat: what the credential of "${context.getNode().name}" had in Redis at ${describeTarget(readRedisUrl(shared.url))} is in the credential now.`,
			),
		);
	});
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
