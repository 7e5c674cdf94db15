import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { decrypt, encrypt, toAesKey, isSameSignature, signParts } from '../../nodes/push/cipher';
import { openPush, type PushSecrets } from '../../nodes/push/openPush';
import { encryptReply } from '../../nodes/push/reply';
import { buildPush, DEFAULT_ACCOUNT as account } from '../simulator';
import { measureLoads } from './load';
import { ratioOf, rounds, median, type Work } from './measure';
import { say } from './results';
import { withXml } from './straight';

/**
 * Other packages for WeChat's pushes, each called as its README has it and doing the same work. What it
 * returns is checked before it is timed. They live in `peers/`, apart from the pack.
 */

const FOLDER = join(__dirname, 'peers');
const NOW = Date.now();
const APP_ID = account.appId;
const { token, encodingAESKey } = account;
const key = toAesKey(encodingAESKey) as Buffer;
const secrets: PushSecrets = { appId: APP_ID, token, encodingAesKey: encodingAESKey, mode: 'safe' };
const config = { token, appid: APP_ID, encodingAESKey };
const REPLY = 'You said: 你好';
const message = { ToUserName: 'gh_5a1b2c3d4e5f', FromUserName: 'oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s' };
const timestamp = String(Math.floor(NOW / 1000));
const nonce = '123456789';

type Fields = Record<string, unknown>;

/** It leaves reading and writing to its users, so it gets the library that it brings with it. */
const NEST = 'nest-wechat + fast-xml-parser';

/** One line of the table: what each does, and what it must return. */
interface Case {
	name: string;
	works: Record<string, Work>;
	isRight(result: unknown): boolean;
	/** Who is not in it, and why. */
	without: Record<string, string>;
}

interface Peers {
	wechat(config: object, handle: (request: Fields, response: Fields) => void): Middleware;
	coWechat(config: object): {
		middleware(handle: (message: Fields) => Promise<string>): (context: Fields) => Promise<void>;
	};
	Crypt: new (
		token: string,
		key: string,
		id: string,
	) => {
		getSignature(...parts: string[]): string;
		decrypt(text: string): { message: string };
		encrypt(text: string): string;
	};
	wecom: {
		getSignature(...parts: string[]): string;
		decrypt(key: string, text: string): { message: string };
		encrypt(key: string, text: string, id: string): string;
	};
	easy: {
		OfficialAccount: new (config: object) => EasyApp;
		ServerRequest: new (method: string, url: string, headers: object, body: Buffer) => object;
	};
	nest: {
		WeChatService: new (config: object) => {
			decryptMessage(...args: string[]): string;
			encryptMessage(...args: string[]): string;
		};
	};
	/** The version that nest-wechat depends on. */
	xml: {
		XMLParser: new () => { parse(text: string): { xml: Fields } };
		XMLBuilder: new (options: object) => { build(tree: object): string };
	};
}
type Middleware = (request: Fields, response: Fields, next: (error: Error) => void) => void;
interface EasyApp {
	setRequest(request: object): void;
	setServer(server: null): void;
	getServer(): EasyServer;
	getEncryptor(): object;
}
interface EasyServer {
	withHandler(handler: (message: Fields) => Promise<unknown>): void;
	serve(): Promise<{ getBody(): Buffer }>;
	transformToReply(reply: object, message: object, by: object): Promise<{ getBody(): Buffer }>;
}

/** Installs what the lock file says. */
export function installPeers(): void {
	execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: FOLDER,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
}

function loadPeers(): Peers {
	// Some still say `new Buffer`.
	process.removeAllListeners('warning');
	const load = createRequire(join(FOLDER, 'package.json'));
	load('reflect-metadata');
	return {
		wechat: load('wechat') as Peers['wechat'],
		coWechat: load('co-wechat') as Peers['coWechat'],
		Crypt: load('wechat-crypto') as Peers['Crypt'],
		wecom: load('@wecom/crypto') as Peers['wecom'],
		easy: load('node-easywechat') as Peers['easy'],
		nest: load('nest-wechat') as Peers['nest'],
		xml: load('fast-xml-parser') as Peers['xml'],
	};
}

