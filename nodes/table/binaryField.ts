import type { Field } from './spec';

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
