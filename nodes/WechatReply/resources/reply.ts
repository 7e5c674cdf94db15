import { defineLocal, defineResource, type Field } from '../../engine/define';
import { notForBot } from '../../n8n/bot';
import { createPartField } from '../../push/messageTypes';
import {
	createReply,
	createReplyFields,
	readVideoThumb,
	REPLY_TYPES,
	replyText,
} from '../fields/reply';
import { writeChatText } from '../../conversation/chatText';
import { endHandover, startHandover } from '../../conversation/handover';
import { ReplySender } from '../../conversation/replySender';
import { answerInParts } from '../../conversation/sendParts';
import { findExcess } from '../../push/splitText';
import { FieldError } from '../../engine/parameters';

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
		description:
			'Hand the conversation to a human agent; in time only. The operation Hand Over to a Person does it later, too.',
	},
] as const;

/** A bot takes its files from the item, with WeChat Bot. */
const OF_BOTS: ReadonlySet<string> = new Set(['None', 'Text']);
const REPLY_OPTIONS = ALL_REPLY_TYPES.map((type) =>
	OF_BOTS.has(type.value) ? type : { ...type, displayOptions: notForBot },
);

/** Source: "Transfer messages to customer service" (将消息转发到客服). */
const agent = {
	displayName: 'Agent (客服)',
	name: 'kfAccount',
	type: 'string',
	wire: 'TransInfo.KfAccount',
	displayOptions: { show: { type: ['TransInfo'] } },
	default: '',
	placeholder: 'e.g. helen@example',
	description: 'Account of the customer service agent; any free agent when empty',
} as const satisfies Field;

const format = {
	displayName: 'Format (格式)',
	name: 'format',
	type: 'options',
	wire: false,
	displayOptions: { show: { type: ['Text'] } },
	options: [
		{
			name: 'Markdown',
			value: 'markdown',
			description:
				'As models write it: becomes what a chat shows, with links, bullets and numbers, without stars and backticks',
		},
		{ name: 'Plain Text', value: 'text', description: 'Sent as it is' },
	],
	default: 'text',
	description:
		'How the text is written. It is never guessed: 2 * 3 * 4 or snake_case in a plain text would lose characters.',
} as const satisfies Field;

/** @throws {FieldError} when a text needs several messages, of which WeChat takes one on the connection. */
function checkOneMessage(text: string, { textBytes }: ReplySender): void {
	const excess = findExcess(text, textBytes);
	if (excess)
		throw new FieldError(
			replyText,
			`${excess.problem}. Set If Too Late to send as customer service message, so that longer texts are sent in parts.`,
			`${excess.chinese}：请将“超时后”设为“客服消息”，长文字会分多条发送`,
		);
}

export const reply = defineResource('Reply (回复)', 'reply', [
	defineLocal<ReplySender>()({
		name: 'Send',
		value: 'send',
		action: 'Send reply',
		chinese: '发送被动回复',
		description: 'Answer the push that started the run',
		fields: [
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				needed: true,
				wire: false,
				options: REPLY_OPTIONS,
				default: 'Text',
				description: 'What the user sees',
			},
			replyText,
			format,
			...createReplyFields('temporary'),
			agent,
			{
				displayName: 'If Too Late (超时后)',
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
					'What to do when WeChat waits no longer, which is about 14 seconds after the push; after another reply to the same push; and for mini programs, which cannot be answered otherwise. For a bot it is never too late.',
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
		async run({ type, late = 'customerService', format: given }, sender, { body }) {
			if (type === 'Text') {
				const content = String(body.Content);
				const text = given === 'markdown' ? await writeChatText(content) : content;
				if (late === 'customerService') return { ...(await answerInParts(sender, text)) };
				checkOneMessage(text, sender);
				body.Content = text;
			}
			const reply = type === 'None' ? undefined : createReply(type, body);
			return { reply: reply ?? {}, sentAs: await sender.answer(reply, late, readVideoThumb(body)) };
		},
	}),
	defineLocal<ReplySender>()({
		name: 'Hand Over to a Person',
		value: 'handOver',
		displayOptions: notForBot,
		action: 'Hand over to a person',
		chinese: '转人工',
		description:
			'Let a human agent (客服) talk to the user who caused the run: by the reply to the message, or by a new session when WeChat waits for no reply any more',
		fields: [
			{
				displayName: 'Agent (客服)',
				name: 'agent',
				type: 'string',
				wire: false,
				default: '',
				placeholder: 'e.g. helen@example',
				description:
					'Account of the customer service agent (kf_account). When empty, any agent who is online; it fails when nobody is. WeChat has no groups of agents.',
			},
			createPartField('content', 'textBefore', {
				displayName: 'Text Before (转接前的话)',
				wire: false,
				default: '',
				placeholder: 'e.g. 正在为您转接人工客服，请稍候。',
				description:
					'What the user reads first, sent as a customer service message (客服消息). When WeChat refuses it, the user is handed over all the same and the output says so.',
			}),
			createPartField('content', 'failureText', {
				displayName: 'If It Fails (失败时回复)',
				wire: false,
				default: '抱歉，人工客服暂时不在线，请稍后再试。',
				description:
					'Text for the user who cannot be handed over. The run fails all the same. When empty, the user sees nothing. Not sent where On Error leads to an error output: answer there.',
			}),
		],
		run: async ({ agent: kfAccount, textBefore: text }, sender) => ({
			...(await startHandover(sender, { agent: kfAccount, text })),
		}),
	}),
	defineLocal<ReplySender>()({
		name: 'Hand Back',
		value: 'handBack',
		displayOptions: notForBot,
		action: 'Hand back from a person',
		chinese: '结束人工接待',
		description:
			'End the session of the human agent and the user who caused the run. Nothing happens when no agent talks to them: handedBack is false then.',
		run: async (_, sender) => ({ ...(await endHandover(sender)) }),
	}),
]);
