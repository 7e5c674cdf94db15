import type { Download } from '../../api/download';
import { binaryField } from '../../engine/fields';
import { defineRequest, defineResource, type Field } from '../../engine/define';
import { openid } from '../fields/openid';

const recentOpenid = {
	...openid,
	description: 'Whose content it is; the user must have visited the mini program within two hours',
} as const satisfies Field;

const contentScene = {
	displayName: 'Scene (场景)',
	name: 'scene',
	type: 'options',
	options: [
		{ name: 'Comment (评论)', value: 2 },
		{ name: 'Forum (论坛)', value: 3 },
		{ name: 'Profile (资料)', value: 1 },
		{ name: 'Social Log (社交日志)', value: 4 },
	],
	default: 2,
	description: 'Where the content is to appear',
} as const satisfies Field;

const version = {
	displayName: 'Version (版本)',
	name: 'env_version',
	type: 'options',
	options: [
		{ name: 'Development (开发版)', value: 'develop' },
		{ name: 'Release (正式版)', value: 'release' },
		{ name: 'Trial (体验版)', value: 'trial' },
	],
	default: 'release',
	description: 'Which version of the mini program opens',
} as const satisfies Field;

const width = {
	displayName: 'Width (宽度)',
	name: 'width',
	type: 'number',
	typeOptions: { minValue: 280, maxValue: 1280 },
	default: 430,
	description: 'Width of the picture in pixels, from 280 to 1280',
} as const satisfies Field;

const look = [
	{
		displayName: 'Automatic Color (自动配色)',
		name: 'auto_color',
		type: 'boolean',
		default: false,
		description:
			'Whether WeChat chooses the color of the lines; if it stays black, choose one yourself',
	},
	{
		displayName: 'Line Color (线条颜色)',
		name: 'line_color',
		type: 'color',
		as: 'rgb',
		default: '#000000',
		description: 'Color of the lines; does not count together with Automatic Color',
	},
	{
		displayName: 'Transparent Background (透明背景)',
		name: 'is_hyaline',
		type: 'boolean',
		default: false,
		description: 'Whether the picture has no background; it is a PNG then',
	},
] as const satisfies Field[];

const checkPage = {
	displayName: 'Check Page (检查页面)',
	name: 'check_path',
	type: 'boolean',
	default: true,
	description:
		'Whether the page must exist in the released mini program. Without this check WeChat makes codes for at most 60,000 pages.',
} as const satisfies Field;

const query = {
	displayName: 'Query (查询参数)',
	name: 'query',
	type: 'string',
	maxLength: 1024,
	default: '',
	placeholder: 'e.g. ID=42&from=sms',
	description:
		"What the page gets, at most 1024 letters, digits and !#$&'()*+,/:;=?@-._~%; write other characters URL-encoded",
} as const satisfies Field;

const page = {
	displayName: 'Page Path (页面路径)',
	name: 'path',
	type: 'string',
	default: '',
	placeholder: 'e.g. pages/index/index',
	description:
		'Page that opens, without a query; it must be released. Leave empty for the home page.',
} as const satisfies Field;

const expiry = [
	{
		displayName: 'Expires (失效方式)',
		name: 'expire_type',
		type: 'options',
		needed: true,
		options: [
			{ name: 'After Days', value: 1 },
			{ name: 'At a Time', value: 0 },
		],
		default: 1,
		description: 'When the link ends, at most 30 days from now',
	},
	{
		displayName: 'Days (天数)',
		name: 'expire_interval',
		type: 'number',
		required: true,
		typeOptions: { minValue: 1, maxValue: 30 },
		displayOptions: { show: { expire_type: [1] } },
		default: 30,
		description: 'From 1 to 30',
	},
	{
		displayName: 'Time',
		name: 'expire_time',
		type: 'dateTime',
		as: 'unixSeconds',
		required: true,
		displayOptions: { show: { expire_type: [0] } },
		default: '',
		description: 'At most 30 days ahead; Beijing time, unless another time zone is given with it',
	},
] as const satisfies Field[];

const linkQuery = {
	displayName: 'Find Out (查询内容)',
	name: 'query_type',
	type: 'options',
	options: [
		{
			name: 'Remaining Visits',
			value: 1,
			description: 'How often links may still be opened today',
		},
		{ name: 'What Is Behind It', value: 0, description: 'Page, query and times' },
	],
	default: 0,
	description: 'What to find out',
} as const satisfies Field;

