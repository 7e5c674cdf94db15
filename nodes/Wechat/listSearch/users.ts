import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { openEditorClient } from '../../n8n/clients';
import { createTextFilter } from '../../n8n/accountList';

/** The tags of the account whose name holds the filter. An account has at most 100, so one call does. */
export async function searchTags(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/tags/get' });
	return toCountedResults(answer.tags, filter);
}

/** Tags or groups, with the number of users that each has. */
function toCountedResults(list: unknown, filter: string): INodeListSearchResult {
	const entries = (list ?? []) as Array<{ id: number; name: string; count: number }>;
	return {
		results: entries
			.filter(({ name }) => createTextFilter(filter)(name))
			.map(({ id, name, count }) => ({ name: `${name} (${count})`, value: String(id) })),
	};
}

/** The groups of the account whose name holds the filter. WeChat sends all at once. */
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

/** The customer service agents whose nickname or account holds the filter; an account has at most 100. */
export async function searchAgents(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/customservice/getkflist' });
	return {
		results: ((answer.kf_list ?? []) as Listed[])
			.map(({ kf_account, kf_nick }) => ({
				name: `${kf_nick} (${kf_account})`,
				value: kf_account,
			}))
			.filter(({ name }) => createTextFilter(filter)(name)),
	};
}
