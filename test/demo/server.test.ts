import { readFileSync } from 'node:fs';
import { createServer, request as requestHttp, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { parseXml } from '../simulator/http/xml';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	RELEASE_TEST_ACCOUNTS,
	SECOND_ACCOUNT,
} from '../simulator';
import { prepareN8n } from '../support/n8n';
import { credentialsFor, newPlatformCredentialsFor, useSimulator } from '../support/simulator';
import { serveTrigger, type Served } from '../support/webhook';
import type { AccountItem, BubbleItem, Item, PushItem, ReleaseItem } from './feed';
import { startDemoPage, type DemoPage } from './server';

prepareN8n();
const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT, MINI_PROGRAM_ACCOUNT, ...RELEASE_TEST_ACCOUNTS];
// Events of one user within a second are one event to WeChat and to the trigger.
let later = 0;
const now = () => Date.now() + later;
const simulator = useSimulator({ accounts, now, followers: 2 });

/** What does not come within this time will not come. */
const PATIENCE_MS = 20_000;

let page: DemoPage;
let own: Served;
let platform: Served;
let feed: Watched;

beforeAll(async () => {
	const parameters = { kinds: ['all'], respond: 'responseNode' };
	own = await serveTrigger(parameters, credentialsFor(simulator()));
	platform = await serveTrigger(
		{ ...parameters, authentication: 'openPlatform' },
		newPlatformCredentialsFor(simulator()),
	);
});
beforeEach(async () => {
	later += 2000;
	own.onItem = platform.onItem = () => ({ MsgType: 'text', Content: 'Hello' });
	page = await startDemoPage(simulator());
	feed = await watch(page.url);
});
afterEach(async () => {
	for (const account of feed.all<AccountItem>('account'))
		if (account.isFollowing) await act(`${account.id}/unfollow`);
	await page.close();
});
afterAll(async () => await Promise.all([own.close(), platform.close()]));

interface Watched {
	/** Of a type, as the page would have them now. */
	all<Kind extends Item>(type: Kind['type']): Kind[];
	/** Waits until something is so. */
	until<Result>(find: () => Result | undefined | false): Promise<Result>;
}

/** Reads the events as a browser's EventSource does. */
async function watch(url: string): Promise<Watched> {
	const items = new Map<string, Item>();
	const response = await fetch(`${url}/demo/events`);
	const read = async () => {
		let text = '';
		for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
			text += Buffer.from(chunk).toString();
			const events = text.split('\n\n');
			text = events.pop() ?? '';
			for (const event of events) {
				const [, json] = /^data: (.*)$/s.exec(event) ?? [];
				const item = json === undefined ? undefined : (JSON.parse(json) as Item);
				if (item) items.set(`${item.type} ${item.id}`, item);
			}
		}
	};
	read().catch(() => {});
	const until: Watched['until'] = async (find) => {
		for (
			const end = Date.now() + PATIENCE_MS;
			;
			await new Promise((next) => setTimeout(next, 10))
		) {
			const found = find();
			if (found) return found;
			if (Date.now() > end)
				throw new Error(`Not within ${PATIENCE_MS / 1000} s: ${find.toString()}`);
		}
	};
	const all = <Kind extends Item>(type: Kind['type']) =>
		[...items.values()].filter((item) => item.type === type) as Kind[];
	await until(() => all<AccountItem>('account').length === 2);
	return { all, until };
}

interface Asked {
	status: number;
	problem: { code?: string; detail?: string };
}

async function ask(
	path: string,
	body: string | Buffer,
	headers: Record<string, string>,
): Promise<Asked> {
	const response = await fetch(`${page.url}/demo/${path}`, { method: 'POST', headers, body });
	return { status: response.status, problem: (await response.json()) as Asked['problem'] };
}

const act = (path: string, input: object = {}) =>
	ask(path, JSON.stringify(input), { 'content-type': 'application/json' });

const bubbles = () =>
	feed.all<BubbleItem>('bubble').map(({ from, bubble }) => ({ from, ...bubble }));
