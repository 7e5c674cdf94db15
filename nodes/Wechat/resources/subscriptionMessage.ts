import type { Client } from '../../api/apiClient';
import { createOnceUrl } from '../../api/oauth';
import { UserError } from '../../base/userError';
import { defineLocal, defineRequest, defineResource, type Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';
import { openid } from '../fields/openid';
import {
	createTapFields,
	createTemplateDataFields,
	withTemplateData,
} from '../fields/templateData';
import { TITLES, TITLES_PATH } from '../fields/templateLibrary';

const touser = {
	...openid,
	name: 'touser',
	description:
		'To whom: a user who has agreed to messages of this template. For most templates, each agreement counts for one message.',
} as const satisfies Field;

const template = {
	displayName: 'Template (模板)',
	name: 'template_id',
	...createLocator('searchSubscriptionTemplates', {
		placeholder: 'e.g. 9Aw5ZV1j9xdWTFEkqCpZ7mIBbSC34khK55OtzUPl0rU',
	}),
	required: true,
	description: 'A template of the account; Add Template adds one',
} as const satisfies Field;

const title = {
	displayName: 'Title (标题)',
	name: 'tid',
	...createLocator('searchTitles', { placeholder: 'e.g. 99' }),
	required: true,
	description: 'A title of WeChat’s library for the categories of the account (公共模板标题)',
} as const satisfies Field;

/** WeChat cannot list the only template for one-time messages, so this is a text field. */
const onceTemplate = {
	displayName: 'Template ID (模板ID)',
	name: 'template_id',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 1uDxHNXwYQfBmXOfPJcjAS3FynHArD8aWMEFNRGSbCc',
	description:
		'The one template that the account has for one-time messages: mp.weixin.qq.com > API Permissions (接口权限) > One-Time Subscription Message (一次性订阅消息) > View Template ID (查看模板ID)',
} as const satisfies Field;

const scene = {
	displayName: 'Scene (场景)',
	name: 'scene',
	type: 'string',
	required: true,
	default: '1000',
	placeholder: 'e.g. 1000',
	description:
		'A number of yours from 0 to 10000, the same in the link and in the message. Agreements to the same scene do not add up.',
} as const satisfies Field;

const miniProgramState = {
	displayName: 'Mini Program Version (小程序版本)',
	name: 'miniprogram_state',
	type: 'options',
	options: [
		{ name: 'Development (开发版)', value: 'developer' },
		{ name: 'Released (正式版)', value: 'formal' },
		{ name: 'Trial (体验版)', value: 'trial' },
	],
	default: 'formal',
	description: 'Which version of the mini program a tap opens',
} as const satisfies Field;

const language = {
	displayName: 'Language (语言)',
	name: 'lang',
	type: 'options',
	options: [
		{ name: 'Chinese, Hong Kong', value: 'zh_HK' },
		{ name: 'Chinese, Simplified', value: 'zh_CN' },
		{ name: 'Chinese, Taiwan', value: 'zh_TW' },
		{ name: 'English', value: 'en_US' },
	],
	default: 'zh_CN',
	description: 'Language in which the mini program is entered',
} as const satisfies Field;

const messageOptions = {
	displayName: 'Message Options (消息选项)',
	name: 'messageOptions',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	description: 'What is seldom needed',
	options: [language, miniProgramState],
} as const satisfies Field;

/**
 * @see https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg.html
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/One-time_subscription_info.html
 */
export const subscriptionMessage = defineResource(
	'Subscription Message (订阅通知)',
	'subscriptionMessage',
	[
		defineRequest({
			name: 'Send',
			value: 'send',
			action: 'Send subscription message',
			chinese: '发送订阅通知',
			description:
				'Send a message of a verified service account to a user who has agreed to it. Whether it arrived comes to the trigger as subscribe_msg_sent_event.',
			path: '/cgi-bin/message/subscribe/bizsend',
			effect: 'write',
			ifLost:
				'Before you send it again, see among the events Subscription Message Delivered of WeChat Trigger, or in the chat, whether it was.',
			doc: 'service/api/notify/notify/api_sendnewsubscribemsg.html',
			fields: [
				touser,
				template,
				...createTemplateDataFields('getSubscriptionKeywords'),
				...createTapFields('page'),
				messageOptions,
			],
			...withTemplateData,
		}),
		defineRequest({
			name: 'Send for Mini Program',
			value: 'sendForMiniProgram',
			action: 'Send subscription message for mini program',
			chinese: '发送小程序订阅消息',
			description:
				'Send a message of a mini program (小程序订阅消息) to a user who has agreed to it there',
			path: '/cgi-bin/message/subscribe/send',
			effect: 'write',
			ifLost:
				'Before you send it again, see among the events Subscription Message Delivered of WeChat Trigger, or in the chat, whether it was.',
			doc: '../miniprogram/dev/server/API/mp-message-management/subscribe-message/api_sendmessage.html',
			fields: [
				{
					...touser,
					description: `${touser.description} OpenIDs of the mini program, not of an account.`,
				},
				template,
				...createTemplateDataFields('getSubscriptionKeywords'),
				{
					displayName: 'Page',
					name: 'page',
					type: 'string',
					default: '',
					placeholder: 'e.g. pages/index/index?ID=42',
					description: 'Page of the mini program that a tap opens; leave empty for none',
				},
				messageOptions,
			],
			...withTemplateData,
		}),
		defineRequest({
			name: 'Send Once',
			value: 'sendOnce',
			action: 'Send subscription message once',
			chinese: '推送一次性订阅消息',
			description:
				'Send the one message (一次性订阅消息) that a user agreed to by a link of Get Link Once; the user need not follow the account',
			path: '/cgi-bin/message/template/subscribe',
			effect: 'write',
			ifLost: 'Before you send it again, see in the chat whether it was.',
			doc: 'service/api/notify/subscribe/api_templatesubscribe.html',
			fields: [
				{ ...touser, description: 'To whom: the openid that came back from the link' },
				onceTemplate,
				scene,
				{
					displayName: 'Title (标题)',
					name: 'title',
					type: 'string',
					required: true,
					maxLength: 15,
					default: '',
					placeholder: 'e.g. Order shipped',
					description: 'Headline of the message, at most 15 characters',
				},
				{
					displayName: 'Text (文字)',
					name: 'content',
					type: 'string',
					wire: 'data.content.value',
					typeOptions: { rows: 3 },
					required: true,
					maxLength: 200,
					default: '',
					placeholder: 'e.g. Your order is on its way',
					description: 'At most 200 characters',
				},
				...createTapFields('url', true),
				{
					displayName: 'Message Options (消息选项)',
					name: 'messageOptions',
					type: 'collection',
					placeholder: 'Add option',
					default: {},
					description: 'What is seldom needed',
					options: [
						{
							displayName: 'Text Color (文字颜色)',
							name: 'color',
							type: 'color',
							wire: 'data.content.color',
							default: '#000000',
							description: 'Color of the text',
						},
					],
				},
			],
		}),
		defineLocal<Client>()({
			name: 'Get Link Once',
			value: 'getLinkOnce',
			action: 'Get link for sending subscription message once',
			chinese: '生成一次性订阅链接',
			description:
				'Get the address that asks a user to agree to one message (一次性订阅消息). It opens in WeChat only, and leads back with openid, template_id, action (confirm or cancel), scene and reserved behind your address.',
			doc: 'service/guide/product/message/One-time_subscription_info.html',
			fields: [
				{ ...onceTemplate, wire: false },
				{ ...scene, wire: false },
				{
					displayName: 'Redirect URI (回调地址)',
					name: 'redirectUri',
					type: 'string',
					wire: false,
					required: true,
					default: '',
					placeholder: 'e.g. https://n8n.example.com/webhook/…/wechat/subscribed',
					description:
						'Where the user comes back, such as the address of a Webhook node. Its domain must be entered as Business Domain (业务域名) of the account.',
				},
				{
					displayName: 'Reserved',
					name: 'reserved',
					type: 'string',
					wire: false,
					maxBytes: 128,
					default: '',
					placeholder: 'e.g. order42',
					description: 'Letters and digits of your own that come back with the user',
				},
			],
			async run(params, { appId }) {
				return { url: createOnceUrl({ ...params, appId }) };
			},
		}),
		defineRequest({
			name: 'Get Many Templates',
			value: 'getAllTemplates',
			action: 'Get many templates for subscription messages',
			chinese: '获取订阅通知模板列表',
			description:
				'Get many templates of the account (已有模板列表), with their content and an example',
			method: 'GET',
			path: '/wxaapi/newtmpl/gettemplate',
			effect: 'read',
			doc: 'service/api/notify/notify/api_getwxapubnewtemplate.html',
			page: { items: 'data' },
		}),
		defineRequest({
			name: 'Add Template',
			value: 'addTemplate',
			action: 'Add template for subscription messages',
			chinese: '选用订阅通知模板',
			description:
				'Add a template of WeChat’s library (选用模板) to the account, which may have 25; the answer has its ID for sending',
			path: '/wxaapi/newtmpl/addtemplate',
			effect: 'write',
			doc: 'service/api/notify/notify/api_addwxanewtemplate.html',
			fields: [
				title,
				{
					displayName: 'Keyword Names or IDs',
					name: 'kidList',
					type: 'multiOptions',
					wire: false,
					required: true,
					typeOptions: {
						loadOptionsMethod: 'getTitleKeywords',
						loadOptionsDependsOn: ['tid.value'],
					},
					default: [],
					description:
						'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{
					displayName: 'Scene Description (场景描述)',
					name: 'sceneDesc',
					type: 'string',
					maxLength: 15,
					default: '',
					placeholder: 'e.g. 订单发货提醒',
					description: 'What the messages are for (服务场景描述), at most 15 characters',
				},
			],
			prepare(body, params) {
				const kidList = params.kidList.map(Number);
				if (kidList.length < 2 || kidList.length > 5)
					throw new UserError(
						'"Keyword Names or IDs" must be 2 to 5',
						'They show in the order of choice.',
						'“Keyword Names or IDs”应选 2 到 5 个关键词，按所选顺序显示。',
					);
				return { ...body, kidList };
			},
		}),
		defineRequest({
			name: 'Delete Template',
			value: 'deleteTemplate',
			action: 'Delete template for subscription messages',
			chinese: '删除订阅通知模板',
			description: 'Delete a template of the account (删除模板)',
			path: '/wxaapi/newtmpl/deltemplate',
			effect: 'write',
			doc: 'service/api/notify/notify/api_delwxanewtemplate.html',
			done: { deleted: true },
			fields: [{ ...template, wire: 'priTmplId' }],
		}),
		defineRequest({
			name: 'Get Titles',
			value: 'getTitles',
			action: 'Get titles for subscription messages',
			chinese: '获取公共模板标题',
			description: 'Get the titles of WeChat’s library (公共模板标题) for some categories',
			method: 'GET',
			path: TITLES_PATH,
			effect: 'read',
			doc: 'service/api/notify/notify/api_getpubnewtemplatetitles.html',
			page: TITLES,
			fields: [
				{
					displayName: 'Category Names or IDs',
					name: 'ids',
					type: 'multiOptions',
					in: 'query',
					required: true,
					typeOptions: { loadOptionsMethod: 'getCategories' },
					default: [],
					description:
						'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
			],
		}),
		defineRequest({
			name: 'Get Keywords',
			value: 'getKeywords',
			action: 'Get keywords for subscription messages',
			chinese: '获取模板关键词',
			description:
				'Get the keywords (关键词) of a title, from which Add Template makes a template; rule is the kind of value',
			method: 'GET',
			path: '/wxaapi/newtmpl/getpubtemplatekeywords',
			effect: 'read',
			doc: 'service/api/notify/notify/api_getpubnewtemplatekeywords.html',
			pick: 'data',
			fields: [{ ...title, in: 'query' }],
		}),
		defineRequest({
			name: 'Get Categories',
			value: 'getCategories',
			action: 'Get categories for subscription messages',
			chinese: '获取订阅通知类目',
			description:
				'Get the categories (服务类目) that the account is in; they decide its templates',
			method: 'GET',
			path: '/wxaapi/newtmpl/getcategory',
			effect: 'read',
			doc: 'service/api/notify/notify/api_getcategory.html',
			pick: 'data',
		}),
	],
);
