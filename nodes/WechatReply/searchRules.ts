import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { clientInEditor } from '../host/account';
import { matching } from '../host/matching';
import { rulesOf, rulesOn } from '../replies/book';

/** The keywords or menu keys of the account's rules that hold the filter. */
export async function searchRules(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await clientInEditor(this);
	const when = this.getCurrentNodeParameter('when');
	const requests = rulesOn(await client.shelf(rulesOf(client.appId)).read())
		.filter((rule) => rule.when === when)
		.map(({ request }) => request)
		.filter(matching(filter));
	return { results: requests.sort().map((request) => ({ name: request, value: request })) };
}
