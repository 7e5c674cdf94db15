import type { Client } from '../../api/apiClient';
import {
	checkSession,
	createWebAuthorizationUrl,
	exchangeCode,
	getUserInfo,
	readState,
	refreshSession,
} from '../../api/oauth';
import { MAX_STATE_TEXT } from '../../api/sessionSeal';
import { defineLocal, defineResource } from '../../engine/define';
import { lang } from '../fields/openid';
import { session } from '../fields/session';

/**
 * Works for an account itself and through a platform that it authorized.
 * @see https://developers.weixin.qq.com/doc/service/guide/h5/auth.html
 */
export const webAuthorization = defineResource('Web Authorization (网页授权)', 'webAuthorization', [
	defineLocal<Client>()({
		name: 'Get Link',
		value: 'getLink',
		action: 'Get link for web authorization',
		chinese: '生成网页授权链接',
		description:
			'Get the address that tells your page who the visitor is (网页授权链接). It opens in WeChat only.',
		doc: 'service/guide/h5/auth.html',
		fields: [
			{
				displayName: 'Redirect URI (回调地址)',
				name: 'redirectUri',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				placeholder: 'e.g. https://n8n.example.com/webhook/…/wechat/signed-in',
				description:
					'Where the visitor comes back: the production URL of a WeChat Trigger with /signed-in behind it, or a page of yours. Its domain must be entered as Web Authorization Domain (网页授权域名) of the account, or as Official Account Development Domain (公众号开发域名) of the platform.',
			},
			{
				displayName: 'Scope (授权作用域)',
				name: 'scope',
				type: 'options',
				needed: true,
				wire: false,
				options: [
					{
						name: 'OpenID Only',
						value: 'snsapi_base',
						description: 'The visitor notices nothing (snsapi_base)',
					},
					{
						name: 'Name and Picture',
						value: 'snsapi_userinfo',
						description: 'The visitor is asked to agree (snsapi_userinfo)',
					},
				],
				default: 'snsapi_base',
				description: 'What to learn about the visitor',
			},
			{
				displayName: 'State',
				name: 'state',
				type: 'string',
				wire: false,
				maxLength: MAX_STATE_TEXT,
				// WeChat refuses all other characters.
				pattern: {
					allows: /^[a-zA-Z0-9]*$/,
					problem: 'may hold letters and digits only',
					chinese: '只能包含字母和数字',
				},
				default: '',
				placeholder: 'e.g. scan',
				description:
					'Letters and digits of your own that come back with the visitor. WeChat Trigger puts them behind # of the page that follows. To be sure that it is the same visitor, take a value that only their browser has, and compare it there.',
			},
			{
				displayName: 'Valid for (Minutes)',
				name: 'minutes',
				type: 'number',
				needed: true,
				wire: false,
				typeOptions: { minValue: 1, maxValue: 527_040 },
				default: 30,
				description:
					'How long WeChat Trigger accepts visitors of this link, at most a year. The shorter, the safer: a link that others can reuse signs visitors in whom they have sent. For a menu button take as long as the menu stays.',
			},
		],
		async run(params, { appId, componentAppId, seal, services }) {
			const until = services.clock.now() + params.minutes * 60_000;
			const state = seal.signState(params.state, until);
			const { redirectUri, scope } = params;
			const url = createWebAuthorizationUrl({ appId, componentAppId, redirectUri, scope, state });
			return { url, validUntil: new Date(until).toISOString() };
		},
	}),
	defineLocal<Client>()({
		name: 'Exchange Code',
		value: 'exchangeCode',
		action: 'Exchange code of web authorization',
		chinese: '换取网页授权',
		description:
			'Learn who a visitor is from the code that a link brought back to your page (通过code换取网页授权凭证). WeChat Trigger does this by itself for links that lead to it.',
		doc: 'service/api/webdev/access/api_snsaccesstoken.html',
		fields: [
			{
				displayName: 'Code',
				name: 'code',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				description: 'The "code" behind the address; it works once, for five minutes',
			},
			{
				displayName: 'State',
				name: 'state',
				type: 'string',
				wire: false,
				check: true,
				default: '',
				placeholder: 'e.g. {{ $json.query.state }}',
				description:
					'The "state" behind the address: it must come from Get Link and still hold, and the text in it is returned. Leave empty to check nothing; an expression that comes out empty is an error.',
			},
		],
		async run(params, client) {
			const checked = params.state ? { state: readState(client, params.state) } : {};
			return { ...(await exchangeCode(client, params.code)), ...checked };
		},
	}),
	defineLocal<Client>()({
		name: 'Get User Info',
		value: 'getUserInfo',
		action: 'Get user info of web authorization',
		chinese: '拉取用户信息',
		description:
			'Get name and picture of a user who agreed to it (拉取用户信息, scope snsapi_userinfo)',
		doc: 'service/api/webdev/access/api_snsuserinfo.html',
		fields: [session, { ...lang, wire: false }],
		async run(params, client) {
			return await getUserInfo(client, params.session, params.lang);
		},
	}),
	defineLocal<Client>()({
		name: 'Refresh',
		value: 'refresh',
		action: 'Refresh web authorization',
		chinese: '刷新网页授权凭证',
		description:
			'Get a new session for one whose two hours are over (刷新授权凭证); possible for 30 days',
		doc: 'service/api/webdev/access/api_snsrefreshtoken.html',
		fields: [session],
		async run(params, client) {
			return await refreshSession(client, params.session);
		},
	}),
	defineLocal<Client>()({
		name: 'Check',
		value: 'check',
		action: 'Check web authorization',
		chinese: '检验网页授权凭证',
		description: 'Check whether the session of a user still holds (检验授权凭证)',
		doc: 'service/api/webdev/access/api_snsauth.html',
		fields: [session],
		async run(params, client) {
			return { valid: await checkSession(client, params.session) };
		},
	}),
]);
