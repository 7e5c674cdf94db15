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

export class WechatOpenPlatformApi implements ICredentialType {
	name = 'wechatOpenPlatformApi';

	displayName = 'WeChat Open Platform (微信开放平台第三方平台) API';

	icon: Icon = { light: 'file:wechat.svg', dark: 'file:wechat.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-wechat-platform/n8n-nodes-wechat-platform/blob/main/docs/third-party-platform.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'All of these are on one page: open.weixin.qq.com > Management Center (管理中心) > Third-Party Platform (第三方平台) > your platform > Development Settings (开发配置). Also enter the address of your n8n server there in IP Allow List (白名单IP地址列表): WeChat refuses calls from others (61004). After saving, publish (activate) a workflow whose WeChat Trigger uses this credential, and enter its address there.',
			name: 'where',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'AppID (开发者ID)',
			name: 'appId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. wx0123456789abcdef',
			description: 'AppID of the third-party platform itself, not of an account behind it',
		},
		{
			displayName: 'AppSecret (开发者密码)',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Secret of the third-party platform. WeChat shows it once; a reset makes the old one useless.',
		},
		{
			displayName: 'Token (令牌)',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Message check token (消息校验Token): the word of 3 to 32 letters and digits that you invent and enter both here and there. One for both addresses and all accounts.',
		},
		{
			displayName: 'EncodingAESKey (消息加解密密钥)',
			name: 'encodingAesKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'Message encryption key (消息加解密Key), 43 letters and digits',
		},
		previousKey,
		{
			displayName: 'API Base URL (接口地址)',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.weixin.qq.com',
			description:
				'WeChat answers the platform only at addresses in its IP allow list (白名单IP地址列表). If yours changes, enter a relay with a fixed one; it passes everything on to api.weixin.qq.com, and /cgi-bin/showqrcode to mp.weixin.qq.com.',
		},
		proxyUrl,
		otherHosts,
		...sharedStateFields,
		...savedFields,
	];

	preAuthentication = saveState;

	authenticate = createAuthenticate('wechatOpenPlatformApi');
}
