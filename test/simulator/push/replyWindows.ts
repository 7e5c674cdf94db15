import { ApiError } from '../http/errors';

const MINUTE_MS = 60_000;

interface Window {
	until: number;
	left: number;
}

/** 客服消息: how many messages an action of the user allows, and for how long. */
const AFTER_MESSAGE = { ms: 48 * 60 * MINUTE_MS, count: 5 };
const AFTER_EVENT = { ms: MINUTE_MS, count: 3 };
/** 进入客服会话: a user opens the chat of a mini program. */
const AFTER_ENTERING = { ms: MINUTE_MS, count: 2 };
const ENTERING = 'user_enter_tempsession';
const OPENING_EVENTS = [
	ENTERING,
	'subscribe',
	'SCAN',
	'CLICK',
	'scancode_push',
	'scancode_waitmsg',
];

export class ReplyWindows {
	/** By openid and kind of action; a new action renews its window. */
	private readonly windows = new Map<string, Window>();

	constructor(private readonly now: () => number) {}

	open(openid: string, msgType: string, event: string): void {
		const isEvent = msgType === 'event';
		if (isEvent && !OPENING_EVENTS.includes(event)) return;
		const afterEvent = event === ENTERING ? AFTER_ENTERING : AFTER_EVENT;
		const { ms, count } = isEvent ? afterEvent : AFTER_MESSAGE;
		const kind = isEvent ? 'event' : 'message';
		this.windows.set(`${kind} ${openid}`, { until: this.now() + ms, left: count });
	}

	/** Takes one message, from the shorter window first. */
	spend(openid: string): void {
		const open = ['event', 'message']
			.map((kind) => this.windows.get(`${kind} ${openid}`))
			.filter((window) => window !== undefined)
			.filter(({ until }) => until > this.now());
		if (open.length === 0) throw new ApiError(45015);
		const window = open.find(({ left }) => left > 0);
		if (!window) throw new ApiError(45047);
		window.left--;
	}
}