function pushOf(characters: number) {
	const Content = '你好 hello '.repeat(characters).slice(0, characters).trim();
	const { query, body } = buildPush(account, { ...message, MsgType: 'text', Content });
	const [, encrypted = ''] = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body) ?? [];
	return { Content, query, body: Buffer.from(body), encrypted };
}
type Built = ReturnType<typeof pushOf>;

/** The whole push, verified, decrypted and read. */
function opening(peers: Peers, built: Built): Case {
	const { Content, query, body } = built;
	const signed = [token, query.timestamp, query.nonce];
	const nest = new peers.nest.WeChatService({ appId: APP_ID, token, encodingAESKey });
	const parser = new peers.xml.XMLParser();
	const wechat = viaWechat(peers, query);
	const co = viaCoWechat(peers, query);
	const easy = viaEasyWechat(peers, query);
	return {
		name: `Open a push of ${(body.length / 1024).toFixed(1)} KB`,
		works: {
			'this pack': () => openPush({ query, body }, secrets, NOW).message,
			'crypto + fast-xml-parser': () => withXml.open(key, signed, query.msg_signature, body),
			wechat: () => wechat({ rawBody: body }),
			'co-wechat': async () => (await co(body, false)).message,
			'node-easywechat': async () => (await easy(body, false)).message,
			[NEST]: () =>
				parser.parse(
					nest.decryptMessage(query.msg_signature, query.timestamp, query.nonce, body.toString()),
				).xml,
		},
		isRight: (result) => (result as Fields).Content === Content,
		without: {
			'wechat-crypto, @wecom/crypto': 'they take the encrypted text, not the push; see below',
		},
	};
}

/** The encrypted text alone. */
function decrypting(peers: Peers, { Content, query, encrypted }: Built): Case {
	const crypt = new peers.Crypt(token, encodingAESKey, APP_ID);
	const parts = [query.timestamp, query.nonce, encrypted] as const;
	return {
		name: `Verify and decrypt a text of ${(encrypted.length / 1024).toFixed(1)} KB`,
		works: {
			'this pack': () =>
				isSameSignature(signParts(token, ...parts), query.msg_signature) &&
				decrypt(key, encrypted)?.message,
			'wechat-crypto': () =>
				crypt.getSignature(...parts) === query.msg_signature && crypt.decrypt(encrypted).message,
			'@wecom/crypto': () =>
				peers.wecom.getSignature(token, ...parts) === query.msg_signature &&
				peers.wecom.decrypt(encodingAESKey, encrypted).message,
		},
		isRight: (result) => String(result).includes(`<Content><![CDATA[${Content}]]></Content>`),
		without: {},
	};
}

/** A reply, written and sealed. */
function sealing(peers: Peers, { query }: Built): Case {
	const reply = { MsgType: 'text' as const, Content: REPLY };
	const tree = {
		ToUserName: message.FromUserName,
		FromUserName: message.ToUserName,
		CreateTime: Number(timestamp),
		...reply,
	};
	const nest = new peers.nest.WeChatService({ appId: APP_ID, token, encodingAESKey });
	const builder = new peers.xml.XMLBuilder({ cdataPropName: '__cdata' });
	const wechat = viaWechat(peers, query);
	const easy = new peers.easy.OfficialAccount(easyConfig);
	easy.setRequest(new peers.easy.ServerRequest('POST', '/', {}, Buffer.from('')));
	const server = easy.getServer();
	return {
		name: 'Write and seal a text reply',
		works: {
			'this pack': () => encryptReply(reply, { message, format: 'xml', key }, secrets, NOW).body,
			'crypto + fast-xml-parser': () => withXml.seal(key, [token, timestamp, nonce], APP_ID, tree),
			wechat: () => wechat({ weixin: { ...message, MsgType: 'text' } }),
			'node-easywechat': async () =>
				(await server.transformToReply(reply, message, easy.getEncryptor())).getBody().toString(),
			[NEST]: () => nest.encryptMessage(builder.build({ xml: inCdata(tree) }), timestamp, nonce),
		},
		isRight: isSealedReply,
		without: {
			'co-wechat': 'it seals only what it has opened; see below',
			'wechat-crypto, @wecom/crypto': 'they write no XML; see below',
		},
	};
}

