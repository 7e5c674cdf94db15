import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Field, Operation, Resource, Sender } from './define';

/** As menus are sorted. */
export const compareNames = (a: { name: string }, b: { name: string }) =>
	a.name.localeCompare(b.name);

/** What people want most when they choose a resource. */
const USUAL: ReadonlySet<string> = new Set(['get', 'getAll', 'send']);

/** The n8n properties of a table: its menus, and the fields of each operation below them. The first resource is the default. */
export function createProperties<C extends Sender>(
	resources: Array<Resource<C>>,
): INodeProperties[] {
	return [
		createResourceMenu(resources),
		...resources.flatMap((of) => [
			createOperationMenu(of),
			...of.operations.flatMap((entry) => createOperationProperties(of, entry)),
		]),
	];
}

/** The fields of an operation, with those that its kind brings along. */
export function listFields({
	fields = [],
	page,
	simple,
}: Pick<Operation, 'fields' | 'page' | 'simple'>): Field[] {
	return [...fields, ...(page ? [returnAll, limit] : []), ...(simple ? [simplify] : [])];
}

function createResourceMenu(resources: Array<Pick<Resource, 'name' | 'value'>>): INodeProperties {
	const options = resources.map(({ name, value }) => ({ name, value })).sort(compareNames);
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options,
		default: resources[0].value,
	};
}

function createOperationMenu<C extends Sender>({
	value,
	operations,
}: Resource<C>): INodeProperties {
	const options = operations.map(toMenuEntry).sort(compareNames);
	const usual = operations.find((entry) => USUAL.has(entry.value)) ?? operations[0];
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options,
		default: usual.value,
	};
}

const toMenuEntry = ({
	name,
	value,
	action,
	description,
}: INodePropertyOptions): INodePropertyOptions => ({
	name,
	value,
	action,
	description,
});

function createOperationProperties(
	of: Pick<Resource, 'value'>,
	entry: Pick<Operation, 'value' | 'fields' | 'page' | 'simple' | 'doc'>,
): INodeProperties[] {
	const own = listFields(entry).map(toProperty);
	return [...own, ...(entry.doc ? [createPageNotice(entry.doc)] : [])].map((property) => {
		// n8n looks at them in this order and shows the field at the first one that is an expression.
		const show = {
			resource: [of.value],
			operation: [entry.value],
			...property.displayOptions?.show,
		};
		return { ...property, displayOptions: { ...property.displayOptions, show } };
	});
}

/** Leaves out what only the wire needs to know. */
function toProperty(field: Field): INodeProperties {
	const {
		wire,
		in: place,
		as,
		accepts,
		maxEntries,
		maxBytes,
		maxLength,
		sendEmpty,
		...property
	} = field;
	void [wire, place, as, accepts, maxEntries, maxBytes, maxLength, sendEmpty];
	if (property.type !== 'collection') return property;
	return { ...property, options: (property.options as Field[]).map(toProperty) };
}

/** Where WeChat describes the call. */
const createPageNotice = (doc: string): INodeProperties => ({
	displayName: `<a href="${new URL(doc, 'https://developers.weixin.qq.com/doc/').href}" target="_blank">WeChat's documentation of this operation (微信文档)</a>`,
	name: 'doc',
	type: 'notice',
	default: '',
});

const simplify = {
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	wire: false,
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
} satisfies Field;

const returnAll = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	wire: false,
	default: false,
	description: 'Whether to return all results or only up to a given limit',
} satisfies Field;

const limit = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	wire: false,
	required: true,
	displayOptions: { show: { returnAll: [false] } },
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
} satisfies Field;
