import { getPacket } from '../../nodes/pay/redPacket';
import { UserError } from '../../nodes/base/userError';
import type { PayFields } from '../../nodes/pay/paySignature';

// Nothing that a person has to mend gets better by waiting.
test('a wrong value or credential is told at once', async () => {
	const asked: string[] = [];
	const client = {
		mchId: '1900000109',
		async call(path: string): Promise<PayFields> {
			asked.push(path);
			throw new UserError('"API v2 Key" in the credential must have 32 letters and digits');
		},
	};
	const pauses: number[] = [];
	const clock = { sleep: async (ms: number) => void pauses.push(ms) };
	const query = { mch_billno: 'n1', appid: 'wx1' };
	await expect(getPacket(client, query, { clock, random: () => 0 })).rejects.toThrow('API v2 Key');
	expect(asked).toHaveLength(1);
	expect(pauses).toEqual([]);
});
