import { readList, readObject, type Answer } from '../api/response';
import { toChatFields } from '../push/chatFields';
import { readText, type Message } from '../push/message';
import { readNumber, readWords } from './answerFields';

export type BotMediaKind = 'file' | 'image' | 'video' | 'voice';

/** A file of a message, which lies encrypted at WeChat. */
export interface BotMedia {
	kind: BotMediaKind;
	/** `full_url`; empty when WeChat gives only `param`. */
	url: string;
	/** `encrypt_query_param` */
	param: string;
	/** The AES key as it came: hexadecimal, or Base64 of 16 bytes or of 32 hexadecimal digits. */
	key: string;
	/** Of files only. */
	fileName: string;
	/** Of the file as it was before it was encrypted, where it is known. */
	size?: number;
	md5?: string;
	/** Of voices: 5 AMR, 6 SILK, 7 MP3. */
	encodeType?: number;
	playtimeMs?: number;
}

/** What a message refers to (引用). */
interface Quote {
	messageId: string;
	/** What stands there, where it came with the message or is remembered. */
	text?: string;
}

/** A message that a person has sent to the bot. */
export interface BotMessage {
	id: string;
	/** Who wrote, …@im.wechat */
	from: string;
	/** The bot, …@im.bot */
	to: string;
	/** Empty outside of groups. */
	groupId: string;
	/** When it was written, in milliseconds. */
	at: number;
	/** What an answer must show; it is not for items. */
	contextToken: string;
	/** What it says, under the keys that WeChat pushes to accounts. */
	message: Message;
	media: BotMedia[];
	quote?: Quote;
}

/** Numbers of WeChat: the kinds of an item, and who has sent a message. */
const [TEXT, IMAGE, VOICE, FILE, VIDEO] = ['1', '2', '3', '4', '5'];
const OF_BOT = '2';
const DELETED = 'delete_time_ms';

/** The types of what WeChat pushes to accounts, which mean the same. */
const TYPES: Record<string, BotMediaKind | 'text' | undefined> = {
	[TEXT]: 'text',
	[IMAGE]: 'image',
	[VOICE]: 'voice',
	[FILE]: 'file',
	[VIDEO]: 'video',
};
const OTHER = 'other';

/**
 * Reads an entry of `msgs`; undefined when no person has written it, such as what the bot itself has sent.
 *
 * @see https://github.com/Tencent/openclaw-weixin
 */
export function readBotMessage(raw: Answer): BotMessage | undefined {
	const from = readWords(raw, 'from_user_id');
	const isWritten = readWords(raw, 'message_type') !== OF_BOT && !Number(raw[DELETED] ?? 0);
	if (!from || !isWritten) return undefined;
	const items = readList<unknown>(raw.item_list).map(readObject);
	const id = readWords(raw, 'message_id') || items.map(readItemId).find(Boolean) || '';
	const at = readNumber(raw, 'create_time_ms') ?? 0;
	const to = readWords(raw, 'to_user_id');
	const media = items.flatMap(readMedia);
	const quote = items.map(readQuote).find(Boolean);
	return {
		id,
		from,
		to,
		groupId: readWords(raw, 'group_id'),
		at,
		contextToken: readWords(raw, 'context_token'),
		message: {
			ToUserName: to,
			FromUserName: from,
			CreateTime: String(Math.floor(at / 1000)),
			...readContent(items),
			MsgId: id,
		},
		media,
		...(quote && { quote }),
	};
}

const readItemId = (item: Answer) => readWords(item, 'msg_id');
const readPart = (item: Answer, name: string) => readObject(item[`${name}_item`]);

/** A file counts more than the words beside it, which stay in Content. */
function readContent(items: Answer[]): Message {
	const types = items.map((item) => TYPES[readWords(item, 'type')] ?? OTHER);
	const known = types.filter((one) => one !== OTHER);
	const type = known.find((one) => one !== 'text') ?? known[0] ?? OTHER;
	const text = items
		.map((item) => readWords(readPart(item, 'text'), 'text'))
		.filter(Boolean)
		.join('\n');
	const transcript = items.map((item) => readWords(readPart(item, 'voice'), 'text')).find(Boolean);
	const title = items.map((item) => readWords(readPart(item, 'file'), 'file_name')).find(Boolean);
	return {
		MsgType: type,
		...(text && { Content: text }),
		...(transcript && { Recognition: transcript }),
		...(title && { Title: title }),
	};
}

function readMedia(item: Answer): BotMedia[] {
	const kind = TYPES[readWords(item, 'type')];
	if (!kind || kind === 'text') return [];
	const part = readPart(item, kind);
	const { media: reference, ...more } = part;
	const media = readObject(reference);
	const [url, param] = [readWords(media, 'full_url'), readWords(media, 'encrypt_query_param')];
	if (!url && !param) return [];
	const found: BotMedia = {
		kind,
		url,
		param,
		// In pictures the key stands in the clear, too, and that one counts.
		key: readWords(more, 'aeskey') || readWords(media, 'aes_key'),
		fileName: readWords(more, 'file_name'),
		size: readNumber(more, 'len'),
		md5: readWords(more, 'md5') || readWords(more, 'video_md5') || undefined,
		encodeType: readNumber(more, 'encode_type'),
		playtimeMs: readNumber(more, 'playtime'),
	};
	return [found];
}

/** Newer phones send only the id (`svr_id`). */
function readQuote(item: Answer): Quote | undefined {
	const reference = readObject(item.ref_msg);
	const quoted = readObject(reference.message_item);
	const messageId = readWords(reference, 'svr_id') || readWords(quoted, 'msg_id');
	const said =
		readWords(readPart(quoted, 'text'), 'text') || readWords(readPart(quoted, 'voice'), 'text');
	const text = said || readWords(reference, 'title');
	return messageId || text ? { messageId, ...(text && { text }) } : undefined;
}

/** What an item of a bot's message holds. */
type BotItem = Record<string, string | number | object | undefined> & {
	kind: string;
	dedupeKey: string;
};

/**
 * Creates the item that a workflow starts with, with the keys that WeChat Trigger gives.
 *
 * @param quotedText What the quote refers to, where that is remembered.
 */
export function toBotItem(message: BotMessage, botId: string, quotedText?: string): BotItem {
	const { id, groupId, quote, media, message: shown } = message;
	const text = readText(shown, 'Content') || readText(shown, 'Recognition');
	const known = quote && (quote.text ?? quotedText);
	const playtimeMs = media.find((one) => one.playtimeMs !== undefined)?.playtimeMs;
	return {
		...shown,
		...(text && { text }),
		...toChat(shown, botId),
		...(groupId && { groupId }),
		...(quote && { quote: { messageId: quote.messageId, ...(known && { text: known }) } }),
		...(playtimeMs !== undefined && { playtimeMs }),
		botId,
		kind: `message.${readText(shown, 'MsgType')}`,
		dedupeKey: [botId, message.from, id].join(':'),
	};
}

/** Words beside a file are what the person says: then they are the prompt. */
function toChat(shown: Message, botId: string) {
	const { chatInput, sessionId } = toChatFields(shown, botId);
	const words = readText(shown, 'Content');
	return { ...(chatInput && { chatInput: words || chatInput }), sessionId };
}
