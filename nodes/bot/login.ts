import type { Services } from '../api/services';
import { ConnectionError } from '../base/connectionError';
import type { Answer } from '../api/response';
import { UserError } from '../base/userError';
import { readWords } from './answerFields';
import { BOT_PEER, callBot, CLIENT_HEADERS, readBotAnswer, waitFor } from './botClient';
import { findBotBase, toBotUrl, type BotServer } from './botHost';

/**
 * How far a login is, in WeChat's own words: wait (nobody has scanned the code), scaned, need_verifycode (the phone shows
 * a number), verify_code_blocked (too many wrong ones), scaned_but_redirect, expired, binded_redirect (the bot is logged
 * in already, and what was saved for it stays good), confirmed.
 */
type LoginStatus =
	| 'wait'
	| 'scaned'
	| 'need_verifycode'
	| 'verify_code_blocked'
	| 'scaned_but_redirect'
	| 'expired'
	| 'binded_redirect'
	| 'confirmed';

/** A bot that has just been logged in. */
export interface LoggedInBot {
	token: string;
	/** …@im.bot */
	botId: string;
	/** Who scanned the code, …@im.wechat */
	userId: string;
	/** Where its calls go. */
	baseUrl: string;
}

/** A login, as plain JSON. Whoever has it can finish the login: keep it secret. */
export interface LoginSession {
	/** After the last code verify_code_blocked and expired stay; before, another code is drawn and it is wait again. */
	status: LoginStatus;
	qrcode: string;
	/** What the QR code is to show. */
	link: string;
	/** How many codes were drawn. */
	codes: number;
	/** When the login began, in milliseconds. */
	startedAt: number;
	/** Where to ask for the state, when WeChat has moved it. */
	place?: string;
	/** The number that was entered; WeChat wants it again until it knows. */
	number?: string;
	/** WeChat asks again for the number: the one before was wrong. */
	isWrongNumber?: true;
	/** When it is confirmed. */
	bot?: LoggedInBot;
}

const MAX_CODES = 3;
/** Tencent's client says the same of the bots it knows, newest first. */
const MAX_TOKENS = 10;
const HELD_MS = 35_000;
/** Before the same is asked again, and before it is asked again after a failure. */
const PAUSE_MS = 1000;
const RETRY_MS = 2000;

const OVER: readonly LoginStatus[] = [
	'binded_redirect',
	'confirmed',
	'expired',
	'verify_code_blocked',
];
const STATUSES: ReadonlySet<string> = new Set<LoginStatus>([
	...OVER,
	'wait',
	'scaned',
	'need_verifycode',
	'scaned_but_redirect',
]);

/** Whether a login has come to an end, good or bad. */
export const isLoginOver = ({ status }: LoginSession): boolean => OVER.includes(status);

/**
 * Draws the first code of a login.
 *
 * @param tokens Of bots that were logged in before, newest first: WeChat knows by them who is logged in already.
 * @throws {BotError | ConnectionError | UserError}
 */
export async function startLogin(
	server: BotServer,
	services: Services,
	tokens: readonly string[] = [],
): Promise<LoginSession> {
	const code = await drawCode(server, services, tokens);
	return { status: 'wait', ...code, codes: 1, startedAt: services.clock.now() };
}

async function drawCode(
	{ apiBaseUrl, proxyUrl }: BotServer,
	services: Services,
	tokens: readonly string[],
): Promise<Pick<LoginSession, 'qrcode' | 'link'>> {
	const bot = { apiBaseUrl, proxyUrl, token: '' };
	const path = '/ilink/bot/get_bot_qrcode';
	const local_token_list = tokens.slice(0, MAX_TOKENS);
	const answer = await callBot(bot, services, {
		path,
		query: { bot_type: '3' },
		body: { local_token_list },
	});
	const [qrcode, link] = [readWords(answer, 'qrcode'), readWords(answer, 'qrcode_img_content')];
	if (qrcode && link) return { qrcode, link };
	throw new UserError(
		'WeChat gave no QR code for the login',
		'Try again in a minute. If it stays so, check API Base URL in the credential.',
		'微信没有给出登录二维码：请过一分钟再试；若仍如此，请检查凭据中的“接口地址”。',
	);
}

