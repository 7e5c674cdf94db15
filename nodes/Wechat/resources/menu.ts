import { UserError } from '../../base/userError';
import { defineRequest, defineResource, type Field } from '../../engine/define';
import type { MediaKind, Values } from '../../engine/fieldTypes';
import { createMediaFields } from '../../engine/mediaFields';
import { readMenuJson, readMenuRows, BUTTON_NEEDS, PARENT_TYPE, type MenuRow } from '../customMenu';
import { createLocator } from '../../n8n/locator';

/** Shows a field of a row for the actions that need it. */
const showWhereNeeded = (key: string) => ({
	displayOptions: {
		show: { type: Object.keys(BUTTON_NEEDS).filter((type) => BUTTON_NEEDS[type].includes(key)) },
	},
});

const mediaId = {
	displayName: 'Media ID (素材ID)',
	name: 'media_id',
	type: 'string',
	default: '',
	description: 'ID of a permanent material (永久素材), as Get Many of materials shows it',
} as const satisfies Field;

/** The fields of a row. Rows describe both levels of a menu, since nested forms are hard to fill in. */
const row = [
	{
		displayName: 'Action (动作)',
		name: 'type',
		type: 'options',
		options: [
			{
				name: 'Choose a Place (发送位置)',
				value: 'location_select',
				description: 'The user sends a place; the trigger gets the key and a location message',
			},
			{
				name: 'Open Material (旧图文素材)',
				value: 'view_limited',
				description: 'Opens the article of an old material',
			},
			{
				name: 'Open Mini Program (小程序)',
				value: 'miniprogram',
				description: 'Opens a page of a mini program that is linked to the account',
			},
			{
				name: 'Open Page (跳转网页)',
				value: 'view',
				description: 'Opens a web page; the trigger gets its address as EventKey',
			},
			{
				name: 'Open Published Article (打开已发布图文)',
				value: 'article_view_limited',
				description: 'Opens an article that was published',
			},
			{
				name: 'Scan Code (扫码)',
				value: 'scancode_push',
				description: 'Opens the scanner, then what the code says; the trigger gets key and result',
			},
			{
				name: 'Scan Code and Wait (扫码带提示)',
				value: 'scancode_waitmsg',
				description: 'Opens the scanner and waits for your reply to what the trigger gets',
			},
			{
				name: 'Send Event (点击推事件)',
				value: 'click',
				description: 'The trigger gets the key as EventKey, and a reply can follow',
			},
			{
				name: 'Send Material (下发素材)',
				value: 'media_id',
				description: 'WeChat sends a picture, sound or video of the permanent materials',
			},
			{
				name: 'Send Picture From Album (微信相册发图)',
				value: 'pic_weixin',
				description: 'The user chooses pictures; the trigger gets the key and the pictures',
			},
			{
				name: 'Send Picture From Camera (系统拍照发图)',
				value: 'pic_sysphoto',
				description: 'The user takes a picture; the trigger gets the key and the picture',
			},
			{
				name: 'Send Picture From Camera or Album (拍照或者相册发图)',
				value: 'pic_photo_or_album',
				description:
					'The user takes or chooses a picture; the trigger gets the key and the picture',
			},
			{
				name: 'Send Published Article (发送已发布图文)',
				value: 'article_id',
				description: 'WeChat sends the card of an article that was published',
			},
			{
				name: 'Show Sub-Buttons (二级菜单)',
				value: PARENT_TYPE,
				description: 'Opens the buttons in the rows that follow, which are placed below this one',
			},
		],
		default: 'click',
		description: 'What happens at a tap',
	},
	{
		displayName: 'Appears (位置)',
		name: 'place',
		type: 'options',
		options: [
			{
				name: 'In the Menu Bar (一级菜单)',
				value: 'bar',
				description: 'One of the up to 3 buttons below the chat',
			},
			{
				name: 'Below the Button Above (二级菜单)',
				value: 'below',
				description: 'One of the up to 5 sub-buttons of the last button in the menu bar',
			},
		],
		default: 'bar',
		description: 'Where the button is',
	},
	{
		displayName: 'Button Text (按钮文字)',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. Orders',
		description:
			'At most 16 bytes in the menu bar, 60 bytes below a button; a Chinese character counts 3. Phones show 4 and 8 Chinese characters.',
	},
	{
		displayName: 'Key (菜单Key)',
		name: 'key',
		type: 'string',
		...showWhereNeeded('key'),
		default: '',
		placeholder: 'e.g. orders',
		description: 'What the trigger gets as EventKey, at most 128 bytes',
	},
	{ ...mediaId, displayOptions: { show: { type: ['view_limited'] } } },
	{
		displayName: 'Material (素材类型)',
		name: 'material',
		type: 'options',
		wire: false,
		displayOptions: { show: { type: ['media_id'] } },
		options: [
			{ name: 'Picture (图片)', value: 'image' },
			{ name: 'Video (视频)', value: 'video' },
			{ name: 'Voice (语音)', value: 'voice' },
		],
		default: 'image',
		description: 'What WeChat sends',
	},
	...createMediaFields(
		'media',
		{ ...mediaId, required: true, displayOptions: { show: { type: ['media_id'] } } },
		{ life: 'permanent', kind: ({ material }) => material as MediaKind },
	),
	{
		displayName: 'Mini Program AppID (小程序AppID)',
		name: 'appid',
		type: 'string',
		...showWhereNeeded('appid'),
		default: '',
		placeholder: 'e.g. wx0123456789abcdef',
		description: 'The mini program must be linked to the account (关联小程序)',
	},
	{
		displayName: 'Mini Program Page (小程序页面)',
		name: 'pagepath',
		type: 'string',
		...showWhereNeeded('pagepath'),
		default: '',
		placeholder: 'e.g. pages/index/index',
		description: 'Page of the mini program',
	},
	{
		displayName: 'Published Article (已发布文章)',
		name: 'article_id',
		...createLocator('searchPublications', {
			placeholder: 'e.g. b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvy…',
		}),
		...showWhereNeeded('article_id'),
		description: 'Choose from the list (发布能力), or enter the article ID',
	},
	{
		displayName: 'URL (链接)',
		name: 'url',
		type: 'string',
		...showWhereNeeded('url'),
		default: '',
		placeholder: 'e.g. https://example.com/page',
		description:
			'Page to open, at most 1024 bytes. For a mini program: the page for versions of WeChat that cannot open it.',
	},
] as const satisfies Field[];

