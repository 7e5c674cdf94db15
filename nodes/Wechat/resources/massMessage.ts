import { defineRequest, defineResource, type Field } from '../../engine/define';
import { createMediaFields } from '../../engine/mediaFields';
import { openid, openids } from '../fields/openid';
import { createPartField, MESSAGE_TYPES } from '../../push/messageTypes';
import { createLocator } from '../../n8n/locator';
import { tag } from '../fields/tag';
import { describeMassMessage, MASS_STATE, waitUntilSent } from '../massMessageState';

/** Shows a field for these kinds of message only. */
const showFor = (...msgtype: string[]) => ({ displayOptions: { show: { msgtype } } });

const KINDS = [
	{ name: 'Article (图文消息)', value: 'mpnews' },
	{ name: MESSAGE_TYPES.text.name, value: 'text' },
	{ name: MESSAGE_TYPES.image.name, value: 'image' },
	{ name: MESSAGE_TYPES.voice.name, value: 'voice' },
	{ name: MESSAGE_TYPES.video.name, value: 'mpvideo' },
	{ name: 'Card or Coupon (卡券)', value: 'wxcard' },
];

const kind = {
	displayName: 'Type',
	name: 'msgtype',
	type: 'options',
	options: KINDS,
	default: 'text',
	description: 'What to send. WeChat has ended cards and coupons for most accounts (45113).',
} as const satisfies Field;

const text = createPartField('content', 'content', {
	wire: 'text.content',
	required: true,
	...showFor('text'),
	maxBytes: undefined,
	placeholder: 'e.g. We are closed tomorrow',
	description: 'What everybody reads',
});

const draft = {
	displayName: 'Draft (草稿)',
	name: 'draft',
	...createLocator('searchDrafts', { placeholder: 'e.g. 2y8RkZ0wYcJ4nEhP1s…' }),
	wire: 'mpnews.media_id',
	required: true,
	...showFor('mpnews'),
	description:
		'Choose from the list, or enter the media ID of a draft. It is gone from the drafts once it is sent.',
} as const satisfies Field;

const mediaId = createPartField('mediaId', 'media_id', {
	wire: '{msgtype}.media_id',
	required: true,
	description:
		'For a voice, an image or music, what Add Permanent of materials returned; for a video, what Convert to Mass Video of materials returned',
});

/** @see https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html */
const video = createMediaFields(
	'video',
	{ ...mediaId, ...showFor('mpvideo') },
	{
		life: 'temporary',
		kind: 'video',
		convert: (media_id, fileTitle, { title, description }) => ({
			path: '/cgi-bin/media/uploadvideo',
			body: { media_id, title: title || fileTitle, ...(description ? { description } : {}) },
		}),
	},
);

const card = {
	displayName: 'Card ID (卡券ID)',
	name: 'card_id',
	type: 'string',
	wire: 'wxcard.card_id',
	required: true,
	...showFor('wxcard'),
	default: '',
	description: 'ID of a card or coupon (卡券)',
} as const satisfies Field;

const clientMessageId = {
	displayName: 'Client Message ID (防重ID)',
	name: 'clientmsgid',
	type: 'string',
	check: true,
	default: '',
	maxBytes: 64,
	placeholder: 'e.g. newsletter-2026-05',
	description:
		'ID of your own against sending twice: within 24 hours WeChat refuses a second message with the same one (45065). At most 64 bytes; 32 are safe on all accounts.',
} as const satisfies Field;

