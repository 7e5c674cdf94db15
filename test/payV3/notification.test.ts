import type { Services } from '../../nodes/api/services';
import { NotificationRejected, openNotification } from '../../nodes/payV3/notification';
import type { PayV3Merchant } from '../../nodes/payV3/payV3Client';
import {
	createPayV3Double,
	encryptResource,
	merchant,
	newPlatformCertificate,
	ownKey,
	signBody,
	type SigningKey,
} from '../support/payV3';

const RESOURCE =
	'{"mchid":"1900000109","transaction_id":42000000000000000001,"amount":{"total":1}}';
const { services, clock } = createPayV3Double(() => ({ status: 500, body: '', signedWith: null }));

const toBody = (resource = RESOURCE, key?: string) =>
	JSON.stringify({
		id: 'EV-1',
		create_time: '2026-11-29T12:00:00+08:00',
		resource_type: 'encrypt-resource',
		event_type: 'TRANSACTION.SUCCESS',
		summary: '支付成功',
		resource: { original_type: 'transaction', ...encryptResource(resource, 'transaction', key) },
	});

interface Changes {
	body?: string;
	signedAt?: number;
	signedWith?: SigningKey;
	headers?: Record<string, string | undefined>;
	sent?: (body: string) => string;
	merchant?: Partial<PayV3Merchant>;
	services?: Services;
}

async function open(changes: Changes = {}) {
	const { body = toBody(), signedWith = ownKey, sent = (same: string) => same } = changes;
	const signed = signBody(body, signedWith, clock.now() + (changes.signedAt ?? 0));
	const request = { rawBody: Buffer.from(sent(body)), headers: { ...signed, ...changes.headers } };
	return await openNotification(
		request,
		{ ...merchant, ...changes.merchant },
		changes.services ?? services,
	);
}

// 支付成功回调: https://pay.weixin.qq.com/doc/v3/merchant/4012791861
test('a notification is verified and decrypted, and long numbers keep their digits', async () => {
	expect(await open()).toMatchObject({
		id: 'EV-1',
		createTime: '2026-11-29T12:00:00+08:00',
		eventType: 'TRANSACTION.SUCCESS',
		summary: '支付成功',
		originalType: 'transaction',
		resource: {
			mchid: '1900000109',
			transaction_id: '42000000000000000001',
			amount: { total: 1 },
		},
	});
});

test('five minutes are allowed, in both directions', async () => {
	for (const signedAt of [-300_000, 300_000]) expect((await open({ signedAt })).id).toBe('EV-1');
});

test.each<[string, Changes, number, RegExp]>([
	['is not signed', { headers: { 'wechatpay-signature': undefined } }, 400, /not signed/],
	['has no serial', { headers: { 'wechatpay-serial': '' } }, 400, /not signed/],
	['has no time', { headers: { 'wechatpay-timestamp': 'now' } }, 400, /no time/],
	['is six minutes old', { signedAt: -360_000 }, 401, /6 minutes ago/],
	['comes from the future', { signedAt: 360_000 }, 401, /6 minutes from now/],
	[
		'was changed',
		{ sent: (body) => body.replace('SUCCESS', 'success') },
		401,
		/signature is wrong/,
	],
	['was written again', { sent: (body) => `${body} ` }, 401, /signature is wrong/],
	['has another nonce', { headers: { 'wechatpay-nonce': 'x' } }, 401, /signature is wrong/],
	['tests us', { headers: { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc=' } }, 401, /wrong/],
	[
		'names another public key',
		{ headers: { 'wechatpay-serial': 'PUB_KEY_ID_9' } },
		401,
		/PUB_KEY_ID_9 is not known/,
	],
	[
		'is signed by somebody else',
		{ signedWith: { ...newPlatformCertificate('x'), serial: ownKey.serial } },
		401,
		/signature is wrong/,
	],
	[
		'has a key that cannot be looked up',
		{ headers: { 'wechatpay-serial': '5157F09E' } },
		503,
		/could not be looked up/,
	],
	['is no notification', { body: '{"id":"EV-1"}' }, 400, /no notification of API v3/],
	...['id', 'event_type'].flatMap((name) =>
		[undefined, ''].map((value): [string, Changes, number, RegExp] => [
			`has ${value === undefined ? 'no' : 'an empty'} ${name}`,
			{ body: JSON.stringify({ ...(JSON.parse(toBody('{}')) as object), [name]: value }) },
			400,
			/no notification of API v3/,
		]),
	),
	['has no resource', { body: '{"id":"a","event_type":"b"}' }, 400, /no notification of API v3/],
	['is no JSON', { body: '<xml/>' }, 400, /no notification of API v3/],
	[
		'is encrypted with another key',
		{ body: toBody(RESOURCE, 'z'.repeat(32)) },
		500,
		/"API v3 Key".*does not open/,
	],
	[
		'is of another merchant',
		{ body: toBody('{"mchid":"1900000110"}') },
		400,
		/of merchant 1900000110, not of 1900000109/,
	],
	[
		'is a transfer of another merchant',
		{ body: toBody('{"mch_id":"1900000110"}') },
		400,
		/1900000110/,
	],
])('one that %s is rejected', async (_, changes, status, words) => {
	const rejected = await open(changes).catch((error: unknown) => error);
	expect(rejected).toBeInstanceOf(NotificationRejected);
	expect(rejected).toMatchObject({ status, message: expect.stringMatching(words) as string });
});

test('a partner gets those of its merchants', async () => {
	const body = toBody('{"sp_mchid":"1900000109","mchid":"1900000110","sub_mchid":"1900000111"}');
	expect((await open({ body })).id).toBe('EV-1');
	expect((await open({ body: toBody('{"complaint_id":"2"}') })).id).toBe('EV-1');
});

test('a credential that cannot be right is told instead of what comes of it', async () => {
	await expect(open({ merchant: { apiV3Key: 'short' } })).rejects.toThrow(/must have 32.*has 5/);
});
