import { SEND_AND_WAIT_OPERATION } from 'n8n-workflow';
import { MESSAGE_LOST, TYPING_PATH } from '../../replyRules/customerMessage';
import type { AccountClient } from '../../api/accountClient';
import { writeChatText } from '../../conversation/chatText';
import { sendRest } from '../../conversation/sendParts';
import { findExcess, splitText } from '../../push/splitText';
import { FieldError } from '../../engine/parameters';
import { openAccountChannel } from '../../conversation/accountQuestions';
import { createQuestionDraft } from '../../conversation/questionDraft';
import { sendQuestion } from '../../conversation/sendQuestion';
import { definePause, defineRequest, defineResource, type Field } from '../../engine/define';
import type { MediaKind } from '../../engine/fieldTypes';
import { createMediaFields } from '../../engine/mediaFields';
import { createPartField, MESSAGE_TYPES } from '../../push/messageTypes';
import { openid } from '../fields/openid';
import { accountQuestion } from '../fields/accountQuestion';
import { readAccountQuestion } from '../accountQuestionOptions';

const touser = {
	...openid,
	name: 'touser',
	description:
		'To whom. The user must have written, clicked a menu item, followed or scanned a code shortly before; a message opens a window of 48 hours for 5 answers.',
} as const satisfies Field;

/** Shows a field for these kinds of message only. */
const showFor = (...msgtype: string[]) => ({ displayOptions: { show: { msgtype } } });

const textField = createPartField('content', 'content', {
	wire: 'text.content',
	required: true,
	// Counted as it is sent.
	maxBytes: undefined,
	...showFor('text'),
	placeholder: 'e.g. Your order is on its way',
});

/** @see https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html */
const content = [
	textField,
	...createMediaFields(
		'media',
		createPartField('mediaId', 'media_id', {
			wire: '{msgtype}.media_id',
			required: true,
			...showFor('image', 'voice', 'video'),
		}),
		{ life: 'temporary', kind: ({ msgtype }) => msgtype as MediaKind },
	),
	createPartField('title', 'title', {
		wire: '{msgtype}.title',
		...showFor('link', 'miniprogrampage', 'music', 'video'),
	}),
	createPartField('description', 'description', {
		wire: '{msgtype}.description',
		...showFor('link', 'music', 'video'),
	}),
	createPartField('url', 'url', {
		wire: 'link.url',
		required: true,
		...showFor('link'),
		placeholder: 'e.g. https://example.com/page',
	}),
	createPartField('pictureUrl', 'thumb_url', {
		wire: 'link.thumb_url',
		...showFor('link'),
		description: 'Picture beside the link',
	}),
	createPartField('musicUrl', 'musicurl', {
		wire: 'music.musicurl',
		required: true,
		...showFor('music'),
	}),
	createPartField('hqMusicUrl', 'hqmusicurl', {
		wire: 'music.hqmusicurl',
		required: true,
		...showFor('music'),
	}),
	{
		displayName: 'Mini Program AppID (小程序AppID)',
		name: 'appid',
		type: 'string',
		wire: 'miniprogrampage.appid',
		required: true,
		...showFor('miniprogrampage'),
		default: '',
		placeholder: 'e.g. wx0123456789abcdef',
		description: 'The mini program must be linked to the account (关联小程序)',
	},
	{
		displayName: 'Page Path (页面路径)',
		name: 'pagepath',
		type: 'string',
		wire: 'miniprogrampage.pagepath',
		required: true,
		...showFor('miniprogrampage'),
		default: '',
		placeholder: 'e.g. pages/index/index?ID=42',
		description: 'Page of the mini program that opens at a tap',
	},
	...createMediaFields(
		'thumb',
		createPartField('thumbMediaId', 'thumb_media_id', {
			wire: '{msgtype}.thumb_media_id',
			required: true,
			...showFor('miniprogrampage', 'music', 'video'),
			description:
				'Media ID of the picture: for music and video a JPG of at most 64 KB uploaded as thumb, for a mini program page an image, best 520 × 416 pixels',
		}),
		{
			life: 'temporary',
			kind: ({ msgtype }) => (msgtype === 'miniprogrampage' ? 'image' : 'thumb'),
		},
		'Picture',
	),
	createPartField('title', 'articleTitle', {
		displayName: 'Article Title (文章标题)',
		wire: 'news.articles.0.title',
		required: true,
		...showFor('news'),
		description: 'Headline of the card',
	}),
	createPartField('description', 'articleDescription', {
		displayName: 'Article Description (文章描述)',
		wire: 'news.articles.0.description',
		...showFor('news'),
		description: 'Text below the headline',
	}),
	createPartField('url', 'articleUrl', {
		displayName: 'Article URL (文章链接)',
		wire: 'news.articles.0.url',
		required: true,
		...showFor('news'),
		description: 'Page that opens at a tap. WeChat allows one article per message.',
	}),
	createPartField('pictureUrl', 'articlePicture', {
		displayName: 'Article Picture URL (文章图片链接)',
		wire: 'news.articles.0.picurl',
		...showFor('news'),
		description: 'JPG or PNG, best 640 × 320 pixels',
	}),
	{
		displayName: 'Article ID (文章ID)',
		name: 'article_id',
		type: 'string',
		wire: 'mpnewsarticle.article_id',
		required: true,
		...showFor('mpnewsarticle'),
		default: '',
		description: 'ID of a published article (发布能力)',
	},
	{
		displayName: 'Head (开头文字)',
		name: 'head_content',
		type: 'string',
		wire: 'msgmenu.head_content',
		...showFor('msgmenu'),
		default: '',
		placeholder: 'e.g. Are you satisfied?',
		description: 'Text above the choices',
	},
	{
		displayName: 'Choices (选项)',
		name: 'list',
		type: 'fixedCollection',
		wire: 'msgmenu.list',
		typeOptions: { multipleValues: true },
		required: true,
		...showFor('msgmenu'),
		default: {},
		placeholder: 'Add Choice',
		description: 'A tap on one comes back as a text message with its ID as bizmsgmenuid',
		options: [
			{
				displayName: 'Choice',
				name: 'choice',
				values: [
					{
						displayName: 'ID',
						name: 'id',
						type: 'string',
						default: '',
						placeholder: 'e.g. 101',
						description: 'What the trigger gets as bizmsgmenuid',
					},
					{
						displayName: 'Text (文字)',
						name: 'content',
						type: 'string',
						default: '',
						placeholder: 'e.g. Yes',
						description: 'What the user sees, and what comes back as Content',
					},
				],
			},
		],
	},
	{
		displayName: 'Tail (结尾文字)',
		name: 'tail_content',
		type: 'string',
		wire: 'msgmenu.tail_content',
		...showFor('msgmenu'),
		default: '',
		placeholder: 'e.g. Thank you',
		description: 'Text below the choices',
	},
	{
		displayName: 'Card ID (卡券ID)',
		name: 'card_id',
		type: 'string',
		wire: 'wxcard.card_id',
		required: true,
		...showFor('wxcard'),
		default: '',
		description: 'ID of a card or coupon (卡券)',
	},
] satisfies Field[];

