import type { Answer } from '../../api/apiClient';
import { PERMISSIONS } from '../../api/permissions';
import { readObject } from '../../api/response';
import { findProblem } from '../../api/state';
import { mapWithLimit } from '../../base/mapWithLimit';
import { defineResource, type Field } from '../../engine/define';
import { describeAccountProfile } from '../accountProfile';
import { account, definePlatformLocal, definePlatformRequest } from '../fields/account';

/** How many profiles to request at a time. */
const CONCURRENCY = 5;

const details = {
	path: '/cgi-bin/component/api_get_authorizer_info',
	bearer: 'component',
} as const;

const option = {
	displayName: 'Option (选项)',
	name: 'option_name',
	type: 'options',
	needed: true,
	options: [
		{
			name: 'Customer Service (客服开关)',
			value: 'customer_service',
			description: 'Whether messages may be handed over to customer service agents',
		},
		{
			name: 'Location Report (地理位置上报)',
			value: 'location_report',
			description: 'When users who agree send where they are',
		},
		{
			name: 'Voice Recognition (语音识别)',
			value: 'voice_recognize',
			description: 'Whether voice messages come with their text, which WeChat ended in 2023',
		},
	],
	default: 'location_report',
	description: 'Which setting of the account',
} as const satisfies Field;

const OFF_OR_ON = [
	{ name: 'Off', value: '0' },
	{ name: 'On', value: '1' },
] as const;

/** The values of each option. WeChat wants text even for numbers. */
const MEANINGS = {
	customer_service: OFF_OR_ON,
	location_report: [
		{ name: 'Every 5 Seconds in a Chat', value: '2' },
		{ name: 'Never', value: '0' },
		{ name: 'When a Chat Is Opened', value: '1' },
	],
	voice_recognize: OFF_OR_ON,
} as const;

interface Listed {
	authorizer_appid: string;
	/** In seconds. */
	auth_time: number;
}

