import type { INodeProperties } from 'n8n-workflow';
import { createCallout } from '../n8n/callout';

/** WeChat has ended the login: code -14. */
export const SESSION_ENDED = 'event.session_ended';

export const properties: INodeProperties[] = [
	createCallout(
		'howToLogIn',
		'Publish (activate) this workflow, then run WeChat Bot with Login: Get Link behind a Manual Trigger (behind this node it would wait for a message), open the link, and scan the code with WeChat. No public address is needed. Let only one n8n read a bot: a second one would take messages away.',
	),
	{
		// n8n's list of nodes offers its entries as triggers by this very label (n8n-editor-ui 2.8.4).
		displayName: 'Trigger On',
		name: 'kinds',
		type: 'multiOptions',
		options: [
			{ name: 'File Message (文件)', value: 'message.file' },
			{ name: 'Image Message (图片)', value: 'message.image' },
			{
				name: 'Login Ended (登录失效)',
				value: SESSION_ENDED,
				description: 'WeChat has ended the login of the bot: the item has the link to log in again',
			},
			{ name: 'Text Message (文本)', value: 'message.text' },
			{ name: 'Video Message (视频)', value: 'message.video' },
			{
				name: 'Voice Message (语音)',
				value: 'message.voice',
				description: 'WeChat has written down what was said',
			},
		],
		default: [],
		hint: 'Nothing selected: every message starts the workflow',
		description: 'What starts the workflow. Login Ended starts it only when it is selected.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Download Media (下载媒体文件)',
				name: 'downloadMedia',
				type: 'boolean',
				default: true,
				description:
					'Whether to put pictures, voices, files and videos, decrypted, into binary fields: data, data1 and so on. At most 32 MB each.',
			},
			{
				displayName: 'Show Typing (显示正在输入)',
				name: 'typing',
				type: 'boolean',
				default: false,
				description:
					'Whether the person sees that the bot is typing (正在输入) until it sends something',
			},
			{
				displayName: 'User IDs (用户ID)',
				name: 'userIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. o9cq80abcdef@im.wechat',
				description:
					'Only messages of these people start the workflow. Separated by commas or line breaks: the FromUserName of their messages.',
			},
		],
	},
];