const ofLink = { displayOptions: { show: { query_type: [0] } } };

const cloud = [
	{
		displayName: 'Cloud AppID (资源方AppID)',
		name: 'resource_appid',
		type: 'string',
		wire: 'cloud_base.resource_appid',
		default: '',
		placeholder: 'e.g. wx0123456789abcdef',
		description: 'AppID of the mini program or platform that shares the environment (资源方)',
	},
	{
		displayName: 'Cloud Domain (静态网站域名)',
		name: 'domain',
		type: 'string',
		wire: 'cloud_base.domain',
		default: '',
		placeholder: 'e.g. example.com',
		description: 'Domain of the page of your own; without it, that of the environment',
	},
	{
		displayName: 'Cloud Environment (云开发环境)',
		name: 'env',
		type: 'string',
		wire: 'cloud_base.env',
		default: '',
		description:
			'ID of the cloud environment whose static page opens in between, instead of that of WeChat',
	},
	{
		displayName: 'Cloud Page Path',
		name: 'cloudPath',
		type: 'string',
		wire: 'cloud_base.path',
		default: '',
		placeholder: 'e.g. /jump.html',
		description: 'Page of the environment that opens in between, without a query',
	},
	{
		displayName: 'Cloud Page Query',
		name: 'cloudQuery',
		type: 'string',
		wire: 'cloud_base.query',
		default: '',
		placeholder: 'e.g. ID=42',
		description: 'What that page gets',
	},
] as const satisfies Field[];

/** WeChat has closed version 1 of both checks. */
const VERSION_2 = { version: 2 };

/** Mini programs have their documentation outside /doc, where that of official accounts is. */
const API = '../miniprogram/dev/server/API';

