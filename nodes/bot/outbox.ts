import type { SectionEntries, StateSection } from '../api/state';
import { createSingleFlight } from '../api/singleFlight';
import { toTimeAfter } from '../base/clock';
import { ConnectionError } from '../base/connectionError';
import { UserError } from '../base/userError';
import type { OutgoingMessage } from './botClient';
import { BotError } from './botError';

/** A message that waits until the person writes. */
interface WaitingMessage extends Omit<OutgoingMessage, 'contextToken'> {
	/** When it was kept, in milliseconds, and its place among those that were kept with it. */
	keptAt: number;
	place: number;
}

/** What became of the messages that waited for one person. */
interface Flushed {
	/** Those that went out, with the ids that WeChat gave them. */
	sent: Array<{ message: OutgoingMessage; messageId: string }>;
	/** Those that WeChat will never take; they wait no longer. */
	refused: Array<{ message: OutgoingMessage; error: BotError }>;
	/** How many still wait. */
	left: number;
	/** Why they do. */
	error?: BotError | ConnectionError;
}

/** What waits until people write, in the order in which it is to go out. */
export interface Outbox {
	/** @throws {UserError} when too much waits already. Nothing is kept then. */
	keep(messages: readonly OutgoingMessage[]): Promise<void>;
	/** How many messages wait, for one person or for all. */
	count(userId?: string): Promise<number>;
	/** Takes out what waits for a person. Returns how many messages that were. */
	clear(userId: string): Promise<number>;
	/**
	 * Sends what waits for a person, once that person has written: in order, each removed as soon as it is out, up to the
	 * first that is not delivered. Only one process may do it at a time. What was interrupted goes out again under the
	 * same client id, by which WeChat can tell that it is the same message (unconfirmed).
	 */
	flush(
		userId: string,
		send: (message: OutgoingMessage) => Promise<{ messageId: string }>,
	): Promise<Flushed>;
}

/** The section of the state: a group for each person, with an entry for each message. */
export const OUTBOX = 'botOutbox';
export const MAX_WAITING = { ofPerson: 20, all: 200, bytes: 512 * 1024 };
const KEPT_MS = 7 * 24 * 3_600_000;

/** @param section {@link OUTBOX} of the credential of the bot. */
export function createOutbox(section: StateSection, now: () => number): Outbox {
	const flushes = createSingleFlight<Flushed>();
	const list = async (userId: string) => listWaiting((await section.get(userId))?.value, now());

	async function put(userId: string, changes: SectionEntries): Promise<void> {
		const group = await section.get(userId);
		const at = toTimeAfter(group?.at, now());
		const until = Math.max(group?.until ?? 0, now() + KEPT_MS);
		await section.put({ [userId]: { at, value: changes, until, isGroup: true } });
	}

	const toRemoved = ({ clientId, keptAt }: WaitingMessage): SectionEntries => ({
		[clientId]: { at: toTimeAfter(keptAt, now()) },
	});

	async function flush(userId: string, send: Parameters<Outbox['flush']>[1]): Promise<Flushed> {
		const flushed: Flushed = { sent: [], refused: [], left: 0 };
		const done = new Set<string>();
		// A run may keep more meanwhile: that waits for nothing any more, and all later ones would wait behind it.
		for (;;) {
			// Another process that saves at once may bring back for a moment what was removed, see n8n/stateStore.
			const waiting = (await list(userId)).filter(({ clientId }) => !done.has(clientId));
			const [entry] = waiting;
			if (!entry) return flushed;
			const { keptAt: _, place: __, ...message } = entry;
			try {
				flushed.sent.push({ message, ...(await send(message)) });
			} catch (error) {
				const isKept =
					error instanceof ConnectionError ||
					(error instanceof BotError && (error.isUndelivered || error.isSessionDead));
				if (isKept) return { ...flushed, left: waiting.length, error };
				if (!(error instanceof BotError)) throw error;
				flushed.refused.push({ message, error });
			}
			done.add(entry.clientId);
			await put(userId, toRemoved(entry));
		}
	}

	return {
		async keep(messages) {
			if (messages.length === 0) return;
			const all = Object.values(await section.read()).flatMap(({ value }) =>
				listWaiting(value, now()),
			);
			const [{ to }] = messages;
			checkRoom(all, messages);
			const keptAt = toTimeAfter(
				all
					.filter((one) => one.to === to)
					.map((one) => one.keptAt)
					.at(-1),
				now(),
			);
			const entries = messages.map(({ contextToken: _, ...message }, place) => {
				const value: WaitingMessage = { ...message, keptAt, place };
				return [message.clientId, { at: keptAt, value, until: keptAt + KEPT_MS }];
			});
			await put(to, Object.fromEntries(entries) as SectionEntries);
		},
		async count(userId) {
			if (userId !== undefined) return (await list(userId)).length;
			const groups = Object.values(await section.read());
			return groups.reduce((sum, { value }) => sum + listWaiting(value, now()).length, 0);
		},
		async clear(userId) {
			const waiting = await list(userId);
			const removed = waiting.map(toRemoved);
			if (removed.length > 0) await put(userId, Object.assign({}, ...removed) as SectionEntries);
			return removed.length;
		},
		flush: async (userId, send) => await flushes.run(userId, async () => await flush(userId, send)),
	};
}

const listWaiting = (group: unknown, now: number): WaitingMessage[] =>
	Object.values((group ?? {}) as SectionEntries)
		.flatMap(({ value, until = Infinity }) =>
			value && until > now ? [value as WaitingMessage] : [],
		)
		.sort((one, other) => one.keptAt - other.keptAt || one.place - other.place);

const toBytes = (messages: readonly object[]) => Buffer.byteLength(JSON.stringify(messages));

function checkRoom(all: WaitingMessage[], added: readonly OutgoingMessage[]): void {
	const ofPerson = all.filter(({ to }) => to === added[0].to).length;
	const { length } = added;
	if (ofPerson + length > MAX_WAITING.ofPerson)
		throw new UserError(
			`${ofPerson} messages wait already until this person writes; at most ${MAX_WAITING.ofPerson} can`,
			'Send fewer and shorter messages to people who do not answer.',
			`已有 ${ofPerson} 条消息在等待此人发来消息，最多 ${MAX_WAITING.ofPerson} 条：对不回复的人，请少发、发短一些。`,
		);
	if (all.length + length > MAX_WAITING.all || toBytes(all) + toBytes(added) > MAX_WAITING.bytes)
		throw new UserError(
			`${all.length} messages wait already until people write to this bot; at most ${MAX_WAITING.all} can, with ${MAX_WAITING.bytes / 1024} kB in all`,
			'Send fewer and shorter messages to people who do not answer.',
			`已有 ${all.length} 条消息在等待对方发来消息，此机器人最多 ${MAX_WAITING.all} 条，总共 ${MAX_WAITING.bytes / 1024} kB：对不回复的人，请少发、发短一些。`,
		);
}
