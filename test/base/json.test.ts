import { parse } from 'lossless-json';
import { parseExactJson, parseJson, parseJsonTexts, writeJson } from '../../nodes/base/json';
import { integersFrom } from '../support/random';

/** More digits than a JavaScript number holds: another parser reads a text with it. */
const LONG = '24990011223344551';

/** JSON that servers write, and what it says. */
const LENIENT: Array<[string, string, object]> = [
	['a byte order mark', '\uFEFF{"a":"b"}', { a: 'b' }],
	// The bytes that lanrion/weixin_authorize#52 and node-webot/co-wechat-api#63 got.
	['0x14 in a name', '{"nickname":"\u0014琦娅🍭"}', { nickname: '\u0014琦娅🍭' }],
	['line breaks in a city', '{"city":"\b","province":"\n61"}', { city: '\b', province: '\n61' }],
	['every control character', `{"a":"${listControls()}"}`, { a: listControls() }],
	['control characters in a key', '{"a\tb":"c"}', { 'a\tb': 'c' }],
	['control characters between texts', '\u0000{"a"\u001b:"b"}\u0000', { a: 'b' }],
	['a raw one after an escaped backslash', '{"a":"\\\\\n"}', { a: '\\\n' }],
	['a backslash that escapes nothing', '{"a":"C:\\dir\\x \\u12"}', { a: 'C:\\dir\\x \\u12' }],
	['a backslash before a line break', '{"a":"b\\\nc"}', { a: 'b\\\nc' }],
	// The answer that the document of SOTER prints.
	['a comma before }', '{\n"is_support":true,\n}', { is_support: true }],
	['a comma before ]', '{"a":["b",\n],}', { a: ['b'] }],
	['a comma before } in a text', '{"a":",}\n"}', { a: ',}\n' }],
	['a key twice', '{"a":"b","a":"c"}', { a: 'c' }],
	[
		'keys of every object',
		'{"constructor":"a","toString":"b"}',
		{ constructor: 'a', toString: 'b' },
	],
];

test.each(LENIENT)('%s', (_, text, value) => {
	expect(parseJson(text)).toEqual(value);
	expect(parseExactJson(text)).toEqual(value);
});

test.each(LENIENT)('%s, beside a long id', (_, text, value) => {
	const pair = `[${text.replace('\uFEFF', '')},{"id":${LONG}}]`;
	expect(parseJson(pair)).toEqual([value, { id: LONG }]);
	expect(parseExactJson(pair)).toEqual([value, { id: BigInt(LONG) }]);
});

test.each([
	['the whole text', LONG, LONG],
	['a negative one', `{"a":-${LONG}}`, { a: `-${LONG}` }],
	['blanks before it', `{"a" : \r\n\t ${LONG}}`, { a: LONG }],
	['in a list', `[ ${LONG},${LONG}, ${LONG} ]`, [LONG, LONG, LONG]],
	['beside the same in a text', `{"a":"${LONG}","b":${LONG}}`, { a: LONG, b: LONG }],
])('a long id: %s', (_, text, value) => {
	expect(parseJson(text)).toEqual(value);
});

test('every number as its digits', () => {
	const text = `{"a":1.50,"b":[-2,1e3],"c":${LONG},"d":true,"e":null,"f":"\n"}`;
	const value = { a: '1.50', b: ['-2', '1e3'], c: LONG, d: true, e: null, f: '\n' };
	expect(parseJsonTexts(text)).toEqual(value);
});

/** How it was read before, by a parser that knows about numbers. */
function outcomeOf(read: () => unknown): string {
	try {
		return JSON.stringify(read());
	} catch {
		return 'refused';
	}
}
const parseByLibrary = (text: string) =>
	parse(text, undefined, {
		parseNumber: (digits) => digits,
		onDuplicateKey: ({ newValue }) => newValue,
	});

