import { UserError } from '../base/userError';
import { parseJson } from '../base/json';
import {
	findPart,
	MAX_ARTICLES,
	MESSAGE_PARTS,
	MESSAGE_TYPES,
	type MessagePartName,
	type MessageType,
} from '../push/messageTypes';
import type { Article, Reply } from '../push/reply';
import { MATCH_MODES, WHENS, type MatchMode, type Rule, type RuleWhen } from './rule';

/**
 * A rule in a file or an item. `type`, `reply` and `request` are those of the Socialinzen document (增加回复规则). The
 * other fields are ours: that document does not have them. Without `match`, a keyword matches exactly.
 */
interface SharedRule {
	when: RuleWhen;
	request: string;
	match?: MatchMode;
	type: string;
	reply: unknown;
	enabled: boolean;
	priority: number;
}

/** Names of message types in that document, where they are not WeChat's. */
const OTHER_NAMES = new Map<string, MessageType>([
	['vedio', 'video'],
	['multitext', 'news'],
]);

const TYPES = Object.keys(MESSAGE_TYPES) as MessageType[];
const MAX_REQUEST = 200;

/** Writes a rule in the format of the Socialinzen document. */
export function toSharedRule({
	when,
	request,
	match,
	enabled,
	priority,
	...given
}: Rule): SharedRule {
	const { MsgType: type } = given.reply;
	const reply = toSharedReply(given);
	return { when, request, ...(when === 'keyword' && { match }), type, reply, enabled, priority };
}

function toSharedReply({ reply, thumbMediaId }: Pick<Rule, 'reply' | 'thumbMediaId'>): unknown {
	const { MsgType: type } = reply;
	switch (type) {
		case 'text':
			return { type, content: reply.Content };
		case 'news':
			return reply.Articles.item.map(writeNames);
		case 'music':
			// In the document an object without a type is music.
			return writeNames(reply.Music);
		case 'video':
			return {
				type,
				content: { ...writeNames(reply.Video), ...(thumbMediaId && { thumbMediaId }) },
			};
		case 'image':
			return { type, content: writeNames(reply.Image) };
		case 'voice':
			return { type, content: writeNames(reply.Voice) };
		default:
			throw new UserError(
				`A rule cannot answer with ${type}`,
				undefined,
				`回复规则不能用 ${type} 类型回复：请换一种类型。`,
			);
	}
}

const writeNames = (element: object): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(element).map(([name, value]) => [findPart(name)?.rule[0] ?? name, value]),
	);

/**
 * Reads a list of rules, a single rule, or an object with `rules`. Takes all of them or none.
 *
 * @throws {UserError} when a rule is wrong; the message names it.
 */
export function readRules(given: unknown): Rule[] {
	const { rules = given } = (given ?? {}) as { rules?: unknown };
	return [rules].flat().map((one, index) => {
		try {
			return readRule(one);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			const request = (one as { request?: unknown } | null)?.request;
			const named = typeof request === 'string' ? request.slice(0, 40) : undefined;
			const which = named === undefined ? '' : ` ("${named}")`;
			const whichInChinese = named === undefined ? '' : `（“${named}”）`;
			throw new UserError(
				`Rule ${index + 1}${which}: ${error.message}`,
				'None of the rules was taken.',
				`第 ${index + 1} 条规则${whichInChinese}有误，未导入任何规则：${error.chinese}`,
			);
		}
	});
}

/**
 * Reads a rule in the format of the Socialinzen document or of {@link toSharedRule}.
 *
 * @throws {UserError} when a field is missing or wrong.
 */
export function readRule(value: unknown): Rule {
	const given = readObject(value, 'A rule', '规则');
	const when = readOneOf(given.when ?? 'keyword', WHENS, 'when');
	const needsRequest = when === 'keyword' || when === 'menuKey';
	const request = needsRequest ? readText(given.request, 'request').trim() : '';
	if (needsRequest && request === '')
		throw new UserError('request is missing', undefined, 'request 没有填写。');
	const { length } = [...request];
	if (length > MAX_REQUEST)
		throw new UserError(
			`request has ${length} characters; ${MAX_REQUEST} are allowed`,
			undefined,
			`request 有 ${length} 个字符，最多 ${MAX_REQUEST} 个。`,
		);
	const priority = Number(given.priority ?? 0);
	if (!Number.isFinite(priority))
		throw new UserError('priority must be a number', undefined, 'priority 应是数字。');
	const { enabled = true } = given;
	if (typeof enabled !== 'boolean')
		throw new UserError(
			'enabled must be true or false',
			undefined,
			'enabled 只能是 true 或 false。',
		);
	const match = readOneOf(given.match ?? 'exact', MATCH_MODES, 'match');
	return { when, request, match, enabled, priority, ...readReply(given) };
}

