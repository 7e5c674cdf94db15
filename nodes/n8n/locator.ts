import type { INodePropertyMode, ResourceLocatorModes } from 'n8n-workflow';

/** How a thing is named without the list. */
interface ById {
	placeholder: string;
	/** What the way is called. */
	label?: string;
	/** What the editor accepts as ID, and its message for anything else. */
	format?: { regex: string; errorMessage: string };
	/** The ID is a number; its name begins the sentence that says so, e.g. "A tag ID". */
	digits?: string;
}

/** What a field needs that names a thing at WeChat: it is chosen from a list that can be searched, or by its ID. */
export function createLocator(
	searchListMethod: string,
	{
		placeholder,
		label = 'By ID',
		digits,
		format = digits ? createDigitsFormat(digits) : undefined,
	}: ById,
): {
	type: 'resourceLocator';
	default: { mode: ResourceLocatorModes; value: string };
	modes: INodePropertyMode[];
} {
	return {
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: label,
				name: 'id',
				type: 'string',
				placeholder,
				...(format && { validation: [{ type: 'regex', properties: format }] }),
			},
		],
	};
}

const createDigitsFormat = (name: string) => ({
	regex: '\\s*[0-9]+\\s*',
	errorMessage: `${name} is a whole number`,
});
