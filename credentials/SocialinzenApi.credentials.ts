import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { saveState, proxyUrl, savedFields, sharedStateFields } from '../nodes/n8n/credentialFields';

export class SocialinzenApi implements ICredentialType {
	name = 'socialinzenApi';

	displayName = 'Socialinzen API';

	icon: Icon = { light: 'file:wechat.svg', dark: 'file:wechat.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-wechat-platform/n8n-nodes-wechat-platform/blob/main/docs/socialinzen.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://wx.example.com',
			description: 'Address of the Socialinzen server, without /apis and what follows',
		},
		{
			displayName: 'User Name (用户名)',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. nathan',
			description: 'Of a user of the server who has confirmed the e-mail address',
		},
		{
			displayName: 'Password (密码)',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Password of that user. The pack logs in with it, and again when the server ends the login.',
		},
		{
			...proxyUrl,
			description:
				'HTTP proxy for the calls to the server. When empty, HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the n8n server count.',
		},
		...sharedStateFields,
		...savedFields,
	];

	preAuthentication = saveState;
}
