import { createPayClient } from '../../nodes/pay/payClient';
import { GET_PATH } from '../../nodes/pay/redPacket';
import { signFields } from '../../nodes/pay/paySignature';
import { newAuthority } from '../simulator/pay/certificates';
import { parseXml } from '../simulator/http/xml';
import { MAKING_KEYS_MS } from '../support/pay';

// 随机字符串: at most 32 characters, and not to be guessed.
test(
	'each call has a nonce of its own, and is signed with it',
	async () => {
		const { cert, key } = newAuthority('Authority').issue('1900000109');
		const apiKey = 'k'.repeat(32);
		const merchant = {
			mchId: '1900000109',
			apiKey,
			certificate: { kind: 'pem', certificate: cert, privateKey: key } as const,
			baseUrl: '',
		};
		const sent: Array<Record<string, unknown>> = [];
		const client = createPayClient(merchant, async ({ url, body }) => {
			expect(url.href).toBe(`https://api.mch.weixin.qq.com${GET_PATH}`);
			sent.push(parseXml(String(body)));
			return { status: 200, contentType: '', disposition: '', body: Buffer.from('') };
		});
		for (let count = 0; count < 3; count++)
			await expect(client.call(GET_PATH, { mch_billno: 'a' })).rejects.toMatchObject({
				outcome: 'unclear',
			});
		expect(new Set(sent.map(({ nonce_str }) => nonce_str)).size).toBe(3);
		for (const { sign, ...fields } of sent) {
			expect(fields.nonce_str).toMatch(/^[0-9a-f]{32}$/);
			expect(sign).toBe(signFields(fields, apiKey));
		}
	},
	MAKING_KEYS_MS,
);
