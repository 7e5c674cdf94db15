import { defineResource } from '../../engine/define';
import { createLocator } from '../../n8n/locator';
import { definePlatformRequest } from '../fields/account';
import { template } from '../fields/template';

/**
 * Code that the platform commits to mini programs. A developer uploads it as a draft.
 * Each development mini program has one draft, which can become a template.
 * Source: "Template library" (代码模板库设置).
 */
export const codeTemplates = defineResource('Code Template (代码模板)', 'template', [
	definePlatformRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many code templates',
		chinese: '获取代码模板列表',
		description: 'Get many templates of the library (获取模板列表)',
		path: '/wxa/gettemplatelist',
		effect: 'read',
		method: 'GET',
		bearer: 'component',
		page: { items: 'template_list' },
		fields: [
			{
				displayName: 'Type',
				name: 'template_type',
				type: 'options',
				in: 'query',
				options: [
					{ name: 'Any', value: '' },
					{ name: 'Ordinary (普通模板)', value: 0 },
					{ name: 'Standard (标准模板)', value: 1 },
				],
				default: '',
				description: 'Which templates to list',
			},
		],
	}),
	definePlatformRequest({
		name: 'Get Many Drafts',
		value: 'getDrafts',
		action: 'Get many drafts',
		chinese: '获取代码草稿列表',
		description: 'Get many drafts, one of each development mini program (获取草稿箱列表)',
		path: '/wxa/gettemplatedraftlist',
		effect: 'read',
		method: 'GET',
		bearer: 'component',
		page: { items: 'draft_list' },
	}),
	definePlatformRequest({
		name: 'Add Draft',
		value: 'addDraft',
		action: 'Add draft to code templates',
		chinese: '将草稿添加到模板库',
		description: 'Make a template of a draft, which gets a number then',
		path: '/wxa/addtotemplate',
		effect: 'write',
		bearer: 'component',
		fields: [
			{
				displayName: 'Draft (草稿)',
				name: 'draft_id',
				...createLocator('searchDrafts', { placeholder: 'e.g. 42' }),
				as: 'integer',
				required: true,
				description: 'What a developer uploaded for the development mini program (草稿箱)',
			},
			{
				displayName: 'Type',
				name: 'template_type',
				type: 'options',
				options: [
					{ name: 'Ordinary (普通模板)', value: 0 },
					{
						name: 'Standard (标准模板)',
						value: 1,
						description: 'Takes no more than extAppid, ext and window in ext_json',
					},
				],
				default: 0,
				description: 'Which kind of template to make',
			},
		],
	}),
	definePlatformRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete code template',
		chinese: '删除代码模板',
		description: 'Delete a template from the library',
		path: '/wxa/deletetemplate',
		effect: 'write',
		bearer: 'component',
		fields: [template],
		done: { deleted: true },
	}),
]);
