import { spawn } from 'node:child_process';
import { once } from 'node:events';
import sharp from 'sharp';
import { createAccountClient } from '../../nodes/api/accountClient';
import { createServices } from '../../nodes/api/services';
import { createDraft } from '../../nodes/Wechat/articleDraft';
import {
	openPictureWay,
	readPicture,
	uploadPicture,
	type PictureWay,
} from '../../nodes/Wechat/pictureUpload';
import { emptyStore } from '../support/emptyStore';
import { median } from './measure';
import { say } from './results';

/** The part of `--articles` that waits: a draft with its pictures, where each answer takes a while. */

const LATENCY_MS = 50;
const ROUNDS = 7;
const CALL = '/cgi-bin/draft/count';
const MAX_OF_SLOWEST = 1.3;
const MAX_OF_TEN = 2;
const FILES = { list: () => [], read: async () => Buffer.alloc(0) };

/**
 * WeChat and a server of pictures in a process of its own: every answer comes after LATENCY_MS. Each picture has bytes of its own
 * behind its end, which no reader of JPG minds.
 */
const script = `
const photo = Buffer.from(process.argv[1], 'base64');
const answer = (path) => {
	if (path === '/cgi-bin/stable_token') return { access_token: 't'.repeat(157), expires_in: 7200 };
	if (path === '/cgi-bin/media/uploadimg') return { url: 'http://mmbiz.qpic.cn/mmbiz/' + Math.random() + '/0' };
	return { media_id: 'm'.repeat(43), url: 'http://mmbiz.qpic.cn/mmbiz/c/0' };
};
require('node:http').createServer((request, response) => {
	request.resume().on('end', () => setTimeout(() => {
		const { pathname } = new URL(request.url, 'http://x');
		if (pathname.endsWith('.jpg')) {
			response.setHeader('content-type', 'image/jpeg').end(Buffer.concat([photo, Buffer.from(pathname)]));
			return;
		}
		response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(pathname)));
	}, ${LATENCY_MS}));
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

async function startServer() {
	const noise = { type: 'gaussian', mean: 128, sigma: 20 } as const;
	const photo = await sharp({
		create: { width: 800, height: 500, channels: 3, noise, background: '#888' },
	})
		.jpeg({ quality: 60 })
		.toBuffer();
	const server = spawn(process.execPath, ['-e', script, photo.toString('base64')], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [port] = (await once(server.stdout, 'data')) as [Buffer];
	return {
		url: `http://127.0.0.1:${String(port).trim()}`,
		kilobytes: Math.round(photo.length / 1024),
		end: () => server.kill(),
	};
}

async function measure(work: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await work();
	return performance.now() - began;
}

/**
 * Measures drafts of an article with these pictures, from a process that knows its token and nothing else.
 *
 * @returns whether the targets were met
 */
export async function benchDrafts(
	createText: (pictures: number, origin: string) => string,
): Promise<boolean> {
	const server = await startServer();
	try {
		return await compareDrafts(server, createText);
	} finally {
		server.end();
	}
}

async function compareDrafts(
	{ url, kilobytes }: { url: string; kilobytes: number },
	createText: (pictures: number, origin: string) => string,
): Promise<boolean> {
	/** A process that has a token, and has uploaded nothing. */
	const open = async (): Promise<PictureWay> => {
		const app = { appId: 'wx1', appSecret: 'secret', baseUrl: url };
		const client = createAccountClient(app, emptyStore, createServices());
		await client.send({ path: CALL });
		return openPictureWay(client, FILES);
	};
	const draft = async (content: string) => {
		const way = await open();
		return await measure(
			async () => await createDraft([{ content, title: '', cover: `${url}/0.jpg` }], way),
		);
	};
	const single = async (way: PictureWay, at: number) =>
		await measure(async () => {
			const bytes = await readPicture(`${url}/${at}.jpg`, way);
			await uploadPicture(bytes, 'text', way);
		});
	const [short, long] = [createText(10, url), createText(30, url)];
	// What is loaded on first use is loaded here.
	await draft(short);
	const rounds: Array<Record<'call' | 'slowest' | 'ten' | 'thirty', number>> = [];
	for (let round = 0; round < ROUNDS; round++) {
		const way = await open();
		const singles: number[] = [];
		for (let at = 0; at < 10; at++) singles.push(await single(way, at));
		rounds.push({
			call: await measure(async () => await way.client.send({ path: CALL })),
			slowest: Math.max(...singles),
			ten: await draft(short),
			thirty: await draft(long),
		});
	}
	const middle = (key: keyof (typeof rounds)[number]) => median(rounds.map((one) => one[key]));
	const [call, slowest, ten, thirty] = [
		middle('call'),
		middle('slowest'),
		middle('ten'),
		middle('thirty'),
	];
	const [ofSlowest, ofTen] = [ten / (slowest + 2 * call), thirty / ten];
	const ms = (time: number) => `${time.toFixed(0)} ms`;
	say(
		`A draft with 10 pictures of ${kilobytes} KB, each answer after ${LATENCY_MS} ms: ${ms(ten)}; the slowest single picture ${ms(slowest)}, a call ${ms(call)}: ${ofSlowest.toFixed(2)} x that picture and two calls (at most ${MAX_OF_SLOWEST})`,
	);
	say(`With 30 pictures: ${ms(thirty)}, ${ofTen.toFixed(2)} x (at most ${MAX_OF_TEN})`);
	return ofSlowest <= MAX_OF_SLOWEST && ofTen <= MAX_OF_TEN;
}
