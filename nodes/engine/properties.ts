import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { createCallout } from '../n8n/callout';
import type { Choice, Described, DescribedResource } from './define';
import type { Field, FieldGroup } from './fieldTypes';
import { listFields } from './parameters';

/**
 * The n8n properties of a table: its menus, and the fields of each operation below them. Menus have the order of the
 * table, which is that of use; the first entry is the default.
 */
export function createProperties(resources: DescribedResource[]): INodeProperties[] {
	return [
		createResourceMenu(resources),
		...resources.flatMap((of) => [
			createOperationMenu(of),
			...(of.choice ? [createChoiceMenu(of, of.choice)] : []),
			...of.operations.flatMap((entry) => createOperationProperties(of, entry)),
		]),
	];
}

function createResourceMenu(resources: DescribedResource[]): INodeProperties {
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources.map(({ name, value }) => ({ name, value })),
		default: resources[0].value,
	};
}

function createOperationMenu(of: DescribedResource): INodeProperties {
	const { name, value } = of;
	const entries = of.choice ? [of.choice] : of.operations;
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: entries.map((entry) => toMenuEntry(entry, name)),
		default: entries[0].value,
	};
}

function createChoiceMenu(of: DescribedResource, { value, field }: Choice): INodeProperties {
	return {
		...field,
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [of.value], operation: [value] } },
		options: of.operations.map((entry) => ({
			name: `${entry.name} (${entry.chinese})`,
			value: entry.value,
			description: entry.description,
		})),
		default: of.operations[0].value,
	};
}

/** What the menus of a node hold when an operation is chosen. */
export const toMenuValues = (
	{ value, choice }: DescribedResource,
	operation: string,
): Record<string, string> => ({
	resource: value,
	operation: choice?.value ?? operation,
	...(choice && { [choice.field.name]: operation }),
});

/** n8n searches for actions in its list of nodes, and for names in the menu. */
const toMenuEntry = (
	{ name, value, action, chinese, description, displayOptions }: Choice | Described,
	resource: string,
): INodePropertyOptions => ({
	name: `${name} (${shortenChinese(chinese, resource)})`,
	value,
	action: `${action} (${chinese})`,
	description,
	...(displayOptions && { displayOptions }),
});

/** Leaves a verb alone, without the word of the resource above the menu: 发送模板消息 of 模板消息 becomes 发送. */
function shortenChinese(chinese: string, resource: string): string {
	const [, word] = /\((.+)\)$/.exec(resource) ?? [];
	const rest = word && chinese.endsWith(word) ? chinese.slice(0, -word.length) : '';
	return rest.length === 2 ? rest : chinese;
}

function createOperationProperties(of: DescribedResource, entry: Described): INodeProperties[] {
	const own = listFields(entry).map(toProperty);
	const menus = Object.entries(toMenuValues(of, entry.value));
	const chosen = Object.fromEntries(
		menus.map(([name, value]): [string, string[]] => [name, [value]]),
	);
	return [...own, ...(entry.doc ? [createPageLink(entry.doc)] : [])].map((property) => {
		// n8n looks at them in this order and shows the field at the first one that is an expression.
		const show = { ...chosen, ...property.displayOptions?.show };
		return { ...property, displayOptions: { ...property.displayOptions, show } };
	});
}

/** Leaves out what only the wire needs to know, also inside collections and rows. */
function toProperty(field: Field): INodeProperties {
	const {
		wire,
		in: place,
		as,
		needed,
		check,
		encrypted,
		readLater,
		accepts,
		media,
		isWebAddress,
		maxEntries,
		maxBytes,
		maxLength,
		pattern,
		sendEmpty,
		options,
		...property
	} = field;
	void [
		wire,
		place,
		as,
		needed,
		check,
		encrypted,
		readLater,
		accepts,
		media,
		isWebAddress,
		maxEntries,
		maxBytes,
		maxLength,
		pattern,
		sendEmpty,
	];
	return options ? { ...property, options: toOptions(field) } : property;
}

function toOptions({ type, options }: Field): INodeProperties['options'] {
	if (type === 'collection') return (options as Field[]).map(toProperty);
	if (type !== 'fixedCollection') return options;
	const groups = options as FieldGroup[];
	return groups.map((group) => ({ ...group, values: group.values.map(toProperty) }));
}

/** Where WeChat describes the call. */
const createPageLink = (doc: string): INodeProperties =>
	createCallout(
		'doc',
		`<a href="${new URL(doc, 'https://developers.weixin.qq.com/doc/').href}" target="_blank">WeChat's documentation of this operation (微信文档)</a>`,
	);
