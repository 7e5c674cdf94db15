import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import { readList } from '../../api/response';
import { openEditorClient } from '../../n8n/clients';
import { createTextFilter } from '../../n8n/accountList';

/** The most entries that one call returns. */
const PAGE = 20;
/** Pages that one search reads; the editor asks for more when the user scrolls. */
const PAGES = 5;

interface Article {
	title?: string;
}

interface Entry {
	media_id: string;
	article_id: string;
	name?: string;
	content?: { news_item?: Article[] };
}

/** Lists permanent material of the type that the user chose in the node. */
export async function searchMaterial(
	this: ILoadOptionsFunctions,
	filter?: string,
	from?: string,
): Promise<INodeListSearchResult> {
	const type = String(this.getCurrentNodeParameter('type') ?? 'image');
	return await search(this, '/cgi-bin/material/batchget_material', { type }, filter, from);
}

export async function searchImages(
	this: ILoadOptionsFunctions,
	filter?: string,
	from?: string,
): Promise<INodeListSearchResult> {
	return await search(this, '/cgi-bin/material/batchget_material', { type: 'image' }, filter, from);
}

export async function searchDrafts(
	this: ILoadOptionsFunctions,
	filter?: string,
	from?: string,
): Promise<INodeListSearchResult> {
	return await search(this, '/cgi-bin/draft/batchget', {}, filter, from);
}

export async function searchPublications(
	this: ILoadOptionsFunctions,
	filter?: string,
	from?: string,
): Promise<INodeListSearchResult> {
	return await search(this, '/cgi-bin/freepublish/batchget', {}, filter, from);
}

/** WeChat cannot search, so this reads pages until one has a match. */
async function search(
	context: ILoadOptionsFunctions,
	path: string,
	query: object,
	filter = '',
	from = '0',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(context);
	let offset = Number(from);
	for (let pages = 0; pages < PAGES; pages++) {
		const body = { ...query, offset, count: PAGE };
		const { item } = await client.send({ path, body, safe: true });
		const entries = readList<Entry>(item);
		const results = entries.map(toChoice).filter(({ name }) => createTextFilter(filter)(name));
		offset += PAGE;
		if (entries.length < PAGE) return { results };
		if (results.length > 0) return { results, paginationToken: String(offset) };
	}
	return { results: [], paginationToken: String(offset) };
}

function toChoice({ media_id, article_id, name, content }: Entry): INodeListSearchItems {
	const value = media_id ?? article_id;
	const titles = (content?.news_item ?? []).map(({ title }) => title).filter(Boolean);
	return { name: name || titles.join(' · ') || value, value };
}
