import { type Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';

/** WeChat reserves tags 0, 1 and 2; those of an account begin at 100. */
export const tag = {
	displayName: 'Tag (标签)',
	name: 'tag',
	...createLocator('searchTags', { placeholder: 'e.g. 134', digits: 'A tag ID' }),
	as: 'number',
	required: true,
	description: 'Choose from the list, or enter the number that Get Many shows as ID',
} as const satisfies Field;
