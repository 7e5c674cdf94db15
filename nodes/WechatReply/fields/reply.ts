import type { Reply } from '../../push/reply';
import type { Field } from '../../engine/define';

/** MsgType of each kind of reply; the names are also WeChat's elements, such as Image/MediaId. */
const MSG_TYPE = {
	Image: 'image',
	Music: 'music',
	News: 'news',
	Text: 'text',
	TransInfo: 'transfer_customer_service',
	Video: 'video',
	Voice: 'voice',
};

export type ReplyType = keyof typeof MSG_TYPE;

/** What replies and rules can say. */
export const REPLY_TYPES = [
	{ name: 'Image (图片)', value: 'Image' },
	{ name: 'Music (音乐)', value: 'Music' },
	{ name: 'News Card (图文)', value: 'News' },
	{ name: 'Text (文本)', value: 'Text' },
	{ name: 'Video (视频)', value: 'Video' },
	{ name: 'Voice (语音)', value: 'Voice' },
] as const;

/** The reply that the fields below make. */
export function createReply(type: ReplyType, body: Record<string, unknown> = {}): Reply {
	const { item } = (body.Articles ?? {}) as { item?: unknown[] };
	return {
		MsgType: MSG_TYPE[type],
		...body,
		...(item && { ArticleCount: item.length }),
	};
}

const of = (...type: ReplyType[]) => ({ displayOptions: { show: { type } } });

/** Source: "Passive reply" (被动回复用户消息). */
export const replyFields = [
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
		displayName: 'Thumb Media ID',
		name: 'videoThumbMediaId',
		type: 'string',
		wire: false,
		...of('Video'),
		default: '',
		description:
			'Media ID of a preview picture, uploaded as thumb; needed when the video is sent as a customer service message',
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
			'Up to 8 in answers to events. In answers to messages WeChat takes one, so that only the first goes out.',
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
] as const satisfies Field[];
