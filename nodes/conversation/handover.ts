import type { AccountClient } from '../api/accountClient';
import { hasCode, NO_SESSION, OTHER_AGENT } from '../api/returnCodes';
import { UserError } from '../base/userError';
import type { Reply } from '../push/reply';
import { sendCustomerMessage } from '../replyRules/customerMessage';
import type { ReplySender } from './replySender';

type Sends = Pick<AccountClient, 'send'>;
type Chat = Pick<ReplySender, 'openChat' | 'canTransfer' | 'answer'>;

/** What has become of a user who was handed over to an agent. */
interface HandedOver {
	handedOver: true;
	/** The reply to the push (转发到客服), or a session that was created (创建会话). */
	by: 'passiveReply' | 'session';
	/** Missing where WeChat chooses the agent. */
	kf_account?: string;
	/** Why the text before it was not sent. */
	textError?: string;
}

interface HandoverWishes {
	/** Any agent who is online when empty. */
	agent?: string;
	/** What the user reads before. */
	text?: string;
}

/**
 * Hands the user over to a human agent: by the reply to the push while WeChat waits for one, else by a session with the
 * agent who is online and has the fewest users. Events cannot be transferred.
 *
 * @throws {UserError} when no agent is online.
 * @throws {ApiError} when WeChat refuses the session.
 * @see https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_createkfsession.html
 */
export async function startHandover(
	sender: Chat,
	{ agent = '', text = '' }: HandoverWishes,
): Promise<HandedOver> {
	const { client, openid } = await sender.openChat();
	const chosen = agent || (await findFreeAgent(client, sender.canTransfer()));
	const textError = text ? await sendText(client, openid, text) : undefined;
	const more = textError === undefined ? {} : { textError };
	if (sender.canTransfer() && (await sender.answer(toTransfer(agent), 'nothing')) !== 'nothing')
		return { handedOver: true, by: 'passiveReply', ...(agent && { kf_account: agent }), ...more };
	const kf_account = await createSession(client, openid, chosen || (await findFreeAgent(client)));
	// WeChat waits for nothing more.
	await sender.answer(undefined, 'nothing');
	return { handedOver: true, by: 'session', kf_account, ...more };
}

/** The reply that hands a message over (转发到客服). */
export const toTransfer = (agent = ''): Reply => ({
	MsgType: 'transfer_customer_service',
	...(agent && { TransInfo: { KfAccount: agent } }),
});

/** A user whom the text does not reach needs the agent all the more. */
async function sendText(
	client: AccountClient,
	openid: string,
	text: string,
): Promise<string | undefined> {
	try {
		await sendCustomerMessage(client, { MsgType: 'text', Content: text }, openid);
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}

interface OnlineAgent {
	kf_account: string;
	/** How many users the agent talks to. */
	accepted_case?: number;
}

/**
 * Finds the agent who is online and talks to the fewest users.
 *
 * @param mayFail Whether WeChat can choose the agent as well, so that it matters little when the list cannot be had.
 * @throws {UserError} when no agent is online.
 */
async function findFreeAgent({ send }: Sends, mayFail = false): Promise<string> {
	const listing = send({ method: 'GET', path: '/cgi-bin/customservice/getonlinekflist' });
	const answer = await (mayFail ? listing.catch(() => undefined) : listing);
	if (!answer) return '';
	const online = (answer.kf_online_list ?? []) as OnlineAgent[];
	const [first] = online.sort(
		(a, b) => Number(a.accepted_case ?? 0) - Number(b.accepted_case ?? 0),
	);
	if (first) return String(first.kf_account);
	throw new UserError(
		'No customer service agent is online',
		'Agents are online while they are signed in at mpkf.weixin.qq.com. Customer Service Agent: Get Many Online of the WeChat node lists them.',
		'没有在线的客服：客服在 mpkf.weixin.qq.com 登录后即为在线，可用 WeChat 节点的“获取在线客服列表”（Customer Service Agent: Get Many Online）查看。',
	);
}

/** Brings an agent and a user together. Returns the agent who talks to the user, who may be another one. */
async function createSession({ send }: Sends, openid: string, agent: string): Promise<string> {
	const body = { kf_account: agent, openid };
	return await send({ path: '/customservice/kfsession/create', body }).then(
		() => agent,
		async (error: unknown) => {
			if (!hasCode(error, OTHER_AGENT)) throw error;
			return (await findAgent({ send }, openid)) || agent;
		},
	);
}

/**
 * Finds the agent who talks to a user; empty when nobody does.
 *
 * @throws {ApiError} when WeChat refuses to say.
 * @see https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_getkfsession.html
 */
export async function findAgent({ send }: Sends, openid: string): Promise<string> {
	const path = '/customservice/kfsession/getsession';
	const { kf_account } = await send({ method: 'GET', path, query: { openid } });
	return String(kf_account ?? '');
}

/** What has become of a session. */
interface HandedBack {
	/** False when nobody talked to the user. */
	handedBack: boolean;
	kf_account: string;
}

/**
 * Ends the session (关闭会话) of the user and the agent who talks to them, if any.
 *
 * @throws {ApiError} when WeChat refuses it.
 * @see https://developers.weixin.qq.com/doc/service/api/customer/messctrl/api_closesession.html
 */
export async function endHandover(sender: Pick<Chat, 'openChat'>): Promise<HandedBack> {
	const { client, openid } = await sender.openChat();
	const kf_account = await findAgent(client, openid);
	if (!kf_account) return { handedBack: false, kf_account };
	const body = { kf_account, openid };
	return await client.send({ path: '/customservice/kfsession/close', body }).then(
		() => ({ handedBack: true, kf_account }),
		(error: unknown) => {
			if (!hasCode(error, NO_SESSION)) throw error;
			return { handedBack: false, kf_account };
		},
	);
}
