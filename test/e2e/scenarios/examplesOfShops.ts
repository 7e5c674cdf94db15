import assert from 'node:assert/strict';
import { SHOP_ACCOUNT, startSimulator } from '../../simulator';
import { waitForForm } from '../actors/form';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { eventually } from '../services/eventually';
import { activateWorkflowWith } from '../workflows/activeWorkflow';
import { createCallableNode } from '../workflows/callableNode';
import { shopOrders } from '../workflows/exampleWorkflows';

type Json = Record<string, unknown>;

const DELIVER = '/channels/ec/order/delivery/send';
/** More digits than a number keeps. */
const ORDER = '3705115058471209892';

const scenario: Scenario = {
	name: 'examples of shops',
	run: async (outer) => {
		const simulator = await startSimulator({ accounts: [SHOP_ACCOUNT] });
		try {
			await delivers(outer.copyWith({ simulator }));
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

async function delivers(environment: ScenarioEnvironment): Promise<void> {
	const { check, session, simulator } = environment;
	const credential = await session.createCredential('Shop', ACCOUNT_TYPE, {
		...toAccountCredential(simulator),
		kind: 'shop',
	});
	const { id, url } = await activateWorkflowWith(environment, shopOrders, credential);
	const rows = await createCallableNode(environment, {
		type: 'n8n-nodes-base.dataTable',
		parameters: {
			resource: 'row',
			operation: 'get',
			dataTableId: { __rl: true, mode: 'name', value: 'WeChat Shop orders' },
			returnAll: true,
		},
	});
	const pay = async () =>
		await simulator.push(url, {
			FromUserName: 'oBuyer',
			MsgType: 'event',
			Event: 'channels_ec_order_pay',
			order_info: { order_id: ORDER, pay_time: '1750000932' },
		});
	/** What is entered in the form whose address the row has, by who packs the parcel. */
	const send = async (form: string, company: string) => {
		const body = new FormData();
		body.append('field-0', company);
		body.append('field-1', 'SF1020304050607');
		assert.equal((await fetch(form, { method: 'POST', body })).status, 200);
	};
	let form = '';

	await check('a paid order becomes a row, and waits for its parcel', async () => {
		assert.equal((await pay()).outcome, 'success');
		await eventually(async () => assert.equal((await rows()).length, 1), 30_000);
		const [{ order_id, paid_at, state, send_form }] = await rows();
		assert.deepEqual([order_id, state], [ORDER, 'to send']);
		assert.equal(Date.parse(String(paid_at)), 1_750_000_932_000);
		form = String(send_form);
		await waitForForm(new URL(form));
		assert.match(await (await fetch(form)).text(), new RegExp(`Order ${ORDER}`));
		assert.equal(simulator.count(DELIVER), 0);
	});

	await check(
		'a company that WeChat does not know is told in the row and in the form',
		async () => {
			await send(form, '火星快递');
			await eventually(async () => {
				const [{ state, problem }] = await rows();
				assert.equal(state, 'to send');
				assert.match(String(problem), /knows no express company "火星快递"/);
			}, 30_000);
			await waitForForm(new URL(form));
			assert.match(await (await fetch(form)).text(), /Not sent \(未发货\): .*火星快递/);
			assert.equal(simulator.count(DELIVER), 0);
		},
	);

	await check('what the form says is delivered by the number of the push', async () => {
		await send(form, '顺丰');
		const [execution] = await session.executions(id, 1, 30_000);
		assert.equal(findError(execution), undefined);
		const sent = simulator.calls.filter(({ path }) => path === DELIVER);
		assert.equal(sent.length, 1);
		const { order_id, delivery_list } = sent[0].body as { order_id: string; delivery_list: Json[] };
		const [{ delivery_id, waybill_id }] = delivery_list;
		assert.deepEqual([order_id, delivery_id, waybill_id], [ORDER, 'SF', 'SF1020304050607']);
		const [{ state, company, waybill, problem, sent_at }] = await rows();
		assert.deepEqual([state, company, waybill], ['sent', '顺丰', 'SF1020304050607']);
		assert.ok(!problem);
		assert.ok(Math.abs(Date.parse(String(sent_at)) - Date.now()) < 60_000);
	});
}
