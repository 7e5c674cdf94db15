import { UserError } from '../../base/userError';
import { defineResource } from '../../engine/define';
import { describeReleasePlan } from '../reviewTexts';
import { actingFor, definePlatformRequest } from '../fields/account';

/** The version that users have. Source: "Code release" (发布代码). */
export const releases = defineResource('Code Release (代码发布)', 'release', [
	definePlatformRequest({
		name: 'Release',
		value: 'release',
		action: 'Release code of mini program',
		chinese: '发布小程序',
		description: 'Give all users the version that passed the review (发布已通过审核的小程序)',
		path: '/wxa/release',
		effect: 'write',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Roll Back',
		value: 'rollBack',
		action: 'Roll back code of mini program',
		chinese: '版本回退',
		description: 'Give users an earlier version again (小程序版本回退)',
		path: '/wxa/revertcoderelease',
		effect: 'write',
		method: 'GET',
		// Not repeatable: a second call would go back another version.
		fields: [
			actingFor,
			{
				displayName: 'App Version (版本号)',
				name: 'app_version',
				type: 'string',
				as: 'integer',
				in: 'query',
				check: true,
				default: '',
				placeholder: 'e.g. 12',
				description:
					'The app_version that Get Many Earlier Versions returns. Leave empty for the last one before the present.',
			},
		],
	}),
	definePlatformRequest({
		name: 'Get Many Earlier Versions',
		value: 'getHistory',
		action: 'Get many earlier versions of code',
		chinese: '获取可回退的版本',
		description: 'Get the released versions that Roll Back can go back to (获取可回退的小程序版本)',
		path: '/wxa/revertcoderelease?action=get_history_version',
		effect: 'read',
		method: 'GET',
		page: { items: 'version_list' },
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Start Gradual Release',
		value: 'startGradual',
		action: 'Start gradual release of code',
		chinese: '分阶段发布',
		description:
			'Give a part of the users the version that passed the review; a higher percentage later goes on with it',
		path: '/wxa/grayrelease',
		effect: 'write',
		fields: [
			actingFor,
			{
				displayName: 'Percentage (灰度比例)',
				name: 'gray_percentage',
				type: 'number',
				required: true,
				typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
				default: 10,
				description: 'Share of the users, from 1 to 100; it can only grow',
			},
			{
				displayName: 'Developers First (开发者优先)',
				name: 'support_debuger_first',
				type: 'boolean',
				default: false,
				description: 'Whether all developers of the mini program get it first',
			},
			{
				displayName: 'Testers First (体验者优先)',
				name: 'support_experiencer_first',
				type: 'boolean',
				default: false,
				description: 'Whether all testers of the mini program get it first',
			},
		],
		prepare(body, { gray_percentage }) {
			if (Number.isInteger(gray_percentage)) return body;
			throw new UserError(
				'"Percentage" must be a whole number',
				'From 1 to 100.',
				'“灰度比例”应是 1 到 100 的整数。',
			);
		},
	}),
	definePlatformRequest({
		name: 'Get Gradual Release',
		value: 'getGradual',
		action: 'Get gradual release of code',
		chinese: '查询分阶段发布详情',
		description: 'Get how many users have the new version (查询当前分阶段发布详情)',
		path: '/wxa/getgrayreleaseplan',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
		present: describeReleasePlan,
	}),
	definePlatformRequest({
		name: 'Cancel Gradual Release',
		value: 'cancelGradual',
		action: 'Cancel gradual release of code',
		chinese: '取消分阶段发布',
		description: 'Give all users the version before again',
		path: '/wxa/revertgrayrelease',
		effect: 'write',
		method: 'GET',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Visibility',
		value: 'getVisibility',
		action: 'Get visibility of mini program',
		chinese: '查询小程序服务状态',
		description: 'Get whether users can open the mini program',
		path: '/wxa/getvisitstatus',
		effect: 'read',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Set Visibility',
		value: 'setVisibility',
		action: 'Set visibility of mini program',
		chinese: '设置小程序服务状态',
		description: 'Open the mini program to users, or close it',
		path: '/wxa/change_visitstatus',
		effect: 'write',
		fields: [
			actingFor,
			{
				displayName: 'Visibility (服务状态)',
				name: 'visibility',
				type: 'options',
				wire: 'action',
				options: [
					{ name: 'Close', value: 'close', description: 'Users cannot open it' },
					{ name: 'Open', value: 'open', description: 'Users can open it' },
				],
				default: 'open',
				description: 'Whether users can open the mini program',
			},
		],
	}),
]);
