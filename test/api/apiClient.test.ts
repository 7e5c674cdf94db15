import { createAccountClient, requestAccountToken } from '../../nodes/api/accountClient';
import { toAppKey, toApiUrl, type App } from '../../nodes/api/app';
import type { Client } from '../../nodes/api/apiClient';
import { isDownload } from '../../nodes/api/download';
import { ApiError } from '../../nodes/api/apiError';
import type { Http, HttpRequest } from '../../nodes/base/http';
import { createServices } from '../../nodes/api/services';
import { ConnectionError } from '../../nodes/base/connectionError';
import { createProcessAt, pauses, services } from '../support/services';
import { useSimulator } from '../support/simulator';
import { emptyStore } from '../support/emptyStore';

const simulator = useSimulator();
const TOKEN_PATH = '/cgi-bin/stable_token';
const TAGS = { method: 'GET', path: '/cgi-bin/tags/get' } as const;

function client(changes: Partial<App> = {}): Client {
	const { url, account } = simulator();
	return createAccountClient(
		{ appId: account.appId, appSecret: account.secret, baseUrl: url, ...changes },
		emptyStore,
		services,
	);
}

/** Counts calls of a path while `work` runs. */
async function counting(path: string, work: () => Promise<unknown>): Promise<number> {
	const before = simulator().count(path);
	await work();
	return simulator().count(path) - before;
}

async function failure(work: Promise<unknown>): Promise<ApiError> {
	return await work.then(
		() => Promise.reject(new Error('it succeeded')),
		(error: unknown) => error as ApiError,
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
		expect((await failure(one.send(TAGS))).errcode).toBe(40001);
	});
	expect(called).toBe(2);
});

test('an errcode becomes an error with advice, without the token', async () => {
	const error = await failure(
		client().send({ path: '/cgi-bin/tags/create', body: { tag: { name: '星标组' } } }),
	);
	expect(error).toBeInstanceOf(ApiError);
	expect(error).toMatchObject({ errcode: 45157, path: '/cgi-bin/tags/create' });
	expect(error.rid).toMatch(/^[\da-f-]{20,}$/);
	expect(error.hint).toMatch(/name/i);
	expect(error.message).not.toContain('rid');
});

test.each<[string, Partial<App>, number]>([
	['AppID', { appId: 'wx0000000000000000' }, 40013],
	['AppSecret', { appSecret: 'wrong' }, 40125],
])('a wrong %s is named', async (_, changes, code) => {
	const error = await failure(client(changes).send(TAGS));
	expect(error.errcode).toBe(code);
	expect(JSON.stringify([error.message, error.errmsg, error.hint])).not.toContain(
		simulator().account.secret,
	);
});

test('errmsg cannot carry the token or the secret out', async () => {
	const one = client();
	const { account } = simulator();
	simulator().fault({
		path: TOKEN_PATH,
		answer: { errcode: 40125, errmsg: `bad ${account.secret} ${account.secret}` },
	});
	expect((await failure(one.send(TAGS))).message).toContain('bad *** ***');
	expect((await failure(client({ appSecret: '' }).send(TAGS))).message).not.toContain('***');
});

/** A WeChat that repeats the token in its errmsg. */
function gossip(errcode: number): { asked: HttpRequest[]; http: Http } {
	const asked: HttpRequest[] = [];
	const http: Http = async (request) => {
		asked.push(request);
		const token = request.url.searchParams.get('access_token');
		const answer = token
			? { errcode, errmsg: `no ${token}` }
			: { access_token: `T${asked.length}`, expires_in: 7200 };
		const isFile = request.url.pathname === '/film';
		const body = Buffer.from(isFile ? 'film' : JSON.stringify(answer));
		return { status: 200, contentType: '', disposition: '', body };
	};
	return { asked, http };
}
const proxied = { appId: 'wx', appSecret: 's', baseUrl: '', proxyUrl: 'http://proxy.example.com' };

