import type { Field } from './define';
import type { INodePropertyMode, INodeProperties } from 'n8n-workflow';
/** Where a file goes that an operation brings along. */
export const binaryField = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	wire: false,
	required: true,
	default: 'data',
	hint: 'The name of the output binary field to put the file in',
} as const satisfies Field;

/* eslint-disable n8n-nodes-base/node-param-default-missing -- modes are no parameters */

/** The two ways to name a thing at WeChat: from a list that can be searched, or by its ID. */
export const createLocatorModes = (
	searchListMethod: string,
	placeholder: string,
	byId = 'By ID',
): INodePropertyMode[] => [
	{
		displayName: 'From List',
		name: 'list',
		type: 'list',
		typeOptions: { searchListMethod, searchable: true },
	},
	{ displayName: byId, name: 'id', type: 'string', placeholder },
];

/** How the items of a run are worked on, see execute.ts. */
export const runOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Concurrency',
			name: 'concurrency',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50 },
			default: 5,
			description: 'How many items are worked on at the same time. The order of results stays.',
		},
	],
};
