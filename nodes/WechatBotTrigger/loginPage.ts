import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { Services } from '../api/services';
import type { SessionSeal } from '../api/sessionSeal';
import { createLoginSeal, type BotAccount } from '../bot/botAccount';
import {
	isLoginOver,
	followLogin,
	startLogin,
	type LoggedInBot,
	type LoginSession,
} from '../bot/login';
import { readLoginLink } from '../bot/loginLink';
import { escapeMarkup } from '../base/html';
import { toLogLine } from '../base/logLine';
import { drawLink } from '../engine/linkPicture';
import { openBotAccount, WECHAT_BOT } from '../n8n/bot';
import { sendPage, type Page } from '../n8n/webhookPage';
import type { Response } from '../n8n/webhookResponse';
import type { BotPollers } from './botPollers';

/** Nothing starts; the response is already written. */
const DONE: IWebhookResponseData = { noWebhookResponse: true };

/** What the address of the page carries. `session` is sealed: any process can go on with it. */
type Query = Record<'link' | 'session' | 'number', string>;

/**
 * Serves the page on which a person logs the bot in: the code to scan, what WeChat says of it, and the result. Needs a
 * link that was made here, because whoever scans the code becomes the person of the bot.
 */
export async function serveLoginPage(
	context: IWebhookFunctions,
	services: Services,
	pollers: BotPollers,
): Promise<IWebhookResponseData> {
	const response = context.getResponseObject() as Response;
	let page: Page;
	try {
		page = await createPage(context, services, pollers);
	} catch (error) {
		page = FAILED;
		context.logger.warn(
			toLogLine(`"${context.getNode().name}" could not show its login page: ${String(error)}`),
		);
	}
	sendPage(response, page);
	return DONE;
}

async function createPage(
	context: IWebhookFunctions,
	services: Services,
	pollers: BotPollers,
): Promise<Page> {
	const query = readQuery(context);
	const account = await openBotAccount(context, services);
	const link = await readLoginLink(account, query.link);
	if (!link) return NO_LINK;
	const seal = createLoginSeal(await account.readPlace());
	const session = await findSession(account, seal, query);
	if (!session) return NO_LINK;
	if (session.status !== 'confirmed' || !session.bot)
		return await writePage(session, query.link, seal);
	const refused = link.isForAnyone ? undefined : await findOther(account, session.bot);
	if (refused) return refused;
	await account.saveLogin(session.bot);
	const { id = '' } = context.getNode().credentials?.[WECHAT_BOT] ?? {};
	pollers.wake(String(id));
	return LOGGED_IN;
}

function readQuery(context: IWebhookFunctions): Query {
	const values = context.getQueryData() as Record<string, unknown>;
	const text = (name: keyof Query) => {
		const value = values[name];
		return typeof value === 'string' ? value : '';
	};
	return { link: text('link'), session: text('session'), number: text('number').trim() };
}

/** Begins a login, or waits until something happens to the one under way. */
async function findSession(
	account: BotAccount,
	seal: SessionSeal,
	{ session, number }: Query,
): Promise<LoginSession | undefined> {
	const { server, services } = account;
	if (!session) {
		const login = await account.readLogin();
		return await startLogin(server, services, login ? [login.token] : []);
	}
	const opened = seal.decrypt(session) as LoginSession | undefined;
	if (!opened || isLoginOver(opened)) return opened;
	return await followLogin(server, services, opened, number ? { number } : {});
}

/** A bot belongs to whom it was made for: that somebody else has scanned the code changes nothing. */
async function findOther(account: BotAccount, { userId }: LoggedInBot): Promise<Page | undefined> {
	const before = await account.readLogin();
	return before && before.userId !== userId ? OTHER_PERSON : undefined;
}

