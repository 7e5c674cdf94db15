import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlainXml } from '../../nodes/base/plainXml';
import { createFullXmlParser } from '../../nodes/base/xml';
import { isRepeated } from '../../nodes/push/message';
import { integersFrom } from '../support/random';

const read = (text: string) => readPlainXml(text, isRepeated);
const parse = createFullXmlParser(isRepeated);

/** The text shows the order of the elements, too: the digest of an event depends on it. */
const shown = (message: unknown) => JSON.stringify(message);

const folder = join(__dirname, '..', 'fixtures', 'pushes');
const samples = readdirSync(folder)
	.filter((name) => name.endsWith('.xml'))
	.map((name): [string, string] => [name, readFileSync(join(folder, name), 'utf8')]);

test.each(samples)('%s is plain, and read as the library reads it', (_, text) => {
	expect(shown(read(text))).toBe(shown(parse(text)));
});

test.each([
	['<xml><a>1</a></xml>', { a: '1' }],
	['\n <xml>\t<a> 1\u00a0</a>\n<b></b> </xml>\n', { a: '1', b: '' }],
	['<xml><a><![CDATA[ <b>&amp;]] ]>\u0000]]]></a></xml>', { a: ' <b>&amp;]] ]>\u0000]' }],
	['<xml><a><![CDATA[]]></a><a>2</a><a><b>3</b></a></xml>', { a: ['', '2', { b: '3' }] }],
	['<xml><item>1</item><detail>2</detail></xml>', { item: ['1'], detail: '2' }],
	['<xml><detail><a>1</a></detail><detail>2</detail></xml>', { detail: [{ a: '1' }, '2'] }],
	['<xml><xml><xml>1</xml></xml></xml>', { xml: { xml: '1' } }],
])('reads %j', (text, message) => {
	expect(read(text)).toEqual(message);
	expect(parse(text)).toEqual(message);
});

const nested = (depth: number) => `<xml>${'<a>'.repeat(depth)}1${'</a>'.repeat(depth)}</xml>`;

// Some of it is right, and the library reads it; the rest it refuses, with its reason.
test.each([
	['nothing', ''],
	['another root', '<a><b>1</b></a>'],
	['two roots', '<xml><a>1</a></xml><xml><a>1</a></xml>'],
	['a root of CDATA before the end', '<xml><![CDATA[1]]></xml><a>1</a></xml>'],
	['a root of text before the end', '<xml>1</xml><a>1</a></xml>'],
	['text behind the root', '<xml><a>1</a></xml>1'],
	['a blank that is none in XML', '<xml><a>1</a></xml>\u00a0'],
	['a byte order mark', '\ufeff<xml><a>1</a></xml>'],
	['a root without elements', '<xml>1</xml>'],
	['an empty root', '<xml></xml>'],
	['CDATA in the root', '<xml><![CDATA[1]]></xml>'],
	['a declaration', '<?xml version="1.0"?><xml><a>1</a></xml>'],
	['a document type', '<!DOCTYPE xml><xml><a>1</a></xml>'],
	['a comment', '<xml><!-- --><a>1</a></xml>'],
	['an instruction', '<xml><a>1</a><?b?></xml>'],
	['an attribute', '<xml><a b="1">1</a></xml>'],
	['a blank in a tag', '<xml><a >1</a></xml>'],
	['an empty element', '<xml><a/></xml>'],
	['a name space', '<xml><a:b>1</a:b></xml>'],
	['a name of other letters', '<xml><名>1</名></xml>'],
	['a name that begins with a digit', '<xml><1>1</1></xml>'],
	['a reference', '<xml><a>&lt;</a></xml>'],
	['a bare >', '<xml><a>1>2</a></xml>'],
	['text beside elements', '<xml><a>1<b>2</b></a></xml>'],
	['text beside CDATA', '<xml><a>1<![CDATA[2]]></a></xml>'],
	['two CDATA', '<xml><a><![CDATA[1]]><![CDATA[2]]></a></xml>'],
	['blanks around CDATA', '<xml><a> <![CDATA[1]]> </a></xml>'],
	['a line end of Windows', '<xml>\r\n<a>1</a></xml>'],
	['the same in a text', '<xml><a><![CDATA[\r]]></a></xml>'],
	['a wrong end', '<xml><a>1</b></xml>'],
	['an end too early', '<xml><a><b>1</b></xml></a>'],
	['an end too many', '<xml></a><a>1</a></xml>'],
	['no end', '<xml><a>1</a>'],
	['CDATA without an end', '<xml><a><![CDATA[1</a></xml>'],
	['a tag without an end', '<xml><a>1</a'],
	['many levels', nested(60)],
	['too many levels for the library', nested(200)],
	...[...Object.getOwnPropertyNames(Object.prototype), 'prototype'].map((name) => [
		`<${name}>`,
		`<xml><${name}>1</${name}></xml>`,
	]),
])('leaves %s to the library', (_, text) => expect(read(text)).toBeUndefined());