const untilBubbles = (count: number) =>
	feed.until(() => bubbles().length >= count && bubbles().slice(-count));
const untilPush = (title: string) =>
	feed.until(() => feed.all<PushItem>('push').find((push) => push.title === title && push.outcome));

const accountOf = (id: string) => feed.all<AccountItem>('account').find((one) => one.id === id);

async function begin(id: 'own' | 'platform' = 'own'): Promise<void> {
	await page.connect(id, id === 'own' ? own.url : platform.url);
	await act(`${id}/follow`);
	await untilPush('subscribe');
	await untilBubbles(2);
}

/** The menu as menu/create stores it. */
async function createMenu(button: object[]): Promise<void> {
	const { url, account } = simulator();
	const post = async (path: string, body: object) => {
		const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
		return (await response.json()) as { access_token: string; errcode: number };
	};
	const grant = { grant_type: 'client_credential', appid: account.appId, secret: account.secret };
	const { access_token } = await post('/cgi-bin/stable_token', grant);
	expect(
		(await post(`/cgi-bin/menu/create?access_token=${access_token}`, { button })).errcode,
	).toBe(0);
}

/** What a push says, as WeChat documents it: a sample of test/fixtures/pushes. */
const sample = (name: string) =>
	parseXml(readFileSync(join(__dirname, '..', 'fixtures', 'pushes', `${name}.xml`), 'utf8'));

