import type { ICredentialDataDecryptedObject, ICredentialsDecrypted } from 'n8n-workflow';
import { createRecordStore, isShared, type Store } from '../api/state';
import { createRedisSpace, runOrElse } from '../redis/redisSpace';
import { readOwner, readSavedState } from './credentials';
import { createRedisStore, SpaceGone } from './redisStore';
import { toSpaceName, type SharedServices } from './sharedState';

/**
 * Opens the state of a credential that is tested, wherever it is. n8n gives a test no context to open it as nodes do, and
 * a test changes nothing.
 */
export function openTestedState(
	type: string,
	{ id, data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
	{ connections, clock, sections }: SharedServices,
): Store {
	const saved = readSavedState(type, data);
	const save = async () => {};
	const record = createRecordStore({ read: async () => saved, save });
	const { shared } = saved;
	if (!shared || !isShared(saved)) return record;
	const name = toSpaceName(readOwner(type, data), id);
	const space = createRedisSpace(connections.get(shared.url), shared.prefix, name, shared.key);
	const store = createRedisStore(space, clock, sections);
	/** What has left Redis, or was never moved there, is in the credential. */
	const read = async <T>(from: (one: Store) => Promise<T>): Promise<T> =>
		await runOrElse(
			async () => await from(store),
			[SpaceGone],
			async () => await from(record),
		);
	return {
		...store,
		save,
		readTicket: async () => await read(async (one) => await one.readTicket()),
		readToken: async () => await read(async (one) => await one.readToken()),
	};
}
