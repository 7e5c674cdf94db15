import { defineResource } from '../../engine/define';
import { appId, defineSocialinzenLocal } from '../fields/common';

/** Source: 微信网页授权. */
export const webAuthorization = defineResource('Web Authorization (网页授权)', 'webAuthorization', [
	defineSocialinzenLocal({
		name: 'Get Link',
		value: 'getLink',
		action: 'Get link for web authorization',
		chinese: '生成网页授权链接',
		description:
			'Get the address that tells who the visitor of a page is. It opens in WeChat only; the server sends the visitor to WeChat and answers with the OpenID in the end.',
		fields: [
			{ ...appId, wire: false },
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
						name: 'OpenID, Name and Picture',
						value: 'snsapi_userinfo',
						description: 'The visitor is asked for consent (snsapi_userinfo)',
					},
				],
				default: 'snsapi_base',
				description: 'What to learn about the visitor',
			},
		],
		async run({ appid, scope }, { webAuthorizationUrl }) {
			return { url: webAuthorizationUrl(appid.trim(), scope) };
		},
	}),
]);
