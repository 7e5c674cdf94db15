import { constants, privateDecrypt } from 'node:crypto';
import type { Call } from '../../nodes/api/apiClient';
import { ConnectionError } from '../../nodes/base/connectionError';
import type { HttpRequest } from '../../nodes/base/http';
import { createPayV3Client, type PayV3Merchant } from '../../nodes/payV3/payV3Client';
import type { PayV3Error } from '../../nodes/payV3/payV3Error';
import {
	certificateMerchant,
	createPayV3Double,
	merchant,
	merchantKey,
	ownKey,
	readAuthorization,
	signBody,
} from '../support/payV3';

// 签名生成: https://pay.weixin.qq.com/doc/v3/merchant/4012365336
test('a request is signed over the very bytes that are sent', async () => {
	const { services, requests } = createPayV3Double(() => ({ body: '{"prepay_id":"wx1"}' }));
	const client = createPayV3Client(merchant, services);
	const body = { description: '测试 "A"', amount: { total: 1 } };
	expect(await client.send({ path: '/v3/pay/transactions/jsapi', body })).toEqual({
		prepay_id: 'wx1',
	});
	await client.send({
		method: 'GET',
		path: '/v3/pay/transactions/out-trade-no/A%2F1',
		query: { mchid: '1900000109', words: 'a b&c=测', left: undefined },
	});
	for (const request of requests)
		expect(readAuthorization(request)).toMatchObject({
			schema: 'WECHATPAY2-SHA256-RSA2048',
			isSigned: true,
			mchid: '1900000109',
			serial_no: merchantKey.serialNumber,
			timestamp: '1795924800',
		});
	const [post, get] = requests;
	expect(JSON.parse(String(post.body))).toEqual(body);
	expect(get.url.href).toBe(
		'https://api.mch.weixin.qq.com/v3/pay/transactions/out-trade-no/A%2F1?mchid=1900000109&words=a+b%26c%3D%E6%B5%8B',
	);
	expect(get.body).toBeUndefined();
	expect(post.headers).toMatchObject({
		accept: 'application/json',
		'wechatpay-serial': merchant.publicKey?.id,
	});
});

const BODY = { out_trade_no: 'A1' };
const PATH = '/v3/pay/transactions/jsapi';
const ERROR = '{"code":"SYSTEM_ERROR","message":"系统异常"}';
const pay = { path: PATH, body: BODY };
const read = { method: 'GET' as const, path: '/v3/pay/transactions/out-trade-no/A1' };

/** What becomes of a call, and how often it was sent. */
async function attempt(
	answer: Parameters<typeof createPayV3Double>[0],
	call: Call = pay,
	changes: Partial<PayV3Merchant> = {},
) {
	const double = createPayV3Double(answer);
	const client = createPayV3Client({ ...merchant, ...changes }, double.services);
	const error = (await client.send(call).then(
		() => undefined,
		(failure: unknown) => failure,
	)) as PayV3Error;
	return { ...double, error, sent: double.requests.length };
}

