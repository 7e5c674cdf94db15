import { sortRules, createMatcher } from '../../nodes/replyRules/matcher';
import type { MatchMode, Rule } from '../../nodes/replyRules/rule';
import { contentOf } from '../support/replies';

const rule = (request: string, match: MatchMode = 'exact', more: Partial<Rule> = {}): Rule => ({
	when: 'keyword',
	request,
	match,
	reply: { MsgType: 'text', Content: `${match} ${request}` },
	enabled: true,
	priority: 0,
	...more,
});
const text = (Content: string) => ({ MsgType: 'text', Content });
const event = (Event: string, EventKey = '') => ({ MsgType: 'event', Event, EventKey });
/** What answers a text, in the words of the rule. */
const answerOf = (rules: Rule[], content: string) =>
	contentOf(createMatcher(rules)(text(content))?.reply);

describe('a keyword', () => {
	test.each<[MatchMode, string, string, boolean]>([
		['exact', 'hello', 'hello', true],
		['exact', 'hello', 'hello there', false],
		['exact', 'hello', 'say hello', false],
		['exact', 'a*', 'ab', false],
		['contains', '营业', '请问营业时间?', true],
		['contains', 'open', 'closed', false],
		['contains', 'a?c', 'abc', false],
		['startsWith', 'order ', 'order 66', true],
		['startsWith', 'order', 'my order', false],
		['wildcard', 'order *', 'order 66', true],
		['wildcard', 'order *', 'my order 66', false],
		['wildcard', '*hours', 'opening hours', true],
		['wildcard', '*hours', 'opening hours?', false],
		['wildcard', '*a*b*', 'xxaxxbxx', true],
		['wildcard', '*a*b*', 'xxbxxaxx', false],
		['wildcard', 'a?c', 'abc', true],
		['wildcard', 'a?c', 'ac', false],
		['wildcard', 'a?c', 'abbc', false],
		['wildcard', '*ab', 'aab', true],
		['wildcard', 'a*', 'a', true],
		['wildcard', '?', '😀', true],
		['wildcard', '??', '😀', false],
		['wildcard', 'a.c', 'abc', false],
		['wildcard', '[ab]', 'a', false],
		['wildcard', '*', 'line\nbreak', true],
	])('that is compared by %s: %j and %j: %s', (match, request, content, fits) => {
		expect(createMatcher([rule(request, match)])(text(content)) !== undefined).toBe(fits);
	});

	// Phones write capital letters at the beginning, and full-width ones in Chinese.
	test.each<MatchMode>(['exact', 'contains', 'startsWith', 'wildcard'])(
		'that is compared by %s is the same in capitals, full width and between blanks',
		(match) => {
			for (const request of ['Hello', 'ｈｅｌｌｏ', ' hello '])
				for (const content of ['HELLO', 'ｈｅｌｌｏ', '\n hello　'])
					expect(createMatcher([rule(request, match)])(text(content))).toBeDefined();
		},
	);

	test('answers texts only', () => {
		const find = createMatcher([rule('k'), rule('*', 'wildcard')]);
		expect(find(event('CLICK', 'k'))).toBeUndefined();
		expect(find({ MsgType: 'voice', Content: 'k' })).toBeUndefined();
	});

	test('of a rule that is switched off answers nothing', () => {
		const off = { enabled: false };
		for (const match of ['exact', 'contains'] as const)
			expect(answerOf([rule('k', match, off)], 'k')).toBeUndefined();
		expect(answerOf([rule('k', 'exact', off), rule('*', 'wildcard')], 'k')).toBe('wildcard *');
	});
});

describe('of several rules that fit', () => {
	const every = [
		rule('opening', 'contains'),
		rule('*hours', 'wildcard'),
		rule('opening h', 'startsWith'),
		rule('opening hours'),
	];

	test('the more exact one answers, whatever their order', () => {
		for (const rules of [every, [...every].reverse()])
			expect(answerOf(rules, 'opening hours')).toBe('exact opening hours');
		expect(answerOf(every, 'opening h ours')).toBe('startsWith opening h');
		expect(answerOf(every, 'no opening hours')).toBe('wildcard *hours');
		expect(answerOf(every, 'no opening')).toBe('contains opening');
	});

	test.each<MatchMode>(['startsWith', 'wildcard', 'contains'])(
		'the one with the highest priority answers, also before an exact one: %s',
		(match) => {
			const first = rule(match === 'wildcard' ? 'open*' : 'open', match, { priority: 1 });
			expect(answerOf([...every, first], 'opening hours')).toBe(contentOf(first.reply));
			const last = { ...first, priority: -1 };
			expect(answerOf([...every, last], 'opening hours')).toBe('exact opening hours');
		},
	);

	test('among equals the longer keyword answers', () => {
		const rules = [rule('a', 'contains'), rule('abc', 'contains'), rule('ab', 'contains')];
		expect(answerOf(rules, 'xabcx')).toBe('contains abc');
		expect(answerOf(rules, 'xabx')).toBe('contains ab');
	});

	test('the rest is settled by the keyword, so that each process answers the same', () => {
		const rules = [rule('b', 'contains'), rule('a', 'contains')];
		for (const given of [rules, [...rules].reverse()]) {
			expect(sortRules(given).map(({ request }) => request)).toEqual(['a', 'b']);
			expect(answerOf(given, 'ab')).toBe('contains a');
		}
	});

	test('the list that they came in stays as it is', () => {
		const given = [rule('a'), rule('bb')];
		sortRules(given);
		expect(given.map(({ request }) => request)).toEqual(['a', 'bb']);
	});
});