/** The encryption and the signature alone. */
function encrypting(peers: Peers): Case {
	const crypt = new peers.Crypt(token, encodingAESKey, APP_ID);
	const text = `<xml>${REPLY}${' '.repeat(260)}</xml>`;
	const signed = (encrypted: string, by: (...parts: string[]) => string) => [
		encrypted,
		by(timestamp, nonce, encrypted),
	];
	return {
		name: 'Encrypt and sign a text of 0.3 KB',
		works: {
			'this pack': () =>
				signed(encrypt(key, APP_ID, text), (...parts) => signParts(token, ...parts)),
			'wechat-crypto': () =>
				signed(crypt.encrypt(text), (...parts) => crypt.getSignature(...parts)),
			'@wecom/crypto': () =>
				signed(peers.wecom.encrypt(encodingAESKey, text, APP_ID), (...parts) =>
					peers.wecom.getSignature(token, ...parts),
				),
		},
		isRight: (result) => {
			const [encrypted, signature] = result as [string, string];
			return (
				decrypt(key, encrypted)?.message === text &&
				signature === signatureOf(timestamp, nonce, encrypted)
			);
		},
		without: {},
	};
}

/** A push opened and answered, as a server does it. */
function answering(peers: Peers, { query, body }: Built): Case {
	const wechat = viaWechat(peers, query);
	const co = viaCoWechat(peers, query);
	const easy = viaEasyWechat(peers, query);
	const reply = { MsgType: 'text' as const, Content: REPLY };
	return {
		name: `Open a push of ${(body.length / 1024).toFixed(1)} KB and answer it`,
		works: {
			'this pack': () =>
				encryptReply(reply, openPush({ query, body }, secrets, NOW), secrets, NOW).body,
			wechat: () => wechat({ rawBody: body }, REPLY),
			'co-wechat': async () => (await co(body, true)).answer,
			'node-easywechat': async () => (await easy(body, true)).answer,
		},
		isRight: isSealedReply,
		without: { 'nest-wechat': 'it writes no answers' },
	};
}

/** As WeChat's samples have it. */
const inCdata = (tree: Fields) =>
	Object.fromEntries(
		Object.entries(tree).map(([name, value]) => [
			name,
			typeof value === 'string' ? { __cdata: value } : value,
		]),
	);

const signatureOf = (...parts: string[]) =>
	createHash('sha1')
		.update([token, ...parts].sort().join(''))
		.digest('hex');

function isSealedReply(result: unknown): boolean {
	const cut = (name: string) =>
		new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(
			String(result),
		)?.[1] ?? '';
	const encrypted = cut('Encrypt');
	return (
		decrypt(key, encrypted)?.message.includes(REPLY) === true &&
		cut('MsgSignature') === signatureOf(cut('TimeStamp'), cut('Nonce'), encrypted)
	);
}

/** It answers on the response of Express; without a reply the message comes back. */
function viaWechat(peers: Peers, query: Fields) {
	let result: unknown;
	const middleware = peers.wechat(config, (request, response) => {
		if (request.reply) (response.reply as (text: unknown) => void)(request.reply);
		else result = request.weixin;
	});
	const failed = (error: Error) => {
		throw error;
	};
	return (request: Fields, reply?: string) => {
		const response = { writeHead() {}, end: (body: unknown) => (result = body) };
		const sealing = request.weixin !== undefined;
		middleware(
			{ ...request, method: 'POST', query, reply: sealing ? REPLY : reply },
			response,
			failed,
		);
		return result;
	};
}

