import { binaryField } from '../../engine/fields';
import { defineResource } from '../../engine/define';
import { deployOperation } from '../deployOperation';
import { actingFor, definePlatformRequest } from '../fields/account';
import { toCommitBody, upload } from '../fields/upload';

/** The trial version of a mini program. Source: "Code management" (小程序代码管理). */
export const code = defineResource('Code (小程序代码)', 'code', [
	deployOperation,
	definePlatformRequest({
		name: 'Commit',
		value: 'commit',
		action: 'Commit code to mini program',
		chinese: '上传代码',
		description:
			'Put the code of a template into a mini program as its trial version, in place of the one before. Needs permission set 18, as all of these do.',
		path: '/wxa/commit',
		effect: 'write',
		isRepeatable: true,
		fields: [actingFor, ...upload],
		// Committing the same code twice is harmless.
		prepare: toCommitBody,
	}),
	definePlatformRequest({
		name: 'Get Trial QR Code',
		value: 'getQrCode',
		action: 'Get trial QR code of mini program',
		chinese: '获取体验版二维码',
		description: 'Get the picture of a code by which testers open the trial version (体验版二维码)',
		path: '/wxa/get_qrcode',
		effect: 'read',
		method: 'GET',
		fields: [
			actingFor,
			{
				displayName: 'Path (路径)',
				name: 'path',
				type: 'string',
				in: 'query',
				default: '',
				placeholder: 'e.g. pages/index/index?ID=42',
				description: 'Page that opens, with its query. Leave empty for the home page.',
			},
			binaryField,
		],
		download: binaryField.name,
		toFile: (file, _, { appId }) => ({ ...file, fileName: file.fileName || `${appId}.jpg` }),
		present: (_, { path }, { appId }) => ({ account: appId, path }),
	}),
	definePlatformRequest({
		name: 'Get Versions',
		value: 'getVersions',
		action: 'Get versions of mini program',
		chinese: '查询小程序版本信息',
		description: 'Get which code is the trial version and which one users have',
		path: '/wxa/getversioninfo',
		effect: 'read',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Many Pages',
		value: 'getPages',
		action: 'Get many pages of mini program',
		chinese: '获取代码页面列表',
		description: 'Get the pages of the trial version (获取已上传的代码的页面列表)',
		path: '/wxa/get_page',
		effect: 'read',
		method: 'GET',
		page: { items: 'page_list', as: 'address' },
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Many Categories',
		value: 'getCategories',
		action: 'Get many categories of mini program',
		chinese: '获取代码可选类目',
		description: 'Get the categories (服务类目) that a version can be submitted under',
		path: '/wxa/get_category',
		effect: 'read',
		method: 'GET',
		page: { items: 'category_list' },
		fields: [actingFor],
	}),
]);
