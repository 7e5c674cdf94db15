import { BotError } from '../../nodes/bot/botError';
import { createBotClient } from '../../nodes/bot/botClient';
import { findBotBase, isBotFileUrl, toBotUrl } from '../../nodes/bot/botHost';
import { ANNA, closeScenes, openScene, turnUntil, waitUntil } from '../support/bot';

/**
 * What Tencent's protocol asks of a call, see docs/protocol.md of Tencent/openclaw-weixin and its client 2.4.9. The
 * simulator refuses what it does not.
 */
afterEach(closeScenes);

test('a call shows the token, the version and a random number that is new each time', async () => {
	const { server, client, bot } = await openScene();
	await client.notifyStart();
	await client.notifyStop();
	const [one, other] = server.calls;
	expect(one.headers).toMatchObject({
		'content-type': 'application/json',
		authorizationtype: 'ilink_bot_token',
		authorization: `Bearer ${bot.token}`,
		'ilink-app-id': 'bot',
		// 2.4.9: 2 << 16 | 4 << 8 | 9
		'ilink-app-clientversion': '132105',
	});
	expect(one.headers['x-wechat-uin']).not.toBe(other.headers['x-wechat-uin']);
	expect(one.body).toEqual({
		base_info: { channel_version: '2.4.9', bot_agent: 'n8n-nodes-wechat-platform/1' },
	});
	expect(server.calls.map(({ path }) => path)).toEqual([
		'/ilink/bot/msg/notifystart',
		'/ilink/bot/msg/notifystop',
	]);
});

test('ids keep all their digits, which JavaScript numbers do not', async () => {
	const { server, client, bot } = await openScene();
	const id = server.say(bot.botId, ANNA, 'hello');
	expect(Number(id)).toBeGreaterThan(2 ** 63);
	const { messages, cursor, timeoutMs } = await client.getUpdates('', { timeoutMs: 35_000 });
	expect(messages).toMatchObject([{ message_id: id, item_list: [{ msg_id: id }] }]);
	expect(timeoutMs).toBe(35_000);
	expect(cursor).not.toBe('');
	const sent = await client.sendMessage({
		clientId: 'one',
		to: ANNA,
		item: { type: 1, text_item: { text: 'hi' } },
		contextToken: String(messages[0].context_token),
	});
	expect(server.seen(ANNA)).toMatchObject([{ text: 'hi', messageId: sent.messageId }]);
});

test('a poll that the server holds too long is an empty one', async () => {
	// Source: getUpdates() of Tencent's client: a client-side timeout is normal.
	const { client, clock, server } = await openScene({ longPollMs: 3_600_000 });
	const poll = client.getUpdates('', { timeoutMs: 35_000 });
	await waitUntil(() => server.held() === 1);
	clock.turn(40_000);
	expect(await poll).toEqual({ messages: [], cursor: '' });
	await waitUntil(() => server.held() === 0);
});

test('a signal ends a poll at once', async () => {
	const { client, server } = await openScene();
	const abort = new AbortController();
	const poll = client.getUpdates('', { timeoutMs: 35_000, signal: abort.signal });
	await waitUntil(() => server.held() === 1);
	abort.abort();
	await expect(poll).rejects.toMatchObject({ code: 'WAIT_ENDED' });
	await waitUntil(() => server.held() === 0);
});

test('50 polls keep no other call waiting', async () => {
	const { client, server, clock } = await openScene();
	const abort = new AbortController();
	const polls = Array.from({ length: 50 }, async () =>
		client.getUpdates('', { timeoutMs: 35_000, signal: abort.signal }).catch(() => {}),
	);
	await waitUntil(() => server.held() === 50);
	await client.notifyStart();
	abort.abort();
	await turnUntil(clock, Promise.all(polls));
});

test.each([{ ret: -14 }, { errcode: -14 }, { ret: -14, errcode: -14 }])(
	'%j: the session is dead',
	async (fault) => {
		const { server, client } = await openScene();
		server.fault({ ...fault, errmsg: 'session timeout' });
		const error: unknown = await client.notifyStart().catch((one: unknown) => one);
		expect(error).toBeInstanceOf(BotError);
		expect(error).toMatchObject({ code: -14, isSessionDead: true, isUndelivered: false });
		expect((error as BotError).hint).toContain('Login: Get Link');
	},
);

