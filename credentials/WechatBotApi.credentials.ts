import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { proxyUrl, savedFields, saveState, sharedStateFields } from '../nodes/n8n/credentialFields';

const [sharedState, ...redisFields] = sharedStateFields;

export class WechatBotApi implements ICredentialType {
	name = 'wechatBotApi';

	displayName = 'WeChat Bot (微信机器人) API';

	icon: Icon = { light: 'file:wechat.svg', dark: 'file:wechat.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-wechat-platform/n8n-nodes-wechat-platform/blob/main/docs/bot.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'Nothing has to be entered: save it, publish a workflow with WeChat Bot Trigger, then run WeChat Bot with Login: Get Link behind a Manual Trigger, open the link, and scan the code with WeChat (微信 ClawBot). The login is kept here, encrypted.',
			name: 'how',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'API Base URL (接口地址)',
			name: 'baseUrl',
			type: 'string',
			default: 'https://ilinkai.weixin.qq.com',
			description:
				'Where the login begins. Leave it as it is, or enter the address of a relay that passes everything on to it. WeChat may name another host of its own for what follows. Another address needs another login.',
		},
		proxyUrl,
		{
			...sharedState,
			description:
				'Where the login of the bot is kept, how far its messages were read, and whom it may write to',
		},
		...redisFields,
		...savedFields,
	];

	preAuthentication = saveState;
}
