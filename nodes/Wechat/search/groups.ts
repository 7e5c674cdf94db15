import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { clientInEditor } from '../../host/account';
import { countedIn } from './tags';

/** The groups of the account whose name holds the filter. WeChat sends all at once. */
export async function searchGroups(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await clientInEditor(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/groups/get' });
	return countedIn(answer.groups, filter);
}