/**
 * The messages that a text becomes.
 *
 * @throws {FieldError} when it needs several, and they are not allowed.
 */
async function toTexts(
	content: string,
	{ format, split }: { format?: string; split?: boolean },
): Promise<string[]> {
	const text = format === 'markdown' ? await writeChatText(content) : content;
	if (split === true) return splitText(text);
	const excess = findExcess(text);
	if (excess) throw new FieldError(textField, excess.problem, excess.chinese);
	return [text];
}

export const customerServiceMessage = defineResource<AccountClient>(
	'Customer Service Message (客服消息)',
	'customerServiceMessage',
	[
		defineRequest({
			name: 'Send',
			value: 'send',
			action: 'Send customer service message',
			chinese: '发送客服消息',
			description:
				'Send a message to a user who was active within the last 48 hours (客服消息); the account must be verified',
			path: '/cgi-bin/message/custom/send',
			effect: 'write',
			ifLost: MESSAGE_LOST,
			doc: 'service/api/customer/message/api_sendcustommessage.html',
			fields: [
				touser,
				{
					displayName: 'Type',
					name: 'msgtype',
					type: 'options',
					options: [
						{ name: MESSAGE_TYPES.text.name, value: 'text' },
						{ name: MESSAGE_TYPES.image.name, value: 'image' },
						{ name: MESSAGE_TYPES.voice.name, value: 'voice' },
						{ name: MESSAGE_TYPES.video.name, value: 'video' },
						{ name: MESSAGE_TYPES.news.name, value: 'news' },
						{ name: 'Published Article (图文消息)', value: 'mpnewsarticle' },
						{ name: 'Choices (菜单消息)', value: 'msgmenu' },
						{ name: 'Mini Program Page (小程序卡片)', value: 'miniprogrampage' },
						{ name: 'Link, Mini Programs Only (图文链接)', value: 'link' },
						{ name: MESSAGE_TYPES.music.name, value: 'music' },
						{ name: 'Card or Coupon (卡券)', value: 'wxcard' },
					],
					default: 'text',
					description:
						'What to send. Mini programs can send text, image, link and mini program page.',
				},
				...content,
				{
					displayName: 'Message Options (消息选项)',
					name: 'messageOptions',
					type: 'collection',
					placeholder: 'Add option',
					default: {},
					description: 'What is seldom needed',
					options: [
						{
							displayName: 'Format of Text (文字格式)',
							name: 'format',
							type: 'options',
							wire: false,
							options: [
								{
									name: 'Markdown',
									value: 'markdown',
									description:
										'As models write it: becomes what a chat shows, with links, bullets and numbers, without stars and backticks',
								},
								{ name: 'Plain Text', value: 'text', description: 'Sent as it is' },
							],
							default: 'markdown',
							description: 'How the text is written; plain text without this option',
						},
						{
							displayName: 'Send as Agent (以客服身份发送)',
							name: 'kf_account',
							type: 'string',
							wire: 'customservice.kf_account',
							default: '',
							placeholder: 'e.g. helen@example',
							description: 'Account of the customer service agent whose name and picture are shown',
						},
						{
							displayName: 'Split Long Texts (拆分长文字)',
							name: 'split',
							type: 'boolean',
							wire: false,
							default: true,
							description:
								'Whether a text of more than 2048 bytes is sent in several messages, split between sentences; otherwise it is an error. Each counts as one of the five that WeChat takes.',
						},
					],
				},
			],
			async run({ params: { messageOptions = {} }, call, client: { send } }) {
				const { text } = (call.body ?? {}) as { text?: { content: string } };
				const texts = text ? await toTexts(text.content, messageOptions) : [];
				const sendPart = async (content: string) =>
					void (await send({ ...call, body: { ...call.body, text: { content } } }));
				if (texts.length === 0) await send(call);
				else await sendPart(texts[0]);
				if (texts.length < 2) return { success: true };
				const sent = await sendRest(texts, Infinity, sendPart);
				return { success: sent.notSent === undefined, ...sent };
			},
		}),
		definePause<AccountClient>()({
			name: 'Send and Wait for Response',
			value: SEND_AND_WAIT_OPERATION,
			// n8n makes a node of its own of it, which approves tools.
			displayOptions: { hide: { '@tool': [true] } },
			action: 'Send message and wait for response',
			chinese: '提问并等待回答',
			description:
				'Ask a person in the chat and wait for the answer, which a WeChat Trigger of the account receives',
			doc: 'service/api/customer/message/api_sendcustommessage.html',
			fields: accountQuestion,
			async pause(params, client, context) {
				const how = readAccountQuestion(params.questionOptions);
				const channel = openAccountChannel(context, client, how);
				return await sendQuestion(context, channel, createQuestionDraft(params.touser, params));
			},
		}),
		defineRequest({
			name: 'Set Typing',
			value: 'setTyping',
			action: 'Set typing indicator',
			chinese: '客服输入状态',
			description: 'Show or hide "the other side is typing", for 15 seconds at most',
			path: TYPING_PATH.officialAccount,
			effect: 'write',
			doc: 'service/api/customer/message/api_typing.html',
			fields: [
				{
					displayName: 'Account Kind (账号类型)',
					name: 'accountKind',
					type: 'options',
					needed: true,
					wire: false,
					options: [
						{ name: 'Mini Program', value: 'miniProgram' },
						{ name: 'Official Account', value: 'officialAccount' },
					],
					default: 'officialAccount',
					description: 'In whose chat it is seen; WeChat has a call for each',
				},
				{
					...touser,
					description: 'The user who sees it. They must have written within the last 30 seconds.',
				},
				{
					displayName: 'State',
					name: 'command',
					type: 'options',
					options: [
						{ name: 'Not Typing', value: 'CancelTyping' },
						{ name: 'Typing', value: 'Typing' },
					],
					default: 'Typing',
					description: 'Whether the indicator appears or disappears',
				},
			],
			async run({ params, call, client: { send } }) {
				await send({ ...call, path: TYPING_PATH[params.accountKind] });
				return { success: true };
			},
		}),
	],
);
