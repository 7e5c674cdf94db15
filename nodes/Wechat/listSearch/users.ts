import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { readList } from '../../api/response';
import { openEditorClient } from '../../n8n/clients';
import { createTextFilter } from '../../n8n/accountList';

/** Lists the tags whose name contains the filter. One call returns all, at most 100. */
export async function searchTags(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/tags/get' });
	return toCountedResults(answer.tags, filter);
}

/** Lists tags or groups with the number of users in each. */
function toCountedResults(list: unknown, filter: string): INodeListSearchResult {
	const entries = (list ?? []) as Array<{ id: number; name: string; count: number }>;
	return {
		results: entries
			.filter(({ name }) => createTextFilter(filter)(name))
			.map(({ id, name, count }) => ({ name: `${name} (${count})`, value: String(id) })),
	};
}

/** Lists the groups whose name contains the filter. One call returns all. */
export async function searchGroups(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/groups/get' });
	return toCountedResults(answer.groups, filter);
}

interface Listed {
	kf_account: string;
	kf_nick: string;
}

/** Lists the agents whose nickname or account contains the filter. One call returns all, at most 100. */
export async function searchAgents(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/customservice/getkflist' });
	return {
		results: readList<Listed>(answer.kf_list)
			.map(({ kf_account, kf_nick }) => ({
				name: `${kf_nick} (${kf_account})`,
				value: kf_account,
			}))
			.filter(({ name }) => createTextFilter(filter)(name)),
	};
}
