import type { INodeProperties } from 'n8n-workflow';

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
