import { ApiError } from './apiError';

/** The call that sends a customer service message (客服消息). */
export const MESSAGE_PATH = '/cgi-bin/message/custom/send';

/** What a user does that lets an account send customer service messages. */
type WindowOpener = 'message' | 'menu' | 'follow' | 'scan' | 'chat';

/** Until when, and how many messages may be sent after something that the user did. */
export interface MessageWindow {
	opener: WindowOpener;
	/** When the user did it, and when it ends, in milliseconds. */
	at: number;
	until: number;
	sent: number;
}

/** The windows of one user, kept by OpenID. */
export interface WindowStore {
	now(): number;
	/** Undefined when nothing is known, or where it is kept is away. */
	read(openid: string): Promise<MessageWindow[] | undefined>;
	put(openid: string, windows: MessageWindow[]): Promise<void>;
	/** Changes what is known, in one step for all processes. Returns what is known then. */
	change(
		openid: string,
		change: (windows: MessageWindow[]) => MessageWindow[],
	): Promise<MessageWindow[] | undefined>;
}

const MINUTE_MS = 60_000;
const TWO_DAYS_MS = 48 * 60 * MINUTE_MS;

/**
 * How long and how many, by what the user did. After a payment there is no limit for 48 hours, but no push to the
 * account tells of it, so that more may be possible than is known here.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/Service_Center_messages.html
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/send.html
 */
const LIMITS: Record<WindowOpener, { ms: number; most: number; does: string }> = {
	message: { ms: TWO_DAYS_MS, most: 5, does: 'wrote' },
	menu: { ms: MINUTE_MS, most: 3, does: 'tapped the menu' },
	follow: { ms: MINUTE_MS, most: 3, does: 'followed' },
	scan: { ms: MINUTE_MS, most: 3, does: 'scanned a QR code' },
	// Of a mini program.
	chat: { ms: MINUTE_MS, most: 2, does: 'opened the chat' },
};

/** Events that open a window. Other menu items, such as those that open a page, do not. */
const OPENING_EVENTS: Record<string, WindowOpener | undefined> = {
	'event.click': 'menu',
	'event.scancode_push': 'menu',
	'event.scancode_waitmsg': 'menu',
	'event.subscribe': 'follow',
	'event.scan': 'scan',
	'event.user_enter_tempsession': 'chat',
};

/** Finds what kind of window a push opens; undefined when it opens none. */
export const findOpener = (eventType: string): WindowOpener | undefined =>
	eventType.startsWith('message.') ? 'message' : OPENING_EVENTS[eventType];

/** Adds a window. It starts anew: what was left of one of the same length does not count any more. */
export function openWindow(
	windows: MessageWindow[],
	opener: WindowOpener,
	now: number,
): MessageWindow[] {
	const opened = { opener, at: now, until: now + LIMITS[opener].ms, sent: 0 };
	// The last message is remembered after its window, for the words of an error.
	const kept = opener === 'message' ? [] : windows.filter((one) => one.opener === 'message');
	return [...kept, opened];
}

const countLeft = ({ opener, sent }: MessageWindow) => Math.max(0, LIMITS[opener].most - sent);

const listOpen = (windows: MessageWindow[], now: number) =>
	windows.filter(({ until }) => until > now).sort((one, other) => one.until - other.until);

/**
 * Counts a message that WeChat took, in all windows that are open: their numbers do not add up in mini programs. Whether
 * they do in official accounts is unconfirmed; then more may be possible than is said.
 */
export const countMessage = (windows: MessageWindow[], now: number): MessageWindow[] =>
	windows.map((one) => (one.until > now ? { ...one, sent: one.sent + 1 } : one));

/** What an item says of what may still be sent. */
export interface SendingLimit {
	/** ISO time. */
	canSendUntil: string;
	messagesLeft: number;
}

/** Describes the windows that are open; undefined when none is. */
export function describeWindows(windows: MessageWindow[], now: number): SendingLimit | undefined {
	const open = listOpen(windows, now);
	const last = open.filter((one) => countLeft(one) > 0).at(-1) ?? open.at(-1);
	if (!last) return undefined;
	return {
		canSendUntil: new Date(last.until).toISOString(),
		messagesLeft: Math.max(...open.map(countLeft)),
	};
}

/** The time for answers is over, or the user does not follow any more. */
const TOO_LATE = 45015;
/** All messages of the window are sent. */
const TOO_MANY = 45047;

const INSTEAD =
	'Wait until the user writes again, or send a template or subscription message (模板消息, 订阅消息): they need no window.';

/** Adds what is known of the user to an error of WeChat's limits; other errors stay as they are. */
export function describeRefusal(
	error: unknown,
	windows: MessageWindow[] | undefined,
	now: number,
): unknown {
	if (!(error instanceof ApiError) || ![TOO_LATE, TOO_MANY].includes(error.errcode)) return error;
	const last = windows?.at(-1);
	if (!last) return error;
	const { errcode, errmsg, path, details } = error;
	const hint = [
		errcode === TOO_MANY ? describeSent(last) : describeLate(windows ?? [], now),
		INSTEAD,
	];
	return new ApiError({ errcode, errmsg, path, details, hint: hint.join(' ') });
}

function describeSent(last: MessageWindow): string {
	const { most, does } = LIMITS[last.opener];
	const sent =
		last.sent < most
			? `of the ${most} messages that WeChat allows after it, ${last.sent} were sent from here, the others elsewhere`
			: `all ${most} messages that WeChat allows after it are sent`;
	return `The user ${does} at ${toTime(last.at)}; ${sent}.`;
}

function describeLate(windows: MessageWindow[], now: number): string {
	const [open] = listOpen(windows, now);
	if (open) {
		const { does } = LIMITS[open.opener];
		return `The user ${does} at ${toTime(open.at)}, which is recent enough: they may have stopped following since.`;
	}
	return windows
		.map(({ opener, at, until }) => {
			const { does } = LIMITS[opener];
			return `The user ${does} at ${toTime(at)}; messages could be sent until ${toTime(until)}.`;
		})
		.join(' ');
}

const toTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
