import { ConnectionError } from '../../nodes/base/connectionError';
import type { Http, HttpRequest, HttpResponse } from '../../nodes/base/http';
import { fetchWebFile } from '../../nodes/api/webFile';
import { jpeg } from '../simulator/accounts/jpeg';

const SERVER = new URL('http://10.1.1.1:8080/');
const OK = {
	status: 200,
	contentType: 'image/jpeg',
	disposition: '',
	body: Buffer.from(jpeg),
} as const;
const to = (location: string, status = 302): HttpResponse => ({
	...OK,
	status,
	location,
	body: Buffer.alloc(0),
});

/** Fetches from a network where these addresses answer, and all others with a picture. */
async function fetchFrom(start: string, answers: Record<string, HttpResponse> = {}) {
	const asked: HttpRequest[] = [];
	const http: Http = async (request) => {
		asked.push(request);
		return answers[request.url.href] ?? OK;
	};
	const settled = await fetchWebFile(new URL(start), SERVER, {
		http,
		proxyUrl: 'http://proxy',
	}).then(
		(file) => ({ file, error: undefined }),
		(error: Error & { hint?: string }) => ({ file: undefined, error }),
	);
	return { ...settled, asked, hrefs: asked.map(({ url }) => url.href) };
}

test('a file is fetched where its address was found, by the proxy of the credential, and without a token', async () => {
	const { file, asked } = await fetchFrom('https://8.8.8.8/a.jpg?key=1');
	expect(file).toMatchObject({ bytes: OK.body });
	expect(asked).toHaveLength(1);
	expect(asked[0]).toMatchObject({
		method: 'GET',
		addresses: ['8.8.8.8'],
		proxyUrl: 'http://proxy',
		url: new URL('https://8.8.8.8/a.jpg?key=1'),
	});
	expect(Object.keys(asked[0].headers ?? {})).toEqual(['accept', 'user-agent']);
	expect(asked[0]).not.toHaveProperty('body');
});

test.each([301, 302, 303, 307, 308])('a redirect with %s is followed', async (status) => {
	const { file, hrefs } = await fetchFrom('http://8.8.8.8/a', {
		'http://8.8.8.8/a': to('https://1.1.1.1/b', status),
		'https://1.1.1.1/b': to('/c d', status),
	});
	expect(file?.bytes).toEqual(OK.body);
	expect(hrefs).toEqual(['http://8.8.8.8/a', 'https://1.1.1.1/b', 'https://1.1.1.1/c%20d']);
});

test.each([
	'http://127.0.0.1:5678/rest/settings',
	'http://169.254.169.254/latest/meta-data',
	'http://[::ffff:10.0.0.1]/',
	'//192.168.1.1/a.jpg',
	'http://10.1.1.1/another-port-of-the-server',
	'https://10.1.1.1:8080/another-scheme-of-the-server',
	'file:///etc/passwd',
	'data:image/png;base64,AA==',
])('a redirect to %s is not followed', async (inner) => {
	const { error, hrefs } = await fetchFrom('http://8.8.8.8/a', {
		'http://8.8.8.8/a': to('https://1.1.1.1/b'),
		'https://1.1.1.1/b': to(inner),
	});
	expect(error?.message).toMatch(/is no public address$/);
	expect(error?.message).not.toMatch(/rest|latest|passwd|base64/);
	expect(error?.hint).toMatch(/HTTP Request node/);
	expect(hrefs).toEqual(['http://8.8.8.8/a', 'https://1.1.1.1/b']);
});

test('an address inside is not asked at all', async () => {
	const { error, asked } = await fetchFrom('http://192.168.0.1/a.jpg');
	expect(error?.message).toBe('192.168.0.1 is no public address');
	expect(asked).toEqual([]);
});

test('the server of the credential may be inside, and lead to itself, but no further in', async () => {
	const { file } = await fetchFrom(`${SERVER.href}a`, { [`${SERVER.href}a`]: to('/b') });
	expect(file?.bytes).toEqual(OK.body);
	const { error } = await fetchFrom(`${SERVER.href}a`, {
		[`${SERVER.href}a`]: to('http://10.1.1.2:8080/b'),
	});
	expect(error?.message).toBe('10.1.1.2:8080 is no public address');
});

test('five redirects are followed, and not a sixth', async () => {
	const steps = (count: number) =>
		Object.fromEntries(
			Array.from({ length: count }, (_, at) => [`http://8.8.8.8/${at}`, to(`/${at + 1}`)]),
		);
	expect((await fetchFrom('http://8.8.8.8/0', steps(5))).file?.bytes).toEqual(OK.body);
	const { error, asked } = await fetchFrom('http://8.8.8.8/0', steps(6));
	expect(error?.message).toMatch(/more than 5 times/);
	expect(asked).toHaveLength(6);
});

test.each([
	['404', { ...OK, status: 404, body: Buffer.from('no') }, /404/, /Open the address in a browser/],
	['a login', { ...OK, status: 403 }, /403/, /login/],
	['a server that fails', { ...OK, status: 502 }, /502/, undefined],
	['a redirect without Location', { ...OK, status: 302 }, /302/, /Open the address/],
	['a redirect to what is no address', to('http://['), /302/, /Open the address/],
	// RFC 9110: 300 and 304 name no other address to go to.
	['304', to('https://1.1.1.1/b', 304), /304/, /Open the address/],
])('%s is told with the host only', async (_, answer, message, hint) => {
	const start = 'https://8.8.8.8/a.jpg?signature=secret';
	const { error, asked } = await fetchFrom(start, { [start]: answer });
	expect(error).toBeInstanceOf(ConnectionError);
	expect(error?.message).toMatch(message);
	expect(error?.message).toContain('8.8.8.8');
	expect(`${error?.message} ${error?.hint}`).not.toMatch(/secret/);
	if (hint) expect(error?.hint).toMatch(hint);
	expect(asked).toHaveLength(1);
});