// 签名验证: https://pay.weixin.qq.com/doc/v3/merchant/4013053420
test.each<[string, Parameters<typeof createPayV3Double>[0], string, RegExp]>([
	['is not signed', () => ({ signedWith: null }), 'SIGNATURE', /not signed/],
	[
		'was changed on its way',
		() => ({ change: (headers) => ({ ...headers, 'wechatpay-nonce': 'x' }) }),
		'SIGNATURE',
		/signature is wrong/,
	],
	[
		'tests us',
		() => ({
			change: (headers) => ({ ...headers, 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc=' }),
		}),
		'SIGNATURE',
		/signature is wrong/,
	],
	[
		'names an unknown key',
		() => ({ change: (headers) => ({ ...headers, 'wechatpay-serial': 'PUB_KEY_ID_9' }) }),
		'SERIAL',
		/PUB_KEY_ID_9 is not known/,
	],
	[
		'is a refusal with a wrong signature',
		() => ({
			status: 400,
			body: '{"code":"PARAM_ERROR","message":"x"}',
			change: (headers) => ({ ...headers, 'wechatpay-nonce': 'x' }),
		}),
		'SIGNATURE',
		/signature is wrong/,
	],
])('an answer that %s leaves open what has become of the call', async (_, answer, code, words) => {
	const { error, sent } = await attempt(answer);
	expect(error).toMatchObject({ code, outcome: 'unclear', requestId: '08F78BB5' });
	expect(error.message).toMatch(words);
	expect(sent).toBe(1);
});

test('an old answer that is sent again is not believed', async () => {
	const { error } = await attempt(() => ({
		change: (headers) => ({
			...headers,
			...signBody('{}', ownKey, Date.parse('2026-11-29T03:50:00Z')),
		}),
	}));
	expect(error).toMatchObject({ code: 'TIME', outcome: 'unclear' });
});

test('a read is repeated past a signature that is wrong on purpose, and a payment is not', async () => {
	const probe = (_: unknown, count: number) =>
		count === 1
			? { change: (headers: Record<string, string>) => ({ ...headers, 'wechatpay-nonce': 'x' }) }
			: {};
	expect(await attempt(probe, read)).toMatchObject({ error: undefined, sent: 2 });
	expect(await attempt(probe)).toMatchObject({ error: { outcome: 'unclear' }, sent: 1 });
	expect(await attempt(() => ({ status: 500, body: ERROR }), read)).toMatchObject({ sent: 4 });
	expect(await attempt(() => ({ status: 500, body: ERROR }))).toMatchObject({ sent: 1 });
});

// 错误码和错误提示: https://pay.weixin.qq.com/doc/v3/merchant/4012081667
test.each<[number, string, string, string]>([
	[500, 'SYSTEM_ERROR', '系统异常', 'unclear'],
	[400, 'PARAM_ERROR', '参数错误', 'refused'],
	[404, 'ORDER_NOT_EXIST', '订单不存在', 'absent'],
	[429, 'FREQUENCY_LIMITED', '频率超限', 'busy'],
	[403, 'NOT_ENOUGH', '余额不足', 'refused'],
	[401, 'SIGN_ERROR', '签名错误', 'refused'],
	[400, 'SOMETHING_NEW', '新', 'unclear'],
	[202, 'USERPAYING', '需要用户输入支付密码', 'unclear'],
])('%i %s is %s', async (status, code, message, outcome) => {
	const body = JSON.stringify({ code, message });
	const { error } = await attempt(() => ({ status, body }));
	expect(error).toMatchObject({ code, outcome, status, requestId: '08F78BB5' });
	const more = outcome === 'unclear' ? '. The call may have been carried out all the same' : '';
	expect(error.message).toBe(`WeChat Pay says: ${message} (${code})${more}`);
});

test('what WeChat finds fault with is named by its field', async () => {
	const detail = { field: '/amount/total', issue: 'sum too small', location: 'body' };
	const body = JSON.stringify({ code: 'PARAM_ERROR', message: '参数错误', detail });
	const { error } = await attempt(() => ({ status: 400, body }));
	expect(error.message).toContain('/amount/total: sum too small');
});

test('no secret is shown, whatever WeChat repeats', async () => {
	const body = JSON.stringify({ code: 'PARAM_ERROR', message: `bad ${merchant.apiV3Key}` });
	const { error } = await attempt(() => ({ status: 400, body }));
	expect(error.message).toBe('WeChat Pay says: bad *** (PARAM_ERROR)');
});

// 401 comes without a signature (measured in September 2026), and its Date shows WeChat's clock.
test.each([
	['2026-11-29T04:07:00Z', '7 minutes behind'],
	['2026-11-29T03:50:00Z', '10 minutes ahead of'],
])('a clock that is wrong at %s is told by how much', async (date, words) => {
	const { error } = await attempt(() => ({
		status: 401,
		body: '{"code":"SIGN_ERROR","message":"Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"}',
		signedWith: null,
		change: (headers) => ({ ...headers, date: new Date(date).toUTCString() }),
	}));
	expect(error.message).toContain(`The clock of this n8n is ${words} the one of WeChat Pay`);
	expect(error.outcome).toBe('refused');
});

test('an empty answer is one, and what is no answer of WeChat is told as such', async () => {
	const { services } = createPayV3Double(() => ({ status: 204, body: '' }));
	expect(await createPayV3Client(merchant, services).send(pay)).toEqual({});
	const { error } = await attempt(() => ({ status: 502, body: '<html>', signedWith: null }));
	expect(error).toBeInstanceOf(ConnectionError);
	expect(error.message).toContain('may have been carried out');
});

test('numbers of an answer keep all their digits', async () => {
	const { services } = createPayV3Double(() => ({ body: '{"id":42000000000000000001,"n":1}' }));
	expect(await createPayV3Client(merchant, services).send(read)).toEqual({
		id: '42000000000000000001',
		n: 1,
	});
});

// 敏感信息加解密: https://pay.weixin.qq.com/doc/v3/merchant/4013053257
test('texts are encrypted where the call says so, for the key whose serial is sent', async () => {
	const { services, requests } = createPayV3Double(() => ({}));
	const body = {
		user_name: '张三',
		empty: '',
		receivers: [{ name: '李四', id: '1' }, { id: '2' }],
	};
	const encrypted = ['user_name', 'empty', 'receivers.*.name', 'absent.*.x'];
	await createPayV3Client(merchant, services).send({ path: PATH, body, encrypted });
	const [request] = requests;
	const sent = JSON.parse(String(request.body)) as typeof body;
	const open = (text: unknown) =>
		privateDecrypt(
			{ key: ownKey.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
			Buffer.from(String(text), 'base64'),
		).toString();
	expect([sent.user_name, sent.receivers[0].name].map(open)).toEqual(['张三', '李四']);
	expect(sent).toMatchObject({ empty: '', receivers: [{ id: '1' }, { id: '2' }] });
	expect(body.user_name).toBe('张三');
	expect(request.headers?.['wechatpay-serial']).toBe(ownKey.serial);
	expect(readAuthorization(request).isSigned).toBe(true);
	const { error, sent: calls } = await attempt(() => ({}), {
		path: PATH,
		body: { user_name: '漢'.repeat(72) },
		encrypted: ['user_name'],
	});
	expect(error.message).toMatch(/"user_name" has 216 bytes.*at most 214/);
	expect(calls).toBe(0);
});

// 图片上传: https://pay.weixin.qq.com/doc/v3/merchant/4012760432
test('of a form, the part meta is signed as it is sent', async () => {
	const { services, requests } = createPayV3Double(() => ({}));
	const file = { bytes: Buffer.from([0x89, 0x50]), fileName: '图.png', contentType: 'image/png' };
	const body = { filename: '图.png', sha256: 'ab' };
	await createPayV3Client(merchant, services).send({ path: '/v3/x', body, files: { file } });
	const [request] = requests;
	const meta = '{"filename":"图.png","sha256":"ab"}';
	expect(String(request.body)).toContain(
		`name="meta"\r\nContent-Type: application/json\r\n\r\n${meta}\r\n`,
	);
	expect(request.contentType).toMatch(/^multipart\/form-data; boundary=/);
	expect(readAuthorization(request, meta).isSigned).toBe(true);
});

test('a file needs no signature, and its refusal is read', async () => {
	const { services, requests } = createPayV3Double((_, count) =>
		count === 1
			? { body: 'a,b', signedWith: null }
			: { status: 400, body: '{"code":"INVALID_REQUEST","message":"x"}', signedWith: null },
	);
	const { download } = createPayV3Client(merchant, services);
	const call = { method: 'GET' as const, path: '/v3/billdownload/file?token=a%2Bb' };
	expect(String((await download(call)).bytes)).toBe('a,b');
	expect(requests[0].headers?.accept).toBe('*/*');
	expect(requests[0].url.search).toBe('?token=a%2Bb');
	expect(readAuthorization(requests[0]).isSigned).toBe(true);
	await expect(download(call)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
});

test.each(['', 'v3/x', '/v3/../secapi', '/v3/%2e%2E/x', '/v3/x/.'])(
	'nothing is sent to the path "%s"',
	async (path) => {
		const { error, sent } = await attempt(() => ({}), { path });
		expect(error.message).toMatch(/is no path of WeChat Pay/);
		expect(sent).toBe(0);
	},
);

test('what a relay in a folder passes on is signed without the folder', async () => {
	const { services, requests } = createPayV3Double(() => ({}));
	const baseUrl = 'https://relay.example.com/wxpay/';
	await createPayV3Client({ ...merchant, baseUrl }, services).send(pay);
	const [request] = requests;
	expect(request.url.href).toBe(`https://relay.example.com/wxpay${PATH}`);
	const asWechatGetsIt = { ...request, url: new URL(`https://api.mch.weixin.qq.com${PATH}`) };
	expect(readAuthorization(asWechatGetsIt).isSigned).toBe(true);
});

describe('the second host', () => {
	const peer = { name: 'WeChat Pay', hint: '' };
	const fail = (code: string) => (request: HttpRequest) => {
		if (request.url.hostname === 'api2.mch.weixin.qq.com') return {};
		throw new ConnectionError({ peer, reason: 'x', code, path: PATH });
	};
	const hostsOf = ({ requests }: { requests: HttpRequest[] }) =>
		requests.map(({ url }) => url.hostname.split('.')[0]);

	test('gets a payment that provably did not leave', async () => {
		const tried = await attempt(fail('ECONNREFUSED'));
		expect(hostsOf(tried)).toEqual(['api', 'api2']);
		expect(tried.error).toBeUndefined();
	});

	test('never gets one that may have been carried out, but what only reads', async () => {
		const tried = await attempt(fail('ECONNRESET'));
		expect(hostsOf(tried)).toEqual(['api']);
		expect(tried.error).toBeInstanceOf(ConnectionError);
		expect((await attempt(fail('ECONNRESET'), read)).error).toBeUndefined();
	});

	test('is left alone when the credential says so, or names another server', async () => {
		const off = await attempt(fail('ECONNREFUSED'), pay, { usesOtherHosts: false });
		expect(hostsOf(off)).toEqual(['api']);
		const baseUrl = 'https://relay.example.com';
		expect(hostsOf(await attempt(fail('ECONNREFUSED'), pay, { baseUrl }))).toEqual(['relay']);
	});
});

test('without a public key, nothing is sent before there is a certificate to verify with', async () => {
	const double = createPayV3Double(() => ({ status: 500, body: ERROR, signedWith: null }));
	const client = createPayV3Client(certificateMerchant, double.services);
	await expect(client.send(pay)).rejects.toMatchObject({ outcome: 'unreached' });
	expect(double.requests.map(({ url }) => url.pathname)).toEqual(['/v3/certificates']);
});
