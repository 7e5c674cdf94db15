import {
	createArticleFields,
	createPartField,
	MAX_ARTICLES,
	MESSAGE_TYPES,
	type MessageType,
} from '../../push/messageTypes';
import type { Reply } from '../../push/reply';
import type { Field, MediaUse } from '../../engine/define';
import { createMediaFields } from '../../engine/mediaFields';

/** The values of Type, in the order of use; they are also WeChat's elements, such as Image/MediaId. */
const MSG_TYPES = {
	Text: 'text',
	Image: 'image',
	Voice: 'voice',
	Video: 'video',
	News: 'news',
	Music: 'music',
} as const satisfies Record<string, MessageType>;

/** The part of `body` with the preview picture of a video, which no passive reply has. */
const VIDEO_THUMB = 'videoThumb';

type ReplyType = keyof typeof MSG_TYPES | 'TransInfo';

/** Reads the media ID of the preview picture of a video. */
export const readVideoThumb = (body: Record<string, unknown>) =>
	body[VIDEO_THUMB] as string | undefined;

/** What replies and rules can say. */
export const REPLY_TYPES = (Object.keys(MSG_TYPES) as Array<keyof typeof MSG_TYPES>).map(
	(value) => ({ name: MESSAGE_TYPES[MSG_TYPES[value]].name, value }),
);

/** Creates the reply that the fields below make: `body` has the elements of its type. */
export function createReply(type: ReplyType, body: Record<string, unknown> = {}): Reply {
	const { [VIDEO_THUMB]: _, ...parts } = body;
	const { item } = (parts.Articles ?? {}) as { item?: unknown[] };
	return {
		MsgType: type === 'TransInfo' ? 'transfer_customer_service' : MSG_TYPES[type],
		...parts,
		...(item && { ArticleCount: item.length }),
	} as Reply;
}

const showFor = (...type: ReplyType[]) => ({ displayOptions: { show: { type } } });

/** The text of a rule. */
export const ruleText = createPartField('content', 'content', {
	wire: 'Content',
	required: true,
	...showFor('Text'),
	placeholder: 'e.g. Welcome!',
});

/** The text of a reply, which may be longer than one message. */
export const replyText = createPartField('content', 'content', {
	wire: 'Content',
	required: true,
	maxBytes: undefined,
	...showFor('Text'),
	placeholder: 'e.g. Welcome!',
	description:
		'Of 2048 bytes (682 Chinese characters) or more: what is longer is split between sentences, and the rest follows as customer service messages, up to five. Line breaks and links such as &lt;a href="https://example.com"&gt;here&lt;/a&gt; work.',
});

/**
 * Creates the fields of a reply; `life` says how long its files are needed. Source: "Passive reply" (被动回复用户消息).
 */
export const createReplyFields = (life: MediaUse['life']) =>
	[
		...createMediaFields(
			'media',
			createPartField('mediaId', 'mediaId', {
				wire: '{type}.MediaId',
				required: true,
				...showFor('Image', 'Video', 'Voice'),
			}),
			{ life, kind: ({ type }) => MSG_TYPES[type as 'Image' | 'Video' | 'Voice'] },
		),
		createPartField('title', 'title', { wire: '{type}.Title', ...showFor('Music', 'Video') }),
		createPartField('description', 'description', {
			wire: '{type}.Description',
			...showFor('Music', 'Video'),
		}),
		createPartField('musicUrl', 'musicUrl', { wire: 'Music.MusicUrl', ...showFor('Music') }),
		createPartField('hqMusicUrl', 'hqMusicUrl', { wire: 'Music.HQMusicUrl', ...showFor('Music') }),
		...createMediaFields(
			'thumb',
			createPartField('thumbMediaId', 'thumbMediaId', {
				wire: 'Music.ThumbMediaId',
				required: true,
				...showFor('Music'),
			}),
			{ life, kind: 'thumb' },
			'Thumbnail',
		),
		...createMediaFields(
			'videoThumb',
			createPartField('thumbMediaId', 'videoThumbMediaId', {
				wire: VIDEO_THUMB,
				...showFor('Video'),
				description:
					'Media ID of a preview picture, uploaded as thumb; needed when the video is sent as a customer service message',
			}),
			{ life, kind: 'thumb' },
			'Preview Picture',
		),
		{
			displayName: 'Articles (图文)',
			name: 'articles',
			type: 'fixedCollection',
			wire: 'Articles.item',
			typeOptions: { multipleValues: true },
			required: true,
			maxEntries: MAX_ARTICLES,
			...showFor('News'),
			default: {},
			placeholder: 'Add Article',
			description:
				'Up to 8 in answers to events. In answers to messages WeChat takes one, so that only the first goes out.',
			options: [
				{ displayName: 'Article', name: 'article', values: createArticleFields('element') },
			],
		},
	] as const satisfies Field[];