/**
 * Waits until the login has gone on, at most 40 seconds. A connection that breaks changes nothing.
 *
 * @param options.number What the person has read on the phone.
 * @throws {UserError} when WeChat sends the login to a server that is not Tencent's, or confirms it without a token.
 */
export async function followLogin(
	server: BotServer,
	services: Services,
	session: LoginSession,
	options: { number?: string; signal?: AbortSignal; tokens?: readonly string[] } = {},
): Promise<LoginSession> {
	if (isLoginOver(session)) return session;
	const number = options.number?.trim() || session.number;
	const entered = number ? { number } : {};
	const answer = await readStatus(server, services, { ...session, ...entered }, options.signal);
	const status = readWords(answer ?? {}, 'status') as LoginStatus;
	if (!answer || !STATUSES.has(status)) return { ...session, ...entered };
	// Whoever waits for the next state does not ask without end for this one.
	if (status === session.status && !OVER.includes(status)) await services.clock.sleep(PAUSE_MS);
	const { isWrongNumber: _, number: __, ...plain } = session;
	switch (status) {
		case 'expired':
		case 'verify_code_blocked': {
			if (session.codes >= MAX_CODES) return { ...plain, status };
			const code = await drawCode(server, services, options.tokens ?? []);
			const { place: ___, ...rest } = plain;
			return { ...rest, ...code, status: 'wait', codes: session.codes + 1 };
		}
		case 'scaned_but_redirect': {
			const host = readWords(answer, 'redirect_host');
			return { ...plain, ...entered, status, ...(host && { place: findBotBase(server, host) }) };
		}
		case 'need_verifycode':
			return {
				...plain,
				status,
				...((number || session.isWrongNumber) && { isWrongNumber: true }),
			};
		case 'confirmed':
			return { ...plain, status, bot: readLoggedInBot(server, answer) };
		case 'wait':
			return { ...plain, ...entered, status };
		default:
			return { ...plain, status };
	}
}

/** Reads who is logged in. The token goes nowhere but to Tencent, so that a wrong `baseurl` is refused before it is used. */
function readLoggedInBot(server: BotServer, answer: Answer): LoggedInBot {
	const [token, botId, userId, baseUrl] = [
		'bot_token',
		'ilink_bot_id',
		'ilink_user_id',
		'baseurl',
	].map((name) => readWords(answer, name));
	if (!token || !botId)
		throw new UserError(
			'WeChat has confirmed the login without a token',
			'Begin the login anew. If it stays so, update WeChat on the phone.',
			'微信确认了登录，却没有给出令牌：请重新登录；若仍如此，请更新手机上的微信。',
		);
	return { token, botId, userId, baseUrl: baseUrl && findBotBase(server, baseUrl) };
}

/**
 * Asks once how far the login is; undefined when there is no answer. Whatever stands between may be slow or gone for a
 * moment.
 */
async function readStatus(
	server: BotServer,
	services: Services,
	{ qrcode, place, number }: LoginSession,
	signal?: AbortSignal,
): Promise<Answer | undefined> {
	const path = '/ilink/bot/get_qrcode_status';
	const url = toBotUrl(server, path, place);
	url.searchParams.set('qrcode', qrcode);
	if (number) url.searchParams.set('verify_code', number);
	const send = async (held: AbortSignal) => {
		const request = { url, peer: BOT_PEER, proxyUrl: server.proxyUrl, headers: CLIENT_HEADERS };
		return await services.http({ ...request, method: 'GET', held });
	};
	try {
		const response = await waitFor(services, HELD_MS, signal, send);
		return response && readBotAnswer(response, path, [qrcode, number ?? '']);
	} catch (error) {
		if (!(error instanceof ConnectionError)) throw error;
		// A server that is away is not asked without end.
		if (!signal?.aborted) await services.clock.sleep(RETRY_MS);
		return undefined;
	}
}
