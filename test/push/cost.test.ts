import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as lossless from 'lossless-json';
import * as plainXml from '../../nodes/base/plainXml';
import { MAX_PUSH_BYTES, openPush } from '../../nodes/push/openPush';
import { PushRejected } from '../../nodes/push/pushRejected';
import { buildPush, DEFAULT_ACCOUNT as account } from '../simulator';

jest.mock('lossless-json', () => {
	const library = jest.requireActual<typeof lossless>('lossless-json');
	return { ...library, parse: jest.fn(library.parse) };
});
jest.mock('../../nodes/base/plainXml', () => {
	const reader = jest.requireActual<typeof plainXml>('../../nodes/base/plainXml');
	return { ...reader, readPlainXml: jest.fn(reader.readPlainXml) };
});
const parsers = [
	jest.mocked(plainXml.readPlainXml),
	jest.spyOn(XMLParser.prototype, 'parse'),
	jest.spyOn(XMLValidator, 'validate'),
	jest.spyOn(JSON, 'parse'),
	jest.mocked(lossless.parse),
];

/** Repeats a piece until a push is as large as it may be. */
const full = (piece: string, head = '', tail = '') =>
	head +
	piece.repeat(Math.floor((MAX_PUSH_BYTES - head.length - tail.length) / piece.length)) +
	tail;
const many = (count: number, entry: (index: number) => string, between = '') =>
	Array.from({ length: count }, (_, index) => entry(index)).join(between);

// What parsers and patterns are slow at. All of it can come from anybody who knows the address.
test.each<[string, string]>([
	['blanks', full(' ')],
	['blanks before JSON', full(' ', '', '{')],
	['blanks in a tag', full(' ', '<xml', '>')],
	['blanks before Encrypt', full(' ', '<xml>', 'x<Encrypt><![CDATA[x]]></Encrypt></xml>')],
	['blanks behind Encrypt', full(' ', '<xml><Encrypt><![CDATA[x]]></Encrypt>', 'x</xml>')],
	['beginnings of tags', full('<')],
	['beginnings of CDATA', full('<![CDATA[')],
	['beginnings of Encrypt', full('<Encrypt><![CDATA[')],
	['ends of Encrypt', full(']]></Encrypt>', '<Encrypt><![CDATA[')],
	['instructions', full('<?a?>', '<xml>', '</xml>')],
	['CDATA', full('<![CDATA[]]>', '<xml>', '</xml>')],
	['tags in tags', full('<a>', '<xml>')],
	['tags', full('<a>1</a>', '<xml>', '</xml>')],
	['tags of many names', `<xml>${many(8000, (index) => `<a${index}/>`)}</xml>`],
	['repeated tags', full('<item>1</item>', '<xml>', '</xml>')],
	['attributes', full('a="1" ', '<xml ', '/>')],
	['attributes of many names', `<xml ${many(9000, (index) => `a${index}=""`, ' ')}/>`],
	['open quotes', full('"', '<xml ')],
	['entities', full('&amp;', '<xml>', '</xml>')],
	['beginnings of entities', full('&#x', '<xml>', '</xml>')],
	['lists in lists', full('[')],
	['objects in objects', full('{"a":')],
	['keys', `{${many(9000, (index) => `"k${index}":1`, ',')}}`],
	['one key again and again', full('"a":1,', '{', '"b":2}')],
	['digits', full('1', '{"a":', '}')],
	['escapes', full('\\u0041', '{"a":"', '"}')],
	['quotes', full('"', '{', '}')],
	['escaped quotes', full('\\"', '{"', '"}')],
	['backslashes', full('\\', '{"', '"}')],
	['keys without values', full('"Encrypt"', '{', '}')],
	['pairs of Encrypt', full('<Encrypt></Encrypt>', '<xml>', '</xml>')],
	['blanks that stand for +', full(' ', '<xml><Encrypt><![CDATA[a', 'a]]></Encrypt></xml>')],
	['escapes that stand for +', full('\\u002b', '{"Encrypt":"', '"}')],
	['a long Encrypt', full('A', '<xml><Encrypt><![CDATA[', ']]></Encrypt></xml>')],
	['ends of the document', full('</xml>', '<xml>')],
])('a push that nobody signed, as large as it may be, costs little: %s', (_, body) => {
	const bytes = Buffer.from(body);
	expect(bytes.length).toBeLessThanOrEqual(MAX_PUSH_BYTES);
	const query = { encrypt_type: 'aes', msg_signature: 'x', timestamp: '1', nonce: '1' };
	const { appId, token, encodingAESKey: encodingAesKey } = account;
	const secrets = { appId, token, encodingAesKey, mode: 'safe' as const };
	for (const parser of parsers) parser.mockClear();
	const before = process.cpuUsage();
	expect(() => openPush({ query, body: bytes }, secrets, Date.now())).toThrow(PushRejected);
	// Of this process, so that a busy machine does not count. What grows with the square takes seconds.
	const { user, system } = process.cpuUsage(before);
	expect((user + system) / 1000).toBeLessThan(500);
	// `npm run bench` shows how little it costs: no parser sees it.
	for (const parser of parsers) expect(parser).not.toHaveBeenCalled();
});

test('the parsers above are those that read a push which WeChat signed', () => {
	const { appId, token, encodingAESKey: encodingAesKey } = account;
	const secrets = { appId, token, encodingAesKey, mode: 'safe' as const };
	const message = { MsgType: 'text', Content: 'hello' };
	const built = (['xml', 'json'] as const).map((format) => buildPush(account, message, { format }));
	// Not as plain as most, so that the library reads it.
	built.push(buildPush(account, { ...message, Content: '\r' }));
	for (const parser of parsers) parser.mockClear();
	for (const { query, body } of built)
		openPush({ query, body: Buffer.from(body) }, secrets, Date.now());
	const [readPlainXml, parseXml, validateXml, parseJson] = parsers;
	expect(readPlainXml).toHaveBeenCalledTimes(2);
	for (const parser of [parseXml, validateXml, parseJson]) expect(parser).toHaveBeenCalledTimes(1);
});
