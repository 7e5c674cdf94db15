import {
	ANNA,
	BEN,
	closeScenes,
	openScene,
	turnUntil,
	waitUntil,
	type BotScene,
} from '../support/bot';
import {
	getLoginLink,
	listenToBot,
	logBotIn,
	openLoginPage,
	readQuery,
	type ListeningBot,
} from '../support/botTrigger';
import type { INode } from 'n8n-workflow';
import { WechatBotTrigger } from '../../nodes/WechatBotTrigger/WechatBotTrigger.node';
import { Credentials } from '../support/credentials';
import { logged, prepareN8n, runNode } from '../support/n8n';

prepareN8n();

const TYPE = 'wechatBotApi';
let scene: BotScene;
let credentials: Credentials;
const stops: Array<() => Promise<void>> = [];

beforeEach(async () => {
	scene = await openScene();
	credentials = new Credentials({ baseUrl: scene.server.url }, TYPE);
});
afterEach(async () => {
	for (const stop of stops.splice(0)) await stop();
	await closeScenes();
});

/** A process of n8n, with the trigger in it. */
const startProcess = () => new WechatBotTrigger(scene.services);

async function publish(
	type = startProcess(),
	parameters: INode['parameters'] = {},
	mode: 'manual' | 'trigger' = 'trigger',
): Promise<ListeningBot> {
	const listening = await listenToBot(scene.services, credentials, { type, parameters, mode });
	stops.push(listening.stop);
	return listening;
}

const open = async (type: WechatBotTrigger, query: Record<string, string>) =>
	await openLoginPage(type, credentials, query);

async function logIn(type: WechatBotTrigger, userId = ANNA, parameters: INode['parameters'] = {}) {
	const { pages, ...bot } = await logBotIn(scene, type, credentials, { userId, ...parameters });
	const [first, scanned, done] = pages;
	return { bot, first, scanned, done };
}

async function getState() {
	const { output } = await runNode(
		'wechatBot',
		{ resource: 'login', operation: 'get' },
		credentials,
	);
	return output[0].json;
}

test('a code is shown and scanned, and messages start the workflow', async () => {
	const type = startProcess();
	const listening = await publish(type);
	const { first, scanned, done, bot } = await logIn(type);
	expect(first.body).toContain('data:image/png;base64,');
	expect(scanned.body).toContain('已扫码');
	expect(done).toMatchObject({ status: 200, refreshes: false });
	expect(done.body).toContain('登录成功');
	await waitUntil(() => scene.server.held(bot.botId) === 1);
	scene.server.say(bot.botId, ANNA, '你好');
	await waitUntil(() => listening.items.length === 1);
	expect(listening.items[0]).toMatchObject({
		kind: 'message.text',
		MsgType: 'text',
		Content: '你好',
		chatInput: '你好',
		FromUserName: ANNA,
		botId: bot.botId,
		sessionId: `${bot.botId}:${ANNA}`,
	});
	expect(JSON.stringify(listening.items)).not.toContain(bot.token);
});

test('a picture comes decrypted, and a voice with what was said', async () => {
	const type = startProcess();
	const listening = await publish(type);
	const { bot } = await logIn(type);
	const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
	scene.server.give(bot.botId, ANNA, { kind: 'image', bytes });
	scene.server.give(bot.botId, ANNA, {
		kind: 'voice',
		bytes: Buffer.from('#!SILK_V3 x'),
		text: '明天见',
	});
	await waitUntil(() => listening.items.length === 2);
	const [picture, voice] = listening.executions;
	expect(picture.binary?.data).toMatchObject({ mimeType: 'image/png' });
	expect(Buffer.from(String(picture.binary?.data.data), 'base64')).toEqual(bytes);
	expect(voice.json).toMatchObject({ kind: 'message.voice', chatInput: '明天见' });
});

test('a voice that is quoted later is known by what was said', async () => {
	const type = startProcess();
	const listening = await publish(type);
	const { bot } = await logIn(type);
	const voice = { kind: 'voice', bytes: Buffer.from('#!SILK_V3 x'), text: '明天见' } as const;
	const quoteId = scene.server.give(bot.botId, ANNA, voice);
	scene.server.say(bot.botId, ANNA, 'when?', { quoteId });
	await waitUntil(() => listening.items.length === 2);
	expect(listening.items[1].quote).toEqual({ messageId: quoteId, text: '明天见' });
});

