import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { clientInEditor } from '../../host/account';

/** The groups of the account whose name holds the filter. WeChat sends all at once. */
export async function searchGroups(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await clientInEditor(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/groups/get' });
	const groups = (answer.groups ?? []) as Array<{ id: number; name: string; count: number }>;
	return {
		results: groups
			.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()))
			.map(({ id, name, count }) => ({ name: `${name} (${count})`, value: String(id) })),
	};
}
