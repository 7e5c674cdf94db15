import type { Field } from '../../engine/define';
import { articleText, author, digest, sourceUrl } from './articleText';

/** The picture above an article. */
export const cover = {
	displayName: 'Cover (封面)',
	name: 'cover',
	type: 'string',
	wire: false,
	default: '',
	placeholder: 'e.g. https://example.com/cover.jpg',
	description:
		'Address of a picture, binary: and the name of a binary field (binary:data), or the media ID of a permanent image. Empty: that of the front matter, or the first picture of the text.',
} as const satisfies Field;

/** All articles of a draft but the first. */
export const moreArticles = {
	displayName: 'More Articles (更多文章)',
	name: 'moreArticles',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	wire: false,
	maxEntries: 7,
	default: {},
	placeholder: 'Add Article',
	description: 'Up to 7 more, which are shown below the first one, in the same format and look',
	options: [
		{
			displayName: 'Article',
			name: 'article',
			values: [author, articleText[0], cover, digest, sourceUrl, articleText[2]],
		},
	],
} as const satisfies Field;

export const comments = {
	displayName: 'Comments (留言)',
	name: 'comments',
	type: 'options',
	options: [
		{ name: 'Closed', value: 'closed' },
		{ name: 'From Everyone', value: 'everyone' },
		{ name: 'From Followers', value: 'followers' },
	],
	default: 'everyone',
	description:
		'Who can comment (留言); not every account has comments. Without this option WeChat decides.',
} as const satisfies Field;

export const unavailable = {
	displayName: 'Unavailable Pictures (无法使用的图片)',
	name: 'unavailable',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Make no draft, and name each of them' },
		{ name: 'Leave Out', value: 'leaveOut', description: 'Name them in the output' },
	],
	default: 'fail',
	description: 'What to do about pictures that cannot be had or converted',
} as const satisfies Field;

/** The pictures of a post that has little else. */
export const pictures = {
	displayName: 'Pictures (图片)',
	name: 'pictures',
	type: 'string',
	typeOptions: { rows: 4 },
	wire: false,
	required: true,
	readLater: true,
	default: '',
	placeholder: 'e.g. https://example.com/shop.jpg',
	description:
		'Up to 20, with line breaks or commas between them: addresses, binary: and the name of a binary field (binary:data), names of files in binary fields, or media IDs of permanent images. The first one is the cover.',
} as const satisfies Field;

export const crops = {
	displayName: 'Cover Crops (封面裁剪)',
	name: 'crops',
	type: 'multiOptions',
	options: [
		{ name: '1:1', value: '1_1' },
		{ name: '16:9', value: '16_9' },
		{ name: '2.35:1', value: '2.35_1' },
	],
	default: ['1_1', '16_9', '2.35_1'],
	description:
		'For which shapes the middle of the first picture is named as the cover; without this option for all. Where WeChat has none it chooses. No crop is named when the first picture is a media ID.',
} as const satisfies Field;