test('numbers as texts: strict JSON is read as the library reads it, or refused as there', () => {
	const roll = integersFrom(11);
	const pick = <T>(list: readonly T[]): T => list[roll() % list.length];
	const numbers = ['0', '-0', '1', '-12', '1.50', '1e3', '1E+30', '-2.5e-7', LONG, '1e999'];
	const texts = [
		'""',
		'"a"',
		'"1"',
		'"-2,"',
		'"\\""',
		'"\\\\"',
		'"3}"',
		'"你\\u4f60"',
		'"__proto__"',
	];
	const blanks = ['', '', '', ' ', '\n', '\t\r'];
	const pieces = [
		...[
			'"',
			'\\',
			',',
			':',
			'{',
			'}',
			'[',
			']',
			'-',
			'+',
			'.',
			'e',
			'E1',
			'0',
			'01',
			'7',
			'1 2',
			'null',
		],
		...['true', 'NaN', '\u00a0', '\u2028', '//', '"x" 5', '{1:2}', '{"a":1,2}', '[1,]', '\n'],
	];
	const valueOf = (depth: number): string => {
		const inner = () => `${pick(blanks)}${valueOf(depth - 1)}${pick(blanks)}`;
		const some = (make: () => string) => Array.from({ length: roll() % 4 }, make).join(',');
		if (depth === 0) return pick([pick(numbers), pick(texts), 'null', 'true']);
		return pick([
			() => `[${some(inner)}]`,
			() => `{${some(() => `${pick(texts)}${pick(blanks)}:${inner()}`)}}`,
			() => pick(numbers),
		])();
	};
	const tally = { read: 0, refused: 0 };
	for (let count = 0; count < 40_000; count++) {
		let text = valueOf(roll() % 4);
		for (let changes = roll() % 3; changes > 0; changes--) {
			const at = roll() % (text.length + 1);
			text = text.slice(0, at) + pick(pieces) + text.slice(at + (roll() % 3));
		}
		const expected = outcomeOf(() => parseByLibrary(text));
		// What is mended has tests of its own, above.
		if (expected !== 'refused' || !/^\s*[[{]/.test(text))
			expect([text, outcomeOf(() => parseJsonTexts(text))]).toEqual([text, expected]);
		tally[expected === 'refused' ? 'refused' : 'read']++;
	}
	for (const times of Object.values(tally)) expect(times).toBeGreaterThan(5000);
});

test.each(['x', '{"a":', '{"a":"b}', '["a" "b"]', '<html>{"a":"b"}', "{'a':'b'}", '{"a":"b"}}'])(
	'%j is no JSON',
	(text) => {
		expect(() => parseJson(text)).toThrow(SyntaxError);
		expect(() => parseExactJson(text + LONG)).toThrow(SyntaxError);
	},
);

test('an own __proto__ is a key like any other', () => {
	for (const id of [1, LONG])
		expect(JSON.stringify(parseJson(`{"__proto__":{"a":"\n"},"id":${id}}`))).toMatch(
			/^{"__proto__":{"a":"\\n"}/,
		);
});

// Reading takes one pass, whatever there is too much of.
test.each(['\\"', '"', '\\', ',', ', ', '\n', '["'])('a million of %j', (part) => {
	const text = `{"a":"\n${part.repeat(1_000_000 / part.length)}`;
	for (const parse of [parseJson, parseJsonTexts]) expect(() => parse(text)).toThrow(SyntaxError);
});
test.each(['1', '1 ', '-', '1-', '1.', '0', 'e', ' ', '1:'])(
	'a million of %j as numbers',
	(part) => {
		const text = `{"a":${part.repeat(1_000_000 / part.length)}x`;
		expect(() => parseJsonTexts(text)).toThrow(SyntaxError);
	},
);

// ArtisanCloud/PowerWeChat#189, silenceper/wechat#15, offu/WeRoBot#50: escapes are refused, or shown to the user.
test('what is sent holds no escapes of control characters', () => {
	const value = { a: `a${listControls()}b`, list: ['\u0007c', '\ud83d'], id: BigInt(LONG) };
	expect(writeJson(value)).toBe(`{"a":"a\\t\\n\\rb","list":["c","\ufffd"],"id":${LONG}}`);
});

function listControls(): string {
	return String.fromCharCode(...Array(32).keys());
}
