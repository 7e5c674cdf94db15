import { createCipheriv } from 'node:crypto';
import { toAesKey, signParts } from '../../nodes/push/cipher';
import {
	MAX_PUSH_BYTES,
	openPush,
	verifyUrl,
	type PushRequest,
	type PushSecrets,
} from '../../nodes/push/openPush';
import type { PushRejected } from '../../nodes/push/pushRejected';
import { seal } from '../simulator/push/crypto';
import { buildPush, type BuildOptions } from '../simulator/push/buildPush';
import { vectors } from '../fixtures/crypto-vectors.json';
import { secrets } from '../support/secrets';
import { DEFAULT_ACCOUNT as account } from '../simulator/accounts/defaults';
import type { PushMessage } from '../simulator/types';

const NOW = 1_760_000_000_000;
const TIMESTAMP = '1760000000';
const text = {
	FromUserName: 'oUser',
	MsgType: 'text',
	Content: 'hello',
	MsgId: '24990011223344557',
};

function delivery(message: PushMessage | string = text, options: BuildOptions = {}): PushRequest {
	const { query, body } = buildPush(account, message, { timestamp: TIMESTAMP, ...options });
	return { query, body: Buffer.from(body) };
}

function refusal(
	given: PushRequest,
	changes: Partial<PushSecrets> = {},
): { status: number; reason: string } {
	try {
		openPush(given, { ...secrets, ...changes }, NOW);
	} catch (error) {
		const { status, message } = error as PushRejected;
		for (const secret of [account.token, account.encodingAESKey, account.secret])
			expect(message).not.toContain(secret);
		return { status, reason: message };
	}
	throw new Error('the push was accepted');
}

/** An encrypted push around bytes of our own making, signed as WeChat would. */
function signed(
	encrypted: string,
	wrap = (text: string) =>
		`<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[${text}]]></Encrypt></xml>`,
): PushRequest {
	return {
		query: {
			timestamp: TIMESTAMP,
			nonce: '7',
			encrypt_type: 'aes',
			msg_signature: signParts(account.token, TIMESTAMP, '7', encrypted),
		},
		body: Buffer.from(wrap(encrypted)),
	};
}

describe('accepts', () => {
	test.each([
		['safe', 'xml'],
		['safe', 'json'],
		['compatible', 'xml'],
		['compatible', 'json'],
		['plaintext', 'xml'],
		['plaintext', 'json'],
	] as const)('%s mode, %s', (mode, format) => {
		const push = openPush(delivery(text, { mode, format }), { ...secrets, mode }, NOW);
		expect(push).toMatchObject({ format, message: { ...text, ToUserName: account.name } });
		expect(push.key === undefined).toBe(mode === 'plaintext');
	});

	test('an encrypted push when plaintext is allowed as well', () => {
		expect(openPush(delivery(), { ...secrets, mode: 'plaintext' }, NOW).key).toBeDefined();
	});

	test('the previous key while WeChat switches over, and answers with it', () => {
		const encodingAesKey = 'A'.repeat(43);
		const push = openPush(
			delivery(),
			{ ...secrets, encodingAesKey, previousEncodingAesKey: account.encodingAESKey },
			NOW,
		);
		expect(push.message.Content).toBe('hello');
		expect(push.key).toEqual(toAesKey(account.encodingAESKey));
	});

	test.each([
		'007',
		'1e3',
		'true',
		']]>',
		'a&b',
		'&lt;',
		'  blanks at the ends  ',
		'line\nbreak\n',
		'😀 你好',
		'<!DOCTYPE html>',
		'<Encrypt><![CDATA[fake',
		'',
	])('%j unchanged', (Content) => {
		for (const mode of ['safe', 'compatible', 'plaintext'] as const)
			for (const format of ['xml', 'json'] as const) {
				const given = delivery({ ...text, Content }, { mode, format });
				expect(openPush(given, { ...secrets, mode }, NOW).message).toMatchObject({
					Content,
					MsgId: '24990011223344557',
				});
			}
	});
});

