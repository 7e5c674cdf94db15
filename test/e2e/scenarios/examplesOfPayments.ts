import assert from 'node:assert/strict';
import { formatBeijingTime } from '../../../nodes/engine/beijingTime';
import { joinChat, MINI_PROGRAM_ACCOUNT, startSimulator, type Simulator } from '../../simulator';
import { startPayV3Server, type PayV3Server } from '../../simulator/payV3';
import { ACCOUNT_TYPE, PAY_TYPE, toAccountCredential, toPayV3Credential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { eventually, waitForAll } from '../services/eventually';
import { activateWorkflowWith, changeParameters } from '../workflows/activeWorkflow';
import { createCallableNode } from '../workflows/callableNode';
import { billInTable, refundWithApproval, shopPayment } from '../workflows/exampleWorkflows';
import { untilWaiting } from '../workflows/questionWorkflows';
import { createRunnableWorkflow } from '../workflows/runnableWorkflow';
import { toPayWebhookUrl, withCredential, type Workflow } from '../workflows/workflow';

type Credential = { id: string; name: string };

/** An account and a mini program that are bound to one merchant. */
interface Place extends ScenarioEnvironment {
	server: PayV3Server;
	pay: Credential;
	account: Credential;
}

const scenario: Scenario = {
	name: 'examples of payments',
	run: async (outer) => {
		const simulator = await startSimulator({ followers: 10 });
		const mini = await startSimulator({ accounts: [MINI_PROGRAM_ACCOUNT] });
		const appIds = [simulator, mini].map(({ account }) => account.appId);
		const server = await startPayV3Server({ appIds });
		const { session } = outer;
		const data = toAccountCredential(simulator);
		const place: Place = {
			...outer.copyWith({ simulator }),
			server,
			pay: await session.createCredential('Merchant', PAY_TYPE, toPayV3Credential(server)),
			account: await session.createCredential('Payments', ACCOUNT_TYPE, data),
		};
		try {
			await waitForAll([sells(place, mini), refunds(place), tabulates(place)]);
		} finally {
			await Promise.all([simulator, mini, server].map((one) => one.close()));
		}
	},
};

export default scenario;

/** Creates an order, which the user pays. Returns the resource of its notification. */
async function buy(place: Place, { account }: Simulator, out_trade_no: string, openid: string) {
	const create = await createCallableNode(place, {
		type: 'n8n-nodes-wechat-platform.wechatPay',
		parameters: {
			resource: 'payment',
			operation: 'createJsapi',
			appid: account.appId,
			openid,
			description: 'Tea',
			total: 10_050,
			out_trade_no,
			notify_url: 'https://n8n.example.com/webhook/paid',
		},
		credentials: { [PAY_TYPE]: place.pay },
	});
	await create();
	return place.server.pay(out_trade_no);
}

/** The nodes of a workflow that name this credential get it. */
const withNamedCredential = (
	workflow: Workflow,
	name: string,
	credential: Credential,
): Workflow => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.credentials?.[ACCOUNT_TYPE]?.name === name
			? { ...node, credentials: { [ACCOUNT_TYPE]: credential } }
			: node,
	),
});

