import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPayV3Server, type PayV3Server } from '../simulator/payV3';
import { createTestClock, type TestClock } from '../support/clock';
import { logged, prepareN8n } from '../support/n8n';
import { payV3CredentialsFor } from '../support/payV3Server';
import { endRun, startTrigger } from './support';

/*
 * What WeChat Pay does is of https://pay.weixin.qq.com/doc/v3/merchant/4012071382 (回调通知注意事项) and 4012791861
 * (支付成功回调通知): five seconds for an answer of 200 or 204, else 15 repetitions within 24 hours and 4 minutes.
 */
prepareN8n();

let server: PayV3Server;
let clock: TestClock;
beforeAll(async () => void (server = await startPayV3Server()), 60_000);
afterAll(async () => await server.close());
beforeEach(() => {
	clock = createTestClock();
	server.setClock(() => clock.now());
});

const PAID = {
	mchid: '1900000109',
	appid: 'wxd678efh567hg6787',
	out_trade_no: '1217752501201407033233368018',
	transaction_id: '4200000000000000000000000001',
	trade_state: 'SUCCESS',
	attach: '12345678901234567890',
	amount: { total: 10_050, payer_total: 10_000, currency: 'CNY' },
};
const paid = (options: Parameters<PayV3Server['createNotification']>[2] = {}) =>
	server.createNotification('TRANSACTION.SUCCESS', PAID, options);
const AFTER_SUCCESS = { events: ['all'], respond: 'lastNode' };
const OK = [200, ''];
const failure = (status: number) => [
	status,
	{ code: 'FAIL', message: expect.any(String) as string },
];

test('a notification starts a run with what WeChat has encrypted, and is answered 200 without a body', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const notification = paid();
	const { answer, items, result } = await receive(notification.request());
	expect(answer()).toEqual(OK);
	expect(result.noWebhookResponse).toBe(false);
	expect(items).toEqual([
		{
			id: notification.id,
			event_type: 'TRANSACTION.SUCCESS',
			kind: 'payment',
			summary: '支付成功',
			create_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\+08:00$/) as string,
			original_type: 'transaction',
			resource: PAID,
		},
	]);
	expect(logged).toEqual([]);
});

test.each(['docs/payments.md', 'docs/zh-CN/payments.md'])(
	'the item that %s has for the editor is what a payment brings',
	async (file) => {
		const page = readFileSync(join(__dirname, '../..', file), 'utf8');
		const [, json = ''] = /Set Mock Data[^]*?```json\n([^]*?)```/.exec(page) ?? [];
		const [sample, ...others] = JSON.parse(json) as Array<Record<string, unknown>>;
		expect(others).toEqual([]);
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const { id, event_type, resource } = sample as { [key: string]: string } & { resource: object };
		const { items } = await receive(
			server.createNotification(event_type, { ...resource }, { id }).request(),
		);
		expect(items).toEqual([{ ...sample, create_time: expect.any(String) as string }]);
	},
);

test('a number with more digits than JavaScript can count stays exact', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const text = '{"mchid":"1900000109","plan_id":12345678901234567,"amount":{"total":1}}';
	const { items } = await receive(server.createNotification('PAPAY.SIGN', text).request());
	expect(items[0].resource).toEqual({
		mchid: '1900000109',
		plan_id: '12345678901234567',
		amount: { total: 1 },
	});
});

test('a repetition is answered 200 and starts nothing, for 24 hours and 4 minutes', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const notification = paid();
	expect((await receive(notification.request())).items).toHaveLength(1);
	for (const minutes of [1, 24 * 60 + 3]) {
		clock.turn(minutes * 60_000);
		const { answer, items } = await receive(notification.request());
		expect([answer(), items]).toEqual([OK, []]);
	}
});

test('so is the very same request, as somebody can send it who has seen it', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const sent = paid().request();
	await receive(sent);
	const { answer, items } = await receive(sent);
	expect([answer(), items]).toEqual([OK, []]);
});

