import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import { WechatPay } from '../../nodes/WechatPay/WechatPay.node';
import type { PayV3Fault } from '../simulator/payV3';
import { execution, PACK, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { payV3CredentialsFor, usePayV3 } from '../support/payV3Server';
import { ORDER_KINDS } from './payV3Orders';
import { pay } from './support';

prepareN8n();
const server = usePayV3();
let credentials: Credentials;
let tag = '';
let made = 0;
beforeEach(() => {
	credentials = payV3CredentialsFor(server());
	tag = `oReceiver${++made}`;
});

/** The beginning of one: a sequence with version 3 (RFC 7292, 4). */
const PKCS12 = Buffer.from('308209d102010330820997', 'hex').toString('base64');
const TRANSFERS = 'POST /v3/fund-app/mch-transfer/transfer-bills';

const toItems = (count: number) => Array.from({ length: count }, () => ({ json: {} }));

describe.each(ORDER_KINDS.map((kind) => [kind.name, kind] as const))('a %s', (name, kind) => {
	const { field, label, fieldLabel, errorLabel, sendPath, lookPath, absent } = kind;
	const own = (number = `own${name}${made}`): INodeParameters => ({ [field]: number });
	const run = async (
		changes: INodeParameters = {},
		more: Parameters<typeof pay>[2] = {},
		items = toItems(1),
	) =>
		await pay(
			{ ...kind.prepare(server(), tag), ...changes },
			credentials,
			{ id: `${name}${made}`, ...more },
			items,
		);
	const countFen = () => kind.countFen(server(), tag);
	const callsSince = (before: number) =>
		server()
			.calls.slice(before)
			.map(({ method }) => method);

	test('is not made a second time by a second call with its number', async () => {
		const [first] = (await run(own())).rows;
		const [second] = (await run(own(), { id: 'another' })).rows;
		expect(kind.readNumber(second)).toBe(kind.readNumber(first));
		expect(countFen()).toBe(kind.fen);
	});

	// Retry On Fail reads expressions again (n8n 2.8.4 and 2.41.1, workflow-execute.js).
	test('keeps a number that is made of the time when n8n tries again', async () => {
		server().fault({ path: `POST ${sendPath}`, work: 'done', cut: 'read' });
		server().fault({ path: lookPath, times: 7, code: 'SYSTEM_ERROR', status: 500 });
		const { message } = await run(own('={{ "t" + $now.toMillis() }}'), {
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 0,
		});
		expect(message).toBe('');
		expect(kind.listNumbers(server(), tag)).toHaveLength(1);
		expect(countFen()).toBe(kind.fen);
	});

	test('has the same number when n8n tries again, and another one for each item, node and execution', async () => {
		const numbers = async (node: string) => {
			const { rows } = await run({}, { id: node }, toItems(2));
			return rows.map((row) => kind.readNumber(row));
		};
		const [first, second] = await numbers(`a${made}`);
		expect(first).toMatch(/^[0-9a-f]{28}$/);
		expect(second).not.toBe(first);
		expect(await numbers(`a${made}`)).toEqual([first, second]);
		const others = await numbers(`b${made}`);
		execution.id = '2';
		others.push(...(await numbers(`a${made}`)));
		execution.id = '1';
		expect(new Set([first, second, ...others]).size).toBe(6);
		expect(countFen()).toBe(6 * kind.fen);
	});

	// An agent calls a tool again when it likes, with other values, within one execution.
	test('is not made as the tool of an agent without a number', async () => {
		const before = server().calls.length;
		const tool = { type: `${PACK}.wechatPayTool` };
		const { message } = await run({}, tool);
		expect(message).toMatch(
			new RegExp(`^As a tool, WeChat Pay \\w+ no ${name} without an? ${label}\\.`),
		);
		expect(message).toContain('An agent may call a tool again, and each call would pay');
		expect(server().calls).toHaveLength(before);
		expect((await run(own(), tool)).message).toBe('');
		expect((await run(own(), tool)).message).toBe('');
		expect(countFen()).toBe(kind.fen);
	});

	test('cannot be made without an execution or a number', async () => {
		execution.id = '';
		const { message } = await run();
		execution.id = '1';
		expect(message).toContain('has no execution ID');
		expect(countFen()).toBe(0);
	});

	test('is not made when the expression of its number comes out empty', async () => {
		const before = server().calls.length;
		const { message } = await run({ [field]: '={{ $json.nothing }}' });
		expect(message).toContain(`"${fieldLabel}" is filled in, but comes out empty`);
		expect(server().calls).toHaveLength(before);
	});

	test.each<[string | undefined, boolean]>([
		[undefined, true],
		['', true],
		['mine1234', false],
		['={{ $json.id }}', false],
	])('of number %p has a notice about a second run: %p', (number, isShown) => {
		const { description } = new WechatPay();
		const parameters = { ...kind.prepare(server(), tag), [field]: number ?? '' };
		const shown = description.properties.filter(
			(one) =>
				one.type === 'notice' &&
				one.displayName.includes('a second run of the workflow') &&
				NodeHelpers.displayParameter(parameters, one, { typeVersion: 1 }, description),
		);
		expect(shown).toHaveLength(isShown ? 1 : 0);
	});

	test.each(['a b', 'äöüßäöü', 'x'.repeat(65), 'a/../b1', 'a.b.c.d'])(
		'with the number %p is refused before anything is sent',
		async (number) => {
			const before = server().calls.length;
			const { message } = await run(own(number));
			expect(message).toContain(`"${fieldLabel}" must be `);
			expect(message).toContain(', and is ');
			expect(server().calls).toHaveLength(before);
		},
	);

	test.each<[string, PayV3Fault]>([
		['the connection ends before the call is read', { cut: 'unread' }],
		['the connection ends when it was made', { work: 'done', cut: 'read' }],
		['the connection ends in the middle of the answer', { work: 'done', cut: 'half' }],
		['SYSTEM_ERROR, made', { work: 'done', code: 'SYSTEM_ERROR', status: 500 }],
		['SYSTEM_ERROR, not made', { code: 'SYSTEM_ERROR', status: 500 }],
		['a code that nobody knows', { work: 'done', code: 'NEW_IN_2027', status: 400 }],
		['a page of somebody else', { work: 'done', status: 502, body: '<html>' }],
		['an empty answer', { work: 'done', body: '' }],
		['a wrong signature', { work: 'done', isForged: true }],
		['no signature', { work: 'done', isForged: 'unsigned' }],
		['an answer about another one', { work: 'done', answer: { [field]: 'another' } }],
		['too many calls', { code: 'FREQUENCY_LIMITED', status: 429 }],
	])('is made once when its answer is lost: %s', async (_, fault) => {
		server().fault({ path: `POST ${sendPath}`, ...fault });
		const { message, rows } = await run(own());
		expect(message).toBe('');
		expect(kind.readNumber(rows[0])).toBe(`own${name}${made}`);
		expect(countFen()).toBe(kind.fen);
	});

	test('that is made but not shown yet is sent again, the very same', async () => {
		const before = server().calls.length;
		server().fault({ path: `POST ${sendPath}`, work: 'done', cut: 'read' });
		server().fault({ path: lookPath, code: absent, status: 404 });
		expect((await run(own())).rows).toMatchObject([{ confirmedBy: 'answer' }]);
		expect(callsSince(before)).toEqual(['POST', 'GET', 'POST']);
		const [first, , second] = server().calls.slice(before);
		expect(second.body).toEqual(first.body);
		expect(countFen()).toBe(kind.fen);
	});

	test('that stays in doubt is an error with its number and what to do', async () => {
		server().fault({ path: `POST ${sendPath}`, work: 'done', cut: 'read' });
		server().fault({ path: lookPath, times: 99, code: 'SYSTEM_ERROR', status: 500 });
		const { message, description } = await run(own());
		expect(message).toMatch(
			new RegExp(`^The ${name} may or may not have been .*\\[${errorLabel} own${name}${made}\\]$`),
		);
		expect(description).toContain(`run Get with this ${label}`);
		expect(description).toContain('Another number could');
		expect(`${message} ${description}`.split('may have been carried out')).toHaveLength(2);
	});

	test('that WeChat refuses is an error that names its number', async () => {
		const before = server().calls.length;
		server().fault({ path: `POST ${sendPath}`, code: 'NOT_ENOUGH', status: 403 });
		const { message } = await run(own());
		expect(message).toBe(
			`WeChat Pay says: NOT_ENOUGH的说明 (NOT_ENOUGH) [${errorLabel} own${name}${made}]`,
		);
		expect(callsSince(before)).toEqual(['POST', 'GET']);
		expect(countFen()).toBe(0);
	});

	test('of other values under a number that was used is an error', async () => {
		await run(own());
		const { message, description } = await run({ ...own(), ...kind.other }, { id: 'another' });
		expect(message).toMatch(
			new RegExp(`^There is another ${name} with this ${label}: its \\w+ is \\d+, not \\d+ \\[`),
		);
		expect(description).toContain('Other values need a number of their own');
		expect(countFen()).toBe(kind.fen);
	});

	test.each<[string, Record<string, string>, RegExp]>([
		['a key of 31 bytes', { apiV3Key: 'x'.repeat(31) }, /^"API v3 Key".*must have 32.*has 31/],
		[
			'a PKCS#12 file where PEM belongs',
			{ certificate: PKCS12 },
			/^"Certificate".*holds a PKCS#12 file.*not PEM/,
		],
	])('is not made with %s in the credential', async (_, changes, sentence) => {
		const parameters = kind.prepare(server(), tag);
		const before = server().calls.length;
		const { message } = await pay(parameters, payV3CredentialsFor(server(), changes));
		expect(message).toMatch(sentence);
		expect(server().calls).toHaveLength(before);
		expect(countFen()).toBe(0);
	});

	test('is not made while the clock is more than five minutes off, which is told', async () => {
		const parameters = kind.prepare(server(), tag);
		server().setClock(() => Date.now() + 330_000);
		const { message, description } = await pay(parameters, credentials);
		server().setClock(Date.now);
		expect(`${message} ${description}`).toMatch(/clock of this n8n is more than five minutes off/);
		expect(countFen()).toBe(0);
	});

	test('cannot have the number of another item of the run', async () => {
		const [key, value] = Object.entries(kind.other)[0];
		const items = [0, 1].map((more) => ({ json: { fen: Number(value) + more } }));
		const parameters = { ...kind.prepare(server(), tag), ...own(), [key]: '={{ $json.fen }}' };
		const { output } = await runNode('wechatPay', parameters, credentials, items, {
			onError: 'continueRegularOutput',
		});
		expect(output[1].json.error).toBe(
			`Two different items have the ${errorLabel} own${name}${made}`,
		);
		expect(kind.listNumbers(server(), tag)).toHaveLength(1);
	});

	test.each([
		['0.1', '10 fen'],
		['1.5', '150 fen'],
		['12.00', '1200 fen'],
	])('of %s is refused with the sum that was meant: %s', async (amount, fen) => {
		const before = server().calls.length;
		const [key] = Object.keys(kind.other);
		const { message } = await run({ [key]: `={{ "${amount}" }}` });
		expect(message).toMatch(new RegExp(`looks like yuan: that is ${fen}$`));
		expect(server().calls).toHaveLength(before);
	});
});

describe('an order', () => {
	const [payment] = ORDER_KINDS;
	const run = async (number: string) =>
		await pay({ ...payment.prepare(server(), tag), out_trade_no: number }, credentials);

	test('that was paid comes back as paid, with nothing to pay it with', async () => {
		await run(`paid${made}00`);
		server().pay(`paid${made}00`);
		const { rows, message } = await run(`paid${made}00`);
		expect(message).toBe('');
		expect(rows).toMatchObject([
			{ trade_state: 'SUCCESS', stateMeaning: 'paid (支付成功)', confirmedBy: 'query' },
		]);
		expect(rows[0]).not.toHaveProperty('payParams');
		expect(server().movements.filter(({ openid }) => openid === tag)).toHaveLength(1);
	});

	test('that was closed is an error', async () => {
		await run(`closed${made}00`);
		const close = { resource: 'payment', operation: 'close', out_trade_no: `closed${made}00` };
		expect((await pay(close, credentials)).rows).toEqual([{ success: true }]);
		expect((await pay(close, credentials)).rows).toEqual([{ success: true }]);
		expect((await run(`closed${made}00`)).message).toContain(
			'The payment was closed and cannot be paid any more',
		);
	});
});

describe('a refund', () => {
	const [, refund] = ORDER_KINDS;
	const run = async (changes: INodeParameters) =>
		await pay({ ...refund.prepare(server(), tag), ...changes }, credentials);

	test('of more than was paid is refused before anything is sent', async () => {
		const before = server().calls.length;
		const { message } = await run({ refund: 1001, out_refund_no: `r${made}` });
		expect(message).toBe('"Refund" is 1001 fen, and "Total" only 1000');
		expect(server().calls).toHaveLength(before);
	});

	// To a refund, RESOURCE_NOT_EXISTS is about the payment.
	test('of a payment that WeChat does not know is refused at once', async () => {
		const before = server().calls.length;
		const { message } = await run({ out_trade_no: 'nothing-here', out_refund_no: `r${made}` });
		expect(message).toContain('订单不存在 (RESOURCE_NOT_EXISTS)');
		expect(server().calls).toHaveLength(before + 2);
	});

	test('that was closed is an error that says so', async () => {
		await run({ out_refund_no: `r${made}` });
		server().finishRefund(`r${made}`, 'CLOSED');
		const { message } = await run({ out_refund_no: `r${made}` });
		expect(message).toContain('The refund was closed, and nothing was refunded');
	});
});

describe('a transfer', () => {
	const [, , transfer] = ORDER_KINDS;
	const run = async (changes: INodeParameters) =>
		await pay({ ...transfer.prepare(server(), tag), ...changes }, credentials);

	test.each<[string, INodeParameters, RegExp]>([
		[
			'of 2,000 yuan without a name',
			{ transfer_amount: 200_000, additionalFields: {} },
			/"Amount" is 2000 yuan, and "Receiver Name" is empty/,
		],
		[
			'below 0.3 yuan with a name',
			{ transfer_amount: 29 },
			/takes no "Receiver Name" below 0\.3 yuan/,
		],
		[
			'of more than 200 yuan as a red packet',
			{ transfer_amount: 20_001, additionalFields: { style: 'RED_PACKET' } },
			/"Amount" is 200\.01 yuan; a transfer that looks like a red packet is at most 200 yuan/,
		],
		[
			'without a row that its scene wants',
			{ transfer_scene_id: '1000' },
			/"Report Info" lacks 活动名称 and 奖励说明.*exactly these rows/,
		],
		[
			'with a row that its scene does not take',
			{
				transfer_scene_report_infos: {
					rows: ['采购商品名称', '活动名称'].map((info_type) => ({
						info_type,
						info_content: 'tea',
					})),
				},
			},
			/"Report Info" has 活动名称, which scene 1009 does not take/,
		],
	])('%s is refused before anything is sent', async (_, changes, sentence) => {
		const before = server().calls.length;
		const { message, description } = await run({ ...changes, out_bill_no: `t${made}` });
		expect(`${message} ${description}`).toMatch(sentence);
		expect(server().calls).toHaveLength(before);
	});

	test('has its name encrypted, and shown again by Get', async () => {
		await run({ out_bill_no: `t${made}` });
		expect(server().transfers.get(`t${made}`)?.values.user_name).toBe('张三');
		const get = { resource: 'transfer', operation: 'get', out_bill_no: `t${made}` };
		expect((await pay(get, credentials)).rows).toMatchObject([
			{ user_name: '张三', state: 'WAIT_USER_CONFIRM', transferParams: { appId: server().appId } },
		]);
	});

	// WeChat's words to the older /v3/transfer/batches: https://developers.weixin.qq.com/community/pay/doc/0000ea69408d1097f870e346762000
	// No page says the code of this call: whichever it is, the transfer that has the number is looked up.
	test.each(['INVALID_REQUEST', 'ALREADY_EXISTS', 'PARAM_ERROR', 'NEW_IN_2027'])(
		'of other values under a known number is an error, also when WeChat calls it %s',
		async (code) => {
			await run({ out_bill_no: `t${made}` });
			server().fault({ path: TRANSFERS, code, status: 400 });
			const { message } = await run({ out_bill_no: `t${made}`, transfer_amount: 501 });
			expect(message).toMatch(
				/^There is another transfer with this Transfer Number: its Amount is/,
			);
			expect(server().transfersTo(tag)).toBe(1);
		},
	);

	test.each([
		['has failed', 'has failed, and nothing was transferred (转账失败): the user has another name'],
		['was cancelled', 'was cancelled, and nothing was transferred (转账撤销完成)'],
	])('that %s is an error that says so, and is not made again', async (how, words) => {
		await run({ out_bill_no: `t${made}` });
		if (how === 'has failed') server().failTransfer(`t${made}`, 'NAME_NOT_CORRECT');
		else {
			const cancel = { resource: 'transfer', operation: 'cancel', out_bill_no: `t${made}` };
			expect((await pay(cancel, credentials)).rows).toMatchObject([{ state: 'CANCELING' }]);
			await pay({ ...cancel, operation: 'get' }, credentials);
		}
		const { message, description } = await run({ out_bill_no: `t${made}` });
		expect(message).toContain(`The transfer ${words}`);
		expect(description).toContain('use another Transfer Number');
		expect(server().transfersTo(tag)).toBe(1);
	});
});

test('a transfer that was made says so, though its name was encrypted for another certificate', async () => {
	const [, , transfer] = ORDER_KINDS;
	server().fault({ path: `POST ${transfer.sendPath}`, work: 'done', cut: 'read' });
	const user_name = Buffer.alloc(256, 7).toString('base64');
	server().fault({ path: transfer.lookPath, work: 'done', answer: { user_name } });
	const { message, rows } = await pay(transfer.prepare(server(), tag), credentials);
	expect(message).toBe('');
	expect(rows).toMatchObject([{ confirmedBy: 'query' }]);
});

// A success without a signature, and a failure of WeChat's: nobody knows whether it was done.
test.each<PayV3Fault>([
	{ isForged: 'unsigned' },
	{ code: 'SYSTEM_ERROR', status: 500 },
	{ cut: 'read' },
])('what nobody looks up is not sent again by Retry On Fail after %j', async (fault) => {
	const { complaint_id } = server().addComplaint() as { complaint_id: string };
	server().fault({
		path: 'POST /v3/merchant-service/complaints-v2/{complaint_id}/response',
		work: 'done',
		...fault,
	});
	const before = server().calls.length;
	const { message, description } = await pay(
		{ resource: 'complaint', operation: 'reply', complaint_id, response_content: 'Sorry.' },
		credentials,
		{ retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
	);
	expect(server().calls.length - before).toBe(1);
	expect(message).toContain('may have been carried out');
	expect(description).toContain('Complaint: Get History');
});

test('a field that is to be encrypted is, also when it is a number', async () => {
	const body = { appid: server().appId, out_bill_no: 'e1', openid: tag, user_name: 13800138000 };
	const before = server().calls.length;
	await pay(
		{
			resource: 'api',
			operation: 'call',
			callFrom: 'path',
			method: 'POST',
			path: '/v3/fund-app/mch-transfer/transfer-bills',
			bodyKind: 'json',
			encryptedFields: 'user_name',
			bodyJson: JSON.stringify(body),
		},
		credentials,
	);
	const [{ bytes }] = server().calls.slice(before);
	expect(bytes.toString()).toContain('"user_name":"');
	expect(bytes.toString()).not.toContain('13800138000');
});
