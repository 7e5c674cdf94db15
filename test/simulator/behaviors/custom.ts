import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import { isObject, type JsonObject } from '../http/json';
import { missing, unknownField } from '../http/schema';
import type { ApiCall, Behavior } from './behavior';

const MAX_TEXT_BYTES = 2048;

/** 客服消息: the fields each msgtype needs inside the object of its name. */
const required: Record<string, string[]> = {
	text: ['content'],
	image: ['media_id'],
	voice: ['media_id'],
	video: ['media_id', 'thumb_media_id'],
	music: ['musicurl', 'hqmusicurl', 'thumb_media_id'],
	news: ['articles'],
	mpnews: ['media_id'],
	mpnewsarticle: ['article_id'],
	msgmenu: ['list'],
	wxcard: ['card_id'],
	miniprogrampage: ['title', 'appid', 'pagepath', 'thumb_media_id'],
	link: ['title', 'description', 'url', 'thumb_url'],
};

function checkMessage(account: Account, body: JsonObject): void {
	const type = String(body.msgtype);
	if (!Object.hasOwn(required, type)) throw new ApiError(40008);
	for (const other of Object.keys(required)) {
		if (other !== type && Object.hasOwn(body, other)) throw unknownField(`${other} of a ${type}`);
	}
	const content = body[type];
	if (!isObject(content)) throw missing(type, []);
	checkFields(content, required[type], type);

	if (type === 'text') checkText(String(content.content));
	if (type === 'news') checkNews(content.articles as JsonObject[]);
	if (type === 'msgmenu') checkMenu(content.list as JsonObject[]);
	if (type !== 'mpnews') checkMedia(account, content);
}

function checkFields(content: JsonObject, names: string[], path: string): void {
	for (const name of names) {
		if (!Object.hasOwn(content, name)) throw missing(`${path}.${name}`, []);
	}
}

function checkText(text: string): void {
	if (text === '') throw new ApiError(44004);
	if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw new ApiError(45002);
}

/** One article since October 2018, eight before. */
function checkNews(articles: JsonObject[]): void {
	if (articles.length === 0) throw new ApiError(44003);
	if (articles.length > 1) throw new ApiError(45008);
	checkFields(articles[0], ['title', 'url'], 'news.articles[0]');
}

function checkMenu(list: JsonObject[]): void {
	if (list.length === 0) throw missing('msgmenu.list[0]', []);
	list.forEach((item, index) => checkFields(item, ['id', 'content'], `msgmenu.list[${index}]`));
}

/** Media must have been uploaded to this account; mpnews names a draft instead. */
function checkMedia(account: Account, content: JsonObject): void {
	for (const id of [content.media_id, content.thumb_media_id]) {
		if (id !== undefined && !account.media.has(String(id))) throw new ApiError(40007);
	}
}

function receiver(account: Account, openid: unknown): string {
	const user = account.user(String(openid));
	if (!account.subscribers.has(user.openid)) throw new ApiError(43004);
	return user.openid;
}

function showTyping(account: Account, { body, state }: ApiCall): JsonObject {
	const openid = receiver(account, body.touser);
	const isKnown = body.command === 'Typing' || body.command === 'CancelTyping';
	if (!isKnown) throw new ApiError(45072);
	const isTyping = body.command === 'Typing';
	state.options.events.emit({ type: 'typing', appId: account.settings.appId, openid, isTyping });
	return {};
}

export const customBehaviors: Record<string, Behavior> = {
	'custom.send': (account, { body, state }) => {
		const openid = receiver(account, body.touser);
		checkMessage(account, body);
		if (isObject(body.customservice)) {
			checkFields(body.customservice, ['kf_account'], 'customservice');
		}
		if (state.options.replyWindow) account.windows.spend(openid);
		const message = { appId: account.settings.appId, body };
		state.messages.push(message);
		state.options.events.emit({ type: 'message', ...message });
		return {};
	},

	'custom.typing': showTyping,
	'custom.typingMini': showTyping,
};
