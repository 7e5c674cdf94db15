import type { IDataObject } from 'n8n-workflow';
import { operationFor, resource, type Field, type Sender } from '../../table/spec';

const operation = operationFor<Sender>();

/** MsgType of each kind of reply; the names are also WeChat's elements, such as Image/MediaId. */
const MSG_TYPE = {
	Image: 'image',
	Music: 'music',
	News: 'news',
	None: '',
	Text: 'text',
	TransInfo: 'transfer_customer_service',
	Video: 'video',
	Voice: 'voice',
};

const of = (...type: Array<keyof typeof MSG_TYPE>) => ({ displayOptions: { show: { type } } });

/** Source: "Passive reply" (被动回复用户消息). */
const content = [
	{
		displayName: 'Text',
		name: 'content',
		type: 'string',
		wire: 'Content',
		typeOptions: { rows: 3 },
		required: true,
		maxBytes: 2048,
		...of('Text'),
		default: '',
		placeholder: 'e.g. Welcome!',
		description:
			'At most 2048 bytes, which is 682 Chinese characters. Line breaks and links such as &lt;a href="https://example.com"&gt;here&lt;/a&gt; work.',
	},
	{
		displayName: 'Media ID',
		name: 'mediaId',
		type: 'string',
		wire: '{type}.MediaId',
		required: true,
		...of('Image', 'Video', 'Voice'),
		default: '',
		description: 'MediaId of a push, or of an upload; temporary media lives for three days',
	},
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		wire: '{type}.Title',
		...of('Music', 'Video'),
		default: '',
		description: 'Shown above the message',
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		wire: '{type}.Description',
		...of('Music', 'Video'),
		default: '',
		description: 'Shown below the title',
	},
	{
		displayName: 'Music URL',
		name: 'musicUrl',
		type: 'string',
		wire: 'Music.MusicUrl',
		...of('Music'),
		default: '',
		placeholder: 'e.g. https://example.com/song.mp3',
		description: 'Address of the sound file',
	},
	{
		displayName: 'High Quality Music URL',
		name: 'hqMusicUrl',
		type: 'string',
		wire: 'Music.HQMusicUrl',
		...of('Music'),
		default: '',
		placeholder: 'e.g. https://example.com/song-320.mp3',
		description: 'Played instead when the phone is on Wi-Fi',
	},
	{
		displayName: 'Thumb Media ID',
		name: 'thumbMediaId',
		type: 'string',
		wire: 'Music.ThumbMediaId',
		required: true,
		...of('Music'),
		default: '',
		description: 'Media ID of the small picture, a JPG of at most 64 KB uploaded as thumb',
	},
	{
		displayName: 'Articles',
		name: 'articles',
		type: 'fixedCollection',
		wire: 'Articles.item',
		typeOptions: { multipleValues: true },
		required: true,
		maxEntries: 8,
		...of('News'),
		default: {},
		placeholder: 'Add Article',
		description:
			'One in answers to messages, up to 8 in answers to events; WeChat shows nothing when there are more',
		options: [
			{
				displayName: 'Article',
				name: 'article',
				values: [
					{
						displayName: 'Title',
						name: 'Title',
						type: 'string',
						default: '',
						description: 'Headline of the card',
					},
					{
						displayName: 'Description',
						name: 'Description',
						type: 'string',
						default: '',
						description: 'Text below the headline',
					},
					{
						displayName: 'Picture URL',
						name: 'PicUrl',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://example.com/picture.jpg',
						description: 'JPG or PNG; 360 × 200 pixels for the first article, 200 × 200 for others',
					},
					{
						displayName: 'URL',
						name: 'Url',
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
		displayName: 'Agent',
		name: 'kfAccount',
		type: 'string',
		wire: 'TransInfo.KfAccount',
		...of('TransInfo'),
		default: '',
		placeholder: 'e.g. helen@example',
		description: 'Account of the customer service agent; any free agent when empty',
	},
] as const satisfies Field[];

export const reply = resource('Reply', 'reply', [
	operation({
		name: 'Send',
		value: 'send',
		action: 'Send reply',
		description: 'Answer the push that started the run (被动回复)',
		// No address: n8n carries it to the trigger, which answers on WeChat's own connection.
		path: '',
		fields: [
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				wire: false,
				options: [
					{ name: 'Image (图片)', value: 'Image' },
					{ name: 'Music (音乐)', value: 'Music' },
					{ name: 'News Card (图文)', value: 'News' },
					{
						name: 'No Answer',
						value: 'None',
						description: 'Tell WeChat at once that there is nothing to show',
					},
					{ name: 'Text (文本)', value: 'Text' },
					{
						name: 'Transfer to Customer Service (转客服)',
						value: 'TransInfo',
						description: 'Hand the conversation to a human agent; the only reply of mini programs',
					},
					{ name: 'Video (视频)', value: 'Video' },
					{ name: 'Voice (语音)', value: 'Voice' },
				],
				default: 'Text',
				description: 'What the user sees',
			},
			...content,
		],
		async run({ params, call, send }) {
			const MsgType = MSG_TYPE[params.type];
			const body: IDataObject = MsgType ? { MsgType, ...(call.body as IDataObject) } : {};
			const { item } = (body.Articles ?? {}) as { item?: unknown[] };
			if (item) body.ArticleCount = item.length;
			await send({ ...call, body });
			return { reply: body };
		},
	}),
]);