test.each([48001, 40001])('errcode %i cannot carry the token out', async (errcode) => {
	for (const way of ['send', 'download'] as const) {
		const one = createAccountClient(proxied, emptyStore, createServices(gossip(errcode)));
		expect((await failure(one[way](TAGS))).errmsg).toBe('no ***');
	}
});

test('errcode 40029 cannot carry the secret out of a call that has it in its address', async () => {
	const http: Http = async ({ url }) => {
		const body = Buffer.from(JSON.stringify({ errcode: 40029, errmsg: `no ${url.search}` }));
		return { status: 200, contentType: '', disposition: '', body };
	};
	const one = createAccountClient(
		{ ...proxied, appSecret: 'very-secret' },
		emptyStore,
		createServices({ http }),
	);
	for (const way of ['send', 'download'] as const) {
		const error = await failure(one[way]({ path: '/sns/oauth2/access_token', bearer: 'app' }));
		expect(error.errmsg).toContain('secret=***');
	}
});

test('a call of a platform is none of an account', async () => {
	const { asked, http } = gossip(0);
	const call = { path: '/cgi-bin/component/api_create_preauthcode', bearer: 'component' } as const;
	await expect(
		createAccountClient(proxied, emptyStore, createServices({ http })).send(call),
	).rejects.toMatchObject({
		message: expect.stringContaining('only possible for a third-party platform') as string,
		hint: expect.stringContaining('Use the node WeChat Open Platform') as string,
	});
	expect(asked).toEqual([]);
});

test('every call goes through the proxy, and JSON is called JSON', async () => {
	const { asked, http } = gossip(48001);
	const one = createAccountClient(proxied, emptyStore, createServices({ http }));
	await failure(one.send({ path: '/x', body: { a: '你' } }));
	await failure(one.send(TAGS));
	const [token, post, get] = asked;
	expect(asked.map(({ proxyUrl }) => proxyUrl)).toEqual(Array(3).fill(proxied.proxyUrl));
	for (const { contentType } of [token, post]) expect(contentType).toBe('application/json');
	expect(post.body).toBe('{"a":"你"}');
	expect([get.body, get.contentType]).toEqual([undefined, undefined]);
});

test('a call without token goes to its host without one', async () => {
	const { asked, http } = gossip(48001);
	const call = { path: '/cgi-bin/showqrcode', host: 'mp', bearer: 'none' } as const;
	await createAccountClient(proxied, emptyStore, createServices({ http })).send(call);
	const [{ url }] = asked;
	expect(url.href).toBe('https://mp.weixin.qq.com/cgi-bin/showqrcode');
});

test('a file that WeChat names is fetched through the proxy too', async () => {
	const { asked, http } = gossip(0);
	await createAccountClient(proxied, emptyStore, createServices({ http })).fetch(
		'http://video.example.com/film?sign=1',
	);
	expect(asked).toMatchObject([
		{
			method: 'GET',
			url: new URL('http://video.example.com/film?sign=1'),
			proxyUrl: proxied.proxyUrl,
		},
	]);
});

test('a file is fetched from the address that was judged, and from the server itself as ever', async () => {
	const { asked, http } = gossip(0);
	const one = createAccountClient(proxied, emptyStore, createServices({ http }));
	await one.fetch('http://203.205.158.81/film');
	await one.fetch('https://api.weixin.qq.com/film');
	expect(asked.map(({ addresses }) => addresses)).toEqual([['203.205.158.81'], undefined]);
	await expect(one.fetch('http://169.254.169.254/film')).rejects.toThrow('no public address');
	await expect(one.fetch('')).rejects.toThrow('WeChat named no address of the file');
	expect(asked).toHaveLength(2);
});

test('WeChat is asked for another token only when it hands out the refused one again', async () => {
	const one = client();
	await one.send(TAGS);
	simulator().fault({ path: TAGS.path, answer: { errcode: 40001, errmsg: 'no' } });
	await one.send(TAGS);
	const asked = simulator().calls.filter(({ path }) => path === TOKEN_PATH);
	expect(asked.slice(-3)).toMatchObject(
		[false, false, true].map((force_refresh) => ({ body: { force_refresh } })),
	);
});