/** Source: server-side documentation of mini programs (小程序服务端), below `API`. */
export const miniProgram = defineResource('Mini Program (小程序)', 'miniProgram', [
	defineRequest({
		name: 'Create Unlimited Code',
		value: 'createUnlimitedCode',
		action: 'Create unlimited code of mini program',
		chinese: '获取不限制的小程序码',
		description:
			'Get the picture of a code (不限制的小程序码) that opens a page with a short scene; there may be any number of these',
		path: '/wxa/getwxacodeunlimit',
		effect: 'read',
		doc: `${API}/qrcode-link/qr-code/api_getunlimitedqrcode.html`,
		fields: [
			{
				displayName: 'Scene (场景)',
				name: 'scene',
				type: 'string',
				required: true,
				maxLength: 32,
				pattern: {
					allows: /^[\w!#$&'()*+,/:;=?@.~-]*$/,
					problem: 'holds a character that WeChat refuses: {value}',
					chinese: '含有微信不接受的字符：{value}',
				},
				default: '',
				placeholder: 'e.g. store=42',
				description: "What the page gets, at most 32 letters, digits and !#$&'()*+,/:;=?@-._~",
			},
			{
				displayName: 'Page',
				name: 'page',
				type: 'string',
				default: '',
				placeholder: 'e.g. pages/index/index',
				description:
					'Page that opens, without a slash in front and without a query. Leave empty for the home page.',
			},
			binaryField,
			{
				displayName: 'Code Options (小程序码选项)',
				name: 'codeOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [look[0], checkPage, look[1], look[2], version, width],
			},
		],
		download: binaryField.name,
		toFile: toPicture,
		present: (_, { scene }) => ({ scene }),
	}),
	defineRequest({
		name: 'Create Code',
		value: 'createCode',
		action: 'Create code of mini program',
		chinese: '获取小程序码',
		description:
			'Get the picture of a code (小程序码) that opens a page with a long query; a mini program has 100,000 of these and of QR codes together, for ever',
		path: '/wxa/getwxacode',
		effect: 'write',
		doc: `${API}/qrcode-link/qr-code/api_getqrcode.html`,
		fields: [
			{
				displayName: 'Path (路径)',
				name: 'path',
				type: 'string',
				required: true,
				maxLength: 1024,
				default: '',
				placeholder: 'e.g. pages/index/index?ID=42',
				description: 'Page that opens, with its query, at most 1024 characters',
			},
			binaryField,
			{
				displayName: 'Code Options (小程序码选项)',
				name: 'codeOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [...look, version, width],
			},
		],
		download: binaryField.name,
		toFile: toPicture,
		present: (_, { path }) => ({ path }),
	}),
	defineRequest({
		name: 'Generate Scheme',
		value: 'generateScheme',
		action: 'Generate URL scheme of mini program',
		chinese: '获取 URL Scheme',
		description:
			'Get an address that begins with weixin:// and opens the mini program from text messages, mails and pages outside WeChat (获取加密scheme码). Not for mini programs of persons.',
		path: '/wxa/generatescheme',
		effect: 'write',
		doc: `${API}/qrcode-link/url-scheme/api_generatescheme.html`,
		fields: [
			{ ...page, wire: 'jump_wxa.path' },
			{ ...query, wire: 'jump_wxa.query' },
			...expiry,
			{
				displayName: 'Link Options (链接选项)',
				name: 'linkOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [{ ...version, wire: 'jump_wxa.env_version' }],
			},
		],
	}),
	defineRequest({
		name: 'Generate URL Link',
		value: 'generateUrlLink',
		action: 'Generate URL link of mini program',
		chinese: '获取 URL Link',
		description:
			'Get an address that begins with https:// and opens the mini program from text messages, mails and pages outside WeChat (获取加密URLLink). Not for mini programs of persons.',
		path: '/wxa/generate_urllink',
		effect: 'write',
		doc: `${API}/qrcode-link/url-link/api_generateurllink.html`,
		fields: [
			page,
			query,
			...expiry,
			{
				displayName: 'Link Options (链接选项)',
				name: 'linkOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [...cloud, version],
			},
		],
	}),
	defineRequest({
		name: 'Get Short Link',
		value: 'getShortLink',
		action: 'Get short link of mini program',
		chinese: '获取 Short Link',
		description:
			'Get a short text that opens the mini program when it is sent in WeChat. Only for mini programs that sell (电商类目).',
		path: '/wxa/genwxashortlink',
		effect: 'write',
		doc: `${API}/qrcode-link/short-link/api_generateshortlink.html`,
		fields: [
			{
				displayName: 'Path (路径)',
				name: 'page_url',
				type: 'string',
				required: true,
				maxLength: 1024,
				default: '',
				placeholder: 'e.g. pages/index/index?ID=42',
				description: 'Page that opens, with its query; it must be released',
			},
			{
				displayName: 'Title (标题)',
				name: 'page_title',
				type: 'string',
				default: '',
				placeholder: 'e.g. Summer sale',
				description: 'What the link shows; of more than 20 characters the first ones',
			},
			{
				displayName: 'Permanent (永久有效)',
				name: 'is_permanent',
				type: 'boolean',
				default: false,
				description:
					'Whether the link stays for ever, of which there are 100,000 in all; others end after 30 days',
			},
		],
	}),
	defineRequest({
		name: 'Get Phone Number',
		value: 'getPhoneNumber',
		action: 'Get phone number of mini program user',
		chinese: '获取手机号',
		description:
			'Get the phone number that a user handed over in the mini program; WeChat charges for each',
		path: '/wxa/business/getuserphonenumber',
		effect: 'write',
		doc: `${API}/user-info/phone-number/api_getphonenumber.html`,
		pick: 'phone_info',
		fields: [
			{
				displayName: 'Code',
				name: 'code',
				type: 'string',
				secret: true,
				required: true,
				default: '',
				description:
					'What a button with open-type getPhoneNumber gave the mini program, not the code of wx.login; it works once, for five minutes',
			},
			{
				displayName: 'OpenID',
				name: 'openid',
				type: 'string',
				check: true,
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description:
					'The code must be of this user. Leave empty to take that of any user; an expression that comes out empty is an error.',
			},
		],
	}),
	defineRequest({
		name: 'Check Text',
		value: 'checkText',
		action: 'Check text',
		chinese: '文本内容安全识别',
		description:
			'Let WeChat judge a text of a user: look at result.suggest, which is pass, review or risky',
		path: '/wxa/msg_sec_check',
		effect: 'read',
		doc: `${API}/sec-center/sec-check/api_msgseccheck.html`,
		fields: [
			{
				displayName: 'Text (文字)',
				name: 'content',
				type: 'string',
				typeOptions: { rows: 3 },
				required: true,
				maxLength: 2500,
				default: '',
				description: 'At most 2500 characters',
			},
			contentScene,
			recentOpenid,
			{
				displayName: 'More to Check',
				name: 'more',
				type: 'collection',
				placeholder: 'Add text',
				default: {},
				options: [
					{
						displayName: 'Nickname (昵称)',
						name: 'nickname',
						type: 'string',
						default: '',
						description: 'Name of the user',
					},
					{
						displayName: 'Signature (签名)',
						name: 'signature',
						type: 'string',
						default: '',
						description: 'Personal signature (个性签名); counts with scene Profile only',
					},
					{
						displayName: 'Title (标题)',
						name: 'title',
						type: 'string',
						default: '',
						description: 'Title of the text',
					},
				],
			},
		],
		constants: VERSION_2,
	}),
	defineRequest({
		name: 'Check Media',
		value: 'checkMedia',
		action: 'Check picture or sound',
		chinese: '音视频内容安全识别',
		description:
			'Let WeChat judge a picture or sound of a user (多媒体内容安全识别). The result comes within 30 minutes to WeChat Trigger as Mini Program Content Check Result, with the trace_id that this returns.',
		path: '/wxa/media_check_async',
		effect: 'write',
		doc: `${API}/sec-center/sec-check/api_mediacheckasync.html`,
		fields: [
			{
				displayName: 'URL (链接)',
				name: 'media_url',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. https://example.com/picture.jpg',
				description: 'Where WeChat can fetch the file, of at most 10 MB',
			},
			{
				displayName: 'Type',
				name: 'media_type',
				type: 'options',
				options: [
					{
						name: 'Picture',
						value: 2,
						description: 'JPG, PNG, BMP or GIF, of which the first frame',
					},
					{ name: 'Sound', value: 1, description: 'MP3, AAC, AC3, WMA, FLAC, Vorbis, Opus or WAV' },
				],
				default: 2,
				description: 'What the file is',
			},
			contentScene,
			recentOpenid,
		],
		constants: VERSION_2,
	}),
	defineRequest({
		name: 'Query Scheme',
		value: 'queryScheme',
		action: 'Query URL scheme of mini program',
		chinese: '查询 URL Scheme',
		description:
			'Get what is behind a URL scheme, or how often they may still be opened (查询scheme码)',
		path: '/wxa/queryscheme',
		effect: 'read',
		doc: `${API}/qrcode-link/url-scheme/api_queryscheme.html`,
		fields: [
			linkQuery,
			{
				displayName: 'Scheme',
				name: 'scheme',
				type: 'string',
				required: true,
				...ofLink,
				default: '',
				placeholder: 'e.g. weixin://dl/business/?t=XTSkBZlzqmn',
				description: 'The openlink that Generate Scheme returned, or one that is not encrypted',
			},
		],
	}),
	defineRequest({
		name: 'Query URL Link',
		value: 'queryUrlLink',
		action: 'Query URL link of mini program',
		chinese: '查询 URL Link',
		description:
			'Get what is behind a URL link, or how often they may still be opened (查询加密URLLink)',
		path: '/wxa/query_urllink',
		effect: 'read',
		doc: `${API}/qrcode-link/url-link/api_queryurllink.html`,
		fields: [
			linkQuery,
			{
				displayName: 'URL Link',
				name: 'url_link',
				type: 'string',
				required: true,
				...ofLink,
				default: '',
				placeholder: 'e.g. https://wxaurl.cn/BQZRrcFCPvg',
				description: 'The url_link that Generate URL Link returned',
			},
		],
	}),
	defineRequest({
		name: 'Create QR Code',
		value: 'createQrCode',
		action: 'Create QR code of mini program',
		chinese: '获取小程序二维码',
		description:
			'Get the picture of a square QR code (小程序二维码) that opens a page; a mini program has 100,000 of these and of other limited codes together, for ever',
		path: '/cgi-bin/wxaapp/createwxaqrcode',
		effect: 'write',
		doc: `${API}/qrcode-link/qr-code/api_createqrcode.html`,
		fields: [
			{
				displayName: 'Path (路径)',
				name: 'path',
				type: 'string',
				required: true,
				maxLength: 128,
				default: '',
				placeholder: 'e.g. pages/index/index?ID=42',
				description: 'Page that opens, with its query, at most 128 characters',
			},
			binaryField,
			{
				displayName: 'Code Options (小程序码选项)',
				name: 'codeOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [width],
			},
		],
		download: binaryField.name,
		toFile: toPicture,
		present: (_, { path }) => ({ path }),
	}),
]);

/** Adds the file name and type that WeChat leaves out; the bytes of a PNG make both right. */
function toPicture({ bytes }: Download): Download {
	return { bytes, fileName: 'code.jpg', contentType: 'image/jpeg' };
}
