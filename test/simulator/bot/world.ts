import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { BotServerOptions, LoggedIn, SeenMessage } from './types';

/** An object of JSON. */
export type Json = Record<string, unknown>;

/** A QR code of a login. */
export interface Code {
	qrcode: string;
	status: string;
	drawnAt: number;
	host?: string;
	bot?: LoggedIn;
	/** How often a wrong number was entered. */
	wrong: number;
	/** The status that was said last. */
	said: string;
}

/** What a person has allowed by a message. */
export interface Context {
	token: string;
	userId: string;
	at: number;
	sent: number;
	isStale: boolean;
}

/** A message of a person, with its place in the line. The place is what a cursor names. */
export interface Update {
	place: number;
	json: string;
	id: string;
	/** Taken by another poller. */
	isStolen?: true;
}

export interface HeldPoll {
	response: ServerResponse;
	finish(): void;
	drop(): void;
}

export interface BotAccount extends LoggedIn {
	isDead: boolean;
	updates: Update[];
	/** The next poll gets what stands from here on, whatever its cursor says. */
	again?: number;
	contexts: Context[];
	held: Set<HeldPoll>;
	/** When messages went out, by person. */
	times: Map<string, number[]>;
	clientIds: Map<string, string>;
	tickets: Map<string, string>;
}

/** A file at the CDN, encrypted. */
export interface StoredFile {
	bytes: Buffer;
	/** What getuploadurl said of it. */
	expected?: { size: number; rawSize: number; md5: string; userId: string; key: string };
}

export interface World extends BotServerOptions {
	url: string;
	codes: Map<string, Code>;
	bots: Map<string, BotAccount>;
	/** By the parameter that names it. */
	uploads: Map<string, StoredFile>;
	files: Map<string, StoredFile>;
	seen: Map<string, SeenMessage[]>;
	unseen: Map<string, SeenMessage[]>;
	typing: Set<string>;
	baseUrl: string;
	nextId(): string;
}

/** Ids are uint64: the first one is beyond 2^63, and JavaScript cannot tell it from the next. */
const FIRST_ID = 12_345_678_901_234_567_000n;

export function createWorld(options: BotServerOptions): World {
	let ids = FIRST_ID;
	return {
		...options,
		url: '',
		codes: new Map(),
		bots: new Map(),
		uploads: new Map(),
		files: new Map(),
		seen: new Map(),
		unseen: new Map(),
		typing: new Set(),
		baseUrl: '',
		nextId: () => String(ids++),
	};
}

export const createToken = () => randomBytes(18).toString('base64url');

export function addBot(world: World, userId = 'owner@im.wechat'): BotAccount {
	// As WeChat names them: no two servers have one bot.
	const botId = `${randomBytes(6).toString('hex')}@im.bot`;
	const bot: BotAccount = {
		token: `${botId}:${createToken()}`,
		botId,
		userId,
		baseUrl: world.baseUrl || world.url,
		isDead: false,
		updates: [],
		contexts: [],
		held: new Set(),
		times: new Map(),
		clientIds: new Map(),
		tickets: new Map(),
	};
	world.bots.set(botId, bot);
	return bot;
}

export const toLoggedIn = ({ token, botId, userId, baseUrl }: BotAccount): LoggedIn => ({
	token,
	botId,
	userId,
	baseUrl,
});

export function findBot(world: World, botId: string): BotAccount {
	const bot = world.bots.get(botId);
	if (!bot) throw new Error(`The simulator has no bot ${botId}`);
	return bot;
}

/** Writes JSON in which ids stand as numbers, with all their digits. */
export const writeIds = (value: unknown): string =>
	JSON.stringify(value).replace(/"(message_id|msg_id|svr_id)":"(\d+)"/g, '"$1":$2');
