import { toLogLine } from '../base/logLine';
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { createCache, type Cache } from '../base/cache';
import { systemClock, type Clock } from '../base/clock';
import {
	createRecordStore,
	findLost,
	mergeStates,
	removeEntries,
	removeExpired,
	type RecordStore,
	type State,
} from '../api/state';
import { addSaveMark, SAVED_URL } from './credentialFields';
import { readSavedState } from './credentials';
import { readEnteredFields } from './enteredFields';

/**
 * What the pack keeps, it keeps in the credential of the account or platform, and nowhere else. n8n
 * encrypts it in its database and hands it to every workflow and process. The only way in is the one
 * below: a blank expirable property makes n8n call the credential's preAuthentication and save what it
 * returns. n8n writes whole records and has no lock: what is written is always merged over what was
 * read right before, and saved again after a moment, which writes nothing unless another process has
 * written over it. Who replaces a credential through n8n's API takes the hidden state out of it: a process that
 * has read it before puts it back.
 */
export type StateContext =
	| IExecuteFunctions
	| IHookFunctions
	| ILoadOptionsFunctions
	| ITriggerFunctions
	| IWebhookFunctions;

/**
 * When what was written is looked at again: after what another process usually takes from reading a record to writing
 * it, and after what it takes on a machine that is very busy.
 */
const CHECKS_MS = [250, 2000];
const MAX_CREDENTIALS = 200;

/** The state in a credential. */
export interface StateRecord extends RecordStore {
	/** Takes entries out that are elsewhere now; one that has changed meanwhile stays. */
	remove(moved: Omit<State, 'of'>): Promise<void>;
}

interface Queue {
	/** What the next write takes along. */
	waiting?: { change: State; moved: State; written: Promise<void> };
	/** The write under way, and all before it. */
	last: Promise<unknown>;
	/** What was written and waits for its checks, by the number of the check. */
	unchecked: Array<State | undefined>;
	/** How many writes there were. */
	writes: number;
	/** What this process has read or written last. */
	known?: State;
}

/** Writes the state of all credentials in a process: one write at a time for each of them. */
export interface StateWriter {
	clock: Clock;
	/** By credential. */
	queues: Cache<Queue>;
}

export const createStateWriter = (clock: Clock = systemClock): StateWriter => ({
	clock,
	queues: createCache({ max: MAX_CREDENTIALS }),
});

/** That of this process of n8n. */
const systemWriter = createStateWriter();

