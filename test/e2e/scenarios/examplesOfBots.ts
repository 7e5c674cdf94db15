import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { jpeg } from '../../simulator/accounts/jpeg';
import { startBotServer } from '../../simulator/bot';
import { ANNA, createBotOwner } from '../actors/botOwner';
import { BOT_TYPE } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { startAiServices } from '../services/aiServices';
import { eventually } from '../services/eventually';
import { createCallWebhook } from '../workflows/callableNode';
import { assistantInWechat } from '../workflows/exampleWorkflows';
import { withCredentials, type Workflow } from '../workflows/workflow';

const scenario: Scenario = {
	name: 'examples of bots',
	run: async (environment) => {
		const server = await startBotServer({ longPollMs: 5000, perFiveMinutes: 30 });
		const ai = await startAiServices((request) => {
			const said = JSON.stringify(request.messages.slice(1));
			if (said.includes('data:image/jpeg')) return 'I see a picture';
			if (said.includes('Rent: 900')) return 'It is a bill of 900';
			if (said.includes('fail')) throw new Error('no model');
			return `You are ${/I am (\w+)/.exec(said)?.[1] ?? 'a stranger'}`;
		});
		try {
			await assists(environment, server, ai);
		} finally {
			await Promise.all([server.close(), ai.close()]);
		}
	},
};

export default scenario;

/** The button that makes the login link is a webhook here. */
const withCall = (workflow: Workflow, path: string): Workflow => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.name === 'Log in' ? { ...createCallWebhook(path), name: node.name } : node,
	),
});

async function assists(
	environment: ScenarioEnvironment,
	server: Awaited<ReturnType<typeof startBotServer>>,
	ai: Awaited<ReturnType<typeof startAiServices>>,
): Promise<void> {
	const { check, n8n, session } = environment;
	const owner = await createBotOwner(environment, server);
	const model = await session.createCredential('Model', 'openAiApi', {
		apiKey: 'sk-for-tests',
		url: `${ai.url}/v1`,
	});
	const path = randomUUID();
	const { id } = await session.createWorkflow(
		withCredentials(withCall(assistantInWechat, path), {
			[BOT_TYPE]: { id: owner.id, name: 'My bot' },
			openAiApi: model,
		}),
	);
	await session.activate(id);
	let botId = '';
	let runs = 0;

	/** What Anna is shown next, when she has sent something. */
	async function hear(send: () => string): Promise<string> {
		const before = server.seen(ANNA).length;
		send();
		await eventually(() => assert.equal(server.seen(ANNA).length, before + 1), 30_000);
		const [execution] = await session.executions(id, ++runs, 30_000);
		assert.equal(execution.status, 'success');
		return String(server.seen(ANNA).at(-1)?.text);
	}

	await check('assistant: the link of the workflow itself logs the bot in', async () => {
		await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST' });
		const [execution] = await session.executions(id, ++runs, 30_000);
		assert.equal(findError(execution), undefined);
		const [{ link }] = session.listItems(execution, 'Login link');
		const login = await owner.logIn(String(link));
		assert.equal(login.status, 200);
		({ botId } = login);
		assert.ok(botId);
	});

	await check('assistant: a text is answered, and so is what WeChat has heard', async () => {
		const say = (text: string) => () => server.say(botId, ANNA, text);
		assert.equal(await hear(say('Who am I?')), 'You are a stranger');
		const bytes = Buffer.from('\x02#!SILK_V3 0');
		const speak = () => server.give(botId, ANNA, { kind: 'voice', bytes, text: 'I am Anna' });
		assert.equal(await hear(speak), 'You are Anna');
	});

	await check('assistant: it remembers the person', async () => {
		const say = () => server.say(botId, ANNA, 'Who am I now?');
		assert.equal(await hear(say), 'You are Anna');
		assert.ok(JSON.stringify(ai.asked.at(-1)?.messages).includes('Who am I?'));
	});

	await check('assistant: the model gets the picture itself', async () => {
		const give = () => server.give(botId, ANNA, { kind: 'image', bytes: jpeg });
		assert.equal(await hear(give), 'I see a picture');
	});

	await check('assistant: the model reads a text file', async () => {
		const bytes = Buffer.from('# Rent: 900');
		const give = () => server.give(botId, ANNA, { kind: 'file', bytes, fileName: '账单.md' });
		assert.equal(await hear(give), 'It is a bill of 900');
	});

	await check('assistant: a file that cannot be read is named to the model', async () => {
		const bytes = Buffer.from('%PDF-1.4');
		const give = () => server.give(botId, ANNA, { kind: 'file', bytes, fileName: '账单.pdf' });
		assert.equal(await hear(give), 'You are Anna');
		assert.equal(ai.asked.at(-1)?.messages.at(-1)?.content, '[文件 file: 账单.pdf]');
	});

	await check('assistant: the person hears of it when the model fails', async () => {
		assert.match(await hear(() => server.say(botId, ANNA, 'fail')), /暂时|无法回答/);
	});
}
