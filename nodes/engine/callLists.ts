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
		const words = toWords(filter);
		const found = calls
			.filter(({ gone, path }) => !gone && !findRefusal(path))
			.filter((call) => {
				const text = toSearchText(call, groups);
				return words.every((word) => text.includes(word));
			});
		const rank = ({ area }: CallRecord) => Number(!areas.some((one) => area.includes(one)));
		const sorted = [
			...found.filter((call) => rank(call) === 0),
			...found.filter((call) => rank(call) === 1),
		];
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

/** Of an address that was pasted from WeChat's page, the path counts. */
const toWords = (filter: string): string[] =>
	filter
		.toLowerCase()
		.replace(/https?:\/\/[^/\s]+|[?&]\w*access_token=\S*/g, '')
		.split(/\s+/)
		.filter(Boolean);

const toSearchText = ({ key, method, title, group }: CallRecord, groups: GroupNames) =>
	[method, key, ...title, group, ...(groups[group] ?? [])].join(' ').toLowerCase();

/** Title, path, and the operation that is easier to use. */
function toListItem(
	{ key, method, path, title: [english, chinese], doc }: CallRecord,
	operations: Map<string, string>,
): INodeListSearchItems {
	// Only keys of WeChat Pay have the method in them.
	const operation = operations.get(key.startsWith(method) ? `${method} ${path}` : path);
	const also = operation ? `; also ${operation}` : '';
	const name = `${english}${chinese ? ` (${chinese})` : ''}: ${key}${also}`;
	const url = doc?.startsWith('/') ? `https://developers.weixin.qq.com${doc}` : doc;
	return { name, value: key, ...(url && { url }) };
}

/** What operations are called that make a call themselves, by its path, e.g. `Tag: Rename`. */
function nameOperations(resources: DescribedResource[]): Map<string, string> {
	const names = new Map<string, string>();
	for (const { name, operations } of resources)
		for (const operation of operations) {
			const { method = 'POST', path } = operation as { method?: string; path?: string };
			const label = `${name.replace(/ \(.*/, '')}: ${operation.name}`;
			if (path) names.set(path, label).set(`${method} ${path}`, label);
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
