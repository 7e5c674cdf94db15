import type { IExecuteFunctions } from 'n8n-workflow';
import { openItemClients } from '../n8n/clients';
import { openRuleStore, toRuleSection, type RuleStore } from '../replyRules/ruleStore';
import { sortRules } from '../replyRules/matcher';
import { toSharedRule } from '../replyRules/ruleFormat';
import type { RuleSession } from './resources/rule';

/** The rules of each account in a run, read once and kept once, however many items change them. */
export function openRuleSessions(context: IExecuteFunctions): {
	of(item: number): Promise<RuleSession & { appId: string }>;
	/** Keeps what was changed. */
	save(): Promise<void>;
} {
	const clientOf = openItemClients(context);
	const books = new Map<string, Promise<RuleStore>>();
	return {
		async of(item) {
			const { appId, section } = await clientOf(item);
			const opened = books.get(appId) ?? openRuleStore(section(toRuleSection(appId)));
			books.set(appId, opened);
			const book = await opened;
			const send = async () => ({ rules: sortRules(book.rules()).map(toSharedRule) });
			return { appId, book, send };
		},
		async save() {
			// A book that could not be opened has failed its own items.
			for (const opened of books.values()) await (await opened.catch(() => undefined))?.save();
		},
	};
}
