import { UserError } from '../../base/userError';
import { defineResource, type Field } from '../../engine/define';
import { actingFor, definePlatformRequest } from '../fields/account';
import { toStatusText, type StatusTexts } from '../reviewTexts';
import { inputFile } from '../../engine/fields';

const version = {
	displayName: 'Of',
	name: 'privacy_ver',
	type: 'options',
	options: [
		{ name: 'Development Version', value: 2, description: 'Takes effect with the next release' },
		{ name: 'Released Version', value: 1, description: 'Takes effect at once' },
	],
	default: 2,
	description: 'For which version of the mini program the guidelines are',
} as const satisfies Field;

const contactFields = [
	{
		displayName: 'Email (邮箱)',
		name: 'contact_email',
		type: 'string',
		wire: 'owner_setting.contact_email',
		default: '',
		placeholder: 'e.g. name@example.com',
		description: 'Address to which users write about their data',
	},
	{
		displayName: 'Phone (电话)',
		name: 'contact_phone',
		type: 'string',
		wire: 'owner_setting.contact_phone',
		default: '',
		placeholder: 'e.g. 02012345678',
		description: 'Number that users call about their data',
	},
	{
		displayName: 'QQ',
		name: 'contact_qq',
		type: 'string',
		wire: 'owner_setting.contact_qq',
		default: '',
		placeholder: 'e.g. 123456789',
		description: 'QQ number of whoever answers users about their data',
	},
	{
		displayName: 'WeChat ID (微信号)',
		name: 'contact_weixin',
		type: 'string',
		wire: 'owner_setting.contact_weixin',
		default: '',
		placeholder: 'e.g. zhangsan_1980',
		description: 'WeChat ID of whoever answers users about their data',
	},
] as const satisfies Field[];

const contacts = {
	displayName: 'Contact (联系方式)',
	name: 'contact',
	type: 'collection',
	placeholder: 'Add contact',
	default: {},
	description: 'Where users reach you; at least one is needed',
	options: [...contactFields],
} as const satisfies Field;

interface Interface {
	status?: number;
}

/** Maps `status` of get_privacy_interface to words. */
const STATES: StatusTexts = {
	1: 'Waiting to be applied for (待申请开通)',
	2: 'No permission (无权限)',
	3: 'Under review (申请中)',
	4: 'Refused (申请失败)',
	5: 'Granted (已开通)',
};

