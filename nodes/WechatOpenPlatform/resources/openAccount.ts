import { defineResource, type Field } from '../../engine/define';
import { account as anyAccount, definePlatformRequest } from '../fields/account';

/** These calls act on behalf of the account and name it in the body as well. */
const account = { ...anyAccount, wire: 'appid' } as const satisfies Field;

const openAppId = {
	displayName: 'Open Platform AppID (开放平台账号)',
	name: 'open_appid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. wx0123456789abcdef',
	description: 'AppID of the open platform account (开放平台帐号), as Create and Get return it',
} as const satisfies Field;

/**
 * Accounts of one open platform account share the UnionIDs of their users.
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/openplatform-management/api_createopenaccount.html
 */
export const openAccount = defineResource('Open Account (开放平台账号)', 'openAccount', [
	definePlatformRequest({
		name: 'Get',
		value: 'get',
		action: 'Get open account',
		chinese: '获取绑定的开放平台账号',
		description:
			'Get the open platform account (开放平台帐号) that an account is bound to. Needs permission set 24, for mini programs 25.',
		doc: 'oplatform/openApi/openplatform-management/api_getopenaccount.html',
		path: '/cgi-bin/open/get',
		effect: 'read',
		bearer: 'account',
		fields: [account],
	}),
	definePlatformRequest({
		name: 'Get Binding State',
		value: 'getBinding',
		action: 'Get binding state of account',
		chinese: '查询是否绑定开放平台账号',
		description:
			'Get whether an account is bound to any open platform account. Needs permission set 24, for mini programs 25.',
		doc: 'oplatform/openApi/miniprogram-management/basic-info-management/api_getbindopenaccount.html',
		path: '/cgi-bin/open/have',
		effect: 'read',
		bearer: 'account',
		fields: [{ ...account, wire: false }],
	}),
	definePlatformRequest({
		name: 'Create',
		value: 'create',
		action: 'Create open account',
		chinese: '创建开放平台账号',
		description:
			'Create an open platform account (创建开放平台帐号) and bind the account to it. Needs permission set 24, for mini programs 25.',
		doc: 'oplatform/openApi/openplatform-management/api_createopenaccount.html',
		path: '/cgi-bin/open/create',
		effect: 'write',
		bearer: 'account',
		fields: [account],
	}),
	definePlatformRequest({
		name: 'Bind',
		value: 'bind',
		action: 'Bind account to open account',
		chinese: '绑定开放平台账号',
		description:
			'Add an account to an open platform account (绑定开放平台帐号) of the same legal entity, which holds at most 100. Needs permission set 24, for mini programs 25.',
		doc: 'oplatform/openApi/openplatform-management/api_bindopenaccount.html',
		path: '/cgi-bin/open/bind',
		effect: 'write',
		bearer: 'account',
		fields: [account, openAppId],
	}),
	definePlatformRequest({
		name: 'Unbind',
		value: 'unbind',
		action: 'Unbind account from open account',
		chinese: '解绑开放平台账号',
		description:
			'Take an account out of an open platform account that was created by API (解绑开放平台帐号). Needs permission set 24, for mini programs 25.',
		doc: 'oplatform/openApi/openplatform-management/api_unbindopenaccount.html',
		path: '/cgi-bin/open/unbind',
		effect: 'write',
		bearer: 'account',
		fields: [account, openAppId],
	}),
]);
