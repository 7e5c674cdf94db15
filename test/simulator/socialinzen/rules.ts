import { isObject, type JsonObject } from '../http/json';
import { Refusal } from './refusal';

export interface Rule {
	type: string;
	reply: unknown;
	/** The keyword. */
	request: string;
}

const MEDIA = ['mediaId', 'mediald'];
const THUMB = ['thumbMediaId', 'thumbMediald'];

/** Each key, in all its spellings; `?` marks one that may be missing. */
const SHAPES: Record<string, string[][]> = {
	image: [MEDIA],
	voice: [MEDIA],
	video: [MEDIA, ['title?'], ['description?']],
	music: [['title'], ['description?'], ['musicUrl'], ['hqMusicUrl?'], THUMB],
	multitext: [['title'], ['description'], ['picurl'], ['url']],
};
const MAX_ARTICLES = 8;

/**
 * Whether a reply is what its type needs; it is stored as it came. A tolerant reader: the type comes from the
 * rule, `content` is unwrapped where it is, and a single article is a list of one.
 */
export function checkReply(type: string, reply: unknown, mediaIs: MediaCheck): void {
	const kind = type === 'vedio' ? 'video' : type;
	const inner = isObject(reply) && 'content' in reply ? contentOf(kind, reply) : reply;
	if (kind === 'text') {
		if (typeof inner !== 'string' || inner === '') throw wrong(type, 'content must be text');
		return;
	}
	const articles = kind === 'multitext' ? [inner].flat() : [inner];
	if (articles.length === 0 || articles.length > MAX_ARTICLES)
		throw wrong(type, `it has ${articles.length} articles`);
	for (const one of articles) checkKeys(kind, one);
	const { mediaId, mediald, thumbMediaId, thumbMediald } = articles[0] as JsonObject;
	if (SHAPES[kind].includes(MEDIA)) mediaIs(kind, mediaId ?? mediald);
	if (kind === 'music') mediaIs('thumb', thumbMediaId ?? thumbMediald);
}

/** Throws unless the ID is of material of that kind. */
type MediaCheck = (kind: string, id: unknown) => void;

function contentOf(kind: string, { type, content, ...rest }: JsonObject): unknown {
	if (Object.keys(rest).length > 0)
		throw wrong(kind, `there is ${Object.keys(rest)[0]} beside content`);
	if (type !== kind && !(kind === 'video' && type === 'vedio'))
		throw wrong(kind, `its own type is ${String(type)}`);
	return content;
}

function checkKeys(kind: string, value: unknown): void {
	if (!isObject(value)) throw wrong(kind, 'it must be an object');
	const shape = SHAPES[kind];
	const known = shape.flat().map((key) => key.replace('?', ''));
	for (const [key, text] of Object.entries(value)) {
		if (!known.includes(key)) throw wrong(kind, `unknown key ${key}`);
		if (typeof text !== 'string') throw wrong(kind, `${key} must be text`);
	}
	for (const [first, ...others] of shape)
		if (!first.endsWith('?') && ![first, ...others].some((key) => key in value))
			throw wrong(kind, `${first} is missing`);
}

const wrong = (type: string, why: string) => new Refusal(400, `reply of type ${type}: ${why}`);