describe('what the follower does is pushed as WeChat pushes it', () => {
	const button = [
		{ type: 'click', name: 'Hours', key: 'HOURS' },
		{ name: 'More', sub_button: [{ type: 'view', name: 'Shop', url: 'https://example.com/shop' }] },
		{ type: 'pic_weixin', name: 'Album', key: 'ALBUM' },
	];

	test.each<[string, string, object, string, Record<string, unknown>, object]>([
		[
			'text',
			'text',
			{ text: '你好 <&>' },
			'msg_text',
			{ Content: '你好 <&>' },
			{ kind: 'text', parts: [{ text: '你好 <&>' }] },
		],
		[
			'an item of a menu message',
			'choose',
			{ id: '101', content: 'Yes' },
			'msg_text_bizmsgmenu',
			{ Content: 'Yes', bizmsgmenuid: '101' },
			{ kind: 'text', parts: [{ text: 'Yes' }] },
		],
		[
			'a location',
			'location',
			{ latitude: '22.5', longitude: '-113.93', label: '深圳' },
			'msg_location',
			{ Location_X: '22.5', Location_Y: '-113.93', Scale: '16', Label: '深圳' },
			{ kind: 'location', latitude: '22.5', longitude: '-113.93', label: '深圳' },
		],
		[
			'a scan by a follower',
			'scan',
			{ scene: 'store_42' },
			'event_SCAN',
			{ Event: 'SCAN', EventKey: 'store_42' },
			{ kind: 'note', what: 'scanned', detail: 'store_42' },
		],
		[
			'a menu button',
			'press',
			{ path: [0] },
			'event_CLICK',
			{ Event: 'CLICK', EventKey: 'HOURS' },
			{ kind: 'note', what: 'pressed', detail: 'Hours' },
		],
	])('%s', async (_, name, input, fixture, fields, bubble) => {
		await createMenu(button);
		await begin();
		const before = own.items.length;
		expect(await act(`own/${name}`, input)).toMatchObject({ status: 200 });
		const [said, replied] = (await untilBubbles(4)).slice(-2);
		expect(said).toEqual({ from: 'user', ...bubble });
		expect(replied).toEqual({ from: 'account', kind: 'text', parts: [{ text: 'Hello' }] });
		const [item] = own.items.slice(before);
		expect(item).toMatchObject({ ...fields, FromUserName: accountOf('own')?.openid });
		expect(Object.keys(item)).toEqual(expect.arrayContaining(Object.keys(sample(fixture))));
	});

	test('a menu button that opens a page shows its address', async () => {
		await createMenu(button);
		await begin();
		await act('own/press', { path: [1, 0] });
		await untilPush('VIEW');
		expect(own.items.at(-1)).toMatchObject({ Event: 'VIEW', EventKey: 'https://example.com/shop' });
		expect(bubbles()).toContainEqual({
			from: 'user',
			kind: 'note',
			what: 'opened',
			detail: 'Shop',
			url: 'https://example.com/shop',
		});
	});

	test('menus appear and go as they are made', async () => {
		await createMenu(button);
		await feed.until(() => accountOf('own')?.menu.length === 3);
		await createMenu(button.slice(0, 1));
		await feed.until(() => accountOf('own')?.menu.length === 1);
	});

	test('following is pushed, and so is leaving, whose answer nobody sees', async () => {
		await begin();
		expect(own.items.at(-1)).toMatchObject({ Event: 'subscribe', EventKey: '' });
		expect(accountOf('own')?.isFollowing).toBe(true);
		later += 2000;
		await act('own/unfollow');
		await untilPush('unsubscribe');
		await feed.until(() => accountOf('own')?.isFollowing === false);
		expect(bubbles().at(-1)).toEqual({ from: 'user', kind: 'note', what: 'unfollowed' });
	});

	test('a scan by somebody who does not follow yet is pushed as a subscription', async () => {
		await page.connect('own', own.url);
		await act('own/scan', { scene: '7' });
		await untilPush('subscribe');
		expect(own.items.at(-1)).toMatchObject({ Event: 'subscribe', EventKey: 'qrscene_7' });
		expect(Object.keys(own.items.at(-1) ?? {})).toContain('Ticket');
		await feed.until(() => accountOf('own')?.isFollowing === true);
	});

	test('a picture is pushed, and can be downloaded and sent back', async () => {
		await begin();
		own.onItem = ({ MediaId }) => ({ MsgType: 'image', Image: { MediaId } });
		const type = { 'content-type': 'image/png' };
		await ask('own/picture?name=a.png', Buffer.from('picture'), type);
		const [sent, back] = (await untilBubbles(4)).slice(-2) as Array<{ src?: string }>;
		expect([sent, back]).toMatchObject([
			{ from: 'user', kind: 'image' },
			{ from: 'account', kind: 'image', src: sent.src },
		]);
		const item = own.items.at(-1) as IDataObject;
		expect(Object.keys(item)).toEqual(expect.arrayContaining(Object.keys(sample('msg_image'))));
		expect(item.PicUrl).toBe(sent.src);
		expect(await (await fetch(String(item.PicUrl))).text()).toBe('picture');
	});
});

describe('what the account sends', () => {
	const send = async (path: string, body: object) => {
		const { url, account } = simulator();
		const grant = { grant_type: 'client_credential', appid: account.appId, secret: account.secret };
		const post = async (at: string, content: object) => {
			const response = await fetch(url + at, { method: 'POST', body: JSON.stringify(content) });
			return (await response.json()) as { access_token: string; errcode: number };
		};
		const { access_token } = await post('/cgi-bin/stable_token', grant);
		return (await post(`${path}?access_token=${access_token}`, body)).errcode;
	};

	test('customer service messages and typing appear whenever they come', async () => {
		await begin();
		const touser = String(accountOf('own')?.openid);
		const isTyping = () => feed.all('typing').find(({ id }) => id === 'own');
		await send('/cgi-bin/message/custom/typing', { touser, command: 'Typing' });
		await feed.until(() => (isTyping() as { isTyping?: boolean } | undefined)?.isTyping);
		const message = { touser, msgtype: 'text', text: { content: 'Late' } };
		expect(await send('/cgi-bin/message/custom/send', message)).toBe(0);
		const late = { from: 'account', kind: 'text', parts: [{ text: 'Late' }] };
		await feed.until(() =>
			bubbles().some((bubble) => JSON.stringify(bubble) === JSON.stringify(late)),
		);
		await feed.until(() => (isTyping() as { isTyping?: boolean }).isTyping === false);
	});

	test('messages to other users do not appear', async () => {
		await begin();
		const [touser] = simulator().openids();
		const before = bubbles().length;
		const message = { touser, msgtype: 'text', text: { content: 'Not for you' } };
		expect(await send('/cgi-bin/message/custom/send', message)).toBe(0);
		await act('own/text', { text: 'hi' });
		await untilPush('text');
		await feed.until(() => bubbles().length >= before + 2);
		expect(JSON.stringify(bubbles())).not.toContain('Not for you');
	});

	test('nothing is shown for a conversation that goes to customer service', async () => {
		await begin();
		own.onItem = () => ({ MsgType: 'transfer_customer_service' });
		await act('own/text', { text: 'A person, please' });
		expect((await untilPush('text')).outcome).toBe('reply');
		expect(bubbles().at(-1)).toMatchObject({ from: 'user', kind: 'text' });
	});

	test('nothing is shown for an answer without a reply', async () => {
		const { url, server } = await startGarbage('success');
		await page.connect('own', url);
		await act('own/follow');
		expect((await untilPush('subscribe')).outcome).toBe('success');
		expect(bubbles()).toEqual([{ from: 'user', kind: 'note', what: 'followed' }]);
		server.close();
	});
});

