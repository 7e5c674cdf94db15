import type { Field } from '../../engine/define';

/** Begin and end of a range that is asked for span by span. */
export const rangeFields = [
	{
		displayName: 'From',
		name: 'from',
		type: 'dateTime',
		wire: false,
		default: '',
		placeholder: 'e.g. 2026-11-01T00:00:00',
		description:
			'Begin of the range, in Beijing time unless it has a zone. Leave empty for seven days before To. Longer ranges are asked for in several calls.',
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'dateTime',
		wire: false,
		default: '',
		placeholder: 'e.g. 2026-11-08T00:00:00',
		description: 'End of the range, in Beijing time unless it has a zone. Leave empty for now.',
	},
] as const satisfies Field[];

/** Whether each entry of a list of IDs is asked for. */
export const createDetails = (what: string) =>
	({
		displayName: 'Get Details (获取详情)',
		name: 'details',
		type: 'boolean',
		wire: false,
		default: false,
		description: `Whether to get each ${what} in full, by one more call for each, instead of its ID only`,
	}) as const satisfies Field;
