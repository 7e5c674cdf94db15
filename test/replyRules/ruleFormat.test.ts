import type { Rule } from '../../nodes/replyRules/rule';
import { readRule, readRules, toSharedRule } from '../../nodes/replyRules/ruleFormat';
import { contentOf } from '../support/replies';

const text = { type: 'text', content: 'hi' };
const song = { title: 't', musicUrl: 'https://a.b/c', thumbMediaId: 'm' };
const article = { title: 't', description: 'd', picurl: 'https://a.b/p', url: 'https://a.b' };
const item = { Title: 't', Description: 'd', PicUrl: 'https://a.b/p', Url: 'https://a.b' };
const read = (type: unknown, reply: unknown) => readRule({ request: 'k', type, reply }).reply;

// "增加回复规则": as the document prints each type, its misprints included.
describe('the document of the Socialinzen platform', () => {
	test.each<[string, unknown, object]>([
		['text', text, { MsgType: 'text', Content: 'hi' }],
		['text', 'hi', { MsgType: 'text', Content: 'hi' }],
		[
			'image',
			{ type: 'image', content: { mediaId: 'm' } },
			{ MsgType: 'image', Image: { MediaId: 'm' } },
		],
		[
			'image',
			{ type: 'image', content: { mediald: 'm' } },
			{ MsgType: 'image', Image: { MediaId: 'm' } },
		],
		[
			'voice',
			{ type: 'voice', content: { mediald: 'm' } },
			{ MsgType: 'voice', Voice: { MediaId: 'm' } },
		],
		[
			'video',
			{ type: 'vedio', content: { title: 't', description: 'd', mediald: 'm' } },
			{ MsgType: 'video', Video: { MediaId: 'm', Title: 't', Description: 'd' } },
		],
		['vedio', { content: { mediaId: 'm' } }, { MsgType: 'video', Video: { MediaId: 'm' } }],
		[
			'music',
			{ title: 't', description: 'd', musicUrl: 'https://a.b/c', thumbMediald: 'm' },
			{
				MsgType: 'music',
				Music: { Title: 't', Description: 'd', MusicUrl: 'https://a.b/c', ThumbMediaId: 'm' },
			},
		],
		[
			'music',
			{ type: 'music', content: { ...song, hqMusicUrl: 'https://a.b/hq' } },
			{
				MsgType: 'music',
				Music: {
					Title: 't',
					MusicUrl: 'https://a.b/c',
					HQMusicUrl: 'https://a.b/hq',
					ThumbMediaId: 'm',
				},
			},
		],
		['multitext', article, { MsgType: 'news', ArticleCount: 1, Articles: { item: [item] } }],
		['multitext', [article], { MsgType: 'news', ArticleCount: 1, Articles: { item: [item] } }],
		[
			'news',
			{ type: 'news', content: [article, article] },
			{ MsgType: 'news', ArticleCount: 2, Articles: { item: [item, item] } },
		],
	])('%s as in %j', (type, reply, expected) => {
		expect(read(type, reply)).toEqual(expected);
		// A form sends an object as text, and gets it back so.
		if (typeof reply === 'object') expect(read(type, JSON.stringify(reply))).toEqual(expected);
	});

	// res.reply() of the library behind it.
	test.each<[string, unknown, string]>([
		['a text is a text', 'hi', 'text'],
		['a list is news', [article], 'news'],
		['an object without a type is a song', song, 'music'],
		['an object says its type', { type: 'vedio', content: { mediaId: 'm' } }, 'video'],
	])('a reply without a type is read: %s', (_, reply, type) =>
		expect(read(undefined, reply).MsgType).toBe(type),
	);

	test('a text that begins like JSON is a text', () => {
		for (const Content of ['[smile] hi', '{name}, hi', '[1, '])
			expect(read('text', Content)).toEqual({ MsgType: 'text', Content });
	});

	test('numbers in place of texts are taken, and keep their digits', () => {
		expect(read('text', { content: 7 })).toEqual({ MsgType: 'text', Content: '7' });
		expect(read('image', '{"content":{"mediaId":12345678901234567890}}')).toEqual({
			MsgType: 'image',
			Image: { MediaId: '12345678901234567890' },
		});
		expect(readRule({ request: 13800138000, reply: 'hi' }).request).toBe('13800138000');
		expect(readRule({ request: 12345678901234567890n, reply: 'hi' }).request).toBe(
			'12345678901234567890',
		);
	});

	test('the spellings of WeChat itself are taken as well', () => {
		expect(read('video', { media_id: 'm', Title: 't', desc: 'd', thumb_media_id: 'p' })).toEqual({
			MsgType: 'video',
			Video: { MediaId: 'm', Title: 't', Description: 'd' },
		});
		expect(read('music', { musicurl: 'u', hqmusicurl: 'h', ThumbMediaId: 'm', tile: 't' })).toEqual(
			{
				MsgType: 'music',
				Music: { Title: 't', MusicUrl: 'u', HQMusicUrl: 'h', ThumbMediaId: 'm' },
			},
		);
		expect(read('news', [{ Title: 't', picUrl: 'p', Url: 'u' }])).toMatchObject({
			Articles: { item: [{ Title: 't', Description: '', PicUrl: 'p', Url: 'u' }] },
		});
	});
});

