import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { toAppKey } from '../../nodes/api/app';
import { createPlatformClient } from '../../nodes/api/platformClient';
import { createRecordStore } from '../../nodes/api/state';
import { addToken } from '../../nodes/n8n/addToken';
import { createAuthenticate, SAVED_URL } from '../../nodes/n8n/credentialFields';
import {
	OFFICIAL_ACCOUNT,
	OPEN_PLATFORM,
	readApp,
	readSavedState,
} from '../../nodes/n8n/credentials';
import { services } from '../support/services';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';

const simulator = useSimulator();

type Options = Record<string, unknown>;

/** What HTTP Request 4.2 of n8n 2.8.4 hands over for a GET without options. */
const GET = {
	headers: { accept: 'application/json' },
	method: 'GET',
	gzip: true,
	rejectUnauthorized: true,
	followRedirect: true,
	followAllRedirects: true,
	maxRedirects: undefined,
	resolveWithFullResponse: true,
	sendCredentialsOnCrossOriginRedirect: true,
	timeout: 300_000,
	encoding: null,
	json: false,
	useStream: true,
};

const authenticate = async (
	options: Options,
	data: ICredentialDataDecryptedObject = credentialsFor(simulator()).data,
	type = OFFICIAL_ACCOUNT,
) =>
	(await addToken(
		type,
		data,
		{ ...GET, ...options } as unknown as IHttpRequestOptions,
		services,
	)) as unknown as Options & { qs: Record<string, string>; url: string };

/** The error of a request that is not made, as n8n reads it. */
async function refuse(...parameters: Parameters<typeof authenticate>): Promise<string> {
	const before = simulator().calls.length;
	const error = (await authenticate(...parameters).catch((thrown: unknown) => thrown)) as {
		message: string;
		description?: string;
	};
	expect(error).toBeInstanceOf(Error);
	expect(error.description).toBeTruthy();
	expect(simulator().calls).toHaveLength(before);
	return error.message;
}

const at = (path: string) => `${simulator().url}${path}`;
const toWechat = (changes: Options = {}): ICredentialDataDecryptedObject => ({
	...credentialsFor(simulator()).data,
	baseUrl: 'https://api.weixin.qq.com',
	...changes,
});

test('the token is in the query of a new request, which follows no redirect', async () => {
	const uri = at('/cgi-bin/tags/get?a=1#end');
	const given = { ...GET, uri, qs: { b: '2' } };
	const before = structuredClone(given);
	const { url, qs, ...rest } = await authenticate(given);
	expect(given).toEqual(before);
	expect(url).toBe(at('/cgi-bin/tags/get?a=1'));
	expect(qs).toEqual({ b: '2', access_token: expect.stringMatching(/^\d\d_/) as string });
	expect(rest).toEqual({
		headers: GET.headers,
		method: 'GET',
		gzip: true,
		rejectUnauthorized: true,
		resolveWithFullResponse: true,
		timeout: 300_000,
		encoding: null,
		json: false,
		useStream: true,
		disableFollowRedirect: true,
		followAllRedirects: false,
		followRedirect: false,
		maxRedirects: 0,
		sendCredentialsOnCrossOriginRedirect: false,
	});
	const answer = await fetch(at(`/cgi-bin/tags/get?access_token=${qs.access_token}`));
	expect(await answer.json()).toHaveProperty('tags');
});

test('it is the token that all nodes of the process use, and is asked for once', async () => {
	const before = simulator().count('/cgi-bin/stable_token');
	const one = await authenticate({ url: at('/cgi-bin/tags/get') });
	const other = await authenticate({ uri: at('/cgi-bin/component/of_no_platform') });
	expect(other.qs).toEqual(one.qs);
	expect(simulator().count('/cgi-bin/stable_token')).toBe(before + 1);
});

test('the proxy is that of the credential', async () => {
	const proxyUrl = 'http://user:word@127.0.0.1:9';
	// The token is known already, so nothing goes by way of the proxy here.
	await authenticate({ uri: at('/cgi-bin/tags/get') });
	const data = { ...credentialsFor(simulator()).data, proxyUrl };
	expect(await authenticate({ uri: at('/cgi-bin/tags/get') }, data)).toMatchObject({
		proxy: proxyUrl,
	});
	for (const proxy of ['socks5://127.0.0.1:9', 'socks5://http://127.0.0.1'])
		expect(await refuse({ uri: at('/cgi-bin/tags/get') }, { ...data, proxyUrl: proxy })).toMatch(
			/no proxies but those with http/,
		);
});

