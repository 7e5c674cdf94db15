import { SEND_AND_WAIT_OPERATION } from 'n8n-workflow';
import { openBotChannel } from '../../conversation/botQuestions';
import { createQuestionDraft } from '../../conversation/questionDraft';
import {
	ifAsked,
	questionFields,
	questionOptions,
	questionTexts,
} from '../../conversation/questionFields';
import { sendQuestion } from '../../conversation/sendQuestion';
import { defineLocal, definePause, defineResource, type Field } from '../../engine/define';
import { inputFile } from '../../engine/fields';
import { uploadBotMedia, type BotFile } from '../../bot/botMedia';
import { prepareMessages, sendBotMessages } from '../../bot/sendBotMessage';
import { UserError } from '../../base/userError';
import { detectFileType } from '../../base/fileType';
import type { Upload } from '../../base/multipart';
import type { BotContext } from '../../n8n/bot';

const define = defineLocal<BotContext>();

/** WeChat shows pictures and films in the chat; all else is a file to open. */
function toBotFile({ bytes, fileName }: Upload): BotFile {
	const [main, sub] = (detectFileType(bytes)?.mimeType ?? '').split('/');
	const kind = main === 'image' ? 'image' : main === 'video' && sub === 'mp4' ? 'video' : 'file';
	return { kind, bytes, fileName };
}

const to = {
	displayName: 'To (User ID)',
	name: 'to',
	type: 'string',
	wire: false,
	required: true,
	default: '={{ $json.FromUserName }}',
	placeholder: 'e.g. o9cq80abcdef@im.wechat',
	description:
		'Whom: FromUserName of a message. The person must have written to the bot before, mostly within 24 hours.',
} as const satisfies Field;

const undelivered = {
	displayName: 'If Not Delivered (未送达时)',
	name: 'undelivered',
	type: 'options',
	wire: false,
	options: [
		{
			name: 'Fail',
			value: 'fail',
			description: 'Fail with the reason',
		},
		{
			name: 'Send When the Person Writes Next',
			value: 'queue',
			description:
				'Keep it, and send it in order as soon as the person writes: at most 20 messages for each person',
		},
	],
	default: 'fail',
	description:
		'What to do when WeChat does not deliver (ret -2): too long since the person wrote, or too many messages',
} as const satisfies Field;

/** Messages to the people who write to the bot. */
export const message = defineResource<BotContext>('Message (消息)', 'message', [
	define({
		name: 'Send',
		value: 'send',
		action: 'Send bot message',
		chinese: '发送机器人消息',
		description: 'Send a text, or a file with a text before it',
		fields: [
			to,
			{
				displayName: 'Text (文字)',
				name: 'text',
				type: 'string',
				wire: false,
				typeOptions: { rows: 4 },
				default: '',
				placeholder: 'e.g. Your order is on its way',
				description: 'Longer ones than 16 KB go out in parts. Before a file it is sent first.',
			},
			{
				displayName: 'Attach File (附带文件)',
				name: 'hasFile',
				type: 'boolean',
				wire: false,
				default: false,
				description: 'Whether to send a picture, video or another file of the item',
			},
			{ ...inputFile, wire: 'file', displayOptions: { show: { hasFile: [true] } } },
			undelivered,
		],
		async run({ to: userId, text, undelivered: ifNot }, { account, openClient }, { files }) {
			const file = files.file;
			if (!text && !file)
				throw new UserError(
					'There is nothing to send',
					'Enter Text, or turn on Attach File.',
					'没有可发送的内容：请填写“文字”，或打开“附带文件”。',
				);
			const client = await openClient();
			const item = file && (await uploadBotMedia(client, userId, toBotFile(file)));
			const { contexts, outbox, quotes } = account;
			return await sendBotMessages(client, prepareMessages(userId, { text, item }), {
				contexts,
				quotes,
				...(ifNot === 'queue' && { outbox }),
			});
		},
	}),
	definePause<BotContext>()({
		name: 'Send and Wait for Response',
		value: SEND_AND_WAIT_OPERATION,
		// n8n makes a node of its own of it, which approves tools.
		displayOptions: { hide: { '@tool': [true] } },
		action: 'Send bot message and wait for response',
		chinese: '提问并等待回答',
		description:
			'Ask a person and wait for the answer, which a WeChat Bot Trigger of the bot receives',
		fields: [to, ...questionFields, { ...questionOptions, options: [ifAsked, ...questionTexts] }],
		pause: async (params, { account }, context) =>
			await sendQuestion(
				context,
				await openBotChannel(account),
				createQuestionDraft(params.to, params),
			),
	}),
	define({
		name: 'Show Typing',
		value: 'showTyping',
		action: 'Show that the bot is typing',
		chinese: '显示正在输入',
		description: 'Let the person see that the bot is typing (正在输入), or that it has stopped',
		fields: [
			to,
			{
				displayName: 'Typing (正在输入)',
				name: 'isTyping',
				type: 'boolean',
				wire: false,
				default: true,
				description: 'Whether the bot is typing',
			},
		],
		async run({ to: userId, isTyping = true }, { account, openClient }) {
			const client = await openClient();
			const known = await account.contexts.get(userId);
			await client.sendTyping(userId, await client.getTypingTicket(userId, known?.token), isTyping);
			return { success: true };
		},
	}),
]);