test('what a rule leaves open is the exact keyword, switched on', () =>
	expect(readRule({ request: ' k ', reply: 'hi' })).toEqual({
		when: 'keyword',
		request: 'k',
		match: 'exact',
		reply: { MsgType: 'text', Content: 'hi' },
		enabled: true,
		priority: 0,
	}));

test('the preview picture of a video is kept beside the reply: WeChat refuses it in one', () => {
	const { reply, thumbMediaId } = readRule({
		request: 'k',
		type: 'video',
		reply: { content: { mediaId: 'm', thumbMediald: 'p' } },
	});
	expect(reply).toEqual({ MsgType: 'video', Video: { MediaId: 'm' } });
	expect(thumbMediaId).toBe('p');
});

test('only keywords and menu keys have a request', () => {
	expect(readRule({ when: 'subscribe', request: 'x', reply: 'hi' }).request).toBe('');
	expect(readRule({ when: 'noMatch', reply: 'hi' }).request).toBe('');
	expect(readRule({ when: 'menuKey', request: 'K', reply: 'hi' }).request).toBe('K');
});

describe('is refused:', () => {
	test.each<[string, unknown, string]>([
		['what is no object', 'k', 'A rule must be an object'],
		['null', null, 'A rule must be an object'],
		['a list', [], 'A rule must be an object'],
		['no request', { reply: 'hi' }, 'request is missing'],
		['a blank request', { request: ' 　', reply: 'hi' }, 'request is missing'],
		['a menu key that is missing', { when: 'menuKey', reply: 'hi' }, 'request is missing'],
		['a request of objects', { request: {}, reply: 'hi' }, 'request must be text'],
		[
			'a request too long',
			{ request: '好'.repeat(201), reply: 'hi' },
			'request has 201 characters',
		],
		['another when', { when: 'never', request: 'k', reply: 'hi' }, 'when is "never"'],
		['another match', { request: 'k', match: 'regex', reply: 'hi' }, 'match is "regex"'],
		['another type', { request: 'k', type: 'film', reply: 'hi' }, 'type is "film"'],
		['a type of objects', { request: 'k', type: 'toString', reply: 'hi' }, 'type is "toString"'],
		[
			'priority in words',
			{ request: 'k', reply: 'hi', priority: 'high' },
			'priority must be a number',
		],
		['enabled in words', { request: 'k', reply: 'hi', enabled: 'yes' }, 'enabled must be true'],
		['no reply', { request: 'k', type: 'text' }, 'content of reply is missing'],
		['no reply and no type', { request: 'k' }, 'type is "undefined"'],
		['null for a reply', { request: 'k', reply: null }, 'reply must be an object'],
		['an empty text', { request: 'k', reply: '' }, 'content of reply is missing'],
		[
			'a text of objects',
			{ request: 'k', type: 'text', reply: { a: 1 } },
			'content of reply must be text',
		],
		[
			'a text too long',
			{ request: 'k', reply: '好'.repeat(683) },
			'has 2049 bytes; WeChat takes 2048',
		],
		[
			'an image without ID',
			{ request: 'k', type: 'image', reply: { content: {} } },
			'mediaId of reply is missing',
		],
		[
			'a voice that is text',
			{ request: 'k', type: 'voice', reply: 'm' },
			'reply must be an object',
		],
		[
			'music without picture',
			{ request: 'k', reply: { musicUrl: 'u' } },
			'thumbMediaId of reply is missing',
		],
		['no article', { request: 'k', type: 'news', reply: [] }, 'reply has no article'],
		[
			'an article of text',
			{ request: 'k', type: 'news', reply: ['a'] },
			'An article of reply must be an object',
		],
		[
			'nine articles',
			{ request: 'k', reply: Array(9).fill(article) },
			'reply has 9 articles; WeChat takes 8',
		],
	])('%s', (_, given, message) => expect(() => readRule(given)).toThrow(message));
});

test('as much as WeChat takes is taken', () => {
	expect(contentOf(read('text', '好'.repeat(682) + 'ab'))).toHaveLength(684);
	expect(read('news', Array(8).fill(article))).toMatchObject({ ArticleCount: 8 });
	expect(readRule({ request: '😀'.repeat(200), reply: 'hi' }).request).toHaveLength(400);
});

