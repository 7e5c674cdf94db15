import assert from 'node:assert/strict';
import { joinChat, startSimulator, type Person } from '../../simulator';
import { readVoice } from '../../support/voices';
import { callAsOwner } from '../actors/accountOwner';
import { submitForm } from '../actors/form';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { readPrompt, startAiServices } from '../services/aiServices';
import { eventually, waitForAll } from '../services/eventually';
import { startExternalServer } from '../services/externalServer';
import {
	activateWorkflowWith,
	changeParameters,
	type ActiveWorkflow,
} from '../workflows/activeWorkflow';
import { approvalByManager, orderNumber, supportBot } from '../workflows/exampleWorkflows';
import { untilWaiting } from '../workflows/questionWorkflows';
import { withCredentials, type Workflow } from '../workflows/workflow';

type Credential = { id: string; name: string };

const scenario: Scenario = {
	name: 'examples of conversations',
	run: async (outer) => {
		const simulator = await startSimulator({ replyWindow: true, followers: 10 });
		const environment = outer.copyWith({ simulator });
		const data = toAccountCredential(simulator);
		const account = await outer.session.createCredential('Examples', ACCOUNT_TYPE, data);
		try {
			await waitForAll([
				supports(environment, account),
				approves(environment, account),
				findsOrders(environment, account),
			]);
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

function join(
	{ simulator }: ScenarioEnvironment,
	{ url }: Pick<ActiveWorkflow, 'url'>,
	index: number,
): Person {
	const openid = simulator.openids()[index];
	return joinChat(simulator, {
		openid,
		push: async (message) => await simulator.push(url, message),
	});
}

async function readRun({ session }: ScenarioEnvironment, id: string, want: number) {
	const [execution] = await session.executions(id, want, 30_000);
	assert.equal(findError(execution), undefined);
	return execution;
}

async function approves(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, session, simulator } = environment;
	const touser = simulator.openids()[0];
	const workflow = changeParameters(approvalByManager, 'Ask the manager', { touser });
	const active = await activateWorkflowWith(environment, workflow, account);
	const manager = join(environment, active, 0);
	const statusOf = async (node: string, want: number) => {
		const execution = await readRun(environment, active.id, want);
		return session.listItems(execution, node).map(({ status, purpose }) => [status, purpose]);
	};
	const request = async (purpose: string) =>
		void (await submitForm(environment, active.workflow, [purpose, '300']));

	await check('approval: a manager who may not be written to is a branch of its own', async () => {
		await request('Tea');
		assert.deepEqual(await statusOf('Not asked', 1), [['not asked', 'Tea']]);
	});

	const ways = [
		['同意', 'Approved', 'approved'],
		['拒绝', 'Declined', 'declined'],
	] as const;
	await manager.say('I am here');
	for (const [index, [label, node, status]] of ways.entries())
		await check(`approval: the manager taps ${label}`, async () => {
			await request(`Cups ${index}`);
			await eventually(() =>
				assert.match(String(manager.seen.at(-1)), new RegExp(`Cups ${index}\\n.*300`)),
			);
			await manager.tap(label);
			assert.deepEqual(await statusOf(node, index + 2), [[status, `Cups ${index}`]]);
		});

	await check('approval: the manager cancels', async () => {
		await request('Pots');
		await eventually(() => assert.match(String(manager.seen.at(-1)), /Pots/));
		await manager.say('取消');
		assert.deepEqual(await statusOf('No answer', 4), [['cancelled', 'Pots']]);
	});
}

async function findsOrders(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, session } = environment;
	const shop = await startExternalServer(({ query }) =>
		query.number === 'A-1' ? { status: 'on its way' } : undefined,
	);
	const key = await session.createCredential('Shop', 'httpHeaderAuth', {
		name: 'X-Key',
		value: 'key-for-tests',
	});
	const workflow = withCredentials(
		changeParameters(orderNumber, 'Look it up', { url: `${shop.url}/orders` }),
		{ httpHeaderAuth: key },
	);
	const active = await activateWorkflowWith(environment, workflow, account);
	const person = join(environment, active, 1);
	try {
		await check('order number: something else is answered with what helps', async () => {
			assert.match((await person.say('hello')).shown, /订单/);
		});

		const asks = async (number: string, want: number, answer: RegExp) => {
			assert.match((await person.say('我的订单呢')).shown, /请问您的订单号/);
			await untilWaiting(session, active.id);
			assert.match((await person.say(number)).shown, /正在查询/);
			// On this computer the shop is as quick as the words that it is being asked.
			await eventually(() => assert.match(person.seen.slice(-2).join('\n\n'), answer), 15_000);
			await readRun(environment, active.id, want);
		};
		await check('order number: asked for in the reply, looked up, answered', async () => {
			await asks('A-1', 2, /订单 Order A-1: on its way/);
			assert.deepEqual(
				shop.received.map(({ query }) => query),
				[{ number: 'A-1' }],
			);
		});
		await check('order number: one that the shop does not know', async () => {
			await asks('A-2', 3, /没有找到订单 A-2/);
		});
	} finally {
		await shop.close();
	}
}

/** Five seconds at 8 kHz, and the same at 16 kHz. */
const VOICE = { bytes: readVoice('narrow'), wide: readVoice('wide') };

const TRANSFER = 'transfer_customer_service';

async function supports(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, session, simulator } = environment;
	const ai = await startAiServices((request) => {
		const prompt = readPrompt(request);
		return /人工|refund/.test(prompt) ? 'HANDOVER' : `Bot: ${prompt}`;
	}, 'When do you open?');
	const model = await session.createCredential('Model', 'openAiApi', {
		apiKey: 'sk-for-tests',
		url: `${ai.url}/v1`,
	});
	const bearer = await session.createCredential('Speech', 'httpBearerAuth', { token: 'sk-tests' });
	const workflow: Workflow = withCredentials(
		changeParameters(supportBot, 'Voice to text', { url: `${ai.url}/v1/audio/transcriptions` }),
		{ openAiApi: model, httpBearerAuth: bearer },
	);
	const active = await activateWorkflowWith(environment, workflow, account);
	const person = join(environment, active, 2);
	try {
		await check('support bot: short messages are answered together, with memory', async () => {
			const results = await Promise.all([person.say('I am Li Lei'), person.say('Who am I?')]);
			assert.deepEqual(results.map(({ shown }) => shown).filter(Boolean).length, 1);
			assert.deepEqual(readPrompt(ai.asked[0]).split('\n').sort(), ['I am Li Lei', 'Who am I?']);
			await person.say('And now?');
			assert.equal(ai.asked.length, 2);
			assert.ok(JSON.stringify(ai.asked[1].messages).includes('I am Li Lei'));
		});

		await check('support bot: a voice message is heard as MP3, and answered', async () => {
			const { shown } = await person.sendVoice(VOICE);
			assert.equal(shown, 'Bot: When do you open?');
			const form = String(ai.heard.at(-1)?.toString('latin1'));
			assert.match(form, /filename="[^"]+\.mp3"/);
			assert.match(form, /Content-Type: audio\/mpeg/i);
			const [execution] = await session.executions(active.id, 3);
			const [{ messages }] = session.listItems(execution, 'WeChat Trigger');
			assert.equal((messages as Array<{ voiceSeconds: number }>)[0].voiceSeconds, 5);
		});

		await check('support bot: who wants a person is told when nobody is there', async () => {
			assert.match((await person.say('人工')).shown, /暂时不在线/);
		});

		await check('support bot: who wants a person gets one, and the bot is silent', async () => {
			const agent = { kf_account: `helen@${simulator.account.name}`, nickname: 'Helen' };
			const calls = '/customservice';
			await callAsOwner(simulator, simulator.account, `${calls}/kfaccount/add`, agent);
			assert.equal((await person.say('转人工')).reply?.MsgType, TRANSFER);
			await simulator.pushSessionEvents(active.url);
			const asked = ai.asked.length;
			assert.equal((await person.say('are you there?')).reply?.MsgType, TRANSFER);
			assert.equal(ai.asked.length, asked);
			const talk = { kf_account: agent.kf_account, openid: person.openid };
			await callAsOwner(simulator, simulator.account, `${calls}/kfsession/close`, talk);
			await simulator.pushSessionEvents(active.url);
			assert.equal((await person.say('thanks')).shown, 'Bot: thanks');
		});
	} finally {
		await ai.close();
	}
}
