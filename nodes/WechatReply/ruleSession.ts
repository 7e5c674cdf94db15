import type { IExecuteFunctions } from 'n8n-workflow';
import type { Services } from '../api/services';
import { openItemClients } from '../n8n/clients';
import { openRuleStore, toRuleSection, type RuleStore } from '../replyRules/ruleStore';
import type { RuleSession } from './resources/rule';

/** The rules of each account in a run, read once and kept once, however many items change them. */
export function openRuleSessions(
	context: IExecuteFunctions,
	services: Services,
): {
	of(item: number): Promise<RuleSession>;
	/** Keeps what was changed. */
	save(): Promise<void>;
} {
	const clientOf = openItemClients(context, services);
	const stores = new Map<string, Promise<RuleStore>>();
	return {
		async of(item) {
			const { appId, section } = await clientOf(item);
			const opened = stores.get(appId) ?? openRuleStore(section(toRuleSection(appId)));
			stores.set(appId, opened);
			return { appId, store: await opened };
		},
		async save() {
			// A store that could not be opened has failed its own items.
			for (const opened of stores.values()) await (await opened.catch(() => undefined))?.save();
		},
	};
}