/** A form sends an object as JSON text, so a server may return the text. */
function readReply(given: Record<string, unknown>): Pick<Rule, 'reply' | 'thumbMediaId'> {
	let { reply } = given;
	if (typeof reply === 'string' && /^\s*[[{]/.test(reply))
		try {
			reply = parseJson(reply);
		} catch {
			// Not JSON after all: keep it as text.
		}
	const inside = (reply ?? {}) as { type?: unknown; content?: unknown };
	const type = readType(given.type ?? inside.type, reply);
	const content = typeof reply === 'object' ? (inside.content ?? reply) : reply;
	if (type === 'text') return { reply: { MsgType: type, Content: checkText(content) } };
	if (type === 'news') return { reply: readNews(content) };
	const fields = readObject(content, 'reply');
	const thumb = type === 'video' ? findText(fields, 'thumbMediaId') : '';
	return {
		// The names are those of the type, so it is one of the replies.
		reply: { MsgType: type, [MESSAGE_TYPES[type].element]: readElement(fields, type) } as Reply,
		...(thumb && { thumbMediaId: thumb }),
	};
}

function readType(name: unknown, reply: unknown): MessageType {
	if (name === undefined && Array.isArray(reply)) return 'news';
	if (name === undefined && typeof reply === 'string') return 'text';
	// As in the library behind the document: an object without a type is music.
	if (name === undefined && typeof reply === 'object') return 'music';
	const text = String(name);
	return readOneOf(OTHER_NAMES.get(text) ?? text, TYPES, 'type');
}

function checkText(content: unknown): string {
	const text = readText(content, 'content of reply', 'reply 的 content');
	const { maxBytes } = MESSAGE_PARTS.content.field;
	const bytes = Buffer.byteLength(text);
	if (text === '')
		throw new UserError('content of reply is missing', undefined, 'reply 的 content 没有填写。');
	if (bytes > maxBytes)
		throw new UserError(
			`content of reply has ${bytes} bytes; WeChat takes ${maxBytes}`,
			undefined,
			`reply 的 content 有 ${bytes} 字节，微信最多接受 ${maxBytes} 字节。`,
		);
	return text;
}

/** A single article may come without a list around it. */
function readNews(content: unknown): Reply {
	const item = [content].flat().map((article): Article => {
		const fields = readObject(article, 'An article of reply', 'reply 中的每篇图文');
		const { parts } = MESSAGE_TYPES.news;
		return Object.fromEntries(
			parts.map((part) => [MESSAGE_PARTS[part].element, findText(fields, part)]),
		);
	});
	if (item.length === 0)
		throw new UserError('reply has no article', undefined, 'reply 中没有图文。');
	if (item.length > MAX_ARTICLES)
		throw new UserError(
			`reply has ${item.length} articles; WeChat takes ${MAX_ARTICLES}`,
			undefined,
			`reply 中有 ${item.length} 篇图文，微信最多接受 ${MAX_ARTICLES} 篇。`,
		);
	return { MsgType: 'news', ArticleCount: item.length, Articles: { item } };
}

function readElement(
	fields: Record<string, unknown>,
	type: Exclude<MessageType, 'news' | 'text'>,
): Record<string, string> {
	const { parts, required }: { parts: readonly MessagePartName[]; required: readonly string[] } =
		MESSAGE_TYPES[type];
	const element: Record<string, string> = {};
	for (const part of parts) {
		const text = findText(fields, part);
		if (text) element[MESSAGE_PARTS[part].element] = text;
		else if (required.includes(part))
			throw new UserError(`${part} of reply is missing`, undefined, `reply 的 ${part} 没有填写。`);
	}
	return element;
}

function findText(fields: Record<string, unknown>, part: MessagePartName): string {
	const key = MESSAGE_PARTS[part].rule.find((spelling) => fields[spelling] !== undefined);
	return key ? readText(fields[key], `${key} of reply`, `reply 的 ${key}`) : '';
}

function readText(value: unknown, what: string, chinese = what): string {
	if (value === undefined || value === null) return '';
	if (['string', 'number', 'bigint'].includes(typeof value)) return String(value);
	throw new UserError(`${what} must be text`, undefined, `${chinese} 应是文本。`);
}

function readObject(value: unknown, what: string, chinese = `${what} `): Record<string, unknown> {
	if (typeof value === 'object' && value !== null && !Array.isArray(value))
		return value as Record<string, unknown>;
	throw new UserError(`${what} must be an object`, undefined, `${chinese}应是对象。`);
}

function readOneOf<T extends string>(value: unknown, known: readonly T[], what: string): T {
	const found = known.find((one) => one === value);
	if (found) return found;
	throw new UserError(
		`${what} is "${String(value)}"; it must be ${known.join(', ')}`,
		undefined,
		`${what} 是“${String(value)}”，只能是其中之一：${known.join('、')}。`,
	);
}
