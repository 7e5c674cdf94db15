import { createPayClient } from '../../nodes/pay/payClient';
import { readOutcome, type PayFailure } from '../../nodes/pay/payError';
import { GET_PATH } from '../../nodes/pay/redPacket';
import { signFields } from '../../nodes/pay/paySignature';
import { toXml } from '../../nodes/base/xml';
import { newAuthority } from '../simulator/pay/certificates';
import { parseXml } from '../simulator/http/xml';
import { MAKING_KEYS_MS } from '../support/pay';

const toRequest = (text: string) => text.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST');
const { cert, key } = newAuthority('Authority').issue('1900000109');
const merchant = {
	mchId: '1900000109',
	apiKey: 'k'.repeat(32),
	certificate: { kind: 'pem', certificate: cert, privateKey: key } as const,
	baseUrl: '',
};

// 随机字符串: at most 32 characters, and not to be guessed.
test(
	'each call has a nonce of its own, and is signed with it',
	async () => {
		const sent: Array<Record<string, unknown>> = [];
		const client = createPayClient(merchant, async ({ url, body }) => {
			expect(url.href).toBe(`https://api.mch.weixin.qq.com${GET_PATH}`);
			sent.push(parseXml(String(body)));
			return { status: 200, contentType: '', disposition: '', body: Buffer.from('') };
		});
		for (let count = 0; count < 3; count++)
			await expect(
				client.call(GET_PATH, { mch_billno: 'a' }).catch((error: PayFailure) => readOutcome(error)),
			).resolves.toBe('unclear');
		expect(new Set(sent.map(({ nonce_str }) => nonce_str)).size).toBe(3);
		for (const { sign, ...fields } of sent) {
			expect(fields.nonce_str).toMatch(/^[0-9a-f]{32}$/);
			expect(sign).toBe(signFields(fields, merchant.apiKey));
		}
	},
	MAKING_KEYS_MS,
);

// 商户号, APIv2密钥: digits; 32 letters and digits.
test.each<[string, object, string]>([
	['a number of 7 digits', { mchId: '1234567' }, '"Merchant Number"'],
	['a number of 13 digits', { mchId: '1234567890123' }, '"Merchant Number"'],
	['a number behind a letter', { mchId: 'x1900000109' }, '"Merchant Number"'],
	['a number before a line', { mchId: '1900000109\n<x>' }, '"Merchant Number"'],
	['a key of 31 characters', { apiKey: 'k'.repeat(31) }, '"API v2 Key"'],
	['a key of 33 characters', { apiKey: 'k'.repeat(33) }, '"API v2 Key"'],
	['a key with a sign before it', { apiKey: `-${'k'.repeat(32)}` }, '"API v2 Key"'],
	[
		'a request for a certificate as the authority',
		{ caCertificate: toRequest(cert) },
		'"CA Certificate"',
	],
	['an address without TLS', { baseUrl: 'http://api.mch.weixin.qq.com' }, '"API Base URL"'],
])('nothing is sent with %s', async (_, changes, words) => {
	const http = jest.fn();
	await expect(
		createPayClient({ ...merchant, ...changes }, http).call(GET_PATH, {}),
	).rejects.toThrow(words);
	expect(http).not.toHaveBeenCalled();
});

describe('an answer', () => {
	const answer = async (fields: Record<string, string>, status = 200) => {
		const body = Buffer.from(toXml(fields));
		return await createPayClient(merchant, async () => ({
			status,
			contentType: '',
			disposition: '',
			body,
		})).call(GET_PATH, {});
	};
	const success = { return_code: 'SUCCESS', result_code: 'SUCCESS', mch_billno: 'n' };
	const sign = signFields(success, merchant.apiKey);

	test('may be signed, or not', async () => {
		expect(await answer(success)).toEqual(success);
		expect(await answer({ ...success, sign })).toEqual({ ...success, sign });
	});

	test.each([
		['another signature', '0'.repeat(32)],
		['a beginning of the right one', sign.slice(0, 31)],
		['more than the right one', `${sign}0`],
		['a beginning of one character', sign[0]],
	])('with %s is not believed', async (_, other) => {
		await expect(answer({ ...success, sign: other })).rejects.toMatchObject({ code: 'SIGN' });
	});

	// return_code is about the call, result_code about its work: a success is both.
	test.each<[string, Record<string, string>, number]>([
		['fails in its work', { ...success, result_code: 'FAIL', err_code: 'SYSTEMERROR' }, 200],
		['fails as a call', { ...success, return_code: 'FAIL', return_msg: 'no' }, 200],
		['says nothing of its work', { return_code: 'SUCCESS', mch_billno: 'n' }, 200],
		['comes with another status', success, 502],
	])('that %s is no success', async (_, fields, status) => {
		await expect(answer(fields, status)).rejects.toThrow();
	});
});
