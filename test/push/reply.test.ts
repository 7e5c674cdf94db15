import type { Push } from '../../nodes/push/openPush';
import { toAesKey, signParts } from '../../nodes/push/cipher';
import { encryptReply, SUCCESS } from '../../nodes/push/reply';
import { createXmlParser } from '../../nodes/base/xml';
import { isRepeated } from '../../nodes/push/message';
import { vectors } from '../fixtures/crypto-vectors.json';
import { unseal } from '../simulator/push/crypto';
import { DEFAULT_ACCOUNT as account } from '../simulator/accounts/defaults';

const parseXml = createXmlParser(isRepeated);
const NOW = 1_760_000_000_999;
const key = toAesKey(account.encodingAESKey);
const message = { ToUserName: 'gh_1', FromUserName: 'oUser' };
const push = (changes: Partial<Push> = {}): Push => ({ message, format: 'xml', key, ...changes });
const secrets = { appId: account.appId, token: account.token };
const text = { MsgType: 'text' as const, Content: 'hi' };

test('plain XML: addresses swapped, text in CDATA, time in seconds', () => {
	const { body, type } = encryptReply(text, push({ key: undefined }), secrets, NOW);
	expect(type).toBe('text/xml');
	expect(body).toBe(
		'<xml><ToUserName><![CDATA[oUser]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName><CreateTime>1760000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content></xml>',
	);
});

// https://github.com/jeffkit/wechat/issues/10: a sample without the element broke the reply.
test.each(['xml', 'json'] as const)('%s: a push without a receiver is answered', (format) => {
	const given = push({ key: undefined, format, message: { FromUserName: 'oUser' } });
	const { body } = encryptReply(text, given, secrets, NOW);
	expect(body).toContain('oUser');
	expect(body).not.toContain('undefined');
});

test('a push without a sender gets success: nobody would see a reply', () => {
	const given = push({ message: { ToUserName: 'gh_1' } });
	expect(encryptReply(text, given, secrets, NOW)).toEqual(SUCCESS);
});

test('encrypted XML opens with the same key, signed over time, nonce and text', () => {
	const sealed = parseXml(encryptReply(text, push(), secrets, NOW).body) as Record<string, string>;
	const { Encrypt, MsgSignature, TimeStamp, Nonce } = sealed;
	expect(TimeStamp).toBe('1760000000');
	expect(MsgSignature).toBe(signParts(account.token, TimeStamp, Nonce, Encrypt));
	const opened = unseal(account.encodingAESKey, Encrypt);
	expect(opened.appId).toBe(account.appId);
	expect(opened.message).toContain('<Content><![CDATA[hi]]></Content>');
});

test('encrypted XML has the shape of the official example', () => {
	expect(encryptReply(text, push(), secrets, NOW).body).toMatch(
		/^<xml><Encrypt><!\[CDATA\[[\w+/=]+\]\]><\/Encrypt><MsgSignature><!\[CDATA\[[\da-f]{40}\]\]><\/MsgSignature><TimeStamp>1760000000<\/TimeStamp><Nonce><!\[CDATA\[[\da-f]{16}\]\]><\/Nonce><\/xml>$/,
	);
});

test('each answer has a nonce and bytes of its own', () => {
	const [one, other] = [1, 2].map(() => parseXml(encryptReply(text, push(), secrets, NOW).body));
	expect(one.Nonce).not.toBe(other.Nonce);
	expect(one.Encrypt).not.toBe(other.Encrypt);
});

// Official example "doc-safe-json-reply": TimeStamp is a number.
test('encrypted JSON has the shape of the official example', () => {
	const example = vectors.find(({ id }) => id === 'doc-safe-json-reply');
	const sealed = JSON.parse(
		encryptReply(text, push({ format: 'json' }), secrets, NOW).body,
	) as Record<string, unknown>;
	expect(Object.keys(sealed)).toEqual(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
	expect(typeof sealed.TimeStamp).toBe('number');
	expect(JSON.parse(unseal(account.encodingAESKey, String(sealed.Encrypt)).message)).toMatchObject(
		text,
	);
	expect(example?.official).toBe(true);
});

test('encrypted JSON is called JSON, and signed over time, nonce and text', () => {
	const { body, type } = encryptReply(text, push({ format: 'json' }), secrets, NOW);
	expect(type).toBe('application/json');
	const { Encrypt, MsgSignature, Nonce } = JSON.parse(body) as Record<string, string>;
	expect(MsgSignature).toBe(signParts(account.token, '1760000000', Nonce, Encrypt));
});

test.each(['007', ']]>', 'a&b<c>', ' blanks ', 'a\nb', '😀', ']]]]>>'])(
	'%j arrives unchanged',
	(Content) => {
		const { body } = encryptReply({ ...text, Content }, push({ key: undefined }), secrets, NOW);
		expect(parseXml(body).Content).toBe(Content);
	},
);

test('characters that XML cannot hold are left out', () => {
	const { body } = encryptReply(
		{ ...text, Content: 'a\u0000\u0008b\ud800c' },
		push({ key: undefined }),
		secrets,
		NOW,
	);
	expect(parseXml(body).Content).toBe('ab\ufffdc');
});

test('no control character but tab and line breaks reaches WeChat', () => {
	const controls = String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code));
	const Content = `a${controls}\ufffe\uffffb`;
	const { body } = encryptReply({ ...text, Content }, push({ key: undefined }), secrets, NOW);
	expect(/<Content><!\[CDATA\[(.*)\]\]><\/Content>/s.exec(body)?.[1]).toBe('a\t\n\rb');
});

// "When a user sends a message, it can be answered with one article only; with up to eight otherwise" (回复图文消息).
test.each([
	['an event', 'event', [{ Title: 'a' }, { Title: 'b' }]],
	['a message', 'text', [{ Title: 'a' }]],
])('of several articles the user gets what WeChat takes in answer to %s', (_, MsgType, item) => {
	const reply = {
		MsgType: 'news' as const,
		ArticleCount: 2,
		Articles: { item: [{ Title: 'a' }, { Title: 'b' }] },
	};
	const from = push({ key: undefined, message: { ...message, MsgType } });
	expect(parseXml(encryptReply(reply, from, secrets, NOW).body)).toMatchObject({
		ArticleCount: String(item.length),
		Articles: { item },
	});
});

test.each(['xml', 'json'] as const)('%s holds no control characters', (format) => {
	const reply = { ...text, Content: 'a\u000bb\u0000\n\tc' };
	const { body } = encryptReply(reply, push({ key: undefined, format }), secrets, NOW);
	const { Content } = format === 'xml' ? parseXml(body) : (JSON.parse(body) as typeof reply);
	expect(Content).toBe('ab\n\tc');
});
