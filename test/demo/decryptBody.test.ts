import { buildPush, DEFAULT_ACCOUNT, SECOND_ACCOUNT } from '../simulator';
import { indented, decryptBody } from './decryptBody';

const message = { FromUserName: 'o1', MsgType: 'text', Content: '<b>&\n</b>', MsgId: '1' };
const bodyOf = (mode: 'safe' | 'compatible' | 'plaintext', format: 'xml' | 'json') =>
	buildPush(DEFAULT_ACCOUNT, message, { mode, format }).body;

test.each(['safe', 'compatible'] as const)('opens what is sealed, %s mode', (mode) => {
	const { encodingAESKey } = DEFAULT_ACCOUNT;
	expect(decryptBody(bodyOf(mode, 'xml'), encodingAESKey)).toContain(
		'\n  <Content><![CDATA[<b>&\n</b>]]></Content>\n',
	);
	expect(decryptBody(bodyOf(mode, 'json'), encodingAESKey)).toContain('\n  "MsgType": "text",\n');
});

test('opens nothing that is not sealed, or sealed with another key', () => {
	const { encodingAESKey } = DEFAULT_ACCOUNT;
	for (const body of ['', 'success', '<html>', '{', '{"a":1}', bodyOf('plaintext', 'xml')])
		expect(decryptBody(body, encodingAESKey)).toBeUndefined();
	expect(decryptBody(bodyOf('safe', 'xml'), SECOND_ACCOUNT.encodingAESKey)).toBeUndefined();
});

test.each([
	['<xml><a>1</a><b><c/></b></xml>', '<xml>\n  <a>1</a>\n  <b>\n    <c/>\n  </b>\n</xml>'],
	[
		'<xml><A><![CDATA[x]]></A><B><C>1</C><C>2</C></B><D></D></xml>',
		'<xml>\n  <A><![CDATA[x]]></A>\n  <B>\n    <C>1</C>\n    <C>2</C>\n  </B>\n  <D></D>\n</xml>',
	],
	['<xml>\n <A><![CDATA[</A><B>]]></A>\n</xml>', '<xml>\n  <A><![CDATA[</A><B>]]></A>\n</xml>'],
	['{"MsgId":12345678901234567890}', '{\n  "MsgId": 12345678901234567890\n}'],
	['{broken', '{broken'],
	['success', 'success'],
	['', ''],
])('indents %s', (text, wanted) => {
	expect(indented(text)).toBe(wanted);
});
