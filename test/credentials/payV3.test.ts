import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { createServices } from '../../nodes/api/services';
import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import { newAuthority } from '../simulator/pay/certificates';
import { startPayV3Server, type PayV3Server } from '../simulator/payV3';
import { credentialTestContext, prepareN8n } from '../support/n8n';

prepareN8n();

let withKey: PayV3Server;
let withCertificates: PayV3Server;
beforeAll(async () => {
	withKey = await startPayV3Server();
	withCertificates = await startPayV3Server({ signsWith: 'certificate' });
});
afterAll(async () => {
	await Promise.all([withKey.close(), withCertificates.close()]);
});

const toData = (server: PayV3Server): ICredentialDataDecryptedObject => ({
	mchId: server.mchId,
	apiV3Key: server.apiV3Key,
	certificate: server.client.cert,
	privateKey: server.client.key,
	...(server === withKey && {
		publicKeyId: server.publicKey.id,
		publicKey: server.publicKey.pem,
	}),
	baseUrl: server.url,
	caCertificate: server.authority.ca,
});

async function verdict(changes: ICredentialDataDecryptedObject = {}, server = withKey) {
	const { testWechatPay } = createCredentialTests(createServices());
	const data = { ...toData(server), ...changes };
	const credential = { id: '1', name: 'n', type: 'wechatPayApi', data };
	const { status, message } = await testWechatPay.call(credentialTestContext(), credential);
	return `${status}: ${message}`;
}

// 验证签名: https://pay.weixin.qq.com/doc/v3/merchant/4012365342
test('right values pass with a public key and with platform certificates, and nothing is ordered', async () => {
	expect(await verdict()).toMatch(/^OK: .*signed with the public key.*first notification/);
	expect(await verdict({}, withCertificates)).toMatch(/^OK: .*opens its platform certificates/);
	expect(withKey.payments.size + withCertificates.payments.size).toBe(0);
});

const other = newAuthority('x').issue('x');

test.each<[string, ICredentialDataDecryptedObject, RegExp]>([
	['no key of API v3', { apiV3Key: '' }, /^Error: "API v3 Key".*is missing/],
	['a key of 31 bytes', { apiV3Key: 'x'.repeat(31) }, /^Error: "API v3 Key".*32.*has 31/],
	['no ID of the public key', { publicKeyId: '' }, /^Error: "WeChat Pay Public Key ID".*missing/],
	['a serial number as that ID', { publicKeyId: '5157F09E' }, /^Error: .*PUB_KEY_ID_/],
	['no public key', { publicKey: '' }, /^Error: "WeChat Pay Public Key" .*missing/],
	['a private key in its place', { publicKey: other.key }, /^Error: .*is a private key/],
	['a certificate in its place', { publicKey: other.cert }, /^Error: .*is a certificate/],
	['a key of another certificate', { privateKey: other.key }, /^Error: .*do not belong together/],
	['PEM as PKCS#12', { files: 'pkcs12', pkcs12: other.cert }, /^Error: .*holds PEM.*Choose PEM/],
	[
		'a certificate that WeChat does not know',
		{ certificate: other.cert, privateKey: other.key },
		/^Error: .*(serial|certificate|证书)/i,
	],
	['another merchant', { mchId: '1900000110' }, /^Error: /],
	['another host', { baseUrl: 'https://127.0.0.1:9' }, /^Error: .*refuses connections/],
])('%s has its own sentence', async (_, changes, sentence) => {
	const told = await verdict(changes);
	expect(told).toMatch(sentence);
	expect(told).not.toContain(withKey.apiV3Key);
});

test('a key of API v3 that does not open the platform certificates is named', async () => {
	const told = await verdict({ apiV3Key: 'y'.repeat(32) }, withCertificates);
	expect(told).toMatch(/^Error: "API v3 Key".*does not open/);
});

describe('beside a public key', () => {
	afterEach(() => {
		withKey.setKeys('publicKey');
		withKey.clearFaults();
	});

	// During a change (切换) there are certificates, too: https://pay.weixin.qq.com/doc/v3/merchant/4012154180
	test('the key of API v3 is tried where WeChat has certificates', async () => {
		withKey.setKeys('change');
		expect(await verdict()).toMatch(/^OK: .*signed with the public key.*opens its platform/);
		expect(await verdict({ apiV3Key: 'y'.repeat(32) })).toMatch(
			/^Error: "API v3 Key".*does not open/,
		);
	});

	test.each([403, 404, 500])(
		'certificates that WeChat does not name (%i) are no fault of the credential',
		async (status) => {
			withKey.fault({ path: '/v3/certificates', status, code: 'NO_AUTH', times: 9 });
			expect(await verdict({ apiV3Key: 'y'.repeat(32) })).toMatch(
				/^OK: .*could not be tried.*first notification/,
			);
		},
	);

	test('certificates that nobody known has signed are a failure', async () => {
		withKey.setKeys('change');
		withKey.fault({ path: '/v3/certificates', isForged: true, times: 9 });
		expect(await verdict()).toMatch(/^Error: .*not signed by one of them/);
	});
});

const QUERY = '/v3/pay/transactions/out-trade-no/{out_trade_no}';

test('a merchant without payments has the right keys, and is told what is missing', async () => {
	withKey.fault({ path: QUERY, status: 403, code: 'NO_AUTH' });
	expect(await verdict()).toMatch(/^OK: .*signed with the public key.*may not use payments/);
});

test('an address that may not call is told', async () => {
	withKey.fault({
		path: QUERY,
		status: 403,
		body: '{"code":"NO_AUTH","message":"此IP地址不允许调用该接口"}',
	});
	expect(await verdict()).toMatch(/^Error: .*address of this n8n/);
	withKey.clearFaults();
});

test('a refusal without a signature does not prove the public key', async () => {
	withKey.fault({ path: QUERY, isForged: 'unsigned' });
	const told = await verdict();
	expect(told).toMatch(/^OK: /);
	expect(told).not.toContain('signed with');
	withKey.clearFaults();
});

test('an answer that another public key signed is refused', async () => {
	withKey.fault({ isForged: true, times: 9 });
	expect(await verdict()).toMatch(/^Error: .*sign/i);
	withKey.clearFaults();
});

test('a clock that is ten minutes off is told', async () => {
	withKey.setClock(() => Date.now() + 600_000);
	expect(await verdict()).toMatch(/^Error: .*clock/i);
	withKey.setClock(Date.now);
});