test('ten levels are plain', () => expect(read(nested(10))).toEqual(parse(nested(10))));

describe('documents made at random', () => {
	const roll = (next: () => number, sides: number) => next() % sides;
	const pick = <T>(next: () => number, list: readonly T[]): T => list[roll(next, list.length)];

	const NAMES = ['a', 'b', 'item', 'list', 'detail', 'xml', 'Content', '_x', 'a-b.c', 'toString'];
	const BLANKS = ['', '', '', '', ' ', '\n', '\t ', '\u00a0', '\ufeff', '\u0085'];
	const TEXTS = [
		'',
		' 1 ',
		'0012',
		']',
		']]',
		'>',
		'true',
		'\u0000',
		'\u2028',
		'你好 😀',
		'\ud83d',
	];
	const PIECES = [
		...['<', '>', '</', '/>', '<a/>', '<a>', '</a>', '<a b="c">', '<?', '?>', '<!', '<!--', '-->'],
		...[
			'<![CDATA[',
			']]>',
			']]',
			'<xml>',
			'</xml>',
			'<item>',
			'</item>',
			'&',
			'&#65;',
			'&lt;',
			'"',
		],
		...[
			'\r',
			'\r\n',
			'\n',
			'\t',
			' ',
			'\u0000',
			'\ufeff',
			'<__proto__>',
			'<constructor>1',
			'#text',
		],
	];

	function elementOf(next: () => number, depth: number): string {
		const name = pick(next, NAMES);
		const [before, behind] = [pick(next, BLANKS), pick(next, BLANKS)];
		const inner = () =>
			Array.from({ length: 1 + roll(next, 3) }, () => elementOf(next, depth - 1)).join('');
		const text = TEXTS.concat(PIECES);
		const contents = [
			() => pick(next, TEXTS),
			() => `<![CDATA[${pick(next, text)}${pick(next, text)}]]>`,
			() => `${pick(next, BLANKS)}<![CDATA[${pick(next, TEXTS)}]]>${pick(next, BLANKS)}`,
			() => (depth > 0 ? inner() : ''),
		];
		return `${before}<${name}>${pick(next, contents)()}</${name}>${behind}`;
	}

	const documentOf = (next: () => number) =>
		`<xml>${Array.from({ length: 1 + roll(next, 4) }, () => elementOf(next, 3)).join('')}</xml>`;

	/** Leaves out, doubles or inserts something at a few places. */
	function mutate(next: () => number, text: string): string {
		let result = text;
		for (let count = roll(next, 4); count > 0; count--) {
			const at = roll(next, result.length + 1);
			const end = at + roll(next, 12);
			const pieces = [pick(next, PIECES), '', result.slice(at, end) + result.slice(at, end)];
			result = result.slice(0, at) + pick(next, pieces) + result.slice(pick(next, [at, end]));
		}
		return result;
	}

	test('are read as the library reads them, or not at all', () => {
		const next = integersFrom(7);
		const tally = { plain: 0, full: 0, refused: 0 };
		for (let count = 0; count < 40_000; count++) {
			const made = roll(next, 3) ? documentOf(next) : pick(next, samples)[1];
			const text = mutate(next, made);
			const plain = read(text);
			const full = outcomeOf(text);
			if (plain) expect({ text, message: shown(plain) }).toEqual({ text, message: full });
			tally[plain ? 'plain' : full ? 'full' : 'refused']++;
		}
		for (const times of Object.values(tally)) expect(times).toBeGreaterThan(2000);
	});

	/** What the library reads, or undefined when it refuses the text. */
	function outcomeOf(text: string): string | undefined {
		try {
			return shown(parse(text));
		} catch {
			return undefined;
		}
	}
});

/** Repeats a piece until a push is as large as it may be. */
const full = (piece: string, head = '', tail = '') =>
	head + piece.repeat(Math.floor((128 * 1024) / piece.length)) + tail;

// Patterns that try again from many places take a time that grows with the square.
test.each([
	['blanks', full(' ')],
	['blanks in an element', full(' ', '<xml><a>')],
	['brackets', full(']', '<xml><a><![CDATA[')],
	['brackets that are read', full(']', '<xml><a><![CDATA[', ']]></a></xml>')],
	['ends of CDATA', full(']]>', '<xml><a><![CDATA[')],
	['beginnings of CDATA', full('<![CDATA[', '<xml><a>')],
	['CDATA', full('<![CDATA[]]>', '<xml><a>')],
	['tags in tags', full('<a>', '<xml>')],
	['ends', full('</a>', '<xml>')],
	['elements', full('<a>1</a>', '<xml>')],
	['elements in CDATA', full('<a><![CDATA[1]]></a>', '<xml>')],
	['a long name', full('a', '<xml><')],
	['a long text', full('a ', '<xml><a>')],
])('as much as a push may hold is read fast: %s', (_, text) => {
	const before = process.cpuUsage();
	read(text);
	const { user, system } = process.cpuUsage(before);
	expect((user + system) / 1000).toBeLessThan(250);
});