describe('a list of rules', () => {
	const rule = { request: 'k', type: 'text', reply: text };

	test('may be a list, one rule, or what Export gives', () => {
		for (const given of [[rule], rule, { rules: [rule] }, { rules: rule }])
			expect(readRules(given)).toEqual([readRule(rule)]);
		expect(readRules([])).toEqual([]);
	});

	test('is refused with a word about the one that is wrong', () => {
		const wrong = { ...rule, request: 'second', match: 'x' };
		expect(() => readRules([rule, wrong])).toThrow('Rule 2 ("second"): match is "x"');
		expect(() => readRules([rule, rule, null])).toThrow('Rule 3: A rule must be an object');
		expect(() => readRules(null)).toThrow('Rule 1: A rule must be an object');
		expect(() => readRules([{ ...rule, request: 'x'.repeat(300) }])).toThrow(
			`Rule 1 ("${'x'.repeat(40)}"): request has 300 characters`,
		);
		expect(() => readRules([rule, wrong])).toThrow(
			expect.objectContaining({
				chinese:
					'第 2 条规则（“second”）有误，未导入任何规则：match 是“x”，只能是其中之一：exact、startsWith、wildcard、contains。',
			}) as Error,
		);
	});
});

// Every type, every when, and all that a rule can say.
const replies: Array<Pick<Rule, 'reply' | 'thumbMediaId'>> = [
	{ reply: { MsgType: 'text', Content: '{"a": 1} <&> 😀\n' } },
	{ reply: { MsgType: 'image', Image: { MediaId: 'm' } } },
	{ reply: { MsgType: 'voice', Voice: { MediaId: 'm' } } },
	{ reply: { MsgType: 'video', Video: { MediaId: 'm' } } },
	{
		reply: { MsgType: 'video', Video: { MediaId: 'm', Title: 't', Description: 'd' } },
		thumbMediaId: 'p',
	},
	{ reply: { MsgType: 'music', Music: { ThumbMediaId: 'm' } } },
	{
		reply: {
			MsgType: 'music',
			Music: { Title: 't', Description: 'd', MusicUrl: 'u', HQMusicUrl: 'h', ThumbMediaId: 'm' },
		},
	},
	{ reply: { MsgType: 'news', ArticleCount: 1, Articles: { item: [item] } } },
	{
		reply: {
			MsgType: 'news',
			ArticleCount: 2,
			Articles: { item: [item, { Title: '', Description: '', PicUrl: '', Url: '' }] },
		},
	},
];
const rules = replies.flatMap((reply): Rule[] => [
	{ when: 'keyword', request: 'k', match: 'wildcard', enabled: false, priority: -1.5, ...reply },
	{ when: 'keyword', request: '007', match: 'contains', enabled: true, priority: 7, ...reply },
	{ when: 'menuKey', request: 'K', match: 'exact', enabled: true, priority: 0, ...reply },
	{ when: 'subscribe', request: '', match: 'exact', enabled: true, priority: 0, ...reply },
	{ when: 'noMatch', request: '', match: 'exact', enabled: true, priority: 0, ...reply },
]);

test.each(rules)('exported and imported, $when with $reply is the same rule', (rule) => {
	const shape = toSharedRule(rule);
	expect(readRule(JSON.parse(JSON.stringify(shape)))).toEqual(rule);
	expect(readRule({ ...shape, reply: JSON.stringify(shape.reply) })).toEqual(rule);
});

test('rules are written as the document has them', () => {
	const written = replies.map((reply) => toSharedRule({ ...rules[0], ...reply }).reply);
	expect(written).toEqual([
		{ type: 'text', content: '{"a": 1} <&> 😀\n' },
		{ type: 'image', content: { mediaId: 'm' } },
		{ type: 'voice', content: { mediaId: 'm' } },
		{ type: 'video', content: { mediaId: 'm' } },
		{
			type: 'video',
			content: { mediaId: 'm', title: 't', description: 'd', thumbMediaId: 'p' },
		},
		{ thumbMediaId: 'm' },
		{ title: 't', description: 'd', musicUrl: 'u', hqMusicUrl: 'h', thumbMediaId: 'm' },
		[article],
		[article, { title: '', description: '', picurl: '', url: '' }],
	]);
	expect(toSharedRule(rules[0])).toEqual({
		when: 'keyword',
		request: 'k',
		match: 'wildcard',
		type: 'text',
		reply: written[0],
		enabled: false,
		priority: -1.5,
	});
	expect(toSharedRule(rules[2])).not.toHaveProperty('match');
});
