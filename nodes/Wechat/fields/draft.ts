import { type Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';

export const draft = {
	displayName: 'Draft (草稿)',
	name: 'media_id',
	...createLocator('searchDrafts', { placeholder: 'e.g. HCcCnG0wYcJ4nEhP1sLabT5uQmVx…' }),
	required: true,
	description: 'Choose from the list, or enter the media ID that Create returned',
} as const satisfies Field;
