import type { ICredentialsDecrypted } from 'n8n-workflow';
import { WechatOpenPlatformApi } from '../../credentials/WechatOpenPlatformApi.credentials';
import type { State } from '../../nodes/api/state';
import { restartProcess, services } from '../support/services';
import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import { startSimulator } from '../simulator';
import { credentialTestContext, prepareN8n, runNode } from '../support/n8n';
import {
	newPlatformCredentialsFor,
	platformCredentialsFor,
	useSimulator,
} from '../support/simulator';

const { testOpenPlatform } = createCredentialTests(services);

prepareN8n();
const simulator = useSimulator();

/** What the button in the dialog says; n8n hands over the hidden state as well. */
async function verdict(changes: Record<string, string> = {}, at = simulator()) {
	const { data } = await platformCredentialsFor(at);
	const given: ICredentialsDecrypted = {
		id: '1',
		name: 'n',
		type: 'wechatOpenPlatformApi',
		data: { ...data, ...changes },
	};
	const { status, message } = await testOpenPlatform.call(credentialTestContext(), given);
	for (const secret of [data.appSecret, data.token, data.encodingAesKey, '@@@'])
		expect(message).not.toContain(secret);
	return `${status}: ${message}`;
}

test('right values pass with the age of the ticket, which WeChat gives a token for', async () => {
	expect(await verdict()).toBe(
		'OK: The last ticket came 0 min ago, and WeChat gives the platform a token for it.',
	);
	expect(simulator().count('/cgi-bin/component/api_component_token')).toBe(1);
});

test('a platform without a ticket is told what is right so far, how long to wait, and what to run', async () => {
	const { state } = newPlatformCredentialsFor(simulator()).data;
	expect(await verdict({ state: String(state ?? '') })).toMatch(
		/^Error: AppID and AppSecret are right\. WeChat has not pushed a ticket.*ten minutes.*Start Ticket Push.*微信尚未向此平台推送验证票据/,
	);
});

test.each([
	[
		'AppID',
		{ appId: 'wx0000000000000000' },
		/^Error: WeChat does not know the AppID wx0000000000000000.*open\.weixin\.qq\.com.*open\.weixin\.qq\.com > 开发配置/,
	],
	[
		'AppSecret',
		{ appSecret: 'f'.repeat(32) },
		/^Error: The AppSecret is wrong.*open\.weixin\.qq\.com.*open\.weixin\.qq\.com > 开发配置/,
	],
	['no AppID', { appId: '' }, /^Error: AppID is missing/],
	['no AppSecret', { appSecret: '' }, /^Error: AppSecret is missing/],
	['no Token', { token: '' }, /^Error: Token is missing/],
	['no EncodingAESKey', { encodingAesKey: '' }, /^Error: EncodingAESKey is missing/],
	['key', { encodingAesKey: 'short' }, /^Error: EncodingAESKey must have 43/],
	['host', { baseUrl: 'http://127.0.0.1:9' }, /^Error: No answer from WeChat.*API Base URL/],
])('a wrong %s has its own sentence', async (_, changes, sentence) => {
	expect(await verdict(changes)).toMatch(sentence);
});

test.each<Record<string, string>>([{ appId: 'wx0000000000000000' }, { appSecret: 'f'.repeat(32) }])(
	'nobody is sent to the page of official accounts: %j',
	async (wrong) => expect(await verdict(wrong)).not.toContain('mp.weixin.qq.com'),
);

test('a secret that is wrong is told although the stored token still serves', async () => {
	await verdict();
	expect(await verdict({ appSecret: 'f'.repeat(32) })).toMatch(/^Error: The AppSecret is wrong/);
});

test('an address that is not allowed is named', async () => {
	const strict = await startSimulator({ allowedIps: ['10.0.0.1'] });
	try {
		expect(await verdict({}, strict)).toMatch(/^Error: The address 127\.0\.0\.1 is not allowed/);
	} finally {
		await strict.close();
	}
});

test('a ticket that WeChat takes no more fails with what to run', async () => {
	const { data } = await platformCredentialsFor(simulator());
	simulator().platform.expireTicket();
	const given = { id: '1', name: 'n', type: 'wechatOpenPlatformApi', data };
	const { status, message } = await testOpenPlatform.call(credentialTestContext(), given);
	expect(`${status}: ${message}`).toMatch(/^Error: .*61005.*Start Ticket Push/);
});

test('tickets that stopped coming fail with their age', async () => {
	const { data } = await platformCredentialsFor(simulator());
	const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61 * 60_000);
	try {
		const given = { id: '1', name: 'n', type: 'wechatOpenPlatformApi', data };
		const { status, message } = await testOpenPlatform.call(credentialTestContext(), given);
		expect(`${status}: ${message}`).toMatch(
			/^Error: The last ticket came 61 min ago.*every ten minutes/,
		);
	} finally {
		later.mockRestore();
	}
});

test('trying it again and again does not end the token that workflows use', async () => {
	restartProcess();
	const before = simulator().count('/cgi-bin/component/api_component_token');
	for (let click = 0; click < 3; click++) await verdict();
	expect(simulator().count('/cgi-bin/component/api_component_token') - before).toBe(1);
});

test('the age of the ticket is told in minutes', async () => {
	const { data } = await platformCredentialsFor(simulator());
	const { ticket, ...state } = JSON.parse(String(data.state)) as State;
	const older = { ...state, ticket: { ...ticket, at: Date.now() - 7 * 60_000 } };
	expect(await verdict({ state: JSON.stringify(older) })).toContain(
		'The last ticket came 7 min ago',
	);
});

test('a secret that is wrong is noticed before there is a ticket', async () => {
	expect(await verdict({ appSecret: 'wrong', state: '' })).toMatch(
		/^Error: The AppSecret is wrong/,
	);
});

test('after a restart the stored token is tried, and no other one asked for', async () => {
	const credentials = await platformCredentialsFor(simulator());
	await runNode('wechatOpenPlatform', { resource: 'account', operation: 'getAll' }, credentials);
	restartProcess();
	const before = simulator().calls.length;
	const given = { id: '1', name: 'n', type: 'wechatOpenPlatformApi', data: credentials.data };
	const { status } = await testOpenPlatform.call(credentialTestContext(), given);
	expect(status).toBe('OK');
	expect(
		simulator()
			.calls.slice(before)
			.map(({ path }) => path),
	).toEqual([
		'/cgi-bin/component/api_start_push_ticket',
		'/cgi-bin/component/api_get_authorizer_list',
	]);
});

test('an empty credential is told to name its AppID', async () => {
	const empty = { id: '1', name: 'n', type: 'wechatOpenPlatformApi' };
	const { message } = await testOpenPlatform.call(credentialTestContext(), empty);
	expect(message).toBe('AppID is missing. 缺少 AppID。');
});

test('every secret, and all that the pack keeps, is hidden from the browser', () => {
	const open = new WechatOpenPlatformApi().properties
		.filter(({ typeOptions }) => !typeOptions?.password)
		.map(({ name }) => name);
	expect(open).toEqual(['where', 'appId', 'baseUrl', 'otherHosts', 'sharedState', 'redisPrefix']);
});

test('a new credential calls WeChat itself', () => {
	const { properties } = new WechatOpenPlatformApi();
	expect(properties.find(({ name }) => name === 'baseUrl')?.default).toBe(
		'https://api.weixin.qq.com',
	);
});
