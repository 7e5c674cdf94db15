import type { SectionEntry, StateSection } from '../api/state';
import { toTimeAfter } from '../base/clock';

/** What stood in earlier messages: a quote (引用) of newer phones names only the id. */
export interface Quotes {
	remember(messageId: string, text: string): Promise<void>;
	find(messageId: string): Promise<string | undefined>;
}

/** The section of the state: an entry for each message, in both directions. */
export const QUOTES = 'botQuotes';
/** The newest ones; at most about 500 kB, mostly 60. */
export const MAX_QUOTES = 300;
export const MAX_QUOTE_LENGTH = 500;
const KEPT_MS = 3 * 24 * 3_600_000;
/** So that not every message has to remove one. */
const REMOVED_AT_ONCE = 50;

/** @param section {@link QUOTES} of the credential of the bot. */
export function createQuotes(section: StateSection, now: () => number): Quotes {
	return {
		async remember(messageId, text) {
			if (!messageId || !text) return;
			const entries = Object.entries(await section.read()).filter(([, { value }]) => value);
			const at = now();
			const oldest = entries
				.sort(([, one], [, other]) => one.at - other.at)
				.slice(0, entries.length < MAX_QUOTES ? 0 : REMOVED_AT_ONCE)
				.map(([id, entry]): [string, SectionEntry] => [id, { at: toTimeAfter(entry.at, at) }]);
			await section.put({
				...Object.fromEntries(oldest),
				[messageId]: { at, value: cutText(text), until: at + KEPT_MS },
			});
		},
		async find(messageId) {
			const text = (await section.get(messageId))?.value;
			return typeof text === 'string' ? text : undefined;
		},
	};
}

/** Cuts between characters: half an emoji is none. */
const cutText = (text: string) =>
	text.length <= MAX_QUOTE_LENGTH
		? text
		: `${text.slice(0, MAX_QUOTE_LENGTH).replace(/[\ud800-\udbff]$/, '')}…`;
