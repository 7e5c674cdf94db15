import type { Account } from '../../nodes/api/account';
import { clientFor, isDownload, type Client } from '../../nodes/api/client';
import { WechatError } from '../../nodes/api/errors';
import { forgetTokens, type Store } from '../../nodes/api/tokens';
import { useSimulator } from '../support/simulator';

const simulator = useSimulator();
const store: Store = { read: async () => undefined, write: async () => {} };
const TOKEN_PATH = '/cgi-bin/stable_token';
const TAGS = { method: 'GET', path: '/cgi-bin/tags/get' } as const;

function client(changes: Partial<Account> = {}): Client {
	const { url, account } = simulator();
	return clientFor(
		{ appId: account.appId, appSecret: account.secret, baseUrl: url, ...changes },
		store,
	);
}

/** Counts calls of a path while `work` runs. */
async function counting(path: string, work: () => Promise<unknown>): Promise<number> {
	const before = simulator().count(path);
	await work();
	return simulator().count(path) - before;
}

async function failure(work: Promise<unknown>): Promise<WechatError> {
	return await work.then(
		() => Promise.reject(new Error('it succeeded')),
		(error: unknown) => error as WechatError,
	);
}

test('one token serves many calls', async () => {
	const one = client();
	const asked = await counting(TOKEN_PATH, async () => {
		await Promise.all(Array.from({ length: 20 }, async () => await one.send(TAGS)));
	});
	expect(asked).toBe(1);
});

test('calls share connections', async () => {
	const one = client();
	await one.send(TAGS);
	const before = simulator().connections;
	for (let call = 0; call < 50; call++) await one.send(TAGS);
	expect(simulator().connections).toBe(before);
});

test.each([40001, 40014, 42001])(
	'errcode %i costs one renewal and one repetition',
	async (errcode) => {
		const one = client();
		await one.send(TAGS);
		simulator().fault({ path: TAGS.path, answer: { errcode, errmsg: 'dead rid: 1-2-3' } });
		const called = await counting(TAGS.path, async () => {
			expect(await one.send(TAGS)).toHaveProperty('tags');
		});
		expect(called).toBe(2);
	},
);

test('a token that dies in WeChat is renewed', async () => {
	const one = client();
	await one.send(TAGS);
	simulator().expireTokens();
	expect(await one.send(TAGS)).toHaveProperty('tags');
	simulator().revokeTokens();
	expect(await one.send(TAGS)).toHaveProperty('tags');
});

test('a renewed token that is refused again ends it', async () => {
	const one = client();
	simulator().fault({ path: TAGS.path, times: Infinity, answer: { errcode: 40001, errmsg: 'no' } });
	const called = await counting(TAGS.path, async () => {
		expect((await failure(one.send(TAGS))).code).toBe(40001);
	});
	expect(called).toBe(2);
});

test('an errcode becomes an error with advice, without the token', async () => {
	const error = await failure(
		client().send({ path: '/cgi-bin/tags/create', body: { tag: { name: '星标组' } } }),
	);
	expect(error).toBeInstanceOf(WechatError);
	expect(error).toMatchObject({ code: 45157, path: '/cgi-bin/tags/create', retryable: false });
	expect(error.rid).toMatch(/^[\da-f-]{20,}$/);
	expect(error.advice).toMatch(/name/i);
	expect(error.message).not.toContain('rid');
});

test.each<[string, Partial<Account>, number]>([
	['AppID', { appId: 'wx0000000000000000' }, 40013],
	['AppSecret', { appSecret: 'wrong' }, 40125],
])('a wrong %s is named', async (_, changes, code) => {
	const error = await failure(client(changes).send(TAGS));
	expect(error.code).toBe(code);
	expect(JSON.stringify([error.message, error.reply, error.advice])).not.toContain(
		simulator().account.secret,
	);
});

test('errmsg cannot carry the token or the secret out', async () => {
	const one = client();
	const { account } = simulator();
	simulator().fault({
		path: TOKEN_PATH,
		answer: { errcode: 40125, errmsg: `bad ${account.secret}` },
	});
	expect((await failure(one.send(TAGS))).message).toContain('bad ***');
});

