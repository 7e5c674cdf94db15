import { defineResource, type Field } from '../../engine/define';
import { actingFor, definePlatformRequest } from '../fields/account';
import { toStatusText, type StatusTexts } from '../reviewTexts';

const STATES: StatusTexts = {
	1: 'Applied for (申请中)',
	2: 'Accepted (申请通过)',
	3: 'Refused (被拒绝)',
	4: 'Too late (已超时)',
};

interface Stated {
	status: number;
}

const describeState = <T extends Stated>(entry: T) => ({
	...entry,
	statusText: toStatusText(STATES, entry.status),
});

const plugin = {
	displayName: 'Plugin AppID (插件AppID)',
	name: 'plugin_appid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. wx0123456789abcdef',
	description: 'AppID of the plugin',
} as const satisfies Field;

/** Plugins that a mini program uses, and who may use those that it offers. Source: "Plugins" (插件管理). */
export const plugins = defineResource('Plugin (小程序插件)', 'plugin', [
	definePlatformRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many plugins',
		chinese: '查询已添加的插件',
		description: 'Get the plugins of a mini program, and those that it has applied for',
		doc: '../miniprogram/dev/api-backend/open-api/plugin-management/pluginManager.unbindPlugin.html',
		path: '/wxa/plugin',
		effect: 'read',
		constants: { action: 'list' },
		page: { items: 'plugin_list' },
		fields: [actingFor],
		run: async ({ io: { list } }) => ((await list()) as Stated[]).map(describeState),
	}),
	definePlatformRequest({
		name: 'Apply',
		value: 'apply',
		action: 'Apply for plugin',
		chinese: '申请使用插件',
		description: 'Apply for the use of a plugin',
		doc: '../miniprogram/dev/api-backend/open-api/plugin-management/pluginManager.applyPlugin.html',
		path: '/wxa/plugin',
		effect: 'write',
		constants: { action: 'apply' },
		fields: [
			actingFor,
			plugin,
			{
				displayName: 'Reason',
				name: 'reason',
				type: 'string',
				default: '',
				description: 'Why you want to use it, for its developer',
			},
		],
		hint: {
			codes: new Set([89236, 89237, 89238, 89239]),
			text: 'Get Many shows the plugins of the mini program, and how far each application is.',
			chinese: '请用“查询已添加的插件”查看小程序的插件及各申请的进度。',
		},
	}),
	definePlatformRequest({
		name: 'Remove',
		value: 'remove',
		action: 'Remove plugin',
		chinese: '删除已添加的插件',
		description: 'Take a plugin away from a mini program',
		doc: '../miniprogram/dev/api-backend/open-api/plugin-management/pluginManager.unbindPlugin.html',
		path: '/wxa/plugin',
		effect: 'write',
		isRepeatable: true,
		constants: { action: 'unbind' },
		fields: [actingFor, plugin],
		done: { deleted: true },
	}),
	definePlatformRequest({
		name: 'Get Many Applications',
		value: 'getApplications',
		action: 'Get many applications for plugin',
		chinese: '获取插件使用方列表',
		description: 'Get who has applied for the use of your plugin (获取当前所有插件使用方)',
		doc: '../miniprogram/dev/api-backend/open-api/plugin-management/pluginManager.getPluginDevApplyList.html',
		path: '/wxa/devplugin',
		effect: 'read',
		constants: { action: 'dev_apply_list' },
		fields: [
			actingFor,
			{
				displayName: 'Page',
				name: 'page',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 1,
				description: 'Which page of the list',
			},
			{
				displayName: 'Entries per Page',
				name: 'num',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 10,
				description: 'How many entries a page has',
			},
		],
		present: ({ apply_list }) => ((apply_list ?? []) as Stated[]).map(describeState),
	}),
	definePlatformRequest({
		name: 'Accept Application',
		value: 'accept',
		action: 'Accept application for plugin',
		chinese: '同意插件使用申请',
		description: 'Let a mini program use your plugin (同意申请)',
		doc: '../miniprogram/dev/api-backend/open-api/plugin-management/pluginManager.setDevPluginApplyStatus.html',
		path: '/wxa/devplugin',
		effect: 'write',
		isRepeatable: true,
		constants: { action: 'dev_agree' },
		fields: [
			actingFor,
			{
				displayName: 'Applicant AppID (申请者AppID)',
				name: 'appid',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. wx0123456789abcdef',
				description: 'Who has applied, as Get Many Applications returns it',
			},
		],
	}),
	definePlatformRequest({
		name: 'Refuse Application',
		value: 'refuse',
		action: 'Refuse application for plugin',
		chinese: '拒绝插件使用申请',
		description: 'Refuse who has applied for the use of your plugin (拒绝申请)',
		doc: '../miniprogram/dev/api-backend/open-api/plugin-management/pluginManager.setDevPluginApplyStatus.html',
		path: '/wxa/devplugin',
		effect: 'write',
		constants: { action: 'dev_refuse' },
		fields: [
			actingFor,
			{
				displayName: 'Reason',
				name: 'reason',
				type: 'string',
				required: true,
				default: '',
				description: 'Why, for the applicant (拒绝理由)',
			},
		],
	}),
	definePlatformRequest({
		name: 'Delete Refused Applications',
		value: 'deleteRefused',
		action: 'Delete refused applications for plugin',
		chinese: '删除已拒绝的插件申请',
		description: 'Clear the list of applications that were refused (删除已拒绝的申请者)',
		doc: '../miniprogram/dev/api-backend/open-api/plugin-management/pluginManager.setDevPluginApplyStatus.html',
		path: '/wxa/devplugin',
		effect: 'write',
		isRepeatable: true,
		constants: { action: 'dev_delete' },
		fields: [actingFor],
		done: { deleted: true },
	}),
]);
