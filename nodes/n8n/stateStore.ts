import type { IAllExecuteFunctions, ICredentialDataDecryptedObject } from 'n8n-workflow';
import { putNewest } from '../base/cache';
import { mergeStates, removeExpired, type State, type Store } from '../api/state';
import { readSavedState } from './credentials';

/**
 * What the pack keeps, it keeps in the credential of the account or platform, and nowhere else. n8n
 * encrypts it in its database and hands it to every workflow and process. The only way in is the one
 * below: a blank expirable property makes n8n call the credential's preAuthentication and save what it
 * returns. n8n writes whole records and has no lock: what is written is always merged over what was
 * read right before, and saved again after a moment, which writes nothing unless another process has
 * written over it.
 */
export type StateContext = Pick<
	IAllExecuteFunctions,
	'getCredentials' | 'getNode' | 'helpers' | 'logger'
>;

/** Longer than another process takes from reading a record to writing it. */
const CHECK_MS = 250;
const MAX_CREDENTIALS = 200;

interface Queue {
	/** What the next write takes along. */
	waiting?: { change: State; written: Promise<void> };
	/** The write under way, and all before it. */
	last: Promise<unknown>;
	/** What was written since the last check. */
	unchecked?: State;
	/** How many writes there were. */
	writes: number;
}

/** By credential. */
const queues = new Map<string, Queue>();

/** `owner` names whose state it is, see ownerOf(). */
export function createStateStore(context: StateContext, type: string, owner: string): Store {
	const id = context.getNode().credentials?.[type]?.id ?? owner;
	const load = async () => {
		const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
		return { credential, state: readSavedState(type, credential) };
	};

	async function write(change: State): Promise<void> {
		const { credential, state } = await load();
		// Another AppID was entered meanwhile: there is nowhere left to put this.
		if (state.of !== change.of) return;
		const merged = removeExpired(mergeStates(state, change), Date.now());
		if (JSON.stringify(merged) === JSON.stringify(state)) return;
		await persist(context, type, credential, merged);
		findQueue(id).writes++;
		checkLater(change);
	}

	function checkLater(change: State): void {
		const queue = findQueue(id);
		const isPlanned = queue.unchecked !== undefined;
		queue.unchecked = queue.unchecked ? mergeStates(queue.unchecked, change) : change;
		if (isPlanned) return;
		const check = async () => {
			const { unchecked } = queue;
			queue.unchecked = undefined;
			if (unchecked) await save(unchecked);
		};
		const failed = (error: Error) =>
			context.logger.debug(`WeChat: saved state was not checked: ${error.message}`);
		// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- nothing waits for it
		setTimeout(() => void check().catch(failed), CHECK_MS).unref();
	}

	/** One write at a time; what comes meanwhile goes along with the next. */
	async function save(change: State): Promise<void> {
		const queue = findQueue(id);
		if (queue.waiting) queue.waiting.change = mergeStates(queue.waiting.change, change);
		else {
			const written = queue.last
				.catch(() => {})
				.then(async () => {
					const { waiting } = queue;
					queue.waiting = undefined;
					if (waiting) await write(waiting.change);
				});
			queue.waiting = { change, written };
			queue.last = written;
		}
		await queue.waiting.written;
	}

	return {
		async read() {
			const { state } = await load();
			return state.of === owner ? state : { of: owner };
		},
		async save(change) {
			const saved = save({ ...change, of: owner });
			if (Object.keys(change).some((part) => part !== 'token')) return await saved;
			// A token alone can be asked for again.
			await saved.catch((error: Error) =>
				context.logger.debug(`WeChat: the token was not saved: ${error.message}`),
			);
		},
	};
}

/** How often this process has written to a credential: what was read before is old when this has grown. */
export const countWrites = (id: string): number => queues.get(id)?.writes ?? 0;

function findQueue(id: string): Queue {
	const queue = queues.get(id) ?? { last: Promise.resolve(), writes: 0 };
	return putNewest(queues, id, queue, MAX_CREDENTIALS);
}

async function persist(
	context: StateContext,
	type: string,
	credential: ICredentialDataDecryptedObject,
	state: State,
): Promise<void> {
	await context.helpers.httpRequestWithAuthentication.call(
		context as never,
		type,
		{ method: 'GET', url: 'data:,saved' },
		{
			credentialsDecrypted: {
				id: '',
				name: '',
				type,
				data: { ...credential, state: JSON.stringify(state), stateSavedAt: '' },
			},
		},
	);
}
