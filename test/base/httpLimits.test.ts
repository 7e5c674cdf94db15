import { createServer } from 'node:http';
import {
	connect,
	createServer as createSocketServer,
	getDefaultAutoSelectFamily,
	setDefaultAutoSelectFamily,
	type AddressInfo,
	type Socket,
} from 'node:net';
import { createHttp, type HttpRequest } from '../../nodes/base/http';
import { ConnectionError } from '../../nodes/base/connectionError';
import { createTestClock } from '../support/clock';

const peer = { name: 'the server', hint: 'Check its address.' };
const MB = 2 ** 20;

/** Opens a server of raw sockets; what it does to a connection is up to the test. */
const closers: Array<() => void> = [];
afterEach(() => closers.splice(0).forEach((close) => close()));
async function serve(work: (socket: Socket) => void): Promise<{ port: number; sockets: Socket[] }> {
	const sockets: Socket[] = [];
	const server = createSocketServer((socket) => {
		sockets.push(socket.on('error', () => {}));
		work(socket);
	});
	await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
	closers.push(() => {
		server.close();
		for (const socket of sockets) socket.destroy();
	});
	return { port: (server.address() as AddressInfo).port, sockets };
}

/** Begins a call, and turns the clock on once `begun` says how far it got. */
async function callFor(
	ms: number,
	request: Pick<HttpRequest, 'url'> & Partial<HttpRequest>,
	begun: Promise<unknown>,
) {
	const clock = createTestClock();
	const call = createHttp(clock)({ peer, method: 'GET', ...request }).catch(
		(error: unknown) => error as ConnectionError,
	);
	await begun;
	clock.turn(ms);
	return { call, clock };
}

/** A promise, and how to keep it. */
function createSign() {
	let heard = () => {};
	const begun = new Promise<void>((done) => (heard = done));
	return { begun, heard };
}

const isOpen = Symbol('open');
/** What became of a call, once all that was on its way has arrived. */
const outcomeOf = async (call: Promise<unknown>) =>
	await Promise.race([call, new Promise((done) => setImmediate(() => setImmediate(done, isOpen)))]);

