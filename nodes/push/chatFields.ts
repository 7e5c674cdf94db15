import { readText, type Message } from './message';

/** What n8n's AI Agent takes as the prompt, and its memories as the name of a conversation. */
interface ChatFields {
	/** Missing where nobody has said anything, such as in events. */
	chatInput?: string;
	/** Missing where nobody has caused the push. */
	sessionId?: string;
}

/**
 * What is said of a message that is no text, in both languages: models answer in that of the person. The elements that
 * tell more about it come behind.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
 */
const DESCRIPTIONS: Record<string, { words: string; parts?: string[] }> = {
	file: { words: '文件 file', parts: ['Title'] },
	image: { words: '图片 picture' },
	link: { words: '链接 link', parts: ['Title', 'Description', 'Url'] },
	location: { words: '位置 location', parts: ['Label', 'Location_X', 'Location_Y'] },
	miniprogrampage: { words: '小程序卡片 mini program card', parts: ['Title', 'PagePath'] },
	shortvideo: { words: '小视频 short video' },
	video: { words: '视频 video' },
	voice: { words: '语音 voice message' },
};

/**
 * Creates what AI nodes read of a push. The account is part of the session: an OpenID counts in one account only.
 *
 * @param accountAppId Empty in a push that names no account by its AppID; then its user name (gh_…) stands for it.
 */
export function toChatFields(message: Message, accountAppId: string): ChatFields {
	const chatInput = toChatInput(message);
	const openid = readText(message, 'FromUserName');
	const account = accountAppId || readText(message, 'ToUserName');
	return {
		...(chatInput && { chatInput }),
		...(openid && { sessionId: `${account}:${openid}` }),
	};
}

/** Writes what a message says; empty for an event. A tap on an answer of a menu message comes as a text. */
export function toChatInput(message: Message): string {
	const type = readText(message, 'MsgType');
	if (type === 'text') return readText(message, 'Content');
	// WeChat ended speech recognition in 2023; servers that push in its place may still send it.
	const spoken = type === 'voice' && readText(message, 'Recognition');
	if (spoken) return spoken;
	if (!type || type === 'event') return '';
	const { words, parts = [] } = DESCRIPTIONS[type] ?? { words: type };
	const more = parts.map((part) => readText(message, part).trim()).filter(Boolean);
	return `[${[words, more.join(', ')].filter(Boolean).join(': ')}]`;
}
