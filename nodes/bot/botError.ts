import { UserError } from '../base/userError';

/** The session is dead: the token is good for nothing any more. */
const SESSION_DEAD = -14;
/** WeChat took the call, and did not deliver the message. */
export const UNDELIVERED = -2;

/** WeChat took the call, said that all is well (0), and gave the message no ID. */
export const UNSEEN = 0;

const SESSION_HINT =
	'Log in again: run WeChat Bot with Login: Get Link, open the link, and scan the code with the same WeChat as before. It also happens when the person removes the bot in WeChat, or somebody scans a newer code.';
const UNDELIVERED_HINT =
	'WeChat delivers to people who wrote to the bot lately: for some hours, at most 24, and about 10 messages for each of theirs, 7 within five minutes. The next message of this person opens the way again. Send less, wait five minutes, or let the message wait until the person writes.';
const UNSEEN_HINT =
	'Messages without an ID are never shown, while "typing" is, and a new login does not help: so reported of single WeChat accounts since August 2026 (https://github.com/Tencent/openclaw-weixin, issues 263, 287, 310, 322). Try the bot with another WeChat account, or ask there.';
const OTHER_HINT =
	'Run it again in a minute. If it stays so, log in again: run WeChat Bot with Login: Get Link, and open the link.';

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
		const hint = isSessionDead ? SESSION_HINT : isUnseen ? UNSEEN_HINT : UNDELIVERED_HINT;
		super(
			`${what}: ${words || 'it gives no reason'} (${code})`,
			isSessionDead || isUndelivered ? hint : OTHER_HINT,
		);
		this.name = 'BotError';
		this.code = code;
		this.path = path;
		this.isSessionDead = isSessionDead;
		this.isUndelivered = isUndelivered;
	}
}
