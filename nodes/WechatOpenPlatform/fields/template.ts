import { type Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';

/** A template in the library. */
export const template = {
	displayName: 'Template (模板)',
	name: 'template_id',
	...createLocator('searchTemplates', { placeholder: 'e.g. 42' }),
	as: 'integer',
	required: true,
	description: 'Which template of the library (模板库)',
} as const satisfies Field;
