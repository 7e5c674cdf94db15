import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startPayV3Server, type PayV3Server } from '../../simulator/payV3';
import { PAY_TYPE, toPayV3Credential } from '../n8n/credentials';
import { startQueue } from '../n8n/queue';
import type { RunningN8n } from '../n8n/startN8n';
import type { Session } from '../n8n/session';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { eventually } from '../services/eventually';
import { listPackErrors } from '../services/log';
import type { Workflow } from '../workflows/workflow';

const TRIGGER = 'WeChat Pay Trigger';
const PAID = {
	mchid: '1900000109',
	out_trade_no: '1217752501201407033233368018',
	transaction_id: '4200000000000000000000000001',
	amount: { total: 10_050, currency: 'CNY' },
};

const scenario: Scenario = {
	name: 'payNotifications',
	run: async (environment) => {
		const server = await startPayV3Server();
		try {
			await startsRuns(environment, server);
			await answersAfterSuccess(environment, server);
			await sharesInQueue(environment, server);
		} finally {
			await server.close();
		}
	},
};

export default scenario;

/** What comes behind the trigger: nothing that fails, a pause, or an error. */
const NEXT = {
	end: { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
	pause: {
		type: 'n8n-nodes-base.wait',
		typeVersion: 1.1,
		parameters: { amount: 7, unit: 'seconds' },
	},
	failure: {
		type: 'n8n-nodes-base.stopAndError',
		typeVersion: 1,
		parameters: { errorMessage: 'The shelf is empty' },
	},
};

interface Place {
	n8n: Pick<RunningN8n, 'url'>;
	session: Session;
	/** What somebody enters beside the merchant. */
	changes?: Record<string, string>;
}

/** Activates a workflow with the trigger. Returns its ID, and the path of the trigger. */
async function activate(
	{ session, changes = {} }: Place,
	server: PayV3Server,
	next: keyof typeof NEXT,
	respond = 'onReceived',
) {
	const data = { ...toPayV3Credential(server), ...changes };
	const credential = await session.createCredential(`pay ${next}`, PAY_TYPE, data);
	const webhookId = randomUUID();
	const workflow = {
		name: `notifications ${next} ${respond}`,
		nodes: [
			{
				id: randomUUID(),
				name: TRIGGER,
				type: 'n8n-nodes-wechat-platform.wechatPayTrigger',
				typeVersion: 1,
				position: [0, 0],
				webhookId,
				parameters: { events: ['all'], respond },
				credentials: { [PAY_TYPE]: { id: credential.id, name: credential.name } },
			},
			{ id: randomUUID(), name: 'Next', position: [200, 0], ...NEXT[next] },
		],
		connections: { [TRIGGER]: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
	} as unknown as Workflow;
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	return { id, path: `/webhook/${webhookId}/wechat-pay` };
}

async function startsRuns(environment: ScenarioEnvironment, server: PayV3Server): Promise<void> {
	const { check, n8n, session } = environment;
	const { id, path } = await activate(environment, server, 'end');
	const notify = () =>
		server.createNotification('TRANSACTION.SUCCESS', PAID, { url: n8n.url + path });

	await check('a notification of a payment starts one run, also when it comes again', async () => {
		const notification = notify();
		for (let times = 0; times < 3; times++)
			assert.deepEqual(await notification.deliver(), { status: 200, body: '' });
		const [execution, ...others] = await session.executions(id);
		assert.deepEqual(others, []);
		const [item] = session.listItems(execution, TRIGGER);
		assert.equal(item.kind, 'payment');
		assert.deepEqual(item.resource, PAID);
	});

	await check('a forged one starts nothing, and the log says why', async () => {
		const forged = server.createNotification('TRANSACTION.SUCCESS', PAID, {
			url: n8n.url + path,
			forge: 'signature',
		});
		const { status, body } = await forged.deliver();
		assert.equal(status, 401);
		assert.equal((JSON.parse(body) as { code: string }).code, 'FAIL');
		await eventually(() =>
			assert.match(n8n.log(), /refused a notification of WeChat Pay\. Its signature is wrong/),
		);
		assert.equal((await session.executions(id)).length, 1);
	});

	await check('after a restart of n8n it is still known', async () => {
		const notification = notify();
		await notification.deliver();
		await session.executions(id, 2);
		// A credential is written within a moment.
		await new Promise((resolve) => setTimeout(resolve, 1000));
		await n8n.restart();
		await eventually(async () => assert.equal((await notification.deliver()).status, 200));
		assert.equal((await session.executions(id, 2)).length, 2);
	});
}

async function answersAfterSuccess(
	environment: ScenarioEnvironment,
	server: PayV3Server,
): Promise<void> {
	const { check, n8n, session } = environment;

	await check('answered after success: a run of seven seconds is started once', async () => {
		const { id, path } = await activate(environment, server, 'pause', 'lastNode');
		await startsOnce(server, n8n.url + path, n8n.url + path);
		assert.equal((await session.executions(id)).length, 1);
	});

	await check('answered after success: what failed starts anew', async () => {
		const { id, path } = await activate(environment, server, 'failure', 'lastNode');
		const url = n8n.url + path;
		const notification = server.createNotification('REFUND.SUCCESS', PAID, { url });
		assert.equal((await notification.deliver()).status, 500);
		assert.equal((await notification.deliver()).status, 500);
		assert.equal((await session.executions(id, 2)).length, 2);
		assert.deepEqual(listPackErrors(n8n.log()), []);
	});

	await check('answered after success: a quick run is answered 200', async () => {
		const { id, path } = await activate(environment, server, 'end', 'lastNode');
		const url = n8n.url + path;
		const notification = server.createNotification('REFUND.SUCCESS', PAID, { url });
		assert.deepEqual(await notification.deliver(), { status: 200, body: '' });
		assert.deepEqual(await notification.deliver(), { status: 200, body: '' });
		assert.equal((await session.executions(id)).length, 1);
	});
}

/** WeChat delivers it to one process, and again to another one while the run goes on, and after that. */
async function startsOnce(server: PayV3Server, url: string, other: string): Promise<void> {
	const notification = server.createNotification('REFUND.SUCCESS', PAID, { url });
	assert.equal((await notification.deliver()).status, 500);
	await eventually(async () => {
		assert.deepEqual(await notification.deliver(other), { status: 200, body: '' });
	}, 30_000);
	assert.equal((await notification.deliver()).status, 200);
}

async function sharesInQueue(environment: ScenarioEnvironment, server: PayV3Server): Promise<void> {
	const { check } = environment;
	const queue = await startQueue({ ...environment, webhooks: 2 });
	const { session, redisUrl, webhooks } = queue;
	const place = { n8n: queue.n8n, session, changes: { sharedState: 'redis', redisUrl } };
	const [one, other] = webhooks.map(({ url }) => url);
	try {
		await check('queue: what comes to two processes at once starts one run', async () => {
			const { id, path } = await activate(place, server, 'end');
			for (let times = 0; times < 5; times++) {
				const notification = server.createNotification('TRANSACTION.SUCCESS', PAID);
				const answers = await Promise.all(
					[one, other].map(async (url) => await notification.deliver(url + path)),
				);
				assert.deepEqual(
					answers.map(({ status }) => status),
					[200, 200],
				);
			}
			assert.equal((await session.executions(id, 5, 60_000)).length, 5);
		});

		await check('queue: a slow run answers the repetition at another process', async () => {
			const { id, path } = await activate(place, server, 'pause', 'lastNode');
			await startsOnce(server, one + path, other + path);
			assert.equal((await session.executions(id)).length, 1);
		});
	} finally {
		await queue.stop();
	}
}