describe('a call ends after two minutes', () => {
	/** Each sends something from time to time, which would put off any limit on silence. */
	test.each<[string, string]>([
		['headers', 'HTTP/1.1 200 OK\r\nX-Slow: '],
		['a body of a known length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n'],
		['a body in pieces', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n'],
		['nothing at all', ''],
	])('when %s drips', async (_, beginning) => {
		const { begun, heard } = createSign();
		const { port, sockets } = await serve((socket) =>
			socket.once('data', () => socket.write(beginning || ' ', heard)),
		);
		const url = new URL(`http://127.0.0.1:${port}/slow?access_token=SECRET`);
		const { call, clock } = await callFor(119_999, { url }, begun);
		sockets[0].write(' ');
		expect(await outcomeOf(call)).toBe(isOpen);
		clock.turn(1);
		const error = await call;
		expect(error).toBeInstanceOf(ConnectionError);
		expect(error).toMatchObject({ code: 'CALL_TIMEOUT', isUnsent: false, isInterrupted: false });
		expect((error as ConnectionError).message).toBe(
			`No answer from the server: 127.0.0.1:${port} had not answered in full after 120 seconds (CALL_TIMEOUT)`,
		);
		// The connection goes with it.
		await new Promise((done) => (sockets[0].closed ? done(0) : sockets[0].once('close', done)));
	});

	test('when a server reads a file slowly', async () => {
		const begun = serve((socket) => void socket.once('data', () => socket.pause()));
		const { port, sockets } = await begun;
		const url = new URL(`http://127.0.0.1:${port}/upload`);
		const clock = createTestClock();
		const call = createHttp(clock)({ peer, method: 'POST', url, body: Buffer.alloc(64 * MB) });
		const caught = call.catch((error: unknown) => error);
		while (!sockets[0]?.isPaused()) await new Promise((done) => setImmediate(done));
		clock.turn(120_000);
		expect(await caught).toMatchObject({ code: 'CALL_TIMEOUT', isUnsent: false });
	});

	test('and no sooner: what came in time is an answer, and leaves no timer behind', async () => {
		const server = createServer((_, response) => response.end('in time'));
		await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
		closers.push(() => void server.close().closeAllConnections());
		const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
		const cancelled: number[] = [];
		const clock = createTestClock();
		const later = (ms: number, work: () => void) => {
			const cancel = clock.later(ms, work);
			return () => void (cancelled.push(ms), cancel());
		};
		const { body } = await createHttp({ ...clock, later })({ peer, method: 'GET', url });
		expect(body.toString()).toBe('in time');
		expect(cancelled).toEqual([10_000, 120_000]);
	});
});

describe('before a connection stands', () => {
	test.each<[string, string]>([
		['silent', ''],
		['slow', 'HTTP/1.1 200 OK\r\nX-Slow: '],
	])('a %s proxy is waited for 20 seconds, and nothing was sent', async (_, beginning) => {
		const { begun, heard } = createSign();
		const { port } = await serve((socket) =>
			socket.once('data', () => (beginning ? socket.write(beginning, heard) : heard())),
		);
		const proxyUrl = `http://127.0.0.1:${port}`;
		const url = new URL('https://api.example.com/pay');
		const { call, clock } = await callFor(19_999, { url, proxyUrl }, begun);
		expect(await outcomeOf(call)).toBe(isOpen);
		clock.turn(1);
		expect(await call).toMatchObject({
			code: 'TUNNEL_TIMEOUT',
			isUnsent: true,
			reason: 'no connection to api.example.com stood after 20 seconds',
		});
	});

	test('a server that never begins TLS is waited for ten seconds, and nothing was sent', async () => {
		const { begun, heard } = createSign();
		const { port } = await serve((socket) => socket.once('data', heard));
		const url = new URL(`https://127.0.0.1:${port}/`);
		const { call, clock } = await callFor(9_999, { url }, begun);
		expect(await outcomeOf(call)).toBe(isOpen);
		clock.turn(1);
		expect(await call).toMatchObject({
			code: 'UND_ERR_CONNECT_TIMEOUT',
			isUnsent: true,
			reason: `127.0.0.1:${port} did not accept a connection within 10 seconds`,
		});
	});

	test('a connection that comes too late is let go, and nothing goes through it', async () => {
		const { begun, heard } = createSign();
		const { port, sockets } = await serve((socket) => socket.once('data', heard));
		const url = new URL('http://api.example.com/pay');
		const proxyUrl = `http://127.0.0.1:${port}`;
		const { call } = await callFor(20_000, { url, proxyUrl }, begun);
		expect(await call).toMatchObject({ code: 'TUNNEL_TIMEOUT' });
		const sent: string[] = [];
		sockets[0].on('data', (data) => sent.push(data.toString()));
		sockets[0].write('HTTP/1.1 200 OK\r\n\r\n');
		// At once, not when nobody has used it for long: before twenty others have come.
		for (let others = 0; others < 20; others++)
			await new Promise<void>((done) => connect(port, '127.0.0.1', done));
		expect(sockets[0].closed).toBe(true);
		expect(sent).toEqual([]);
	});

	test('a connection that breaks has carried nothing', async () => {
		const { port } = await serve((socket) => socket.once('data', () => socket.destroy()));
		const call = createHttp()({ peer, method: 'POST', url: new URL(`https://127.0.0.1:${port}/`) });
		await expect(call).rejects.toMatchObject({ isUnsent: true });
	});

	test('and after that it may have', async () => {
		const { port } = await serve((socket) => socket.once('data', () => socket.destroy()));
		const call = createHttp()({ peer, method: 'POST', url: new URL(`http://127.0.0.1:${port}/`) });
		await expect(call).rejects.toMatchObject({ isUnsent: false });
	});

	test('what a proxy says in place of a connection is told', async () => {
		const { port } = await serve((socket) =>
			socket.once('data', () => socket.end('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n')),
		);
		const url = new URL('https://api.example.com/');
		const call = createHttp()({ peer, method: 'GET', url, proxyUrl: `http://127.0.0.1:${port}` });
		await expect(call).rejects.toMatchObject({
			isUnsent: true,
			reason: 'the proxy refuses the way to api.example.com with HTTP 407',
		});
	});
});

describe('an answer of more than 32 MB', () => {
	/** Counts what was sent, so that it shows how much was taken. */
	const head = 'HTTP/1.1 200 OK\r\n';
	const piece = Buffer.alloc(MB, 'x');

	test('is refused by its length, unread', async () => {
		const { port } = await serve((socket) =>
			socket.once('data', () => socket.write(`${head}Content-Length: ${32 * MB + 1}\r\n\r\nx`)),
		);
		const call = createHttp()({ peer, method: 'GET', url: new URL(`http://127.0.0.1:${port}/`) });
		await expect(call).rejects.toMatchObject({ code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
	});

	test.each([
		['in pieces', 'Transfer-Encoding: chunked\r\n\r\n', true],
		['of no length, until the connection ends', 'Connection: close\r\n\r\n', false],
	])('%s is left at the limit, and the rest not taken', async (_, header, isChunked) => {
		let sent = 0;
		const { port } = await serve((socket) => {
			const send = (error?: Error | null) => {
				if (error || sent >= 200) return;
				sent++;
				if (isChunked) socket.write(`${MB.toString(16)}\r\n`);
				socket.write(piece);
				socket.write(isChunked ? '\r\n' : '', send);
			};
			socket.once('data', () => socket.write(head + header, send));
		});
		const call = createHttp()({ peer, method: 'GET', url: new URL(`http://127.0.0.1:${port}/`) });
		await expect(call).rejects.toMatchObject({
			code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
			reason: `127.0.0.1:${port} sent more than 32 MB`,
		});
		expect(sent).toBeLessThan(60);
	});

	test('and one of exactly 32 MB is taken', async () => {
		const { port } = await serve((socket) =>
			socket.once('data', () => {
				socket.write(`${head}Content-Length: ${32 * MB}\r\n\r\n`);
				for (let count = 0; count < 32; count++) socket.write(piece);
			}),
		);
		const url = new URL(`http://127.0.0.1:${port}/`);
		expect((await createHttp()({ peer, method: 'GET', url })).body).toHaveLength(32 * MB);
	});
});

describe('a host that was looked up before', () => {
	const hello = (socket: Socket) =>
		socket.on('data', (data) => {
			const host = /^host: (.*)\r$/im.exec(data.toString())?.[1] ?? '';
			socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${host.length}\r\n\r\n${host}`);
		});

	test('is connected to where it was found, under its name', async () => {
		const { port } = await serve(hello);
		const url = new URL(`http://video.example:${port}/film`);
		const addresses = ['127.0.0.1'];
		const { body } = await createHttp()({ peer, method: 'GET', url, addresses });
		expect(body.toString()).toBe(`video.example:${port}`);
	});

	test('is not looked up again, not even localhost', async () => {
		const { port, sockets } = await serve(hello);
		const url = new URL(`http://localhost:${port}/`);
		const call = createHttp()({ peer, method: 'GET', url, addresses: [] });
		await expect(call).rejects.toMatchObject({ code: 'ENOTFOUND', isUnsent: true });
		expect(sockets).toEqual([]);
	});

	// n8n 2.8.4 and 2.41.1 set this in bin/n8n.
	test('is tried at each of its addresses, also where n8n has Node.js take the first only', async () => {
		const before = getDefaultAutoSelectFamily();
		closers.push(() => setDefaultAutoSelectFamily(before));
		setDefaultAutoSelectFamily(false);
		const { port } = await serve(hello);
		const url = new URL(`http://video.example:${port}/`);
		const addresses = ['127.0.0.9', '::1', '127.0.0.1'];
		const { body } = await createHttp()({ peer, method: 'GET', url, addresses });
		expect(body.toString()).toBe(`video.example:${port}`);
		const call = createHttp()({ peer, method: 'GET', url, addresses: addresses.slice(0, 2) });
		await expect(call).rejects.toMatchObject({ code: 'ECONNREFUSED', isUnsent: true });
	});

	test('keeps no connection for the next call', async () => {
		const { port, sockets } = await serve(hello);
		const url = new URL(`http://video.example:${port}/`);
		for (let count = 0; count < 2; count++)
			await createHttp()({ peer, method: 'GET', url, addresses: ['127.0.0.1'] });
		expect(sockets).toHaveLength(2);
	});

	/** A proxy that does what it is told, and remembers it. */
	async function serveProxy() {
		const asked: string[] = [];
		const { port } = await serve((socket) =>
			socket.once('data', (data) => {
				const [, target] = /^CONNECT (\S+)/.exec(data.toString()) ?? [];
				asked.push(target);
				const onward = connect(Number(target.split(':').pop()), '127.0.0.1', () => {
					socket.write('HTTP/1.1 200 OK\r\n\r\n');
					onward.pipe(socket).pipe(onward);
				});
				closers.push(() => onward.destroy());
			}),
		);
		return { asked, proxyUrl: `http://127.0.0.1:${port}` };
	}

	test.each([
		[['203.205.158.81'], '203.205.158.81'],
		[['2402:4e00::1'], '[2402:4e00::1]'],
		[['2402:4e00::1', '203.205.158.81'], '203.205.158.81'],
		// Only the proxy can know it.
		[[], 'video.example'],
	])('at %j is asked of a proxy as %s', async (addresses, target) => {
		const { port } = await serve(hello);
		const { asked, proxyUrl } = await serveProxy();
		const url = new URL(`http://video.example:${port}/`);
		const { body } = await createHttp()({ peer, method: 'GET', url, addresses, proxyUrl });
		expect(asked).toEqual([`${target}:${port}`]);
		expect(body.toString()).toBe(`video.example:${port}`);
	});

	// Its rules, which are often about names, do not show why.
	test.each([
		['video.example', ' at 203.205.158.81'],
		['203.205.158.81', ''],
	])('at an address that a proxy refuses is named with it: %s%s', async (name, told) => {
		const { port } = await serve((socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
		const call = createHttp()({
			peer,
			method: 'GET',
			url: new URL(`https://${name}/`),
			addresses: ['203.205.158.81'],
			proxyUrl: `http://127.0.0.1:${port}`,
		});
		const reason = `the proxy refuses the way to ${name}${told} with HTTP 403`;
		await expect(call).rejects.toMatchObject({ reason, isUnsent: true });
	});
});

test.each([
	'proxy.example.com:3128',
	'user:password@proxy.example.com:3128',
	'ftp://proxy',
	'xhttp://proxy',
	'http:///',
	'http://proxy:99999',
	'x',
])('%s is no address of a proxy', async (proxyUrl) => {
	const url = new URL('http://127.0.0.1:9/');
	await expect(createHttp()({ peer, method: 'GET', url, proxyUrl })).rejects.toThrow(
		'"Proxy URL" is not an address such as http://proxy.example.com:3128',
	);
});

describe('a long poll', () => {
	test('may be silent as long as its signal lets it, and has a connection of its own', async () => {
		const { begun, heard } = createSign();
		const { port, sockets } = await serve((socket) => socket.once('data', heard));
		const url = new URL(`http://127.0.0.1:${port}/poll`);
		const abort = new AbortController();
		const { call } = await callFor(119_999, { url, held: abort.signal }, begun);
		expect(await outcomeOf(call)).toBe(isOpen);
		abort.abort();
		expect(await call).toMatchObject({ code: 'WAIT_ENDED', isUnsent: false });
		await new Promise<void>((done) =>
			sockets[0].destroyed ? done() : sockets[0].once('close', () => done()),
		);
	});

	test('that was called off before it began is not sent', async () => {
		const url = new URL('http://127.0.0.1:1/poll');
		const call = createHttp()({ peer, method: 'GET', url, held: AbortSignal.abort() });
		await expect(call).rejects.toMatchObject({ code: 'WAIT_ENDED' });
	});
});
