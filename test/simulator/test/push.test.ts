import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import vectors from '../../fixtures/crypto-vectors.json';
import {
	buildPush,
	DEFAULT_ACCOUNT,
	FAULT_NOTICE,
	SHOP_ACCOUNT,
	seal,
	sign,
	startSimulator,
	unseal,
	type PushMessage,
	type PushOptions,
	type Simulator,
	type SimulatorOptions,
} from '..';
import { parseJson, type JsonObject } from '../http/json';
import { parseXml } from '../http/xml';
import { createTestClock } from '../../support/clock';

const START = 1_760_000_000_000;

let simulator: Simulator;
let clock = createTestClock(START);

async function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
	clock = createTestClock(START);
	simulator = await startSimulator({ ...clock, ...options });
	return simulator;
}

afterEach(() => simulator?.close());

// Jest types its matchers as any.
const containing = (text: string): unknown => expect.stringContaining(text);

describe('crypto', () => {
	it.each(vectors.vectors)('agrees with vector $id', (vector) => {
		const { token, timestamp, nonce, signature } = vector;
		if (signature) expect(sign(token, timestamp, nonce)).toBe(signature);
		if (!vector.encrypt) return expect(signature).toBeDefined();
		const { encodingAESKey: key, appid, encrypt, plaintext, random16 } = vector;
		if (!key || !appid) throw new Error('a vector without key');
		expect(sign(token, timestamp, nonce, encrypt)).toBe(vector.msg_signature);
		expect(unseal(key, encrypt)).toEqual({
			message: vector.expected_plaintext,
			appId: vector.expected_trailer,
		});
		if (plaintext) expect(seal(key, appid, plaintext, random16)).toBe(encrypt);
	});

	const { encodingAESKey: key, appId } = DEFAULT_ACCOUNT;

	it('works for every padding', () => {
		for (let length = 0; length < 40; length++) {
			const message = 'x'.repeat(length);
			expect(unseal(key, seal(key, appId, message))).toEqual({ message, appId });
		}
	});

	it('refuses damaged texts and other keys', () => {
		const sealed = seal(key, appId, 'message', '0123456789abcdef');
		expect(() => unseal(key, sealed.slice(0, -8))).toThrow('multiple');
		expect(() => unseal(key, '')).toThrow('multiple');
		expect(() => unseal('A'.repeat(43), sealed)).toThrow();
		expect(() => unseal('short', sealed)).toThrow('43');
		const bytes = Buffer.from(sealed, 'base64');
		bytes[bytes.length - 1] ^= 1;
		expect(() => unseal(key, bytes.toString('base64'))).toThrow();
	});
});