describe('what is no keyword', () => {
	const rules = [
		rule('', 'exact', { when: 'subscribe' }),
		rule('HELP', 'exact', { when: 'menuKey' }),
		rule('', 'exact', { when: 'noMatch' }),
		rule('help'),
	];
	const found = (message: Record<string, string>) => createMatcher(rules)(message)?.when;

	test('a subscription has a rule of its own, also by a QR code with a scene', () => {
		expect(found(event('subscribe'))).toBe('subscribe');
		expect(found(event('subscribe', 'qrscene_7'))).toBe('subscribe');
	});

	test('a menu key is another rule than the keyword, and counts to the letter', () => {
		expect(found(event('CLICK', 'HELP'))).toBe('menuKey');
		expect(found(event('CLICK', 'help'))).toBeUndefined();
		expect(found(text('HELP'))).toBe('keyword');
	});

	test('is compared by no pattern: what a file says of that means nothing', () => {
		const key = rule('HELP', 'contains', { when: 'menuKey' });
		const find = createMatcher([key, rule('', 'contains', { when: 'subscribe' })]);
		expect(find(text('help me'))).toBeUndefined();
		expect(find(event('CLICK', 'HELP'))).toBe(key);
	});

	test.each(['text', 'image', 'voice', 'video', 'location', 'link'])(
		'a message of the type %s that nothing matched has a rule of its own',
		(MsgType) => {
			expect(found({ MsgType, Content: 'something else' })).toBe('noMatch');
			expect(createMatcher([rule('help')])({ MsgType, Content: 'x' })).toBeUndefined();
		},
	);

	test.each(['SCAN', 'unsubscribe', 'VIEW', 'LOCATION', 'TEMPLATESENDJOBFINISH', 'CLICK'])(
		'the event %s is no message: nobody waits for an answer',
		(name) => expect(found(event(name, 'other'))).toBeUndefined(),
	);

	test('what is switched off does not answer', () => {
		const off = rules.map((one) => ({ ...one, enabled: false }));
		for (const message of [event('subscribe'), event('CLICK', 'HELP'), text('x')])
			expect(createMatcher(off)(message)).toBeUndefined();
	});
});

describe('wildcards', () => {
	/** What the two signs mean, one sign at a time. */
	function fits([sign, ...pattern]: string[], content: string[]): boolean {
		const [first, ...rest] = content;
		if (sign === undefined) return content.length === 0;
		if (sign === '*')
			return fits(pattern, content) || (content.length > 0 && fits([sign, ...pattern], rest));
		return content.length > 0 && (sign === '?' || sign === first) && fits(pattern, rest);
	}

	/** The same numbers each time (mulberry32). */
	function random(seed: number): (below: number) => number {
		let state = seed;
		return (below) => {
			state = (state + 0x6d2b79f5) | 0;
			let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
			mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
			return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
		};
	}

	test('mean what the simplest way to read them says: 5,000 patterns', () => {
		const next = random(7);
		const word = (signs: string[], most: number) =>
			Array.from({ length: next(most + 1) }, () => signs[next(signs.length)]).join('');
		let fitting = 0;
		for (let round = 0; round < 5000; round++) {
			const pattern = word(['a', 'b', '😀', '*', '*', '?'], 7);
			const content = word(['a', 'b', '😀'], 8);
			const expected = fits([...pattern], [...content]);
			const rules = [rule(pattern || '-', 'wildcard')];
			if (!pattern) continue;
			if (expected) fitting++;
			expect([pattern, content, createMatcher(rules)(text(content)) !== undefined]).toEqual([
				pattern,
				content,
				expected,
			]);
		}
		// Neither is the exception.
		expect(fitting).toBeGreaterThan(500);
		expect(fitting).toBeLessThan(4500);
	});

	// 2,048 bytes are the longest text, 200 characters the longest keyword: what takes exponential time ends never.
	test('that go wrong for other engines take no time', () => {
		const find = createMatcher([rule(`${'*a'.repeat(99)}*b`, 'wildcard'), rule('a?b', 'wildcard')]);
		expect(find(text(`b${'a'.repeat(2047)}`))).toBeUndefined();
		expect(find(text(`${'a'.repeat(2047)}b`))).toBeDefined();
	});
});

test('thousands of rules are told apart', () => {
	const modes = ['exact', 'startsWith', 'wildcard', 'contains'] as const;
	const rules = Array.from({ length: 2000 }, (_, n) => rule(`word${n}.`, modes[n % 4]));
	const find = createMatcher(rules);
	for (const one of rules) expect(find(text(one.request))).toBe(one);
	expect(find(text('word'))).toBeUndefined();
});
