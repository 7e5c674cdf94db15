import { createHash, randomBytes } from 'node:crypto';
import type { Client } from './apiClient';
import { UserError } from '../base/userError';
import { toToken } from './tokenCache';

/** What a ticket signs: the pages of JS-SDK, or cards and coupons (卡券). */
type TicketType = 'jsapi' | 'wx_card';

const EARLY_MS = 5 * 60_000;

/** What wx.config of JS-SDK needs, in addition to the list of its calls. */
interface PageSignature {
	appId: string;
	/** Seconds. */
	timestamp: number;
	nonceStr: string;
	signature: string;
	/** The page that may use it. */
	url: string;
}

/** The card that is given out, and how. */
interface Card {
	cardId: string;
	/** Only of cards with codes of the account's own, and of cards for one user. */
	code?: string;
	openid?: string;
}

/**
 * Gets the ticket of an account (jsapi_ticket, api_ticket). WeChat gives few of them, so all runs share one for the
 * two hours that it lives.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html
 */
export async function getTicket(client: Client, type: TicketType): Promise<string> {
	const { tokens, clock } = client.services;
	const tickets = tokens.open({
		key: `${type} ${client.key}`,
		early: EARLY_MS,
		saved: client.openTicketStore?.(type),
		request: async () => {
			const askedAt = clock.now();
			const path = '/cgi-bin/ticket/getticket';
			const answer = await client.send({ method: 'GET', path, query: { type } });
			return toToken(answer.ticket, answer.expires_in, askedAt);
		},
	});
	return await tickets.current();
}

/**
 * Signs a web page, so that it can use JS-SDK (JS-SDK使用权限签名算法, appendix 1).
 *
 * @throws {UserError} when `address` is not the address of a page.
 * @see https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html
 */
export async function signPage(
	client: Client,
	address: string,
	nonceStr = createNonce(),
): Promise<PageSignature> {
	const [url] = address.trim().split('#');
	if (!/^https?:\/\/[^/?]/i.test(url))
		throw new UserError(
			`"${url}" is not the address of a page`,
			"Enter the whole address as the visitor's browser shows it, with https:// and everything behind the question mark.",
			`“${url}”不是网页地址：请填写访客浏览器中显示的完整地址，包括 https:// 和问号后的全部内容。`,
		);
	const ticket = await getTicket(client, 'jsapi');
	const timestamp = Math.floor(client.services.clock.now() / 1000);
	const signature = hashSha1(
		`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`,
	);
	return { appId: client.appId, timestamp, nonceStr, signature, url };
}

/**
 * Signs an entry of `cardList` for wx.addCard (卡券扩展字段及签名生成算法, appendix 4). The values are sorted, not the names.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html
 */
export async function signCard(
	client: Client,
	{ cardId, ...given }: Card,
	nonce_str = createNonce(),
): Promise<{ cardId: string; cardExt: string }> {
	const ticket = await getTicket(client, 'wx_card');
	const timestamp = String(Math.floor(client.services.clock.now() / 1000));
	const signed = { ...given, timestamp, nonce_str };
	const signature = hashSha1([ticket, cardId, ...Object.values(signed)].sort().join(''));
	return { cardId, cardExt: JSON.stringify({ ...signed, signature }) };
}

/** Letters and digits. */
const createNonce = () => randomBytes(16).toString('hex');

const hashSha1 = (text: string) => createHash('sha1').update(text).digest('hex');