test.each([
	['an Office document, which is an archive', 'PK\x03\x04', '报价 2.docx', /wordprocessingml/],
	['a table', 'a,b\n1,2\n', 'rows.csv', /^text\/csv$/],
	['a PDF', '%PDF-1.4', 'a.pdf', /^application\/pdf$/],
	['what has no ending', '\0\x01', 'core', /^application\/octet-stream$/],
])('a file keeps its name, and has the type that belongs to it: %s', async (...row) => {
	const [, beginning, fileName, mimeType] = row;
	const type = startProcess();
	const listening = await publish(type);
	const { bot } = await logIn(type);
	const bytes = Buffer.from(beginning, 'latin1');
	scene.server.give(bot.botId, ANNA, { kind: 'file', bytes, fileName });
	await waitUntil(() => listening.items.length === 1);
	const [{ json, binary }] = listening.executions;
	expect(json).toMatchObject({ kind: 'message.file', Title: fileName });
	expect(json.chatInput).toBe(`[文件 file: ${fileName}]`);
	expect(binary?.data).toMatchObject({
		fileName,
		mimeType: expect.stringMatching(mimeType) as string,
	});
});

test('two workflows of one bot share a poller, and both start', async () => {
	const type = startProcess();
	const both = [await publish(type), await publish(type, { kinds: ['message.text'] })];
	const { bot } = await logIn(type);
	await waitUntil(() => scene.server.held(bot.botId) > 0);
	scene.server.say(bot.botId, ANNA, 'hello');
	await waitUntil(() => both.every(({ items }) => items.length === 1));
	expect(scene.server.held(bot.botId)).toBeLessThanOrEqual(1);
	await both[0].stop();
	scene.server.say(bot.botId, ANNA, 'again');
	await waitUntil(() => both[1].items.length === 2);
	expect(both[0].items).toHaveLength(1);
});

describe('what takes long', () => {
	/** Holds requests with such a path back. */
	function hold(path: string) {
		let letGo = () => {};
		const held = new Promise<void>((done) => (letGo = done));
		const { http } = scene.services;
		const requests = { held: 0, letGo };
		scene.services.http = async (request) => {
			if (request.url.pathname.endsWith(path)) {
				requests.held++;
				await held;
			}
			return await http(request);
		};
		return requests;
	}
	const file = { kind: 'file', bytes: Buffer.from('%PDF-1.4'), fileName: 'a.pdf' } as const;
	const withoutFiles = { options: { downloadMedia: false } };

	test('a file keeps no workflow waiting that does not want it', async () => {
		const files = hold('/download');
		const type = startProcess();
		const slow = await publish(type);
		const quick = await publish(type, withoutFiles);
		const { bot } = await logIn(type);
		scene.server.give(bot.botId, ANNA, file);
		await waitUntil(() => quick.items.length === 1);
		expect(slow.items).toEqual([]);
		files.letGo();
		await waitUntil(() => slow.items.length === 1);
	});

	test('a workflow that is unpublished meanwhile still starts, and the next begins behind it', async () => {
		const files = hold('/download');
		const type = startProcess();
		const first = await publish(type);
		const { bot } = await logIn(type);
		scene.server.give(bot.botId, ANNA, file);
		await waitUntil(() => files.held === 1);
		const stopped = first.stop();
		const second = await publish(type, withoutFiles);
		for (let turns = 0; turns < 300; turns++) await new Promise((done) => setImmediate(done));
		expect(scene.server.held(bot.botId)).toBe(0);
		files.letGo();
		await stopped;
		await waitUntil(() => scene.server.held(bot.botId) === 1);
		expect([first.items.length, second.items.length]).toEqual([1, 0]);
	});

	test('a message that nobody listens to any more waits for the next one to listen', async () => {
		const type = startProcess();
		const first = await publish(type);
		const { bot } = await logIn(type);
		const parameters = { resource: 'message', operation: 'send', to: ANNA, text: 'waits' };
		await runNode('wechatBot', { ...parameters, undelivered: 'queue' }, credentials);
		const sending = hold('/sendmessage');
		scene.server.say(bot.botId, ANNA, 'hello');
		await waitUntil(() => sending.held === 1);
		const stopped = first.stop();
		sending.letGo();
		await stopped;
		expect(first.items).toEqual([]);
		const second = await publish(type);
		await waitUntil(() => second.items.length === 1);
		expect(second.items[0].Content).toBe('hello');
		expect(scene.server.seen(ANNA)).toHaveLength(1);
	});
});

