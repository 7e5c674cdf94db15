import { UserError } from '../base/userError';
import { parseJson } from '../base/json';
import type { Reply } from '../push/reply';
import type { XmlTree } from '../base/xml';
import { MATCH_MODES, WHENS, type MatchMode, type Rule, type RuleWhen } from './rule';

/**
 * A rule as people and files have it. `type`, `reply` and `request` are those of the Socialinzen platform's document
 * ("增加回复规则"), the rest says what it leaves open; without it a keyword matches exactly.
 */
export interface SharedRule {
	when: RuleWhen;
	request: string;
	match?: MatchMode;
	type: string;
	reply: unknown;
	enabled: boolean;
	priority: number;
}

/** The kinds of replies that rules can give, by their name in rules and in WeChat's MsgType. */
export const RULE_REPLY_TYPES = ['text', 'image', 'voice', 'video', 'music', 'news'] as const;
type Type = (typeof RULE_REPLY_TYPES)[number];

/** Names of kinds in that document, where they are not WeChat's. */
const OTHER_NAMES = new Map<string, Type>([
	['vedio', 'video'],
	['multitext', 'news'],
]);

/**
 * Elements of WeChat's reply and what they are called in rules: the name that is written first, then those that are read
 * as well: misprints of the document (`mediald` has an l for the capital I), and the spellings of WeChat's other interfaces.
 */
const NAMES: Record<string, string[]> = {
	MediaId: ['mediaId', 'mediald', 'media_id', 'MediaId'],
	Title: ['title', 'tile', 'Title'],
	Description: ['description', 'desc', 'Description'],
	MusicUrl: ['musicUrl', 'musicurl', 'MusicUrl'],
	HQMusicUrl: ['hqMusicUrl', 'hqmusicurl', 'HQMusicUrl'],
	ThumbMediaId: ['thumbMediaId', 'thumbMediald', 'thumb_media_id', 'ThumbMediaId'],
	PicUrl: ['picurl', 'picUrl', 'PicUrl'],
	Url: ['url', 'Url'],
};

/** What stands in the element of a kind; `!` is needed. */
const ELEMENTS: Record<Exclude<Type, 'text' | 'news'>, [element: string, ...names: string[]]> = {
	image: ['Image', 'MediaId!'],
	voice: ['Voice', 'MediaId!'],
	video: ['Video', 'MediaId!', 'Title', 'Description'],
	music: ['Music', 'Title', 'Description', 'MusicUrl', 'HQMusicUrl', 'ThumbMediaId!'],
};
const ARTICLE = ['Title', 'Description', 'PicUrl', 'Url'];

const MAX_TEXT_BYTES = 2048;
const MAX_ARTICLES = 8;
const MAX_REQUEST = 200;

/** Writes a rule in the shape of the document. */
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
	const type = reply.MsgType as Type;
	if (type === 'text') return { type, content: reply.Content };
	if (type === 'news') {
		const { item } = reply.Articles as { item: XmlTree[] };
		return item.map(writeNames);
	}
	const content = writeNames(reply[ELEMENTS[type][0]] as XmlTree);
	// The document has music bare: the object without a type is the song.
	if (type === 'music') return content;
	return { type, content: { ...content, ...(thumbMediaId && { thumbMediaId }) } };
}

const writeNames = (element: XmlTree): Record<string, unknown> =>
	Object.fromEntries(Object.entries(element).map(([name, value]) => [NAMES[name][0], value]));

/**
 * Reads a list of rules, a single one, or an object with `rules` in it. All or nothing: the one that is wrong is
 * named. Throws {@link UserError}.
 */
export function readRules(given: unknown): Rule[] {
	const { rules = given } = (given ?? {}) as { rules?: unknown };
	return [rules].flat().map((one, index) => {
		try {
			return readRule(one);
		} catch (error) {
			const request = (one as { request?: unknown } | null)?.request;
			const which = typeof request === 'string' ? ` ("${request.slice(0, 40)}")` : '';
			throw new UserError(
				`Rule ${index + 1}${which}: ${(error as Error).message}`,
				'None of the rules was taken.',
			);
		}
	});
}

