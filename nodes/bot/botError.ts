import { UserError, type Hints } from '../base/userError';

/** The session is dead: the token is good for nothing any more. */
const SESSION_DEAD = -14;
/** WeChat took the call, and did not deliver the message. */
export const UNDELIVERED = -2;

/** WeChat took the call, said that all is well (0), and gave the message no ID. */
export const UNSEEN = 0;

const SESSION: Hints = {
	hint: 'Log in again: run WeChat Bot with Login: Get Link, open the link, and scan the code with the same WeChat as before. It also happens when the person removes the bot in WeChat, or somebody scans a newer code.',
	chinese:
		'机器人的会话已被微信结束：请运行 WeChat Bot 的“获取登录链接”（Login: Get Link），打开链接，用原来的微信扫码重新登录；在微信中移除机器人，或有人扫了更新的二维码，也会如此。',
};
const TOO_LATE: Hints = {
	hint: 'WeChat delivers to people who wrote to the bot lately: for some hours, at most 24, and about 10 messages for each of theirs, 7 within five minutes. The next message of this person opens the way again. Send less, wait five minutes, or let the message wait until the person writes.',
	chinese:
		'微信没有送达消息，只有最近给机器人发过消息的人才能收到（数小时内，最长 24 小时；对方每发一条可回约 10 条，5 分钟内最多 7 条）：请减少发送，等 5 分钟，或让消息等到对方再次发消息时送出。',
};
const NO_ID: Hints = {
	hint: 'Messages without an ID are never shown, while "typing" is, and a new login does not help: so reported of single WeChat accounts since August 2026 (https://github.com/Tencent/openclaw-weixin, issues 263, 287, 310, 322). Try the bot with another WeChat account, or ask there.',
	chinese:
		'微信接受了消息却没有给出消息 ID，这样的消息对方看不到，重新登录也无济于事，自 2026 年 8 月起有个别微信号如此（见 https://github.com/Tencent/openclaw-weixin 的 issue 263、287、310、322）：请换一个微信号试用机器人，或到该处询问。',
};
const OTHER: Hints = {
	hint: 'Run it again in a minute. If it stays so, log in again: run WeChat Bot with Login: Get Link, and open the link.',
	chinese:
		'微信拒绝了机器人的调用：请过一分钟再运行；若仍如此，请运行 WeChat Bot 的“获取登录链接”（Login: Get Link），打开链接重新登录。',
};

interface Refusal {
	/** `errcode` where there is one, else `ret`. */
	code: number;
	/** WeChat's own words; often there are none. */
	words: string;
	/** The path that was called. */
	path: string;
}

/** WeChat refused a call of a bot, by `ret` or `errcode`. */
export class BotError extends UserError {
	readonly code: number;
	/** Without query. */
	readonly path: string;
	/** Whether only a new login helps (-14). Until then Tencent's own client makes no call for an hour. */
	readonly isSessionDead: boolean;
	/** Whether a message was not delivered: the context is old or too many were sent (-2), or it got no ID (0). */
	readonly isUndelivered: boolean;

	constructor({ code, words, path }: Refusal) {
		const isSessionDead = code === SESSION_DEAD;
		const isUnseen = code === UNSEEN;
		const isUndelivered = isUnseen || (code === UNDELIVERED && path.endsWith('/sendmessage'));
		const what = isSessionDead
			? 'WeChat has ended the session of this bot'
			: isUndelivered
				? 'WeChat did not deliver the message'
				: `WeChat refused ${path}`;
		const known = isSessionDead ? SESSION : isUnseen ? NO_ID : TOO_LATE;
		const { hint, chinese } = isSessionDead || isUndelivered ? known : OTHER;
		super(`${what}: ${words || 'it gives no reason'} (${code})`, hint, chinese);
		this.name = 'BotError';
		this.code = code;
		this.path = path;
		this.isSessionDead = isSessionDead;
		this.isUndelivered = isUndelivered;
	}
}
