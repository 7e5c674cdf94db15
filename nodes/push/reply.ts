import { randomBytes } from 'node:crypto';
import { encrypt, signParts } from './cipher';
import { readText } from './message';
import type { Push } from './openPush';
import { writeJson } from '../base/json';
import { type XmlTree, toXml } from '../base/xml';

/** What goes back on WeChat's own connection. */
export interface PushResponse {
	body: string;
	type: string;
}

/** A passive reply (被动回复) without its addresses. messageTypes.ts says what each type is made of. */
export type Reply =
	| { MsgType: 'image'; Image: { MediaId: string } }
	| { MsgType: 'music'; Music: Music }
	| { MsgType: 'news'; ArticleCount: number; Articles: { item: Article[] } }
	| { MsgType: 'text'; Content: string }
	| { MsgType: 'transfer_customer_service'; TransInfo?: { KfAccount: string } }
	| { MsgType: 'video'; Video: { MediaId: string; Title?: string; Description?: string } }
	| { MsgType: 'voice'; Voice: { MediaId: string } };

type Music = {
	Title?: string;
	Description?: string;
	MusicUrl?: string;
	HQMusicUrl?: string;
	ThumbMediaId: string;
};

export type Article = { Title?: string; Description?: string; PicUrl?: string; Url?: string };

/** "Received, nothing to say": the only answer that is neither encrypted nor shown. */
export const SUCCESS: PushResponse = { body: 'success', type: 'text/plain' };

/** Since October 2018 WeChat takes one article in answer to a message; in answer to an event up to eight. */
function limitArticles(reply: Reply): Reply {
	if (reply.MsgType !== 'news') return reply;
	return { ...reply, ArticleCount: 1, Articles: { item: reply.Articles.item.slice(0, 1) } };
}

/**
 * Addresses a reply to the sender of a push and puts it in the form the push came in: XML or JSON,
 * encrypted with the key that opened it, or plain. A push without a sender gets "success".
 * Source: "Passive reply" (被动回复用户消息) and "Encrypting the reply" (消息加解密).
 */
export function encryptReply(
	reply: Reply,
	{ message, format, key }: Push,
	{ appId, token }: { appId: string; token: string },
	now: number,
	random: (size: number) => Buffer = randomBytes,
): PushResponse {
	const sender = readText(message, 'FromUserName');
	// Nobody would get it.
	if (!sender) return SUCCESS;
	const seconds = Math.floor(now / 1000);
	const tree: XmlTree = {
		ToUserName: sender,
		// Samples that people push by themselves may lack it.
		FromUserName: readText(message, 'ToUserName'),
		CreateTime: seconds,
		...(message.MsgType === 'event' ? reply : limitArticles(reply)),
	};
	const type = format === 'json' ? 'application/json' : 'text/xml';
	const plain = format === 'json' ? writeJson(tree) : toXml(tree);
	if (!key) return { body: plain, type };
	const bytes = random(24);
	const encrypted = encrypt(key, appId, plain, bytes.subarray(0, 16));
	const nonce = bytes.toString('hex', 16);
	const signature = signParts(token, String(seconds), nonce, encrypted);
	const body =
		format === 'json'
			? JSON.stringify({
					Encrypt: encrypted,
					MsgSignature: signature,
					TimeStamp: seconds,
					Nonce: nonce,
				})
			: `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>${seconds}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`;
	return { body, type };
}