test.each(['rate limited', 'prepare failed', 'unknown error', ''])(
	'-2 "%s" of sendmessage: not delivered',
	async (errmsg) => {
		const { server, client } = await openScene();
		server.fault({ path: 'sendmessage', ret: -2, errmsg });
		const item = { type: 1, text_item: { text: 'hi' } };
		const sending = client.sendMessage({ clientId: 'one', to: ANNA, item, contextToken: 'c' });
		const error = await sending.catch((one: unknown) => one as BotError);
		expect(error).toMatchObject({ code: -2, isUndelivered: true, isSessionDead: false });
		expect(error).toMatchObject({
			message: `WeChat did not deliver the message: ${errmsg || 'it gives no reason'} (-2)`,
			hint: expect.stringContaining('until the person writes') as string,
		});
	},
);

test('an error shows no token, whatever WeChat repeats', async () => {
	const { server, client, bot } = await openScene();
	server.fault({ ret: 7, errmsg: `${bot.token} may not` });
	await expect(client.notifyStart()).rejects.toThrow(
		'WeChat refused /ilink/bot/msg/notifystart: *** may not (7)',
	);
});

test('a page is no answer, and a broken one neither', async () => {
	const { server, client } = await openScene();
	server.fault({ status: 502, body: '<html>Bad Gateway</html>' });
	await expect(client.notifyStart()).rejects.toMatchObject({ code: 'HTTP 502' });
	server.fault({ body: '{"ret":0' });
	await expect(client.notifyStart()).rejects.toMatchObject({ name: 'ConnectionError' });
});

test('without a token nothing is sent', async () => {
	const { server, services } = await openScene();
	const client = createBotClient({ token: '', apiBaseUrl: server.url }, services);
	await expect(client.notifyStart()).rejects.toThrow('This bot is not logged in');
	expect(server.calls).toEqual([]);
});

test('typing is shown with the ticket of the person', async () => {
	const { server, client } = await openScene();
	const ticket = await client.getTypingTicket(ANNA, 'c');
	await client.sendTyping(ANNA, ticket, true);
	expect(server.isTyping(ANNA)).toBe(true);
	await client.sendTyping(ANNA, ticket, false);
	expect(server.isTyping(ANNA)).toBe(false);
});

describe('where calls go', () => {
	const relay = { apiBaseUrl: 'http://relay.example.com:8080/wx/' };

	test.each([
		[{}, '', 'https://ilinkai.weixin.qq.com/x'],
		[{}, 'https://sz.ilinkai.weixin.qq.com/', 'https://sz.ilinkai.weixin.qq.com/x'],
		[{}, 'sz.ilinkai.weixin.qq.com', 'https://sz.ilinkai.weixin.qq.com/x'],
		[relay, '', 'http://relay.example.com:8080/wx/x'],
		[relay, 'https://relay.example.com:8080', 'http://relay.example.com:8080/wx/x'],
		[relay, 'https://ilinkai.weixin.qq.com', 'http://relay.example.com:8080/wx/x'],
		[relay, 'sz.ilinkai.weixin.qq.com', 'https://sz.ilinkai.weixin.qq.com/x'],
	])('%j, moved to "%s": %s', (server, base, url) =>
		expect(toBotUrl(server, '/x', base).href).toBe(url),
	);

	test.each([
		'evil.example.com',
		'weixin.qq.com.evil.example',
		'evilweixin.qq.com',
		'http://sz.ilinkai.weixin.qq.com',
		'https://ilinkai.weixin.qq.com:444',
		'https://user@sz.ilinkai.weixin.qq.com',
		'ilinkai.weixin.qq.com@evil.example',
		'a b',
	])('no token goes to %s', (place) =>
		expect(() => findBotBase({}, place)).toThrow('not one of Tencent'),
	);

	test.each([
		['https://novac2c.cdn.weixin.qq.com/c2c/download?a', true],
		['http://relay.example.com:8080/c2c/download', true],
		['http://127.0.0.1/', false],
		['', false],
	])('files of %s: %s', (url, isKnown) => expect(isBotFileUrl(relay, url)).toBe(isKnown));
});
