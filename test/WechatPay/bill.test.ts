import { gunzipSync } from 'node:zlib';
import { prepareN8n, runNode } from '../support/n8n';
import { payV3CredentialsFor, usePayV3 } from '../support/payV3Server';
import { prepareBills } from './preparedBills';

/** Source: https://pay.weixin.qq.com/doc/v3/merchant/4012556654 and the questions in 4013071254. */

prepareN8n();
const server = usePayV3();
const words: Record<string, string> = {};
beforeEach(async () => await prepareBills(server(), words));

const run = async (params: Record<string, string | boolean> = {}, operation = 'getTrades') =>
	await runNode(
		'wechatPay',
		{ resource: 'bill', operation, ...params },
		payV3CredentialsFor(server()),
	);

test('without a date it is that of yesterday in Beijing', async () => {
	const yesterday = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
	await run();
	expect(server().calls.at(-1)?.query.bill_date).toBe(yesterday);
});

test('a day that is not over is refused before WeChat is asked', async () => {
	const before = server().calls.length;
	const { error } = await run({ bill_date: words.today });
	expect(error?.message).toContain('a day that is not over');
	expect(server().calls).toHaveLength(before);
});

test('a bill that was damaged on its way is refused', async () => {
	server().setBill('trade', words.day, 'x', { isDamaged: true });
	const { error } = await run({ bill_date: words.day });
	expect(error?.message).toContain('damaged');
});

test('the file is as WeChat made it, with its byte order mark', async () => {
	const { output } = await run({ bill_date: words.day, output: 'file' });
	const bytes = Buffer.from(String(output[0].binary?.data.data), 'base64');
	expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
	expect(output[0].json).toEqual({ bill_date: words.day, bytes: bytes.length });
	expect(() => gunzipSync(bytes)).toThrow();
});

test('a day without a bill is an error that says why, unless it is wanted empty', async () => {
	const { error } = await run({ bill_date: words.emptyDay });
	expect(error?.message).toContain('NO_STATEMENT_EXIST');
	expect(error?.description).toContain('Empty Without Bill');
	const { output } = await run({
		bill_date: words.emptyDay,
		output: 'summary',
		emptyWithoutBill: true,
	});
	expect(output.map(({ json }) => json)).toEqual([{ bill_date: words.emptyDay, count: 0 }]);
});

test('a bill that is not ready is never empty: it says when to ask again', async () => {
	server().fault({
		path: '/v3/bill/tradebill',
		status: 400,
		code: 'STATEMENT_CREATING',
		times: 9,
	});
	const { error } = await run({ bill_date: words.day, emptyWithoutBill: true });
	expect(error?.message).toContain('STATEMENT_CREATING');
	expect(error?.description).toContain('10:00');
});
