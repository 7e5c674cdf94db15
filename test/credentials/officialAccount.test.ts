import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IHttpRequestHelper,
} from 'n8n-workflow';
import { WechatOfficialAccountApi } from '../../credentials/WechatOfficialAccountApi.credentials';
import { Wechat } from '../../nodes/Wechat/Wechat.node';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node';
import { addSaveMark } from '../../nodes/n8n/credentialFields';
import { readApp } from '../../nodes/n8n/credentials';
import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import { startSimulator } from '../simulator';
import { credentialTestContext, prepareN8n } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';
import { services } from '../support/services';

const { testOfficialAccount } = createCredentialTests(services);

prepareN8n();
const simulator = useSimulator();

async function verdict(changes: Record<string, string> = {}, at = simulator()) {
	const { data } = credentialsFor(at, changes);
	const given: ICredentialsDecrypted = {
		id: '1',
		name: 'n',
		type: 'wechatOfficialAccountApi',
		data,
	};
	const { status, message } = await testOfficialAccount.call(credentialTestContext(), given);
	expect(message).not.toContain(at.account.secret);
	return `${status}: ${message}`;
}

test('right values pass the test', async () => expect(await verdict()).toMatch(/^OK: /));

test.each([
	[
		'AppID',
		{ appId: 'wx0000000000000000' },
		/^Error: WeChat does not know the AppID wx0000000000000000/,
	],
	[
		'AppSecret',
		{ appSecret: 'ffffffffffffffffffffffffffffffff' },
		/^Error: The AppSecret is wrong/,
	],
	['no AppID', { appId: '' }, /^Error: AppID is missing/],
	['no AppSecret', { appSecret: '' }, /^Error: AppSecret is missing/],
	['key', { encodingAesKey: 'short' }, /^Error: EncodingAESKey must have 43/],
	[
		'previous key',
		{ previousEncodingAesKey: 'x'.repeat(44) },
		/^Error: Previous EncodingAESKey must have 43/,
	],
	['host', { baseUrl: 'http://127.0.0.1:9' }, /^Error: No answer from WeChat.*API Base URL/],
	['base URL', { baseUrl: 'not an address' }, /^Error: "API Base URL" is not an address/],
	['proxy URL', { proxyUrl: 'proxy' }, /^Error: "Proxy URL" is not an address/],
	['proxy', { proxyUrl: 'http://127.0.0.1:9' }, /^Error: No answer from WeChat.*Proxy URL/],
])('a wrong %s has its own sentence', async (_, changes, sentence) => {
	expect(await verdict(changes)).toMatch(sentence);
});

test('an address that is not allowed is named', async () => {
	const strict = await startSimulator({ allowedIps: ['10.0.0.1'] });
	try {
		expect(await verdict({}, strict)).toMatch(
			/^Error: The address 127\.0\.0\.1 is not allowed.*IP白名单/,
		);
	} finally {
		await strict.close();
	}
});

test('an IPv6 address that is not allowed is named too, and none when WeChat names none', async () => {
	const path = '/cgi-bin/stable_token';
	const errmsg = 'invalid ip 2001:db8::1f ipv6 ::ffff:10.0.0.1, not in whitelist';
	simulator().fault({ path, answer: { errcode: 40164, errmsg } });
	expect(await verdict()).toMatch(/^Error: The address 2001:db8::1f is not allowed/);
	simulator().fault({ path, answer: { errcode: 40164, errmsg: 'not in whitelist' } });
	expect(await verdict()).toMatch(/^Error: The address of this n8n is not allowed.*此 n8n 的地址/);
});

test.each([
	[
		40001,
		/^Error: The AppSecret is wrong.* AppSecret 不正确或已被重置：请在 mp\.weixin\.qq\.com > 基本配置 重置/,
	],
	[-1, /^Error: WeChat refused the call: no \(errcode -1\)\. [A-Z]/],
])('errcode %i has its own sentence', async (errcode, sentence) => {
	simulator().fault({ path: '/cgi-bin/stable_token', answer: { errcode, errmsg: 'no' } });
	expect(await verdict()).toMatch(sentence);
});

test('blanks around a value do not count, and no token is forced', async () => {
	const { appId, secret, encodingAESKey } = simulator().account;
	const changes = {
		appId: ` ${appId}`,
		appSecret: `${secret} `,
		encodingAesKey: `${encodingAESKey}\n`,
	};
	expect(await verdict(changes)).toMatch(/^OK: /);
	expect(simulator().calls.at(-1)?.body).toMatchObject({ force_refresh: false });
});

test('an empty credential is told to name its AppID', async () => {
	const empty = { id: '1', name: 'n', type: 'wechatOfficialAccountApi' };
	const { message } = await testOfficialAccount.call(credentialTestContext(), empty);
	expect(message).toBe('AppID is missing. 缺少 AppID。');
});

test('a new credential takes encrypted pushes only, and calls WeChat itself', () => {
	const { properties } = new WechatOfficialAccountApi();
	const defaults = Object.fromEntries(properties.map((one) => [one.name, one.default]));
	expect(defaults).toMatchObject({ encryptionMode: 'safe', baseUrl: 'https://api.weixin.qq.com' });
});

const preAuthenticate = async (stored: ICredentialDataDecryptedObject) =>
	await new WechatOfficialAccountApi().preAuthentication.call({} as IHttpRequestHelper, stored);

test('n8n saves the state with the time, so that it does not save it again at each use', async () =>
	expect(await preAuthenticate({ state: addSaveMark('{"token":1}') })).toEqual({
		state: '{"token":1}',
		stateSavedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
	}));

// n8n-core 2.8.4 and 2.41.1, requestWithAuthentication: findings/n8n-sends-failed-requests-twice.sh.
test.each<ICredentialDataDecryptedObject>([{ state: '{"token":1}' }, { state: '' }, {}])(
	'n8n is given nothing to save, and so sends nothing twice, when a request has failed: %j',
	async (stored) => expect(await preAuthenticate(stored)).toEqual({}),
);

test.each([new Wechat(), new WechatTrigger()])('the test is where n8n looks for it', (node) => {
	const tests = node.description.credentials?.map(({ testedBy }) => testedBy);
	expect(tests).toEqual(Object.keys(node.methods.credentialTest));
});

test('a stored token does not make the test pass', async () => {
	const token = { value: 'old', askedAt: 0, expiresAt: Date.now() + 1e7, of: '' };
	expect(await verdict({ appSecret: 'wrong', state: JSON.stringify({ token }) })).toMatch(/^Error/);
});

// n8n blanks only properties with `password: true` before they reach the browser.
test('every secret, and all that the pack keeps, is hidden from the browser', () => {
	const open = new WechatOfficialAccountApi().properties
		.filter(({ typeOptions }) => !typeOptions?.password)
		.map(({ name }) => name);
	expect(open).toEqual([
		'where',
		'kind',
		'appId',
		'encryptionMode',
		'baseUrl',
		'otherHosts',
		'sharedState',
		'redisPrefix',
	]);
});

test('other hosts are used unless they are switched off, also in credentials that were saved before', () => {
	const { data } = credentialsFor(simulator());
	expect(readApp(data).usesOtherHosts).toBe(true);
	expect(readApp({ ...data, otherHosts: true }).usesOtherHosts).toBe(true);
	expect(readApp({ ...data, otherHosts: false }).usesOtherHosts).toBe(false);
});