// n8n answers at once, but not before it has stored the run (webhook-helpers.js of 2.8.4 and 2.41.1).
test('what n8n cannot start is not answered well, and comes again', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const notification = paid();
	const broken = await receive(notification.request(), undefined, {}, true);
	expect(broken.answer()).toBeUndefined();
	endRun(broken, 500);
	expect(broken.answer()).toEqual([500, { code: 'FAIL', message: '处理失败' }]);
	const { answer, items } = await receive(notification.request());
	expect(items).toHaveLength(1);
	expect(answer()).toEqual(OK);
});

test('five minutes later it is refused', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const sent = paid().request();
	await receive(sent);
	clock.turn(302_000);
	const { answer, items } = await receive(sent);
	expect([answer(), items]).toEqual([failure(401), []]);
});

test('two that come in one moment start one run', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const notification = paid();
	const both = await Promise.all([
		receive(notification.request()),
		receive(notification.request()),
	]);
	expect(both.flatMap(({ items }) => items)).toHaveLength(1);
	expect(both.map(({ answer }) => answer())).toEqual([OK, OK]);
});

test('each workflow gets it', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const notification = paid();
	for (const workflowId of ['one', 'two']) {
		const { items } = await receive(notification.request(), undefined, { workflowId });
		expect(items).toHaveLength(1);
	}
});

test.each([
	['signature', 401, /signature is wrong/],
	['body', 401, /signature is wrong/],
	['probe', 401, /signature is wrong/],
	['nonce', 401, /signature is wrong/],
	['serial', 401, /key .* is not known/],
	['oldTimestamp', 401, /5 are allowed.*clock/],
	['unsigned', 400, /not signed/],
	['key', 500, /./],
] as const)(
	'one with a wrong %s starts nothing and is answered %i',
	async (forge, status, line) => {
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const { answer, items, result } = await receive(paid({ forge }).request());
		expect([answer(), items, result]).toEqual([failure(status), [], { noWebhookResponse: true }]);
		expect(logged).toEqual([expect.stringMatching(line)]);
		expect(logged[0]).toMatch(/^"WeChat Pay Trigger" of workflow "workflow" refused/);
		expect(logged[0]).not.toContain(server.apiV3Key);
	},
);

test('one larger than anything that WeChat sends is refused unread', async () => {
	const credentials = payV3CredentialsFor(server);
	const opened = jest.spyOn(credentials, 'getDecrypted');
	const { receive } = startTrigger(credentials, clock);
	const { headers } = paid().request();
	const { answer, items } = await receive({ headers, body: 'x'.repeat(1024 * 1024 + 1) });
	expect([answer(), items]).toEqual([failure(400), []]);
	expect(logged).toEqual([expect.stringMatching(/larger than anything/)]);
	expect(opened).not.toHaveBeenCalled();
});

test('one of another merchant starts nothing', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	const other = { ...PAID, mchid: '1900000110' };
	const { answer, items } = await receive(
		server.createNotification('TRANSACTION.SUCCESS', other).request(),
	);
	expect([answer(), items]).toEqual([failure(400), []]);
	expect(logged).toEqual([expect.stringMatching(/of merchant 1900000110, not of 1900000109/)]);
});

test('what was refused can still come rightly signed', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server), clock);
	await receive(paid({ id: 'a', forge: 'probe' }).request());
	expect((await receive(paid({ id: 'a' }).request())).items).toHaveLength(1);
});

