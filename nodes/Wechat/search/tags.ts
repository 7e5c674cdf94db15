import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { clientInEditor } from '../../host/account';

/** The tags of the account whose name holds the filter. An account has at most 100, so one call does. */
export async function searchTags(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const client = await clientInEditor(this);
	const answer = await client.send({ method: 'GET', path: '/cgi-bin/tags/get' });
	const tags = answer.tags as Array<{ id: number; name: string; count: number }>;
	return {
		results: tags
			.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()))
			.map(({ id, name, count }) => ({ name: `${name} (${count})`, value: String(id) })),
	};
}
