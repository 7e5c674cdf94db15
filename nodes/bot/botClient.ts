import { randomBytes } from 'node:crypto';
import { readList, readObject, type Answer } from '../api/response';
import type { Services } from '../api/services';
import {
	ADDRESS_HINTS,
	ConnectionError,
	createStatusError,
	type Peer,
} from '../base/connectionError';
import { WAIT_ENDED } from '../base/http';
import { writeJson } from '../base/json';
import { createRedact, findSecrets } from '../base/redact';
import { UserError } from '../base/userError';
import { parseBotAnswer, readNumber, readWords } from './answerFields';
import { BotError, UNSEEN } from './botError';
import { toBotUrl, type BotServer } from './botHost';

/** A bot that somebody has logged in. */
interface Bot extends BotServer {
	/** `bot_token` of the login. */
	token: string;
	/** `baseurl` of the login; empty before there was one. */
	baseUrl?: string;
}

/** What a message is made of: one entry of `item_list`, in WeChat's own keys. */
export type OutgoingItem = Record<string, unknown> & { type: number };

export interface OutgoingMessage {
	/** Names the message for WeChat; the same each time that it is sent. */
	clientId: string;
	/** …@im.wechat */
	to: string;
	item: OutgoingItem;
	/** Of the newest message of that person. */
	contextToken?: string;
}

/** The answer to a long poll. */
interface Updates {
	messages: Answer[];
	/** To ask with next; empty when there is no new one. */
	cursor: string;
	/** How long the next poll is held, in milliseconds. */
	timeoutMs?: number;
}

/** Calls WeChat (iLink) for one bot. */
export interface BotClient {
	bot: Bot;
	services: Services;
	/**
	 * Makes a call. Numbers of the answer are texts.
	 *
	 * @throws {BotError} when WeChat refused it.
	 * @throws {ConnectionError} when there is no answer.
	 */
	call(path: string, body: object): Promise<Answer>;
	/**
	 * Waits for messages. When none has come by `timeoutMs` and a little more, that is no error.
	 *
	 * @param cursor Of the poll before; empty to start anew.
	 */
	getUpdates(
		cursor: string,
		options: { timeoutMs: number; signal?: AbortSignal },
	): Promise<Updates>;
	/** Sends one item, once. Returns the id that WeChat gave it. @throws {BotError} also when there is none */
	sendMessage(message: OutgoingMessage): Promise<{ messageId: string }>;
	/** What is needed to show a person that the bot is typing. */
	getTypingTicket(userId: string, contextToken?: string): Promise<string>;
	sendTyping(userId: string, ticket: string, isTyping: boolean): Promise<void>;
	notifyStart(): Promise<void>;
	notifyStop(): Promise<void>;
}

/** Sends a message. */
export const SEND_PATH = '/ilink/bot/sendmessage';

export const BOT_PEER: Peer = {
	name: 'WeChat',
	...ADDRESS_HINTS,
};

/** The version of Tencent's own client whose protocol this is. */
const VERSION = '2.4.9';
const BASE_INFO = { channel_version: VERSION, bot_agent: 'n8n-nodes-wechat-platform/1' };
/** The answer to a poll may be late by as much: it comes from another continent. */
const LATE_MS = 5000;

/** Each part has a byte: 2.4.9 is 0x020409. */
const toVersionNumber = (version: string) =>
	version.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** What every request says of itself, also one that has no token. */
export const CLIENT_HEADERS = {
	'ilink-app-id': 'bot',
	'ilink-app-clientversion': String(toVersionNumber(VERSION)),
};

/** Headers of a call with a body. A random number in place of the user is what WeChat wants there. */
const createHeaders = (token: string) => ({
	...CLIENT_HEADERS,
	authorizationtype: 'ilink_bot_token',
	'x-wechat-uin': Buffer.from(String(randomBytes(4).readUInt32BE())).toString('base64'),
	...(token && { authorization: `Bearer ${token}` }),
});

interface BotCall {
	path: string;
	body: object;
	query?: Record<string, string>;
	/** Of a long poll, see HttpRequest.held. */
	held?: AbortSignal;
}

/**
 * Makes one call, once.
 *
 * @throws {BotError} when WeChat refused it.
 * @throws {ConnectionError} when there is no answer.
 */
