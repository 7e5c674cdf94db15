import { isObject, type JsonObject } from '../http/json';
import type { AccountKind } from '../types';

/** 被动回复: what a reply of each MsgType holds beside the four common elements. */
interface Rule {
	/** The element holding the fields; none: they stand directly in <xml>. */
	element?: string;
	required: string[];
	optional?: string[];
	/** The element itself may be left out. */
	mayLack?: true;
	/** Mini programs may reply with it too. */
	miniProgram?: true;
}

const rules: Record<string, Rule> = {
	text: { required: ['Content'] },
	image: { element: 'Image', required: ['MediaId'] },
	voice: { element: 'Voice', required: ['MediaId'] },
	video: { element: 'Video', required: ['MediaId'], optional: ['Title', 'Description'] },
	music: {
		element: 'Music',
		required: ['ThumbMediaId'],
		optional: ['Title', 'Description', 'MusicUrl', 'HQMusicUrl'],
	},
	news: { required: ['ArticleCount', 'Articles'] },
	transfer_customer_service: {
		element: 'TransInfo',
		required: ['KfAccount'],
		mayLack: true,
		miniProgram: true,
	},
};

const COMMON = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType'];
const ARTICLE = ['Title', 'Description', 'PicUrl', 'Url'];
const MAX_TEXT_BYTES = 2048;
/** Since October 2018 a message is answered with one article; events still take eight. */
const MAX_ARTICLES = 8;

export interface ReplyContext {
	/** The push that is answered. */
	push: JsonObject;
	kind: AccountKind;
	hasMedia: (mediaId: string) => boolean;
}

/** Throws an Error that says what WeChat would not accept in this reply. */
export function checkReply(reply: JsonObject, { push, kind, hasMedia }: ReplyContext): void {
	const type = String(reply.MsgType);
	const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
	if (!rule) throw new Error(`MsgType ${type} is unknown`);
	if (kind === 'miniProgram' && !rule.miniProgram) {
		throw new Error(`a mini program cannot reply with ${type}`);
	}
	const { element, required, optional = [], mayLack = false } = rule;
	if (element === undefined) {
		checkFields(reply, [...COMMON, ...required], []);
	} else {
		checkFields(reply, mayLack ? COMMON : [...COMMON, element], mayLack ? [element] : []);
		const content = reply[element];
		if (content !== undefined) checkFields(asObject(content, element), required, optional);
	}
	checkCommon(reply, push);
	if (type === 'text') checkText(reply.Content);
	if (type === 'news') checkNews(reply, push.MsgType === 'event' ? MAX_ARTICLES : 1);
	if (element !== undefined && isObject(reply[element])) checkMedia(reply[element], hasMedia);
}

function checkFields(value: JsonObject, required: string[], optional: string[]): void {
	const known = [...required, ...optional];
	for (const name of Object.keys(value)) {
		if (!known.includes(name)) throw new Error(`${name} does not belong there`);
	}
	for (const name of required) {
		if (!Object.hasOwn(value, name)) throw new Error(`${name} is missing`);
	}
}

function checkCommon(reply: JsonObject, push: JsonObject): void {
	if (reply.ToUserName !== push.FromUserName) throw new Error('ToUserName is not the user');
	if (reply.FromUserName !== push.ToUserName) throw new Error('FromUserName is not the account');
	if (!/^\d{10}$/.test(String(reply.CreateTime))) {
		throw new Error('CreateTime is not a time in seconds');
	}
}

function checkText(content: unknown): void {
	if (typeof content !== 'string' || content === '') throw new Error('Content is not a text');
	if (Buffer.byteLength(content) > MAX_TEXT_BYTES) {
		throw new Error(`Content is longer than ${MAX_TEXT_BYTES} bytes`);
	}
}

function checkNews(reply: JsonObject, max: number): void {
	const articles = asObject(reply.Articles, 'Articles');
	checkFields(articles, ['item'], []);
	const items = Array.isArray(articles.item) ? (articles.item as unknown[]) : [articles.item];
	for (const item of items) checkFields(asObject(item, 'item'), ARTICLE, []);
	if (String(reply.ArticleCount) !== String(items.length)) {
		throw new Error('ArticleCount is not the number of items');
	}
	if (items.length > max) throw new Error(`more than ${max} article(s)`);
}

function checkMedia(content: JsonObject, hasMedia: (id: string) => boolean): void {
	for (const name of ['MediaId', 'ThumbMediaId']) {
		const id = content[name];
		if (id !== undefined && !(typeof id === 'string' && hasMedia(id))) {
			throw new Error(`${name} is not of this account`);
		}
	}
}

function asObject(value: unknown, name: string): JsonObject {
	if (!isObject(value)) throw new Error(`${name} holds no elements`);
	return value;
}
