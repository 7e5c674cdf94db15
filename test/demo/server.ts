import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Simulator } from '../simulator';
import type { BotServer } from '../simulator/bot';
import type { PayV3Server } from '../simulator/payV3';
import { parseJson, printJson } from '../simulator/http/json';
import { PageBackend } from './pageBackend';
import { Refusal } from './refusal';

/** A chat page like a phone's, served on 127.0.0.1. */
export interface DemoPage {
	url: string;
	/** Enters a trigger's production URL as the page does; throws a Refusal when WeChat does not take it. */
	connect(account: 'own' | 'platform', url: string): Promise<void>;
	/** Says on which page of n8n the bot of a person is logged in. */
	showLoginLink(link: string): void;
	/** Enters the production URL of a WeChat Pay Trigger, to which payments of the visitor are told. */
	connectPayments(url: string): void;
	/** Says which webhook starts the workflow that publishes an article; what it publishes is shown. */
	connectArticles(url: string): void;
	close(): Promise<void>;
}

const FILES: Record<string, { name: string; type: string }> = {
	'/': { name: 'index.html', type: 'text/html' },
	'/style.css': { name: 'style.css', type: 'text/css' },
	'/sample.png': { name: 'sample.png', type: 'image/png' },
	...Object.fromEntries(
		['page', 'chat', 'inspector', 'element', 'texts'].map((name) => [
			`/${name}.js`,
			{ name: `${name}.js`, type: 'text/javascript' },
		]),
	),
};

const HEADERS = {
	// Pictures come from the simulator, and from wherever a news card says.
	'content-security-policy':
		"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: http: https:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
	'cache-control': 'no-store',
};

/** An article is what somebody wrote: it has its own looks and pictures, and nothing in it runs. */
const ARTICLE_HEADERS = {
	...HEADERS,
	'content-security-policy':
		"default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
};

/** A picture of WeChat's has at most 10 MB. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * `port` 0 lets the system choose. With a server of bots there is the phone of a person who has one, with one of WeChat
 * Pay the visitor can pay.
 */
export async function startDemoPage(
	simulator: Simulator,
	{ port = 0, ...servers }: { port?: number; bots?: BotServer; pay?: PayV3Server } = {},
): Promise<DemoPage> {
	const backend = new PageBackend(simulator, servers);
	const server = createServer((request, response) => {
		serve(request, response, backend).catch((error: Error) => fail(response, error));
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		connect: (account, url) => backend.connect(account, url),
		showLoginLink: (link) => backend.showLoginLink(link),
		connectPayments: (url) => backend.connectPayments(url),
		connectArticles: (url) => backend.connectArticles(url),
		close: () => {
			backend.close();
			return new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
		},
	};
}

async function serve(
	request: IncomingMessage,
	response: ServerResponse,
	backend: PageBackend,
): Promise<void> {
	const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
	if (!isOurs(request)) return answer(response, 403);
	if (request.method === 'GET' && pathname === '/demo/events') return stream(response, backend);
	const [, article] = /^\/demo\/articles\/(\d+)$/.exec(pathname) ?? [];
	if (request.method === 'GET' && article !== undefined) {
		const html = backend.readArticle(article);
		if (html === undefined) return answer(response, 404);
		response.writeHead(200, { ...ARTICLE_HEADERS, 'content-type': 'text/html; charset=utf-8' });
		return void response.end(html);
	}
	if (request.method === 'GET' && Object.hasOwn(FILES, pathname)) {
		const { name, type } = FILES[pathname];
		const content = readFileSync(join(__dirname, 'page', name));
		return answer(
			response,
			200,
			content,
			type.startsWith('text/') ? `${type}; charset=utf-8` : type,
		);
	}
	if (request.method !== 'POST' || !pathname.startsWith('/demo/')) return answer(response, 404);
	const [, , account, action] = pathname.split('/');
	const body = await read(request);
	if (account === 'release-test') backend.releaseTest(inputOf(request, body).pair);
	else if (action === 'connect') await backend.connect(account, inputOf(request, body).url);
	else if (account === 'own' && action === 'publish') await backend.publish();
	else if (action === 'picture') backend.sendPicture(account, searchParams.get('name') ?? '', body);
	else backend.act(account, action ?? '', inputOf(request, body));
	answer(response, 200, '{}', 'application/json');
}

/**
 * Other pages that are open in the same browser cannot use this one: their address is in Origin, and a name of
 * theirs that leads to 127.0.0.1 is in Host.
 */
function isOurs({ headers: { host = '', origin } }: IncomingMessage): boolean {
	const isLoopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
	return isLoopback && (origin === undefined || origin === `http://${host}`);
}

/** Events as the browser's EventSource reads them: each an item of the feed as JSON. */
function stream(response: ServerResponse, { feed }: PageBackend): void {
	response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
	const stop = feed.read((item) => void response.write(`data: ${printJson(item)}\n\n`));
	response.write('event: ready\ndata: {}\n\n');
	response.on('close', stop);
}

function inputOf({ headers }: IncomingMessage, body: Buffer): Record<string, unknown> {
	if (headers['content-type'] !== 'application/json') throw new Refusal('noJson');
	try {
		return (parseJson(body.toString()) ?? {}) as Record<string, unknown>;
	} catch {
		throw new Refusal('noJson');
	}
}

async function read(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size <= MAX_BYTES) chunks.push(chunk);
	}
	if (size > MAX_BYTES) throw new Refusal('tooLarge');
	return Buffer.concat(chunks);
}

function fail(response: ServerResponse, error: Error): void {
	const isRefusal = error instanceof Refusal;
	const { code, detail } = isRefusal ? error : { code: 'failed', detail: error.message };
	answer(response, isRefusal ? 400 : 500, printJson({ code, detail }), 'application/json');
}

function answer(
	response: ServerResponse,
	status: number,
	content: string | Buffer = '',
	type = 'text/plain',
): void {
	response.writeHead(status, { ...HEADERS, 'content-type': type });
	response.end(content);
}