describe('buildPush', () => {
	const message: PushMessage = { FromUserName: 'oUser', MsgType: 'text', Content: 'a]]>b' };
	const fixed = { timestamp: '1760000000', nonce: '42', random16: '0123456789abcdef' };

	it('writes XML as WeChat does', () => {
		const { query, body, contentType } = buildPush(
			DEFAULT_ACCOUNT,
			{
				...message,
				Scale: 16,
				Pics: { item: [{ a: 'x' }, { a: 'y' }] },
				MsgId: '24990011223344557',
			},
			{ ...fixed, mode: 'plaintext' },
		);
		expect(contentType).toBe('text/xml');
		expect(body).toBe(
			`<xml><ToUserName><![CDATA[${DEFAULT_ACCOUNT.name}]]></ToUserName>` +
				'<FromUserName><![CDATA[oUser]]></FromUserName><CreateTime>1760000000</CreateTime>' +
				'<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[a]]]]><![CDATA[>b]]></Content>' +
				'<Scale>16</Scale><Pics><item><a><![CDATA[x]]></a></item>' +
				'<item><a><![CDATA[y]]></a></item></Pics><MsgId>24990011223344557</MsgId></xml>',
		);
		expect(query).toEqual({
			signature: sign(DEFAULT_ACCOUNT.token, '1760000000', '42'),
			timestamp: '1760000000',
			nonce: '42',
			openid: 'oUser',
		});
	});

	it('seals in safe mode, and adds the plain fields in compatible mode', () => {
		const safe = buildPush(DEFAULT_ACCOUNT, message, fixed);
		const outer = parseXml(safe.body);
		expect(Object.keys(outer)).toEqual(['ToUserName', 'Encrypt']);
		const { token, encodingAESKey, appId } = DEFAULT_ACCOUNT;
		const encrypt = String(outer.Encrypt);
		expect(safe.query).toMatchObject({
			encrypt_type: 'aes',
			msg_signature: sign(token, '1760000000', '42', encrypt),
		});
		const inner = unseal(encodingAESKey, encrypt);
		expect(inner.appId).toBe(appId);
		expect(parseXml(inner.message)).toMatchObject({ Content: 'a]]>b', FromUserName: 'oUser' });
		expect(buildPush(DEFAULT_ACCOUNT, inner.message, fixed)).toEqual(safe);

		const both = parseXml(
			buildPush(DEFAULT_ACCOUNT, message, { ...fixed, mode: 'compatible' }).body,
		);
		expect(Object.keys(both)).toEqual([
			...['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Content', 'MsgId', 'Encrypt'],
		]);
	});

	it('writes JSON with MsgId as a number, and no MsgId for events', () => {
		const options = { ...fixed, format: 'json', mode: 'compatible' } as const;
		const { body, contentType } = buildPush(DEFAULT_ACCOUNT, message, options);
		expect(contentType).toBe('application/json');
		const fields = parseJson(body) as JsonObject;
		expect(fields.MsgId).toBeGreaterThan(2n ** 53n);
		expect(fields).toHaveProperty('Encrypt');
		const event = buildPush(DEFAULT_ACCOUNT, { MsgType: 'event', Event: 'SCAN' }, options);
		expect(parseJson(event.body)).not.toHaveProperty('MsgId');
	});
});

