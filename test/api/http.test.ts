import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { http } from '../../nodes/api/http';
import { WechatError } from '../../nodes/api/errors';

const address = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const listen = async (server: Server) =>
	await new Promise<Server>((done) => void server.listen(0, '127.0.0.1', () => done(server)));

let server: Server;
let proxy: Server;
let tunnels: string[] = [];

beforeAll(async () => {
	server = await listen(
		createServer((request, response) => {
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
beforeEach(() => (tunnels = []));
afterAll(() => {
	for (const one of [server, proxy]) {
		one.close();
		one.closeAllConnections();
	}
});

const get = async (path = '/', proxyUrl = '') =>
	await http({
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
	const error = await get(path).catch((caught: unknown) => caught as WechatError);
	expect(error).toBeInstanceOf(WechatError);
	expect(error).toMatchObject({ code, path });
	expect((error as WechatError).message).toContain(`${address(server)} ${reason}`);
	expect(JSON.stringify(error)).not.toContain('SECRET');
});
