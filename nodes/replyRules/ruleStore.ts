import type { StateSection, SectionEntry, SectionEntries } from '../api/state';
import { toTimeAfter } from '../base/clock';
import { toRuleName, type Rule } from './rule';

/** The rules of one account, as they were when the store was opened, with the changes made since. */
export interface RuleStore {
	rules(): Rule[];
	get(name: string): Rule | undefined;
	/** Adds a rule. Returns the rule that it replaces. */
	put(rule: Rule): Rule | undefined;
	/** Returns the rule that was removed. */
	remove(name: string): Rule | undefined;
	/** Saves all changes in one write. Changes that others made to other rules stay. */
	save(): Promise<void>;
}

/** Names the section of the state that holds the rules of an account. */
export const toRuleSection = (appId: string) => `rules ${appId}`;

export const listRules = (section: SectionEntries): Rule[] =>
	Object.values(section).flatMap(({ value }) => (value ? [value as Rule] : []));

export async function openRuleStore(
	section: StateSection,
	now: () => number = Date.now,
): Promise<RuleStore> {
	const entries = new Map(Object.entries(await section.read()));
	const changed = new Map<string, SectionEntry>();
	const get = (name: string) => entries.get(name)?.value as Rule | undefined;

	function change(name: string, value?: Rule): Rule | undefined {
		const before = entries.get(name);
		const entry = { at: toTimeAfter(before?.at, now()), ...(value && { value }) };
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
			await section.put(Object.fromEntries(changed));
			changed.clear();
		},
	};
}
