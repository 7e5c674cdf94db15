import type { OneShelf } from '../api/shelf';
import type { Entry, Shelf } from '../api/state';
import { nameOf, type Rule } from './rule';

/** The rules of an account as they were when the book was opened, and what was changed in it since. */
export interface RuleBook {
	rules(): Rule[];
	get(name: string): Rule | undefined;
	/** Returns the rule that this one replaces. */
	put(rule: Rule): Rule | undefined;
	/** Returns the rule that was there. */
	remove(name: string): Rule | undefined;
	/** Keeps all changes, in one go; those of others to other rules stay. */
	save(): Promise<void>;
}

/** The name of the shelf that an account's rules are on. */
export const rulesOf = (appId: string) => `rules ${appId}`;

export const rulesOn = (shelf: Shelf): Rule[] =>
	Object.values(shelf).flatMap(({ value }) => (value ? [value as Rule] : []));

export async function openBook(shelf: OneShelf, now: () => number = Date.now): Promise<RuleBook> {
	const entries = new Map(Object.entries(await shelf.read()));
	const changed = new Map<string, Entry>();
	const get = (name: string) => entries.get(name)?.value as Rule | undefined;

	/** Later than what it replaces, even when that was put there by a process whose clock is ahead. */
	function change(name: string, value?: Rule): Rule | undefined {
		const before = entries.get(name);
		const entry = { at: Math.max(now(), (before?.at ?? 0) + 1), ...(value && { value }) };
		entries.set(name, entry);
		changed.set(name, entry);
		return before?.value as Rule | undefined;
	}

	return {
		rules: () => rulesOn(Object.fromEntries(entries)),
		get,
		put: (rule) => change(nameOf(rule), rule),
		remove: (name) => (get(name) ? change(name) : undefined),
		async save() {
			if (changed.size === 0) return;
			await shelf.put(Object.fromEntries(changed));
			changed.clear();
		},
	};
}
