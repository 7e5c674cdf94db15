import { readList, readObject } from '../../api/response';
import { defineResource, type Field, type Values } from '../../engine/define';
import { actingFor, definePlatformRequest } from '../fields/account';
import { toStatusText, type StatusTexts } from '../reviewTexts';

const AUDITS: StatusTexts = {
	1: 'Under review (审核中)',
	2: 'Refused (审核不通过)',
	3: 'Passed (审核通过)',
};

interface OwnCategory extends Values {
	audit_status: number;
}

const certificates = {
	displayName: 'Certificates (资质)',
	name: 'certicates',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	placeholder: 'Add Certificate',
	description:
		'What a sensitive category needs (资质), as qualify of Get Many Available says; with media IDs of Media: Upload of the WeChat node',
	options: [
		{
			displayName: 'Certificate',
			name: 'certificate',
			values: [
				{
					displayName: 'Name',
					name: 'key',
					type: 'string',
					required: true,
					default: '',
					description: 'Name of the certificate in qualify',
				},
				{
					displayName: 'Media ID (素材ID)',
					name: 'value',
					type: 'string',
					required: true,
					default: '',
					description: 'Picture of the certificate',
				},
			],
		},
	],
} as const satisfies Field;

const createChoice = (loadOptionsMethod: string, description: string) =>
	({
		displayName: 'Category Name or ID',
		name: 'category',
		type: 'options',
		// The list returns JSON; an expression may return the object itself.
		as: 'json',
		needed: true,
		wire: false,
		typeOptions: { loadOptionsMethod, loadOptionsDependsOn: ['account.value'] },
		default: '',
		description: `${description}; in an expression, {"first": 1, "second": 2}. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.`,
	}) as const satisfies Field;

const own = createChoice('getOwnCategories', 'One that the mini program has');

const readIds = (category: object) => {
	const { first, second } = category as Values;
	return { first: Number(first), second: Number(second) };
};

/** What a mini program is about; its review and its features depend on it. Source: "Categories" (类目管理). */
export const categories = defineResource('Category (服务类目)', 'category', [
	definePlatformRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many categories of mini program',
		chinese: '获取已设置的类目',
		description:
			'Get the categories that a mini program has, and how far each review is (获取已设置的所有类目)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/category-management/getSettingCategories.html',
		path: '/cgi-bin/wxopen/getcategory',
		effect: 'read',
		method: 'GET',
		page: { items: 'categories' },
		fields: [actingFor],
		run: async ({ io: { list } }) =>
			((await list()) as OwnCategory[]).map((category) => ({
				...category,
				statusText: toStatusText(AUDITS, category.audit_status),
			})),
	}),
	definePlatformRequest({
		name: 'Get Many Available',
		value: 'getAvailable',
		action: 'Get many available categories',
		chinese: '获取可设置的类目',
		description:
			'Get the categories that a mini program may have (获取可设置的所有类目), and the certificates that sensitive ones need',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/category-management/getAllCategories.html',
		path: '/cgi-bin/wxopen/getallcategories',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
		present: ({ categories_list }) => readList<Values>(readObject(categories_list).categories),
	}),
	definePlatformRequest({
		name: 'Add',
		value: 'add',
		action: 'Add category to mini program',
		chinese: '添加服务类目',
		description:
			'Give a mini program one more category (添加类目). WeChat reviews sensitive ones, and the trigger gets "Category Review".',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/category-management/addCategory.html',
		path: '/cgi-bin/wxopen/addcategory',
		effect: 'write',
		fields: [
			actingFor,
			createChoice('getAvailableCategories', 'One that the mini program may have'),
			certificates,
		],
		prepare: (body, { category }) => ({ categories: [{ ...readIds(category), ...body }] }),
	}),
	definePlatformRequest({
		name: 'Change Certificates',
		value: 'update',
		action: 'Change certificates of category',
		chinese: '修改类目资质',
		description: 'Hand in other certificates for a category (修改类目资质信息)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/category-management/modifyCategory.html',
		path: '/cgi-bin/wxopen/modifycategory',
		effect: 'write',
		isRepeatable: true,
		fields: [actingFor, own, { ...certificates, required: true }],
		prepare: (body, { category }) => ({ ...readIds(category), ...body }),
	}),
	definePlatformRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete category of mini program',
		chinese: '删除服务类目',
		description: 'Take a category away from a mini program (删除类目)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/category-management/deleteCategory.html',
		path: '/cgi-bin/wxopen/deletecategory',
		effect: 'write',
		fields: [actingFor, own],
		prepare: (_, { category }) => readIds(category),
		done: { deleted: true },
	}),
]);
