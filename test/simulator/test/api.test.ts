import {
	DEFAULT_ACCOUNT,
	SHOP_ACCOUNT,
	startSimulator,
	type SimAccount,
	type Simulator,
	type SimulatorOptions,
} from '..';
import { behaviors, openBehaviors } from '../behaviors';
import { endpoints, isCallable, listedEndpoints } from '../http/endpoints';
import { hasCharacterEscape, parseJson, printJson, type JsonObject } from '../http/json';
import { createTestClock } from '../../support/clock';
import { readSample } from '../../support/samples';
import { untilUp } from './support';

const OTHER_ACCOUNT: SimAccount = {
	...DEFAULT_ACCOUNT,
	appId: 'wx0000111122223333',
	name: 'gh_0123456789ab',
};
const START = 1_760_000_000_000;

let simulator: Simulator;
let clock = createTestClock(START);

async function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
	clock = createTestClock(START);
	simulator = await startSimulator({ ...clock, ...options });
	return simulator;
}

afterEach(() => simulator?.close());

async function call(path: string, init: RequestInit = {}): Promise<JsonObject> {
	const response = await fetch(simulator.url + path, init);
	expect(response.status).toBe(200);
	expect(response.headers.get('content-type')).toBe('application/json; encoding=utf-8');
	return parseJson(await response.text()) as JsonObject;
}

async function newToken({ appId, secret } = simulator.account): Promise<string> {
	const query = `grant_type=client_credential&appid=${appId}&secret=${secret}`;
	return String((await call(`/cgi-bin/token?${query}`)).access_token);
}

async function stable(force = false, { appId, secret } = simulator.account): Promise<JsonObject> {
	const body = { grant_type: 'client_credential', appid: appId, secret, force_refresh: force };
	return call('/cgi-bin/stable_token', { method: 'POST', body: printJson(body) });
}

/** Calls an API with a token: GET without a body, POST with one. */
async function api(path: string, body?: unknown, token?: string): Promise<JsonObject> {
	const separator = path.includes('?') ? '&' : '?';
	const url = `${path}${separator}access_token=${token ?? (await newToken())}`;
	if (body === undefined) return call(url);
	const text = typeof body === 'string' ? body : printJson(body);
	return call(url, { method: 'POST', body: text });
}

const JPG = readSample('jpg');
const PNG = readSample('png');
const WEBP = readSample('webp');

// Jest types its matchers as any.
const matching = (pattern: RegExp | string): unknown => expect.stringMatching(pattern);
const ANY_STRING: unknown = expect.any(String);