describe('is refused, before a token is asked for:', () => {
	test.each([
		['another server', 'https://example.com/cgi-bin/tags/get'],
		['no address', 'cgi-bin/tags/get'],
		['WeChat without TLS', 'http://api.weixin.qq.com/cgi-bin/tags/get'],
		['another port', 'https://api.weixin.qq.com:8443/cgi-bin/tags/get'],
		['a server whose name begins like one of WeChat', 'https://api.weixin.qq.com.example.com/x'],
		['a server behind a name', 'https://api.weixin.qq.com@example.com/cgi-bin/tags/get'],
		['a name before the server', 'https://example.com@api.weixin.qq.com/cgi-bin/tags/get'],
		['a password before the server', 'https://:example@api.weixin.qq.com/cgi-bin/tags/get'],
		['the pages of WeChat', 'https://mp.weixin.qq.com/cgi-bin/showqrcode'],
		['a relay that is not that of the credential', 'http://127.0.0.1:1/cgi-bin/tags/get'],
	])('%s', async (_, uri) => {
		expect(await refuse({ uri }, toWechat())).toMatch(/the token goes nowhere else/);
	});

	test('WeChat itself, and what is beside the folder, when Base URL is a relay', async () => {
		const relay = toWechat({ baseUrl: 'https://relay.example.com/wechat' });
		expect(await refuse({ uri: 'https://api.weixin.qq.com/cgi-bin/tags/get' }, relay)).toMatch(
			/the token goes nowhere else/,
		);
		for (const path of [
			'/cgi-bin/tags/get',
			'/wechat2/cgi-bin/tags/get',
			'/others/cgi-bin/tags/get',
		])
			expect(await refuse({ uri: `https://relay.example.com${path}` }, relay)).toMatch(
				/path of the URL is none of WeChat/,
			);
	});

	test('the other hosts of WeChat, when the credential does not use them', async () => {
		const uri = 'https://api2.weixin.qq.com/cgi-bin/tags/get';
		expect(await refuse({ uri }, toWechat({ otherHosts: false }))).toMatch(/goes nowhere else/);
	});

	test.each([
		['Base URL', { baseURL: 'https://example.com' }],
		['Ignore SSL Issues', { rejectUnauthorized: false }],
		['Ignore SSL Issues', { skipSslCertificateValidation: true }],
		['SSL Certificates', { agentOptions: { ca: 'x' } }],
		['a header Host', { headers: { HOST: 'example.com' } }],
		['a second login', { auth: { user: 'u', pass: 'p' } }],
		['Proxy', { proxy: 'http://127.0.0.1:9' }],
	])('%s', async (name, options) => {
		expect(await refuse({ uri: at('/cgi-bin/tags/get'), ...options })).toContain(
			`must not use ${name}`,
		);
	});

	test.each([
		['/cgi-bin/token', /is refused: This call replaces the token/],
		['/CGI-BIN/Stable_Token', /is refused: This call replaces the token/],
		['/sns/userinfo', /is refused: The calls below/],
		['/cgi-bin/%74oken', /path of the URL is none of WeChat/],
		['//cgi-bin/token', /path of the URL is none of WeChat/],
		['/cgi-bin/token;x', /path of the URL is none of WeChat/],
		['/cgi-bin/tags/get?access_token=x', /"access_token" is a token or secret/],
		['/cgi-bin/tags/get?Access_Token=x', /"Access_Token" is a token or secret/],
	])('%s', async (path, sentence) => expect(await refuse({ uri: at(path) })).toMatch(sentence));

	test('a token in the query fields, so also a request that n8n sends again', async () => {
		const uri = at('/cgi-bin/tags/get');
		expect(await refuse({ uri, qs: { access_token: 'x' } })).toMatch(/is a token or secret/);
		const sent = await authenticate({ uri });
		expect(await refuse(sent)).toMatch(/is a token or secret/);
	});

	test('the credential of a mobile app', async () => {
		const data = { ...credentialsFor(simulator()).data, kind: 'mobileApp' };
		expect(await refuse({ uri: at('/cgi-bin/tags/get') }, data)).toMatch(/mobile app/);
	});
});

test.each(['api', 'api2', 'sh.api', 'sz.api', 'hk.api'])(
	'%s.weixin.qq.com is WeChat',
	async (host) => {
		const data = toWechat();
		// With a token that is known already, nothing is sent.
		const askedAt = services.clock.now();
		const token = { value: 'T', askedAt, expiresAt: askedAt + 7_200_000 };
		services.tokens.set(toAppKey(readApp(data)), token);
		const uri = `https://${host}.weixin.qq.com/cgi-bin/tags/get`;
		expect(await authenticate({ uri }, data)).toMatchObject({
			url: uri,
			qs: { access_token: 'T' },
		});
	},
);

describe('of a platform', () => {
	test('the saved token is used, under the name that the path asks for', async () => {
		const { data } = await platformCredentialsFor(simulator());
		let state = readSavedState(OPEN_PLATFORM, data);
		const store = createRecordStore({
			read: async () => state,
			save: async (change) => void (state = { ...state, ...change }),
		});
		await createPlatformClient(readApp(data), store, undefined, services).send({
			path: '/cgi-bin/component/api_create_preauthcode',
			bearer: 'component',
		});
		const token = String(state.token?.value);
		const saved = { ...data, state: JSON.stringify(state) };
		const of = async (path: string) =>
			(await authenticate({ uri: at(path) }, saved, OPEN_PLATFORM)).qs;
		expect(await of('/cgi-bin/component/api_create_preauthcode')).toEqual({
			component_access_token: token,
		});
		expect(await of('/wxa/gettemplatelist')).toEqual({ access_token: token });
		services.tokens.delete(toAppKey(readApp(data)));
		expect(await of('/wxa/gettemplatelist')).toEqual({ access_token: token });
	});

	test('no token is requested: it could not be saved', async () => {
		const { data } = await platformCredentialsFor(simulator());
		expect(await refuse({ uri: at('/wxa/gettemplatelist') }, data, OPEN_PLATFORM)).toMatch(
			/no token of the platform/,
		);
	});

	test.each(['info', 'list'])('an answer with refresh tokens is not shown: %s', async (end) => {
		const { data } = await platformCredentialsFor(simulator());
		const uri = at(`/cgi-bin/component/API_get_authorizer_${end}`);
		expect(await refuse({ uri }, data, OPEN_PLATFORM)).toMatch(/holds refresh tokens/);
	});
});

test('the request that saves the state stays as it is', async () => {
	const request: IHttpRequestOptions = { method: 'GET', url: SAVED_URL };
	expect(await createAuthenticate(OFFICIAL_ACCOUNT)({}, request)).toBe(request);
});
