import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startBotServer } from '../../simulator/bot';
import { ANNA, createBotOwner, waitForPoller, type BotOwner } from '../actors/botOwner';
import { BOT_TYPE } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { startAiServices, type AiServices, type ModelRequest } from '../services/aiServices';
import { eventually } from '../services/eventually';
import { createAgentNodes, LANGCHAIN, ofAgent } from '../workflows/agentWorkflows';
import { BOT_TRIGGER, connect, createNode, type WorkflowNode } from '../workflows/workflow';

type Json = Record<string, unknown>;

const PACK = 'n8n-nodes-wechat-platform';

/** Nodes of a bot beside others: an agent with its memory, tools and reviews, replies, and questions. */
const scenario: Scenario = {
	name: 'conversations of bots',
	run: async (environment) => {
		const server = await startBotServer({ perFiveMinutes: 1000 });
		const ai = await startAiServices(answer);
		try {
			const owner = await createBotOwner(environment, server);
			const listener = await owner.publish({ kinds: ['event.session_ended'] });
			const { botId } = await owner.logIn(await owner.getLink());
			await waitForPoller(owner, botId);
			await talksToAgent(environment, { owner, botId, ai });
			await asksAndReplies(environment, { owner, botId });
			await environment.session.deactivate(listener.id);
		} finally {
			await Promise.all([server.close(), ai.close()]);
		}
	},
};

export default scenario;

/** The model says that it works, then who writes; it pays only with a review. */
function answer({ messages, tools = [] }: ModelRequest) {
	const last = messages.at(-1);
	const said = messages.filter(({ role }) => role === 'user').map(({ content }) => String(content));
	if (last?.role === 'tool') return `Done: ${String(last.content).slice(0, 40)}`;
	const find = (name: RegExp) =>
		String(tools.find((one) => name.test(one.function.name))?.function.name);
	if (/slow/.test(String(said.at(-1))))
		return { tool: find(/tell/i), input: { text: 'I am looking' } };
	if (/pay/.test(String(said.at(-1)))) {
		const tool = tools.find((one) => /pay/i.test(one.function.name));
		const input = { input: 'A-1' };
		const { properties = {} } = (tool?.function.parameters ?? {}) as { properties?: object };
		const wrapped = { toolParameters: input, hitlParameters: {} };
		return { tool: find(/pay/i), input: 'toolParameters' in properties ? wrapped : input };
	}
	return `Heard: ${said.join(', ')}`;
}

interface Talk {
	owner: BotOwner;
	botId: string;
	ai: AiServices;
}

async function talksToAgent(
	{ check, session }: ScenarioEnvironment,
	{ owner, botId, ai }: Talk,
): Promise<void> {
	const { server } = owner;
	const bot = { [BOT_TYPE]: { id: owner.id, name: 'My bot' } };
	const model = await session.createCredential('Model', 'openAiApi', {
		apiKey: 'sk-for-tests',
		url: `${ai.url}/v1`,
	});
	const tell = {
		resource: 'message',
		operation: 'send',
		text: "={{ $fromAI('text', 'What to tell', 'string') }}",
	};
	const review = { resource: 'message', operation: 'sendAndWait', message: 'May it pay?' };
	const nodes: WorkflowNode[] = [
		{ ...createNode('Trigger', BOT_TRIGGER, 1, {}, bot), webhookId: randomUUID() },
		// What agent, memory and tool take from the item is their default.
		...createAgentNodes(model),
		createNode('Tell', `${PACK}.wechatBotTool`, 1, tell, bot),
		createNode('Pay', `${LANGCHAIN}.toolCode`, 1.3, {
			description: 'Pays an order',
			jsCode: "return 'paid';",
		}),
		{
			...createNode('Review', `${PACK}.wechatBotHitlTool`, 1, { ...review, to: ANNA }, bot),
			webhookId: randomUUID(),
		},
		createNode(
			'Reply',
			`${PACK}.wechatReply`,
			1,
			{ ...REPLY, content: '={{ $json.output }}' },
			bot,
		),
	];
	const connections = {
		Trigger: connect('main', 'Agent'),
		Agent: connect('main', 'Reply'),
		...ofAgent,
		Tell: connect('ai_tool', 'Agent'),
		Pay: connect('ai_tool', 'Review'),
		Review: connect('ai_tool', 'Agent'),
	};
	const { id } = await session.createWorkflow({ name: 'agent of a bot', nodes, connections });
	await session.activate(id);
	const texts = () => server.seen(ANNA).map(({ text }) => String(text));
	const hear = async (text: string, shown: number) => {
		const before = texts().length;
		server.say(botId, ANNA, text);
		await eventually(() => assert.equal(texts().length, before + shown), 30_000);
		return texts().slice(before);
	};

	await check('an agent and its memory know who writes, and WeChat Reply answers', async () => {
		assert.deepEqual(await hear('I am Anna', 1), ['Heard: I am Anna']);
		assert.deepEqual(await hear('and you?', 1), ['Heard: I am Anna, and you?']);
	});

	await check('as the tool of an agent, WeChat Bot writes to who has written', async () => {
		const [told, done] = await hear('slow work', 2);
		assert.equal(told, 'I am looking');
		assert.match(done, /^Done: /);
	});

	await check('a human review asks by the bot, and the agent goes on', async () => {
		const [question] = await hear('please pay', 1);
		assert.match(question, /^May it pay\?/);
		const [thanks, done] = await hear('1', 2);
		assert.match(thanks, /已收到/);
		assert.match(done, /^Done: .*paid/);
	});
	await session.deactivate(id);
}

const REPLY = { resource: 'reply', operation: 'send', authentication: 'bot', type: 'Text' };

async function asksAndReplies(
	{ check, session }: ScenarioEnvironment,
	{ owner, botId }: Pick<Talk, 'owner' | 'botId'>,
): Promise<void> {
	const { server } = owner;
	const bot = { [BOT_TYPE]: { id: owner.id, name: 'My bot' } };
	const ask: Json = { resource: 'message', operation: 'sendAndWait', message: 'Ship it?' };
	const content = "={{ $json.data.approved ? 'It is on its way' : 'Then not' }}";
	const { id } = await owner.publish({ kinds: ['message.text'] }, [
		{ ...createNode('Ask', `${PACK}.wechatBot`, 1, ask, bot), webhookId: randomUUID() },
		createNode('Reply', `${PACK}.wechatReply`, 1, { ...REPLY, content }, bot),
	]);
	const texts = () => server.seen(ANNA).map(({ text }) => String(text));

	await check('a run asks, waits, and answers the message that started it', async () => {
		const before = texts().length;
		server.say(botId, ANNA, 'order 7');
		await eventually(() => assert.equal(texts().length, before + 1), 30_000);
		server.say(botId, ANNA, '同意');
		await eventually(() => assert.equal(texts().length, before + 3), 30_000);
		assert.deepEqual(texts().slice(before), [
			'Ship it?\n1. 同意\n2. 拒绝',
			'已收到，谢谢。(Received, thank you.)',
			'It is on its way',
		]);
		const executions = await session.executions(id, 1, 30_000);
		assert.deepEqual(
			executions.map((one) => [one.status, findError(one)]),
			[['success', undefined]],
		);
	});
	await session.deactivate(id);
}
