import { defineResource, type Field } from '../../engine/define';
import { operation } from '../fields/common';

const of = (...type: string[]) => ({ displayOptions: { show: { type } } });

const TYPES = [
	{ name: 'Image (图片)', value: 'image' },
	{
		name: 'JSON',
		value: 'json',
		description: 'A reply in the words of the server, such as one from Get Many',
	},
	{ name: 'Music (音乐)', value: 'music' },
	{ name: 'News Card (图文)', value: 'multitext' },
	{ name: 'Text (文本)', value: 'text' },
	{ name: 'Video (视频)', value: 'video' },
	{ name: 'Voice (语音)', value: 'voice' },
] as const;

/** Of these types the document nests the reply in `content`, beside its type; music and news lie flat. */
const NESTED: readonly string[] = ['image', 'text', 'video', 'voice'];

const keyword = {
	displayName: 'Keyword',
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
	{
		displayName: 'Text',
		name: 'content',
		type: 'string',
		wire: 'reply.content',
		typeOptions: { rows: 3 },
		required: true,
		maxBytes: 2048,
		...of('text'),
		default: '',
		placeholder: 'e.g. We are open from 9 to 18',
		description: 'At most 2048 bytes, which is 682 Chinese characters',
	},
	{
		displayName: 'Media ID',
		name: 'mediaId',
		type: 'string',
		wire: 'reply.content.mediaId',
		required: true,
		...of('image', 'video', 'voice'),
		default: '',
		placeholder: 'e.g. 2y8RkZ0wYcJ4nEhP1sLabT5uQmVx…',
		description: 'The media_id that Material: Get Many shows',
	},
	{
		displayName: 'Title',
		name: 'videoTitle',
		type: 'string',
		wire: 'reply.content.title',
		...of('video'),
		default: '',
		description: 'Shown above the video',
	},
	{
		displayName: 'Description',
		name: 'videoDescription',
		type: 'string',
		wire: 'reply.content.description',
		...of('video'),
		default: '',
		description: 'Shown below the title',
	},
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		wire: 'reply.title',
		required: true,
		...of('music'),
		default: '',
		description: 'Name of the piece',
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		wire: 'reply.description',
		...of('music'),
		default: '',
		description: 'Shown below the title',
	},
	{
		displayName: 'Music URL',
		name: 'musicUrl',
		type: 'string',
		wire: 'reply.musicUrl',
		required: true,
		...of('music'),
		default: '',
		placeholder: 'e.g. https://example.com/song.mp3',
		description: 'Address of the sound file',
	},
	{
		displayName: 'Thumb Media ID',
		name: 'thumbMediaId',
		type: 'string',
		wire: 'reply.thumbMediaId',
		required: true,
		...of('music'),
		default: '',
		description: 'Media ID of the small picture, a JPG of at most 64 KB uploaded as thumbnail',
	},
	{
		displayName: 'Articles',
		name: 'articles',
		type: 'fixedCollection',
		wire: 'reply',
		typeOptions: { multipleValues: true },
		required: true,
		maxEntries: 8,
		...of('multitext'),
		default: {},
		placeholder: 'Add Article',
		description: 'WeChat shows one in answers to messages, and up to 8 in answers to events',
		options: [
			{
				displayName: 'Article',
				name: 'article',
				values: [
					{
						displayName: 'Title',
						name: 'title',
						type: 'string',
						default: '',
						description: 'Headline of the card',
					},
					{
						displayName: 'Description',
						name: 'description',
						type: 'string',
						default: '',
						description: 'Text below the headline',
					},
					{
						displayName: 'Picture URL',
						name: 'picurl',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://example.com/picture.jpg',
						description: 'JPG or PNG',
					},
					{
						displayName: 'URL',
						name: 'url',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://example.com/article',
						description: 'Page that opens at a tap',
					},
				],
			},
		],
	},
	{
		displayName: 'Type of Reply',
		name: 'replyType',
		type: 'options',
		wire: false,
		...of('json'),
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
		...of('json'),
		default: '',
		placeholder: 'e.g. { "type": "text", "content": "Hello" }',
		description: 'The reply (回复信息结构体) as Get Many shows it; it goes as it is',
	},
] as const satisfies Field[];

/** Source: 微信回复管理接口. */
export const replyRule = defineResource('Reply Rule (回复规则)', 'replyRule', [
	operation({
		name: 'Add',
		value: 'add',
		action: 'Add reply rule',
		description: 'Have the server answer a keyword (增加回复规则)',
		path: '/apis/wxreplymanage/addReply',
		fields: [
			keyword,
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				wire: false,
				options: [...TYPES],
				default: 'text',
				description: 'What the follower sees',
			},
			...content,
		],
		async run({ params, call, send }) {
			const { request, reply } = call.body ?? {};
			const type = params.type === 'json' ? params.replyType : params.type;
			const whole = NESTED.includes(params.type) ? { type, ...(reply as object) } : reply;
			await send({ ...call, body: { type, reply: whole, request } });
			return { success: true };
		},
	}),
	operation({
		name: 'Delete',
		value: 'delete',
		action: 'Delete reply rule',
		description: 'Delete the rule of a keyword (删除回复规则)',
		path: '/apis/wxreplymanage/deleteReply',
		done: { deleted: true },
		fields: [keyword],
	}),
	operation({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many reply rules',
		description: 'Get many reply rules, as the server has them (列出回复规则)',
		path: '/apis/wxreplymanage/listReply',
		page: { items: '' },
	}),
]);