export async function callBot(
	{ token, baseUrl, ...server }: Bot,
	{ http }: Services,
	{ path, body, query = {}, held }: BotCall,
): Promise<Answer> {
	const url = toBotUrl(server, path, baseUrl);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
	const response = await http({
		method: 'POST',
		url,
		peer: BOT_PEER,
		proxyUrl: server.proxyUrl,
		headers: createHeaders(token),
		contentType: 'application/json',
		body: writeJson({ ...body, base_info: BASE_INFO }),
		held,
	});
	return readBotAnswer(response, path, [token, ...findSecrets(body)]);
}

/** @throws {BotError} when it is a refusal. @param secrets what WeChat may repeat, and nobody may see */
export function readBotAnswer(
	response: { status: number; body: Buffer },
	path: string,
	secrets: readonly string[],
): Answer {
	const answer = response.status === 200 ? parseBotAnswer(response.body) : undefined;
	if (!answer) throw createStatusError(response, { peer: BOT_PEER, path });
	// Some answers have one of the two, some both.
	const code = readNumber(answer, 'errcode') || readNumber(answer, 'ret') || 0;
	if (code === 0) return answer;
	const words = createRedact(secrets)(readWords(answer, 'errmsg'));
	throw new BotError({ code, words, path });
}

export function createBotClient(bot: Bot, services: Services): BotClient {
	const call = async (path: string, body: object, held?: AbortSignal) => {
		if (!bot.token)
			throw new UserError(
				'This bot is not logged in',
				'Run WeChat Bot with Login: Get Link, open the link, and scan the code with WeChat.',
				'此机器人尚未登录：请运行 WeChat Bot 的“获取登录链接”（Login: Get Link），打开链接，用微信扫码。',
			);
		return await callBot(bot, services, { path: `/ilink/bot/${path}`, body, held });
	};

	return {
		bot,
		services,
		call: async (path, body) => await call(path, body),
		async getUpdates(cursor, { timeoutMs, signal }) {
			const answer = await waitFor(services, timeoutMs, signal, async (held) =>
				call('getupdates', { get_updates_buf: cursor }, held),
			);
			if (!answer) return { messages: [], cursor };
			return {
				messages: readList<unknown>(answer.msgs).map(readObject),
				cursor: readWords(answer, 'get_updates_buf'),
				timeoutMs: readNumber(answer, 'longpolling_timeout_ms'),
			};
		},
		async sendMessage({ clientId, to, item, contextToken }) {
			const answer = await call('sendmessage', {
				msg: {
					from_user_id: '',
					to_user_id: to,
					client_id: clientId,
					message_type: 2,
					message_state: 2,
					item_list: [item],
					...(contextToken && { context_token: contextToken }),
				},
			});
			const messageId = readWords(answer, 'message_id');
			if (!messageId)
				throw new BotError({ code: UNSEEN, words: 'it gave it no ID', path: SEND_PATH });
			return { messageId };
		},
		async getTypingTicket(userId, contextToken) {
			const person = { ilink_user_id: userId, context_token: contextToken };
			return readWords(await call('getconfig', person), 'typing_ticket');
		},
		async sendTyping(userId, ticket, isTyping) {
			const status = isTyping ? 1 : 2;
			await call('sendtyping', { ilink_user_id: userId, typing_ticket: ticket, status });
		},
		notifyStart: async () => void (await call('msg/notifystart', {})),
		notifyStop: async () => void (await call('msg/notifystop', {})),
	};
}

/** Makes a long poll; undefined when its time is over. @throws {ConnectionError} also when `signal` ends it. */
export async function waitFor<T>(
	{ clock }: Services,
	timeoutMs: number,
	signal: AbortSignal | undefined,
	work: (held: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
	const timer = new AbortController();
	const cancel = clock.later(timeoutMs + LATE_MS, () => timer.abort());
	try {
		return await work(signal ? AbortSignal.any([signal, timer.signal]) : timer.signal);
	} catch (error) {
		const isOver = error instanceof ConnectionError && error.code === WAIT_ENDED;
		if (isOver && !signal?.aborted) return undefined;
		throw error;
	} finally {
		cancel();
	}
}
