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
	type KnownCall,
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
): SearchCalls {
	return async function (filter = '', paginationToken) {
		const [calls, groups, areas] = await Promise.all([
			readKnownCalls(),
			readGroupNames(),
			findAreas(this),
		]);
		const operations = nameOperations(resources);
		const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
		const found = calls
			.filter(({ gone, path }) => !gone && !findRefusal(path))
			.filter((call) => {
				const text = toSearchText(call, groups);
				return words.every((word) => text.includes(word));
			});
		const rank = ({ area }: KnownCall) => Number(!areas.some((one) => area.includes(one)));
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

type GroupNames = Record<string, [string, string]>;

const toSearchText = ({ key, title, group }: KnownCall, groups: GroupNames) =>
	[key, ...title, group, ...(groups[group] ?? [])].join(' ').toLowerCase();

/** Title, path, and the operation that is easier to use. */
function toListItem(
	{ key, path, title: [english, chinese], doc }: KnownCall,
	operations: Map<string, string>,
): INodeListSearchItems {
	const operation = operations.get(key) ?? operations.get(path);
	const also = operation ? `; also ${operation}` : '';
	const name = `${english}${chinese ? ` (${chinese})` : ''}: ${key}${also}`;
	return { name, value: key, ...(doc && { url: `https://developers.weixin.qq.com${doc}` }) };
}

/** What operations are called that make a call themselves, by its path, e.g. `Tag: Rename`. */
function nameOperations(resources: DescribedResource[]): Map<string, string> {
	const names = new Map<string, string>();
	for (const { name, operations } of resources)
		for (const operation of operations) {
			const { path } = operation as { path?: string };
			if (path) names.set(path, `${name.replace(/ \(.*/, '')}: ${operation.name}`);
		}
	return names;
}

/** The form of the call that is chosen. */
export async function getCallFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const key = this.getCurrentNodeParameter('call', { extractValue: true });
	const call = typeof key === 'string' && key ? await findKnownCall(key.trim()) : undefined;
	if (!call) return { fields: [], emptyFieldsNotice: 'Choose a call that the list knows' };
	const fields = listCallFields(call).map(toFormField);
	return { fields: call.download ? [...fields, outputField] : fields };
}

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
