import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';
import { listCallFields, type CallField } from '../callCatalog/callFields';
import {
	findKnownCall,
	readGroupNames,
	readKnownCalls,
	type Catalogs,
} from '../callCatalog/knownCalls';
import { openEditorClient } from '../n8n/clients';
import { findRefusal } from '../callCatalog/refusedCalls';
import { createSearch } from '../callCatalog/searchWords';
import { binaryField } from './fields';
import { OUTPUT_FIELD } from './callOperation';
import type { DescribedResource } from './define';

/** How many calls the editor gets at a time. */
const PAGE = 50;

/** For which accounts calls are shown first, in this order. */
type FindAreas = (context: ILoadOptionsFunctions) => Promise<readonly string[]>;

/** The words of the call catalog for kinds of accounts. */
const AREAS: Record<string, string> = {
	officialAccount: 'account',
	miniProgram: 'miniprogram',
	shop: 'shop',
};

/**
 * Finds what the account is that was chosen in the editor, so that calls for such accounts are listed first. Without a
 * credential all of them are alike.
 */
export async function findAccountAreas(context: ILoadOptionsFunctions): Promise<string[]> {
	try {
		const client = await openEditorClient(context);
		return [AREAS[await client.kind()]];
	} catch {
		return [];
	}
}

type SearchCalls = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/**
 * Creates the list of known calls for a node. `resources` are its operations, which are named beside the calls that they
 * make. Calls that WeChat has switched off or that are refused are not on it.
 */
export function createSearchCalls(
	resources: DescribedResource[],
	findAreas: FindAreas,
	catalog: keyof Catalogs = 'calls',
): SearchCalls {
	return async function (filter = '', paginationToken) {
		const [calls, groups, areas] = await Promise.all([
			readKnownCalls(catalog),
			readGroupNames(catalog),
			findAreas(this),
		]);
		const operations = nameOperations(resources);
		const search = createSearch(filter);
		const sorted = calls
			.filter(({ gone, path }) => !gone && !findRefusal(path))
			.map((call) => ({
				call,
				fit: search(call.title.join(' '), toSearchText(call, groups)),
				isMeant: areas.some((area) => call.area.includes(area)),
				// Of calls that fit alike, the one with the shortest title says the fewest other things.
				length: filter.trim() ? call.title[0].length : 0,
			}))
			.filter(({ fit }) => fit !== 'none')
			.sort(
				(one, other) =>
					Number(one.fit === 'loose') - Number(other.fit === 'loose') ||
					Number(other.isMeant) - Number(one.isMeant) ||
					one.length - other.length,
			)
			.map(({ call }) => call);
		const begin = Number(paginationToken ?? 0);
		const end = begin + PAGE;
		return {
			results: sorted.slice(begin, end).map((call) => toListItem(call, operations)),
			...(end < sorted.length && { paginationToken: String(end) }),
		};
	};
}

type CallRecord = Catalogs[keyof Catalogs];
type GroupNames = Record<string, [string, string]>;

const toSearchText = ({ key, method, title, group }: CallRecord, groups: GroupNames) =>
	[method, key, ...title, group, ...(groups[group] ?? [])].join(' ');

/** Title, the operations that are easier to use, and the path: the editor cuts off the end of a long row. */
function toListItem(
	{ key, method, path, title: [english, chinese], doc }: CallRecord,
	operations: Map<string, NamedOperation[]>,
): INodeListSearchItems {
	// Only keys of WeChat Pay have the method in them.
	const own = operations.get(key.startsWith(method) ? `${method} ${path}` : path) ?? [];
	const easier = joinOperations(findFitting(own, english));
	const title = `${english}${chinese ? ` (${chinese})` : ''}`;
	const name = `${title}${easier && `, easier: ${easier}`} – ${key}`;
	const url = doc?.startsWith('/') ? `https://developers.weixin.qq.com${doc}` : doc;
	return { name, value: key, ...(url && { url }) };
}

interface NamedOperation {
	resource: string;
	name: string;
}

/** Of several operations, those that begin with the verb of the title: one path may get as well as change. */
function findFitting(operations: NamedOperation[], title: string): NamedOperation[] {
	const [verb] = title.split(' ');
	const fitting = operations.filter(({ name }) => name.split(' ')[0] === verb);
	return fitting.length > 0 ? fitting : operations;
}

/** E.g. `Tag: Rename`. */
const joinOperations = (operations: NamedOperation[]): string =>
	operations.map(({ resource, name }) => `${resource}: ${name}`).join(', ');

/** The operations that make a call themselves, by its path. */
function nameOperations(resources: DescribedResource[]): Map<string, NamedOperation[]> {
	const names = new Map<string, NamedOperation[]>();
	for (const { name, operations } of resources)
		for (const operation of operations) {
			const { method = 'POST', path } = operation as { method?: string; path?: string };
			const named = { resource: name.replace(/ \(.*/, ''), name: operation.name };
			if (path)
				for (const key of [path, `${method} ${path}`])
					names.set(key, [...(names.get(key) ?? []), named]);
		}
	return names;
}

type GetCallFields = (this: ILoadOptionsFunctions) => Promise<ResourceMapperFields>;

/** Creates the form of the call that is chosen. */
export const createGetCallFields = (catalog: keyof Catalogs = 'calls'): GetCallFields =>
	async function () {
		const key = this.getCurrentNodeParameter('call', { extractValue: true });
		const call =
			typeof key === 'string' && key ? await findKnownCall(key.trim(), catalog) : undefined;
		if (!call) return { fields: [], emptyFieldsNotice: 'Choose a call that the list knows' };
		const fields = listCallFields(call).map(toFormField);
		return { fields: call.download ? [...fields, outputField] : fields };
	};

const outputField: ResourceMapperField = {
	id: OUTPUT_FIELD,
	displayName: binaryField.displayName,
	type: 'string',
	required: false,
	display: true,
	defaultMatch: false,
	canBeUsedToMatch: false,
	defaultValue: binaryField.default,
};

const toFormField = (field: CallField): ResourceMapperField => ({
	id: field.id,
	displayName: toLabel(field),
	type: FORM_TYPES[field.kind] ?? 'string',
	required: field.required,
	// Left out of the form until it is added, so that only what the call needs is in sight.
	display: true,
	removed: !field.required,
	defaultMatch: false,
	canBeUsedToMatch: false,
	...(field.choices && { options: field.choices.map((value) => ({ name: value, value })) }),
	...(field.kind === 'file' && { defaultValue: 'data' }),
});

const FORM_TYPES: Partial<Record<CallField['kind'], ResourceMapperField['type']>> = {
	integer: 'number',
	number: 'number',
	boolean: 'boolean',
	flag: 'boolean',
	choice: 'options',
	list: 'array',
	object: 'object',
	seconds: 'dateTime',
	dateTime: 'dateTime',
	dateTime14: 'dateTime',
	rfc3339: 'dateTime',
};

/** WeChat's word, and what must be known to fill it in. */
function toLabel({ name, place, kind, id, separator }: CallField): string {
	const notes = [
		...(id !== name ? [place] : []),
		...(kind === 'file' ? ['binary field of a file'] : []),
		...(kind === 'joinedList' ? [`divided by ${separator}`] : []),
		...(kind === 'jsonText' ? ['JSON'] : []),
	];
	return notes.length > 0 ? `${name} (${notes.join(', ')})` : name;
}