async function sells(place: Place, mini: Simulator): Promise<void> {
	const { check, n8n, session, simulator, server, pay, account } = place;
	const program = await session.createCredential('Mini program', ACCOUNT_TYPE, {
		...toAccountCredential(mini),
		kind: 'miniProgram',
	});
	const createTag = await createCallableNode(place, {
		type: 'n8n-nodes-wechat-platform.wechat',
		parameters: { resource: 'tag', operation: 'create', name: 'Customers' },
		credentials: { [ACCOUNT_TYPE]: account },
	});
	const [{ id: tag }] = await createTag();
	const appIds = JSON.stringify(shopPayment)
		.replace('wxOfficialAccount0', simulator.account.appId)
		.replace('wxMiniProgram00000', mini.account.appId);
	const changed = [
		['Tag', { tag: { __rl: true, mode: 'id', value: String(tag) } }],
		['A minute', { amount: 1, unit: 'seconds' }],
	] as const;
	const shop = changed.reduce(
		(workflow, [node, parameters]) => changeParameters(workflow, node, parameters),
		JSON.parse(appIds) as Workflow,
	);
	const named = withNamedCredential(
		withNamedCredential(shop, 'WeChat account', account),
		'WeChat mini program',
		program,
	);
	const made = await session.createWorkflow(withCredential(named, PAY_TYPE, pay));
	await session.activate(made.id);
	const url = toPayWebhookUrl(n8n.url, made);
	const notify = async (resource: ReturnType<PayV3Server['pay']>, runs: number) => {
		const notification = server.createNotification('TRANSACTION.SUCCESS', resource, { url });
		for (let times = 0; times < 2; times++)
			assert.deepEqual(await notification.deliver(), { status: 200, body: '' });
		const [execution, ...others] = await session.executions(made.id, runs, 30_000);
		assert.equal(findError(execution), undefined);
		assert.equal(others.length, runs - 1);
	};
	const tagsOf = await createCallableNode(place, {
		type: 'n8n-nodes-wechat-platform.wechat',
		parameters: { resource: 'tag', operation: 'getOfUser', openid: '={{ $json.body.openid }}' },
		credentials: { [ACCOUNT_TYPE]: account },
	});

	await check('shop: who pays in the account is tagged and thanked, once', async () => {
		const openid = simulator.openids()[0];
		await notify(await buy(place, simulator, 'order20261128001', openid), 1);
		assert.deepEqual((await tagsOf({ openid }))[0].tagid_list, [tag]);
		const thanks = simulator.messages.filter(({ body }) => body.touser === openid);
		assert.equal(thanks.length, 1);
		assert.match(JSON.stringify(thanks), /订单 order20261128001 的 100\.50 元/);
		assert.equal(mini.count('/wxa/sec/order/upload_shipping_info'), 0);
	});

	await check('shop: what is paid in the mini program is shipped there, once', async () => {
		const openid = 'oBuyerInTheMiniProgram000001';
		const resource = await buy(place, mini, 'order20261128002', openid);
		await notify(resource, 2);
		const shipped = mini.calls.filter(({ path }) => path === '/wxa/sec/order/upload_shipping_info');
		assert.equal(shipped.length, 1);
		const { upload_time, ...rest } = shipped[0].body as Record<string, unknown>;
		assert.ok(upload_time);
		assert.deepEqual(rest, {
			order_key: { order_number_type: 2, transaction_id: resource.transaction_id },
			payer: { openid },
			logistics_type: 3,
			delivery_mode: 1,
			shipping_list: [{ item_desc: '订单 order20261128002' }],
		});
	});
}

async function refunds(place: Place): Promise<void> {
	const { check, session, simulator, server, pay, account } = place;
	const [boss, buyer, stranger] = simulator.openids().slice(1);
	const workflow = withCredential(
		changeParameters(refundWithApproval, 'Ask the manager', { touser: boss }),
		PAY_TYPE,
		pay,
	);
	const { id, url } = await activateWorkflowWith(place, workflow, account);
	const join = (openid: string) =>
		joinChat(simulator, {
			openid,
			push: async (message) => await simulator.push(url, message),
		});
	const [manager, customer, other] = [boss, buyer, stranger].map(join);
	let runs = 0;
	const isOver = async () => {
		const [execution] = await session.executions(id, ++runs, 30_000);
		assert.equal(findError(execution), undefined);
	};
	const isTold = async (person: typeof customer, words: RegExp) => {
		await isOver();
		await eventually(() => assert.match(String(person.seen.at(-1)), words));
	};
	const ask = async (number: string) => {
		assert.match((await customer.say(`退款 ${number}`)).shown, /正在查询/);
		await untilWaiting(session, id);
		await eventually(() =>
			assert.match(String(manager.seen.at(-1)), new RegExp(`100\\.50 元\\n.*${number}`)),
		);
	};
	for (const number of ['bought20261128001', 'bought20261128002'])
		await buy(place, simulator, number, buyer);

	await check('refund: something else is answered with what helps', async () => {
		assert.match((await customer.say('hello')).shown, /退款 订单号/);
		assert.match((await customer.say('退款')).shown, /退款 订单号/);
		runs += 1;
		await isOver();
	});

	await check('refund: an order that nobody has, or somebody else, is not refunded', async () => {
		await customer.say('refund: bought20261128009');
		await isTold(customer, /没有找到.*bought20261128009/);
		await other.say('退款bought20261128001');
		await isTold(other, /没有找到.*bought20261128001/);
		assert.equal(server.refunds.size, 0);
		assert.deepEqual(manager.seen, []);
	});

	await check(
		'refund: what the manager declines is not refunded, and the customer hears so',
		async () => {
			await ask('bought20261128001');
			await manager.tap('拒绝');
			await isTold(customer, /未通过/);
			assert.equal(server.refunds.size, 0);
		},
	);

	await check(
		'refund: what the manager approves is refunded under a number of its own',
		async () => {
			await ask('bought20261128001');
			await manager.tap('同意');
			await isTold(customer, /100\.50 元正在退回/);
			assert.deepEqual([...server.refunds.keys()], ['refund-bought20261128001']);
			assert.equal(server.refundedOf('bought20261128001'), 10_050);
		},
	);

	await check('refund: what is refunded already is not asked about again', async () => {
		await customer.say('退款 bought20261128001');
		await isTold(customer, /没有找到/);
		assert.equal(server.refundedOf('bought20261128001'), 10_050);
	});

	await check('refund: a run that failed is safe to run again', async () => {
		await ask('bought20261128002');
		// Made, but nothing that WeChat says tells of it.
		const refunds = '/v3/refund/domestic/refunds';
		server.fault({ path: `POST ${refunds}`, work: 'done', code: 'NOT_ENOUGH' });
		server.fault({ path: `GET ${refunds}/{out_refund_no}`, code: 'RESOURCE_NOT_EXISTS' });
		await manager.tap('同意');
		const [failed] = await session.executions(id, ++runs, 30_000);
		assert.match(String(findError(failed)), /refund-bought20261128002|NOT_ENOUGH/);
		await session.rest('POST', `/rest/executions/${failed.id}/retry`, { loadWorkflow: false });
		await isTold(customer, /100\.50 元正在退回/);
		assert.equal(server.refundedOf('bought20261128002'), 10_050);
	});
}