/** @see https://developers.weixin.qq.com/doc/service/api/notify/message/api_sendall.html */
const content = [
	kind,
	text,
	draft,
	{
		displayName: 'If an Article Is a Reprint (转载时)',
		name: 'send_ignore_reprint',
		type: 'options',
		...showFor('mpnews'),
		options: [
			{ name: 'Do Not Send', value: 0 },
			{ name: 'Send as Reprint', value: 1, description: 'If its author allows it (转载)' },
		],
		default: 0,
		description:
			'What to do when WeChat finds that an article is somebody else’s original (原创校验)',
	},
	...createMediaFields(
		'images',
		{
			displayName: 'Media IDs (素材ID)',
			name: 'media_ids',
			type: 'string',
			wire: 'images.media_ids',
			as: 'list',
			required: true,
			...showFor('image'),
			default: '',
			description:
				'IDs of images among the permanent materials, separated by commas, blanks or line breaks, or a list from an expression',
		},
		{ life: 'permanent', kind: 'image', isList: true },
		'Images',
	),
	{
		displayName: 'Recommendation (推荐语)',
		name: 'recommend',
		type: 'string',
		wire: 'images.recommend',
		...showFor('image'),
		default: '',
		placeholder: 'e.g. Pictures of our new shop',
		description: 'Text that goes with the images',
	},
	{
		displayName: 'Title (标题)',
		name: 'images_title',
		type: 'string',
		wire: 'images.title',
		...showFor('image'),
		default: '',
		description: 'Title of the images',
	},
	{
		displayName: 'Comments (留言)',
		name: 'need_open_comment',
		type: 'options',
		wire: 'images.need_open_comment',
		...showFor('image'),
		options: [
			{ name: 'Closed', value: 0 },
			{ name: 'Open', value: 1 },
		],
		default: 0,
		description: 'Whether readers can comment (留言)',
	},
	{
		displayName: 'Who Can Comment (谁可留言)',
		name: 'only_fans_can_comment',
		type: 'options',
		wire: 'images.only_fans_can_comment',
		displayOptions: { show: { msgtype: ['image'], need_open_comment: [1] } },
		options: [
			{ name: 'Everyone', value: 0 },
			{ name: 'Followers Only', value: 1 },
		],
		default: 0,
		description: 'From whom comments are taken',
	},
	...createMediaFields(
		'media',
		{ ...mediaId, ...showFor('voice') },
		{ life: 'permanent', kind: 'voice' },
	),
	...video,
	createPartField('title', 'title', {
		wire: 'mpvideo.title',
		...showFor('mpvideo'),
		description: 'Title of the video. Without one, a file that is uploaded goes by its name.',
	}),
	createPartField('description', 'description', {
		wire: 'mpvideo.description',
		...showFor('mpvideo'),
	}),
	card,
	{
		displayName: 'Message Options (消息选项)',
		name: 'messageOptions',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		description: 'What is seldom needed',
		options: [clientMessageId],
	},
] as const satisfies Field[];

const messageId = {
	displayName: 'Message ID (消息ID)',
	name: 'msg_id',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 3147483655',
	description: 'What Send returned as msg_id, or the MsgID of the push that tells the end of it',
} as const satisfies Field;

