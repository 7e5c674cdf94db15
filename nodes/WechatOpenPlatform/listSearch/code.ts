import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { Answer } from '../../api/apiClient';
import { readList } from '../../api/response';
import { openEditorPlatformClient } from '../../n8n/clients';
import { createTextFilter } from '../../n8n/accountList';
import { formatCategory, type Category } from '../fields/submission';

interface Source {
	user_version: string;
	user_desc: string;
}
type Draft = Source & { draft_id: number };
type Template = Source & { template_id: number };

/** Lists the drafts (草稿箱) of the platform whose version or description contains the filter. */
export async function searchDrafts(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const path = '/wxa/gettemplatedraftlist';
	const { draft_list } = await (
		await openEditorPlatformClient(this)
	).send({ method: 'GET', path, bearer: 'component' });
	return toResults(readList<Draft>(draft_list), ({ draft_id }) => draft_id, filter);
}

/** Lists the templates (模板库) whose version or description contains the filter. */
export async function searchTemplates(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const path = '/wxa/gettemplatelist';
	const { template_list } = await (
		await openEditorPlatformClient(this)
	).send({ method: 'GET', path, bearer: 'component' });
	return toResults(readList<Template>(template_list), ({ template_id }) => template_id, filter);
}

/** Lists the newest first; WeChat returns them last. */
function toResults<T extends Source>(
	entries: T[],
	readId: (entry: T) => number,
	filter: string,
): INodeListSearchResult {
	const items = entries.map((entry): INodeListSearchItems => {
		const { user_version, user_desc } = entry;
		return { name: `${readId(entry)}: ${user_version} ${user_desc}`.trim(), value: readId(entry) };
	});
	return { results: items.filter(({ name }) => createTextFilter(filter)(name)).reverse() };
}

/** Lists the pages in the trial version of the chosen mini program. */
export async function getPages(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { page_list } = await fetchForAccount(this, '/wxa/get_page');
	return readList<string>(page_list).map((page) => ({ name: page, value: page }));
}

/** Lists the categories (服务类目) of the chosen mini program. Each value is JSON for a submission. */
export async function getCategories(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { category_list } = await fetchForAccount(this, '/wxa/get_category');
	return readList<Category>(category_list).map((category) => ({
		name: formatCategory(category),
		value: JSON.stringify(category),
	}));
}

const fetchForAccount = async (context: ILoadOptionsFunctions, path: string): Promise<Answer> =>
	await (await openEditorPlatformClient(context)).send({ method: 'GET', path });
