import { createXmlParser, toXml } from '../../nodes/base/xml';
import { FormatError } from '../../nodes/base/userError';

const parse = createXmlParser();
const read = (text: string) => parse(`<xml><a>${text}</a></xml>`).a;

// XML 1.0, 4.1 and 4.6: numbers and five names refer to characters.
test.each([
	['&#65;&#x42;&#x4e2d;&#x1F600;', 'AB中😀'],
	['&lt;b&gt; &amp;amp; &quot;c&quot; &apos;', '<b> &amp; "c" \''],
	['&#38;lt; &#x26;#65;', '&lt; &#65;'],
	['a&#10;b&#9;c', 'a\nb\tc'],
	['&#0; &#xD800; &#x110000; &#99999999999999999999; &unknown;', undefined],
	['<![CDATA[&#65;&lt;]]>', '&#65;&lt;'],
	['&#65;<![CDATA[&#65;]]>&#65;', 'A&#65;A'],
])('%s', (text, value = text) => expect(read(text)).toBe(value));

test('ten thousand references', () => {
	expect(read('&#x4e2d;&amp;'.repeat(10_000))).toBe('中&'.repeat(10_000));
});

describe.each([...Object.getOwnPropertyNames(Object.prototype), 'prototype'])('<%s>', (name) => {
	test('is text like any other', () => {
		const { a, ...others } = parse(`<xml><${name}>1</${name}><a>2</a></xml>`);
		expect(Object.entries(others)).toEqual([[name, '1']]);
		expect(a).toBe('2');
	});

	test('may be anywhere, and come twice', () => {
		const inner = `<${name}>1</${name}>`;
		const message = parse(`<xml><list>${inner}${inner}<b>2</b></list></xml>`);
		expect(Object.entries(message.list)).toEqual([
			[name, ['1', '1']],
			['b', '2'],
		]);
	});

	test('is no root', () => {
		expect(() => parse(`<${name}>1</${name}>`)).toThrow(FormatError);
	});
});

test('what was written is read', () => {
	const text = '&#65; <a> ]]> "中" 😀';
	expect(parse(toXml({ a: text })).a).toBe(text);
});