const failure = (errcode: number, text = '') => ({
	errcode,
	errmsg: matching(new RegExp(`${text}.* rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)),
});
const OK = { errcode: 0, errmsg: 'ok' };

describe('the order of checks', () => {
	beforeEach(() => start({ followers: 3 }));

	it('answers 404 for an unknown path', async () => {
		expect((await fetch(`${simulator.url}/cgi-bin/nothing`)).status).toBe(404);
	});

	it('wants a token it knows', async () => {
		expect(await call('/cgi-bin/tags/get')).toEqual(failure(41001));
		expect(await api('/cgi-bin/tags/get', undefined, 'abc')).toEqual(failure(40014));
		const stranger = `61_${'x'.repeat(136)}`;
		expect(await api('/cgi-bin/tags/get', undefined, stranger)).toEqual(failure(40001));
		expect(await api('/cgi-bin/tags/get', undefined, await newToken())).toHaveProperty('tags');
	});

	it('wants the method of the page', async () => {
		expect(await api('/cgi-bin/tags/create')).toEqual(failure(43002));
		expect(await api('/cgi-bin/tags/get', {})).toEqual(failure(43001));
	});

	it('wants a JSON body', async () => {
		expect(await api('/cgi-bin/tags/create', '')).toEqual(failure(44002));
		expect(await api('/cgi-bin/tags/create', '{"tag":')).toEqual(failure(47001));
		expect(await api('/cgi-bin/tags/create', '[]')).toEqual(failure(47001));
	});

	it('refuses escaped characters, but not control characters or a backslash before a u', async () => {
		const name = (text: string) => api('/cgi-bin/tags/create', `{"tag":{"name":"${text}"}}`);
		expect(await name('\\u4e2d')).toEqual(failure(40033));
		expect(await name('中')).toHaveProperty('tag.name', '中');
		expect(hasCharacterEscape('"\\u0001 \\\\u4e2d \\\\\\\\u4e2d"')).toBe(false);
		expect(hasCharacterEscape('"\\\\\\u4e2d"')).toBe(true);
	});

	it('refuses unknown fields at every depth', async () => {
		expect(await api('/cgi-bin/tags/create', { tag: { name: 'a' }, x: 1 })).toEqual(
			failure(47003, 'x'),
		);
		expect(await api('/cgi-bin/tags/create', { tag: { nmae: 'a' } })).toEqual(
			failure(47003, 'tag.nmae'),
		);
		expect(await api('/cgi-bin/user/info?openId=x')).toEqual(failure(47003, 'openId'));
		expect(
			await api('/cgi-bin/user/info/batchget', { user_list: [{ openid: 'a', x: 1 }] }),
		).toEqual(failure(47003, 'user_list\\[0\\].x'));
		expect(await api('/cgi-bin/tags/get?a=1')).toEqual(failure(47003, 'a'));
		const template = { touser: 'a', template_id: 'b', data: { k: { value: 1, hue: 'x' } } };
		expect(await api('/cgi-bin/message/template/send', template)).toEqual(
			failure(47003, 'data.k.hue'),
		);
	});

	it('refuses a parameter given twice', async () => {
		expect(await api('/cgi-bin/user/get?next_openid=a&next_openid=b')).toEqual(
			failure(47003, 'next_openid'),
		);
	});

	it('names a field of the wrong type', async () => {
		expect(await api('/cgi-bin/tags/create', { tag: { name: 7 } })).toEqual(
			failure(47001, 'data format error: tag.name'),
		);
		expect(await api('/cgi-bin/tags/create', { tag: [] })).toEqual(failure(47001, 'tag'));
		expect(await api('/cgi-bin/user/tag/get', { tagid: '100' })).toEqual(failure(47001, 'tagid'));
		expect(await api('/cgi-bin/tags/members/batchblacklist', { openid_list: ['a', 1] })).toEqual(
			failure(47001, 'openid_list\\[1\\]'),
		);
	});

	it('names a missing field, with the code of the page when there is one', async () => {
		expect(await api('/cgi-bin/tags/create', {})).toEqual(failure(47003, 'tag'));
		expect(await api('/cgi-bin/tags/update', { tag: { id: 100 } })).toEqual(
			failure(47003, 'tag.name'),
		);
		const query = 'grant_type=client_credential';
		expect(await call(`/cgi-bin/token?${query}`)).toEqual(failure(41002));
		expect(await call(`/cgi-bin/token?${query}&appid=a`)).toEqual(failure(41004));
	});

	it('refuses lists that are too long', async () => {
		const openid_list = Array<string>(51).fill('a');
		expect(await api('/cgi-bin/tags/members/batchtagging', { openid_list, tagid: 2 })).toEqual(
			failure(40032),
		);
	});

	it('keeps 64-bit integers, and wants them as numbers', async () => {
		const body = { msg_data_id: 2n ** 60n + 1n };
		const response = await fetch(
			`${simulator.url}/cgi-bin/comment/open?access_token=${await newToken()}`,
			{ method: 'POST', body: printJson(body) },
		);
		expect(await response.json()).toMatchObject({ errcode: 88001 });
		expect(simulator.calls.at(-1)?.body).toEqual({ msg_data_id: 1152921504606846977n });
		expect(await api('/cgi-bin/comment/open', { msg_data_id: '1152921504606846977' })).toEqual(
			failure(47001, 'msg_data_id'),
		);
	});

	it('answers the sample of an API without state; there is none without both', async () => {
		const quota = { cgi_path: '/cgi-bin/message/custom/send' };
		expect(await api('/cgi-bin/openapi/quota/get', quota)).toMatchObject({
			...OK,
			quota: { daily_limit: 100000 },
		});
		const silent = endpoints.filter(
			({ id, sample }) => !sample && !behaviors[id] && !openBehaviors[id],
		);
		expect(silent.map(({ id }) => id)).toEqual([]);
	});
});

it('has a unique id for each endpoint, and only types that are checked', () => {
	const ids = listedEndpoints.map(({ id }) => id);
	expect(ids.length).toBeGreaterThan(0);
	expect(new Set(ids).size).toBe(ids.length);
	const types = new Set(endpoints.flatMap(({ params }) => params.map(({ type }) => type)));
	expect([...types].sort()).toEqual(
		[
			...['any', 'array', 'boolean', 'file', 'int64', 'int64[]', 'number'],
			...['number[]', 'object', 'string', 'string[]'],
		].sort(),
	);
});

it.each(listedEndpoints.filter((endpoint) => !isCallable(endpoint)))(
	'$path, which is $status, is not there',
	async ({ method, path }) => {
		await start();
		const response = await fetch(simulator.url + path, { method });
		expect(response.status).toBe(404);
	},
);

describe('tokens', () => {
	const works = async (token: unknown) =>
		(await api('/cgi-bin/tags/get', undefined, String(token))).errcode ?? 0;

	it('checks grant_type, AppID, AppSecret and the caller', async () => {
		await start({ allowedIps: [] });
		const { appId, secret } = simulator.account;
		const ask = (grant: string, appid: string, key: string) =>
			call(`/cgi-bin/token?grant_type=${grant}&appid=${appid}&secret=${key}`);
		expect(await ask('x', appId, secret)).toEqual(failure(40002));
		expect(await ask('client_credential', 'wx1', secret)).toEqual(failure(40013));
		expect(await ask('client_credential', appId, 'x')).toEqual(failure(40125));
		expect(await ask('client_credential', appId, secret)).toEqual(
			failure(40164, '^invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist'),
		);
	});

	it('issues a new classic token each time and keeps the previous one for 300 s', async () => {
		await start();
		const [first, second] = [await newToken(), await newToken()];
		expect(second).not.toBe(first);
		clock.turn(299_000);
		expect(await works(first)).toBe(0);
		clock.turn(1_000);
		expect(await works(first)).toBe(42001);
		expect(await works(second)).toBe(0);
		clock.turn(6_900_000);
		expect(await works(second)).toBe(42001);
	});

	it('repeats the stable token and rolls it 5 minutes before its end', async () => {
		await start();
		const first = await stable();
		expect(first).toEqual({ access_token: ANY_STRING, expires_in: 7200 });
		expect(String(first.access_token).length).toBeGreaterThan(100);
		clock.turn(6_000_000);
		expect(await stable()).toEqual({ ...first, expires_in: 1200 });
		clock.turn(900_000);
		const second = await stable();
		expect(second.access_token).not.toBe(first.access_token);
		expect(await works(first.access_token)).toBe(0);
		clock.turn(300_000);
		expect(await works(first.access_token)).toBe(42001);
	});

	it('forces a new stable token at most every 30 s and 20 times a day', async () => {
		await start();
		const first = await stable();
		const forced = await stable(true);
		expect(forced.access_token).not.toBe(first.access_token);
		clock.turn(29_000);
		expect((await stable(true)).access_token).toBe(forced.access_token);
		const seen = new Set([forced.access_token]);
		for (let round = 0; round < 25; round++) {
			clock.turn(31_000);
			seen.add((await stable(true)).access_token);
		}
		expect(seen.size).toBe(20);
		clock.turn(300_000);
		expect(await works(first.access_token)).toBe(42001);
	});

	it('keeps the two kinds and the accounts apart', async () => {
		await start({ accounts: [DEFAULT_ACCOUNT, OTHER_ACCOUNT] });
		const kept = await stable();
		await newToken();
		await newToken();
		await stable(true, OTHER_ACCOUNT);
		clock.turn(600_000);
		expect(await works(kept.access_token)).toBe(0);
	});

	it('expires and revokes on demand', async () => {
		await start();
		const classic = await newToken();
		const { access_token } = await stable();
		simulator.revokeTokens();
		expect(await works(classic)).toBe(40001);
		expect(await works(access_token)).toBe(40001);
		const next = (await stable()).access_token;
		expect(await works(next)).toBe(0);
		simulator.expireTokens();
		expect(await works(next)).toBe(42001);
		expect(await works((await stable()).access_token)).toBe(0);
	});

	it('scales the roll with short lives', async () => {
		await start({ tokenSeconds: 24 });
		const first = await stable();
		expect(await stable()).toEqual(first);
		clock.turn(23_000);
		expect((await stable()).access_token).not.toBe(first.access_token);
	});
});

describe('users, tags and the black list', () => {
	it('pages through followers, and leaves data out when there are none', async () => {
		await start({ followers: 5, pageSize: 2 });
		const seen: unknown[] = [];
		for (let cursor = ''; ;) {
			const page = await api(`/cgi-bin/user/get?next_openid=${cursor}`);
			expect(page.total).toBe(5);
			expect(page.count).toBeLessThanOrEqual(2);
			if (page.count === 0) {
				expect(page).not.toHaveProperty('data');
				break;
			}
			seen.push(...(page.data as { openid: string[] }).openid);
			cursor = String(page.next_openid);
		}
		expect(seen).toEqual(simulator.openids());
		expect(await api('/cgi-bin/user/get?next_openid=nobody')).toEqual(failure(40003));
	});

	it('makes the same openids each time, as WeChat spells them', async () => {
		const first = (await start({ followers: 3 })).openids();
		await simulator.close();
		expect((await start({ followers: 4 })).openids().slice(0, 3)).toEqual(first);
		expect(first.every((openid) => /^o[\w-]{27}$/.test(openid))).toBe(true);
	});

	it('tells nothing about someone who does not follow', async () => {
		await start({ followers: 2 });
		const [openid, gone] = simulator.openids();
		await simulator.push('http://127.0.0.1:1', {
			FromUserName: gone,
			MsgType: 'event',
			Event: 'unsubscribe',
		});
		expect(await api(`/cgi-bin/user/info?openid=${gone}`)).toEqual({ subscribe: 0, openid: gone });
		const both = { user_list: [{ openid }, { openid: gone, lang: 'en' }] };
		expect(await api('/cgi-bin/user/info/batchget', both)).toEqual({
			user_info_list: [
				expect.objectContaining({ subscribe: 1, openid, subscribe_time: START / 1000 }),
				{ subscribe: 0, openid: gone },
			],
		});
		expect(await api('/cgi-bin/user/info?openid=x')).toEqual(failure(40003));
		const remark = { openid: gone, remark: 'x' };
		expect(await api('/cgi-bin/user/info/updateremark', remark)).toEqual(failure(43004));
	});

	it('counts a remark in bytes', async () => {
		await start();
		const [openid] = simulator.openids();
		const set = (remark: string) => api('/cgi-bin/user/info/updateremark', { openid, remark });
		expect(await set('中'.repeat(10))).toEqual(failure(40092));
		expect(await set('中'.repeat(9))).toEqual(OK);
		expect(await api(`/cgi-bin/user/info?openid=${openid}`)).toHaveProperty(
			'remark',
			'中'.repeat(9),
		);
		expect(await set('')).toEqual(OK);
	});

	it('keeps the rules for tags', async () => {
		await start({ followers: 3 });
		const token = await newToken();
		const post = (path: string, body: unknown) => api(`/cgi-bin/${path}`, body, token);
		const create = (name: string) => post('tags/create', { tag: { name } });
		expect(await create('广东')).toEqual({ tag: { id: 100, name: '广东' } });
		expect(await create('广东')).toEqual(failure(45157));
		expect(await create('')).toEqual(failure(45157));
		expect(await create('中'.repeat(31))).toEqual(failure(45158));
		const rename = (id: number, name: string) => post('tags/update', { tag: { id, name } });
		expect(await rename(2, 'x')).toEqual(failure(45058));
		expect(await rename(999, 'x')).toEqual(failure(45159));
		expect(await rename(100, '广东')).toEqual(OK);

		const [openid, second] = simulator.openids();
		const tagging = (tagid: number, ...openid_list: string[]) =>
			post('tags/members/batchtagging', { tagid, openid_list });
		expect(await tagging(100, openid, second)).toEqual(OK);
		expect(await tagging(101, openid)).toEqual(failure(45159));
		expect(await tagging(100, 'nobody')).toEqual(failure(40003));
		expect(await post('user/tag/get', { tagid: 100 })).toEqual({
			count: 2,
			data: { openid: [openid, second] },
			next_openid: second,
		});
		expect(await post('tags/getidlist', { openid })).toEqual({ tagid_list: [100] });
		const untagging = { tagid: 100, openid_list: [openid] };
		expect(await post('tags/members/batchuntagging', untagging)).toEqual(OK);
		// The cursor stays good although its user has lost the tag.
		expect(await post('user/tag/get', { tagid: 100, next_openid: openid })).toMatchObject({
			data: { openid: [second] },
		});

		for (let number = 0; number < 98; number++) await create(`tag ${number}`);
		expect(await create('one too many')).toEqual(failure(45056));
		for (let id = 101; id <= 119; id++) expect(await tagging(id, second)).toEqual(OK);
		expect(await tagging(120, second)).toEqual(failure(45059));
		expect(await post('tags/delete', { tag: { id: 100 } })).toEqual(OK);
		expect(await tagging(120, second)).toEqual(OK);
	});

	it('names the users a tag could not be given to', async () => {
		await start({ followers: 2 });
		const [openid, gone] = simulator.openids();
		const unfollow = { FromUserName: gone, MsgType: 'event', Event: 'unsubscribe' };
		await simulator.push('http://127.0.0.1:1', unfollow);
		const body = { tagid: 2, openid_list: [openid, gone] };
		expect(await api('/cgi-bin/tags/members/batchtagging', body)).toEqual({
			...failure(45171),
			fail_openid_list: [gone],
		});
	});

	it('blocks and unblocks', async () => {
		await start();
		const [openid] = simulator.openids();
		const path = '/cgi-bin/tags/members';
		const list = { openid_list: [openid] };
		expect(await api(`${path}/batchblacklist`, list)).toEqual(OK);
		const page = { total: 1, count: 1, data: { openid: [openid] }, next_openid: openid };
		expect(await api(`${path}/getblacklist`, {})).toEqual(page);
		expect(await api(`${path}/batchunblacklist`, list)).toEqual(OK);
		expect(await api(`${path}/getblacklist`, { begin_openid: '' })).toHaveProperty('count', 0);
	});

	it('converts openids after a migration', async () => {
		await start({ followers: 2, accounts: [DEFAULT_ACCOUNT, OTHER_ACCOUNT] });
		const [old] = simulator.openids(OTHER_ACCOUNT.appId);
		const convert = (from_appid: string) =>
			api('/cgi-bin/changeopenid', { from_appid, openid_list: [old, 'x'] });
		expect(await convert('wx1')).toEqual(failure(63178));
		expect(await convert(OTHER_ACCOUNT.appId)).toEqual({
			...OK,
			result_list: [
				{ ori_openid: old, new_openid: simulator.openids()[0], err_msg: 'ok' },
				{ ori_openid: 'x', err_msg: 'ori_openid error' },
			],
		});
	});
});

describe('QR codes and short keys', () => {
	beforeEach(() => start());
	const create = (action_name: string, scene: object, more: object = {}) =>
		api('/cgi-bin/qrcode/create', { action_name, action_info: { scene }, ...more });

	it('creates a ticket that must be escaped, and shows a picture', async () => {
		const made = await create('QR_STR_SCENE', { scene_str: 'store_42' }, { expire_seconds: 90 });
		expect(made).toEqual({
			ticket: matching(/\+.*\/.*=$/),
			expire_seconds: 90,
			url: matching(/^http:\/\/weixin\.qq\.com\/q\//),
		});
		const show = (ticket: string) => fetch(`${simulator.url}/cgi-bin/showqrcode?ticket=${ticket}`);
		const shown = await show(encodeURIComponent(String(made.ticket)));
		expect(shown.headers.get('content-type')).toBe('image/jpg');
		const bytes = Buffer.from(await shown.arrayBuffer());
		expect([bytes.subarray(0, 3).toString('hex'), bytes.subarray(-2).toString('hex')]).toEqual([
			'ffd8ff',
			'ffd9',
		]);
		expect((await show(String(made.ticket))).status).toBe(404);
		clock.turn(90_000);
		expect((await show(encodeURIComponent(String(made.ticket)))).status).toBe(404);
	});

	it('checks action, scene and life', async () => {
		expect(await create('QR_OTHER', { scene_id: 1 })).toEqual(failure(40052));
		expect(await create('toString', { scene_id: 1 })).toEqual(failure(40052));
		expect(await create('QR_SCENE', { scene_id: 0 })).toEqual(failure(40053));
		expect(await create('QR_SCENE', { scene_id: 2 ** 32 })).toEqual(failure(40053));
		expect(await create('QR_SCENE', { scene_id: 2 ** 32 - 1 })).toHaveProperty('ticket');
		expect(await create('QR_SCENE', { scene_str: 'a' })).toEqual(failure(40053));
		expect(await create('QR_SCENE', { scene_id: 1, scene_str: 'a' })).toEqual(failure(40053));
		expect(await create('QR_LIMIT_SCENE', { scene_id: 100_001 })).toEqual(failure(40053));
		expect(await create('QR_LIMIT_STR_SCENE', { scene_str: '' })).toEqual(failure(40053));
		expect(await create('QR_STR_SCENE', { scene_str: 'a'.repeat(65) })).toEqual(failure(40053));
		expect(await create('QR_LIMIT_STR_SCENE', { scene_str: 'a' })).not.toHaveProperty(
			'expire_seconds',
		);
		const late = { expire_seconds: 2_592_001 };
		expect(await create('QR_SCENE', { scene_id: 1 }, late)).toEqual(
			failure(47003, 'expire_seconds'),
		);
		expect(await create('QR_LIMIT_SCENE', { scene_id: 1 }, { expire_seconds: 60 })).toEqual(
			failure(47003, 'expire_seconds'),
		);
	});

	it('keeps long data behind a short key', async () => {
		const gen = (body: object) => api('/cgi-bin/shorten/gen', body);
		const { short_key } = await gen({ long_data: '数据', expire_seconds: 60 });
		expect(short_key).toMatch(/^[0-9A-Za-z]{15}$/);
		clock.turn(10_000);
		const fetched = { ...OK, long_data: '数据', create_time: START / 1000, expire_seconds: 50 };
		expect(await api('/cgi-bin/shorten/fetch', { short_key })).toEqual(fetched);
		clock.turn(50_000);
		expect(await api('/cgi-bin/shorten/fetch', { short_key })).toEqual(failure(9410012));
		expect(await gen({ long_data: 'x'.repeat(4097) })).toEqual(failure(9410010));
		expect(await gen({ long_data: 'x', expire_seconds: 2_592_001 })).toEqual(failure(9410011));
	});
});

describe('media', () => {
	beforeEach(() => start());

	async function upload(type: string, part: string, bytes = JPG): Promise<JsonObject> {
		const head = `--b\r\nContent-Disposition: form-data; ${part}\r\n\r\n`;
		const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]);
		return call(`/cgi-bin/media/upload?type=${type}&access_token=${await newToken()}`, {
			method: 'POST',
			headers: { 'content-type': 'multipart/form-data; boundary=b' },
			body,
		});
	}
	const jpg = 'name="media"; filename="a.jpg"\r\nContent-Type: image/jpeg';

	it('stores a file and gives it back', async () => {
		const form = new FormData();
		form.append('media', new Blob([PNG], { type: 'image/png' }), 'a.png');
		const token = await newToken();
		const made = await call(`/cgi-bin/media/upload?type=image&access_token=${token}`, {
			method: 'POST',
			body: form,
		});
		expect(made).toEqual({
			type: 'image',
			media_id: ANY_STRING,
			created_at: START / 1000,
		});
		const url = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=`;
		const got = await fetch(url + String(made.media_id));
		expect(got.headers.get('content-disposition')).toBe(
			`attachment; filename="${String(made.media_id)}.png"`,
		);
		expect(Buffer.from(await got.arrayBuffer())).toEqual(PNG);
		clock.turn(3 * 86_400_000);
		expect(await api('/cgi-bin/media/get?media_id=x')).toEqual(failure(40007));
		expect(await api(`/cgi-bin/media/get?media_id=${String(made.media_id)}`)).toEqual(
			failure(40007),
		);
	});

	it('answers a video with a URL it serves itself', async () => {
		const id = simulator.addMedia(Buffer.from('film'), 'a.mp4');
		const { video_url } = await api(`/cgi-bin/media/get?media_id=${id}`);
		expect(await (await fetch(String(video_url))).text()).toBe('film');
		expect((await fetch(`${String(video_url)}x`)).status).toBe(404);
	});

	it('wants a file with a name, an extension and a type', async () => {
		expect(await upload('image', jpg)).toHaveProperty('media_id');
		expect(await upload('image', jpg.replace('"media"', '"file"'))).toEqual(failure(47003, 'file'));
		expect(await upload('image', 'name="media"')).toEqual(failure(41005));
		expect(await upload('image', 'name="media"; filename="a.jpg"')).toEqual(failure(41005));
		expect(await upload('image', jpg.replace('a.jpg', '图.jpg'))).toHaveProperty('media_id');
		const rfc5987 = jpg.replace('filename=', "filename*=UTF-8''a.jpg; filename=");
		expect(await upload('image', rfc5987)).toEqual(failure(41005));
		expect(await upload('image', jpg.replace('a.jpg', 'a'))).toEqual(failure(40113));
		expect(await upload('image', jpg, Buffer.alloc(0))).toEqual(failure(44001));
		expect(await api('/cgi-bin/media/upload?type=image', 'x')).toEqual(failure(41005));
	});

	it('checks the kind, the extension and the size', async () => {
		expect(await upload('file', jpg)).toEqual(failure(40004));
		expect(await upload('voice', jpg)).toEqual(failure(40005));
		expect(await upload('thumb', jpg, Buffer.concat([JPG], 65537))).toEqual(failure(40012));
		expect(await upload('thumb', jpg)).toHaveProperty('thumb_media_id');
	});

	// People report 40005 and 40113 for a WebP called .jpg. Unconfirmed for a PNG as thumbnail.
	it('judges a file by its bytes', async () => {
		expect(await upload('image', jpg, WEBP)).toEqual(failure(40005));
		expect(await upload('thumb', jpg, PNG)).toEqual(failure(40005));
	});

	it('takes both names of the file of uploadimg', async () => {
		const uploadImage = async (name: string, fileName: string, bytes = PNG) => {
			const body = new FormData();
			body.append(name, new Blob([bytes], { type: 'image/png' }), fileName);
			const token = await newToken();
			return call(`/cgi-bin/media/uploadimg?access_token=${token}`, { method: 'POST', body });
		};
		expect(await uploadImage('media', 'a.png')).toHaveProperty('url');
		expect(await uploadImage('buffer', 'a.png')).toHaveProperty('url');
		expect(await uploadImage('media', 'a')).toEqual(failure(40113));
		expect(await uploadImage('media', 'a.png', WEBP)).toEqual(failure(40005));
	});
});

