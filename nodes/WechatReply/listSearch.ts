import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { openEditorClient } from '../n8n/clients';
import { createTextFilter } from '../n8n/accountList';
import { toRuleSection, listRules } from '../replyRules/ruleStore';

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
