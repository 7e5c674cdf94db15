import type { Field } from '../../engine/define';
import {
	ifAsked,
	questionFields,
	questionOptions,
	questionTexts,
} from '../../conversation/questionFields';
import { openid } from './openid';

/** What an account asks. */
export const accountQuestion = [
	{
		...openid,
		displayName: 'To (OpenID)',
		name: 'touser',
		wire: false,
		description:
			'Whom to ask: one person in each run of the node. The person must have written within 48 hours, unless you ask on a page.',
	},
	...questionFields,
	{
		...questionOptions,
		options: [
			{
				displayName: 'Ask on a Page (网页提问)',
				name: 'pageUrl',
				type: 'string',
				check: true,
				default: '',
				placeholder: 'e.g. https://n8n.example.com/webhook/…/wechat',
				description:
					'Production URL of a WeChat Trigger of the account. Sends a template message whose page has the question, for followers who have not written. Needs the two options after it, too. Choices, texts and numbers only. Its domain must be the Web Authorization Domain (网页授权域名).',
			},
			{
				displayName: 'Ask on a Page: Template Data (模板内容)',
				name: 'templateData',
				type: 'json',
				as: 'json',
				default: '{}',
				placeholder: 'e.g. { "thing1": "May we?" }',
				description: 'The texts of the message by the keywords of its template',
			},
			{
				displayName: 'Ask on a Page: Template ID (模板 ID)',
				name: 'templateId',
				type: 'string',
				default: '',
				placeholder: 'e.g. ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
				description: 'The template (模板消息) of the message that leads to the page',
			},
			ifAsked,
			{
				displayName: 'Send As (发送方式)',
				name: 'sendAs',
				type: 'options',
				options: [
					{
						name: 'Automatic',
						value: 'auto',
						description:
							'As the reply to the push that started the run, if it is from this person and WeChat still waits for it; else as a message. Replies cost nothing of the five messages.',
					},
					{ name: 'Customer Service Message (客服消息)', value: 'customerService' },
				],
				default: 'auto',
				description: 'In a message choices are a menu to tap on, in a reply numbered lines',
			},
			...questionTexts,
		],
	},
] as const satisfies Field[];