/** @see https://developers.weixin.qq.com/doc/service/api/notify/message/api_sendall.html */
export const massMessage = defineResource('Mass Message (群发)', 'massMessage', [
	defineRequest({
		name: 'Send to All or Tag',
		value: 'sendToAll',
		action: 'Send mass message to all followers or a tag',
		chinese: '群发给全部用户或标签',
		description:
			'Send a message to all followers or to those with a tag (根据标签群发). It cannot be taken back. A follower gets at most 4 mass messages of a service account in a month; a subscription account has one a day.',
		path: '/cgi-bin/message/mass/sendall',
		effect: 'write',
		ifLost:
			'Before you send it again, see among the published content (发表记录) at mp.weixin.qq.com whether it was. With a Client Message ID of your own, WeChat sends nothing twice.',
		doc: 'service/api/notify/message/api_sendall.html',
		fields: [
			{
				displayName: 'To',
				name: 'is_to_all',
				type: 'options',
				needed: true,
				wire: 'filter.is_to_all',
				options: [
					{ name: 'All Followers', value: true },
					{ name: 'Followers With a Tag', value: false },
				],
				default: false,
				description:
					'Who gets it. What goes to all followers shows among the account’s past messages; its administrator may have to confirm it within 30 minutes (API 群发保护).',
			},
			{
				...tag,
				wire: 'filter.tag_id',
				displayOptions: { show: { is_to_all: [false] } },
				description: 'Choose from the list, or enter the number that Get Many of tags shows as ID',
			},
			...content,
		],
		wait: waitUntilSent,
	}),
	defineRequest({
		name: 'Send to Users',
		value: 'sendToUsers',
		action: 'Send mass message to users',
		chinese: '按 OpenID 群发',
		description:
			'Send a message to 2 to 10,000 followers (根据 OpenID 列表群发); verified service accounts only. It cannot be taken back, and it counts as one of the 4 that a follower can get in a month.',
		path: '/cgi-bin/message/mass/send',
		effect: 'write',
		ifLost:
			'Before you send it again, see among the published content (发表记录) at mp.weixin.qq.com whether it was. With a Client Message ID of your own, WeChat sends nothing twice.',
		doc: 'service/api/notify/message/api_masssend.html',
		fields: [{ ...openids, name: 'touser', maxEntries: 10_000 }, ...content],
		wait: waitUntilSent,
	}),
	defineRequest({
		name: 'Preview',
		value: 'preview',
		action: 'Preview mass message',
		chinese: '预览群发消息',
		description:
			'Send a mass message to one follower only, to see how it looks (预览). By WeChat ID 100 times a day.',
		path: '/cgi-bin/message/mass/preview',
		effect: 'write',
		ifLost: 'Before you send it again, see in the chat whether it was.',
		doc: 'service/api/notify/message/api_preview.html',
		fields: [
			{
				displayName: 'To',
				name: 'to',
				type: 'options',
				wire: false,
				options: [
					{ name: 'OpenID', value: 'openid' },
					{ name: 'WeChat ID (微信号)', value: 'wxname' },
				],
				default: 'openid',
				description: 'How to tell who gets it',
			},
			{
				...openid,
				name: 'touser',
				displayOptions: { show: { to: ['openid'] } },
				description: 'A follower of the account',
			},
			{
				displayName: 'WeChat ID (微信号)',
				name: 'towxname',
				type: 'string',
				displayOptions: { show: { to: ['wxname'] } },
				required: true,
				default: '',
				placeholder: 'e.g. helen_1990',
				description: 'WeChat ID of a follower, as in their settings',
			},
			{
				...kind,
				options: [...KINDS, { name: MESSAGE_TYPES.music.name, value: 'music' }],
			},
			text,
			{ ...draft, description: 'Choose from the list, or enter the media ID of a draft (草稿)' },
			...createMediaFields(
				'media',
				{ ...mediaId, ...showFor('image', 'voice') },
				{ life: 'permanent', kind: ({ msgtype }) => (msgtype === 'voice' ? 'voice' : 'image') },
			),
			...video,
			{ ...mediaId, ...showFor('music') },
			card,
		],
	}),
	defineRequest({
		name: 'Get State',
		value: 'getState',
		action: 'Get state of mass message',
		chinese: '查询群发状态',
		description:
			'Get how far a mass message is (查询群发消息发送状态): SENDING, SEND_SUCCESS, SEND_FAIL or DELETE. How many got it comes with the push at its end only.',
		path: MASS_STATE,
		effect: 'read',
		doc: 'service/api/notify/message/api_massmsgget.html',
		fields: [messageId],
		present: describeMassMessage,
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete mass message',
		chinese: '删除群发消息',
		description:
			'Make the articles or the video of a mass message unreadable (删除群发). Who got it keeps the card; texts, images and sounds cannot be taken back at all.',
		path: '/cgi-bin/message/mass/delete',
		effect: 'write',
		doc: 'service/api/notify/message/api_deletemassmsg.html',
		done: { deleted: true },
		fields: [
			{
				displayName: 'Delete By (删除方式)',
				name: 'deleteBy',
				type: 'options',
				wire: false,
				options: [
					{ name: 'Address of an Article', value: 'url' },
					{ name: 'Message ID', value: 'id' },
				],
				default: 'id',
				description: 'How to tell what to delete',
			},
			{ ...messageId, as: 'integer', displayOptions: { show: { deleteBy: ['id'] } } },
			{
				displayName: 'Article Number (文章序号)',
				name: 'article_idx',
				type: 'number',
				check: true,
				displayOptions: { show: { deleteBy: ['id'] } },
				typeOptions: { minValue: 0 },
				default: 0,
				description: 'Which article of the message to delete: 1 is the first, 0 stands for all',
			},
			{
				displayName: 'URL (链接)',
				name: 'url',
				type: 'string',
				displayOptions: { show: { deleteBy: ['url'] } },
				required: true,
				default: '',
				placeholder: 'e.g. https://mp.weixin.qq.com/s?__biz=…',
				description: 'Address of the article',
			},
		],
	}),
	defineRequest({
		name: 'Get Speed',
		value: 'getSpeed',
		action: 'Get speed of mass messages',
		chinese: '获取群发速度',
		description:
			'Get how fast mass messages go out (群发速度): realspeed is in 10,000 followers per minute',
		path: '/cgi-bin/message/mass/speed/get',
		effect: 'read',
		doc: 'service/api/notify/message/api_getspeed.html',
	}),
	defineRequest({
		name: 'Set Speed',
		value: 'setSpeed',
		action: 'Set speed of mass messages',
		chinese: '设置群发速度',
		description: 'Set how fast mass messages go out, to spare the server that their readers visit',
		path: '/cgi-bin/message/mass/speed/set',
		effect: 'write',
		doc: 'service/api/notify/message/api_setspeed.html',
		fields: [
			{
				displayName: 'Speed (群发速度)',
				name: 'speed',
				type: 'options',
				options: [
					{ name: '100,000 per Minute', value: 4 },
					{ name: '300,000 per Minute', value: 3 },
					{ name: '450,000 per Minute', value: 2 },
					{ name: '600,000 per Minute', value: 1 },
					{ name: '800,000 per Minute', value: 0 },
				],
				default: 0,
				description: 'How many followers get a message in a minute',
			},
		],
	}),
]);
