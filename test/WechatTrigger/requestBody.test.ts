import { createServer, request as connect, type ClientRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { MAX_PUSH_BYTES } from '../../nodes/push/openPush';
import { PushRejected } from '../../nodes/push/pushRejected';
import { readBody, type Request } from '../../nodes/WechatTrigger/requestBody';
import type { Response } from '../../nodes/n8n/webhookResponse';
import { createTestClock } from '../support/clock';
import { fakeResponse } from '../support/webhook';

const clock = createTestClock();

/** As much of a request as is looked at, and of the response to it. */
function requestOf(stream: Readable, headers: Record<string, string> = {}, rawBody?: Buffer) {
	const request: unknown = Object.assign(stream, { headers, rawBody });
	const response = fakeResponse();
	return {
		response,
		reading: readBody(request as Request, response as unknown as Response, clock),
	};
}
const piece = Buffer.alloc(16 * 1024, 'x');

test('the exact bytes are read', async () => {
	const { reading } = requestOf(Readable.from([Buffer.from('<xml>你'), Buffer.from('</xml>')]));
	expect(String(await reading)).toBe('<xml>你</xml>');
});

test('what n8n has read already is not read again', async () => {
	const rawBody = Buffer.from('x');
	const unread = new PassThrough();
	expect(await requestOf(unread, {}, rawBody).reading).toBe(rawBody);
	expect(unread.readableFlowing).toBeNull();
});

test('the body may be missing', async () => {
	expect(await requestOf(Readable.from([])).reading).toHaveLength(0);
});

test('it may be as large as WeChat sends', async () => {
	const headers = { 'content-length': String(MAX_PUSH_BYTES) };
	const pieces = Array.from({ length: MAX_PUSH_BYTES / piece.length }, () => piece);
	const { reading, response } = requestOf(Readable.from(pieces), headers);
	expect(await reading).toHaveLength(MAX_PUSH_BYTES);
	expect(response.headers.get('connection')).toBeUndefined();
});

test('of a body that says it is larger nothing is read', async () => {
	const unread = new PassThrough();
	const headers = { 'content-length': String(MAX_PUSH_BYTES + 1) };
	const { reading, response } = requestOf(unread, headers);
	await expect(reading).rejects.toMatchObject({ name: 'PushRejected', status: 400 });
	expect(unread.readableFlowing).toBeNull();
	expect(response.headers.get('connection')).toBe('close');
});

test.each<Record<string, string>>([{}, { 'content-length': '5' }])(
	'of a body that is larger, whatever it says (%j), no more is read than a push may have',
	async (headers) => {
		let made = 0;
		const endless = new Readable({
			read() {
				made += piece.length;
				this.push(piece);
			},
		});
		const { reading, response } = requestOf(endless, headers);
		await expect(reading).rejects.toThrow('larger than anything that WeChat sends');
		expect(made).toBeLessThan(MAX_PUSH_BYTES + 10 * piece.length);
		expect(response.headers.get('connection')).toBe('close');
	},
);

test('a body that is compressed is not unpacked', async () => {
	const { reading } = requestOf(Readable.from([gzipSync('<xml></xml>')]), {
		'content-encoding': 'gzip',
	});
	await expect(reading).rejects.toMatchObject({ name: 'PushRejected', status: 400 });
});

test('a body that says it is not compressed is read', async () => {
	const headers = { 'content-encoding': 'identity' };
	expect(String(await requestOf(Readable.from([Buffer.from('x')]), headers).reading)).toBe('x');
});

test('a body that breaks off is a bad push', async () => {
	const stream = new PassThrough();
	const { reading } = requestOf(stream);
	stream.write('<xml>');
	stream.destroy(new Error('aborted'));
	await expect(reading).rejects.toMatchObject({
		name: 'PushRejected',
		status: 400,
		message: expect.stringContaining('aborted') as string,
	});
});

test("what happens to a connection after its body was refused is nobody's business", async () => {
	const stream = new PassThrough();
	const { reading, response } = requestOf(stream);
	stream.write(Buffer.alloc(MAX_PUSH_BYTES + 1));
	await expect(reading).rejects.toThrow('larger');
	// As Node.js does when the headers are gone.
	response.setHeader = () => {
		throw new Error('ERR_HTTP_HEADERS_SENT');
	};
	const closed = new Promise((resolve) => stream.once('close', resolve));
	stream.destroy(new Error('reset'));
	await closed;
	clock.turn(5000);
});

test('so is one whose connection is closed before its end', async () => {
	const stream = new PassThrough();
	const { reading } = requestOf(stream);
	stream.destroy();
	await expect(reading).rejects.toThrow('breaks off');
});

test('one that comes in drops is refused after five seconds, when WeChat would have hung up', async () => {
	const stream = new PassThrough();
	const { reading } = requestOf(stream);
	for (let second = 0; second < 5; second++) {
		stream.write('x');
		clock.turn(1000);
	}
	await expect(reading).rejects.toThrow('within five seconds');
});

describe('of a real request', () => {
	let server: Server;
	let reason: PushRejected | undefined;
	beforeEach(async () => {
		server = createServer((request, response) => {
			readBody(request, response, clock).then(
				(body) => response.end(String(body.length)),
				(error: PushRejected) => {
					reason = error;
					response.statusCode = error.status;
					response.end();
				},
			);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	});
	afterEach(() => {
		server.closeAllConnections();
		server.close();
	});
	const send = (headers: Record<string, string>): ClientRequest =>
		connect({
			host: '127.0.0.1',
			port: (server.address() as AddressInfo).port,
			method: 'POST',
			headers,
		});

	test('in chunks without end, the answer comes while the rest is on its way', async () => {
		const request = send({});
		const answered = new Promise<number | undefined>((resolve, reject) => {
			request.once('response', (response) => resolve(response.statusCode));
			request.once('error', reject);
		});
		for (let sent = 0; sent <= MAX_PUSH_BYTES; sent += piece.length) request.write(piece);
		expect(await answered).toBe(400);
		expect(reason).toBeInstanceOf(PushRejected);
		await new Promise((resolve) => request.once('close', resolve));
	});
});
