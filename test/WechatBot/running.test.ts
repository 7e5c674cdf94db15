import type { INode } from 'n8n-workflow';
import { ANNA, BEN, closeScenes, waitUntil, type BotScene } from '../support/bot';
import { openHeardBot, type ListeningBot } from '../support/botTrigger';
import type { Credentials } from '../support/credentials';
import { prepareN8n, runNode } from '../support/n8n';

prepareN8n();

let scene: BotScene;
let credentials: Credentials;
let listening: ListeningBot;
let botId: string;

/** A bot that is logged in, and to which Anna has just written. */
beforeEach(async () => {
	({ scene, credentials, listening, botId } = await openHeardBot());
});
afterEach(async () => {
	await listening.stop();
	await closeScenes();
});

/** Anna writes, and the workflow has started. */
async function hear(text: string): Promise<void> {
	const before = listening.items.length;
	scene.server.say(botId, ANNA, text);
	await waitUntil(() => listening.items.length > before);
}

async function run(operation: string, parameters: INode['parameters'], binary = {}) {
	return await runNode(
		'wechatBot',
		{ resource: 'message', operation, to: ANNA, ...parameters },
		credentials,
		[{ json: {}, binary }],
	);
}

const texts = () => scene.server.seen(ANNA).map(({ text }) => text);

test('a text goes to the person who wrote', async () => {
	const { output, error } = await run('send', { text: '你好' });
	expect(error).toBeUndefined();
	expect(texts()).toEqual(['你好']);
	expect(output[0].json).toMatchObject({
		waiting: 0,
		sent: [{ messageId: expect.any(String) as string }],
	});
});

test('a long text is split at 16 KiB, between characters', async () => {
	const text = '汉'.repeat(6000);
	await run('send', { text });
	expect(texts().length).toBe(2);
	expect(texts().join('')).toBe(text);
	for (const part of texts())
		expect(Buffer.byteLength(String(part))).toBeLessThanOrEqual(16 * 1024);
});

test('a picture goes out behind its text', async () => {
	const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
	const data = { data: bytes.toString('base64'), mimeType: 'image/png', fileName: 'a.png' };
	const { error } = await run('send', { text: 'look', hasFile: true }, { data });
	expect(error).toBeUndefined();
	const [text, picture] = scene.server.seen(ANNA);
	expect(text.text).toBe('look');
	expect(picture).toMatchObject({ kind: 'image' });
	expect(picture.bytes).toEqual(bytes);
});

test('items go out in their order, also when one of them takes longer', async () => {
	const data = { data: 'JVBERi0=', mimeType: 'application/pdf', fileName: 'a.pdf' };
	const parameters = { text: '={{ $json.text }}', hasFile: '={{ $binary.data !== undefined }}' };
	const items = [
		{ json: { text: 'look' }, binary: { data } },
		...['one', 'two', 'three'].map((text) => ({ json: { text } })),
	];
	const send = { resource: 'message', operation: 'send', to: ANNA, ...parameters };
	const { error } = await runNode('wechatBot', send, credentials, items);
	expect(error).toBeUndefined();
	expect(texts()).toEqual(['look', undefined, 'one', 'two', 'three']);
});

test('what WeChat does not deliver is an error that says when the way opens', async () => {
	scene.server.makeStale(botId, ANNA);
	const { error } = await run('send', { text: 'too late' });
	expect(error?.message).toContain('WeChat did not deliver the message');
	expect(error).toMatchObject({
		description: expect.stringContaining('next message of this person') as string,
	});
	expect(texts()).toEqual([]);
});

test('what waits goes out in order, once, as soon as the person writes', async () => {
	scene.server.makeStale(botId, ANNA);
	const queue = { undelivered: 'queue' };
	const first = await run('send', { text: 'one', ...queue });
	await run('send', { text: 'two', ...queue });
	expect(first.output[0].json).toMatchObject({ waiting: 1, sent: [] });
	expect(texts()).toEqual([]);
	await hear('are you there?');
	expect(texts()).toEqual(['one', 'two']);
	await hear('again');
	expect(texts()).toEqual(['one', 'two']);
});

test('nobody can be written to who has not written', async () => {
	const { error } = await run('send', { to: BEN, text: 'hi' });
	expect(error?.message).toContain('no message of this person is known');
	expect(scene.server.unseen(BEN)).toEqual([]);
});

test('typing is shown, and ends', async () => {
	await run('showTyping', {});
	expect(scene.server.isTyping(ANNA)).toBe(true);
	await run('showTyping', { isTyping: false });
	expect(scene.server.isTyping(ANNA)).toBe(false);
});

test('an answer of nothing is refused before anything is sent', async () => {
	const calls = scene.server.count('sendmessage');
	const { error } = await run('send', { text: '' });
	expect(error?.message).toContain('nothing to send');
	expect(scene.server.count('sendmessage')).toBe(calls);
});