const buttons = [
	{
		displayName: 'Define Using (填写方式)',
		name: 'defineUsing',
		type: 'options',
		wire: false,
		options: [
			{ name: 'Form', value: 'form' },
			{ name: 'JSON', value: 'json' },
		],
		default: 'form',
		description: 'How to describe the menu',
	},
	{
		displayName: 'Buttons (按钮)',
		name: 'rows',
		type: 'fixedCollection',
		required: true,
		typeOptions: { multipleValues: true, sortable: true },
		displayOptions: { show: { defineUsing: ['form'] } },
		default: {},
		placeholder: 'Add Button',
		description:
			'A row for each button, and for each sub-button a row below that of its button. From left to right and from top to bottom.',
		options: [{ displayName: 'Button', name: 'button', values: row }],
	},
	{
		displayName: 'Menu (JSON)',
		name: 'json',
		type: 'json',
		as: 'json',
		wire: false,
		required: true,
		displayOptions: { show: { defineUsing: ['json'] } },
		default: '{\n  "button": []\n}',
		description:
			'As on the page of WeChat, or as Get or Get Configuration returns it; only the console can make buttons of the types text, img, voice, video and news',
	},
] as const satisfies Field[];

/**
 * @see https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
 * @see https://developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu.html
 */
export const menu = defineResource('Menu (自定义菜单)', 'menu', [
	defineRequest({
		name: 'Create',
		value: 'create',
		action: 'Create menu',
		chinese: '创建自定义菜单',
		description:
			'Set the menu (自定义菜单) below the chat, in place of the one before. Phones show it after 5 minutes, or at once to who follows anew.',
		path: '/cgi-bin/menu/create',
		effect: 'write',
		doc: 'service/api/custommenu/api_createcustommenu.html',
		fields: buttons,
		prepare: readMenu,
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get menu',
		chinese: '获取自定义菜单配置',
		description:
			'Get the menu and the personalized menus that were made with this node or another program',
		method: 'GET',
		path: '/cgi-bin/menu/get',
		effect: 'read',
		doc: 'service/api/custommenu/api_getmenu.html',
	}),
	defineRequest({
		name: 'Delete',
		value: 'delete',
		action: 'Delete menu',
		chinese: '删除自定义菜单',
		description: 'Delete the menu, and all personalized menus with it',
		method: 'GET',
		path: '/cgi-bin/menu/delete',
		effect: 'write',
		doc: 'service/api/custommenu/api_deletemenu.html',
		done: { deleted: true },
	}),
	defineRequest({
		name: 'Create Personalized',
		value: 'createPersonalized',
		action: 'Create personalized menu',
		chinese: '创建个性化菜单',
		description:
			'Add a menu for some of the users (个性化菜单), up to 2000 times a day. There must be a menu for all; of those that fit a user the newest is shown. The pages of all of them together are in at most 3 domains (65316).',
		path: '/cgi-bin/menu/addconditional',
		effect: 'write',
		doc: 'service/api/custommenu/api_addconditionalmenu.html',
		fields: [
			{
				displayName: 'Tag (标签)',
				name: 'tag',
				...createLocator('searchTags', { placeholder: 'e.g. 134' }),
				wire: 'matchrule.tag_id',
				check: true,
				description: 'Who sees the menu: users with this tag. Leave empty for all.',
			},
			{
				displayName: 'Phone (手机系统)',
				name: 'client_platform_type',
				type: 'options',
				wire: 'matchrule.client_platform_type',
				check: true,
				options: [
					{ name: 'Android', value: '2' },
					{ name: 'Any', value: '' },
					{ name: 'iPhone', value: '1' },
					{ name: 'Other', value: '3' },
				],
				default: '',
				description:
					'Who sees the menu: users with such a phone. WeChat no longer goes by sex, place or language.',
			},
			...buttons,
		],
		prepare(body, params) {
			if (!params.tag && !params.client_platform_type)
				throw new UserError(
					'Choose "Tag", "Phone" or both',
					'A menu for all users is made with Create.',
					'请选择标签或手机系统，或两者都选；给全部用户的菜单用“创建自定义菜单”。',
				);
			return readMenu(body, params);
		},
	}),
	defineRequest({
		name: 'Delete Personalized',
		value: 'deletePersonalized',
		action: 'Delete personalized menu',
		chinese: '删除个性化菜单',
		description: 'Delete a menu for some of the users, up to 2000 times a day',
		path: '/cgi-bin/menu/delconditional',
		effect: 'write',
		doc: 'service/api/custommenu/api_deleteconditionalmenu.html',
		done: { deleted: true },
		fields: [
			{
				displayName: 'Menu (菜单)',
				name: 'menuid',
				...createLocator('searchPersonalizedMenus', { placeholder: 'e.g. 208379533' }),
				required: true,
				description: 'Choose from the list, or enter the menuid that Create Personalized returned',
			},
		],
	}),
	defineRequest({
		name: 'Test Match',
		value: 'testMatch',
		action: 'Test which menu a user sees',
		chinese: '测试个性化菜单匹配结果',
		description: 'Get the menu that a certain user sees',
		path: '/cgi-bin/menu/trymatch',
		effect: 'read',
		doc: 'service/api/custommenu/api_trymatchmenu.html',
		fields: [
			{
				displayName: 'User',
				name: 'user_id',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description: 'OpenID or WeChat ID (微信号) of a follower',
			},
		],
	}),
	defineRequest({
		name: 'Get Configuration',
		value: 'getConfiguration',
		action: 'Get menu configuration',
		chinese: '查询自定义菜单信息',
		description: 'Get the menu that users see now, also when it was made in the console',
		method: 'GET',
		path: '/cgi-bin/get_current_selfmenu_info',
		effect: 'read',
		doc: 'service/api/custommenu/api_getcurrentselfmenuinfo.html',
	}),
]);

/** The body of a call, with the menu in place of the rows that describe it. */
function readMenu({ rows, ...body }: Values, { json }: { json?: object }): Values {
	return { button: json ? readMenuJson(json) : readMenuRows((rows ?? []) as MenuRow[]), ...body };
}