describe('below WeChat', () => {
	test.each<[string, object, string]>([
		['HTTP 502 with HTML', { status: 502, body: '<html>Bad Gateway</html>' }, 'HTTP 502'],
		['an empty body', { body: '' }, 'HTTP 200'],
		['broken JSON', { body: '{"tags":' }, 'HTTP 200'],
		['a bare number', { body: '1' }, 'HTTP 200'],
	])('%s', async (_, fault, code) => {
		simulator().fault({ path: TAGS.path, ...fault });
		expect(await failure(client().send(TAGS))).toMatchObject({ code, retryable: true });
	});

	test('a closed connection', async () => {
		simulator().fault({ path: TAGS.path, drop: true });
		const error = await failure(client().send(TAGS));
		expect(error.message).toMatch(/closed the connection/);
		expect(error.message).toContain('API Base URL');
		expect(error.message).not.toContain('access_token');
	});

	test('nobody there', async () => {
		forgetTokens();
		const error = await failure(client({ baseUrl: 'http://127.0.0.1:9' }).send(TAGS));
		expect(error).toMatchObject({ code: 'ECONNREFUSED' });
		expect(error.message).toContain('127.0.0.1:9');
	});
});

test('Chinese text, markup and emoji travel unescaped', async () => {
	const name = '标签 <&> 😀';
	await client().send({ path: '/cgi-bin/tags/create', body: { tag: { name } } });
	expect(simulator().calls.at(-1)?.body).toEqual({ tag: { name } });
});

test('half an emoji does not become an escape', async () => {
	await client().send({ path: '/cgi-bin/tags/create', body: { tag: { name: 'cut \ud83d' } } });
	expect(simulator().calls.at(-1)?.body).toEqual({ tag: { name: 'cut \ufffd' } });
});

test('a number beyond 2^53 arrives as text', async () => {
	simulator().fault({ path: TAGS.path, answer: { msg_id: 1, tags: [] } });
	expect(await client().send(TAGS)).toEqual({ msg_id: 1, tags: [] });
	simulator().fault({
		path: TAGS.path,
		body: '{"msg_id":24990011223344557,"n":1.5,"s":"24990011223344557"}',
	});
	expect(await client().send(TAGS)).toEqual({
		msg_id: '24990011223344557',
		n: 1.5,
		s: '24990011223344557',
	});
});

describe('downloads', () => {
	const bytes = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x7b]);
	const get = (media_id: string) =>
		({ method: 'GET', path: '/cgi-bin/media/get', query: { media_id } }) as const;

	test('bytes come as a file', async () => {
		const media = simulator().addMedia(bytes, 'picture.jpg');
		const file = await client().download(get(media));
		expect(isDownload(file) && file.bytes.equals(bytes)).toBe(true);
		expect(file.fileName).toMatch(/\.jpg$/);
	});

	test('a file that begins like JSON is a file', async () => {
		const media = simulator().addMedia(Buffer.from('{"errcode":40007}'), 'notes.jpg');
		expect(isDownload(await client().download(get(media)))).toBe(true);
	});

	test('a video comes as its address', async () => {
		const media = simulator().addMedia(bytes, 'film.mp4');
		const answer = await client().download(get(media));
		expect(isDownload(answer)).toBe(false);
		expect(answer).toHaveProperty('video_url');
	});

	test('a page of some proxy is no file', async () => {
		const media = simulator().addMedia(bytes, 'picture.jpg');
		const headers = { 'content-type': 'text/html' };
		simulator().fault({ path: '/cgi-bin/media/get', status: 200, body: '<html>', headers });
		expect(await failure(client().download(get(media)))).toMatchObject({ code: 'HTTP 200' });
	});

	test('an error is an error', async () => {
		expect(await failure(client().download(get('nothing')))).toMatchObject({ code: 40007 });
	});
});