/** The privacy guidelines that users read. Source: "Privacy settings" (小程序用户隐私保护指引). */
export const privacy = defineResource('Privacy Settings (隐私设置)', 'privacy', [
	definePlatformRequest({
		name: 'Get',
		value: 'get',
		action: 'Get privacy settings',
		chinese: '获取隐私保护指引',
		description:
			'Get the privacy guidelines (用户隐私保护指引), and which kinds of data the code asks for in privacy_list',
		path: '/cgi-bin/component/getprivacysetting',
		effect: 'read',
		bearer: 'account',
		fields: [actingFor, version],
	}),
	definePlatformRequest({
		name: 'Set',
		value: 'set',
		action: 'Set privacy settings',
		chinese: '配置隐私保护指引',
		description: 'Write the privacy guidelines (配置用户隐私保护指引)',
		path: '/cgi-bin/component/setprivacysetting',
		effect: 'write',
		bearer: 'account',
		fields: [
			actingFor,
			version,
			contacts,
			{
				displayName: 'Notice Method (通知方式)',
				name: 'notice_method',
				type: 'string',
				wire: 'owner_setting.notice_method',
				required: true,
				default: '',
				placeholder: 'e.g. 弹窗',
				description: 'How users are told when the guidelines change',
			},
			{
				displayName: 'Data (数据)',
				name: 'settings',
				type: 'fixedCollection',
				wire: 'setting_list',
				sendEmpty: true,
				typeOptions: { multipleValues: true },
				default: {},
				placeholder: 'Add Data',
				description: 'For each kind of data that the code asks for, what it is used for',
				options: [
					{
						displayName: 'Data (数据)',
						name: 'setting',
						values: [
							{
								displayName: 'Kind',
								name: 'privacy_key',
								type: 'string',
								default: '',
								placeholder: 'e.g. UserInfo',
								description: 'One of privacy_list, as Get returns it',
							},
							{
								displayName: 'Used For (用途)',
								name: 'privacy_text',
								type: 'string',
								default: '',
								placeholder: 'e.g. 显示头像和昵称',
								description: 'What users read about it',
							},
						],
					},
				],
			},
			{
				displayName: 'More Settings',
				name: 'more',
				type: 'collection',
				placeholder: 'Add setting',
				default: {},
				options: [
					{
						displayName: 'Guidelines File (隐私指引文件)',
						name: 'ext_file_media_id',
						type: 'string',
						wire: 'owner_setting.ext_file_media_id',
						default: '',
						description: 'The ext_file_media_id that Upload Text returned',
					},
					{
						displayName: 'Kept Until (保存期限)',
						name: 'store_expire_timestamp',
						type: 'string',
						wire: 'owner_setting.store_expire_timestamp',
						default: '',
						placeholder: 'e.g. 收集后 30 天',
						description: 'How long the data is kept. Leave empty for as long as it is needed.',
					},
				],
			},
		],
		prepare(body, { contact }) {
			if (Object.values(contact).some(Boolean)) return body;
			throw new UserError(
				'"Contact" is empty',
				'WeChat wants a phone, an email address, a QQ number or a WeChat ID.',
				'没有填写“联系方式”：微信要求填写电话、邮箱、QQ 号或微信号之一。',
			);
		},
	}),
	definePlatformRequest({
		name: 'Upload Text',
		value: 'upload',
		action: 'Upload text of privacy guidelines',
		chinese: '上传隐私保护指引文件',
		description:
			'Upload guidelines of your own as a text file of at most 100 KB (上传小程序用户隐私保护指引文件), for Set',
		path: '/cgi-bin/component/uploadprivacyextfile',
		effect: 'write',
		bearer: 'account',
		fields: [
			actingFor,
			{
				...inputFile,
				wire: 'file',
				accepts: { extensions: ['txt'], maxBytes: 100 * 1024 },
			},
		],
	}),
	definePlatformRequest({
		name: 'Get Code Check',
		value: 'getCodeCheck',
		action: 'Get check of code for private interfaces',
		chinese: '获取隐私接口检测结果',
		description: 'Get which private APIs the code uses without a grant or a declaration',
		path: '/wxa/security/get_code_privacy_info',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Many APIs',
		value: 'getApis',
		action: 'Get many private interfaces',
		chinese: '获取地理位置接口列表',
		description: 'Get the APIs about the place of users, and how far each application is',
		path: '/wxa/security/get_privacy_interface',
		effect: 'read',
		method: 'GET',
		page: { items: 'interface_list' },
		fields: [actingFor],
		run: async ({ io: { list } }) =>
			((await list()) as Interface[]).map((one) => ({
				...one,
				statusText: toStatusText(STATES, one.status),
			})),
	}),
	definePlatformRequest({
		name: 'Apply for API',
		value: 'applyForApi',
		action: 'Apply for private interface',
		chinese: '申请地理位置接口',
		description:
			'Apply for an API about the place of users, which mini programs must not use without',
		path: '/wxa/security/apply_privacy_interface',
		effect: 'write',
		ifLost: 'Before you send it again, see with Get Many APIs whether it was.',
		fields: [
			actingFor,
			{
				displayName: 'API',
				name: 'api_name',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. wx.getLocation',
				description: 'One of those that Get Many APIs returns',
			},
			{
				displayName: 'Reason',
				name: 'content',
				type: 'string',
				required: true,
				maxLength: 300,
				default: '',
				description: 'What the mini program needs it for, at most 300 characters (申请说明)',
			},
			{
				displayName: 'Proof',
				name: 'proof',
				type: 'collection',
				placeholder: 'Add proof',
				default: {},
				options: [
					{
						displayName: 'Addresses',
						name: 'url_list',
						type: 'string',
						as: 'list',
						default: '',
						description: 'Of pages that show the use, with commas between them',
					},
					{
						displayName: 'Pictures (图片)',
						name: 'pic_list',
						type: 'string',
						as: 'list',
						maxEntries: 10,
						default: '',
						description: 'Media IDs of Code Review: Upload Media, with commas between them',
					},
					{
						displayName: 'Videos',
						name: 'video_list',
						type: 'string',
						as: 'list',
						maxEntries: 10,
						default: '',
						description: 'Media IDs of Code Review: Upload Media, with commas between them',
					},
				],
			},
		],
	}),
]);
