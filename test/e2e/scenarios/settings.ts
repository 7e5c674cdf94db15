import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
	activatePlatformTrigger,
	connectPlatform,
	createPlatformCredential,
	createPlatformNode,
	FIRST,
	SECOND,
	startSimulatorWithPlatform,
} from '../actors/platform';
import {
	ACCOUNT_TYPE,
	PLATFORM_TYPE,
	toAccountCredential,
	toPlatformCredential,
} from '../n8n/credentials';
import { installPack } from '../n8n/pack';
import { openSession } from '../n8n/session';
import { startN8n } from '../n8n/startN8n';
import { readStoredCredential } from '../n8n/storedCredential';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { createCallableNode, createCallWebhook } from '../workflows/callableNode';
import { createRuleWorkflows } from '../workflows/ruleWorkflows';
import type { Workflow } from '../workflows/workflow';

const SEND = '/cgi-bin/message/custom/send';

/** What administrators set, and n8n's own ways with credentials and nodes. Older versions of n8n lack some settings. */
const scenario: Scenario = {
	name: 'settings',
	run: async (outer) => {
		const simulator = await startSimulatorWithPlatform({ followers: 3 });
		const userFolder = join(outer.userFolder, 'settings');
		await installPack(userFolder, outer.tarball);
		const n8n = await startN8n({
			n8n: outer.n8nFiles,
			userFolder,
			env: { N8N_SSRF_PROTECTION_ENABLED: 'true', N8N_EXPRESSION_ENGINE: 'vm' },
		});
		try {
			const session = await openSession(n8n.url);
			const environment = outer.copyWith({ simulator, userFolder, n8n, session });
			await savesUnderProtection(environment);
			await sendsOnce(environment);
		} finally {
			await n8n.stop();
			await simulator.close();
		}
	},
};

export default scenario;

/** N8N_SSRF_PROTECTION_ENABLED forbids the request that goes along when state is saved, after it was saved. */
async function savesUnderProtection(environment: ScenarioEnvironment): Promise<void> {
	const { check, session, simulator } = environment;
	const { platform } = simulator;
	const credentials = await createPlatformCredential(environment);
	const { id, name } = credentials[PLATFORM_TYPE];
	const trigger = await activatePlatformTrigger(environment, credentials);
	connectPlatform(simulator, trigger);
	const readState = async () => String((await readStoredCredential(environment, id)).state);

	await check('protected from requests to inner addresses, n8n keeps a ticket', async () => {
		assert.equal((await platform.pushTicket()).outcome, 'success');
		assert.match(await readState(), /"ticket":\{/);
		assert.deepEqual(await session.executions(trigger.id, 0), []);
	});

	await check('and accounts that authorize', async () => {
		for (const account of [FIRST, SECOND])
			assert.equal((await platform.authorize(account)).result?.outcome, 'success');
		const runs = await session.executions(trigger.id, 2);
		assert.deepEqual(
			runs.map(({ status }) => status),
			['success', 'success'],
		);
		assert.match(await readState(), new RegExp(`"${FIRST}":.+"${SECOND}":`));
	});

	await check('and reply rules', async () => {
		const data = toAccountCredential(simulator);
		const account = await session.createCredential('rules', ACCOUNT_TYPE, data);
		const rules = await createRuleWorkflows(environment, account);
		await rules.add({ keyword: 'hours', answer: 'Nine to five' });
		const [{ rules: exported }] = await rules.export();
		assert.equal((exported as unknown[]).length, 1);
	});

	await check('what a replacement of the credential took away comes back', async () => {
		const list = await createCallableNode(
			environment,
			createPlatformNode(
				{ resource: 'account', operation: 'getAll', returnAll: true },
				credentials,
			),
		);
		assert.equal((await list()).length, 2);
		const data = { ...toPlatformCredential(simulator), state: '', stateSavedAt: '' };
		const saved = await session.rest('PATCH', `/rest/credentials/${id}`, {
			name,
			type: PLATFORM_TYPE,
			data,
		});
		assert.equal(saved.status, 200);
		assert.doesNotMatch(await readState(), /ticket/);
		assert.equal((await list()).length, 2);
		assert.match(await readState(), new RegExp(`"ticket":.+"${FIRST}":.+"${SECOND}":`));
	});
}

/** n8n runs a node again with all its items when one fails. */
async function sendsOnce({ check, n8n, session, simulator }: ScenarioEnvironment): Promise<void> {
	const data = toAccountCredential(simulator);
	const credential = await session.createCredential('sender', ACCOUNT_TYPE, data);
	const path = randomUUID();
	const place = { typeVersion: 1, credentials: { [ACCOUNT_TYPE]: credential } };
	const wechat = (name: string, position: number[], parameters: object) => ({
		...place,
		id: randomUUID(),
		name,
		type: 'n8n-nodes-wechat-platform.wechat',
		position,
		parameters: { ...parameters },
	});
	const call = createCallWebhook(path);
	const send = {
		...wechat('Send', [400, 0], {
			resource: 'customerServiceMessage',
			operation: 'send',
			touser: "={{ $itemIndex === 1 ? 'nobody' : $json.openid }}",
			content: 'Hi',
		}),
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 100,
	};
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const workflow: Workflow = {
		name: 'retries',
		nodes: [
			call,
			wechat('List', [200, 0], { resource: 'user', operation: 'getAll', returnAll: true }),
			send,
		],
		connections: { Call: to('List'), List: to('Send') },
	};
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);

	for (const FromUserName of simulator.openids())
		await simulator.push('http://127.0.0.1:1', { FromUserName, MsgType: 'text', Content: 'hi' });
	await check('Retry On Fail sends nobody a message twice', async () => {
		await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST' });
		const [execution] = await session.executions(id);
		assert.equal(execution.status, 'error');
		const calls = simulator.calls.filter((one) => one.path === SEND);
		const sent = calls.filter(({ errcode }) => errcode === 0);
		assert.deepEqual([sent.length, calls.length - sent.length], [2, 3]);
	});
}
