import { checkLogin, decryptData, exchangeLoginCode } from '../../api/miniProgramLogin';
import type { Client } from '../../api/apiClient';
import { defineLocal, defineResource, type Field } from '../../engine/define';
import { session as anySession } from '../fields/session';

const session = {
	...anySession,
	description: 'What Exchange Code gave as session. Only this account can open it.',
} as const satisfies Field;

/**
 * Works for a mini program itself and through a platform that it authorized.
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html
 */
export const login = defineResource('Mini Program Login (小程序登录)', 'login', [
	defineLocal<Client>()({
		name: 'Exchange Code',
		value: 'exchangeCode',
		action: 'Exchange login code of mini program',
		chinese: '小程序登录',
		description:
			'Learn who a user of the mini program is from the code of wx.login (小程序登录凭证校验)',
		doc: '../miniprogram/dev/server/API/user-login/api_code2session.html',
		fields: [
			{
				displayName: 'Code',
				name: 'js_code',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				description: 'What wx.login gave the mini program; it works once, for five minutes',
			},
		],
		async run(params, client) {
			return await exchangeLoginCode(client, params.js_code);
		},
	}),
	defineLocal<Client>()({
		name: 'Check Session',
		value: 'check',
		action: 'Check session of mini program user',
		chinese: '检验登录态',
		description: 'Check whether the session of a user still holds; a new login of the user ends it',
		doc: '../miniprogram/dev/server/API/user-login/api_checksessionkey.html',
		fields: [session],
		async run(params, client) {
			return { valid: await checkLogin(client, params.session) };
		},
	}),
	defineLocal<Client>()({
		name: 'Decrypt Data',
		value: 'decryptData',
		action: 'Decrypt data of mini program',
		chinese: '解密开放数据',
		description:
			'Open what a mini program hands over encrypted (开放数据解密), such as steps or a group ID',
		doc: '../miniprogram/dev/framework/open-ability/signature.html',
		fields: [
			{
				...session,
				description: 'What Exchange Code gave for the login before the data was asked for',
			},
			{
				displayName: 'Encrypted Data (加密数据)',
				name: 'encryptedData',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				description: 'The encryptedData that the mini program got, as it is',
			},
			{
				displayName: 'IV',
				name: 'iv',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				description: 'The iv that the mini program got with it',
			},
			{
				displayName: 'Data Options',
				name: 'dataOptions',
				type: 'collection',
				wire: false,
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Maximum Age (Minutes)',
						name: 'maxAge',
						type: 'number',
						check: true,
						typeOptions: { minValue: 1 },
						default: 10,
						description:
							'How long ago the mini program may have got the data (watermark.timestamp). Older data may be a copy that somebody kept.',
					},
				],
			},
		],
		async run({ dataOptions, ...data }, client) {
			return decryptData(client, { ...data, ...dataOptions });
		},
	}),
]);
