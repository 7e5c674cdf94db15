import { WechatPayApi } from '../../credentials/WechatPayApi.credentials';
import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import { WechatPay } from '../../nodes/WechatPay/WechatPay.node';
import { GET_PATH } from '../../nodes/pay/redPacket';
import { newAuthority, pkcs12Of, type Certified } from '../simulator/pay/certificates';
import { credentialTestContext, prepareN8n } from '../support/n8n';
import {
	MAKING_KEYS_MS,
	payCredentialsFor,
	pkcs12CredentialsFor,
	secretsOf,
	usePay,
} from '../support/pay';
import { services } from '../support/services';

const { testWechatPay } = createCredentialTests(services);

prepareN8n();
const server = usePay();
const lenient = usePay({ endsTls: false });

async function verdict(changes: Record<string, string> = {}, of = server(), isPkcs12 = false) {
	const { data } = (isPkcs12 ? pkcs12CredentialsFor : payCredentialsFor)(of, changes);
	const given = { id: '1', name: 'n', type: 'wechatPayApi', data };
	const { status, message } = await testWechatPay.call(credentialTestContext(), given);
	for (const secret of secretsOf(of)) expect(message).not.toContain(secret);
	return `${status}: ${message}`;
}
/** Certificates that are not the merchant's. */
let strange: Certified;
let others: Certified;
beforeAll(() => {
	strange = newAuthority('Another').issue(server().mchId);
	others = server().authority.issue('1900000110');
}, MAKING_KEYS_MS);
const pemOf = ({ cert, key }: { cert: string; key: string }) => ({
	certificate: cert,
	privateKey: key,
});

test('right values pass, also with blanks around them, and nothing is sent', async () => {
	expect(await verdict()).toMatch(/^OK: WeChat Pay accepts/);
	const { url, mchId, apiKey } = server();
	expect(
		await verdict({ baseUrl: ` ${url}/ `, mchId: ` ${mchId}`, apiKey: `${apiKey}\n` }),
	).toMatch(/^OK/);
	expect(await verdict({}, server(), true)).toMatch(/^OK/);
	expect(server().orders.size).toBe(0);
});

// gethbinfo may also look at the AppID first.
test('an AppID that is refused means that the rest was right', async () => {
	server().fault({ path: GET_PATH, errCode: 'ILLEGAL_APPID' });
	expect(await verdict()).toMatch(/^OK/);
});

test.each<[string, Record<string, string>, RegExp]>([
	['no merchant number', { mchId: '' }, /^Error: Merchant Number is missing\. 缺少 .+。$/],
	[
		'no key',
		{ apiKey: '' },
		/^Error: API v3 Key is missing; for red packets alone, API v2 Key\. 缺少 .+。$/,
	],
	['no certificate', { certificate: '' }, /^Error: Certificate is missing\. 缺少 .+。$/],
	['no private key', { privateKey: '' }, /^Error: Private Key is missing\. 缺少 .+。$/],
	['no file', { files: 'pkcs12' }, /^Error: PKCS#12 File is missing\. 缺少 .+。$/],
	['a short key', { apiKey: 'x' }, /^Error: "API v2 Key".*32 letters/],
	[
		'another key',
		{ apiKey: 'x'.repeat(32) },
		/^Error: .*签名错误.*API v2 Key in the credential is not/,
	],
	[
		'another merchant',
		{ mchId: '1900000110' },
		/^Error: .*CA_ERROR.*does not belong to the merchant/,
	],
	[
		'another host',
		{ baseUrl: 'https://127.0.0.1:9' },
		/^Error: .*refuses connections.*API Base URL/,
	],
	[
		'an authority that is not known',
		{ caCertificate: '' },
		/^Error: .*not to be trusted.*CA Certificate/,
	],
	[
		'a key of another certificate',
		{ privateKey: newAuthority('x').issue('x').key },
		/^Error: .*do not belong together/,
	],
])('%s has its own sentence', async (_, changes, sentence) => {
	expect(await verdict(changes)).toMatch(sentence);
});

test('a certificate of another authority is refused, whether TLS ends or WeChat answers', async () => {
	const foreign = pemOf(strange);
	expect(await verdict(foreign)).toMatch(/^Error: No answer.*certificate/);
	expect(await verdict(foreign, lenient())).toMatch(/^Error: .*CA_ERROR.*apiclient_cert/);
});

test('a certificate of another merchant is refused', async () => {
	const other = pemOf(others);
	expect(await verdict(other)).toMatch(/^Error: .*CA_ERROR.*apiclient_cert/);
});

test('a passphrase opens the file, and a missing one is told', async () => {
	const pkcs12 = pkcs12Of(server().client, 'own words');
	expect(await verdict({ pkcs12, passphrase: 'own words' }, server(), true)).toMatch(/^OK/);
	expect(await verdict({ pkcs12 }, server(), true)).toMatch(/^Error: The passphrase.*is wrong/);
});

test('a failure of WeChat itself is told with its code', async () => {
	server().fault({ path: GET_PATH, errCode: 'SYSTEMERROR' });
	expect(await verdict()).toMatch(/^Error: .*SYSTEMERROR/);
});

test('an empty credential is told to name its merchant number', async () => {
	const empty = { id: '1', name: 'n', type: 'wechatPayApi' };
	const { message } = await testWechatPay.call(credentialTestContext(), empty);
	expect(message).toBe('Merchant Number is missing. 缺少 Merchant Number。');
});

test('the test is where n8n looks for it', () => {
	const { description, methods } = new WechatPay();
	expect(description.credentials?.map(({ testedBy }) => testedBy)).toEqual(
		Object.keys(methods.credentialTest),
	);
});

// n8n blanks only properties with `password: true` before they reach the browser.
test('key, certificate and passphrase are hidden from the browser', () => {
	const open = new WechatPayApi().properties
		.filter(({ typeOptions }) => !typeOptions?.password)
		.map(({ name }) => name);
	expect(open).toEqual([
		'where',
		'mchId',
		'files',
		'publicKeyId',
		'baseUrl',
		'otherHosts',
		'sharedState',
		'redisPrefix',
	]);
});
