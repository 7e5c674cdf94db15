import type { INodeProperties } from 'n8n-workflow';
import { createCallout } from '../n8n/callout';
import type { Field, Values } from './fieldTypes';

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

/** The file that an operation sends. `wire` names the part of the form. */
export const inputFile = {
	displayName: 'Input Data Field Name',
	name: 'binaryPropertyName',
	type: 'string',
	as: 'file',
	wire: 'media',
	required: true,
	default: 'data',
	hint: 'The name of the input binary field containing the file to be uploaded',
} as const satisfies Field;

/** First and last day of a range that is asked for in spans, see beijingTime.ts. */
export const beginDate = {
	displayName: 'Begin Date (开始日期)',
	name: 'begin_date',
	type: 'dateTime',
	wire: false,
	default: '',
	placeholder: 'e.g. 2026-01-01',
	description:
		'First day, in Beijing time. Long ranges are asked for in several calls. Leave empty for the same day as End Date.',
} as const satisfies Field;

export const endDate = {
	displayName: 'End Date (结束日期)',
	name: 'end_date',
	type: 'dateTime',
	wire: false,
	default: '',
	placeholder: 'e.g. 2026-01-31',
	description:
		'Last day, in Beijing time: yesterday at most, whose figures are complete after 8:00 there. Leave empty for yesterday.',
} as const satisfies Field;

export const simplify = {
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	wire: false,
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
} as const satisfies Field;

export const returnAll = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	wire: false,
	default: false,
	description: 'Whether to return all results or only up to a given limit',
} as const satisfies Field;

export const limit = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	wire: false,
	required: true,
	displayOptions: { show: { returnAll: [false] } },
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
} as const satisfies Field;

/** How many results {@link returnAll} and {@link limit} ask for. */
export const readLimit = ({ returnAll: all, limit: most }: Values): number =>
	all ? Infinity : Number(most);

/** Whether to wait for the end of what a call begins, and how long. */
export const createWaitFields = (until: string) =>
	[
		{
			displayName: `Wait Until ${until}`,
			name: 'wait',
			type: 'boolean',
			wire: false,
			default: false,
			description:
				'Whether to ask WeChat until it is done, and to fail with its reason if it refuses. The execution stays open meanwhile.',
		},
		{
			displayName: 'Wait at Most (Minutes)',
			name: 'waitMinutes',
			type: 'number',
			needed: true,
			wire: false,
			displayOptions: { show: { wait: [true] } },
			typeOptions: { minValue: 1, maxValue: 60 },
			default: 5,
			description:
				'After that many minutes the node fails, and WeChat goes on: Get State tells how it ended',
		},
	] as const satisfies Field[];

/** How the items of a run are worked on, see execute.ts. */
export const runOptions: INodeProperties = {
	displayName: 'Run Options (运行选项)',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Concurrency (并发数)',
			name: 'concurrency',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 50 },
			default: 5,
			description: 'How many items are worked on at the same time. The order of results stays.',
		},
	],
};

/** n8n makes the name of a tool out of that of the node: of Chinese characters it leaves "_" (n8n 2.8.4 and 2.41.1). */
export const toolNotice: INodeProperties = {
	...createCallout(
		'toolNotice',
		'Name this node in Latin letters (节点名称请用英文字母), such as "WeChat Send": of two tools with Chinese names n8n says that both have the same name',
	),
	displayOptions: { show: { '@tool': [true] } },
};
