import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../nodes/base/clock';

export interface BotServerOptions {
	/** What holds polls and ends codes and contexts: tests turn it. */
	clock: Clock;
	/** How long a poll is held, and what is said of it (longpolling_timeout_ms). */
	longPollMs: number;
	/** How long a QR code lives. */
	codeMs: number;
	/** How many messages one context takes, and how many a person gets in five minutes. */
	perContext: number;
	perFiveMinutes: number;
	/** How long a context lives. */
	contextMs: number;
	/** Whether addresses of files come in full, or only as parameters for the CDN. */
	givesFullUrls: boolean;
	/** What the phone shows at a scan, for the page to ask for. */
	number?: string;
	/** Whether the same client_id is the same message (unconfirmed). */
	knowsClientIds: boolean;
}

/** What a person sees in the chat with the bot. */
export interface SeenMessage {
	messageId: string;
	clientId: string;
	text?: string;
	kind?: 'file' | 'image' | 'video';
	bytes?: Buffer;
	fileName?: string;
}

export interface BotCallRecord {
	method: string;
	path: string;
	query: Record<string, string>;
	body: Record<string, unknown> | undefined;
	headers: IncomingHttpHeaders;
	/** What was answered: `ret` or `errcode`, 0 when it was right; the HTTP status when that is not 200. */
	ret: number;
}

export interface BotFault {
	/** Of calls with this path only, e.g. `sendmessage`, or `upload`. */
	path?: string;
	/** How many times; default: once. */
	times?: number;
	ret?: number;
	errcode?: number;
	errmsg?: string;
	status?: number;
	/** In place of the answer. */
	body?: string;
	/** When the connection ends: before the request is read, after that, or in the middle of the answer. */
	cut?: 'half' | 'read' | 'unread';
	/** Whether the work is done in spite of it. Default: only when nothing but `cut: half` or `read` is said. */
	done?: boolean;
}

/** A file that a person sends. */
export interface GivenFile {
	kind: 'file' | 'image' | 'video' | 'voice';
	bytes: Buffer;
	fileName?: string;
	/** What WeChat has heard in a voice. */
	text?: string;
	/** How the key is written: as for pictures, in the clear beside it, or as for the rest. */
	key?: 'clear' | 'hex' | 'raw';
	/** Another MD5 than the right one. */
	md5?: string;
}

export interface LoggedIn {
	token: string;
	botId: string;
	userId: string;
	baseUrl: string;
}

export interface BotServer {
	url: string;
	/** Its host, with the port. */
	host: string;
	calls: BotCallRecord[];
	/** How many calls had this path, e.g. `sendmessage`. */
	count(path: string): number;
	/** Is told after each call. Returns what ends it. */
	listen(hear: () => void): () => void;
	fault(fault: BotFault): void;
	clearFaults(): void;

	/** The newest QR code. */
	code(): string;
	/** What the owner of a phone does with a code, by default with the newest one. */
	scan(code?: string): void;
	/** Confirms on the phone. Returns who is logged in. */
	confirm(userId?: string, code?: string): LoggedIn;
	expire(code?: string): void;
	block(code?: string): void;
	/** The state of the code is to be had at another host from now on. */
	move(host: string, code?: string): void;
	/** The bot is logged in already. */
	bind(code?: string): void;
	/** `baseurl` of the next confirmation. */
	setBaseUrl(url: string): void;

	/** Logs a bot in without a code. */
	addBot(userId?: string): LoggedIn;
	/** A person writes. Returns the message id. */
	say(
		botId: string,
		userId: string,
		text: string,
		more?: { groupId?: string; quoteId?: string; quoteText?: string },
	): string;
	give(botId: string, userId: string, file: GivenFile): string;
	/** What a person has been shown, in order. */
	seen(userId: string): SeenMessage[];
	/** What was taken without a context, and is shown to nobody. */
	unseen(userId: string): SeenMessage[];
	/** Whether the person is shown that the bot types. */
	isTyping(userId: string): boolean;

	/** The contexts of a person take no more messages. */
	makeStale(botId: string, userId: string): void;
	/** The token is good for nothing any more. */
	endSession(botId: string): void;
	/** Breaks the connections of all polls that are held. */
	dropPolls(): void;
	/** How many polls are held, of one bot or of all. */
	held(botId?: string): number;
	/** The last update of a bot comes once more with the next poll, under the same ids. */
	repeat(botId: string): void;
	/** What waits for the bot goes to a second poller. Returns the ids. */
	steal(botId: string): string[];
	close(): Promise<void>;
}
