import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccountClient } from '../../nodes/api/accountClient';
import type { Client } from '../../nodes/api/apiClient';
import { API_HOSTS } from '../../nodes/api/apiHosts';
import type { App } from '../../nodes/api/app';
import { startTicketPush } from '../../nodes/api/componentToken';
import { createServices, type Services } from '../../nodes/api/services';
import { ConnectionError } from '../../nodes/base/connectionError';
import { createHttp, type Http } from '../../nodes/base/http';
import { createTestClock } from '../support/clock';
import { emptyStore } from '../support/emptyStore';

const app: App = { appId: 'wx1', appSecret: 'very-secret', baseUrl: '' };
const [FIRST, SECOND, THIRD] = API_HOSTS;
const READ = { method: 'GET', path: '/cgi-bin/tags/get' } as const;
const WRITE = { path: '/cgi-bin/tags/create', body: {} };
const TOKEN = { access_token: 'T', expires_in: 7200 };

const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];
const SENT = ['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'CALL_TIMEOUT'];

interface Failing {
	code: string;
	/** How long it takes. */
	ms?: number;
	isOfProxy?: boolean;
}

/** A network in which hosts fail, and the paths that were sent, with their hosts. Tokens never fail. */
function createNetwork(failing: Record<string, Failing> = {}) {
	const clock = createTestClock();
	const sent: string[] = [];
	const answer = (body: object) => ({
		status: 200,
		contentType: '',
		disposition: '',
		body: Buffer.from(JSON.stringify(body)),
	});
	const http: Http = async ({ url, peer }) => {
		const { host, pathname: path } = url;
		if (path === '/cgi-bin/stable_token') return answer(TOKEN);
		sent.push(host);
		const { code, ms = 0, isOfProxy } = failing[host] ?? {};
		clock.turn(ms);
		if (!code) return answer({ errcode: 0 });
		throw new ConnectionError({ peer, reason: `${host} failed`, code, path, isOfProxy });
	};
	const sleep = async () => {};
	const services = createServices({ clock: { ...clock, sleep }, http });
	const open = (changes: Partial<App> = {}) =>
		createAccountClient({ ...app, ...changes }, emptyStore, services);
	/** The hosts that a call went to. */
	const follow = async (call: Parameters<Client['send']>[0] = READ, client = open()) => {
		sent.length = 0;
		const error = await client.send(call).then(
			() => undefined,
			(problem: Error) => problem,
		);
		return { hosts: [...sent], error };
	};
	return { clock, failing, open, follow, services, sent };
}

test.each(UNSENT)('a write that did not leave (%s) goes to the next host', async (code) => {
	const { follow } = createNetwork({ [FIRST]: { code } });
	expect(await follow(WRITE)).toEqual({ hosts: [FIRST, SECOND], error: undefined });
});

test.each(SENT)('a write that may have arrived (%s) goes to no other host', async (code) => {
	const { follow } = createNetwork({ [FIRST]: { code } });
	// Also when the host counts as down by then.
	for (let call = 0; call < 3; call++) {
		const { hosts, error } = await follow(WRITE);
		expect(hosts).toHaveLength(1);
		if (hosts[0] === FIRST) expect(error?.message).toContain('may have been carried out');
	}
});

test('a write that was lost at the second host is not sent to a third', async () => {
	const { follow } = createNetwork({
		[FIRST]: { code: 'ECONNREFUSED' },
		[SECOND]: { code: 'ECONNRESET' },
	});
	const { hosts, error } = await follow(WRITE);
	expect(hosts).toEqual([FIRST, SECOND]);
	expect(error?.message).toMatch(
		/api2.* failed.*Tried before: api\.weixin\.qq\.com \(ECONNREFUSED\)/,
	);
	expect(error?.message).toContain('may have been carried out');
});

test('a read whose connection breaks twice goes to the next host', async () => {
	const { follow } = createNetwork({ [FIRST]: { code: 'ECONNRESET' } });
	expect(await follow()).toEqual({ hosts: [FIRST, FIRST, SECOND], error: undefined });
});

test('one broken connection does not make a host down', async () => {
	const { follow, failing } = createNetwork({ [FIRST]: { code: 'ECONNRESET' } });
	await follow(WRITE);
	delete failing[FIRST];
	for (let call = 0; call < 2; call++) expect((await follow()).hosts).toEqual([FIRST]);
	// It answered since: what breaks now is the first in a row again.
	failing[FIRST] = { code: 'ECONNRESET' };
	expect((await follow()).hosts).toEqual([FIRST, FIRST, SECOND]);
});

test('an answer that no server of WeChat gave is not a host that is down', async () => {
	const { follow } = createNetwork({ [FIRST]: { code: 'UND_ERR_ABORTED', isOfProxy: true } });
	expect((await follow()).hosts).toEqual([FIRST]);
	expect((await follow()).hosts).toEqual([FIRST]);
});

test('a host that failed comes last for a minute, then first again', async () => {
	const { follow, failing, clock } = createNetwork({ [FIRST]: { code: 'ECONNREFUSED' } });
	await follow();
	expect((await follow()).hosts).toEqual([SECOND]);
	clock.turn(59_999);
	expect((await follow()).hosts).toEqual([SECOND]);
	clock.turn(1);
	expect((await follow()).hosts).toEqual([FIRST, SECOND]);
	clock.turn(60_000);
	delete failing[FIRST];
	expect((await follow()).hosts).toEqual([FIRST]);
	expect((await follow()).hosts).toEqual([FIRST]);
});

test('when a host is tried again, one call does so, and the others go on', async () => {
	const { open, failing, clock, services } = createNetwork({ [FIRST]: { code: 'ECONNREFUSED' } });
	const client = open();
	await client.send(READ);
	delete failing[FIRST];
	clock.turn(60_000);
	const { http } = services;
	const hosts: string[] = [];
	let release = () => {};
	const held = new Promise<void>((done) => (release = done));
	services.http = async (request) => {
		hosts.push(request.url.host);
		if (request.url.host === FIRST) await held;
		return await http(request);
	};
	const calls = Array.from({ length: 20 }, async () => await client.send(READ));
	await Promise.all(calls.slice(1));
	expect(hosts.filter((host) => host === FIRST)).toHaveLength(1);
	release();
	await calls[0];
});

test('a clock that was set back keeps no host down', async () => {
	const { follow, clock } = createNetwork({ [FIRST]: { code: 'ECONNREFUSED' } });
	await follow();
	clock.turn(-3_600_000);
	expect((await follow()).hosts).toEqual([FIRST, SECOND]);
});

test('hosts that fail slowly make a call no longer than two of them', async () => {
	const slow = { code: 'UND_ERR_CONNECT_TIMEOUT', ms: 10_000 };
	const { follow } = createNetwork(Object.fromEntries(API_HOSTS.map((host) => [host, slow])));
	expect((await follow()).hosts).toEqual([FIRST, SECOND]);
	expect((await follow()).hosts).toEqual(API_HOSTS.slice(2, 4));
});

test('when no host can be reached, the error names all of them', async () => {
	const code = 'ENOTFOUND';
	const { follow } = createNetwork(Object.fromEntries(API_HOSTS.map((host) => [host, { code }])));
	const { hosts, error } = await follow(WRITE);
	expect(hosts).toEqual(API_HOSTS);
	for (const host of API_HOSTS) expect(error?.message).toContain(host);
	expect(error?.message).not.toMatch(/very-secret|access_token|\/cgi-bin/);
	expect(error).toMatchObject({ isUnsent: true, mayHaveArrived: false });
});

test.each<[string, Partial<App>, string]>([
	['switched off', { usesOtherHosts: false }, FIRST],
	['of a relay', { baseUrl: 'https://relay.example.com' }, 'relay.example.com'],
	['another host of WeChat', { baseUrl: `https://${THIRD}` }, THIRD],
])('no other host is tried: %s', async (_, changes, host) => {
	const { follow, open } = createNetwork({ [host]: { code: 'ECONNREFUSED' } });
	expect((await follow(WRITE, open(changes))).hosts).toEqual([host]);
	expect((await follow(WRITE, open(changes))).hosts).toEqual([host]);
});

test('mp.weixin.qq.com has no other host', async () => {
	const host = 'mp.weixin.qq.com';
	const { follow } = createNetwork({ [host]: { code: 'ECONNREFUSED' } });
	expect((await follow({ ...READ, host: 'mp' })).hosts).toEqual([host]);
});

test('what one proxy does not reach says nothing about another way', async () => {
	const { follow, open, failing } = createNetwork({ [FIRST]: { code: 'EHOSTUNREACH' } });
	await follow(READ, open({ proxyUrl: 'http://one.example.com' }));
	delete failing[FIRST];
	expect((await follow(READ, open())).hosts).toEqual([FIRST]);
	expect((await follow(READ, open({ proxyUrl: 'http://one.example.com' }))).hosts).toEqual([
		SECOND,
	]);
});

test.each<[string, (services: Services) => Promise<unknown>]>([
	[
		'of an account',
		async (services) => await createAccountClient(app, emptyStore, services).send(READ),
	],
	[
		'of a mobile app',
		async (services) =>
			await createAccountClient({ ...app, kind: 'mobileApp' }, emptyStore, services).send(READ),
	],
	['for a ticket push', async (services) => await startTicketPush(app, services)],
])('the call with the secret %s goes to the next host', async (_, call) => {
	const sent: string[] = [];
	const http: Http = async ({ url, peer }) => {
		sent.push(`${url.protocol}//${url.host}`);
		if (url.host === FIRST)
			throw new ConnectionError({ peer, reason: 'down', code: 'ECONNREFUSED', path: '/' });
		const body = Buffer.from(JSON.stringify(TOKEN));
		return { status: 200, contentType: '', disposition: '', body };
	};
	await call(createServices({ http }));
	expect(sent.slice(0, 2)).toEqual([`https://${FIRST}`, `https://${SECOND}`]);
});

describe('behind a real proxy', () => {
	let proxy: Server;
	let status = 502;
	let asked: string[] = [];
	const proxyUrl = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

	beforeAll(async () => {
		proxy = createServer().on('connect', ({ url = '' }, socket) => {
			asked.push(url);
			if (status !== 200) socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
			// No TLS: nobody sees the request.
			else socket.end('HTTP/1.1 200 OK\r\n\r\nthis is no server of WeChat\r\n');
		});
		await new Promise<void>((done) => void proxy.listen(0, '127.0.0.1', done));
	});
	beforeEach(() => void (asked = []));
	afterAll(() => {
		proxy.close();
		proxy.closeAllConnections();
	});

	async function startPush(changes: Partial<App>) {
		const services = createServices({ http: createHttp() });
		return await startTicketPush({ ...app, ...changes }, services).then(
			() => '',
			(error: Error) => error.message,
		);
	}

	test.each([502, 503, 504, 200])(
		'a server that it does not reach (%i) has others',
		async (one) => {
			status = one;
			await startPush({ proxyUrl: proxyUrl() });
			expect(asked).toEqual(API_HOSTS.map((host) => `${host}:443`));
		},
	);

	test.each([403, 407, 429])('its own refusal (%i) is no reason for another host', async (one) => {
		status = one;
		expect(await startPush({ proxyUrl: proxyUrl() })).toContain(`HTTP ${one}`);
		expect(asked).toEqual([`${FIRST}:443`]);
	});

	test('a proxy that is down is no reason either', async () => {
		const message = await startPush({ proxyUrl: 'http://127.0.0.1:9' });
		expect(message).toContain('ECONNREFUSED');
		expect(message).not.toContain('Tried before');
	});
});
