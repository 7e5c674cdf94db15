import type { BotStep } from './botPhone';
import type { Bubble } from './bubble';

/** One account as the page shows it. */
export interface AccountItem {
	type: 'account';
	id: string;
	name: string;
	appId: string;
	openid: string;
	isFollowing: boolean;
	/** Of a bot only: how far its login is. */
	step?: BotStep;
	/** The production URL of the trigger, once WeChat has taken it; of a bot, the page to log in on. */
	url?: string;
	menu: Array<Record<string, unknown>>;
	/** What n8n has a workflow for, beside the answers in the chat. */
	offers: Array<'pay' | 'publish'>;
	/** What to enter in the credential, label and value; inventions of the simulator. */
	credential: Array<[field: string, value: string]>;
}

export interface BubbleItem {
	type: 'bubble';
	id: string;
	account: string;
	from: 'user' | 'account' | 'wechat';
	/** Milliseconds since 1970, as in all items. */
	at: number;
	bubble: Bubble;
}

export interface DeliveryItem {
	url: string;
	body: string;
	plain?: string;
	/** What came of it; missing while WeChat waits. */
	answer?: {
		outcome: string;
		ms: number;
		status?: number;
		body?: string;
		plain?: string;
		problem?: string;
	};
}

export interface PushItem {
	type: 'push';
	id: string;
	account: string;
	at: number;
	/** MsgType, Event or InfoType. */
	title: string;
	appId: string;
	deliveries: DeliveryItem[];
	outcome?: string;
}

export interface TypingItem {
	type: 'typing';
	id: string;
	isTyping: boolean;
}

export interface ReleaseItem {
	type: 'release';
	id: 'release';
	pair: number;
	isRunning: boolean;
	steps: Array<{ step: string; ok: boolean; problem?: string }>;
}

/** An article that an account has published (已发表), by its number on this page. */
export interface ArticleItem {
	type: 'article';
	id: string;
	account: string;
	title: string;
	/** The address of its picture. */
	cover?: string;
}

export type Item = AccountItem | BubbleItem | PushItem | TypingItem | ReleaseItem | ArticleItem;

/** Of each type. */
const KEPT = 200;

/** What the page shows. Those who come later are told all of it, and then what is new or has changed. */
export class Feed {
	private readonly items = new Map<string, Item>();
	private readonly readers = new Set<(item: Item) => void>();

	/** Adds an item, or replaces the one with its type and id. */
	put(item: Item): void {
		this.items.set(keyOf(item), item);
		const same = [...this.items.values()].filter(({ type }) => type === item.type);
		if (same.length > KEPT) this.items.delete(keyOf(same[0]));
		for (const reader of this.readers) reader(item);
	}

	/** Answers how to stop reading. */
	read(reader: (item: Item) => void): () => void {
		for (const item of this.items.values()) reader(item);
		this.readers.add(reader);
		return () => void this.readers.delete(reader);
	}
}

const keyOf = ({ type, id }: Item) => `${type} ${id}`;
