import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { Client } from '../../api/apiClient';
import { openEditorClient } from '../../n8n/clients';
import { createTextFilter } from '../../n8n/accountList';
import { listAll } from '../../engine/pagination';
import { TITLES, TITLES_PATH, type Title } from '../fields/templateLibrary';

/** A template of the account, for template or subscription messages. */
interface Template {
	id: string;
	title: string;
	/** Text with a placeholder such as `{{thing1.DATA}}` for each value. */
	content: string;
}

const fetchTemplates = async (client: Client): Promise<Template[]> => {
	const path = '/cgi-bin/template/get_all_private_template';
	const { template_list: list = [] } = await client.send({ method: 'GET', path });
	return (list as Array<Template & { template_id: string }>).map(({ template_id, ...rest }) => ({
		...rest,
		id: template_id,
	}));
};

const fetchSubscriptionTemplates = async (client: Client): Promise<Template[]> => {
	const path = '/wxaapi/newtmpl/gettemplate';
	const { data = [] } = await client.send({ method: 'GET', path });
	return (data as Array<Template & { priTmplId: string }>).map(({ priTmplId, ...rest }) => ({
		...rest,
		id: priTmplId,
	}));
};

/** Lists the templates for template messages (模板消息) whose title contains the filter. */
export async function searchTemplates(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	return toResults(await fetchTemplates(await openEditorClient(this)), filter);
}

/** Lists the templates for subscription messages (订阅通知) whose title contains the filter. */
export async function searchSubscriptionTemplates(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	return toResults(await fetchSubscriptionTemplates(await openEditorClient(this)), filter);
}

/** Lists the keywords of the chosen template for template messages. */
export async function getTemplateKeywords(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return listKeywords(
		await fetchTemplates(await openEditorClient(this)),
		readChosen(this, 'template_id'),
	);
}

/** Lists the keywords of the chosen template for subscription messages. */
export async function getSubscriptionKeywords(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const templates = await fetchSubscriptionTemplates(await openEditorClient(this));
	return listKeywords(templates, readChosen(this, 'template_id'));
}

/** Lists the categories (服务类目) of the account. */
export async function getCategories(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const client = await openEditorClient(this);
	return (await fetchCategories(client)).map(({ id, name }) => ({ name, value: id }));
}

/** Lists titles in WeChat's library (公共模板库) for all categories of the account, page by page. */
export async function searchTitles(
	this: ILoadOptionsFunctions,
	filter = '',
	start = '0',
): Promise<INodeListSearchResult> {
	const client = await openEditorClient(this);
	const ids = (await fetchCategories(client)).map(({ id }) => id);
	if (ids.length === 0) return { results: [] };
	// WeChat cannot search titles, so a page holds more of them when there is a filter.
	const count = filter ? 300 : 30;
	const call = { method: 'GET', path: TITLES_PATH, query: { ids, start } } as const;
	const titles = (await listAll(TITLES, call, client.send, count)) as Title[];
	return {
		results: titles
			.filter(({ title }) => createTextFilter(filter)(title))
			.map(({ tid, title }) => ({ name: title, value: String(tid) })),
		...(titles.length === count && { paginationToken: String(Number(start) + count) }),
	};
}

/** Lists the keywords of the chosen title. */
export async function getTitleKeywords(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const tid = readChosen(this, 'tid');
	if (!tid) return [];
	const client = await openEditorClient(this);
	const path = '/wxaapi/newtmpl/getpubtemplatekeywords';
	const { data = [] } = await client.send({ method: 'GET', path, query: { tid } });
	return (data as Array<{ kid: number; name: string; example: string; rule: string }>).map(
		({ kid, name, example, rule }) => ({
			name: `${name} (${rule})`,
			value: kid,
			description: example,
		}),
	);
}

async function fetchCategories(client: Client): Promise<Array<{ id: number; name: string }>> {
	const { data = [] } = await client.send({ method: 'GET', path: '/wxaapi/newtmpl/getcategory' });
	return data as Array<{ id: number; name: string }>;
}

const toResults = (templates: Template[], filter: string): INodeListSearchResult => ({
	results: templates
		.filter(({ title }) => createTextFilter(filter)(title))
		.map(({ id, title }) => ({ name: `${title} (${id.slice(0, 6)}…)`, value: id })),
});

/** Reads what the user chose in another field of the node. */
const readChosen = (context: ILoadOptionsFunctions, field: string): string =>
	String(context.getCurrentNodeParameter(field, { extractValue: true }) ?? '').trim();

/** Lists the placeholders of a template, each with the words before it. */
function listKeywords(templates: Template[], id: string): INodePropertyOptions[] {
	const { content = '' } = templates.find((template) => template.id === id) ?? {};
	return [...content.matchAll(/([^\n{}]*)\{\{(\w+)\.DATA\}\}/g)].map(([, before, key]) => {
		const label = before.replace(/[\s:：]+$/, '').trim();
		return { name: label ? `${label} (${key})` : key, value: key };
	});
}
