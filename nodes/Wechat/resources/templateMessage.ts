import { readLimit } from '../../engine/fields';
import { defineRequest, defineResource, type Field } from '../../engine/define';
import { openid } from '../fields/openid';
import {
	withTemplateData,
	createTapFields,
	createTemplateDataFields,
} from '../fields/templateData';
import { createLocator } from '../../n8n/locator';

const touser = {
	...openid,
	name: 'touser',
	description: 'To whom: a follower of the account',
} as const satisfies Field;

const template = {
	displayName: 'Template (模板)',
	name: 'template_id',
	...createLocator('searchTemplates', {
		placeholder: 'e.g. ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
	}),
	required: true,
	description: 'A template of the account; Add Template adds one',
} as const satisfies Field;

/** The most blocked messages that one call returns. */
const BLOCKED = 100;

/** @see https://developers.weixin.qq.com/doc/service/api/notify/template/api_setindustry.html */
const industries = [
	{ name: 'Business Services / Accreditation (商业服务 / 认证)', value: '35' },
	{ name: 'Business Services / Agencies (商业服务 / 中介服务)', value: '34' },
	{ name: 'Business Services / Auditing (商业服务 / 审计)', value: '36' },
	{ name: 'Business Services / Exhibitions (商业服务 / 会展)', value: '33' },
	{ name: 'Business Services / Law (商业服务 / 法律)', value: '32' },
	{ name: 'Consumer Goods (消费品)', value: '31' },
	{ name: 'Culture / Entertainment (文体娱乐 / 娱乐休闲)', value: '39' },
	{ name: 'Culture / Media (文体娱乐 / 传媒)', value: '37' },
	{ name: 'Culture / Sports (文体娱乐 / 体育)', value: '38' },
	{ name: 'Education / Schools (教育 / 院校)', value: '17' },
	{ name: 'Education / Training (教育 / 培训)', value: '16' },
	{ name: 'Finance / Banks (金融业 / 银行)', value: '7' },
	{ name: 'Finance / Funds and Trusts (金融业 / 基金理财信托)', value: '8' },
	{ name: 'Finance / Insurance (金融业 / 保险)', value: '9' },
	{ name: 'Food and Drink (餐饮)', value: '10' },
	{ name: 'Government / Museums (政府与公共事业 / 博物馆)', value: '20' },
	{ name: 'Government / Public Services and Non-Profits (公共事业非盈利机构)', value: '21' },
	{ name: 'Government / Research (政府与公共事业 / 学术科研)', value: '18' },
	{ name: 'Government / Traffic Police (政府与公共事业 / 交警)', value: '19' },
	{ name: 'Health / Health Care (医药护理 / 保健与卫生)', value: '24' },
	{ name: 'Health / Medicine (医药护理 / 医药医疗)', value: '22' },
	{ name: 'Health / Nursing and Beauty (医药护理 / 护理美容)', value: '23' },
	{ name: 'IT / Electronics (IT科技 / 电子技术)', value: '4' },
	{ name: 'IT / Hardware (IT科技 / IT硬件与设备)', value: '3' },
	{ name: 'IT / Internet and E-Commerce (IT科技 / 互联网, 电子商务)', value: '1' },
	{ name: 'IT / Online Games (IT科技 / 网络游戏)', value: '6' },
	{ name: 'IT / Software (IT科技 / IT软件与服务)', value: '2' },
	{ name: 'IT / Telecommunication (IT科技 / 通信与运营商)', value: '5' },
	{ name: 'Other (其它)', value: '41' },
	{ name: 'Printing (印刷)', value: '40' },
	{ name: 'Real Estate / Construction (房地产 / 建筑)', value: '29' },
	{ name: 'Real Estate / Property Management (房地产 / 物业)', value: '30' },
	{ name: 'Transport / Express Delivery (运输与仓储 / 快递)', value: '13' },
	{ name: 'Transport / Logistics (运输与仓储 / 物流)', value: '14' },
	{ name: 'Transport / Storage (运输与仓储 / 仓储)', value: '15' },
	{ name: 'Travel / Hotels (酒店旅游 / 酒店)', value: '11' },
	{ name: 'Travel / Tourism (酒店旅游 / 旅游)', value: '12' },
	{ name: 'Vehicles / Aircraft (交通工具 / 飞机相关)', value: '28' },
	{ name: 'Vehicles / Cars (交通工具 / 汽车相关)', value: '25' },
	{ name: 'Vehicles / Motorcycles (交通工具 / 摩托车相关)', value: '26' },
	{ name: 'Vehicles / Trains (交通工具 / 火车相关)', value: '27' },
];