/** @see https://developers.weixin.qq.com/doc/oplatform/openApi/authorization-management/api_getauthorizerlist.html */
export const accounts = defineResource('Account (授权账号)', 'account', [
	definePlatformRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many accounts',
		chinese: '获取授权账号列表',
		description: 'Get many accounts that have authorized the platform (已授权帐号列表)',
		doc: 'oplatform/openApi/authorization-management/api_getauthorizerlist.html',
		path: '/cgi-bin/component/api_get_authorizer_list',
		effect: 'read',
		bearer: 'component',
		page: { offset: { skip: 'offset', count: 'count', size: 500 }, items: 'list' },
		async run({ client: { stored, details: ask }, io: { list } }) {
			const listed = (await list()) as Listed[];
			const grants = await stored.readAccounts();
			return await mapWithLimit(
				listed,
				CONCURRENCY,
				async ({ authorizer_appid: appId, auth_time }) => {
					const grant = grants[appId] ?? { at: 0 };
					const profile = grant.profile ?? (await ask(appId).catch(() => undefined))?.profile;
					return {
						appId,
						...profile,
						authorizedAt: new Date(auth_time * 1000).toISOString(),
						...(grant.token && { tokenExpiresAt: new Date(grant.token.expiresAt).toISOString() }),
						...(findProblem(grant) && { needsAuthorization: findProblem(grant)?.code }),
					};
				},
			);
		},
	}),
	definePlatformRequest({
		name: 'Get',
		value: 'get',
		action: 'Get account',
		chinese: '获取授权账号详情',
		description:
			'Get name, type, state and permission sets (权限集) of an authorized account (授权方)',
		doc: 'oplatform/openApi/authorization-management/api_getauthorizerinfo.html',
		...details,
		effect: 'read',
		fields: [
			account,
			{
				displayName: 'Simplify',
				name: 'simple',
				type: 'boolean',
				wire: false,
				default: true,
				description:
					'Whether to return a simplified version of the response instead of the raw data',
			},
		],
		async run({ params, call, client: { send, appId, details: ask } }) {
			return params.simple
				? describeAccountProfile(await ask(appId))
				: removeTokens(await send(call));
		},
	}),
	definePlatformLocal({
		name: 'Refresh Token',
		value: 'refreshToken',
		action: 'Refresh token of account',
		chinese: '刷新授权账号令牌',
		description:
			'Make a new token for an account at once. Nothing needs this: tokens are renewed in time, and when WeChat refuses one.',
		doc: 'oplatform/openApi/ticket-token/api_getauthorizeraccesstoken.html',
		fields: [account],
		async run(_, { appId, refresh, stored }) {
			await refresh(appId);
			const token = (await stored.readAccount(appId))?.token;
			return { appId, tokenExpiresAt: token && new Date(token.expiresAt).toISOString() };
		},
	}),
	definePlatformRequest({
		name: 'Get Option',
		value: 'getOption',
		action: 'Get option of account',
		chinese: '获取授权账号选项',
		description: 'Get a setting (选项设置) of an authorized official account',
		doc: 'oplatform/openApi/authorization-management/api_getauthorizeroptioninfo.html',
		path: '/cgi-bin/component/get_authorizer_option',
		effect: 'read',
		bearer: 'account',
		fields: [{ ...account, wire: false }, option],
		present: (answer, { option_name }) => ({
			...answer,
			meaning: MEANINGS[option_name].find(({ value }) => value === answer.option_value)?.name,
		}),
	}),
	definePlatformRequest({
		name: 'Set Option',
		value: 'setOption',
		action: 'Set option of account',
		chinese: '设置授权账号选项',
		description: 'Change a setting (选项设置) of an authorized official account',
		doc: 'oplatform/openApi/authorization-management/api_setauthorizeroptioninfo.html',
		path: '/cgi-bin/component/set_authorizer_option',
		effect: 'write',
		bearer: 'account',
		fields: [
			{ ...account, wire: false },
			option,
			{
				displayName: 'Customer Service (客服)',
				name: 'customer_service',
				type: 'options',
				wire: 'option_value',
				displayOptions: { show: { option_name: ['customer_service'] } },
				options: [...MEANINGS.customer_service],
				default: '1',
				description:
					'Whether messages may be handed over to the customer service agents of the account (客服)',
			},
			{
				displayName: 'Location Report (地理位置上报)',
				name: 'location_report',
				type: 'options',
				wire: 'option_value',
				displayOptions: { show: { option_name: ['location_report'] } },
				options: [...MEANINGS.location_report],
				default: '1',
				description: 'When WeChat pushes the place (上报地理位置) of users who agreed to it',
			},
			{
				displayName: 'Voice Recognition (语音识别)',
				name: 'voice_recognize',
				type: 'options',
				wire: 'option_value',
				displayOptions: { show: { option_name: ['voice_recognize'] } },
				options: [...MEANINGS.voice_recognize],
				default: '1',
				description:
					'Whether voice recognition is on. WeChat ended it in 2023: pushes carry no Recognition any more. Use Voice Format of WeChat Trigger, and a speech service.',
			},
		],
	}),
	definePlatformRequest({
		name: 'Confirm Permission Set',
		value: 'confirmPermission',
		action: 'Confirm permission set of account',
		chinese: '确认权限集',
		description:
			'Accept or refuse a permission set (权限集) that waits for confirmation; until then its calls are refused with 61016',
		doc: 'oplatform/openApi/authorization-management/api_getauthorizerinfo.html',
		path: '/cgi-bin/component/api_confirm_authorization',
		effect: 'write',
		bearer: 'component',
		fields: [
			account,
			{
				displayName: 'Permission Set (权限集)',
				name: 'funscope_category_id',
				type: 'options',
				options: PERMISSIONS,
				required: true,
				default: 24,
				description: 'One of those that Get shows with need_confirm 1',
			},
			{
				displayName: 'Answer',
				name: 'confirm_value',
				type: 'options',
				options: [
					{ name: 'Confirm', value: 1 },
					{ name: 'Refuse', value: 2 },
				],
				default: 1,
				description: 'Whether the platform takes the permission set or leaves it',
			},
		],
	}),
	definePlatformLocal({
		name: 'Forget',
		value: 'forget',
		action: 'Forget account',
		chinese: '清除本地授权信息',
		description:
			'Delete what is stored here of an account. It stays authorized at WeChat, where only its owner can cancel (取消授权); acting for it again fetches its refresh token anew.',
		fields: [{ ...account, wire: false }],
		async run(_, { appId, forget }) {
			await forget(appId);
			return { deleted: true };
		},
	}),
]);

/** Removes the tokens that newer answers include: an execution must not store them. */
function removeTokens({ authorization_info, ...rest }: Answer) {
	const info = { ...readObject(authorization_info) };
	delete info.authorizer_access_token;
	delete info.authorizer_refresh_token;
	return { ...rest, authorization_info: info };
}
