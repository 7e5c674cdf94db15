import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinChat, startSimulator, type Person } from '../../simulator';
import { jpeg } from '../../simulator/accounts/jpeg';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import { startQueue, type Queue } from '../n8n/queue';
import { WECHAT_SECRETS } from '../n8n/storedCredential';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { eventually, waitForAll } from '../services/eventually';
import { listPackErrors, listUncaughtErrors } from '../services/log';
import { activateAskingWorkflow, activateListener, ASK } from '../workflows/questionWorkflows';

type Json = Record<string, unknown>;

/** Workers ask, and webhook processes get the answers; what is open is in the credential or in Redis. */
const scenario: Scenario = {
	name: 'questions in queue mode',
	run: async (outer) => {
		const queue = await startQueue({ ...outer, webhooks: 2 });
		const { n8n, session, redisUrl } = queue;
		const environment = outer.copyWith({ n8n, session });
		const redis = { sharedState: 'redis', redisUrl, redisPrefix: 'questions' };
		try {
			await waitForAll([
				asks(environment, queue, 'state in the credential', {}),
				asks(environment, queue, 'state in Redis', redis),
			]);
			await outlivesRestart(environment, queue, redis);
			await logsNoSecret(environment, queue);
		} finally {
			await queue.stop();
		}
	},
};

export default scenario;

interface OpenChat {
	environment: ScenarioEnvironment;
	credentials: Record<string, { id: string; name: string }>;
	listener: Awaited<ReturnType<typeof activateListener>>;
	/** Who has written once already; each push goes to the next process. */
	greet(): Promise<Person>;
	close(): Promise<void>;
}

async function openChat(
	outer: ScenarioEnvironment,
	{ main, webhook, webhooks }: Queue,
	state: Json,
): Promise<OpenChat> {
	const simulator = await startSimulator({ replyWindow: true });
	const environment = outer.copyWith({ simulator });
	const data = { ...toAccountCredential(simulator), ...state };
	const credential = await outer.session.createCredential('Questions', ACCOUNT_TYPE, data);
	const credentials = { [ACCOUNT_TYPE]: credential };
	const listener = await activateListener(environment, credentials);
	const openids = [...simulator.openids()];
	const processes = [...webhooks, main];
	let pushes = 0;
	return {
		environment,
		credentials,
		listener,
		close: async () => await simulator.close(),
		greet: async () => {
			const person = joinChat(simulator, {
				openid: String(openids.shift()),
				push: async (message) => {
					const { url } = processes[pushes++ % processes.length];
					return await simulator.push(listener.url.replace(webhook.url, url), message);
				},
			});
			await person.say('hello');
			return person;
		},
	};
}

/** A process may need so long to notice what another one has stored in the credential; people take longer to read. */
const NOTICED_MS = 2000;

/** In the reply; by a message where the queue is slower than WeChat waits. */
const isThanked = async ({ seen }: Person) =>
	await eventually(() => assert.match(String(seen.at(-1)), /已收到/), 15_000);

/** Whatever process a push reaches, the question is known there. */
async function asks(
	outer: ScenarioEnvironment,
	queue: Queue,
	where: string,
	state: Json,
): Promise<void> {
	const chat = await openChat(outer, queue, state);
	const { environment, credentials, greet, listener } = chat;
	const { check, session } = environment;
	const readData = async (id: string, want: number) => {
		const [execution] = await session.executions(id, want, 30_000);
		assert.equal(findError(execution), undefined);
		assert.ok(queue.worker.log().includes(`Worker started execution ${execution.id} `));
		return session.listItems(execution, ASK)[0].data;
	};
	const asking = await activateAskingWorkflow(environment, credentials);
	const form = await activateAskingWorkflow(environment, credentials, {
		responseType: 'form',
		formFields: {
			values: [
				{ fieldLabel: 'Name?', fieldName: 'name', fieldType: 'text' },
				{ fieldLabel: 'People?', fieldName: 'people', fieldType: 'number' },
				{ fieldLabel: 'A picture?', fieldName: 'picture', fieldType: 'picture' },
			],
		},
	});
	try {
		await check(`${where}: each process takes the answer to what a worker has asked`, async () => {
			for (const [index, expected] of [true, false, true].entries()) {
				const person = await greet();
				await asking.ask(person.openid, 'May we?');
				await sleep(NOTICED_MS);
				await person.tap(expected ? '同意' : '拒绝');
				await isThanked(person);
				assert.deepEqual(await readData(asking.id, index + 1), { approved: expected });
			}
		});

		await check(`${where}: answers to a form may each reach another process`, async () => {
			const person = await greet();
			await form.ask(person.openid, 'Tell us:');
			await sleep(NOTICED_MS);
			assert.match((await person.say('李雷')).shown, /People\?/);
			assert.match((await person.say('4')).shown, /A picture\?/);
			await person.sendPicture(jpeg);
			await isThanked(person);
			const { name, people } = (await readData(form.id, 1)) as Json;
			assert.deepEqual([name, people], ['李雷', 4]);
		});

		await check(`${where}: no answer has started another workflow`, async () => {
			const runs = await session.executions(listener.id, 0);
			const said = runs.map((run) => session.listItems(run, 'Trigger')[0].Content);
			assert.deepEqual(new Set(said), new Set(['hello']));
		});
	} finally {
		await chat.close();
	}
}

async function outlivesRestart(
	outer: ScenarioEnvironment,
	queue: Queue,
	state: Json,
): Promise<void> {
	const chat = await openChat(outer, queue, state);
	const { environment, credentials, greet, listener } = chat;
	const { check, n8n, session } = environment;
	const asking = await activateAskingWorkflow(environment, credentials);
	const person = await greet();
	try {
		await check('a restart of all processes: the run goes on with the answer', async () => {
			await asking.ask(person.openid, 'May we?');
			await n8n.restart();
			await session.activate(listener.id);
			await person.tap('同意');
			await isThanked(person);
			const [execution] = await session.executions(asking.id, 1, 30_000);
			assert.deepEqual(session.listItems(execution, ASK)[0].data, { approved: true });
		});
	} finally {
		await chat.close();
	}
}

async function logsNoSecret({ check, session }: ScenarioEnvironment, queue: Queue): Promise<void> {
	await check('nothing secret is in executions or a log', async () => {
		const executions = await session.api('GET', '/executions?includeData=true&limit=250');
		const logs = (['main', 'worker', 'webhook'] as const).map((name) => queue[name].log());
		const told = [JSON.stringify(executions), ...logs].join('\n');
		assert.deepEqual(told.match(WECHAT_SECRETS), null);
		assert.doesNotMatch(told, /webhook-waiting\/\d+[^"\s]*signature=/);
		for (const log of logs) {
			assert.deepEqual(listPackErrors(log), []);
			assert.deepEqual(listUncaughtErrors(log), []);
		}
	});
}
