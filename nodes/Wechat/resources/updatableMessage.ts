import { defineRequest, defineResource, type Field, type Values } from '../../engine/define';

const activityId = {
	displayName: 'Activity ID (动态消息ID)',
	name: 'activity_id',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 1_AbCdEfGh…',
	description: 'The activity_id of Create, for 24 hours',
} as const satisfies Field;

const versions = [
	{ name: 'Development (开发版)', value: 'develop' },
	{ name: 'Released (正式版)', value: 'release' },
	{ name: 'Trial (体验版)', value: 'trial' },
] as const;

const PENDING = 0;
const STARTED = 1;
const pending = { displayOptions: { show: { target_state: [PENDING] } } };
const started = { displayOptions: { show: { target_state: [STARTED] } } };

/** The parameters of the message in WeChat's order. */
const PARAMETERS = ['member_count', 'room_limit', 'path', 'version_type'];

/**
 * Messages that change after a user has shared them (动态消息): how many have joined, then a link into the mini program.
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/share/updatable-message.html
 */
export const updatableMessage = defineResource('Updatable Message (动态消息)', 'updatableMessage', [
	defineRequest({
		name: 'Create',
		value: 'create',
		action: 'Create updatable message',
		chinese: '创建动态消息',
		description:
			'Get the activity_id that a page of the mini program shares its message with (wx.updateShareMenu). It ends at expiration_time, after 24 hours.',
		path: '/cgi-bin/message/wxopen/activityid/create',
		method: 'GET',
		effect: 'write',
		ifLost: 'Sending it again makes another activity_id, which does no harm.',
		doc: '../miniprogram/dev/server/API/mp-message-management/updatable-message/api_createactivityid.html',
		fields: [
			{
				displayName: 'OpenID',
				name: 'openid',
				type: 'string',
				in: 'query',
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description: 'Of the user who shares a private message (私密消息); else leave it empty',
			},
		],
	}),
	defineRequest({
		name: 'Update',
		value: 'update',
		action: 'Update updatable message',
		chinese: '修改动态消息',
		description: 'Change what the shared message shows, in all chats that it is in',
		path: '/cgi-bin/message/wxopen/updatablemsg/send',
		effect: 'write',
		isRepeatable: true,
		doc: '../miniprogram/dev/server/API/mp-message-management/updatable-message/api_setupdatablemsg.html',
		fields: [
			activityId,
			{
				displayName: 'State',
				name: 'target_state',
				type: 'options',
				options: [
					{ name: 'Not Started (未开始)', value: PENDING, description: 'Users can join' },
					{ name: 'Started (已开始)', value: STARTED, description: 'Users can enter' },
				],
				default: PENDING,
				description: 'Of the activity. It never goes back from Started.',
			},
			{
				displayName: 'Members',
				...pending,
				name: 'member_count',
				type: 'number',
				required: true,
				typeOptions: { minValue: 0 },
				default: 1,
				description: 'How many have joined',
			},
			{
				displayName: 'Room Limit (人数上限)',
				...pending,
				name: 'room_limit',
				type: 'number',
				required: true,
				typeOptions: { minValue: 1 },
				default: 2,
				description: 'How many may join',
			},
			{
				displayName: 'Page Path (页面路径)',
				...started,
				name: 'path',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. pages/room/room?room=1',
				description: 'The page that Enter (进入) opens',
			},
			{
				displayName: 'Version (版本)',
				...started,
				name: 'version_type',
				type: 'options',
				options: [...versions],
				default: 'release',
				description: 'Which version of the mini program Enter (进入) opens',
			},
		],
		prepare: ({ activity_id, target_state, ...values }) => ({
			activity_id,
			target_state,
			template_info: { parameter_list: listParameters(values) },
		}),
	}),
]);

/** WeChat takes all values as texts. */
const listParameters = (values: Values) =>
	PARAMETERS.filter((name) => name in values).map((name) => ({
		name,
		value: String(values[name]),
	}));
