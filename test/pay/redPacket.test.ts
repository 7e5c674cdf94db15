import { getPacket } from '../../nodes/pay/redPacket';
import { UserError } from '../../nodes/base/userError';
import type { PayFields } from '../../nodes/pay/paySignature';

const query = { mch_billno: 'n1', appid: 'wx1' };
const clock = { sleep: async () => {} };

test('an error of the code stays what it is', async () => {
	const error = new TypeError('x is not a function');
	const client = { mchId: 'm', call: async () => await Promise.reject<PayFields>(error) };
	await expect(getPacket(client, query, { clock, random: () => 0 })).rejects.toBe(error);
});

// Nothing that a person has to mend gets better by waiting.
test('a wrong value or credential is told at once', async () => {
	const asked: string[] = [];
	const client = {
		mchId: '1900000109',
		async call(path: string): Promise<PayFields> {
			asked.push(path);
			throw new UserError(
				'"API v2 Key" in the credential must have 32 letters and digits',
				undefined,
				undefined,
			);
		},
	};
	const pauses: number[] = [];
	const waiting = { sleep: async (ms: number) => void pauses.push(ms) };
	await expect(getPacket(client, query, { clock: waiting, random: () => 0 })).rejects.toThrow(
		'API v2 Key',
	);
	expect(asked).toHaveLength(1);
	expect(pauses).toEqual([]);
});
