import type { IHttpRequestHelper } from 'n8n-workflow';
import { SocialinzenApi } from '../../credentials/SocialinzenApi.credentials';
import { Socialinzen } from '../../nodes/Socialinzen/Socialinzen.node';
import { addSaveMark } from '../../nodes/n8n/credentialFields';
import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import { credentialTestContext, prepareN8n } from '../support/n8n';
import { socialinzenCredentialsFor, useSocialinzen } from '../support/socialinzen';
import { services } from '../support/services';

const { testSocialinzen } = createCredentialTests(services);

prepareN8n();
const server = useSocialinzen();
const LOGIN = '/apis/user/login';

async function verdict(changes: Record<string, string> = {}) {
	const { data } = socialinzenCredentialsFor(server(), changes);
	const given = { id: '1', name: 'n', type: 'socialinzenApi', data };
	const { status, message } = await testSocialinzen.call(credentialTestContext(), given);
	expect(message).not.toContain(server().password);
	return `${status}: ${message}`;
}

test('right values pass, with blanks around all but the password', async () => {
	expect(await verdict()).toMatch(/^OK: /);
	const { url, username, password } = server();
	expect(await verdict({ baseUrl: ` ${url}/\n`, username: ` ${username} ` })).toMatch(/^OK: /);
	expect(await verdict({ password: ` ${password}` })).toMatch(/^Error: /);
});

test.each<[string, Record<string, string>, RegExp]>([
	['no base URL', { baseUrl: '' }, /^Error: Base URL is missing\. 缺少 .+。$/],
	['no user name', { username: '' }, /^Error: User Name is missing\. 缺少 .+。$/],
	['no password', { password: '' }, /^Error: Password is missing\. 缺少 .+。$/],
	[
		'a base URL that is none',
		{ baseUrl: 'wx' },
		/^Error: "Base URL" is not an address.*credential/,
	],
	[
		'another host',
		{ baseUrl: 'http://127.0.0.1:9' },
		/^Error: No answer from .*Check Base URL and/,
	],
	['a proxy that is none', { proxyUrl: 'proxy' }, /^Error: "Proxy URL" is not an address/],
	['another proxy', { proxyUrl: 'http://127.0.0.1:9' }, /^Error: No answer from .*Proxy URL/],
	[
		'another user name',
		{ username: 'x' },
		/^Error: .*用户名或密码错误.*Check User Name and Password/,
	],
	[
		'another password',
		{ password: 'x' },
		/^Error: .*用户名或密码错误.*Check User Name and Password/,
	],
])('%s has its own sentence', async (_, changes, sentence) => {
	expect(await verdict(changes)).toMatch(sentence);
});

// 用户注册: 验证邮件后方可登录.
test('a user who has not opened the confirmation mail is told to do so', async () => {
	const body = new URLSearchParams({ username: 'helen', password: 'p', email: 'h@example.com' });
	await fetch(`${server().url}/apis/user/register`, { method: 'POST', body });
	expect(await verdict({ username: 'helen', password: 'p' })).toMatch(
		/^Error: .*confirmation mail/,
	);
	server().confirm('helen');
	expect(await verdict({ username: 'helen', password: 'p' })).toMatch(/^OK: /);
});

test('an answer without the cookie, and one of another server, are told apart', async () => {
	server().fault({ path: LOGIN, answer: { errcode: 0, msg: 'ok' } });
	expect(await verdict()).toMatch(/^Error: .*sent no cookie SocialinzenToken.*Base URL/);
	server().fault({ path: LOGIN, body: '<html>' });
	expect(await verdict()).toMatch(/^Error: .*something else answered.*without \/apis/);
	server().fault({ path: LOGIN, status: 302, headers: { location: 'https://x' } });
	expect(await verdict()).toMatch(/^Error: .*it redirects/);
});

test('a stored token does not make the test pass', async () => {
	const token = { value: 'T', askedAt: Date.now(), expiresAt: Date.now() + 1e7 };
	const state = JSON.stringify({ of: `${server().url} ${server().username}`, token });
	expect(await verdict({ password: 'wrong', state })).toMatch(/^Error/);
	expect(await verdict({ state })).toMatch(/^OK/);
	expect(server().count(LOGIN)).toBe(2);
});

test('an empty credential is told to name its base URL', async () => {
	const empty = { id: '1', name: 'n', type: 'socialinzenApi' };
	const { message } = await testSocialinzen.call(credentialTestContext(), empty);
	expect(message).toBe('Base URL is missing. 缺少 Base URL。');
});

test('the test is where n8n looks for it', () => {
	const { description, methods } = new Socialinzen();
	expect(description.credentials?.map(({ testedBy }) => testedBy)).toEqual(
		Object.keys(methods.credentialTest),
	);
});

// n8n blanks only properties with `password: true` before they reach the browser.
test('the password, and all that the pack keeps, is hidden from the browser', () => {
	const open = new SocialinzenApi().properties
		.filter(({ typeOptions }) => !typeOptions?.password)
		.map(({ name }) => name);
	expect(open).toEqual(['baseUrl', 'username', 'sharedState', 'redisPrefix']);
});

test('n8n saves the state', async () => {
	const saved = await new SocialinzenApi().preAuthentication.call({} as IHttpRequestHelper, {
		state: addSaveMark('{"token":1}'),
	});
	expect(saved).toMatchObject({ state: '{"token":1}' });
});