/** Reads a rule in the shape of the document or of {@link toSharedRule}. Throws {@link UserError}. */
export function readRule(value: unknown): Rule {
	const given = readObject(value, 'A rule');
	const when = readOneOf(given.when ?? 'keyword', WHENS, 'when');
	const needsRequest = when === 'keyword' || when === 'menuKey';
	const request = needsRequest ? readText(given.request, 'request').trim() : '';
	if (needsRequest && request === '') throw new UserError('request is missing');
	const { length } = [...request];
	if (length > MAX_REQUEST)
		throw new UserError(`request has ${length} characters; ${MAX_REQUEST} are allowed`);
	const priority = Number(given.priority ?? 0);
	if (!Number.isFinite(priority)) throw new UserError('priority must be a number');
	const { enabled = true } = given;
	if (typeof enabled !== 'boolean') throw new UserError('enabled must be true or false');
	const match = readOneOf(given.match ?? 'exact', MATCH_MODES, 'match');
	return { when, request, match, enabled, priority, ...readReply(given) };
}

/** A form sends an object as JSON text, so a platform may hand it out as it got it. */
function readReply(given: Record<string, unknown>): Pick<Rule, 'reply' | 'thumbMediaId'> {
	let { reply } = given;
	if (typeof reply === 'string' && /^\s*[[{]/.test(reply))
		try {
			reply = parseJson(reply);
		} catch {
			// Then it is a text that begins so.
		}
	const inside = (reply ?? {}) as { type?: unknown; content?: unknown };
	const type = readType(given.type ?? inside.type, reply);
	const content = typeof reply === 'object' ? (inside.content ?? reply) : reply;
	if (type === 'text') return { reply: { MsgType: type, Content: checkText(content) } };
	if (type === 'news') return { reply: readNews(content) };
	const fields = readObject(content, 'reply');
	const [element, ...names] = ELEMENTS[type];
	const thumb = type === 'video' ? findText(fields, 'ThumbMediaId') : '';
	return {
		reply: { MsgType: type, [element]: readElement(fields, names) },
		...(thumb && { thumbMediaId: thumb }),
	};
}

function readType(name: unknown, reply: unknown): Type {
	if (name === undefined && Array.isArray(reply)) return 'news';
	if (name === undefined && typeof reply === 'string') return 'text';
	// As the library behind the document has it: an object that says nothing of its type is a song.
	if (name === undefined && typeof reply === 'object') return 'music';
	const text = String(name);
	return readOneOf(OTHER_NAMES.get(text) ?? text, RULE_REPLY_TYPES, 'type');
}

function checkText(content: unknown): string {
	const text = readText(content, 'content of reply');
	const bytes = Buffer.byteLength(text);
	if (text === '') throw new UserError('content of reply is missing');
	if (bytes > MAX_TEXT_BYTES)
		throw new UserError(`content of reply has ${bytes} bytes; WeChat takes ${MAX_TEXT_BYTES}`);
	return text;
}

/** One article may stand without its list. */
function readNews(content: unknown): Reply {
	const item = [content].flat().map((article) => {
		const fields = readObject(article, 'An article of reply');
		return Object.fromEntries(ARTICLE.map((name) => [name, findText(fields, name)]));
	});
	if (item.length === 0) throw new UserError('reply has no article');
	if (item.length > MAX_ARTICLES)
		throw new UserError(`reply has ${item.length} articles; WeChat takes ${MAX_ARTICLES}`);
	return { MsgType: 'news', ArticleCount: item.length, Articles: { item } };
}

function readElement(fields: Record<string, unknown>, names: string[]): XmlTree {
	const element: XmlTree = {};
	for (const marked of names) {
		const name = marked.replace('!', '');
		const text = findText(fields, name);
		if (text) element[name] = text;
		else if (name !== marked) throw new UserError(`${NAMES[name][0]} of reply is missing`);
	}
	return element;
}

function findText(fields: Record<string, unknown>, name: string): string {
	const key = NAMES[name].find((spelling) => fields[spelling] !== undefined);
	return key ? readText(fields[key], `${key} of reply`) : '';
}

function readText(value: unknown, what: string): string {
	if (value === undefined || value === null) return '';
	if (['string', 'number', 'bigint'].includes(typeof value)) return String(value);
	throw new UserError(`${what} must be text`);
}

function readObject(value: unknown, what: string): Record<string, unknown> {
	if (typeof value === 'object' && value !== null && !Array.isArray(value))
		return value as Record<string, unknown>;
	throw new UserError(`${what} must be an object`);
}

function readOneOf<T extends string>(value: unknown, known: readonly T[], what: string): T {
	const found = known.find((one) => one === value);
	if (found) return found;
	throw new UserError(`${what} is "${String(value)}"; it must be ${known.join(', ')}`);
}
