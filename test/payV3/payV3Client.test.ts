import { createPayV3Client } from '../../nodes/payV3/payV3Client';
import { createPayV3Double, merchant, merchantKey, readAuthorization } from '../support/payV3';

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
