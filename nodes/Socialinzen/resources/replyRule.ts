import { defineResource, type Field } from '../../engine/define';
import {
	createArticleFields,
	createPartField,
	MAX_ARTICLES,
	MESSAGE_TYPES,
} from '../../push/messageTypes';
import { defineSocialinzenRequest } from '../fields/common';

const showFor = (...type: string[]) => ({ displayOptions: { show: { type } } });

const TYPES = [
	{ name: MESSAGE_TYPES.text.name, value: 'text' },
	{ name: MESSAGE_TYPES.image.name, value: 'image' },
	{ name: MESSAGE_TYPES.voice.name, value: 'voice' },
	{ name: MESSAGE_TYPES.video.name, value: 'video' },
	{ name: MESSAGE_TYPES.news.name, value: 'multitext' },
	{ name: MESSAGE_TYPES.music.name, value: 'music' },
	{
		name: 'JSON',
		value: 'json',
		description: 'A reply in the words of the server, such as one from Get Many',
	},
] as const;

/** The types whose reply the document nests in `content`. Music and news are flat. */
const NESTED: readonly string[] = ['image', 'text', 'video', 'voice'];

const keyword = {
	displayName: 'Keyword (关键词)',
	name: 'request',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 营业时间',
	description: 'What followers send to get the reply (信息请求关键词)',
} as const satisfies Field;

/**
 * Replies as the document has them, with `mediald` read as mediaId. News are sent as a list of articles although it
 * prints a single one: to the library whose shapes these are (node-webot/wechat), an object without a type is music.
 */
const content = [
	createPartField('content', 'content', {
		wire: 'reply.content',
		required: true,
		...showFor('text'),
		placeholder: 'e.g. We are open from 9 to 18',
	}),
	createPartField('mediaId', 'mediaId', {
		wire: 'reply.content.mediaId',
		required: true,
		...showFor('image', 'video', 'voice'),
		placeholder: 'e.g. 2y8RkZ0wYcJ4nEhP1sLabT5uQmVx…',
		description: 'The media_id that Material: Get Many shows',
	}),
	createPartField('title', 'videoTitle', { wire: 'reply.content.title', ...showFor('video') }),
	createPartField('description', 'videoDescription', {
		wire: 'reply.content.description',
		...showFor('video'),
	}),
	createPartField('title', 'title', { wire: 'reply.title', required: true, ...showFor('music') }),
	createPartField('description', 'description', { wire: 'reply.description', ...showFor('music') }),
	createPartField('musicUrl', 'musicUrl', {
		wire: 'reply.musicUrl',
		required: true,
		...showFor('music'),
	}),
	createPartField('thumbMediaId', 'thumbMediaId', {
		wire: 'reply.thumbMediaId',
		required: true,
		...showFor('music'),
	}),
	{
		displayName: 'Articles (图文)',
		name: 'articles',
		type: 'fixedCollection',
		wire: 'reply',
		typeOptions: { multipleValues: true },
		required: true,
		maxEntries: MAX_ARTICLES,
		...showFor('multitext'),
		default: {},
		placeholder: 'Add Article',
		description: 'WeChat shows one in answers to messages, and up to 8 in answers to events',
		options: [{ displayName: 'Article', name: 'article', values: createArticleFields('rule') }],
	},
	{
		displayName: 'Type of Reply',
		name: 'replyType',
		type: 'options',
		wire: false,
		...showFor('json'),
		options: TYPES.filter(({ value }) => value !== 'json'),
		default: 'text',
		description: 'What the JSON is; Get Many shows it beside the reply',
	},
	{
		displayName: 'Reply (JSON)',
		name: 'reply',
		type: 'json',
		as: 'json',
		required: true,
		...showFor('json'),
		default: '',
		placeholder: 'e.g. { "type": "text", "content": "Hello" }',
		description: 'The reply (回复信息结构体) as Get Many shows it; it goes as it is',
	},
] as const satisfies Field[];

/** Source: 微信回复管理接口. */
export const replyRule = defineResource('Reply Rule (回复规则)', 'replyRule', [
	defineSocialinzenRequest({
		name: 'Add',
		value: 'add',
		action: 'Add reply rule',
		chinese: '添加回复规则',
		description: 'Have the server answer a keyword (增加回复规则)',
		path: '/apis/wxreplymanage/addReply',
		effect: 'write',
		fields: [
			keyword,
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				needed: true,
				wire: false,
				options: [...TYPES],
				default: 'text',
				description: 'What the follower sees',
			},
			...content,
		],
		prepare({ request, reply }, params) {
			const type = params.type === 'json' ? params.replyType : params.type;
			const whole = NESTED.includes(params.type) ? { type, ...(reply as object) } : reply;
			return { type, reply: whole, request };
		},
	}),
	defineSocialinzenRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many reply rules',
		chinese: '获取回复规则列表',
		description: 'Get many reply rules, as the server has them (列出回复规则)',
		path: '/apis/wxreplymanage/listReply',
		effect: 'read',
		page: { items: '' },
	}),
	defineSocialinzenRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete reply rule',
		chinese: '删除回复规则',
		description: 'Delete the rule of a keyword',
		path: '/apis/wxreplymanage/deleteReply',
		effect: 'write',
		done: { deleted: true },
		fields: [keyword],
	}),
]);
