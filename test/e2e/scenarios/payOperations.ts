import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { formatBeijingTime } from '../../../nodes/engine/beijingTime';
import { startPayV3Server, type PayV3Server } from '../../simulator/payV3';
import { payV3SecretsOf } from '../../support/payV3Server';
import { PAY_TYPE, toPayV3Credential } from '../n8n/credentials';
import { findError, type Execution } from '../n8n/execution';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { listPackErrors } from '../services/log';
import { createRunnableWorkflow } from '../workflows/runnableWorkflow';
import { createNode } from '../workflows/workflow';

type Json = Record<string, unknown>;

/** WeChat Pay of API v3 at work, and how to run the node once. */
interface Place {
	environment: ScenarioEnvironment;
	server: PayV3Server;
	execute(parameters: Json, options?: { mayFail?: boolean }): Promise<Execution>;
	/** What it puts out; throws its error. */
	run(parameters: Json): Promise<Json[]>;
}

const scenario: Scenario = {
	name: 'payOperations',
	run: async (environment) => {
		const server = await startPayV3Server();
		try {
			const place = await openPlace(environment, server);
			await paysAndRefunds(place);
			await transfers(place);
			await reads(place);
			await explains(place);
			await tellsNoSecret(place);
		} finally {
			await server.close();
		}
	},
};

export default scenario;