async function writePage(session: LoginSession, link: string, seal: SessionSeal): Promise<Page> {
	const { status } = session;
	if (status in ENDS) return ENDS[status as keyof typeof ENDS];
	const next = new URLSearchParams({ link, session: seal.encrypt(session) });
	const words = WORDS[status] ?? WORDS.wait;
	const isAsked = status === 'need_verifycode';
	const { bytes } = await drawLink(session.link, 'code.png');
	const picture = `<img src="data:image/png;base64,${bytes.toString('base64')}" alt="二维码 QR code" width="280" height="280">`;
	const form = [
		`<h1>${escapeMarkup(words.title)}</h1>`,
		isAsked ? writeNumberForm(session, next) : status === 'wait' ? picture : '',
		`<p>${escapeMarkup(words.text)}</p>`,
	].join('\n');
	// The answer to the next request comes when something has happened, at the latest after 35 seconds.
	return { title: words.title, form, ...(!isAsked && { refresh: `?${next.toString()}` }) };
}

function writeNumberForm({ isWrongNumber }: LoginSession, next: URLSearchParams): string {
	const hidden = [...next].map(
		([name, value]) => `<input type="hidden" name="${name}" value="${escapeMarkup(value)}">`,
	);
	return [
		'<form method="get">',
		...hidden,
		isWrongNumber
			? '<strong>数字不对，请再输入 That was another number. Enter it again.</strong>'
			: '',
		'<input name="number" inputmode="numeric" autocomplete="off" autofocus required>',
		'<button>确定 OK</button>',
		'</form>',
	].join('\n');
}

const WORDS: Partial<Record<LoginSession['status'], { title: string; text: string }>> & {
	wait: { title: string; text: string };
} = {
	wait: {
		title: '登录微信机器人 Log in the bot',
		text: '请用手机微信扫一扫。二维码过期后会自动更新。Scan the code with WeChat on your phone. A new one comes by itself.',
	},
	scaned: {
		title: '已扫码 Scanned',
		text: '请在手机上确认。Confirm it on your phone.',
	},
	scaned_but_redirect: {
		title: '已扫码 Scanned',
		text: '请在手机上确认。Confirm it on your phone.',
	},
	need_verifycode: {
		title: '输入数字 Enter the number',
		text: '请输入手机上显示的数字。Enter the number that your phone shows.',
	},
};

const createEnd = (status: number, title: string, text: string) => ({ status, title, text });

/** How a login ends without a new bot. */
const ENDS = {
	expired: createEnd(
		410,
		'二维码已过期 Expired',
		'请重新打开链接。Nobody scanned the code. Open the link again.',
	),
	verify_code_blocked: createEnd(
		429,
		'错误次数过多 Too many numbers',
		'请过几分钟再打开链接。WeChat takes no more numbers. Open the link again in some minutes.',
	),
	binded_redirect: createEnd(
		200,
		'已经登录 Logged in already',
		'此微信已连接，原来的登录仍然有效。如果机器人没有反应，请先在微信里移除它，再打开链接。WeChat keeps the login that there is. If the bot does not answer, remove it in WeChat first, then open the link again.',
	),
} as const;

const LOGGED_IN = createEnd(
	200,
	'登录成功 Logged in',
	'可以关闭此页面，给机器人发消息了。You can close this page and write to the bot.',
);
const OTHER_PERSON = createEnd(
	403,
	'换了人 Somebody else',
	'扫码的微信不是原来那一个，没有更改。如需换人，请打开 Allow Another Person 再生成链接。Another person scanned the code, so nothing was changed. If you want that, make a new link with WeChat Bot, Login: Get Link, and turn on Allow Another Person.',
);
const NO_LINK = createEnd(
	403,
	'链接已失效 The link does not work',
	'请用 WeChat Bot 节点的 Login: Get Link 生成新链接。This link was not made here, or its hour is over. Make a new one with WeChat Bot, Login: Get Link.',
);
const FAILED = createEnd(
	502,
	'暂时无法登录 Login failed',
	'请稍后再打开链接；原因在 n8n 的日志里。Open the link again later. The log of n8n says why.',
);