describe('push', () => {
	let server: Server;
	let url: string;
	let received: { query: URLSearchParams; body: string; contentType?: string }[];
	let respond: (response: ServerResponse, count: number) => void;

	beforeEach(async () => {
		await start();
		received = [];
		server = createServer((request: IncomingMessage, response: ServerResponse) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				received.push({
					query: new URL(request.url ?? '', 'http://x').searchParams,
					body: Buffer.concat(chunks).toString(),
					contentType: request.headers['content-type'],
				});
				respond(response, received.length);
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=1`;
	});

	afterEach(() => {
		server.closeAllConnections();
		return new Promise((resolve) => server.close(resolve));
	});

	const account = DEFAULT_ACCOUNT;
	const text = { MsgType: 'text', Content: 'hi' };
	const click = { MsgType: 'event', Event: 'CLICK' };
	const reply = (inner: string, from = account.name, to = simulator.openids()[0]) =>
		`<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName>${from}</FromUserName>` +
		`<CreateTime>1760000000</CreateTime>${inner}</xml>`;
	const textReply = (content = 'hello') =>
		reply(`<MsgType>text</MsgType><Content><![CDATA[${content}]]></Content>`);
	const item = '<item><Title>t</Title><Description/><PicUrl/><Url>u</Url></item>';
	const news = (count: number, said = count) =>
		reply(
			`<MsgType>news</MsgType><ArticleCount>${said}</ArticleCount>` +
				`<Articles>${item.repeat(count)}</Articles>`,
		);

	function envelope(message: string, appId = account.appId, token = account.token): string {
		const encrypt = seal(account.encodingAESKey, appId, message);
		const signature = sign(token, '1760000000', '7', encrypt);
		return (
			`<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt><MsgSignature>${signature}</MsgSignature>` +
			'<TimeStamp>1760000000</TimeStamp><Nonce>7</Nonce></xml>'
		);
	}

	function answering(body: string, options: PushOptions = {}, message: PushMessage = text) {
		respond = (response) => response.end(body);
		return simulator.push(url, message, options);
	}
	const plain = { mode: 'plaintext' } as const;

	it('accepts success and the empty body', async () => {
		for (const body of ['success', '']) {
			const result = await answering(body);
			expect(result).toMatchObject({ outcome: 'success', shown: '' });
			expect(result.deliveries).toHaveLength(1);
		}
		expect(received[0].contentType).toBe('text/xml');
		expect([...received[0].query.keys()].sort()).toEqual(
			['a', 'encrypt_type', 'msg_signature', 'nonce', 'openid', 'signature', 'timestamp'].sort(),
		);
	});

	it('opens an encrypted reply and shows its text', async () => {
		const result = await answering(envelope(textReply()));
		expect(result).toMatchObject({ outcome: 'reply', shown: 'hello' });
		expect(result.reply).toMatchObject({ MsgType: 'text', Content: 'hello' });
		expect(result.raw).toBe(received[0].body);
	});

	it.each<[string, () => string, string, PushOptions?, PushMessage?]>([
		['a plain reply in safe mode', () => textReply(), 'not encrypted', {}],
		['an encrypted one in plaintext mode', () => envelope(textReply()), 'is encrypted'],
		['a wrong signature', () => envelope(textReply(), account.appId, 'x'), 'MsgSignature', {}],
		['another AppID', () => envelope(textReply(), 'wx1'), 'AppID at the end is wx1', {}],
		['JSON', () => '{"ok":true}', 'broken'],
		['white space', () => ' ', 'broken'],
		['a quoted success', () => '"success"', 'broken'],
		['success and a line break', () => 'success\n', 'broken'],
		['another account', () => textReply().replace(account.name, 'gh_x'), 'not the account'],
		['another user', () => textReply().replace(simulator.openids()[0], 'x'), 'not the user'],
		['a time in milliseconds', () => textReply().replace('00</', '00000</'), 'CreateTime'],
		['an unknown MsgType', () => reply('<MsgType>link</MsgType>'), 'link is unknown'],
		['no Content', () => reply('<MsgType>text</MsgType>'), 'Content is missing'],
		['two Contents', () => textReply().replace(/<Content.*Content>/, '$&$&'), 'not a text'],
		['an empty Content', () => textReply(''), 'Content is not a text'],
		['a Content too long', () => textReply('中'.repeat(683)), 'longer than 2048'],
		['an unknown element', () => textReply().replace('</xml>', '<A/></xml>'), 'A does not'],
		['a wrong ArticleCount', () => news(1, 2), 'ArticleCount'],
		['two articles for a message', () => news(2), 'more than 1'],
		['nine for an event', () => news(9), 'more than 8', plain, click],
		['an article without Url', () => news(1).replace('<Url>u</Url>', ''), 'Url is missing'],
		[
			'a strange media_id',
			() => reply('<MsgType>image</MsgType><Image><MediaId>x</MediaId></Image>'),
			'not of this account',
		],
		[
			'music without a thumb',
			() => reply('<MsgType>music</MsgType><Music><Title>x</Title></Music>'),
			'ThumbMediaId is missing',
		],
	])(
		'shows the fault notice after %s',
		async (_, body, problem, options = plain, message = text) => {
			const result = await answering(body(), options, message);
			expect(result).toMatchObject({ outcome: 'error', shown: FAULT_NOTICE });
			expect(result.deliveries).toEqual([
				expect.objectContaining({ problem: containing(problem) }),
			]);
		},
	);

	it.each<[string, () => string, PushMessage?]>([
		['one article for a message', () => news(1)],
		['eight for an event', () => news(8), click],
		['a hand-over to agents', () => reply('<MsgType>transfer_customer_service</MsgType>')],
		[
			'an image of the account',
			() => {
				const id = simulator.addMedia(Buffer.from('x'), 'a.jpg');
				return reply(`<MsgType>image</MsgType><Image><MediaId>${id}</MediaId></Image>`);
			},
		],
	])('accepts %s', async (_, body, message = text) => {
		expect(await answering(body(), { mode: 'compatible' }, message)).toMatchObject({
			outcome: 'reply',
			shown: '',
		});
	});

	it('speaks JSON with accounts set to it', async () => {
		const message = { ...text, FromUserName: simulator.openids()[0] };
		const inner = {
			ToUserName: message.FromUserName,
			FromUserName: account.name,
			CreateTime: 1760000000,
			MsgType: 'text',
			Content: 'hi',
		};
		const Encrypt = seal(account.encodingAESKey, account.appId, JSON.stringify(inner));
		const MsgSignature = sign(account.token, '1760000000', '7', Encrypt);
		const outer = { Encrypt, MsgSignature, TimeStamp: 1760000000, Nonce: '7' };
		const result = await answering(JSON.stringify(outer), { format: 'json' }, message);
		expect(result).toMatchObject({ outcome: 'reply', shown: 'hi' });
		expect(received[0].contentType).toBe('application/json');
		expect(await answering(textReply(), { ...plain, format: 'json' })).toMatchObject({
			outcome: 'error',
		});
	});

	it('cuts the connection in time and delivers the same message again', async () => {
		respond = (response, count) => {
			if (count === 3) response.end('success');
			else clock.turn(50);
		};
		const result = await simulator.push(url, text, { timeoutMs: 50 });
		expect(result.deliveries.map(({ outcome }) => outcome)).toEqual([
			...['timeout', 'timeout', 'success'],
		]);
		expect(result.deliveries.map(({ ms }) => ms)).toEqual([50, 50, 0]);
		expect(new Set(received.map(({ query }) => query.get('nonce'))).size).toBe(3);
		const messages = received.map(
			({ body }) => unseal(account.encodingAESKey, String(parseXml(body).Encrypt)).message,
		);
		expect(new Set(messages).size).toBe(1);
		expect(result.shown).toBe('');
	});

	it('counts the time to the end of the body', async () => {
		respond = (response) => response.write('succ', () => setImmediate(() => clock.turn(50)));
		const result = await simulator.push(url, text, { timeoutMs: 50, deliveries: 1 });
		expect(result).toMatchObject({ outcome: 'timeout', shown: FAULT_NOTICE });
	});

	// https://developers.weixin.qq.com/doc/store/shop/linkstore/miniprogram_connection/miniprogram_callback/Order_notification
	it("delivers a shop's push ten times within 3.6 hours, until the answer is success", async () => {
		await simulator.close();
		await start({ accounts: [SHOP_ACCOUNT] });
		const times: number[] = [];
		let answer = 'ok';
		respond = (response) => {
			times.push((clock.now() - START) / 1000);
			response.end(answer);
		};
		const paid = { MsgType: 'event', Event: 'channels_ec_order_pay' };
		const turning = setInterval(() => clock.turn(10_000), 1);
		const result = await simulator.push(url, paid, { timeoutMs: 1e8 });
		clearInterval(turning);
		expect(result.deliveries).toHaveLength(10);
		expect(times.map((time) => Math.round(time / 600) * 600)).toEqual([
			0, 0, 0, 0, 0, 600, 2400, 6000, 9600, 13_200,
		]);
		answer = 'success';
		expect((await simulator.push(url, paid)).deliveries).toHaveLength(1);
	});

	it('gives up after three deliveries', async () => {
		respond = (response) => response.writeHead(500).end('success');
		const result = await simulator.push(url, text);
		expect(result).toMatchObject({ outcome: 'refused', shown: FAULT_NOTICE });
		expect(result.deliveries).toHaveLength(3);
		expect(await simulator.push('http://127.0.0.1:1', text)).toMatchObject({
			outcome: 'error',
			deliveries: [{ outcome: 'error' }, { outcome: 'error' }, { outcome: 'error' }],
		});
	});

	it('sends retries where they are told to go, and the others where the first one went', async () => {
		respond = (response) => response.writeHead(500).end();
		const result = await simulator.push(url, text, { retryUrls: ['http://127.0.0.1:1'] });
		expect(result.deliveries.map(({ outcome }) => outcome)).toEqual([
			...['refused', 'error', 'refused'],
		]);
	});

	it('verifies a URL only when echostr comes back as the whole body', async () => {
		const echo = (change: (text: string) => string) => {
			respond = (response) => {
				const { query } = received[received.length - 1];
				const parts = [account.token, query.get('timestamp'), query.get('nonce')].map(String);
				expect(query.get('signature')).toBe(sign(...parts));
				response.end(change(String(query.get('echostr'))));
			};
			return simulator.verify(url);
		};
		expect(await echo((text) => text)).toBe(true);
		expect(await echo((text) => `"${text}"`)).toBe(false);
		expect(await echo((text) => `${text}\n`)).toBe(false);
		expect(await simulator.verify('http://127.0.0.1:1')).toBe(false);
	});
});
