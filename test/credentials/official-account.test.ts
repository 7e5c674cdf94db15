import type { ICredentialsDecrypted } from 'n8n-workflow';
import { WechatOfficialAccountApi } from '../../credentials/WechatOfficialAccountApi.credentials';
import { testOfficialAccount } from '../../nodes/host/credentialTest';
import { startSimulator } from '../simulator';
import { credentialTestContext, prepareN8n } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

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

test('right values', async () => expect(await verdict()).toMatch(/^OK: /));

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

test('a stored token does not make the test pass', async () => {
	const token = { value: 'old', askedAt: 0, expiresAt: Date.now() + 1e7, of: '' };
	expect(await verdict({ appSecret: 'wrong', state: JSON.stringify({ token }) })).toMatch(/^Error/);
});

// n8n blanks only properties with `password: true` before they reach the browser.
test('every secret, and all that the pack keeps, is hidden from the browser', () => {
	const open = new WechatOfficialAccountApi().properties
		.filter(({ typeOptions }) => !typeOptions?.password)
		.map(({ name }) => name);
	expect(open).toEqual(['where', 'appId', 'encryptionMode', 'baseUrl']);
});
