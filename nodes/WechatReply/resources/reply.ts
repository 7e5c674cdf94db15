import { defineLocal, defineResource, type Field } from '../../engine/define';
import { compareNames } from '../../base/compareNames';
import { createPartField } from '../../push/messageTypes';
import { createReply, REPLY_TYPES, replyFields } from '../fields/reply';
import { ReplySender } from '../../conversation/replySender';

/** What a reply can say that a rule cannot. */
const ALL_REPLY_TYPES = [
	...REPLY_TYPES,
	{
		name: 'No Answer',
		value: 'None',
		description: 'Tell WeChat at once that there is nothing to show',
	},
	{
		name: 'Transfer to Customer Service (转客服)',
		value: 'TransInfo',
		description: 'Hand the conversation to a human agent; in time only',
	},
] as const;

/** Source: "Transfer messages to customer service" (将消息转发到客服). */
const agent = {
	displayName: 'Agent',
	name: 'kfAccount',
	type: 'string',
	wire: 'TransInfo.KfAccount',
	displayOptions: { show: { type: ['TransInfo'] } },
	default: '',
	placeholder: 'e.g. helen@example',
	description: 'Account of the customer service agent; any free agent when empty',
} as const satisfies Field;

export const reply = defineResource('Reply', 'reply', [
	defineLocal<ReplySender>()({
		name: 'Send',
		value: 'send',
		action: 'Send reply',
		description: 'Answer the push that started the run (被动回复)',
		fields: [
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				needed: true,
				wire: false,
				options: [...ALL_REPLY_TYPES].sort(compareNames),
				default: 'Text',
				description: 'What the user sees',
			},
			...replyFields,
			agent,
			{
				displayName: 'If Too Late',
				name: 'late',
				type: 'options',
				needed: true,
				wire: false,
				options: [
					{
						name: 'Do Nothing',
						value: 'nothing',
						description: 'The output says so',
					},
					{
						name: 'Fail',
						value: 'fail',
						description: 'With an error that says why',
					},
					{
						name: 'Send as Customer Service Message (客服消息)',
						value: 'customerService',
						description:
							'In the name of the account that the push came for; it must be verified (已认证)',
					},
				],
				default: 'customerService',
				description:
					'What to do when WeChat waits no longer, which is about 14 seconds after the push; after another reply to the same push; and for mini programs, which cannot be answered otherwise',
			},
			createPartField('content', 'failureText', {
				displayName: 'If It Fails (失败时回复)',
				wire: false,
				displayOptions: { hide: { type: ['None'] } },
				default: '抱歉，暂时无法回复，请稍后再试。',
				description:
					'Text for the user when this reply cannot be sent, such as one that is too long. The run fails all the same. When empty, the user sees nothing. Not sent where On Error leads to an error output: answer there.',
			}),
		],
		async run({ type, late, videoThumbMediaId }, sender, { body }) {
			const reply = type === 'None' ? undefined : createReply(type, body);
			return { reply: reply ?? {}, sentAs: await sender.answer(reply, late, videoThumbMediaId) };
		},
	}),
]);