test('a restart loses nothing and repeats nothing', async () => {
	const first = startProcess();
	const before = await publish(first);
	const { bot } = await logIn(first);
	scene.server.say(bot.botId, ANNA, 'one');
	await waitUntil(() => before.items.length === 1);
	await before.stop();
	expect(scene.server.held()).toBe(0);
	scene.server.say(bot.botId, ANNA, 'two');
	scene.server.repeat(bot.botId);
	const after = await publish(startProcess());
	await waitUntil(() => after.items.length === 1);
	expect(after.items.map(({ Content }) => Content)).toEqual(['two']);
});

test('only the messages that were chosen start the workflow', async () => {
	const type = startProcess();
	const listening = await publish(type, { options: { userIds: `${BEN}, someone` } });
	const { bot } = await logIn(type);
	scene.server.say(bot.botId, ANNA, 'not wanted');
	scene.server.say(bot.botId, BEN, 'wanted');
	await waitUntil(() => listening.items.length === 1);
	expect(listening.items[0].Content).toBe('wanted');
});

test('the end of the login starts a workflow that asks for it, with a link to log in again', async () => {
	const type = startProcess();
	const listening = await publish(type, { kinds: ['event.session_ended'] });
	const { bot } = await logIn(type);
	await waitUntil(() => scene.server.held(bot.botId) === 1);
	scene.server.endSession(bot.botId);
	scene.server.dropPolls();
	await waitUntil(() => {
		scene.clock.turn(100);
		return listening.items.length === 1;
	});
	const [item] = listening.items;
	expect(item).toMatchObject({ kind: 'event.session_ended', botId: bot.botId, userId: ANNA });
	expect(logged.join()).toContain('WeChat has ended the login');
	expect(await getState()).toMatchObject({ isLoggedIn: false });
	const calls = scene.server.calls.length;
	scene.clock.turn(5 * 60_000);
	expect(scene.server.calls.length).toBe(calls);

	const page = await open(type, readQuery(item.loginLink));
	scene.server.scan();
	const scanned = await open(type, page.next);
	const again = scene.server.confirm(ANNA);
	await open(type, scanned.next);
	await waitUntil(() => scene.server.held(again.botId) === 1);
	expect(await getState()).toMatchObject({ isLoggedIn: true, userId: ANNA });
});

/** In queue mode the page is in another process than the poller, and so are runs. */
describe('what another process has changed is found', () => {
	/** How long the process with the poller may need, with what it does then. */
	const turn = async (ms: number, isSo: () => boolean) => {
		for (let turned = 0; turned < ms; turned += 1000) {
			scene.clock.turn(1000);
			await new Promise((done) => setTimeout(done));
		}
		await waitUntil(isSo);
	};

	test('a first login, within ten seconds', async () => {
		await publish();
		const { bot } = await logIn(startProcess());
		await turn(10_000, () => scene.server.held(bot.botId) === 1);
	});

	test('a login that takes the place of one that works, and a logout, within a minute', async () => {
		await publish();
		const { bot: first } = await logIn(startProcess());
		await turn(10_000, () => scene.server.held(first.botId) === 1);
		const { bot } = await logIn(startProcess(), BEN, { isForAnyone: true });
		await turn(60_000, () => scene.server.held(bot.botId) === 1);
		expect(scene.server.held()).toBe(1);
		await runNode('wechatBot', { resource: 'login', operation: 'logOut' }, credentials);
		await turn(60_000, () => scene.server.held() === 0);
		const { bot: last } = await logIn(startProcess());
		expect(await getState()).toMatchObject({ isLoggedIn: true, botId: last.botId });
		await turn(10_000, () => scene.server.held(last.botId) === 1);
	});

	test('a login after one that ended before a restart, within ten seconds', async () => {
		const first = startProcess();
		const before = await publish(first);
		const { bot: ended } = await logIn(first);
		await waitUntil(() => scene.server.held(ended.botId) === 1);
		scene.server.endSession(ended.botId);
		await waitUntil(() => logged.join().includes('WeChat has ended the login'));
		await before.stop();
		logged.length = 0;
		await publish();
		await waitUntil(() => logged.join().includes('WeChat has ended the login'));
		const { bot } = await logIn(startProcess());
		await turn(10_000, () => scene.server.held(bot.botId) === 1);
	});
});

