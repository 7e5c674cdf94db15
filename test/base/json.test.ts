import { parseExactJson, parseJson, parseJsonTexts, writeJson } from '../../nodes/base/json';

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

test('every number as its digits', () => {
	const text = `{"a":1.50,"b":[-2,1e3],"c":${LONG},"d":true,"e":null,"f":"\n"}`;
	const value = { a: '1.50', b: ['-2', '1e3'], c: LONG, d: true, e: null, f: '\n' };
	expect(parseJsonTexts(text)).toEqual(value);
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
	expect(() => parseJson(`{"a":"\n${part.repeat(1_000_000 / part.length)}`)).toThrow(SyntaxError);
});

// ArtisanCloud/PowerWeChat#189, silenceper/wechat#15, offu/WeRoBot#50: escapes are refused, or shown to the user.
test('what is sent holds no escapes of control characters', () => {
	const value = { a: `a${listControls()}b`, list: ['\u0007c', '\ud83d'], id: BigInt(LONG) };
	expect(writeJson(value)).toBe(`{"a":"a\\t\\n\\rb","list":["c","\ufffd"],"id":${LONG}}`);
});

function listControls(): string {
	return String.fromCharCode(...Array(32).keys());
}
