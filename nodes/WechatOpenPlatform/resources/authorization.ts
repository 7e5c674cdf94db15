import { createAuthorizationUrl, checkRedirectUri } from '../../api/authorizationLink';
import { PERMISSIONS } from '../../api/permissions';
import { defineResource } from '../../engine/define';
import { summarizeAccount } from '../accountProfile';
import { definePlatformLocal, definePlatformRequest } from '../fields/account';
import { drawLink, linkPicture } from '../../engine/linkPicture';

/** @see https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_getpreauthcode.html */
export const authorization = defineResource('Authorization (授权)', 'authorization', [
	definePlatformRequest({
		name: 'Create Link',
		value: 'createLink',
		action: 'Create authorization link',
		chinese: '生成授权链接',
		description:
			'Create a link (授权链接) for the owner of an account to authorize the platform. It works once, for the time in expiresInMinutes.',
		doc: 'oplatform/openApi/ticket-token/api_getpreauthcode.html',
		path: '/cgi-bin/component/api_create_preauthcode',
		effect: 'write',
		bearer: 'component',
		fields: [
			{
				displayName: 'Link For (链接用于)',
				name: 'page',
				type: 'options',
				needed: true,
				wire: false,
				options: [
					{
						name: 'Computer (PC)',
						value: 'pc',
						description: 'Opens in a browser and shows a QR code, which the owner scans',
					},
					{
						name: 'Phone (H5)',
						value: 'mobile',
						description: "Opens in WeChat on the owner's phone",
					},
				],
				default: 'pc',
				description: 'Where the owner opens the link',
			},
			{
				displayName: 'Redirect URI (回调地址)',
				name: 'redirectUri',
				type: 'string',
				wire: false,
				required: true,
				default: '',
				placeholder: 'e.g. https://n8n.example.com/webhook/…/wechat/authorized',
				description:
					'Where WeChat sends the owner afterwards: the production URL of a WeChat Trigger with /authorized behind it, or a page of yours. In the query are auth_code and expires_in, and linkState, by which the trigger knows links that were made here. WeChat refuses the link unless this address and the page that holds the link are on the login page domain (登录授权的发起页域名) of the platform.',
			},
			{
				displayName: 'Account Type (账号类型)',
				name: 'authType',
				type: 'options',
				needed: true,
				wire: false,
				options: [
					{ name: 'Channels (视频号)', value: 5 },
					{ name: 'Mini Program Promoters (小程序推客)', value: 4 },
					{ name: 'Mini Programs (小程序)', value: 2 },
					{ name: 'Official Accounts (公众号)', value: 1 },
					{ name: 'Official Accounts and Mini Programs', value: 3 },
					{ name: 'Official Accounts, Mini Programs and Channels', value: 6 },
					{ name: 'Selling Assistants (带货助手)', value: 8 },
				],
				default: 3,
				description: 'Which accounts the owner can choose from (auth_type)',
			},
			...linkPicture,
			{
				displayName: 'Limits',
				name: 'limits',
				type: 'collection',
				wire: false,
				placeholder: 'Add limit',
				default: {},
				options: [
					{
						displayName: 'Fixed Account (指定账号)',
						name: 'appId',
						type: 'string',
						check: true,
						default: '',
						placeholder: 'e.g. wx0123456789abcdef',
						description:
							'AppID of the only account that may authorize (biz_appid); all others get an error, and Account Type does not count',
					},
					{
						displayName: 'Permission Sets (权限集)',
						name: 'permissions',
						type: 'multiOptions',
						check: true,
						options: PERMISSIONS,
						default: [],
						description:
							'What to ask the owner for (权限集, category_id_list). Without it, what the platform was last released with.',
					},
				],
			},
		],
		async run({ params, call, client, io: { attach } }) {
			const { page, redirectUri, authType, image, binaryPropertyName: field } = params;
			const link = { page, authType, ...params.limits, redirectUri: checkRedirectUri(redirectUri) };
			const { pre_auth_code, expires_in } = await client.send(call);
			const preAuthCode = String(pre_auth_code);
			const seconds = Number(expires_in);
			const expiresAt = client.services.clock.now() + seconds * 1000;
			const url = createAuthorizationUrl({
				...link,
				componentAppId: String(client.componentAppId),
				preAuthCode,
				state: client.signLink(preAuthCode, expiresAt),
			});
			if (image && field) attach(field, await drawLink(url, 'authorization.png'));
			return {
				url,
				expiresAt: new Date(expiresAt).toISOString(),
				expiresInMinutes: Math.floor(seconds / 60),
			};
		},
	}),
	definePlatformLocal({
		name: 'Exchange Code',
		value: 'exchangeCode',
		action: 'Exchange authorization code',
		chinese: '使用授权码换取授权信息',
		description:
			'Take over an authorization that came to Redirect URI. Behind a WeChat Trigger this is done by itself, and doing it again does no harm.',
		doc: 'oplatform/openApi/ticket-token/api_getauthorizerrefreshtoken.html',
		fields: [
			{
				displayName: 'Authorization Code (授权码)',
				name: 'authorization_code',
				type: 'string',
				required: true,
				default: '',
				placeholder: 'e.g. {{ $json.query.auth_code }}',
				description: 'The auth_code in the query of Redirect URI. It works once, for 10 minutes.',
			},
			{
				displayName: 'Link State (链接状态)',
				name: 'linkState',
				type: 'string',
				check: true,
				default: '',
				placeholder: 'e.g. {{ $json.query.linkState }}',
				description:
					'The linkState in the query of Redirect URI: it must come from Create Link and still hold. Anybody can open your page with a code of their own making. Leave empty to check nothing; an expression that comes out empty is an error.',
			},
		],
		async run(params, { exchange, details, checkLink }) {
			if (params.linkState) checkLink(params.linkState);
			return summarizeAccount(await details(await exchange(params.authorization_code.trim())));
		},
	}),
]);
