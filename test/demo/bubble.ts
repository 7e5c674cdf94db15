import { isObject, type JsonObject } from '../simulator/http/json';
import { partsOf, webAddress, type Part } from './text';

export interface Article {
	title: string;
	description: string;
	picture?: string;
	url?: string;
}

/** One thing in a chat, as data: the page makes elements of it and never HTML. */
export type Bubble =
	| { kind: 'text'; parts: Part[] }
	| { kind: 'image'; src: string }
	| { kind: 'location'; label: string; latitude: string; longitude: string }
	| { kind: 'news'; articles: Article[] }
	/** What this page does not play or open: voice, video, music, mpnews, miniprogrampage, … */
	| { kind: 'card'; of: string; title: string; description: string; url?: string }
	/** 菜单消息: the user may tap one of the items. */
	| { kind: 'choice'; head: Part[]; items: Array<{ id: string; content: string }>; tail: Part[] }
	/** 该公众号提供的服务出现故障，请稍后再试. */
	| { kind: 'fault' }
	/** What the user did that is no message. */
	| { kind: 'note'; what: string; detail?: string; url?: string };

type MediaUrl = (mediaId: string) => string;

/** What the user sees of a passive reply (被动回复); nothing when it is handed to customer service. */
export function replyBubble(reply: JsonObject, mediaUrl: MediaUrl): Bubble | undefined {
	const type = String(reply.MsgType);
	if (type === 'transfer_customer_service') return undefined;
	if (type === 'text') return { kind: 'text', parts: partsOf(String(reply.Content)) };
	if (type === 'news') {
		const { item } = reply.Articles as JsonObject;
		const articles = [item].flat().map((one) => articleOf(one, 'Title', 'PicUrl'));
		return { kind: 'news', articles };
	}
	const [element] = Object.values(reply).filter(isObject);
	const { MediaId, Title, Description, MusicUrl } = element;
	if (type === 'image') return { kind: 'image', src: mediaUrl(String(MediaId)) };
	const url = type === 'music' ? webAddress(MusicUrl) : mediaUrl(String(MediaId));
	return cardOf(type, Title, Description, url);
}

/** What the user sees of a customer service message (客服消息). */
export function messageBubble(message: JsonObject, mediaUrl: MediaUrl): Bubble {
	const type = String(message.msgtype);
	const content = message[type] as JsonObject;
	const media = () => mediaUrl(String(content.media_id));
	if (type === 'text') return { kind: 'text', parts: partsOf(String(content.content)) };
	if (type === 'image') return { kind: 'image', src: media() };
	if (type === 'msgmenu') return choiceOf(content);
	if (type === 'news') {
		const articles = content.articles as JsonObject[];
		return { kind: 'news', articles: articles.map((one) => articleOf(one, 'title', 'picurl')) };
	}
	const isPlayed = type === 'voice' || type === 'video';
	const url = isPlayed ? media() : webAddress(content.musicurl ?? content.url);
	return cardOf(type, content.title, content.description, url);
}

/** The names of the fields differ in case only, but for the picture. */
function articleOf(item: unknown, title: 'Title' | 'title', picture: string): Article {
	const [description, url] = title === 'Title' ? ['Description', 'Url'] : ['description', 'url'];
	const fields = item as JsonObject;
	return {
		title: String(fields[title] ?? ''),
		description: String(fields[description] ?? ''),
		picture: webAddress(fields[picture]),
		url: webAddress(fields[url]),
	};
}

function choiceOf({ head_content: head, list, tail_content: tail }: JsonObject): Bubble {
	const items = (list as JsonObject[]).map(({ id, content }) => ({
		id: String(id),
		content: String(content),
	}));
	return {
		kind: 'choice',
		head: partsOf(String(head ?? '')),
		items,
		tail: partsOf(String(tail ?? '')),
	};
}

function cardOf(of: string, title: unknown, description: unknown, url?: string): Bubble {
	return {
		kind: 'card',
		of,
		title: String(title ?? ''),
		description: String(description ?? ''),
		url,
	};
}