test('a token ends expires_in seconds after it was asked for', async () => {
	const token = await requestAccountToken(
		proxied,
		createProcessAt(() => 1_760_000_000_000, gossip(0)),
		false,
	);
	expect(token).toEqual({
		value: 'T1',
		askedAt: 1_760_000_000_000,
		expiresAt: 1_760_007_200_000,
	});
});

test('a token is renewed five minutes before its end, when WeChat gives another one', async () => {
	let now = 1_760_000_000_000;
	const { asked, http } = gossip(0);
	const one = createAccountClient(
		proxied,
		emptyStore,
		createProcessAt(() => now, { http }),
	);
	const renewals = () => asked.filter(({ url }) => url.pathname === TOKEN_PATH).length;
	await one.send(TAGS);
	now += 115 * 60_000 - 1;
	await one.send(TAGS);
	expect(renewals()).toBe(1);
	now += 1;
	await one.send(TAGS);
	expect(renewals()).toBe(2);
});

test('an undefined value stays out of the query', async () => {
	await client().send({ ...TAGS, query: { lang: undefined } });
	expect(simulator().calls.at(-1)?.query).toEqual({});
});

test('what WeChat adds for itself is not in the message', () => {
	const error = new ApiError({
		errcode: 40003,
		errmsg: 'invalid openid, hint: [Ab.1] rid: 6a-7b',
		path: '/x?action=y',
	});
	expect(error.message).toBe('WeChat refused the call: invalid openid (errcode 40003)');
	expect(error.rid).toBe('6a-7b');
	expect(error.path).toBe('/x');
});

test.each([-1, 45011])('errcode %i is waited for, and the call repeated', async (errcode) => {
	simulator().fault({ path: TAGS.path, times: 2, answer: { errcode, errmsg: 'busy' } });
	expect(await client().send(TAGS)).toHaveProperty('tags');
	expect(pauses).toHaveLength(2);
});

test('errcode 40003 is not waited for: the call would fail again', async () => {
	simulator().fault({ path: TAGS.path, answer: { errcode: 40003, errmsg: 'no' } });
	expect(await failure(client().send(TAGS))).toMatchObject({ errcode: 40003 });
	expect(pauses).toEqual([]);
});

describe('addresses', () => {
	const at = (baseUrl: string, host?: 'mp') => toApiUrl({ ...proxied, baseUrl }, '/x', host).href;

	test.each([
		['', 'https://api.weixin.qq.com/x', 'https://mp.weixin.qq.com/x'],
		['https://api.weixin.qq.com/', 'https://api.weixin.qq.com/x', 'https://mp.weixin.qq.com/x'],
		['http://relay:81/wx//', 'http://relay:81/wx/x', 'http://relay:81/wx/x'],
		// The same host in other spellings, and the address of a page.
		['HTTPS://API.weixin.qq.com:443', 'https://api.weixin.qq.com/x', 'https://mp.weixin.qq.com/x'],
		['https://relay/wx?a=b#c', 'https://relay/wx/x', 'https://relay/wx/x'],
		[
			'https://sh.api.weixin.qq.com',
			'https://sh.api.weixin.qq.com/x',
			'https://sh.api.weixin.qq.com/x',
		],
	])('behind %j', (baseUrl, api, mp) => {
		expect(at(baseUrl)).toBe(api);
		expect(at(baseUrl, 'mp')).toBe(mp);
	});

	test.each(['ftp://relay', 'xhttp://relay', 'https://', 'https:///', 'https://relay:99999'])(
		'%s is none',
		(baseUrl) => expect(() => at(baseUrl)).toThrow('"API Base URL" is not an address'),
	);

	test.each(['https://user:pa55@relay', 'https://user@relay', 'http://:pa55@127.0.0.1:9'])(
		'%s has in it what would not be sent, and the error does not repeat it',
		(baseUrl) => {
			expect(() => at(baseUrl)).toThrow('"API Base URL" has a user name or password in it');
			expect(() => at(baseUrl)).not.toThrow('pa55');
		},
	);

	test.each([
		'http://api.weixin.qq.com',
		'http://API.weixin.qq.com:80/',
		'http://mp.weixin.qq.com.',
	])('%s is WeChat for everybody to read', (baseUrl) =>
		expect(() => at(baseUrl)).toThrow('leads to WeChat without encryption'),
	);

	test('a token is kept for one AppID, secret and host, under a name that tells none', () => {
		const names = [{}, { appId: 'wy' }, { appSecret: 't' }, { baseUrl: 'http://relay' }].map(
			(changes) => toAppKey({ ...proxied, ...changes }),
		);
		expect(new Set(names).size).toBe(4);
		for (const name of names) expect(name).toMatch(/^[\w-]{43}$/);
	});
});

