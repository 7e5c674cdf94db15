import type { StateSection, SectionEntry, SectionEntries } from '../api/state';
import { toRuleName, type Rule } from './rule';

/** The rules of an account as they were when the book was opened, and what was changed in it since. */
export interface RuleStore {
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
export const toRuleSection = (appId: string) => `rules ${appId}`;

export const listRules = (shelf: SectionEntries): Rule[] =>
	Object.values(shelf).flatMap(({ value }) => (value ? [value as Rule] : []));

export async function openRuleStore(
	shelf: StateSection,
	now: () => number = Date.now,
): Promise<RuleStore> {
	const entries = new Map(Object.entries(await shelf.read()));
	const changed = new Map<string, SectionEntry>();
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
		rules: () => listRules(Object.fromEntries(entries)),
		get,
		put: (rule) => change(toRuleName(rule), rule),
		remove: (name) => (get(name) ? change(name) : undefined),
		async save() {
			if (changed.size === 0) return;
			await shelf.put(Object.fromEntries(changed));
			changed.clear();
		},
	};
}
