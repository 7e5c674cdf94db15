import assert from 'node:assert/strict';
import { joinChat, startSimulator, type Person } from '../../simulator';
import { readVoice } from '../../support/voices';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { readPrompt, startAiServices, type AiServices } from '../services/aiServices';
import { eventually, waitForAll } from '../services/eventually';
import { activateWorkflowWith, changeParameters } from '../workflows/activeWorkflow';
import { createAgentWorkflow } from '../workflows/agentWorkflows';
import { supportBot } from '../workflows/exampleWorkflows';
import { listRuns, untilWaiting } from '../workflows/questionWorkflows';
import { toWebhookUrl, withCredentials, type Workflow } from '../workflows/workflow';

type Credential = { id: string; name: string };

/** n8n's own AI nodes behind an official account. */
const scenario: Scenario = {
	name: 'conversations',
	run: async (outer) => {
		const simulator = await startSimulator({ replyWindow: true, followers: 20 });
		const environment = outer.copyWith({ simulator });
		const data = toAccountCredential(simulator);
		const account = await outer.session.createCredential('Conversations', ACCOUNT_TYPE, data);
		try {
			const agents = { environment, account, openids: [...simulator.openids()] };
			await waitForAll([
				remembers(agents),
				joins(agents),
				splits(agents),
				hears(agents),
				hasToolsApproved(agents),
			]);
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

interface Agents {
	environment: ScenarioEnvironment;
	account: Credential;
	/** Of people who have not written yet. */
	openids: string[];
}

/** Starts a workflow, and puts a person into the chat with it. */
async function open(
	{ environment, openids }: Agents,
	workflow: Workflow,
): Promise<{ id: string; person: Person; join(): Person }> {
	const { n8n, session, simulator } = environment;
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	const url = toWebhookUrl(n8n.url, workflow);
	const join = () =>
		joinChat(simulator, {
			openid: String(openids.shift()),
			push: async (message) => await simulator.push(url, message),
		});
	return { id, person: join(), join };
}

async function createModel({ session }: ScenarioEnvironment, ai: AiServices): Promise<Credential> {
	const data = { apiKey: 'sk-for-tests', url: `${ai.url}/v1` };
	return await session.createCredential('Model', 'openAiApi', data);
}

/** Each person's messages that the model has been sent, without those of the system. */
const listContents = (ai: AiServices) =>
	ai.asked.map(({ messages }) =>
		messages.filter(({ role }) => role !== 'system').map(({ content }) => content),
	);

async function remembers(agents: Agents): Promise<void> {
	const { environment, account } = agents;
	const { check, session } = environment;
	const ai = await startAiServices((request) => `Model: ${readPrompt(request)}`);
	const model = await createModel(environment, ai);
	const { id, person, join } = await open(
		agents,
		createAgentWorkflow({ [ACCOUNT_TYPE]: account }, model),
	);
	const other = join();
	try {
		await check(
			'an agent takes text and session by itself, and remembers each person',
			async () => {
				assert.equal((await person.say('I am Li Lei')).shown, 'Model: I am Li Lei');
				assert.equal((await other.say('I am Han Meimei')).shown, 'Model: I am Han Meimei');
				assert.equal((await person.say('Who am I?')).shown, 'Model: Who am I?');
				assert.deepEqual(listContents(ai), [
					['I am Li Lei'],
					['I am Han Meimei'],
					['I am Li Lei', 'Model: I am Li Lei', 'Who am I?'],
				]);
				for (const execution of await session.executions(id, 3))
					assert.equal(findError(execution), undefined);
			},
		);
	} finally {
		await ai.close();
	}
}

async function joins(agents: Agents): Promise<void> {
	const { environment, account } = agents;
	const { check, session } = environment;
	const ai = await startAiServices((request) => `Model: ${readPrompt(request)}`);
	const model = await createModel(environment, ai);
	const pushOptions = { joinSeconds: 3 };
	const { id, person } = await open(
		agents,
		createAgentWorkflow({ [ACCOUNT_TYPE]: account }, model, { pushOptions }),
	);
	try {
		await check('three short messages make one run, and one answer', async () => {
			const said = ['Hello', 'I have a question', 'When do you open?'];
			const results = [];
			for (const text of said) {
				results.push(person.say(text));
				await new Promise((resolve) => setTimeout(resolve, 600));
			}
			const shown = (await Promise.all(results)).map((result) => result.shown);
			assert.deepEqual(shown, ['', '', `Model: ${said.join('\n')}`]);
			assert.deepEqual(listContents(ai), [[said.join('\n')]]);
			const executions = await session.executions(id, 1);
			assert.equal(executions.length, 1);
			assert.equal(findError(executions[0]), undefined);
		});
	} finally {
		await ai.close();
	}
}

/** The bytes of a file in a form, of one second of samples of 16 bits at 16 kHz. */
const SECOND_BYTES = 32_000;

async function hears({ environment, account, openids }: Agents): Promise<void> {
	const { check, session, simulator } = environment;
	const ai = await startAiServices((request) => `Heard: ${readPrompt(request)}`, 'Tea, please');
	const credentials = {
		openAiApi: await createModel(environment, ai),
		httpBearerAuth: await session.createCredential('Speech', 'httpBearerAuth', { token: 'sk' }),
	};
	const pushOptions = { downloadMedia: true, voiceFormat: 'wav' };
	const bot = changeParameters(supportBot, 'WeChat Trigger', { pushOptions });
	const url = `${ai.url}/v1/audio/transcriptions`;
	const { url: trigger } = await activateWorkflowWith(
		environment,
		withCredentials(changeParameters(bot, 'Voice to text', { url }), credentials),
		account,
	);
	const person = joinChat(simulator, {
		openid: String(openids.shift()),
		push: async (message) => await simulator.push(trigger, message),
	});
	try {
		await check('a speech service gets a voice as WAV, at 16 kHz where there is one', async () => {
			const voice = { bytes: readVoice('narrow'), wide: readVoice('wide') };
			assert.equal((await person.sendVoice(voice)).shown, 'Heard: Tea, please');
			await person.sendVoice({ bytes: voice.bytes });
			const [wide, narrow] = ai.heard.map((form) => {
				assert.match(form.toString('latin1'), /filename="[^"]+\.wav"/);
				const start = form.indexOf('RIFF');
				return { rate: form.readUInt32LE(start + 24), bytes: form.length - start };
			});
			assert.deepEqual([wide.rate, narrow.rate], [16_000, 8000]);
			assert.ok(Math.abs(wide.bytes - 5 * SECOND_BYTES) < 2000);
			assert.ok(Math.abs(narrow.bytes - 2.5 * SECOND_BYTES) < 2000);
		});
	} finally {
		await ai.close();
	}
}

/** 3,300 bytes in sentences. */
const SENTENCE = '这是一个关于茶的句子，写得不长也不短。';
const LONG = SENTENCE.repeat(58);

async function splits(agents: Agents): Promise<void> {
	const { environment, account } = agents;
	const { check } = environment;
	const ai = await startAiServices((request) =>
		readPrompt(request) === 'long'
			? LONG
			: '## Tea\n\n**Green** tea:\n\n- hot\n- [shop](https://example.com/shop)',
	);
	const model = await createModel(environment, ai);
	const { id, person } = await open(
		agents,
		createAgentWorkflow({ [ACCOUNT_TYPE]: account }, model, { reply: { format: 'markdown' } }),
	);
	try {
		await check('a long answer comes whole, in parts that end with a sentence', async () => {
			await person.say('long');
			await environment.session.executions(id, 1);
			await eventually(() => assert.equal(person.seen.join(''), LONG));
			assert.ok(person.seen.length >= 2 && person.seen.length <= 3);
			for (const part of person.seen) {
				assert.ok(Buffer.byteLength(part) <= 2048);
				assert.ok(part.endsWith('。'));
			}
		});

		await check('Markdown of a model becomes what WeChat shows', async () => {
			const { shown } = await person.say('markdown');
			assert.match(shown, /<a href="https:\/\/example\.com\/shop">shop<\/a>/);
			assert.doesNotMatch(shown, /[*#]/);
		});
	} finally {
		await ai.close();
	}
}

async function hasToolsApproved(agents: Agents): Promise<void> {
	const { environment, account, openids } = agents;
	const { check, session } = environment;
	const manager = String(openids.shift());
	const ai = await startAiServices((request) => {
		// What came before is in the memory.
		const last = request.messages.at(-1);
		if (last?.role === 'tool') return `Done: ${String(last.content)}`;
		const [tool] = request.tools ?? [];
		// An input as the tool describes it: a human review wraps that of the tool.
		const input = { input: 'A-1' };
		const { properties = {} } = tool.function.parameters as { properties?: object };
		return {
			tool: tool.function.name,
			input: 'toolParameters' in properties ? { toolParameters: input, hitlParameters: {} } : input,
		};
	});
	const model = await createModel(environment, ai);
	const review = {
		touser: manager,
		message: '=The bot wants to use {{ $tool.name }}',
	};
	const workflow = createAgentWorkflow({ [ACCOUNT_TYPE]: account }, model, { review });
	const { id, person } = await open(agents, workflow);
	const boss = joinChat(environment.simulator, {
		openid: manager,
		push: async (message) =>
			await environment.simulator.push(toWebhookUrl(environment.n8n.url, workflow), message),
	});
	try {
		// The account may write to who has written; the run is that of a person who wants nothing.
		for (const [tap, wanted] of [
			['同意', /^Done: .*refunded/],
			['拒绝', /^Done: .*rejected/],
		] as const)
			await check(`human review: ${tap} is what n8n's agent goes by`, async () => {
				await openWindow(boss);
				const known = await listRuns(session, id);
				const said = person.say('Refund my order');
				await untilWaiting(session, id, known);
				assert.match(String(boss.seen.at(-1)), /The bot wants to use/);
				await boss.tap(tap);
				await said;
				await eventually(() => assert.match(String(person.seen.at(-1)), wanted), 20_000);
			});
	} finally {
		await ai.close();
	}
}

/** A menu tap of a person lets the account write, and starts no run of a workflow for texts. */
async function openWindow(person: Person): Promise<void> {
	await person.send({ MsgType: 'event', Event: 'CLICK', EventKey: 'HELLO' });
}