function viaCoWechat(peers: Peers, query: Fields) {
	let opened: Fields = {};
	const handle = (reply: string) =>
		peers.coWechat(config).middleware(async (given) => {
			opened = given;
			return reply;
		});
	const [silent, talking] = [handle(''), handle(REPLY)];
	return async (body: Buffer, answer: boolean) => {
		const context: Fields = { method: 'POST', query, request: { body: body.toString() } };
		await (answer ? talking : silent)(context);
		return { message: opened, answer: context.body };
	};
}

const easyConfig = { app_id: APP_ID, secret: 's', token, aes_key: encodingAESKey };

function viaEasyWechat({ easy }: Peers, query: Record<string, string>) {
	const app = new easy.OfficialAccount(easyConfig);
	const url = `/?${new URLSearchParams(query).toString()}`;
	return async (body: Buffer, answer: boolean) => {
		let opened: Fields = {};
		app.setRequest(new easy.ServerRequest('POST', url, {}, body));
		// A server keeps one more decryption for each push.
		app.setServer(null);
		const server = app.getServer();
		server.withHandler(async (given) => {
			opened = given;
			return answer ? REPLY : undefined;
		});
		const response = await server.serve();
		return { message: opened, answer: response.getBody().toString() };
	};
}

async function report({ name, works, isRight, without }: Case): Promise<void> {
	for (const [who, work] of Object.entries(works))
		if (!isRight(await work())) throw new Error(`${name}: ${who} returns something else`);
	const { 'this pack': ours, ...others } = await rounds(works);
	say(`\n${name}: ${median(ours).toFixed(1)} µs`);
	for (const [who, times] of Object.entries(others)) {
		const { median: middle, low, high } = ratioOf(ours, times);
		const worst = Math.max(...times.map((time, turn) => ours[turn] / time));
		say(
			`  ${who.padEnd(34)}${`${median(times).toFixed(1)} µs`.padStart(12)}${`${middle.toFixed(2)} x`.padStart(10)}  (${low.toFixed(2)} to ${high.toFixed(2)}, at most ${worst.toFixed(2)})`,
		);
	}
	for (const [who, why] of Object.entries(without)) say(`  without ${who}: ${why}`);
}

const PUSH = 'dist/nodes/push';

/** Cold, each in a process of its own: for the first push, and for the encryption alone. */
function reportLoads(): void {
	const from = (name: string) => [join(FOLDER, 'node_modules', name)];
	const ours = (...names: string[]) => names.map((name) => join(__dirname, '../..', PUSH, name));
	const loads = measureLoads(
		{
			'this pack: open and seal': ours('openPush', 'reply'),
			wechat: from('wechat'),
			'co-wechat': from('co-wechat'),
			'node-easywechat': from('node-easywechat'),
			'nest-wechat (with Nest)': [...from('reflect-metadata'), ...from('nest-wechat')],
			'this pack: cipher': ours('cipher'),
			'wechat-crypto': from('wechat-crypto'),
			'@wecom/crypto': from('@wecom/crypto'),
		},
		15,
	);
	say('\nCold load: time, memory');
	for (const [who, { ms, mb }] of Object.entries(loads))
		say(
			`  ${who.padEnd(34)}${`${ms.toFixed(1)} ms`.padStart(12)}${`${mb.toFixed(2)} MB`.padStart(10)}`,
		);
}

export async function benchPeers(): Promise<void> {
	const peers = loadPeers();
	const [small, large] = [pushOf(265), pushOf(10_500)];
	say('CPU time, medians of 21 rounds in turn. Ratio: this pack to the other, below 1 is faster;');
	say('in brackets the middle half of the rounds, and the worst.');
	await report(opening(peers, small));
	await report(opening(peers, large));
	await report(decrypting(peers, small));
	await report(decrypting(peers, large));
	await report(sealing(peers, small));
	await report(encrypting(peers));
	await report(answering(peers, small));
	reportLoads();
}
