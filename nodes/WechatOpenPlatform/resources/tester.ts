import { defineResource } from '../../engine/define';
import { actingFor, definePlatformRequest } from '../fields/account';

const wechatId = {
	displayName: 'WeChat ID (微信号)',
	name: 'wechatid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. zhangsan_1980',
	description: 'The WeChat ID of the person, not the nickname',
} as const;

/** Who may open the trial version. Source: "Testers" (小程序成员管理). */
export const testers = defineResource('Tester (体验者)', 'tester', [
	definePlatformRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many testers',
		chinese: '获取体验者列表',
		description: 'Get many testers, without their WeChat IDs',
		path: '/wxa/memberauth',
		effect: 'read',
		page: { items: 'members' },
		fields: [
			actingFor,
			{
				displayName: 'Members',
				name: 'members',
				type: 'hidden',
				wire: 'action',
				default: 'get_experiencer',
			},
		],
	}),
	definePlatformRequest({
		name: 'Add',
		value: 'add',
		action: 'Add tester',
		chinese: '绑定体验者',
		description: 'Let a person open the trial version',
		path: '/wxa/bind_tester',
		effect: 'write',
		fields: [actingFor, wechatId],
	}),
	definePlatformRequest({
		name: 'Remove',
		value: 'remove',
		action: 'Remove tester',
		chinese: '解除绑定体验者',
		description: 'Do not let a person open the trial version any more',
		path: '/wxa/unbind_tester',
		effect: 'write',
		fields: [
			actingFor,
			{
				displayName: 'By',
				name: 'by',
				type: 'options',
				wire: false,
				options: [
					{ name: 'Tester String', value: 'userstr' },
					{ name: 'WeChat ID', value: 'wechatid' },
				],
				default: 'userstr',
				description: 'What is known of the tester',
			},
			{ ...wechatId, displayOptions: { show: { by: ['wechatid'] } } },
			{
				displayName: 'Tester String (体验者标识)',
				name: 'userstr',
				type: 'string',
				required: true,
				displayOptions: { show: { by: ['userstr'] } },
				default: '',
				description: 'The userstr that Add and Get Many return',
			},
		],
		done: { deleted: true },
	}),
]);