/** @see https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html */
export const templateMessage = defineResource('Template Message (模板消息)', 'templateMessage', [
	defineRequest({
		name: 'Send',
		value: 'send',
		action: 'Send template message',
		chinese: '发送模板消息',
		description:
			'Send a template message to a follower of a verified service account. Whether it arrived comes to the trigger as TEMPLATESENDJOBFINISH.',
		path: '/cgi-bin/message/template/send',
		effect: 'write',
		ifLost:
			'Before you send it again, see among the events Template Message Delivered of WeChat Trigger, or in the chat, whether it was.',
		doc: 'service/api/notify/template/api_sendtemplatemessage.html',
		fields: [
			touser,
			template,
			...createTemplateDataFields('getTemplateKeywords'),
			...createTapFields('url'),
			{
				displayName: 'Message Options (消息选项)',
				name: 'messageOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				description: 'What is seldom needed',
				options: [
					{
						displayName: 'Client Message ID (防重ID)',
						name: 'client_msg_id',
						type: 'string',
						check: true,
						default: '',
						placeholder: 'e.g. order-42-shipped',
						description:
							'Keeps a message from being sent twice (防重入): within ten minutes, WeChat sends a user one message with this ID only',
					},
				],
			},
		],
		...withTemplateData,
	}),
	defineRequest({
		name: 'Get Many Templates',
		value: 'getAllTemplates',
		action: 'Get many templates for template messages',
		chinese: '获取消息模板列表',
		description:
			'Get many templates of the account (已选用模板列表), with their content and an example',
		method: 'GET',
		path: '/cgi-bin/template/get_all_private_template',
		effect: 'read',
		doc: 'service/api/notify/template/api_getalltemplates.html',
		page: { items: 'template_list' },
	}),
	defineRequest({
		name: 'Add Template',
		value: 'addTemplate',
		action: 'Add template for template messages',
		chinese: '选用消息模板',
		description:
			'Add a template of WeChat’s library (选用模板) to the account, which may have 25; the answer has its ID for sending',
		path: '/cgi-bin/template/api_add_template',
		effect: 'write',
		doc: 'service/api/notify/template/api_addtemplate.html',
		fields: [
			{
				displayName: 'Template Number (模板编号)',
				name: 'template_id_short',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. 43216',
				description:
					'Number of the template in the library: digits only, or TM… and OPENTM… for old ones, at mp.weixin.qq.com > Template Messages (模板消息)',
			},
			{
				displayName: 'Keywords (关键词)',
				name: 'keyword_name_list',
				type: 'string',
				as: 'list',
				default: '',
				placeholder: 'e.g. 订单号, 下单时间, 商品名称',
				description:
					'The keywords that the template is to show, in this order; needed for templates whose number has digits only',
			},
		],
	}),
	defineRequest({
		name: 'Delete Template',
		value: 'deleteTemplate',
		action: 'Delete template for template messages',
		chinese: '删除消息模板',
		description: 'Delete a template of the account (删除模板)',
		path: '/cgi-bin/template/del_private_template',
		effect: 'write',
		doc: 'service/api/notify/template/api_deletetemplate.html',
		done: { deleted: true },
		fields: [template],
	}),
	defineRequest({
		name: 'Get Blocked',
		value: 'getBlocked',
		action: 'Get blocked template messages',
		chinese: '查询被拦截的模板消息',
		description: 'Get the messages of a template that WeChat has blocked (查询拦截的模板消息)',
		path: '/wxa/sec/queryblocktmplmsg',
		effect: 'read',
		doc: 'service/api/notify/template/api_queryblocktmplmsg.html',
		// `run` continues from the ID of the last entry; the answer has no cursor.
		page: { items: 'msginfo' },
		fields: [{ ...template, wire: 'tmpl_msg_id' }],
		async run({ params, call, client: { send } }) {
			const wanted = readLimit(params);
			const found: Array<{ id: number | string }> = [];
			for (let largest = 0; ; largest = Number(found.at(-1)?.id)) {
				const limit = Math.min(BLOCKED, wanted - found.length);
				const where = { largest_id: largest, limit };
				const { msginfo } = await send({ ...call, body: { ...call.body, ...where } });
				// The page shows a single message, but WeChat sends a list.
				const some = [msginfo ?? []].flat() as typeof found;
				found.push(...some);
				const isStuck = Number(some.at(-1)?.id) === largest;
				if (some.length < limit || found.length >= wanted || isStuck) return found;
			}
		},
	}),
	defineRequest({
		name: 'Get Industry',
		value: 'getIndustry',
		action: 'Get industry for template messages',
		chinese: '获取所属行业',
		description: 'Get the two industries (所属行业) that the account has chosen',
		method: 'GET',
		path: '/cgi-bin/template/get_industry',
		effect: 'read',
		doc: 'service/api/notify/template/api_getindustry.html',
	}),
	defineRequest({
		name: 'Set Industry',
		value: 'setIndustry',
		action: 'Set industry for template messages',
		chinese: '设置所属行业',
		description:
			'Choose the two industries of the account, once a month at most. The templates of industries that are left are deleted.',
		path: '/cgi-bin/template/api_set_industry',
		effect: 'write',
		doc: 'service/api/notify/template/api_setindustry.html',
		fields: [
			{
				displayName: 'Primary Industry (主营行业)',
				name: 'industry_id1',
				type: 'options',
				options: industries,
				required: true,
				default: '1',
				description: 'First industry',
			},
			{
				displayName: 'Secondary Industry (副营行业)',
				name: 'industry_id2',
				type: 'options',
				options: industries,
				required: true,
				default: '41',
				description: 'Second industry',
			},
		],
	}),
]);
