import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { clientInEditor } from '../../host/account';
import { matching } from '../../host/matching';

/** The tags of the account whose name holds the filter. An account has at most 100, so one call does. */
export async function searchTags(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await clientInEditor(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/tags/get' });
	return countedIn(answer.tags, filter);
}

/** Tags or groups, with the number of users that each has. */
export function countedIn(list: unknown, filter: string): INodeListSearchResult {
	const entries = (list ?? []) as Array<{ id: number; name: string; count: number }>;
	return {
		results: entries
			.filter(({ name }) => matching(filter)(name))
			.map(({ id, name, count }) => ({ name: `${name} (${count})`, value: String(id) })),
	};
}
