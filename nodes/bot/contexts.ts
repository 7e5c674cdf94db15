import type { SectionEntries, StateSection } from '../api/state';
import { toTimeAfter } from '../base/clock';

/** What lets the bot write to a person: it comes with each message of that person, and the newest one counts. */
interface BotContext {
	/** `context_token` */
	token: string;
	/** When the person wrote, in milliseconds. */
	at: number;
}

/** The newest context of each person. */
export interface Contexts {
	/** Keeps the context of a message, unless a newer one is known. Returns whether it is the newest. */
	note(userId: string, token: string, at: number): Promise<boolean>;
	get(userId: string): Promise<BotContext | undefined>;
	/** All that are known, newest first. */
	list(): Promise<Array<BotContext & { userId: string }>>;
}

/** The section of the state: an entry of about 400 bytes for each person. */
export const CONTEXTS = 'botContexts';
/** Of those who wrote last; about 200 kB. */
export const MAX_PEOPLE = 500;
/** WeChat delivers nothing in a context that is older than a day; after a week it is not shown any more, either. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** @param section {@link CONTEXTS} of the credential of the bot. */
export function createContexts(section: StateSection, now: () => number): Contexts {
	const read = async (userId: string) => {
		const entry = await section.get(userId);
		return { entry, context: entry?.value as BotContext | undefined };
	};

	return {
		async note(userId, token, at) {
			const { entry, context } = await read(userId);
			if (!token || (context && context.at > at)) return false;
			if (context?.token === token) return true;
			const removed = context ? {} : removeOldest(await section.read(), now());
			const time = toTimeAfter(entry?.at, now());
			await section.put({
				...removed,
				[userId]: { at: time, value: { token, at }, until: now() + KEPT_MS },
			});
			return true;
		},
		get: async (userId) => (await read(userId)).context,
		list: async () => listContexts(await section.read()),
	};
}

const listContexts = (entries: SectionEntries) =>
	Object.entries(entries)
		.flatMap(([userId, { value }]) => (value ? [{ ...(value as BotContext), userId }] : []))
		.sort((one, other) => other.at - one.at);

/** Makes room for one more. */
const removeOldest = (entries: SectionEntries, now: number): SectionEntries =>
	Object.fromEntries(
		listContexts(entries)
			.slice(MAX_PEOPLE - 1)
			.map(({ userId }) => [userId, { at: toTimeAfter(entries[userId].at, now) }]),
	);
