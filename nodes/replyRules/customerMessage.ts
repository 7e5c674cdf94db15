import type { AccountClient } from '../api/accountClient';
import type { AccountKind } from '../api/app';
import { UserError } from '../base/userError';
import type { Reply } from '../push/reply';
import type { XmlTree } from '../base/xml';

/** Where a user is shown that somebody types (客服输入状态). Mini programs have a call of their own. */
export const TYPING_PATH: Record<AccountKind, string> = {
	officialAccount: '/cgi-bin/message/custom/typing',
	miniProgram: '/cgi-bin/message/custom/business/typing',
};

/**
 * Sends what would have been a passive reply as a customer service message (客服消息): within 48 hours of a message,
 * a minute of most events; five messages at most. The account must be verified. Throws {@link UserError} for what the
 * account cannot send so, and WechatError.
 */
export async function sendCustomerMessage(
	client: Pick<AccountClient, 'kind' | 'send'>,
	reply: Reply,
	touser: string,
	thumbMediaId = '',
): Promise<void> {
	const message = toCustomerMessage(reply, await client.kind(), thumbMediaId);
	await client.send({ path: '/cgi-bin/message/custom/send', body: { touser, ...message } });
}

/** Source: "Customer service messages" (客服消息), table of message kinds. */
function toCustomerMessage(
	reply: Reply,
	kind: AccountKind,
	thumb: string,
): Record<string, unknown> {
	const { MsgType: msgtype } = reply;
	const isMiniProgram = kind === 'miniProgram';
	if (msgtype === 'transfer_customer_service')
		throw new UserError(
			'It is too late to hand the conversation over to customer service',
			'Transfers are possible on the connection of the push only, within five seconds.',
		);
	if (isMiniProgram && !['text', 'image', 'news'].includes(msgtype))
		throw new UserError(
			`Mini programs cannot send ${msgtype}`,
			'They can send texts, images and news cards.',
		);
	if (msgtype === 'text') return { msgtype, text: { content: reply.Content } };
	if (msgtype === 'news') return toNews(reply, isMiniProgram);
	const { MediaId, Title, Description, ...more } = Object.values(reply)[1] as XmlTree;
	const named = pickDefined({ title: Title, description: Description });
	if (msgtype === 'music') return { msgtype, music: { ...named, ...toMusic(more) } };
	if (msgtype !== 'video') return { msgtype, [msgtype]: { media_id: MediaId } };
	if (!thumb)
		throw new UserError(
			'A video needs a preview picture to be sent late',
			'Enter its Thumb Media ID: WeChat does without in replies on the connection of the push only.',
		);
	return { msgtype, video: { media_id: MediaId, thumb_media_id: thumb, ...named } };
}

/** WeChat takes one article in a message; in answer to a message it shows no more than one either. */
function toNews(reply: Reply, isMiniProgram: boolean): Record<string, unknown> {
	const { item } = reply.Articles as { item: XmlTree[] };
	const [{ Title: title, Description: description, PicUrl, Url: url }] = item;
	if (isMiniProgram)
		return { msgtype: 'link', link: { title, description, url, thumb_url: PicUrl } };
	const article = pickDefined({ title, description, url, picurl: PicUrl });
	return { msgtype: 'news', news: { articles: [article] } };
}

function toMusic({ MusicUrl, HQMusicUrl, ThumbMediaId }: XmlTree): Record<string, unknown> {
	if (!MusicUrl && !HQMusicUrl)
		throw new UserError('Music needs an address to be sent late', 'Enter its Music URL.');
	return {
		musicurl: MusicUrl ?? HQMusicUrl,
		hqmusicurl: HQMusicUrl ?? MusicUrl,
		thumb_media_id: ThumbMediaId,
	};
}

const pickDefined = (fields: Record<string, unknown>) =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
