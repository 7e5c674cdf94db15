import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import {
	createAuthenticate,
	otherHosts,
	previousKey,
	proxyUrl,
	savedFields,
	saveState,
	sharedStateFields,
} from '../nodes/n8n/credentialFields';

/** WeChat pushes nothing to a mobile app. */
const getsPushes = { hide: { kind: ['mobileApp'] } };

// eslint-disable-next-line @n8n/community-nodes/credential-test-required -- tested by the nodes, see n8n/credentialTests.ts
export class WechatOfficialAccountApi implements ICredentialType {
	name = 'wechatOfficialAccountApi';

	displayName = 'WeChat Official Account (微信公众号、小程序) API';

	icon: Icon = { light: 'file:wechat.svg', dark: 'file:wechat.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-wechat-platform/n8n-nodes-wechat-platform/blob/main/docs/official-account.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'All of these are on one page: mp.weixin.qq.com > Settings and Development (设置与开发) > Basic Configuration (基本配置). Mini programs: Development (开发管理) > Development Settings (开发设置). Mobile apps: open.weixin.qq.com > Management Center (管理中心) > Mobile App (移动应用). Shops: store.weixin.qq.com > Service Market (服务市场) > Business Tools (经营工具) > In-House Development (自研). Also enter the address of your n8n server there in IP Allow List (IP白名单): WeChat refuses calls from others (40164).',
			name: 'where',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Kind (账号类型)',
			name: 'kind',
			type: 'options',
			options: [
				{
					name: 'Mini Program (小程序)',
					value: 'miniProgram',
					description: 'Users are answered by customer service messages',
				},
				{
					name: 'Mobile App (移动应用)',
					value: 'mobileApp',
					description: 'For the WeChat SOTER node only: nobody writes to a mobile app',
				},
				{
					name: 'Official Account (公众号)',
					value: 'officialAccount',
					description: 'Users are answered on the connection of the push',
				},
				{
					name: 'WeChat Shop (微信小店)',
					value: 'shop',
					description:
						'For the WeChat Shop node and its pushes, which come up to ten times in 3.6 hours and take no replies',
				},
			],
			default: 'officialAccount',
			description:
				'Which kind of account it is. WeChat takes answers of each in another way, and has other tokens for mobile apps.',
		},
		{
			displayName: 'AppID (开发者ID)',
			name: 'appId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. wx0123456789abcdef',
			description:
				'Developer ID of the official account (公众号), mini program (小程序), mobile app (移动应用) or shop (微信小店)',
		},
		{
			displayName: 'AppSecret (开发者密码)',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Developer password. WeChat shows it once; a reset makes the old one useless.',
		},
		{
			displayName: 'Token (令牌)',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: getsPushes,
			default: '',
			hint: 'Needed by WeChat Trigger. Without it every push is refused.',
			description:
				'The word of 3 to 32 letters and digits that you invent and enter both here and in Server Configuration (服务器配置)',
		},
		{
			displayName: 'Encryption Mode (消息加解密方式)',
			name: 'encryptionMode',
			type: 'options',
			options: [
				{
					name: 'Compatible (兼容模式)',
					value: 'compatible',
					description: 'Pushes come both plain and encrypted; only the encrypted part is trusted',
				},
				{
					name: 'Plaintext (明文模式)',
					value: 'plaintext',
					description:
						'Also accept pushes that are not encrypted. Whoever sees one can forge others for five minutes.',
				},
				{
					name: 'Safe (安全模式)',
					value: 'safe',
					description: 'Accept encrypted pushes only. Recommended.',
				},
			],
			displayOptions: getsPushes,
			default: 'safe',
			description:
				'Message encryption (消息加解密方式) as chosen in Server Configuration (服务器配置)',
		},
		{
			displayName: 'EncodingAESKey (消息加解密密钥)',
			name: 'encodingAesKey',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: getsPushes,
			default: '',
			hint: 'Needed by WeChat Trigger unless all pushes come in plaintext.',
			description: 'The 43 letters and digits of Server Configuration',
		},
		{ ...previousKey, displayOptions: getsPushes },
		{
			displayName: 'API Base URL (接口地址)',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.weixin.qq.com',
			description:
				'WeChat issues tokens only to addresses in the IP allow list (IP白名单). If yours changes, enter a relay with a fixed one; it passes everything on to api.weixin.qq.com, and /cgi-bin/showqrcode to mp.weixin.qq.com.',
		},
		proxyUrl,
		otherHosts,
		...sharedStateFields,
		...savedFields,
	];

	preAuthentication = saveState;

	authenticate = createAuthenticate('wechatOfficialAccountApi');
}
