import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import undici from 'undici';
import { sendHttp } from '../../nodes/base/http';
import { ConnectionError } from '../../nodes/base/connectionError';

const peer = { name: 'the server', hint: 'Check its address.' };

const address = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const listen = async (server: Server) =>
	await new Promise<Server>((done) => void server.listen(0, '127.0.0.1', () => done(server)));

let server: Server;
let proxy: Server;
let tunnels: string[] = [];
let types: Array<string | undefined> = [];

beforeAll(async () => {
	server = await listen(
		createServer((request, response) => {
			types.push(request.headers['content-type']);
			if (request.url?.startsWith('/large')) {
				response.writeHead(200);
				const piece = Buffer.alloc(2 ** 20);
				for (let count = 0; count < 33; count++) response.write(piece);
				return response.end();
			}
			if (request.url?.startsWith('/cut')) {
				response.writeHead(200, { 'content-length': 100 });
				response.write('half', () => request.destroy());
				return;
			}
			response.writeHead(302, { location: 'http://127.0.0.1:9/', 'content-type': 'text/plain' });
			response.end('moved');
		}),
	);
	// Idle connections stay: what ends is ended by us.
	server.keepAliveTimeout = 600_000;
	proxy = await listen(createServer());
	proxy.on('connect', ({ url = '' }, socket) => {
		tunnels.push(url);
		const [host, port] = url.split(':');
		const onward = connect(Number(port), host, () => {
			socket.write('HTTP/1.1 200 OK\r\n\r\n');
			onward.pipe(socket).pipe(onward);
		});
	});
});
beforeEach(() => void ([tunnels, types] = [[], []]));
afterEach(() => jest.restoreAllMocks());
afterAll(() => {
	for (const one of [server, proxy]) {
		one.close();
		one.closeAllConnections();
	}
});

const get = async (path = '/', proxyUrl = '') =>
	await sendHttp({
		peer,
		method: 'GET',
		url: new URL(`http://${address(server)}${path}?access_token=SECRET`),
		proxyUrl,
	});

test('any status is an answer, and redirects are not followed', async () => {
	const { status, contentType, body } = await get();
	expect([status, contentType, body.toString()]).toEqual([302, 'text/plain', 'moved']);
});

test('a proxy is used when there is one', async () => {
	await get();
	expect(tunnels).toEqual([]);
	await get('/', `http://${address(proxy)}`);
	expect(tunnels).toEqual([address(server)]);
});

test.each([
	['/large', 'UND_ERR_RES_EXCEEDED_MAX_SIZE', 'sent more than 32 MB'],
	['/cut', 'UND_ERR_SOCKET', 'closed the connection'],
])('%s is an error that names the host and nothing secret', async (path, code, reason) => {
	const error = await get(path).catch((caught: unknown) => caught as ConnectionError);
	expect(error).toBeInstanceOf(ConnectionError);
	expect(error).toMatchObject({ code, path });
	expect((error as ConnectionError).message).toContain(`${address(server)} ${reason}`);
	expect(JSON.stringify(error)).not.toContain('SECRET');
});

test('headers that do not come are empty', async () => {
	expect((await get()).disposition).toBe('');
});

test('the type of a body is sent with it', async () => {
	const url = new URL(`http://${address(server)}/`);
	await sendHttp({ peer, method: 'POST', url, body: '{}', contentType: 'application/json' });
	await sendHttp({ peer, method: 'GET', url });
	expect(types).toEqual(['application/json', undefined]);
});

test('proxies keep their connections, the last 16 of them', async () => {
	const proxies = Array.from({ length: 20 }, (_, id) => `http://user${id}@${address(proxy)}`);
	const open = async () =>
		await new Promise((done) => proxy.getConnections((_, count) => done(count)));
	for (let round = 0; round < 2; round++)
		for (const proxyUrl of proxies.slice(0, 4)) await get('/', proxyUrl);
	expect(tunnels).toHaveLength(4);
	for (const proxyUrl of proxies) await get('/', proxyUrl);
	// The proxy hears a moment later of those that were closed.
	while ((await open()) !== 16) await new Promise((done) => setTimeout(done, 10));
	await get('/', proxies[4]);
	expect(tunnels).toHaveLength(20);
});

test('the pool that is used most is kept, however many others come', async () => {
	const opened: unknown[] = [];
	server.on('connection', (socket) => opened.push(socket));
	await get();
	const before = opened.length;
	for (let id = 0; id < 40; id++) {
		await get('/', `http://busy${id}@${address(proxy)}`);
		await get();
	}
	// Each tunnel ends at the server as well.
	expect(opened.length - before).toBe(40);
});

test('without a proxy of its own, that of the environment is used', async () => {
	jest.replaceProperty(process, 'env', { HTTP_PROXY: `http://${address(proxy)}` });
	await jest.isolateModulesAsync(async () => {
		const fresh = await import('../../nodes/base/http');
		await fresh.sendHttp({ peer, method: 'GET', url: new URL(`http://${address(server)}/`) });
	});
	expect(tunnels).toEqual([address(server)]);
});

describe('a connection that fails', () => {
	const url = new URL('https://api.weixin.qq.com/x?access_token=SECRET');

	test.each([
		['ENOTFOUND', 'the host api.weixin.qq.com is unknown'],
		['ECONNRESET', 'api.weixin.qq.com closed the connection'],
		['UND_ERR_CONNECT_TIMEOUT', 'did not accept a connection within 10 seconds'],
		['UND_ERR_HEADERS_TIMEOUT', 'did not answer within 30 seconds'],
		['UND_ERR_BODY_TIMEOUT', 'stopped in the middle of its answer'],
		['EPIPE', 'the connection to api.weixin.qq.com failed'],
		[undefined, 'the connection to api.weixin.qq.com failed'],
	])('with %s has its own sentence', async (code, sentence) => {
		const request = jest
			.spyOn(undici, 'request')
			.mockRejectedValueOnce(Object.assign(new Error('SECRET'), { code }));
		const error = await sendHttp({ peer, method: 'GET', url }).catch(
			(caught: ConnectionError) => caught,
		);
		expect(error).toMatchObject({ code: code ?? 'no answer', path: '/x' });
		expect((error as ConnectionError).message).toContain(sentence);
		expect((error as ConnectionError).message).not.toContain('SECRET');
		const limits = { headersTimeout: 30_000, bodyTimeout: 30_000 };
		expect(request).toHaveBeenCalledWith(url, expect.objectContaining(limits));
	});
});

test('calls that begin together share one pool of 32 connections', async () => {
	const proxyUrl = `http://together@${address(proxy)}`;
	await Promise.all(Array.from({ length: 40 }, async () => await get('/', proxyUrl)));
	expect(tunnels.length).toBeLessThanOrEqual(32);
});