const TRADES = [
	'交易时间,公众账号ID,商户号,微信订单号,商户订单号,用户标识,交易状态,应结订单金额,微信退款单号,商户退款单号,商品名称,手续费,费率,订单金额,申请退款金额',
	'`2026-11-27 08:35:41,`wx1,`1900000109,`4200000451202611271334502019,`A-1000001,`oBuyer,`SUCCESS,`0.57,`0,`0,`茶, 100g,`0.00600,`0.60%,`1.00,`0.00',
	'`2026-11-27 09:35:41,`wx1,`1900000109,`4200000451202611271334502019,`A-1000001,`oBuyer,`REFUND,`0.00,`50300806962026112705978994968,`refund-A-1000001,`茶, 100g,`-0.00600,`0.60%,`0.00,`1.00',
	'总交易单数,应结订单总金额,手续费总金额,订单总金额',
	'`2,`0.57,`0.00000,`1.00',
];

async function tabulates(place: Place): Promise<void> {
	const { check, session, server, pay } = place;
	const run = await createRunnableWorkflow(place, billInTable, { [PAY_TYPE]: pay });
	const rows = await createCallableNode(place, {
		type: 'n8n-nodes-base.dataTable',
		parameters: {
			resource: 'row',
			operation: 'get',
			dataTableId: { __rl: true, mode: 'id', value: '={{ $json.body.table }}' },
			returnAll: true,
		},
	});
	let table: unknown;
	const bill = async () => {
		const execution = await run();
		[{ id: table }] = session.listItems(execution, 'Table');
		return await rows({ table });
	};

	await check('bill: a day without one leaves the table empty', async () => {
		assert.deepEqual(await bill(), []);
	});

	await check(
		'bill: payments and refunds of yesterday are rows, also when read twice',
		async () => {
			const yesterday = formatBeijingTime(Date.now() - 86_400_000).slice(0, 10);
			server.setBill('trade', yesterday, `\uFEFF${TRADES.join('\r\n')}\r\n`);
			await bill();
			const all = await bill();
			assert.deepEqual(
				all.map(({ row, what, out_refund_no, paid_fen, refunded_fen, fee_fen, description }) => [
					row,
					what,
					out_refund_no,
					paid_fen,
					refunded_fen,
					fee_fen,
					description,
				]),
				[
					['4200000451202611271334502019', 'SUCCESS', '', 100, 0, 0.6, '茶, 100g'],
					[
						'4200000451202611271334502019-50300806962026112705978994968',
						'REFUND',
						'refund-A-1000001',
						0,
						100,
						-0.6,
						'茶, 100g',
					],
				],
			);
		},
	);
}