describe('customer-service messages', () => {
	const send = (body: object) => api('/cgi-bin/message/custom/send', body);
	const text = (content: string, touser = simulator.openids()[0]) =>
		send({ touser, msgtype: 'text', text: { content } });

	it('records what was sent', async () => {
		await start();
		expect(await text('你好')).toEqual(OK);
		expect(simulator.messages).toEqual([
			{
				appId: simulator.account.appId,
				body: { touser: simulator.openids()[0], msgtype: 'text', text: { content: '你好' } },
			},
		]);
	});

	it('checks the receiver and the content', async () => {
		await start();
		const [touser] = simulator.openids();
		const media_id = simulator.addMedia(Buffer.from('x'), 'a.jpg');
		const article = { title: 't', description: 'd', url: 'u', picurl: 'p' };
		expect(await text('x', 'nobody')).toEqual(failure(40003));
		expect(await text('')).toEqual(failure(44004));
		expect(await text('中'.repeat(683))).toEqual(failure(45002));
		expect(await text('中'.repeat(682))).toEqual(OK);
		expect(await send({ touser, msgtype: 'txt' })).toEqual(failure(40008));
		expect(await send({ touser, msgtype: 'text' })).toEqual(failure(47003, 'text'));
		const two = { text: { content: 'x' }, image: { media_id } };
		expect(await send({ touser, msgtype: 'text', ...two })).toEqual(failure(47003, 'image'));
		const image = (id: string) => send({ touser, msgtype: 'image', image: { media_id: id } });
		expect(await image(media_id)).toEqual(OK);
		expect(await image('x')).toEqual(failure(40007));
		const news = (...articles: object[]) => send({ touser, msgtype: 'news', news: { articles } });
		expect(await news(article)).toEqual(OK);
		expect(await news(article, article)).toEqual(failure(45008));
		expect(await news()).toEqual(failure(44003));
		const video = { touser, msgtype: 'video', video: { media_id } };
		expect(await send(video)).toEqual(failure(47003, 'video.thumb_media_id'));
		const menu = { touser, msgtype: 'msgmenu', msgmenu: { list: [{ id: '1' }] } };
		expect(await send(menu)).toEqual(failure(47003, 'msgmenu.list\\[0\\].content'));
		expect(simulator.messages).toHaveLength(3);
	});

	it('refuses those who do not follow', async () => {
		await start();
		const [FromUserName] = simulator.openids();
		const gone = { FromUserName, MsgType: 'event', Event: 'unsubscribe' };
		await simulator.push('http://127.0.0.1:1', gone);
		expect(await text('x', FromUserName)).toEqual(failure(43004));
	});

	it('opens a window of 48 hours for five messages', async () => {
		await start({ replyWindow: true });
		const write = { MsgType: 'text', Content: 'hi' };
		expect(await text('x')).toEqual(failure(45015));
		await simulator.push('http://127.0.0.1:1', write);
		for (let count = 0; count < 5; count++) expect(await text('x')).toEqual(OK);
		expect(await text('x')).toEqual(failure(45047));
		await simulator.push('http://127.0.0.1:1', write);
		clock.turn(48 * 3_600_000);
		expect(await text('x')).toEqual(failure(45015));
	});

	it('shows that it is typing', async () => {
		await start();
		const [touser] = simulator.openids();
		const type = (command: string) => api('/cgi-bin/message/custom/typing', { touser, command });
		expect(await type('Typing')).toEqual(OK);
		expect(await type('typing')).toEqual(failure(45072));
	});
});

