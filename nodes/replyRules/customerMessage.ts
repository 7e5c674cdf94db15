import type { AccountClient } from '../api/accountClient';
import type { AccountKind } from '../api/app';
import { UserError } from '../base/userError';
import { findPart } from '../push/messageTypes';
import type { Article, Reply } from '../push/reply';

/** The call that shows a user the typing indicator (客服输入状态). Mini programs have one of their own. */
export const TYPING_PATH: Record<Exclude<AccountKind, 'shop'>, string> = {
	officialAccount: '/cgi-bin/message/custom/typing',
	miniProgram: '/cgi-bin/message/custom/business/typing',
};

/** Shows a user who has just written that somebody types an answer. @throws {ApiError} when WeChat refuses the call. */
export async function sendTyping(
	client: Pick<AccountClient, 'kind' | 'send'>,
	touser: string,
): Promise<void> {
	const kind = await client.kind();
	if (kind === 'shop') throw createShopError();
	const path = TYPING_PATH[kind];
	await client.send({ path, body: { touser, command: 'Typing' } });
}

/**
 * Sends a reply as a customer service message (客服消息) instead of a passive reply. WeChat takes five of them within 48
 * hours of a message, and within a minute of most events. The account must be verified.
 *
 * @throws {UserError} when the account cannot send this type of message.
 * @throws {ApiError} when WeChat refuses the call.
 * @see https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html
 */
export async function sendCustomerMessage(
	client: Pick<AccountClient, 'kind' | 'send'>,
	reply: Reply,
	touser: string,
	thumbMediaId = '',
): Promise<void> {
	await sendCustomerCall(
		client,
		touser,
		toCustomerMessage(reply, await client.kind(), thumbMediaId),
	);
}

/**
 * Sends a customer service message as the call has it, such as a menu (`msgmenu`).
 *
 * @throws {ApiError} when WeChat refuses the call.
 */
export async function sendCustomerCall(
	client: Pick<AccountClient, 'send'>,
	touser: string,
	message: Record<string, unknown>,
): Promise<void> {
	const body = { touser, ...message };
	await client.send({ path: '/cgi-bin/message/custom/send', body, ifLost: MESSAGE_LOST });
}

/** What to do when it is not known whether a message came. */
export const MESSAGE_LOST =
	'Before you send it again, see with Customer Service Session: Get Messages, or in the chat, whether it came.';

const createShopError = () =>
	new UserError(
		'A WeChat Shop (微信小店) takes no replies and sends no customer service messages',
		'Its pushes only start a workflow. To write to its customers, call /channels/ec/commkf/sendmsg by API: Call of the WeChat node.',
		'微信小店不支持被动回复和客服消息，其推送只能启动工作流：如需给顾客发消息，请用 WeChat 节点的“调用任意接口”调用 /channels/ec/commkf/sendmsg。',
	);

/** Source: "Customer service messages" (客服消息), table of message kinds. */
function toCustomerMessage(
	reply: Reply,
	kind: AccountKind,
	thumb: string,
): Record<string, unknown> {
	if (kind === 'shop') throw createShopError();
	const { MsgType: msgtype } = reply;
	const isMiniProgram = kind === 'miniProgram';
	if (
		isMiniProgram &&
		msgtype !== 'transfer_customer_service' &&
		!['text', 'image', 'news'].includes(msgtype)
	)
		throw new UserError(
			`Mini programs cannot send ${msgtype}`,
			'They can send texts, images and news cards.',
			`小程序不能发送 ${msgtype} 类型的消息：请改用文本、图片或图文链接。`,
		);
	switch (reply.MsgType) {
		case 'transfer_customer_service':
			throw new UserError(
				'It is too late to hand the conversation over to customer service',
				'Transfers are possible on the connection of the push only, within five seconds.',
				'已来不及转接人工客服：转接只能在收到推送后五秒内、通过被动回复进行。',
			);
		case 'text':
			return { msgtype, text: toCallKeys({ Content: reply.Content }) };
		case 'news':
			return toNews(reply.Articles.item, isMiniProgram);
		case 'music':
			return { msgtype, music: toMusic(toCallKeys(reply.Music)) };
		case 'video':
			return { msgtype, video: toVideo(toCallKeys(reply.Video), thumb) };
		case 'image':
			return { msgtype, image: toCallKeys(reply.Image) };
		case 'voice':
			return { msgtype, voice: toCallKeys(reply.Voice) };
	}
}

/** WeChat takes one article, both in a message and in a reply to one. */
function toNews([article]: Article[], isMiniProgram: boolean): Record<string, unknown> {
	if (!isMiniProgram) return { msgtype: 'news', news: { articles: [toCallKeys(article)] } };
	const { Title: title, Description: description, PicUrl, Url: url } = article;
	return { msgtype: 'link', link: { title, description, url, thumb_url: PicUrl } };
}

function toMusic(music: Record<string, unknown>): Record<string, unknown> {
	const { musicurl: url, hqmusicurl: hqUrl } = music;
	if (!url && !hqUrl)
		throw new UserError(
			'Music needs an address to be sent late',
			'Enter its Music URL.',
			'超时后发送音乐需要音乐地址：请填写“音乐链接”。',
		);
	return { ...music, musicurl: url ?? hqUrl, hqmusicurl: hqUrl ?? url };
}

function toVideo(video: Record<string, unknown>, thumb: string): Record<string, unknown> {
	if (thumb) return { ...video, thumb_media_id: thumb };
	throw new UserError(
		'A video needs a preview picture to be sent late',
		'Enter its Thumb Media ID: WeChat does without in replies on the connection of the push only.',
		'超时后发送视频需要缩略图，只有被动回复可以不带：请填写“缩略图素材ID”。',
	);
}

/** The parts of a message under their keys in calls; empty ones stay away. */
const toCallKeys = (element: object): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(element).flatMap(([name, value]) => {
			const key = findPart(name)?.key;
			return key && value ? [[key, value]] : [];
		}),
	);