/** `owner` names whose state it is, see ownerOf(). */
export function createStateStore(
	context: StateContext,
	type: string,
	owner: string,
	writer: StateWriter = systemWriter,
): StateRecord {
	const { clock } = writer;
	const id = context.getNode().credentials?.[type]?.id ?? owner;
	const load = async () => {
		const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
		const saved = readSavedState(type, credential);
		const queue = findQueue(writer, id);
		const lost = queue.known && findLost(saved, queue.known);
		const state = lost ? mergeStates(saved, lost) : saved;
		queue.known = state;
		return { credential, saved, state, lost };
	};

	async function write(change: State, moved: State): Promise<void> {
		const { credential, saved, state } = await load();
		// Another AppID was entered since: this state has no place any more.
		if (state.of !== change.of) return;
		const merged = removeEntries(removeExpired(mergeStates(state, change), clock.now()), moved);
		if (JSON.stringify(merged) === JSON.stringify(saved)) return;
		// Read last: what somebody enters meanwhile is not written over.
		const entered = await readEnteredFields(context, type);
		await persist(entered ?? credential, merged);
		const queue = findQueue(writer, id);
		queue.writes++;
		queue.known = merged;
		checkLater(change, 0);
	}

	/**
	 * Saves a state. n8n saves it before it sends the request that goes along, and the request may fail:
	 * N8N_SSRF_PROTECTION_ENABLED forbids it. What counts is what is saved.
	 */
	async function persist(credential: ICredentialDataDecryptedObject, state: State): Promise<void> {
		const data = { ...credential, state: addSaveMark(JSON.stringify(state)), stateSavedAt: '' };
		const failure = await requestSave(context, type, data).then(
			() => undefined,
			(error: Error) => error,
		);
		if (failure && !(await isSaved(state))) throw failure;
	}

	async function isSaved(state: State): Promise<boolean> {
		const saved = readSavedState(type, await context.getCredentials(type));
		return (
			saved.of === state.of && JSON.stringify(mergeStates(saved, state)) === JSON.stringify(saved)
		);
	}

	/** Puts back what somebody has taken out. What goes wrong is for the log: it is tried again at the next look. */
	async function restore(lost: State): Promise<void> {
		context.logger.warn(
			toLogLine(
				`WeChat: the credential of "${context.getNode().name}" was replaced without its hidden fields. What was lost is put back. With "isPartialData": true n8n's API keeps them.`,
			),
		);
		await save(lost).catch((error: Error) =>
			context.logger.warn(toLogLine(`WeChat: the lost state was not put back: ${error.message}`)),
		);
	}

	/** Writes a change again that another process has overwritten. */
	function checkLater(change: State, check: number): void {
		const { unchecked } = findQueue(writer, id);
		const planned = unchecked[check];
		unchecked[check] = planned ? mergeStates(planned, change) : change;
		if (planned) return;
		const failed = (error: Error) =>
			context.logger.debug(toLogLine(`WeChat: saved state was not checked: ${error.message}`));
		clock.later(CHECKS_MS[check], () => void runCheck(check).catch(failed));
	}

	async function runCheck(check: number): Promise<void> {
		const { unchecked } = findQueue(writer, id);
		const change = unchecked[check];
		unchecked[check] = undefined;
		if (!change) return;
		await save(change);
		if (check + 1 < CHECKS_MS.length) checkLater(change, check + 1);
	}

	/** Writes one change at a time. Changes that arrive during a write are merged into the next one. */
	async function save(change: State, moved: State = { of: change.of }): Promise<void> {
		const queue = findQueue(writer, id);
		if (queue.waiting) {
			const { waiting } = queue;
			waiting.change = mergeStates(waiting.change, change);
			waiting.moved = mergeStates(waiting.moved, moved);
		} else {
			const written = queue.last
				.catch(() => {})
				.then(async () => {
					const { waiting } = queue;
					queue.waiting = undefined;
					if (waiting) await write(waiting.change, waiting.moved);
				});
			queue.waiting = { change, moved, written };
			queue.last = written;
		}
		await queue.waiting.written;
	}

	async function read(): Promise<State> {
		const { state, lost } = await load();
		if (state.of !== owner) return { of: owner };
		if (lost) await restore(lost);
		return state;
	}

	const record = createRecordStore({
		read,
		async save(change) {
			const saved = save({ ...change, of: owner });
			if (Object.keys(change).some((part) => part !== 'token')) return await saved;
			// A token alone can be asked for again.
			await saved.catch((error: Error) =>
				context.logger.debug(toLogLine(`WeChat: the token was not saved: ${error.message}`)),
			);
		},
	});
	return {
		...record,
		remove: async (moved) => await save({ of: owner }, { ...moved, of: owner }),
	};
}

/** How often this process has written to a credential: what was read before is old when this has grown. */
export const countWrites = (id: string, { queues }: StateWriter = systemWriter): number =>
	queues.get(id)?.writes ?? 0;

const findQueue = ({ queues }: StateWriter, id: string): Queue =>
	queues.get(id) ?? queues.set(id, { last: Promise.resolve(), unchecked: [], writes: 0 });

async function requestSave(
	context: StateContext,
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<void> {
	await context.helpers.httpRequestWithAuthentication.call(
		context,
		type,
		{ method: 'GET', url: SAVED_URL },
		{ credentialsDecrypted: { id: '', name: '', type, data } },
	);
}
