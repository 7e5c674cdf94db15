import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator } from '../../simulator';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import { createTriggerNode, toWebhookUrl, type Workflow } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const TOKEN = '/cgi-bin/stable_token';
const REMARK = '/cgi-bin/user/info/updateremark';

const scenario: Scenario = {
	name: 'account',
	run: async (environment) => {
		await testsCredential(environment);
		await runsManyItems(environment);
	},
};

export default scenario;

async function testsCredential({ check, session, simulator }: ScenarioEnvironment): Promise<void> {
	const strict = await startSimulator({ allowedIps: ['10.0.0.1'] });
	const right = toAccountCredential(simulator);
	const { id, name } = await session.createCredential('tested', ACCOUNT_TYPE, right);
	const verdicts: Array<[string, Record<string, unknown>, RegExp]> = [
		['right values', {}, /^OK WeChat accepts/],
		['a wrong AppID', { appId: 'wx0000000000000000' }, /^Error WeChat does not know the AppID/],
		['a wrong AppSecret', { appSecret: 'f'.repeat(32) }, /^Error The AppSecret is wrong/],
		[
			'an address that is not allowed',
			{ baseUrl: strict.url },
			/^Error The address 127\.0\.0\.1 is not allowed/,
		],
	];
	for (const [what, changes, expected] of verdicts)
		await check(`the credential test says so: ${what}`, async () => {
			const data = { ...right, ...changes };
			const { status, message } = await session.testCredential({
				id,
				name,
				type: ACCOUNT_TYPE,
				data,
			});
			assert.match(`${status} ${message}`, expected);
		});
	await strict.close();
}

/** Lists all followers on each push, and gets every one of them. */
function roll(credential: { id: string; name: string }): Workflow {
	const credentials = { [ACCOUNT_TYPE]: credential };
	const wechat = (name: string, parameters: object, position: number[]) => ({
		id: randomUUID(),
		name,
		type: 'n8n-nodes-wechat-platform.wechat',
		typeVersion: 1,
		position,
		parameters: { resource: 'user', ...parameters },
		credentials,
	});
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return {
		name: 'roll call',
		nodes: [
			createTriggerNode({ kinds: ['message.text'], respond: 'onReceived' }, credentials),
			wechat('List', { operation: 'getAll', returnAll: true }, [200, 0]),
			wechat('Get', { operation: 'get', openid: '={{ $json.openid }}' }, [400, 0]),
			wechat(
				'Mark',
				{ operation: 'setRemark', openid: '={{ $json.openid }}', remark: 'here' },
				[600, 0],
			),
		],
		connections: { Trigger: to('List'), List: to('Get'), Get: to('Mark') },
	};
}

async function runsManyItems({ check, n8n, session }: ScenarioEnvironment): Promise<void> {
	const simulator = await startSimulator({ followers: 200, latencyMs: 10 });
	const credential = await session.createCredential(
		'roll call',
		ACCOUNT_TYPE,
		toAccountCredential(simulator),
	);
	const workflow = roll(credential);
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	const call = async (want: number) => {
		await simulator.push(toWebhookUrl(n8n.url, workflow), {
			MsgType: 'text',
			Content: 'roll call',
		});
		const [execution] = await session.executions(id, want, 30_000);
		assert.equal(findError(execution), undefined);
		assert.deepEqual(
			session.listItems(execution, 'Get').map(({ openid }) => openid),
			simulator.openids(),
		);
		assert.equal(session.listItems(execution, 'Mark').length, 200);
	};

	await check('200 items: each its own answer, in order, with one token', async () => {
		await call(1);
		assert.equal(simulator.count(TOKEN), 1);
	});

	await check('a token that dies half-way through them costs one renewal', async () => {
		const before = simulator.count(REMARK);
		const run = call(2);
		while (simulator.count(REMARK) < before + 60) await sleep(5);
		simulator.revokeTokens();
		await run;
		assert.equal(simulator.count(TOKEN), 2);
	});

	// A stable token is not saved: WeChat gives the same one again, for one call.
	await check('a restart of n8n makes no new token', async () => {
		await n8n.restart();
		await session.activate(id);
		await call(3);
		assert.equal(simulator.count(TOKEN), 3);
		assert.equal(simulator.countTokens(), 2);
	});

	await check(
		'nothing secret is in execution data, exported workflows, the browser or the log',
		async () => {
			const { appSecret, token, encodingAesKey } = toAccountCredential(simulator);
			const told = [
				JSON.stringify(await session.executions(id, 3)),
				JSON.stringify(await session.rest('GET', `/rest/workflows/${id}`)),
				JSON.stringify(
					await session.rest('GET', `/rest/credentials/${credential.id}?includeData=true`),
				),
				n8n.log(),
			].join('\n');
			for (const secret of [appSecret, token, encodingAesKey])
				assert.ok(!told.includes(String(secret)));
			assert.ok(!told.includes('access_token'));
		},
	);
	await simulator.close();
}
