import {
	decryptMedia,
	downloadBotMedia,
	encryptMedia,
	MAX_MEDIA_BYTES,
	parseMediaKey,
	uploadBotMedia,
} from '../../nodes/bot/botMedia';
import { readBotMessage, type BotMedia } from '../../nodes/bot/messages';
import type { GivenFile } from '../simulator/bot/types';
import { ANNA, BEN, closeScenes, openScene, turnUntil, type BotScene } from '../support/bot';

/** Source: cdn/ of @tencent-weixin/openclaw-weixin 2.4.9. */
afterEach(closeScenes);

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(40, 7)]);
const KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

test('AES-128-ECB as FIPS 197 has it (C.1), filled up to the next 16 bytes', () => {
	const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
	const encrypted = encryptMedia(KEY, key);
	expect(encrypted.subarray(0, 16).toString('hex')).toBe('69c4e0d86a7b0430d8cdb78070b4c55a');
	expect(encrypted).toHaveLength(32);
	expect(decryptMedia(encrypted, key)).toEqual(KEY);
	expect(() => decryptMedia(encrypted, KEY)).toThrow('cannot be decrypted');
	expect(() => decryptMedia(encrypted.subarray(1), key)).toThrow('cannot be decrypted');
});

test.each([
	['hexadecimal', KEY.toString('hex')],
	['Base64 of the bytes', KEY.toString('base64')],
	['Base64 of the digits', Buffer.from(KEY.toString('hex')).toString('base64')],
])('a key as %s', (_, key) => expect(parseMediaKey(key)).toEqual(KEY));

test.each(['', 'AAAA', 'zz', Buffer.alloc(32, 1).toString('base64')])('"%s" is no key', (key) =>
	expect(() => parseMediaKey(key)).toThrow('no key'),
);

async function receive({ server, client, bot }: BotScene, file: GivenFile): Promise<BotMedia> {
	server.give(bot.botId, ANNA, file);
	const { messages } = await client.getUpdates('', { timeoutMs: 1000 });
	return readBotMessage(messages.at(-1)!)!.media[0];
}

test.each<GivenFile>([
	{ kind: 'image', bytes: PNG },
	{ kind: 'image', bytes: PNG, key: 'raw' },
	{ kind: 'voice', bytes: Buffer.from('\x02#!SILK_V3 …'), key: 'hex' },
	{ kind: 'file', bytes: Buffer.from('%PDF-1.7'), fileName: 'a.pdf' },
	{ kind: 'video', bytes: Buffer.alloc(1000, 5) },
])('a $kind comes as it was sent (key: $key)', async (file) => {
	const scene = await openScene();
	const { bytes, fileName } = await downloadBotMedia(scene.client, await receive(scene, file));
	expect(bytes).toEqual(file.bytes);
	const ending = { image: 'image.png', voice: 'voice.silk', file: 'a.pdf', video: 'video.mp4' };
	expect(fileName).toBe(ending[file.kind]);
});

test('the parameter leads to Tencent’s CDN, and an address elsewhere is not followed', async () => {
	const scene = await openScene();
	const media = await receive(scene, { kind: 'image', bytes: PNG });
	const urls: string[] = [];
	const send = scene.services.http;
	scene.services.http = async (request) => {
		urls.push(request.url.origin + request.url.pathname);
		return await send({
			...request,
			url: new URL(request.url.href.replace(request.url.origin, scene.server.url)),
		});
	};
	for (const url of ['', 'http://127.0.0.1:1/secret'])
		expect((await downloadBotMedia(scene.client, { ...media, url })).bytes).toEqual(PNG);
	expect(new Set(urls)).toEqual(new Set(['https://novac2c.cdn.weixin.qq.com/c2c/download']));
	const lost = { ...media, url: 'http://127.0.0.1:1/secret', param: '' };
	await expect(downloadBotMedia(scene.client, lost)).rejects.toThrow('not one of Tencent');
	expect(urls).toHaveLength(2);
});

test('another file than was announced is refused', async () => {
	const scene = await openScene();
	const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
	const media = await receive(scene, { kind: 'file', bytes: PNG, md5 });
	await expect(downloadBotMedia(scene.client, media)).rejects.toThrow('(MD5)');
});

test('a file that is gone is said to be', async () => {
	const scene = await openScene();
	const media = {
		...(await receive(scene, { kind: 'image', bytes: PNG })),
		param: 'gone',
		url: `${scene.server.url}/c2c/download?encrypted_query_param=gone`,
	};
	await expect(downloadBotMedia(scene.client, media)).rejects.toThrow('does not have this file');
});

test.each([true, false])('files go out, full addresses: %s', async (givesFullUrls) => {
	const scene = await openScene({ givesFullUrls });
	const { client, server, services, bot } = scene;
	const send = services.http;
	services.http = async (request) =>
		await send({
			...request,
			url: new URL(request.url.href.replace('https://novac2c.cdn.weixin.qq.com', server.url)),
		});
	server.say(bot.botId, ANNA, 'hello');
	const { messages } = await client.getUpdates('', { timeoutMs: 1000 });
	const { contextToken } = readBotMessage(messages[0])!;
	// As long as a block, one less and one more.
	for (const [kind, size] of [
		['image', 15],
		['video', 16],
		['file', 17],
	] as const) {
		const bytes = Buffer.alloc(size, kind);
		const item = await uploadBotMedia(client, ANNA, { kind, bytes, fileName: 'a b.pdf' });
		await client.sendMessage({ clientId: kind, to: ANNA, item, contextToken });
		expect(server.seen(ANNA).at(-1)).toMatchObject({
			kind,
			bytes,
			...(kind === 'file' && { fileName: 'a b.pdf' }),
		});
	}
	const encrypted = server.calls.filter(({ path }) => path.endsWith('/upload'));
	expect(encrypted).toHaveLength(3);
});

test('an upload that the CDN fails at is repeated, twice', async () => {
	const { client, server, clock } = await openScene();
	const file = { kind: 'image', bytes: PNG, fileName: '' } as const;
	server.fault({ path: 'upload', times: 2, status: 500 });
	await turnUntil(clock, uploadBotMedia(client, ANNA, file));
	expect(server.count('upload')).toBe(3);
	server.fault({ path: 'upload', status: 403 });
	await expect(uploadBotMedia(client, BEN, file)).rejects.toThrow('does not take the file');
	expect(server.count('upload')).toBe(4);
});

test('what is empty or too large is not uploaded', async () => {
	const { client, server } = await openScene();
	const send = async (bytes: Buffer) =>
		await uploadBotMedia(client, ANNA, { kind: 'file', bytes, fileName: 'a.bin' });
	await expect(send(Buffer.alloc(0))).rejects.toThrow('is empty');
	await expect(send(Buffer.alloc(MAX_MEDIA_BYTES + 1))).rejects.toThrow('at most 32 MB');
	expect(server.calls).toEqual([]);
});