describe('the credential', () => {
	/** How often n8n has decrypted it. */
	function countReads(credentials: ReturnType<typeof payV3CredentialsFor>): () => number {
		const read = jest.spyOn(credentials, 'getDecrypted');
		return () => read.mock.calls.length;
	}

	test('is decrypted once a second for strangers, however many come', async () => {
		const credentials = payV3CredentialsFor(server);
		const reads = countReads(credentials);
		const { receive } = startTrigger(credentials, clock);
		const forged = paid({ forge: 'signature' }).request();
		for (let count = 0; count < 500; count++) {
			await receive(forged);
			clock.turn(10);
		}
		expect(reads()).toBe(5);
		expect((await receive(paid().request())).answer()).toEqual(OK);
	});

	test('is decrypted once for all strangers who come in one moment', async () => {
		const credentials = payV3CredentialsFor(server);
		const reads = countReads(credentials);
		const { receive } = startTrigger(credentials, clock);
		const forged = paid({ forge: 'signature' }).request();
		await Promise.all(Array.from({ length: 50 }, async () => await receive(forged)));
		expect(reads()).toBe(1);
	});

	test('that is corrected opens notifications within a second', async () => {
		const credentials = payV3CredentialsFor(server, { apiV3Key: 'x'.repeat(32) });
		const { receive } = startTrigger(credentials, clock);
		expect((await receive(paid({ id: 'a' }).request())).answer()).toEqual(failure(500));
		credentials.data.apiV3Key = server.apiV3Key;
		clock.turn(1000);
		expect((await receive(paid({ id: 'a' }).request())).items).toHaveLength(1);
	});
});

test('a credential that cannot be right is a failure, which the log explains', async () => {
	const { receive } = startTrigger(payV3CredentialsFor(server, { apiV3Key: 'short' }), clock);
	const { answer, items } = await receive(paid().request());
	expect([answer(), items]).toEqual([failure(500), []]);
	expect(logged).toEqual([expect.stringMatching(/"API v3 Key" in the credential/)]);
});

describe('events', () => {
	test.each([
		['TRANSACTION.SUCCESS', ['TRANSACTION.SUCCESS'], 1],
		['REFUND.CLOSED', ['TRANSACTION.SUCCESS'], 0],
		['REFUND.CLOSED', ['all', 'TRANSACTION.SUCCESS'], 0],
		['REFUND.CLOSED', ['all'], 1],
		['REFUND.CLOSED', ['other'], 0],
		['NEW.EVENT', ['other'], 1],
		['NEW.EVENT', ['REFUND.CLOSED'], 0],
		['SECURITY_ECHO.SUCCESS', ['all'], 0],
		['SECURITY_ECHO.SUCCESS', [], 0],
		['SECURITY_ECHO.SUCCESS', ['SECURITY_ECHO.SUCCESS'], 1],
	])('%s with %j chosen starts %i runs, and is answered 200', async (event, events, runs) => {
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const sent = server.createNotification(event, PAID).request();
		for (const respond of ['onReceived', 'lastNode']) {
			const received = await receive(sent, { events, respond }, { workflowId: respond });
			expect(received.items).toHaveLength(runs);
			if (runs === 1 && respond === 'lastNode') endRun(received, 200);
			expect(received.answer()).toEqual(OK);
		}
	});
});

