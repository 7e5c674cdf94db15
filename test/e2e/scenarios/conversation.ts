import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { buildPush } from '../../simulator';
import { changeParameters, activateWorkflow } from '../workflows/activeWorkflow';
import type { Workflow, WorkflowNode } from '../workflows/workflow';
import type { Scenario } from '../scenario';
import { echoBot } from '../workflows/exampleWorkflows';

const scenario: Scenario = {
	name: 'conversation',
	run: async (environment) => {
		const { check, session, simulator } = environment;
		const [FromUserName] = simulator.openids();
		const say = async (url: string, Content: string, options = {}) =>
			await simulator.push(url, { FromUserName, MsgType: 'text', Content }, options);

		for (const mode of ['safe', 'compatible', 'plaintext'] as const)
			for (const format of ['xml', 'json'] as const) {
				const { id, url } = await activateWorkflow(environment, echoBot, { encryptionMode: mode });
				await check(
					`${mode}, ${format}: the sender sees the reply, sealed as the push was`,
					async () => {
						const { outcome, shown, deliveries } = await say(url, '你好 <&>', { mode, format });
						assert.match(shown, /^您说 You said: 你好 <&>\n关注日期 You follow since: \d{4}-/);
						assert.deepEqual([outcome, deliveries.length], ['reply', 1]);
						const [execution] = await session.executions(id, 1);
						assert.equal(execution.status, 'success');
					},
				);
			}

		await check(
			'a trigger of another name, behind nodes that leave nothing of the item, gets its reply',
			async () => {
				const text = JSON.stringify(echoBot).replaceAll('WeChat Trigger', '触发器');
				const renamed = JSON.parse(text) as Workflow;
				const { url } = await activateWorkflow(environment, behind(renamed, 'Who is it?', emptied));
				const { shown } = await say(url, 'hi');
				assert.match(shown, /^您说 You said: hi/);
			},
		);

		await check(
			'a token that dies costs one renewal, and the sender sees nothing of it',
			async () => {
				const { url } = await activateWorkflow(environment, echoBot);
				await say(url, 'first');
				simulator.revokeTokens();
				const before = simulator.count('/cgi-bin/stable_token');
				assert.match((await say(url, 'second')).shown, /^您说 You said: second/);
				assert.equal(simulator.count('/cgi-bin/stable_token') - before, 1);
			},
		);

		await check('a run that fails shows the sender no fault', async () => {
			const failing = changeParameters(echoBot, 'Who is it?', { openid: 'nobody' });
			const { id, url } = await activateWorkflow(environment, failing);
			const { outcome, shown, deliveries } = await say(url, 'hi');
			assert.deepEqual([outcome, shown, deliveries.length], ['success', '', 1]);
			const [execution] = await session.executions(id, 1);
			assert.equal(execution.status, 'error');
			assert.match(JSON.stringify(execution.data.resultData), /errcode 40003/);
		});

		await check('a run without a reply answers success', async () => {
			const silent = changeParameters(echoBot, 'WeChat Reply', { type: 'None' });
			const { url } = await activateWorkflow(environment, silent);
			assert.equal((await say(url, 'hi')).outcome, 'success');
			const unconnected = { ...echoBot, connections: {} };
			const other = await activateWorkflow(environment, unconnected);
			assert.equal((await say(other.url, 'hi')).outcome, 'success');
		});

		await check('a long reply reaches those who take compressed answers, too', async () => {
			const { url } = await activateWorkflow(environment, echoBot);
			const message = { FromUserName, MsgType: 'text', Content: '你好'.repeat(300) };
			const { query, body } = buildPush(simulator.account, message);
			// As fetch does, and proxies for it.
			const answer = await fetch(`${url}?${new URLSearchParams(query).toString()}`, {
				method: 'POST',
				headers: { 'accept-encoding': 'gzip', 'content-type': 'text/xml' },
				body,
			});
			const text = await answer.text();
			assert.ok(text.length > 2000);
			assert.match(text, /^<xml><Encrypt>.+<\/xml>$/s);
		});

		await check('a run of six seconds answers the second delivery, in one execution', async () => {
			const slow = behind(echoBot, 'Who is it?', wait);
			const { id, url } = await activateWorkflow(environment, slow);
			const { shown, deliveries } = await say(url, 'slowly');
			assert.match(shown, /^您说 You said: slowly/);
			assert.deepEqual(
				deliveries.map(({ outcome }) => outcome),
				['timeout', 'reply'],
			);
			assert.equal((await session.executions(id, 1)).length, 1);
		});
	},
};

export default scenario;

const wait = {
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { amount: 6, unit: 'seconds' },
};
const emptied = {
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: { mode: 'raw', jsonOutput: '{"subscribe_time": 1700000000}', options: {} },
};

/** Puts a node between another one and what follows it. */
function behind(
	workflow: Workflow,
	name: string,
	node: { type: string; typeVersion: number; parameters: Record<string, unknown> },
): Workflow {
	const added: WorkflowNode = { id: randomUUID(), name: 'Between', position: [360, 120], ...node };
	const connections = {
		...workflow.connections,
		[name]: { main: [[{ node: 'Between', type: 'main', index: 0 }]] },
		Between: workflow.connections[name],
	};
	return { ...workflow, nodes: [...workflow.nodes, added], connections };
}
