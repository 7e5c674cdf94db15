import { writeJson } from '../../base/json';
import { defineRequest, defineResource, type Field, type Values } from '../../engine/define';
import { openid } from '../fields/openid';

const notifyType = {
	displayName: 'Card Type ID (卡片ID)',
	name: 'notify_type',
	type: 'number',
	as: 'integer',
	required: true,
	default: 2001,
	placeholder: 'e.g. 2001',
	description: 'The number of the card, as WeChat’s list of service cards has it',
} as const satisfies Field;

const notifyCode = {
	displayName: 'Card Code (动态更新令牌)',
	name: 'notify_code',
	type: 'string',
	required: true,
	default: '',
	description:
		'The dynamic code that the mini program got from wx.requestSubscribeMessage, or the transaction_id of a payment for cards that a payment allows',
} as const satisfies Field;

const card = [openid, notifyType, notifyCode] as const;

/** Texts of JSON in JSON. */
const toTexts = (body: Values, names: string[]): Values => ({
	...body,
	...Object.fromEntries(
		names.filter((name) => name in body).map((name) => [name, writeJson(body[name])]),
	),
});

/**
 * Cards that a user keeps in WeChat and that the mini program updates, such as an order on its way (服务卡片).
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/setUserNotify.html
 */
export const serviceCard = defineResource('Service Card (服务卡片)', 'serviceCard', [
	defineRequest({
		name: 'Set',
		value: 'set',
		action: 'Set service card',
		chinese: '激活与更新服务卡片',
		description:
			'Activate a card or change what it shows. A card that has reached its last state stays.',
		path: '/wxa/set_user_notify',
		effect: 'write',
		isRepeatable: true,
		doc: '../miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/setUserNotify.html',
		fields: [
			...card,
			{
				displayName: 'Content (JSON)',
				name: 'content_json',
				type: 'json',
				as: 'json',
				required: true,
				default: '{}',
				description:
					'State and fields of the card, as its page lists them (卡片状态与状态相关字段), e.g. {"cur_status": 1}',
			},
			{
				displayName: 'Check Data (JSON)',
				name: 'check_json',
				type: 'json',
				as: 'json',
				default: '',
				description: 'What WeChat checks the payment by, for cards that a payment allows',
			},
		],
		prepare: (body) => toTexts(body, ['content_json', 'check_json']),
	}),
	defineRequest({
		name: 'Set Extra Data',
		value: 'setExtraData',
		action: 'Set extra data of service card',
		chinese: '更新服务卡片扩展信息',
		description: 'Change what a card shows beside its state',
		path: '/wxa/set_user_notifyext',
		effect: 'write',
		isRepeatable: true,
		doc: '../miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/setUserNotifyExt.html',
		fields: [
			...card,
			{
				displayName: 'Extra Data (JSON)',
				name: 'ext_json',
				type: 'json',
				as: 'json',
				required: true,
				default: '{}',
				description: 'Fields that the page of the card lists (扩展信息)',
			},
		],
		prepare: (body) => toTexts(body, ['ext_json']),
	}),
	defineRequest({
		name: 'Get',
		value: 'get',
		action: 'Get service card',
		chinese: '查询服务卡片状态',
		description: 'Get the state of a card: code_state, when its code ends, and what it shows',
		path: '/wxa/get_user_notify',
		effect: 'read',
		doc: '../miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/getUserNotify.html',
		fields: card,
		pick: 'notify_info',
	}),
]);