describe('after the workflow has succeeded', () => {
	test('WeChat is answered when the run is over', async () => {
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const received = await receive(paid().request(), AFTER_SUCCESS);
		expect(received.result.noWebhookResponse).toBe(false);
		expect(received.answer()).toBeUndefined();
		endRun(received, 200);
		expect(received.answer()).toEqual(OK);
	});

	test('a run that failed is answered 500, and the repetition starts another one', async () => {
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const notification = paid();
		const first = await receive(notification.request(), AFTER_SUCCESS);
		endRun(first, 500);
		expect(first.answer()).toEqual(failure(500));
		clock.turn(15_000);
		const second = await receive(notification.request(), AFTER_SUCCESS);
		expect(second.items).toHaveLength(1);
		endRun(second, 200);
		expect((await receive(notification.request(), AFTER_SUCCESS)).items).toEqual([]);
	});

	test('a run of seven seconds is started once: the first answer is 500, that to the repetition 200', async () => {
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const notification = paid();
		const first = await receive(notification.request(), AFTER_SUCCESS);
		clock.turn(4400);
		expect(first.answer()).toBeUndefined();
		clock.turn(200);
		expect(first.answer()).toEqual(failure(500));
		clock.turn(2400);
		expect(() => endRun(first, 200)).not.toThrow();
		expect(first.response.body).toMatch(/FAIL/);
		clock.turn(8000);
		const second = await receive(notification.request(), AFTER_SUCCESS);
		expect([second.answer(), second.items]).toEqual([OK, []]);
	});

	test('a repetition waits for the run that is under way, as long as WeChat does', async () => {
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const notification = paid();
		const first = await receive(notification.request(), AFTER_SUCCESS);
		clock.turn(15_000);
		const second = await receive(notification.request(), AFTER_SUCCESS);
		expect([second.answer(), second.items]).toEqual([undefined, []]);
		clock.turn(4600);
		expect(second.answer()).toEqual(failure(500));
		clock.turn(10_400);
		const third = await receive(notification.request(), AFTER_SUCCESS);
		endRun(first, 200);
		expect([third.answer(), third.items]).toEqual([OK, []]);
	});

	test('a long run that fails in the end starts anew with the next repetition', async () => {
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const notification = paid();
		const first = await receive(notification.request(), AFTER_SUCCESS);
		clock.turn(20_000);
		endRun(first, 500);
		expect((await receive(notification.request(), AFTER_SUCCESS)).items).toHaveLength(1);
	});

	test('WeChat may have hung up before the run is over', async () => {
		const { receive } = startTrigger(payV3CredentialsFor(server), clock);
		const notification = paid();
		const first = await receive(notification.request(), AFTER_SUCCESS);
		first.response.hangUp();
		endRun(first, 200);
		const second = await receive(notification.request(), AFTER_SUCCESS);
		expect([second.answer(), second.items]).toEqual([OK, []]);
	});
});

describe('after a restart', () => {
	const settle = async () => await new Promise((resolve) => setTimeout(resolve, 50));

	test('what was answered is known', async () => {
		const credentials = payV3CredentialsFor(server);
		const notification = paid();
		await startTrigger(credentials, clock).receive(notification.request());
		await settle();
		clock.turn(23 * 3_600_000);
		const { answer, items } = await startTrigger(credentials, clock).receive(
			notification.request(),
		);
		expect([answer(), items]).toEqual([OK, []]);
		expect(logged).toEqual([]);
	});

	test('a run that had not succeeded starts again', async () => {
		const credentials = payV3CredentialsFor(server);
		const notification = paid();
		await startTrigger(credentials, clock).receive(notification.request(), AFTER_SUCCESS);
		await settle();
		const { items } = await startTrigger(credentials, clock).receive(notification.request());
		expect(items).toHaveLength(1);
	});

	test('the newest 500 are known, and no more fill the credential', async () => {
		const credentials = payV3CredentialsFor(server);
		const { receive } = startTrigger(credentials, clock);
		const all = Array.from({ length: 510 }, () => paid());
		for (const notification of all) {
			clock.turn(1);
			await receive(notification.request());
		}
		await settle();
		const { shelves } = JSON.parse(String(credentials.data.state)) as {
			shelves: { notifications: object };
		};
		expect(Object.keys(shelves.notifications)).toHaveLength(500);
		const restarted = startTrigger(credentials, clock);
		expect((await restarted.receive(all[509].request())).items).toEqual([]);
		expect((await restarted.receive(all[0].request())).items).toHaveLength(1);
	}, 60_000);

	test('a notification is worked on though nothing can be saved, which is told once', async () => {
		const credentials = payV3CredentialsFor(server);
		jest.spyOn(credentials, 'preAuthentication').mockRejectedValue(new Error('The disk is full'));
		const { receive } = startTrigger(credentials, clock);
		for (let times = 0; times < 2; times++) {
			expect((await receive(paid().request())).answer()).toEqual(OK);
			await settle();
		}
		expect(logged).toEqual([expect.stringMatching(/could not note .*The disk is full/)]);
	});
});
