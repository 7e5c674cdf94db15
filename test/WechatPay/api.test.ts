import type { INodeParameters } from 'n8n-workflow';
import { prepareN8n, runNode } from '../support/n8n';
import { payV3CredentialsFor, usePayV3 } from '../support/payV3Server';

prepareN8n();
const server = usePayV3();

const run = async (params: INodeParameters) =>
	await runNode(
		'wechatPay',
		{ resource: 'api', operation: 'call', ...params },
		payV3CredentialsFor(server()),
	);
const choose = async (call: string, value: Record<string, string> | null) =>
	await run({
		call: { mode: 'list', value: call },
		callFields: { mappingMode: 'defineBelow', value },
	});
const enter = async (path: string, bodyJson = '{}', method = 'POST') =>
	await run({ callFrom: 'path', method, path, bodyKind: 'json', bodyJson });

test.each([
	['https://evil.example/v3/pay', 'names a server'],
	['//evil.example/v3/pay', 'names a server'],
	['/v3/../mmpaymkttransfers/sendredpack', 'leaves its folder'],
	['/v3/%2e%2e/x', 'holds a %'],
	['/v3/bill/tradebill?bill_date=2026-11-27', 'holds a question mark'],
	['/pay/unifiedorder', 'characters that no path'],
	['/v3/marketing/partnerships/build', 'Idempotency-Key'],
])('%s is refused, and nothing is sent', async (path, problem) => {
	const before = server().calls.length;
	const { error } = await enter(path);
	expect(error?.message).toContain(problem);
	expect(server().calls).toHaveLength(before);
});

test('an amount in yuan is refused at any depth, with the sum that was meant', async () => {
	const before = server().calls.length;
	const body = '{"out_trade_no": "order0017", "amount": {"total": 12.34, "currency": "CNY"}}';
	const entered = await enter('/v3/pay/transactions/native', body);
	expect(entered.error?.message).toContain('1234 fen');
	const chosen = await choose('POST /v3/pay/transactions/native', {
		appid: 'wxd222ec9daccce0b9',
		mchid: '1900000109',
		description: 'tea',
		out_trade_no: 'order0017',
		notify_url: 'https://n8n.example.com/webhook/pay',
		amount: '{"total": 0.1}',
	});
	expect(chosen.error?.message).toContain('10 fen');
	expect(server().calls).toHaveLength(before);
});

test('what belongs into the path of a known call cannot lead to another one', async () => {
	const path = 'GET /v3/merchant-service/complaints-v2/{complaint_id}';
	const { error } = await choose(path, { complaint_id: '..' });
	expect(error?.message).toContain('is no complaint_id');
	await choose(path, { complaint_id: 'a/b?c' });
	expect(server().calls.at(-1)?.path).toBe('/v3/merchant-service/complaints-v2/a%2Fb%3Fc');
});

test('what is encrypted in the answer of a known call is decrypted', async () => {
	server().addComplaint({ complaint_id: 'known', payer_phone: '13912345678' });
	const { output } = await choose('GET /v3/merchant-service/complaints-v2/{complaint_id}', {
		complaint_id: 'known',
	});
	expect(output[0].json.payer_phone).toBe('13912345678');
});

test('a call that changes something is sent once, also when its answer is lost', async () => {
	const path = '/v3/profitsharing/orders/unfreeze';
	server().fault({ path, cut: 'read', times: 9 });
	const before = server().count(path);
	const body =
		'{"transaction_id": "4200000451202611271334502019", "out_order_no": "P1", "description": "x"}';
	const { error } = await enter(path, body);
	expect(error?.description).toContain('Before you send it again');
	expect(server().count(path) - before).toBe(1);
});

test('a call that is not in the list is not guessed', async () => {
	const { error } = await choose('POST /v3/pay/transactions', {});
	expect(error?.message).toContain('No call of the list');
});