describe('finds Encrypt, wherever it stands', () => {
	const inner = '<xml><Content>found</Content></xml>';
	const encrypted = seal(account.encodingAESKey, account.appId, inner);
	const cdata = `<Encrypt><![CDATA[${encrypted}]]></Encrypt>`;
	const content = (wrap: (text: string) => string) =>
		openPush(signed(encrypted, wrap), secrets, NOW).message.Content;

	test.each<[string, string]>([
		['before other fields', `<xml>${cdata}<Content>x</Content></xml>`],
		['on lines of their own', `\n<xml>\n\t<Encrypt>\n${cdata.slice(9)}\n</xml>\n`],
		['without CDATA', `<xml><Encrypt> ${encrypted} </Encrypt></xml>`],
		[
			'behind a byte order mark and a declaration',
			`\uFEFF<?xml version="1.0"?>\n<xml>${cdata}</xml>`,
		],
		['in a document with attributes', `<xml a="1">${cdata}</xml>`],
		[
			'behind what a user wrote',
			`<xml><Content><![CDATA[</xml><Encrypt>x</Encrypt><!-- ]]></Content>${cdata}</xml>`,
		],
		['in JSON', JSON.stringify({ ToUserName: 'gh_1', Encrypt: encrypted })],
		['in JSON with blanks', ` \uFEFF{ "Encrypt" :\n "${encrypted}" , "ToUserName" : "gh_1" } `],
		[
			'in JSON with escapes',
			`{"Encrypt":"${encrypted.replaceAll('/', '\\/').replaceAll('+', '\\u002B').replaceAll('=', '\\u003d')}"}`,
		],
		[
			'behind what a user wrote in JSON',
			JSON.stringify({
				a: 'Encrypt',
				Content: '"Encrypt":"x\\',
				'\\"Encrypt': 'y',
				Encrypt: encrypted,
			}),
		],
	])('%s', (_, body) => expect(content(() => body)).toBe('found'));

	// RFC 2045, 6.8: what is no letter of Base64 does not count; encoders end lines.
	test('with line breaks in it', () => {
		const lines = encrypted.replace(/.{16}/g, '$&\n');
		const wrap = (text: string) => `<xml><Encrypt><![CDATA[${text}]]></Encrypt></xml>`;
		expect(openPush(signed(lines, wrap), secrets, NOW).message.Content).toBe('found');
	});

	// WxJava#359 and #917: on its way through a form + had become a blank.
	test('with blanks for +', () => {
		const example = vectors.find(({ id }) => id === 'doc-safe-json-push');
		const {
			appid: appId = '',
			encodingAESKey: encodingAesKey = '',
			token,
			timestamp,
			nonce,
		} = example!;
		const { msg_signature, encrypt = '' } = example!;
		expect(encrypt).toMatch(/^\+.*\+/);
		const query = { encrypt_type: 'aes', timestamp, nonce, msg_signature };
		const blanks = encrypt.replaceAll('+', ' ');
		for (const text of [encrypt, blanks])
			for (const body of [
				JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: text }),
				`<xml><Encrypt><![CDATA[${text}]]></Encrypt></xml>`,
			]) {
				const request = { query, body: Buffer.from(body) };
				const push = openPush(
					request,
					{ appId, encodingAesKey, token, mode: 'safe' },
					Number(timestamp) * 1000,
				);
				expect(push.message).toMatchObject({ Event: 'debug_demo', debug_str: 'hello world' });
			}
	});
});

