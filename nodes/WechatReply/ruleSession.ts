import type { IExecuteFunctions, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { Services } from '../api/services';
import { createTextFilter } from '../n8n/accountList';
import { openEditorClient, openItemClients } from '../n8n/clients';
import { listRules, openRuleStore, toRuleSection, type RuleStore } from '../replyRules/ruleStore';

/** Opens the rules of each account in a run. They are read once and saved once, however many items change them. */
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
			const client = await clientOf(item);
			const { appId, section } = client;
			const opened = stores.get(appId) ?? openRuleStore(section(toRuleSection(appId)));
			stores.set(appId, opened);
			return { appId, store: await opened, openAccount: async () => client };
		},
		async save() {
			// A store that could not be opened has failed its own items.
			for (const opened of stores.values()) await (await opened.catch(() => undefined))?.save();
		},
	};
}

/** The rules of an account. */
export interface RuleSession {
	appId: string;
	store: RuleStore;
	/** For files that a rule sends. */
	openAccount(): Promise<AccountClient>;
}

/** The keywords or menu keys of the account's rules that hold the filter. */
export async function searchRules(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const when = this.getCurrentNodeParameter('when');
	const requests = listRules(await client.section(toRuleSection(client.appId)).read())
		.filter((rule) => rule.when === when)
		.map(({ request }) => request)
		.filter(createTextFilter(filter));
	return { results: requests.sort().map((request) => ({ name: request, value: request })) };
}