describe('faults and the log', () => {
	beforeEach(() => start());
	const path = '/cgi-bin/tags/get';

	it('answers as told, as often as told', async () => {
		simulator.fault({ path, answer: { errcode: -1, errmsg: 'system error' }, times: 2 });
		const token = await newToken();
		expect(await api(path, undefined, token)).toHaveProperty('errcode', -1);
		expect(await api(path, undefined, token)).toHaveProperty('errcode', -1);
		expect(await api(path, undefined, token)).toHaveProperty('tags');
		expect(simulator.count(path)).toBe(3);
	});

	it('breaks HTTP and connections', async () => {
		simulator.fault({
			path,
			status: 502,
			body: '<html>',
			headers: { 'content-type': 'text/html' },
		});
		const response = await fetch(simulator.url + path);
		expect([response.status, await response.text()]).toEqual([502, '<html>']);
		simulator.fault({ path, drop: true, times: Infinity });
		await expect(fetch(simulator.url + path)).rejects.toThrow();
		simulator.clearFaults();
		expect((await fetch(simulator.url + path)).status).toBe(200);
	});

	it('loses the answer to what it has done, cuts it in half, names it wrongly, or is down', async () => {
		const sendPath = '/cgi-bin/message/custom/send';
		const token = await newToken();
		const body = JSON.stringify({
			touser: simulator.openids()[0],
			msgtype: 'text',
			text: { content: 'hi' },
		});
		const send = async () =>
			await fetch(`${simulator.url}${sendPath}?access_token=${token}`, { method: 'POST', body });

		simulator.fault({ path: sendPath, drop: true, work: true });
		await expect(send()).rejects.toThrow();
		simulator.fault({ path: sendPath, status: 502, body: '<html>', work: true });
		expect((await send()).status).toBe(502);
		simulator.fault({ path: sendPath, cut: true });
		await expect(send().then(async (half) => await half.text())).rejects.toThrow();
		expect(simulator.calls.at(-1)?.errcode).toBe(-1);
		simulator.fault({ path: sendPath, headers: { 'content-type': 'text/html' } });
		const named = await send();
		expect(named.headers.get('content-type')).toBe('text/html');
		expect(await named.json()).toMatchObject({ errcode: 0 });
		expect(simulator.messages).toHaveLength(4);

		simulator.fault({ path: sendPath, downMs: 50 });
		await expect(send()).rejects.toThrow();
		await expect(fetch(simulator.url)).rejects.toThrow();
		expect(simulator.messages).toHaveLength(4);
		clock.turn(50);
		await untilUp(simulator);
	});

	it('waits', async () => {
		simulator.fault({ path, delayMs: 60 });
		const token = await newToken();
		let isAnswered = false;
		const answer = api(path, undefined, token).finally(() => (isAnswered = true));
		while (simulator.count(path) === 0) await new Promise(setImmediate);
		clock.turn(59);
		await newToken();
		expect(isAnswered).toBe(false);
		clock.turn(1);
		expect(await answer).toHaveProperty('tags');
	});

	it('waits until something has happened', async () => {
		const token = await newToken();
		let happens = () => {};
		simulator.fault({ path, until: new Promise<void>((resolve) => (happens = resolve)) });
		let isAnswered = false;
		const answer = api(path, undefined, token).finally(() => (isAnswered = true));
		while (simulator.count(path) === 0) await new Promise(setImmediate);
		await newToken();
		expect(isAnswered).toBe(false);
		happens();
		expect(await answer).toHaveProperty('tags');
	});

	it('logs calls without their tokens', async () => {
		await api('/cgi-bin/tags/create', { tag: { nmae: 'x' } });
		expect(simulator.calls.at(-1)).toEqual({
			method: 'POST',
			path: '/cgi-bin/tags/create',
			query: {},
			body: { tag: { nmae: 'x' } },
			errcode: 47003,
		});
		expect(simulator.connections).toBeGreaterThan(0);
	});
});