/** A server that takes the address of the console, and answers pushes with something else. */
async function startGarbage(answer: string): Promise<{ url: string; server: Server }> {
	const server = createServer(({ url = '', method }, response) => {
		const { searchParams } = new URL(url, 'http://x');
		response.end(method === 'GET' ? searchParams.get('echostr') : answer);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`, server };
}

describe('the fault notice', () => {
	test('appears when the answer is garbage, and says why beside the chat', async () => {
		const { url, server } = await startGarbage('<html>Bad gateway</html>');
		await page.connect('own', url);
		await act('own/follow');
		const [, fault] = await untilBubbles(2);
		expect(fault).toEqual({ from: 'wechat', kind: 'fault' });
		const { deliveries, outcome } = await untilPush('subscribe');
		expect([deliveries.length, outcome]).toEqual([1, 'error']);
		expect(deliveries[0].answer).toMatchObject({
			body: '<html>Bad gateway</html>',
			problem: 'the root element is not <xml>',
		});
		server.close();
	});

	test('appears when nobody is there, after three deliveries', async () => {
		const { url, server } = await startGarbage('success');
		await page.connect('own', url);
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		await act('own/follow');
		const [, fault] = await untilBubbles(2);
		expect(fault).toEqual({ from: 'wechat', kind: 'fault' });
		const { deliveries } = await untilPush('subscribe');
		expect(deliveries.map(({ answer }) => answer?.outcome)).toEqual(['error', 'error', 'error']);
	});

	test('is not shown to somebody who has left', async () => {
		const { url, server } = await startGarbage('garbage');
		await page.connect('own', url);
		await act('own/follow');
		await untilBubbles(2);
		await act('own/unfollow');
		await untilPush('unsubscribe');
		expect(bubbles().filter(({ kind }) => kind === 'fault')).toHaveLength(1);
		server.close();
	});
});

test('beside the chat stands the push as sent and opened, and the answer as sent and opened', async () => {
	await begin();
	await act('own/text', { text: '你好' });
	const { deliveries, outcome, account, appId } = await untilPush('text');
	expect({ outcome, account, appId }).toEqual({
		outcome: 'reply',
		account: 'own',
		appId: simulator().account.appId,
	});
	const [{ url, body, plain, answer }] = deliveries;
	expect(url).toMatch(new RegExp(`^${own.url}\\?signature=[0-9a-f]{40}&.*&msg_signature=`));
	expect(body).toMatch(/^<xml><ToUserName>.*<Encrypt>/);
	expect(plain).toContain('\n  <Content><![CDATA[你好]]></Content>\n');
	expect(answer?.body).toContain('<Encrypt>');
	expect(answer?.plain).toContain('<Content><![CDATA[Hello]]></Content>');
	expect(answer?.status).toBe(200);
	expect(answer?.ms).toBeGreaterThanOrEqual(0);
});

test('somebody who opens the page later sees the whole conversation', async () => {
	await begin();
	const { all } = await watch(page.url);
	await feed.until(() => all<BubbleItem>('bubble').length === bubbles().length);
	expect(all('push')).toEqual(feed.all('push'));
});

describe('behind a third-party platform', () => {
	test('the account answers in its own name', async () => {
		await begin('platform');
		await act('platform/text', { text: 'hi' });
		const push = await untilPush('text');
		expect(push).toMatchObject({ account: 'platform', appId: SECOND_ACCOUNT.appId });
		expect(push.deliveries[0].plain).toContain('<![CDATA[hi]]>');
		expect(platform.items.at(-1)).toMatchObject({ accountAppId: SECOND_ACCOUNT.appId });
		await untilPush('component_verify_ticket');
	});

	test('the release test shows each step', async () => {
		await page.connect('platform', platform.url);
		expect(await act('release-test', { pair: 3 })).toMatchObject({ status: 200 });
		expect((await act('release-test', { pair: 3 })).problem.code).toBe('testRunning');
		const release = await feed.until(() =>
			feed.all<ReleaseItem>('release').find(({ isRunning }) => !isRunning),
		);
		expect(release.steps.map(({ ok, problem }) => [ok, problem])).toEqual(
			Array.from({ length: 7 }, () => [true, undefined]),
		);
		expect(release.pair).toBe(3);
	}, 20_000);

	test('a failing step of the release test says why', async () => {
		const { url, server } = await startGarbage('success');
		await page.connect('platform', url);
		await act('release-test', { pair: 1 });
		const steps = await feed.until(() => {
			const [release] = feed.all<ReleaseItem>('release');
			return release && !release.isRunning && release.steps;
		});
		expect(steps[3]).toEqual({
			step: 'text',
			ok: false,
			problem: expect.stringContaining('the reply is ""') as string,
		});
		server.close();
	});
});

describe('what is refused, before anything is pushed', () => {
	test.each<[string, object, string]>([
		['own/text', { text: 'hi' }, 'notFollowing'],
		['own/unfollow', {}, 'notFollowing'],
		['own/follow', {}, 'notConnected'],
		['own/dance', {}, 'noAction'],
		['own/constructor', {}, 'noAction'],
		['nobody/follow', {}, 'noAccount'],
		['own/connect', { url: 'javascript:alert(1)' }, 'noAddress'],
		['own/connect', { url: 'http://127.0.0.1:1/' }, 'notVerified'],
		['platform/connect', { url: 'http://127.0.0.1:1/' }, 'notVerified'],
		['release-test', { pair: 1 }, 'notConnected'],
		['release-test', { pair: 6 }, 'noPair'],
	])('%s %j', async (path, input, code) => {
		expect(await act(path, input)).toMatchObject({ status: 400, problem: { code } });
		expect(feed.all('push')).toEqual([]);
		expect(bubbles()).toEqual([]);
	});

	test.each<[string, object, string]>([
		['follow', {}, 'following'],
		['text', { text: ' ' }, 'empty'],
		['text', {}, 'empty'],
		['text', { text: '好'.repeat(700) }, 'tooLong'],
		['scan', { scene: '' }, 'empty'],
		['scan', { scene: 's'.repeat(65) }, 'tooLong'],
		['location', { latitude: '91', longitude: '0' }, 'notDegrees'],
		['location', { latitude: '0', longitude: '181' }, 'notDegrees'],
		['location', { latitude: 'north', longitude: '0' }, 'notDegrees'],
		['press', { path: [9] }, 'noButton'],
		['press', { path: [2] }, 'unknownButton'],
		['press', {}, 'noButton'],
	])('of a follower: %s %j', async (name, input, code) => {
		await createMenu([
			{ type: 'click', name: 'A', key: 'A' },
			{ type: 'click', name: 'B', key: 'B' },
			{ type: 'pic_weixin', name: 'Album', key: 'ALBUM' },
		]);
		await begin();
		const before = bubbles().length;
		expect(await act(`own/${name}`, input)).toMatchObject({ status: 400, problem: { code } });
		expect(bubbles()).toHaveLength(before);
	});

	test('files that are no pictures, those that are too large, and those of strangers', async () => {
		const type = { 'content-type': 'image/png' };
		const send = async (name: string, bytes: Buffer) =>
			(await ask(`own/picture?name=${name}`, bytes, type)).problem.code;
		expect(await send('a.png', Buffer.from('x'))).toBe('notFollowing');
		await begin();
		expect(await send('a.html', Buffer.from('x'))).toBe('noPicture');
		expect(await send('a.png', Buffer.alloc(0))).toBe('noPicture');
		expect(await send('a.png', Buffer.alloc(10 * 1024 * 1024 + 1))).toBe('tooLarge');
	});

	test('an address that is refused leaves the one before in place', async () => {
		await page.connect('own', own.url);
		expect((await act('own/connect', { url: 'http://127.0.0.1:1/' })).problem.code).toBe(
			'notVerified',
		);
		await feed.until(() => accountOf('own')?.url === own.url);
		await page.connect('platform', platform.url);
		await act('platform/connect', { url: 'http://127.0.0.1:1/' });
		expect(await simulator().platform.verify('events')).toBe(true);
	});
});

describe('pages of other sites', () => {
	const raw = (method: string, path: string, headers: Record<string, string>) =>
		new Promise<number | undefined>((resolve, reject) => {
			const { hostname, port } = new URL(page.url);
			const sent = requestHttp({ hostname, port, method, path, headers }, (response) => {
				response.resume();
				resolve(response.statusCode);
			});
			sent.on('error', reject);
			sent.end(method === 'POST' ? '{}' : undefined);
		});

	test('can neither read nor ask', async () => {
		const json = { 'content-type': 'application/json' };
		expect(await raw('GET', '/', { host: 'evil.example' })).toBe(403);
		expect(await raw('GET', '/demo/events', { host: '127.0.0.1.evil.example' })).toBe(403);
		const foreign = { ...json, origin: 'https://evil.example' };
		expect(await raw('POST', '/demo/own/follow', foreign)).toBe(403);
		expect(await raw('GET', '/', { host: 'localhost:1' })).toBe(200);
		// What a form or a simple request of another site could send.
		const plain = await ask('own/follow', '{}', { 'content-type': 'text/plain' });
		expect(plain.problem.code).toBe('noJson');
	});

	test('nothing but the files of the page is served, under a strict policy', async () => {
		for (const path of ['/../server.ts', '/server.ts', '/constructor', '/demo/own/follow'])
			expect(await raw('GET', path, {})).toBe(404);
		const files = ['/', '/style.css', '/page.js', '/chat.js', '/inspector.js', '/texts.js'];
		for (const path of [...files, '/element.js', '/sample.png']) {
			const response = await fetch(page.url + path);
			expect(response.status).toBe(200);
			expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
			expect(response.headers.get('x-content-type-options')).toBe('nosniff');
		}
	});

	test('the page listens on one address of this computer only', async () => {
		expect(new URL(page.url).hostname).toBe('127.0.0.1');
		await expect(fetch(page.url.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow('fetch failed');
	});
});

test('the credential that is shown is the one that works', () => {
	const { account, platform: third, url } = simulator();
	const shown = (id: string) => Object.fromEntries(accountOf(id)?.credential ?? []);
	expect(shown('own')).toEqual({
		appId: account.appId,
		appSecret: account.secret,
		token: account.token,
		encodingAesKey: account.encodingAESKey,
		baseUrl: url,
	});
	expect(shown('platform')).toMatchObject({ appId: third.settings.appId, baseUrl: url });
});