async function openPlace(environment: ScenarioEnvironment, server: PayV3Server): Promise<Place> {
	const { session } = environment;
	const data = toPayV3Credential(server);
	const credentials = { [PAY_TYPE]: await session.createCredential('pay v3', PAY_TYPE, data) };
	const execute: Place['execute'] = async (parameters, options) => {
		const nodes = [
			createNode('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
			createNode('Pay', 'n8n-nodes-wechat-platform.wechatPay', 1, parameters, credentials),
		];
		const connections = { Start: { main: [[{ node: 'Pay', type: 'main', index: 0 }]] } };
		const workflow = { name: 'pays', nodes, connections };
		const start = await createRunnableWorkflow(environment, workflow, credentials);
		return await start(options);
	};
	const run = async (parameters: Json) => session.listItems(await execute(parameters), 'Pay');
	return { environment, server, execute, run };
}

const orderOf = ({ appId }: PayV3Server, operation: string, out_trade_no: string): Json => ({
	resource: 'payment',
	operation,
	appid: appId,
	description: 'Tea House - Spring Tea',
	total: 10_050,
	out_trade_no,
	notify_url: 'https://n8n.example.com/webhook/paid',
});

async function paysAndRefunds({ environment, server, execute, run }: Place): Promise<void> {
	const { check, session } = environment;

	await check('payment with a QR code: the address, and a picture of it', async () => {
		const execution = await execute({
			...orderOf(server, 'createNative', 'table7-001'),
			image: true,
		});
		const [{ code_url, out_trade_no }] = session.listItems(execution, 'Pay');
		assert.match(String(code_url), /^weixin:\/\/wxpay\/bizpayurl\?pr=/);
		assert.equal(out_trade_no, 'table7-001');
		const [[item]] = execution.data.resultData.runData.Pay[0].data?.main as Array<
			Array<{ binary?: Record<string, { mimeType: string; fileName: string }> }>
		>;
		const [{ mimeType, fileName }] = Object.values(item.binary ?? {});
		assert.deepEqual([mimeType, fileName], ['image/png', 'payment.png']);
	});

	const jsapi = {
		...orderOf(server, 'createJsapi', 'page-001'),
		openid: 'oBuyerOfTheTeaHouse00000001',
	};
	await check('payment on a page: its parameters are signed by the merchant', async () => {
		const [{ payParams }] = await run(jsapi);
		const {
			appId,
			timeStamp,
			nonceStr,
			package: text,
			signType,
			paySign,
		} = payParams as Record<string, string>;
		assert.equal(signType, 'RSA');
		const signed = `${[appId, timeStamp, nonceStr, text].join('\n')}\n`;
		const signature = Buffer.from(paySign, 'base64');
		assert.ok(verify('RSA-SHA256', Buffer.from(signed), server.client.cert, signature));
	});

	await check('payment: the same order again is the same order', async () => {
		await run(jsapi);
		assert.equal(server.payments.size, 2);
	});

	await check('payment: paid, found by either number, and refunded once', async () => {
		const { transaction_id } = server.pay('page-001');
		const get = { resource: 'payment', operation: 'get' };
		const [byOrder] = await run({ ...get, by: 'out-trade-no', out_trade_no: 'page-001' });
		const [byId] = await run({ ...get, by: 'id', transaction_id });
		assert.deepEqual(byOrder, byId);
		assert.equal(byOrder.trade_state, 'SUCCESS');
		const refund = {
			resource: 'refund',
			operation: 'create',
			by: 'out_trade_no',
			out_trade_no: 'page-001',
			refund: 5000,
			total: 10_050,
			out_refund_no: 'refund-page-001',
		};
		// Made, and its answer is lost.
		server.fault({ path: 'POST /v3/refund/domestic/refunds', work: 'done', cut: 'read' });
		await run(refund);
		await run(refund);
		assert.equal(server.refundedOf('page-001'), 5000);
		server.finishRefund('refund-page-001');
		const found = { resource: 'refund', operation: 'get', out_refund_no: 'refund-page-001' };
		assert.equal((await run(found))[0].status, 'SUCCESS');
	});
}

const transferTo = (server: PayV3Server, changes: Json = {}): Json => ({
	resource: 'transfer',
	operation: 'create',
	appid: server.appId,
	openid: 'oWinnerOfTheLottery00000001',
	transfer_amount: 300_000,
	out_bill_no: 'prize001',
	transfer_scene_id: '1000',
	transfer_scene_report_infos: {
		rows: [
			{ info_type: '活动名称', info_content: '新会员有礼' },
			{ info_type: '奖励说明', info_content: '注册会员抽奖一等奖' },
		],
	},
	transfer_remark: 'First prize',
	additionalFields: { user_name: '李雷' },
	...changes,
});

async function transfers({ environment, server, run }: Place): Promise<void> {
	const { check } = environment;
	await check(
		'transfer: the page gets what it needs, and the name was sent encrypted',
		async () => {
			const [{ transferParams, state }] = await run(transferTo(server));
			assert.deepEqual(Object.keys(transferParams as object).sort(), ['appId', 'mchId', 'package']);
			assert.equal(state, 'WAIT_USER_CONFIRM');
			const sent = server.calls.find(({ path }) => path.endsWith('/transfer-bills'));
			assert.equal((sent?.body as Json).user_name, '李雷');
			assert.ok(!sent?.bytes.includes('李雷'));
		},
	);

	await check('transfer: confirmed by the user, it is found as received', async () => {
		server.confirmTransfer('prize001');
		const get = { resource: 'transfer', operation: 'get', by: 'out-bill-no' };
		const [{ state }] = await run({ ...get, out_bill_no: 'prize001' });
		assert.equal(state, 'SUCCESS');
		assert.equal(server.paidTo('oWinnerOfTheLottery00000001'), 300_000);
	});
}

const TRADES = [
	'交易时间,微信订单号,商户订单号,应结订单金额,商品名称,手续费,费率,订单金额',
	'`2026-11-27 08:35:41,`4200000451202611271334502019,`0012026112700000017,`0.57,`茶, 100g,`0.00600,`0.60%,`1.00',
	'总交易单数,应结订单总金额,手续费总金额,订单总金额',
	'`1,`0.57,`0.00600,`1.00',
];

async function reads({ environment, server, run }: Place): Promise<void> {
	const { check } = environment;
	await check('bill: rows in fen with all digits of their numbers', async () => {
		const day = formatBeijingTime(Date.now() - 86_400_000).slice(0, 10);
		server.setBill('trade', day, `\uFEFF${TRADES.join('\r\n')}\r\n`);
		const [row, ...others] = await run({ resource: 'bill', operation: 'getTrades' });
		assert.deepEqual(others, []);
		const { transaction_id, out_trade_no, settlement_total, fee, description } = row;
		assert.deepEqual(
			[transaction_id, out_trade_no, settlement_total, fee, description],
			['4200000451202611271334502019', '0012026112700000017', 57, 0.6, '茶, 100g'],
		);
	});

	await check('complaint: listed with its phone opened, answered and completed', async () => {
		server.addComplaint({
			complaint_id: '200201820200101080076610000',
			payer_phone: '13912345678',
		});
		const complaint = { resource: 'complaint', complaint_id: '200201820200101080076610000' };
		const [listed] = await run({ resource: 'complaint', operation: 'getAll', returnAll: true });
		assert.equal(listed.payer_phone, '13912345678');
		await run({ ...complaint, operation: 'reply', response_content: '已退款' });
		await run({ ...complaint, operation: 'complete' });
		assert.equal((await run({ ...complaint, operation: 'get' }))[0].complaint_state, 'PROCESSED');
	});
}

async function explains({ environment, server, execute }: Place): Promise<void> {
	const { check } = environment;
	const failures: Array<[string, Json, RegExp]> = [
		[
			'an amount that looks like yuan',
			{ ...orderOf(server, 'createNative', 'table7-002'), total: 100.5 },
			/10050/,
		],
		[
			'an AppID of somebody else',
			{ ...orderOf(server, 'createNative', 'table7-003'), appid: 'wx0000000000000000' },
			/APPID_MCHID_NOT_MATCH.*AppID账号管理/s,
		],
		[
			'a transfer under a number that was used',
			transferTo(server, { transfer_amount: 400_000 }),
			/prize001/,
		],
	];
	for (const [what, parameters, words] of failures)
		await check(`the execution says what to do about ${what}`, async () => {
			assert.match(String(findError(await execute(parameters, { mayFail: true }))), words);
		});

	await check('the execution says what to do when the account is empty', async () => {
		const { balance } = server;
		server.setBalance(0);
		const failed = await execute(transferTo(server, { out_bill_no: 'prize002' }), {
			mayFail: true,
		});
		server.setBalance(balance);
		assert.match(String(findError(failed)), /not enough money.*same number/s);
		assert.equal(server.transfersTo('oWinnerOfTheLottery00000001'), 1);
	});
}

async function tellsNoSecret({ environment, server }: Place): Promise<void> {
	const { check, n8n, session } = environment;
	await check('nothing secret is in executions or the log', async () => {
		const executions = await session.api('GET', '/executions?includeData=true&limit=250');
		const told = [JSON.stringify(executions), n8n.log()].join('\n');
		for (const secret of payV3SecretsOf(server)) assert.ok(!told.includes(secret));
		assert.deepEqual(listPackErrors(n8n.log()), []);
	});
}
