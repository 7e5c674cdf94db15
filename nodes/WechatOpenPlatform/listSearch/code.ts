import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { Answer } from '../../api/apiClient';
import { openEditorPlatformClient } from '../../n8n/clients';
import { createTextFilter } from '../../n8n/accountList';
import { formatCategory, type Category } from '../fields/submission';

interface Source {
	user_version: string;
	user_desc: string;
}
type Draft = Source & { draft_id: number };
type Template = Source & { template_id: number };

/** The drafts (草稿箱) of the platform whose version or description holds the filter. */
export async function searchDrafts(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const path = '/wxa/gettemplatedraftlist';
	const { draft_list = [] } = await (
		await openEditorPlatformClient(this)
	).send({ method: 'GET', path, bearer: 'component' });
	return toResults(draft_list as Draft[], ({ draft_id }) => draft_id, filter);
}

/** The same for the templates of its library (模板库). */
export async function searchTemplates(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const path = '/wxa/gettemplatelist';
	const { template_list = [] } = await (
		await openEditorPlatformClient(this)
	).send({ method: 'GET', path, bearer: 'component' });
	return toResults(template_list as Template[], ({ template_id }) => template_id, filter);
}

/** The newest first, as they were made last. */
function toResults<T extends Source>(
	entries: T[],
	idOf: (entry: T) => number,
	filter: string,
): INodeListSearchResult {
	const items = entries.map((entry): INodeListSearchItems => {
		const { user_version, user_desc } = entry;
		return { name: `${idOf(entry)}: ${user_version} ${user_desc}`.trim(), value: idOf(entry) };
	});
	return { results: items.filter(({ name }) => createTextFilter(filter)(name)).reverse() };
}

/** The pages of the trial version of the chosen mini program. */
export async function getPages(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { page_list = [] } = await getForAccount(this, '/wxa/get_page');
	return (page_list as string[]).map((page) => ({ name: page, value: page }));
}

/** The categories (服务类目) of the chosen mini program; the value of each is what submitting wants, as JSON. */
export async function getCategories(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { category_list = [] } = await getForAccount(this, '/wxa/get_category');
	return (category_list as Category[]).map((category) => ({
		name: formatCategory(category),
		value: JSON.stringify(category),
	}));
}

const getForAccount = async (context: ILoadOptionsFunctions, path: string): Promise<Answer> =>
	await (await openEditorPlatformClient(context)).send({ method: 'GET', path });