test('a code that somebody else has scanned changes nothing', async () => {
	const type = startProcess();
	await publish(type);
	const { bot } = await logIn(type, ANNA);
	const other = await logIn(type, BEN);
	expect(other.done).toMatchObject({ status: 403 });
	expect(await getState()).toMatchObject({ botId: bot.botId, userId: ANNA });
	const allowed = await logIn(type, BEN, { isForAnyone: true });
	expect(allowed.done.status).toBe(200);
	expect(await getState()).toMatchObject({ userId: BEN });
});

test.each([
	['no link', {}],
	['a link that was not made here', { link: 'x'.repeat(60) }],
])('the page shows no code for %s, and asks WeChat for none', async (_, query) => {
	const type = startProcess();
	await publish(type);
	const page = await open(type, query);
	expect(page.status).toBe(403);
	expect(page.body).not.toContain('data:image');
	expect(scene.server.calls).toEqual([]);
});

test('a link leads to a page that is there, whatever was unpublished', async () => {
	const publishAs = async (webhookId: string) =>
		await listenToBot(scene.services, credentials, { webhookId });
	const [first, second] = [await publishAs('first'), await publishAs('second')];
	const link = async () =>
		await runNode(
			'wechatBot',
			{ resource: 'login', operation: 'getLink', image: false },
			credentials,
		);
	expect((await link()).output[0].json.link).toMatch(/\/second\/wechat-bot\?link=/);
	await second.unpublish();
	expect((await link()).output[0].json.link).toMatch(/\/first\/wechat-bot\?link=/);
	await first.unpublish();
	expect((await link()).error?.message).toBe('There is no page to log in on');
});

test('a link holds for an hour', async () => {
	const type = startProcess();
	await publish(type);
	const link = await getLoginLink(credentials);
	expect((await open(type, link)).status).toBe(200);
	scene.clock.turn(3_600_001 + Date.now() - scene.clock.now());
	expect((await open(type, link)).status).toBe(403);
});

test('the number on the phone is asked for, again when it was wrong', async () => {
	await closeScenes();
	scene = await openScene({ number: '42' });
	credentials = new Credentials({ baseUrl: scene.server.url }, TYPE);
	const type = startProcess();
	await publish(type);
	const link = await getLoginLink(credentials);
	const page = await open(type, link);
	scene.server.scan();
	const asked = await open(type, page.next);
	expect(asked).toMatchObject({ refreshes: false });
	expect(asked.body).toContain('name="number"');
	const hidden = Object.fromEntries(
		[...asked.body.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
			([, name, value]) => [name, value],
		),
	);
	const wrong = await turnUntil(scene.clock, open(type, { ...hidden, number: '41' }));
	expect(wrong.body).toContain('数字不对');
});

test('a test run without a login says what to do', async () => {
	await expect(publish(startProcess(), {}, 'manual')).rejects.toThrow('The bot is not logged in');
});

/** n8n 2.8.4 lets a worker run tests when OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS is set (workflow-runner.js). */
test('a test run joins the poller of its process, and none begins beside that of another one', async () => {
	const type = startProcess();
	const published = await publish(type);
	const { bot } = await logIn(type);
	const worker = publish(startProcess(), {}, 'manual');
	await expect(worker).rejects.toThrow('Another process of this n8n reads the bot');
	const tested = await publish(type, {}, 'manual');
	await waitUntil(() => scene.server.held(bot.botId) === 1);
	scene.server.say(bot.botId, ANNA, 'hello');
	await waitUntil(() => tested.items.length === 1 && published.items.length === 1);
	expect(scene.server.held()).toBeLessThanOrEqual(1);
});
