import type { Field } from '../../engine/define';

/** The text of an article, as a person or a model writes it. */
export const articleText = [
	{
		displayName: 'Content (内容)',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 8 },
		wire: false,
		required: true,
		default: '',
		placeholder: 'e.g. # Our shop has moved',
		description:
			'The whole article, in the format that Format names, or binary: and the name of the binary field that holds it as a file (binary:data). Front matter at its beginning may give title, author, digest, source and cover.',
	},
	{
		displayName: 'Format (格式)',
		name: 'format',
		type: 'options',
		wire: false,
		options: [
			{ name: 'HTML', value: 'html', description: 'With or without a style sheet' },
			{
				name: 'Markdown',
				value: 'markdown',
				description: 'With tables, task lists, footnotes and code, as models write it',
			},
		],
		default: 'markdown',
		description: 'What Content is written in',
	},
	{
		displayName: 'Title (标题)',
		name: 'title',
		type: 'string',
		wire: false,
		default: '',
		placeholder: 'e.g. Our shop has moved',
		description:
			'At most 32 characters. When it is empty, that of the front matter counts, or else the first heading of level 1.',
	},
] as const satisfies Field[];

export const author = {
	displayName: 'Author (作者)',
	name: 'author',
	type: 'string',
	default: '',
	placeholder: 'e.g. Helen Wang',
	description: 'Shown below the title, at most 16 characters. Empty: that of the front matter.',
} as const satisfies Field;

export const digest = {
	displayName: 'Digest (摘要)',
	name: 'digest',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	description:
		'Summary, at most 128 characters. Empty: that of the front matter, or what WeChat takes from the content.',
} as const satisfies Field;

export const sourceUrl = {
	displayName: 'Source URL (阅读原文)',
	name: 'sourceUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/article',
	description: 'Page that "Read more" leads to. Empty: that of the front matter.',
} as const satisfies Field;

/** What an article looks like. */
export const look = {
	accent: {
		displayName: 'Accent Color (主题色)',
		name: 'accent',
		type: 'color',
		pattern: {
			allows: /^#([\da-f]{3}|[\da-f]{6})$/i,
			problem: 'must be a color such as #07c160, not {value}',
			chinese: '应是 #07c160 形式的颜色，而不是 {value}',
		},
		default: '',
		placeholder: 'e.g. #07c160',
		description: 'Color of headings, marks and links; each theme has one of its own',
	},
	css: {
		displayName: 'Own CSS (自定义CSS)',
		name: 'css',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. h2 { color: #07c160 }',
		description:
			'Written into the elements, as WeChat takes no style sheets. It goes before the theme. What an article cannot have, such as :hover, is named in the output.',
	},
	fontSize: {
		displayName: 'Font Size (字号)',
		name: 'fontSize',
		type: 'number',
		typeOptions: { minValue: 14, maxValue: 18 },
		default: 16,
		description: 'Size of the text in pixels, 14 to 18',
	},
	links: {
		displayName: 'Links (链接)',
		name: 'links',
		type: 'options',
		options: [
			{
				name: 'As References',
				value: 'references',
				description: 'Numbers in the text, and a list of addresses below it',
			},
			{ name: 'As Text', value: 'text', description: 'Only the words of each link' },
		],
		default: 'references',
		description:
			'What becomes of links to other sites, which WeChat does not let readers follow; links to mp.weixin.qq.com stay',
	},
	theme: {
		displayName: 'Theme (主题)',
		name: 'theme',
		type: 'options',
		options: [
			{ name: 'Labels (标签)', value: 'labels', description: 'Headings on a colored ground' },
			{ name: 'Lines (线条)', value: 'lines', description: 'Headings with colored lines' },
			{ name: 'None', value: 'none', description: 'Only your own styles' },
			{ name: 'Plain (简约)', value: 'plain', description: 'Little color' },
		],
		default: 'plain',
		description: 'What the article looks like, in light and dark mode',
	},
} as const satisfies Record<string, Field>;

export const checkByWechat = {
	displayName: 'Check by WeChat (由微信检查)',
	name: 'checkByWechat',
	type: 'boolean',
	default: false,
	description:
		'Whether to also send the content to WeChat’s public checker (verify_article_structure), which measures it in a browser. It needs no token.',
} as const satisfies Field;
