import type { INodePropertyMode } from 'n8n-workflow';

/* eslint-disable n8n-nodes-base/node-param-default-missing -- modes are no parameters */

/** The two ways to name a thing at WeChat: from a list that can be searched, or by its ID. */
export const listOrId = (
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
