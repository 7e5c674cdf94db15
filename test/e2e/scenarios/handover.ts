import assert from 'node:assert/strict';
import { joinChat, startSimulator, type Person } from '../../simulator';
import { callAsOwner } from '../actors/accountOwner';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import {
	connectInOrder,
	createNode,
	createTriggerNode,
	toWebhookUrl,
	type Workflow,
	type WorkflowNode,
} from '../workflows/workflow';

type Account = Record<string, { id: string; name: string }>;

/** What may still be sent to a user, and people who talk to them in place of the workflow. */
const scenario: Scenario = {
	name: 'handover',
	run: async (outer) => {
		const simulator = await startSimulator({ replyWindow: true });
		const environment = outer.copyWith({ simulator });
		const data = toAccountCredential(simulator);
		const credential = await outer.session.createCredential('Handover', ACCOUNT_TYPE, data);
		const account = { [ACCOUNT_TYPE]: credential };
		try {
			await countsMessages(environment, account);
			await handsOver(environment, account);
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

const PACK = 'n8n-nodes-wechat-platform';

/** A trigger for texts, and nodes one after the other. */
function createChain(account: Account, others: WorkflowNode[]): Workflow {
	const trigger = createTriggerNode({ kinds: ['message.text'], respond: 'onReceived' }, account);
	const nodes = [trigger, ...others];
	return { name: 'chain', nodes, connections: connectInOrder(nodes) };
}

async function open(
	{ n8n, session, simulator }: ScenarioEnvironment,
	workflow: Workflow,
	openid: string,
): Promise<{ id: string; person: Person }> {
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	const url = toWebhookUrl(n8n.url, workflow);
	const push: Parameters<typeof joinChat>[1]['push'] = async (message) =>
		await simulator.push(url, message);
	return { id, person: joinChat(simulator, { openid, push }) };
}

/** @see https://developers.weixin.qq.com/doc/service/guide/product/message/Service_Center_messages.html */
async function countsMessages(environment: ScenarioEnvironment, account: Account): Promise<void> {
	const { check, session, simulator } = environment;
	const send = {
		resource: 'customerServiceMessage',
		operation: 'send',
		touser: '={{ $("Trigger").first().json.FromUserName }}',
		msgtype: 'text',
		content: '={{ $json.number }}',
	};
	const six = '{ "number": ["1", "2", "3", "4", "5", "6"] }';
	const workflow = createChain(account, [
		createNode('Six', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput: six }),
		createNode('Split', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'number' }),
		createNode('Send', `${PACK}.wechat`, 1, { ...send, options: { concurrency: 1 } }, account),
	]);
	const { id, person } = await open(environment, workflow, simulator.openids()[0]);

	await check(
		'the item says what may be sent, and the sixth message says why it fails',
		async () => {
			const wroteAt = Date.now();
			await person.say('hello');
			const [execution] = await session.executions(id, 1);
			const [item] = session.listItems(execution, 'Trigger');
			assert.equal(item.messagesLeft, 5);
			const hours = (Date.parse(String(item.canSendUntil)) - wroteAt) / 3_600_000;
			assert.ok(Math.abs(hours - 48) < 0.1, `${hours} hours`);
			assert.deepEqual(person.seen, ['1', '2', '3', '4', '5']);
			const error = String(findError(execution));
			assert.match(error, /45047/);
			assert.match(error, /all 5 messages that WeChat allows after it are sent/);
		},
	);
}

async function handsOver(environment: ScenarioEnvironment, account: Account): Promise<void> {
	const { check, session, simulator } = environment;
	const operate = (operation: string) =>
		createNode(operation, `${PACK}.wechatReply`, 1, { resource: 'reply', operation }, account);
	const workflow = createChain(account, [operate('handOver'), operate('handBack')]);
	const { id, person } = await open(environment, workflow, simulator.openids()[1]);
	const sayAndRead = async (want: number) => {
		await person.say('A person, please');
		const [execution] = await session.executions(id, want);
		return { execution, items: (node: string) => session.listItems(execution, node) };
	};

	await check('nobody is online: the run fails, and the user hears it', async () => {
		const { execution } = await sayAndRead(1);
		assert.match(String(findError(execution)), /No customer service agent is online/);
		assert.match(String(person.seen.at(-1)), /人工客服暂时不在线/);
	});

	await check('a late run hands over by a session, and back again', async () => {
		const kf_account = `helen@${simulator.account.name}`;
		const agent = { kf_account, nickname: 'Helen' };
		await callAsOwner(simulator, simulator.account, '/customservice/kfaccount/add', agent);
		const { execution, items } = await sayAndRead(2);
		assert.equal(findError(execution), undefined);
		assert.deepEqual(items('handOver'), [{ handedOver: true, by: 'session', kf_account }]);
		assert.deepEqual(items('handBack'), [{ handedBack: true, kf_account }]);
	});
}