// "end_create_time减去begin_create_time不得大于24小时", and the same of the update time:
// https://developers.weixin.qq.com/doc/store/shop/API/channels-shop-aftersale/api_getaftersalelist.html
describe('the list of after-sales', () => {
	const DAY = 86_400;
	const list = async (body: object) => {
		await start({ accounts: [SHOP_ACCOUNT] });
		return await api('/channels/ec/aftersale/getaftersalelist', body);
	};

	test.each(['create', 'update'])('has those of 24 hours at most by %s time', async (kind) => {
		const rangeOf = (seconds: number) => ({
			[`begin_${kind}_time`]: START / 1000 - seconds,
			[`end_${kind}_time`]: START / 1000,
		});
		expect(await list(rangeOf(DAY))).toHaveProperty('after_sale_order_id_list');
		await simulator.close();
		expect(await list(rangeOf(DAY + 1))).toMatchObject({ errcode: 10020004 });
	});

	test('is refused without both ends of a range, and with one range that is too long', async () => {
		expect(await list({ begin_create_time: START / 1000 })).toMatchObject({ errcode: 10020004 });
		await simulator.close();
		const ranges = {
			begin_create_time: 0,
			end_create_time: DAY,
			begin_update_time: 0,
			end_update_time: DAY + 1,
		};
		expect(await list(ranges)).toMatchObject({ errcode: 10020004 });
	});
});
