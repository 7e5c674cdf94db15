import { createServer, type Server } from 'node:https';
import { createServer as createProxy } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { sendHttp, type ClientCertificate } from '../../nodes/base/http';
import { newAuthority } from '../simulator/pay/certificates';

const peer = { name: 'the server', hint: 'Check its address.' };

const authority = newAuthority('Authority');
const ca = authority.ca;
let server: Server;
let connections = 0;
/** Requests that were read. */
let heard = 0;
/** The names that servers were asked for (SNI): by them a shared address chooses its certificate. */
const names: Array<string | false | null> = [];
const tunnels: string[] = [];
const proxy = createProxy();
const portOf = (one: { address(): unknown }) => (one.address() as AddressInfo).port;

beforeAll(async () => {
	const own = authority.issue('wx.example');
	server = createServer({ ...own, ca, requestCert: true }, ({ socket }, response) => {
		heard++;
		names.push((socket as TLSSocket & { servername: string | false | null }).servername);
		const { subject } = (socket as TLSSocket).getPeerCertificate();
		response.end(`hello ${String(subject?.CN)}`);
	});
	server.on('connection', () => connections++);
	proxy.on('connect', ({ url = '' }, socket) => {
		tunnels.push(url);
		const onward = connect(portOf(server), '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 OK\r\n\r\n');
			onward.pipe(socket).pipe(onward);
		});
		onward.on('error', () => socket.destroy());
		socket.on('error', () => onward.destroy());
	});
	for (const one of [server, proxy])
		await new Promise<void>((done) => void one.listen(0, '127.0.0.1', done));
});
afterAll(() => {
	for (const one of [server, proxy]) {
		one.close();
		one.closeAllConnections();
	}
});

const get = async (certificate?: ClientCertificate, proxyUrl = '') => {
	const url = new URL(`https://127.0.0.1:${portOf(server)}/`);
	return (await sendHttp({ peer, method: 'GET', url, certificate, proxyUrl })).body.toString();
};
const a = { ...authority.issue('a'), ca };
const b = { ...authority.issue('b'), ca };

test('the server sees the certificate, and connections are kept for each', async () => {
	const round = async () => [await get(a), await get(b), await get({ ...a })];
	for (let count = 0; count < 3; count++)
		expect(await round()).toEqual(['hello a', 'hello b', 'hello a']);
	const before = connections;
	for (let count = 0; count < 5; count++) await round();
	expect(connections).toBe(before);
});

test('a server behind a proxy sees the certificate, too', async () => {
	expect(await get(a, `http://127.0.0.1:${portOf(proxy)}`)).toBe('hello a');
	expect(tunnels).toEqual([`127.0.0.1:${portOf(server)}`]);
});

test('a server of another authority is not believed', async () => {
	const error = { code: expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED)/) as string };
	await expect(get({ ...a, ca: newAuthority('Another').ca })).rejects.toMatchObject(error);
	await expect(get({ ...a, ca: undefined })).rejects.toMatchObject(error);
	await expect(get()).rejects.toMatchObject(error);
});

test('a server that no authority vouches for is told nothing', async () => {
	await expect(get()).rejects.toThrow(/^No answer from the server: .*(CERT|SIGNATURE|ISSUER)/);
	const other = newAuthority('Other').ca;
	await expect(get({ ...a, ca: other })).rejects.toThrow(/^No answer from the server/);
});

// The proxy could be anybody's: TLS goes through it to the server, and is checked as without it.
test('behind a proxy too, a server that no authority vouches for is told nothing', async () => {
	const proxyUrl = `http://127.0.0.1:${portOf(proxy)}`;
	const error = { code: expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED)/) as string };
	const before = heard;
	await expect(get(undefined, proxyUrl)).rejects.toMatchObject(error);
	await expect(get({ ...a, ca: undefined }, proxyUrl)).rejects.toMatchObject(error);
	await expect(get({ ...a, ca: newAuthority('Other').ca }, proxyUrl)).rejects.toMatchObject(error);
	expect(heard).toBe(before);
});

// Who looked the name up may have been told the address of somebody with a certificate of their own.
test.each([
	['straight', ''],
	['behind a proxy', 'proxy'],
])('a certificate is for the name, not for the address that was found: %s', async (_, way) => {
	const proxyUrl = way && `http://127.0.0.1:${portOf(proxy)}`;
	const call = async (name: string) => {
		const url = new URL(`https://${name}:${portOf(server)}/`);
		const addresses = ['127.0.0.1'];
		return await sendHttp({ peer, method: 'GET', url, certificate: a, proxyUrl, addresses });
	};
	const before = heard;
	await expect(call('video.example')).rejects.toMatchObject({
		code: 'ERR_TLS_CERT_ALTNAME_INVALID',
	});
	expect(heard).toBe(before);
	expect((await call('wx.example')).body.toString()).toBe('hello a');
	expect(names.at(-1)).toBe('wx.example');
});