describe('refuses', () => {
	const safe = delivery();
	const changed = (query: Record<string, unknown>, body = safe.body): PushRequest => ({
		query: { ...safe.query, ...query },
		body,
	});

	test.each<[string, PushRequest, number]>([
		['a forged signature', changed({ msg_signature: '0'.repeat(40) }), 401],
		['a signature of another length', changed({ msg_signature: 'abc' }), 401],
		['a missing signature', changed({ msg_signature: undefined }), 401],
		[
			'the plain signature in the place of msg_signature',
			changed({ msg_signature: safe.query.signature }),
			401,
		],
		['a list of signatures', changed({ msg_signature: [safe.query.msg_signature, 'x'] }), 401],
		['a list of one signature', changed({ msg_signature: [safe.query.msg_signature] }), 401],
		['another nonce', changed({ nonce: '0' }), 401],
		['a time that is none', delivery('<xml></xml>', { timestamp: 'soon' }), 401],
		['an unknown encryption', changed({ encrypt_type: 'rot13' }), 403],
		['an empty body', changed({}, Buffer.alloc(0)), 400],
		['a body that is cut off', changed({}, safe.body.subarray(0, 200)), 400],
		['a body that is too large', changed({}, Buffer.alloc(MAX_PUSH_BYTES + 1)), 400],
		['a body that says nothing', changed({}, Buffer.from('hello')), 400],
		['an envelope without Encrypt', changed({}, Buffer.from('<xml><A>1</A></xml>')), 403],
		['broken JSON', changed({}, Buffer.from('{"Encrypt":')), 400],
		[
			'something after the envelope',
			changed({}, Buffer.from(`${safe.body.toString()}<xml></xml>`)),
			400,
		],
	])('%s', (_, given, status) => expect(refusal(given)).toMatchObject({ status }));

	/** All of these are signed as WeChat would: what is wrong is only around the text. */
	describe('an envelope around a good text', () => {
		const encrypted = seal(
			account.encodingAESKey,
			account.appId,
			'<xml><Content>1</Content></xml>',
		);
		const inner = `<Encrypt><![CDATA[${encrypted}]]></Encrypt>`;
		test.each([
			['with another root', `<a>${inner}</xml>`, 'not one <xml>'],
			['with something before it', `x<xml>${inner}</xml>`, 'not one <xml>'],
			['with something after it', `<xml>${inner}</xml>x`, 'not one <xml>'],
			['with a second one after it', `<xml>${inner}</xml><xml>${inner}</xml>`, 'not one <xml>'],
			['without its end', `<xml>${inner}`, 'The XML is cut off.'],
			['that is cut off in Encrypt', `<xml><Encrypt>${encrypted}</xml>`, 'cut off inside'],
			['that is cut off in CDATA', `<xml>${inner}<a><![CDATA[</a></xml>`, 'cut off inside'],
			['with a comment', `<xml><!-- x -->${inner}</xml>`, 'comment'],
			['with a comment at its end', `<xml>${inner}<!-- x --></xml>`, 'comment'],
			['with a document type', `<xml><!DOCTYPE a>${inner}</xml>`, 'DOCTYPE'],
			['that is cut off in JSON', `{"Encrypt":"${encrypted}"`, 'The JSON is cut off.'],
			['that is cut off in a text of JSON', `{"a":1,"b":"}`, 'cut off inside'],
		])('%s', (_, body, reason) => {
			expect(refusal(signed(encrypted, () => body))).toMatchObject({
				status: 400,
				reason: expect.stringContaining(reason) as string,
			});
		});

		test('that is whole is opened', () => {
			const given = signed(encrypted, () => `<xml>${inner}</xml>`);
			const { message } = openPush(given, secrets, NOW);
			expect(message).toEqual({ Content: '1' });
		});
	});

	// As long as the right one, too: a comparison that stops early would let it pass.
	test('all that is not the whole signature', () => {
		const plain = delivery(text, { mode: 'plaintext' });
		for (const [given, name, mode] of [
			[safe, 'msg_signature', 'safe'],
			[plain, 'signature', 'plaintext'],
		] as const) {
			const right = String(given.query[name]);
			for (let length = 0; length < right.length; length++) {
				const start = right.slice(0, length);
				for (const wrong of [start, start.padEnd(40, '0'), start.padEnd(40, 'f'), `${start}\0`]) {
					if (wrong === right) continue;
					const query = { ...given.query, [name]: wrong };
					expect(refusal({ ...given, query }, { mode }).status).toBe(401);
				}
			}
			for (const wrong of [`${right}0`, ` ${right}`, right.toUpperCase(), right.slice(1)]) {
				const query = { ...given.query, [name]: wrong };
				expect(refusal({ ...given, query }, { mode }).status).toBe(401);
			}
		}
	});

	test('what nobody signed in the same way in every mode: a stranger does not learn which one it is', () => {
		const forged = { signature: 'f'.repeat(40), msg_signature: 'f'.repeat(40) };
		const requests = (['safe', 'compatible', 'plaintext'] as const).flatMap((mode) => {
			const { query, body } = delivery(text, { mode });
			return [
				{ query: { ...query, ...forged }, body },
				{ query: { ...query, ...forged, encrypt_type: 'raw' }, body },
				{ query: { ...query, ...forged, encrypt_type: 'aes' }, body },
				{ query: { ...query, ...forged, encrypt_type: 'other' }, body },
				{ query: {}, body },
				{ query: {}, body: Buffer.alloc(0) },
			];
		});
		for (const request of requests) {
			const [expected, ...others] = (['safe', 'compatible', 'plaintext'] as const).map((mode) =>
				refusal(request, { mode }),
			);
			for (const other of others) expect(other).toEqual(expected);
		}
	});

	test.each(['safe', 'compatible'] as const)(
		'plaintext in %s mode, even with a good signature',
		(mode) => {
			const { query, body } = delivery(text, { mode: 'plaintext' });
			expect(refusal({ query, body }, { mode })).toMatchObject({
				status: 403,
				reason: expect.stringContaining('Encryption Mode') as string,
			});
		},
	);

	test('the encrypted signature replayed with a plain body', () => {
		const { body } = delivery(text, { mode: 'plaintext' });
		expect(refusal(changed({}, body)).status).toBe(403);
		expect(refusal(changed({ encrypt_type: 'raw' }, body)).status).toBe(403);
	});

	test('a forged plain push in plaintext mode', () => {
		const { query, body } = delivery(text, { mode: 'plaintext' });
		const given = { query: { ...query, signature: 'f'.repeat(40) }, body };
		expect(refusal(given, { mode: 'plaintext' }).status).toBe(401);
	});

	test('anything without a Token', () => {
		const unsigned = {
			...safe.query,
			msg_signature: signParts('', TIMESTAMP, String(safe.query.nonce)),
		};
		expect(refusal({ ...safe, query: unsigned }, { token: '' })).toMatchObject({
			status: 403,
			reason: expect.stringContaining('no Token') as string,
		});
		expect(() => verifyUrl(safe.query, { ...secrets, token: '' }, NOW)).toThrow('no Token');
	});

	test('a push signed five minutes ago', () => {
		expect(() => openPush(safe, secrets, NOW + 300_000)).not.toThrow();
		expect(() => openPush(safe, secrets, NOW + 301_000)).toThrow('clock');
		expect(() => openPush(safe, secrets, NOW - 301_000)).toThrow('clock');
		// Behind the signature of a plain push stands no other time.
		const plain = delivery(text, { mode: 'plaintext' });
		const plaintext = { ...secrets, mode: 'plaintext' } as const;
		for (const ms of [-300_000, 300_000])
			expect(() => openPush(plain, plaintext, NOW + ms)).not.toThrow();
		for (const ms of [-300_001, 300_001]) {
			expect(() => openPush(plain, plaintext, NOW + ms)).toThrow('signed for a time');
			expect(() => verifyUrl(plain.query, secrets, NOW + ms)).toThrow('signed for a time');
		}
	});

	// The signature is over the row of sorted values: it does not say where the nonce ends.
	test('a push whose nonce has taken blocks from the encrypted text', () => {
		const steal = () => {
			const given = delivery(text, { nonce: '2' });
			const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(given.body.toString())?.[1] ?? '';
			const [taken, left] = [encrypted.slice(0, 64), encrypted.slice(64)];
			const query = { ...given.query, nonce: `2${taken}` };
			const { timestamp, nonce, msg_signature } = query as Record<string, string>;
			const body = Buffer.from(given.body.toString().replace(encrypted, left));
			const isSigned = signParts(account.token, timestamp, nonce, left) === msg_signature;
			return { query, body, isSigned };
		};
		// Both texts follow the nonce in that row, for most keys and random bytes.
		let stolen = steal();
		for (let count = 0; count < 1000 && !stolen.isSigned; count++) stolen = steal();
		const { query, body, isSigned } = stolen;
		expect(isSigned).toBe(true);
		expect(refusal({ query, body })).toMatchObject({
			status: 401,
			reason: expect.stringContaining('nonce') as string,
		});
	});

	// WeChat's nonces have about ten digits; a block of the encrypted text has 64 characters.
	test('a nonce of 64 characters and more', () => {
		expect(() => openPush(delivery(text, { nonce: '1'.repeat(63) }), secrets, NOW)).not.toThrow();
		expect(refusal(delivery(text, { nonce: '1'.repeat(64) })).reason).toContain('nonce');
	});

	describe('by the time inside the encrypted text', () => {
		const made = (CreateTime: number | string, timestamp = TIMESTAMP, nonce = '415670741') =>
			delivery({ ...text, CreateTime }, { timestamp, nonce });

		test('a push that was made more than five minutes from now, though it is signed for now', () => {
			for (const seconds of [-300, -15, 0, 300])
				expect(() => openPush(made(NOW / 1000 + seconds), secrets, NOW)).not.toThrow();
			for (const seconds of [-301, 301, -86_400])
				expect(refusal(made(NOW / 1000 + seconds))).toMatchObject({
					status: 401,
					reason: expect.stringContaining('CreateTime') as string,
				});
		});

		// The signature is over the row of sorted values: it does not say which of them is the time.
		test('one that is brought again with timestamp and nonce exchanged', () => {
			const later = '1760086400';
			const given = made(TIMESTAMP, TIMESTAMP, later);
			const query = { ...given.query, timestamp: later, nonce: TIMESTAMP };
			expect(() => openPush(given, secrets, NOW)).not.toThrow();
			expect(() => openPush({ ...given, query }, secrets, Number(later) * 1000)).toThrow(
				'CreateTime',
			);
		});

		test.each([
			['seconds', TIMESTAMP],
			['milliseconds', `${TIMESTAMP}123`],
			['no time', 'today'],
			['a date in digits', '20260101120000'],
			['nothing', ''],
		])('none that has %s there', (_, CreateTime) => {
			expect(() => openPush(made(CreateTime), secrets, NOW)).not.toThrow();
		});

		test('none in plain text: nothing of it is signed, and tools of developers send old samples', () => {
			const given = delivery({ ...text, CreateTime: 1348831860 }, { mode: 'plaintext' });
			expect(() => openPush(given, { ...secrets, mode: 'plaintext' }, NOW)).not.toThrow();
		});
	});

	test.each(['1760000000.', ' 1760000000', '+1760000000', '0x68e777c0', '1.76e9', '1760000000000'])(
		'%j as the time of the signature',
		(timestamp) => {
			expect(refusal(delivery(text, { timestamp })).status).toBe(401);
		},
	);

	test('the AppID of another account inside', () => {
		const { encrypted } = {
			encrypted: seal(account.encodingAESKey, 'wxffffffffffffffff', '<xml></xml>'),
		};
		expect(refusal(signed(encrypted))).toMatchObject({
			status: 403,
			reason: expect.stringContaining('another AppID') as string,
		});
	});

	test.each([`${account.appId}0`, account.appId.slice(0, -1)])('the AppID %s inside', (appId) => {
		const given = signed(seal(account.encodingAESKey, appId, '<xml></xml>'));
		expect(refusal(given).reason).toContain('another AppID');
	});

	test('an unknown encryption without filling the log with it', () => {
		expect(refusal(changed({ encrypt_type: 'x'.repeat(1000) })).reason.length).toBeLessThan(100);
	});

	test('another key', () => {
		expect(refusal(safe, { encodingAesKey: 'B'.repeat(43) })).toMatchObject({
			status: 403,
			reason: expect.stringContaining('EncodingAESKey') as string,
		});
	});

	test.each(['', 'too short', `${'A'.repeat(42)}-`])(
		'a credential with %j as key',
		(encodingAesKey) => {
			expect(refusal(safe, { encodingAesKey })).toMatchObject({
				status: 403,
				reason: expect.stringContaining('has no valid EncodingAESKey') as string,
			});
		},
	);

	test.each([0, 33, 255])('padding that ends with %i', (last) => {
		const key = toAesKey(account.encodingAESKey) as Buffer;
		const plain = Buffer.alloc(64, last);
		plain.writeUInt32BE(1, 16);
		const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
		expect(refusal(signed(cipher.update(plain).toString('base64'))).status).toBe(403);
	});

	test('padding whose bytes differ', () => {
		const key = toAesKey(account.encodingAESKey) as Buffer;
		const plain = Buffer.alloc(64, 4);
		plain.writeUInt32BE(1, 16);
		plain[61] = 5;
		const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
		expect(refusal(signed(cipher.update(plain).toString('base64'))).status).toBe(403);
	});

	test.each([0xffffffff, 1000])('a length of %i', (length) => {
		const key = toAesKey(account.encodingAESKey) as Buffer;
		const plain = Buffer.alloc(64, 4);
		plain.writeUInt32BE(length, 16);
		const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
		expect(refusal(signed(cipher.update(plain).toString('base64'))).status).toBe(403);
	});

	test.each(['', 'QUJD', '!!!!'])('%j as encrypted text', (encrypted) => {
		expect(refusal(signed(encrypted)).status).toBe(403);
	});

	test.each([
		['in the message', '<!DOCTYPE xml [<!ENTITY e "x">]><xml><Content>&e;</Content></xml>'],
		['in small letters', '<!doctype xml><xml><Content>1</Content></xml>'],
		['after the start', '<xml><!DOCTYPE a><Content>1</Content></xml>'],
	])('a document type %s', (_, message) => {
		for (const mode of ['safe', 'plaintext'] as const)
			expect(refusal(delivery(message, { mode }), { mode })).toMatchObject({ status: 400 });
	});

	// Anybody may send an envelope: it is read before its signature can be checked.
	test('what is too large, before it is read', () => {
		const fields = '<a>1</a>'.repeat(MAX_PUSH_BYTES / 8);
		const given = signed('QUJD', (text) => `<xml>${fields}<Encrypt>${text}</Encrypt></xml>`);
		expect(refusal(given)).toMatchObject({
			status: 400,
			reason: `The body has ${given.body.length} bytes; WeChat never sends that much.`,
		});
		expect(MAX_PUSH_BYTES).toBeLessThanOrEqual(128 * 1024);
	});

	test('no body of just the largest size', () => {
		const encrypted = seal(
			account.encodingAESKey,
			account.appId,
			'<xml><Content>1</Content></xml>',
		);
		const wrap = (text: string) =>
			`<xml><Encrypt>${text}</Encrypt></xml>`.padEnd(MAX_PUSH_BYTES, ' ');
		expect(openPush(signed(encrypted, wrap), secrets, NOW).message.Content).toBe('1');
	});

	test('a document type in the envelope', () => {
		const encrypted = seal(account.encodingAESKey, account.appId, '<xml></xml>');
		const wrap = (text: string) =>
			`<!DOCTYPE a [<!ENTITY e "x">]><xml><Encrypt><![CDATA[${text}]]></Encrypt></xml>`;
		expect(refusal(signed(encrypted, wrap)).status).toBe(400);
	});

	test.each([
		'<xml><Content>1</Content>',
		'<xml><Content>1</xml>',
		'<xml><Content><![CDATA[1</Content></xml>',
		'<a>1</a>',
		'<xml></xml><xml></xml>',
		'{"a":',
		'[1]',
		`{"a":${'['.repeat(200_000)}`,
		`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
		`<xml>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</xml>`,
	])('the message %.40s', (message) => {
		expect(refusal(delivery(message)).status).toBe(400);
	});
});

test.each([
	['json', '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}'],
	['xml', '<xml><__proto__><polluted>yes</polluted></__proto__><constructor>1</constructor></xml>'],
] as const)('no message reaches the prototype of objects: %s', (format, message) => {
	const opened = openPush(delivery(message, { format }), secrets, NOW).message;
	expect(Object.keys(opened)).toEqual(['__proto__', 'constructor']);
	expect(Object.getPrototypeOf(opened)).toBe(Object.prototype);
	expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

describe('the check of the address', () => {
	// Official example "doc-url-verify" of WeChat's page "Message push".
	const query = {
		signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
		timestamp: '1714036504',
		nonce: '1514711492',
		echostr: '4375120948345356249',
	};
	const official = { ...secrets, token: 'AAAAA' };

	test('gives back echostr', () => {
		expect(verifyUrl(query, official, 1714036504_000)).toBe('4375120948345356249');
	});

	test('refuses every beginning of the signature', () => {
		for (let length = 0; length < 40; length++)
			expect(() =>
				verifyUrl(
					{ ...query, signature: query.signature.slice(0, length) },
					official,
					1714036504_000,
				),
			).toThrow('signature');
	});

	test('refuses another signature', () => {
		expect(() => verifyUrl({ ...query, nonce: '1' }, official, 1714036504_000)).toThrow(
			'signature',
		);
	});
});
