import { followLogin, isLoginOver, startLogin, type LoginSession } from '../../nodes/bot/login';
import { closeScenes, openScene, turnUntil, waitUntil } from '../support/bot';

/** Sources: login-qr.ts of @tencent-weixin/openclaw-weixin 2.4.9, docs/protocol.md of Tencent/openclaw-weixin. */
afterEach(closeScenes);

async function open(options: Parameters<typeof openScene>[0] = {}) {
	const { server, services, clock } = await openScene(options);
	const way = { apiBaseUrl: server.url };
	const follow = async (session: LoginSession, more: Parameters<typeof followLogin>[3] = {}) =>
		await turnUntil(clock, followLogin(way, services, session, more), 100);
	return { server, services, clock, way, follow, start: await startLogin(way, services) };
}

test('a code is scanned and confirmed', async () => {
	const { server, way, services, clock, start } = await open();
	expect(start).toMatchObject({ status: 'wait', codes: 1, qrcode: server.code() });
	expect(start.link).toMatch(/^https:\/\/liteapp\.weixin\.qq\.com\//);
	expect(server.calls[0]).toMatchObject({
		query: { bot_type: '3' },
		body: { local_token_list: [] },
	});

	const poll = followLogin(way, services, start);
	await waitUntil(() => server.held() === 1);
	server.scan();
	const scanned = await poll;
	expect(scanned.status).toBe('scaned');
	expect(isLoginOver(scanned)).toBe(false);

	const bot = server.confirm('anna@im.wechat');
	const end = await turnUntil(clock, followLogin(way, services, scanned));
	expect(end).toMatchObject({ status: 'confirmed', bot });
	expect(isLoginOver(end)).toBe(true);
	const before = server.calls.length;
	expect(await followLogin(way, services, end)).toBe(end);
	expect(server.calls).toHaveLength(before);
});

test('the newest ten tokens are named', async () => {
	const { server, way, services } = await open();
	const tokens = Array.from({ length: 12 }, (_, i) => `token${i}`);
	await startLogin(way, services, tokens);
	expect(server.calls.at(-1)?.body).toMatchObject({ local_token_list: tokens.slice(0, 10) });
});

test('a poll without news is the same state, and so is one that breaks', async () => {
	const { server, way, services, clock, start, follow } = await open();
	const quiet = followLogin(way, services, start);
	await waitUntil(() => server.held() === 1);
	clock.turn(35_000);
	expect(await turnUntil(clock, quiet)).toEqual(start);
	server.fault({ path: 'get_qrcode_status', status: 524, body: 'timeout' });
	expect(await follow(start)).toEqual(start);
	server.fault({ path: 'get_qrcode_status', cut: 'half' });
	expect(await follow(start)).toEqual(start);
});

test('the number on the phone is asked for, again when it was wrong', async () => {
	const { server, follow, start } = await open({ number: '42' });
	server.scan();
	const asked = await follow(start);
	expect(asked).toMatchObject({ status: 'need_verifycode' });
	expect(asked.isWrongNumber).toBeUndefined();
	const wrong = await follow(asked, { number: '41' });
	expect(wrong).toMatchObject({ status: 'need_verifycode', isWrongNumber: true });
	expect(wrong.number).toBeUndefined();
	// A poll that breaks is no wrong number: it is sent once more.
	server.fault({ path: 'get_qrcode_status', cut: 'unread' });
	const broken = await follow(asked, { number: '42' });
	expect(broken).toMatchObject({ status: 'need_verifycode', number: '42' });
	expect(broken.isWrongNumber).toBeUndefined();
	const right = await follow(broken);
	expect(right.status).toBe('scaned');
	expect(server.calls.at(-1)?.query.verify_code).toBe('42');
});

test.each(['expire', 'block'] as const)(
	'%s: another code by itself, three at most',
	async (end) => {
		const { server, follow, start } = await open();
		let session = start;
		for (const codes of [2, 3]) {
			server[end]();
			session = await follow(session);
			expect(session).toMatchObject({ status: 'wait', codes, qrcode: server.code() });
		}
		server[end]();
		session = await follow(session);
		expect(session.status).toBe({ expire: 'expired', block: 'verify_code_blocked' }[end]);
		expect(isLoginOver(session)).toBe(true);
		expect(server.count('get_bot_qrcode')).toBe(3);
	},
);

test('a code ends after five minutes', async () => {
	const { server, clock, follow, start } = await open();
	clock.turn(300_000);
	expect(await follow(start)).toMatchObject({ status: 'wait', codes: 2, qrcode: server.code() });
});

test('a bot that is logged in already keeps what it has', async () => {
	const { server, follow, start } = await open();
	server.bind();
	const end = await follow(start);
	expect(end.status).toBe('binded_redirect');
	expect(end.bot).toBeUndefined();
	expect(isLoginOver(end)).toBe(true);
});

test('the state is asked for where WeChat has moved it', async () => {
	const { server, services, way, start, follow } = await open();
	const hosts: string[] = [];
	const send = services.http;
	services.http = async (request) => {
		hosts.push(request.url.origin);
		return await send({
			...request,
			url: new URL(request.url.href.replace(request.url.origin, server.url)),
		});
	};
	server.move('sz.ilinkai.weixin.qq.com');
	server.scan();
	const moved = await follow(start);
	expect(moved).toMatchObject({
		status: 'scaned_but_redirect',
		place: 'https://sz.ilinkai.weixin.qq.com',
	});
	server.move('');
	server.confirm();
	server.setBaseUrl('');
	expect(await followLogin(way, services, moved)).toMatchObject({ status: 'confirmed' });
	expect(hosts).toEqual([server.url, 'https://sz.ilinkai.weixin.qq.com']);
});

test('no code and no token goes to a server that is not Tencent’s', async () => {
	const { server, follow, start } = await open();
	server.move('evil.example.com');
	server.scan();
	await expect(follow(start)).rejects.toThrow('"evil.example.com"');
	server.move('');
	server.setBaseUrl('https://evil.example.com');
	server.confirm();
	await expect(follow(start)).rejects.toThrow('"evil.example.com"');
});