describe('below WeChat', () => {
	test.each<[string, object, string]>([
		['HTTP 502 with HTML', { status: 502, body: '<html>Bad Gateway</html>' }, 'HTTP 502'],
		['HTTP 500 with JSON', { status: 500, body: '{"tags":[]}' }, 'HTTP 500'],
		['an empty body', { body: '' }, 'HTTP 200'],
		['broken JSON', { body: '{"tags":' }, 'HTTP 200'],
		['a bare number', { body: '1' }, 'HTTP 200'],
	])('%s', async (_, fault, code) => {
		simulator().fault({ path: TAGS.path, times: Infinity, ...fault });
		const error = await failure(client().send(TAGS));
		expect(error).toMatchObject({ code });
		expect(error).toBeInstanceOf(ConnectionError);
	});

	test('a closed connection', async () => {
		simulator().fault({ path: TAGS.path, times: Infinity, drop: true });
		const error = await failure(client().send(TAGS));
		expect(error.message).toMatch(/closed the connection/);
		expect(error.hint).toContain('API Base URL');
		expect(error.message).not.toContain('access_token');
	});

	test('a host that refuses the connection', async () => {
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

test.each(['9007199254740993', '-9007199254740993'])('%s arrives as text', async (n) => {
	simulator().fault({ path: TAGS.path, body: `{"n":${n},"safe":9007199254740991}` });
	expect(await client().send(TAGS)).toEqual({ n, safe: 9007199254740991 });
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

	// Servers repeat what they are called with; a bill in lines is a text, as is what a cloud function answers.
	test.each([true, false])(
		'a text in a file holds no secret when it is shown: %s',
		async (shown) => {
			const { secret } = simulator().account;
			const headers = { 'content-type': 'text/plain' };
			const body = `流水\n?secret=${secret}`;
			simulator().fault({ path: '/cgi-bin/media/get', status: 200, body, headers });
			const file = await client().download({ ...get('m'), isShown: shown });
			const text = isDownload(file) ? file.bytes.toString() : '';
			expect(text).toBe(shown ? '流水\n?secret=***' : body);
		},
	);

	test('a picture that is shown stays as it is', async () => {
		const picture = Buffer.concat([bytes, Buffer.from(simulator().account.secret)]);
		const media = simulator().addMedia(picture, 'picture.jpg');
		const file = await client().download({ ...get(media), isShown: true });
		expect(isDownload(file) && file.bytes.equals(picture)).toBe(true);
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

	test.each<[string, object, string]>([
		['HTTP 502 with HTML', { status: 502, body: '<html>Bad Gateway</html>' }, 'HTTP 502'],
		['an empty body', { body: '' }, 'HTTP 200'],
	])('%s is no file', async (_, fault, code) => {
		simulator().fault({ path: '/cgi-bin/media/get', times: Infinity, ...fault });
		expect(await failure(client().download(get('m')))).toMatchObject({ code });
	});

	test('an errcode in place of a file is an error', async () => {
		expect(await failure(client().download(get('nothing')))).toMatchObject({ errcode: 40007 });
	});
});
