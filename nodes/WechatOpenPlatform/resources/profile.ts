import type { Answer } from '../../api/apiClient';
import { defineResource } from '../../engine/define';
import { actingFor, definePlatformRequest } from '../fields/account';
import { toStatusText, type StatusTexts } from '../reviewTexts';
import { inputFile } from '../../engine/fields';

const AUDITS: StatusTexts = {
	1: 'Under review (审核中)',
	2: 'Refused (审核失败)',
	3: 'Passed (审核成功)',
};

const describeAudit = (answer: Answer) => ({
	...answer,
	statusText: toStatusText(AUDITS, answer.audit_stat),
});

const name = {
	displayName: 'Name',
	name: 'nick_name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 小麦烤鸡',
	description: 'The name of the mini program, without the word 小程序',
} as const;

/** What users see of a mini program. Source: "Basic information" (小程序基础信息管理). */
export const profile = defineResource('Profile (基本信息)', 'profile', [
	definePlatformRequest({
		name: 'Get',
		value: 'get',
		action: 'Get profile of mini program',
		chinese: '获取基本信息',
		description:
			'Get name, avatar, description and verification, and how often each may still change',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/basic-info-management/getAccountBasicInfo.html',
		path: '/cgi-bin/account/getaccountbasicinfo',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Set Name',
		value: 'setName',
		action: 'Set name of mini program',
		chinese: '设置小程序名称',
		description:
			'Give a mini program another name. With protected words it needs material, and WeChat reviews it: Get Name State tells how it ended, and the trigger gets "Name Review".',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/basic-info-management/setNickName.html',
		path: '/wxa/setnickname',
		effect: 'write',
		ifLost: 'Before you send it again, see with Profile: Get whether it was.',
		fields: [
			actingFor,
			name,
			{
				displayName: 'Material (素材)',
				name: 'material',
				type: 'collection',
				placeholder: 'Add material',
				default: {},
				description: 'Media IDs of pictures that Media: Upload of the WeChat node returned',
				options: [
					{
						displayName: 'ID Card (身份证照片)',
						name: 'id_card',
						type: 'string',
						default: '',
						description: 'Needed of persons',
					},
					{
						displayName: 'License (证照)',
						name: 'license',
						type: 'string',
						default: '',
						description: 'Needed of companies (组织机构代码证或营业执照)',
					},
					{
						displayName: 'Other',
						name: 'other',
						type: 'string',
						as: 'list',
						wire: 'other',
						maxEntries: 5,
						default: '',
						description: 'Up to 5 more, with commas between them (其他证明材料)',
					},
				],
			},
		],
		prepare: ({ other, ...body }) => ({
			...body,
			...Object.fromEntries(
				((other ?? []) as string[]).map((id, index) => [`naming_other_stuff_${index + 1}`, id]),
			),
		}),
	}),
	definePlatformRequest({
		name: 'Get Name State',
		value: 'getNameState',
		action: 'Get state of name of mini program',
		chinese: '查询名称审核状态',
		description: 'Get how far the review of a name is (查询小程序名称审核状态)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/basic-info-management/getNickNameStatus.html',
		path: '/wxa/api_wxa_querynickname',
		effect: 'read',
		fields: [
			actingFor,
			{
				displayName: 'Audit ID (审核单号)',
				name: 'audit_id',
				type: 'string',
				as: 'integer',
				required: true,
				default: '',
				description: 'The audit_id that Set Name returned',
			},
		],
		present: describeAudit,
	}),
	definePlatformRequest({
		name: 'Check Name',
		value: 'checkName',
		action: 'Check name of mini program',
		chinese: '小程序名称检测',
		description: 'Get whether a name has protected words, for which Set Name needs material',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/basic-info-management/checkNickName.html',
		path: '/cgi-bin/wxverify/checkwxverifynickname',
		effect: 'read',
		fields: [actingFor, name],
	}),
	definePlatformRequest({
		name: 'Set Avatar',
		value: 'setAvatar',
		action: 'Set avatar of mini program',
		chinese: '修改头像',
		description:
			'Upload a picture and make it the avatar: PNG, JPEG or GIF of at most 2 MB. Get tells how often it may still change.',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/basic-info-management/setHeadImage.html',
		path: '/cgi-bin/account/modifyheadimage',
		effect: 'write',
		ifLost: 'Before you send it again, see with Profile: Get whether it was.',
		fields: [
			actingFor,
			{
				...inputFile,
				accepts: { extensions: ['png', 'jpg', 'gif'], maxBytes: 2 * 1024 * 1024 },
				hint: 'The name of the input binary field containing the picture',
			},
			{
				displayName: 'Part of the Picture',
				name: 'part',
				type: 'collection',
				placeholder: 'Add corner',
				default: {},
				description:
					'What to cut out of it, as shares of its width and height from 0 to 1. Without it, all of it.',
				options: [
					{
						displayName: 'Bottom',
						name: 'y2',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 1 },
						default: 1,
						description: 'Lower edge, from 0 to 1',
					},
					{
						displayName: 'Left',
						name: 'x1',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 1 },
						default: 0,
						description: 'Left edge, from 0 to 1',
					},
					{
						displayName: 'Right',
						name: 'x2',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 1 },
						default: 1,
						description: 'Right edge, from 0 to 1',
					},
					{
						displayName: 'Top',
						name: 'y1',
						type: 'number',
						typeOptions: { minValue: 0, maxValue: 1 },
						default: 0,
						description: 'Upper edge, from 0 to 1',
					},
				],
			},
		],
		async run({ call: { files, body, ...call }, client: { send } }) {
			const upload = { path: '/cgi-bin/media/upload', query: { type: 'image' }, isShown: true };
			const { media_id } = await send({ ...upload, files });
			const corners = { x1: 0, y1: 0, x2: 1, y2: 1, ...body };
			return await send({ ...call, body: { head_img_media_id: media_id, ...corners } });
		},
	}),
	definePlatformRequest({
		name: 'Set Description',
		value: 'setSignature',
		action: 'Set description of mini program',
		chinese: '修改简介',
		description: 'Change the description that users read. Get tells how often it may still change.',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/basic-info-management/setSignature.html',
		path: '/cgi-bin/account/modifysignature',
		effect: 'write',
		isRepeatable: true,
		fields: [
			actingFor,
			{
				displayName: 'Description (描述)',
				name: 'signature',
				type: 'string',
				required: true,
				maxLength: 120,
				default: '',
				description: 'From 4 to 120 characters (介绍)',
			},
		],
	}),
	definePlatformRequest({
		name: 'Get Search State',
		value: 'getSearch',
		action: 'Get whether mini program can be found',
		chinese: '获取搜索状态',
		description: 'Get whether users find the mini program by search',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/basic-info-management/getSearchStatus.html',
		path: '/wxa/getwxasearchstatus',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
		present: ({ status, ...answer }) => ({ ...answer, status, isSearchable: status === 0 }),
	}),
	definePlatformRequest({
		name: 'Set Search State',
		value: 'setSearch',
		action: 'Set whether mini program can be found',
		chinese: '设置搜索状态',
		description: 'Let users find the mini program by search, or not',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/basic-info-management/setSearchStatus.html',
		path: '/wxa/changewxasearchstatus',
		effect: 'write',
		isRepeatable: true,
		fields: [
			actingFor,
			{
				displayName: 'By Search (可被搜索)',
				name: 'status',
				type: 'options',
				options: [
					{ name: 'Can Be Found (可搜索)', value: 0 },
					{ name: 'Cannot Be Found (不可搜索)', value: 1 },
				],
				default: 0,
				description: 'Whether users find it',
			},
		],
		done: { success: true },
	}),
]);
