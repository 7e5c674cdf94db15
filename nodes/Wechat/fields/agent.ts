import { type Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';

export const agent = {
	displayName: 'Agent (客服)',
	name: 'kf_account',
	...createLocator('searchAgents', {
		placeholder: 'e.g. helen@example',
		label: 'By Account',
		format: {
			regex: '\\s*[^\\s@]+@[^\\s@]+\\s*',
			errorMessage: 'An agent looks like helen@example',
		},
	}),
	required: true,
	description:
		'Choose from the list, or enter the account that Get Many shows as kf_account: a name, @ and the WeChat ID of the official account',
} as const satisfies Field;
