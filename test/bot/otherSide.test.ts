import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ANNA } from '../support/bot';
import { startBotServer, type BotServer } from '../simulator/bot';

/**
 * The other side: @tencent-weixin/openclaw-weixin, Tencent's own client, logs in to the simulator and talks, which shows
 * that the simulator is one of its server. Its host program is not there: see officialClient.mjs.
 */

let server: BotServer;
let client: ChildProcess;
let folder: string;
const waiting = new Map<number, (said: { result?: unknown; error?: string }) => void>();

beforeAll(async () => {
	server = await startBotServer({ perFiveMinutes: 4 });
	folder = mkdtempSync(join(tmpdir(), 'bot-'));
	client = spawn(process.execPath, [join(__dirname, 'officialClient.mjs'), server.url], {
		stdio: ['pipe', 'pipe', 'inherit'],
		env: { ...process.env, OPENCLAW_STATE_DIR: folder },
	});
	createInterface({ input: client.stdout! }).on('line', (line) => {
		const said = JSON.parse(line) as { id: number; result?: unknown; error?: string };
		waiting.get(said.id)?.(said);
	});
});
afterAll(async () => {
	client.kill();
	await server.close();
	rmSync(folder, { recursive: true });
});

let ids = 0;
async function run<T>(command: string, options: object = {}): Promise<T> {
	const id = ++ids;
	const said = new Promise<{ result?: unknown; error?: string }>((done) => waiting.set(id, done));
	client.stdin!.write(`${JSON.stringify({ id, command, options })}\n`);
	const { result, error } = await said;
	if (error) throw new Error(error);
	return result as T;
}

interface Updates {
	msgs: Array<{
		message_id: string;
		context_token: string;
		item_list: Array<Record<string, never>>;
	}>;
	get_updates_buf: string;
}

test('it logs in, and exchanges messages and a picture', async () => {
	const { sessionKey } = await run<{ sessionKey: string }>('startLogin');
	server.scan();
	const waited = run<{ connected: boolean; botToken: string; accountId: string; baseUrl: string }>(
		'waitForLogin',
		{ sessionKey },
	);
	const bot = server.confirm(ANNA);
	const loggedIn = await waited;
	expect(loggedIn).toMatchObject({
		connected: true,
		botToken: bot.token,
		accountId: bot.botId,
		userId: ANNA,
	});

	const opts = { baseUrl: loggedIn.baseUrl, token: loggedIn.botToken };
	expect(await run('notifyStart', opts)).toMatchObject({ ret: 0 });

	const poll = run<Updates>('getUpdates', { ...opts, get_updates_buf: '' });
	const id = server.say(bot.botId, ANNA, 'hello');
	const { msgs, get_updates_buf } = await poll;
	expect(msgs).toMatchObject([{ message_id: id, item_list: [{ text_item: { text: 'hello' } }] }]);
	const contextToken = msgs[0].context_token;
	const out = { to: ANNA, opts: { ...opts, contextToken } };

	await run('type', { ...out, contextToken });
	expect(server.isTyping(ANNA)).toBe(true);
	await run('sendText', { ...out, text: 'Hi!' });
	const picture = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(99, 3)]);
	const filePath = join(folder, 'a.png');
	writeFileSync(filePath, picture);
	await run('sendFile', { ...out, filePath, text: 'A picture' });
	expect(server.seen(ANNA)).toMatchObject([
		{ text: 'Hi!' },
		{ text: 'A picture' },
		{ kind: 'image', bytes: picture },
	]);

	server.give(bot.botId, ANNA, { kind: 'file', bytes: picture, fileName: 'b.png' });
	const next = await run<Updates>('getUpdates', { ...opts, get_updates_buf });
	const { media } = next.msgs[0].item_list[0].file_item as {
		media: { encrypt_query_param: string; aes_key: string; full_url: string };
	};
	const [param, key] = [media.encrypt_query_param, media.aes_key];
	for (const url of [media.full_url, undefined])
		expect(await run('download', { param, key, url })).toBe(picture.toString('base64'));

	// The context of the message before: the client is told, and that is all.
	await expect(run('sendText', { ...out, text: 'too late' })).rejects.toThrow('ret=-2');
	server.endSession(bot.botId);
	expect(await run('getUpdates', { ...opts, get_updates_buf: '' })).toMatchObject({ errcode: -14 });
	expect(server.calls.filter(({ ret }) => ret === 400 || ret === -1)).toEqual([]);
}, 60_000);
