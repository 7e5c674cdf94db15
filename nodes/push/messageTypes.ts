/**
 * What a message can be, in one place: passive replies (被动回复), customer service messages (客服消息), mass messages
 * (群发), reply rules and Socialinzen servers select from it. It says what each type is made of, and what each part is
 * called in each of these places.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
 * @see https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html
 */

/** In UTF-8: the longest text of a passive reply, a customer service message and a rule. */
export const MAX_TEXT_BYTES = 2048;

/** MsgType of passive replies, `msgtype` of customer service messages, `type` of rules. */
export type MessageType = 'image' | 'music' | 'news' | 'text' | 'video' | 'voice';

/** A part of a message: as the editor shows it, and its name in each place. */
interface MessagePart {
	/** Label, type, default and texts of the editor's field. */
	field: {
		displayName: string;
		type: 'string';
		default: '';
		description: string;
		placeholder?: string;
		typeOptions?: { rows: number };
		/** In UTF-8, as WeChat counts. */
		maxBytes?: number;
	};
	/** The element of a passive reply. */
	element: string;
	/** The key in the JSON of a call. */
	key: string;
	/**
	 * The name in a rule that is written, then those that are read, too: misprints of the Socialinzen document (`mediald`
	 * has an l for the capital I), and the spellings of WeChat's interfaces.
	 */
	rule: readonly [string, ...string[]];
}

const text = { type: 'string', default: '' } as const;

export const MESSAGE_PARTS = {
	content: {
		element: 'Content',
		key: 'content',
		rule: ['content'],
		field: {
			displayName: 'Text (文字)',
			...text,
			typeOptions: { rows: 3 },
			maxBytes: MAX_TEXT_BYTES,
			description:
				'At most 2048 bytes, which is 682 Chinese characters. Line breaks and links such as &lt;a href="https://example.com"&gt;here&lt;/a&gt; work.',
		},
	},
	mediaId: {
		element: 'MediaId',
		key: 'media_id',
		rule: ['mediaId', 'mediald', 'media_id', 'MediaId'],
		field: {
			displayName: 'Media ID (素材ID)',
			...text,
			description: 'MediaId of a push, or of an upload; temporary media lives for three days',
		},
	},
	title: {
		element: 'Title',
		key: 'title',
		rule: ['title', 'tile', 'Title'],
		field: { displayName: 'Title (标题)', ...text, description: 'Shown above the message' },
	},
	description: {
		element: 'Description',
		key: 'description',
		rule: ['description', 'desc', 'Description'],
		field: { displayName: 'Description (描述)', ...text, description: 'Shown below the title' },
	},
	musicUrl: {
		element: 'MusicUrl',
		key: 'musicurl',
		rule: ['musicUrl', 'musicurl', 'MusicUrl'],
		field: {
			displayName: 'Music URL (音乐链接)',
			...text,
			placeholder: 'e.g. https://example.com/song.mp3',
			description: 'Address of the sound file',
		},
	},
	hqMusicUrl: {
		element: 'HQMusicUrl',
		key: 'hqmusicurl',
		rule: ['hqMusicUrl', 'hqmusicurl', 'HQMusicUrl'],
		field: {
			displayName: 'High Quality Music URL (高质量音乐链接)',
			...text,
			placeholder: 'e.g. https://example.com/song-320.mp3',
			description: 'Played instead when the phone is on Wi-Fi; may be the same address',
		},
	},
	thumbMediaId: {
		element: 'ThumbMediaId',
		key: 'thumb_media_id',
		rule: ['thumbMediaId', 'thumbMediald', 'thumb_media_id', 'ThumbMediaId'],
		field: {
			displayName: 'Thumb Media ID (缩略图素材ID)',
			...text,
			description: 'Media ID of the small picture, a JPG of at most 64 KB uploaded as thumb',
		},
	},
	pictureUrl: {
		element: 'PicUrl',
		key: 'picurl',
		rule: ['picurl', 'picUrl', 'PicUrl'],
		field: {
			displayName: 'Picture URL (图片链接)',
			...text,
			placeholder: 'e.g. https://example.com/picture.jpg',
			description: 'JPG or PNG, best 360 × 200 pixels for the first article, 200 × 200 for others',
		},
	},
	url: {
		element: 'Url',
		key: 'url',
		rule: ['url', 'Url'],
		field: {
			displayName: 'URL (链接)',
			...text,
			placeholder: 'e.g. https://example.com/article',
			description: 'Page that opens at a tap',
		},
	},
} as const satisfies Record<string, MessagePart>;

export type MessagePartName = keyof typeof MESSAGE_PARTS;

interface MessageTypeEntry {
	/** As menus show it. */
	name: string;
	/** The element of a passive reply that holds the parts; a text and articles have none of their own. */
	element?: string;
	/** What it is made of. A video has its thumb in calls only: passive replies do without. */
	parts: readonly MessagePartName[];
	/** The parts that WeChat insists on. */
	required: readonly MessagePartName[];
}

export const MESSAGE_TYPES = {
	image: { name: 'Image (图片)', element: 'Image', parts: ['mediaId'], required: ['mediaId'] },
	music: {
		name: 'Music (音乐)',
		element: 'Music',
		parts: ['title', 'description', 'musicUrl', 'hqMusicUrl', 'thumbMediaId'],
		required: ['thumbMediaId'],
	},
	news: {
		name: 'News Card (图文)',
		parts: ['title', 'description', 'pictureUrl', 'url'],
		required: [],
	},
	text: { name: 'Text (文本)', parts: ['content'], required: ['content'] },
	video: {
		name: 'Video (视频)',
		element: 'Video',
		parts: ['mediaId', 'title', 'description'],
		required: ['mediaId'],
	},
	voice: { name: 'Voice (语音)', element: 'Voice', parts: ['mediaId'], required: ['mediaId'] },
} as const satisfies Record<MessageType, MessageTypeEntry>;

/** Most articles of a reply to an event, and of a rule. A reply to a message takes one. */
export const MAX_ARTICLES = 8;

/**
 * Creates the field of a part, as `name` of the node. What `more` says goes before what is said here: where the value
 * goes on the wire, which types show it, another description.
 */
export function createPartField<
	P extends MessagePartName,
	const N extends string,
	const M extends object,
>(part: P, name: N, more: M) {
	const { field } = MESSAGE_PARTS[part];
	return { ...field, name, ...more } as Omit<(typeof MESSAGE_PARTS)[P]['field'], keyof M> & {
		name: N;
	} & M;
}

/**
 * The articles of a news card as rows of a form; `nameIn` says what a part is called there. An article names all of its
 * parts on the wire, also those that are empty.
 */
export const createArticleFields = (nameIn: 'element' | 'rule') =>
	MESSAGE_TYPES.news.parts.map((part) => {
		const { field, element, rule } = MESSAGE_PARTS[part];
		const texts = part === 'title' ? { description: 'Headline of the card' } : {};
		const name = nameIn === 'element' ? element : rule[0];
		return { ...field, name, sendEmpty: true, ...texts };
	});

/** A part by the name of its element in a passive reply. */
export const findPart = (element: string): MessagePart | undefined =>
	Object.values<MessagePart>(MESSAGE_PARTS).find((part) => part.element === element);
