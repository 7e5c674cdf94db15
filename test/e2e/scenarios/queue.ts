import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator, type PushOptions } from '../../simulator';
import { ACCOUNT_TYPE, toAccountCredential, toPlatformCredential } from '../n8n/credentials';
import {
	changeParameters,
	activateWorkflow,
	activateWorkflowWith,
} from '../workflows/activeWorkflow';
import { waitForAll } from '../services/eventually';
import { echoBot, keywordRules, slowAnswer } from '../workflows/exampleWorkflows';
import { findError } from '../n8n/execution';
import {
	createAnsweringFlow,
	checkConversation as talk,
	countTokenCalls,
} from '../actors/platformVisitor';
import { listPackErrors, listUncaughtErrors } from '../services/log';
import { createCallableNode } from '../workflows/callableNode';
import { sharesInRedis } from '../actors/sharedRedis';
import { toSlowAnswer, askAndWait, TYPING } from '../actors/slowAnswers';
import {
	createAccountNode,
	connectPlatform,
	FIRST,
	MINI,
	createPlatformCredential,
	activatePlatformTrigger,
	createPlatformNode,
	SECOND,
	startSimulatorWithPlatform,
} from '../actors/platform';
import { startQueue, type Queue } from '../n8n/queue';
import { createRuleWorkflows } from '../workflows/ruleWorkflows';
import { WECHAT_SECRETS } from '../n8n/storedCredential';
import type { Workflow } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const MEDIA = '/cgi-bin/media/get';
const TOKEN = '/cgi-bin/stable_token';
const USER_INFO = '/cgi-bin/user/info';

const scenario: Scenario = {
	name: 'queue',
	run: async (environment) => {
		const queue = await startQueue({ ...environment, webhooks: 2 });
		const simulator = await startSimulator();
		const { n8n, session } = queue;
		const inQueue = environment.copyWith({ n8n, session, simulator });
		try {
			// Nobody restarts a process while runs are slow.
			await waitForAll([
				runsInWorker(inQueue, queue),
				startsOnce(inQueue, queue),
				answersSlowly(inQueue, queue),
				sharesRules(inQueue, queue),
			]);
			await sharesInRedis(inQueue, queue);
			await sharesToken(inQueue, queue);
			await actsForAccounts(inQueue, queue);
			await logsNoSecret(inQueue, queue);
		} finally {
			await queue.stop();
			await simulator.close();
		}
	},
};

export default scenario;

/** Looks up who wrote, and answers nothing. */
const visitors: Workflow = {
	name: 'visitors',
	nodes: changeParameters(echoBot, 'WeChat Trigger', { respond: 'onReceived' }).nodes.filter(
		({ name }) => name !== 'WeChat Reply',
	),
	connections: { 'WeChat Trigger': echoBot.connections['WeChat Trigger'] },
};

async function runsInWorker(
	environment: ScenarioEnvironment,
	{ worker, webhook }: Queue,
): Promise<void> {
	const { check, session, simulator } = environment;
	const text = (Content: string) => ({ MsgType: 'text', Content });
	const ranInWorker = (id: string) => worker.log().includes(`Worker started execution ${id} `);

	await check('the webhook process proves to WeChat whose address it is', async () => {
		const { url } = await activateWorkflow(environment, visitors);
		assert.ok(url.startsWith(webhook.url));
		assert.equal(await simulator.verify(url), true);
	});

	await check('what is pushed to the webhook process starts a run in the worker', async () => {
		const { id, url } = await activateWorkflow(environment, visitors);
		const before = simulator.count(USER_INFO);
		assert.equal((await simulator.push(url, text('hi'))).outcome, 'success');
		const [execution] = await session.executions(id);
		assert.equal(findError(execution), undefined);
		assert.ok(ranInWorker(execution.id));
		assert.equal(simulator.count(USER_INFO), before + 1);
	});

	await check('a reply by the worker is the answer to the push', async () => {
		const { id, url } = await activateWorkflow(environment, echoBot);
		const { deliveries, outcome, shown } = await simulator.push(url, text('你好 <&>'));
		assert.match(shown, /^您说 You said: 你好 <&>\n关注日期 You follow since: \d{4}-/);
		assert.deepEqual([outcome, deliveries.length], ['reply', 1]);
		const [execution] = await session.executions(id);
		assert.ok(ranInWorker(execution.id));
	});

	await check('a run that fails in the worker shows the sender no fault', async () => {
		const failing = changeParameters(echoBot, 'Who is it?', { openid: 'nobody' });
		const { id, url } = await activateWorkflow(environment, failing);
		const { deliveries, outcome, shown } = await simulator.push(url, text('hi'));
		assert.deepEqual([outcome, shown, deliveries.length], ['success', '', 1]);
		const [execution] = await session.executions(id);
		assert.match(findError(execution) ?? '', /errcode 40003/);
	});
}

/** WeChat delivers a push again when it has got no answer, and a load balancer sends it anywhere. */
async function startsOnce(
	outer: ScenarioEnvironment,
	{ webhook, webhooks: [, other] }: Queue,
): Promise<void> {
	const simulator = await startSimulator();
	const environment = outer.copyWith({ simulator });
	const { check, session } = environment;
	for (const [name, workflow] of Object.entries({ 'without a reply': visitors, echo: echoBot }))
		await check(`${name}: a push that reaches two webhook processes starts one run`, async () => {
			const { id, url } = await activateWorkflow(environment, workflow);
			const elsewhere = url.replace(webhook.url, other.url);
			const pushed = { MsgType: 'text', Content: 'hi', MsgId: '24990055000000001' };
			const { shown } = await simulator.push(url, pushed);
			await sleep(2000);
			assert.equal((await simulator.push(elsewhere, pushed)).shown, shown);
			const next = { ...pushed, MsgId: '24990055000000002' };
			assert.notEqual((await simulator.push(elsewhere, next)).outcome, 'refused');
			const executions = await session.executions(id, 2);
			const started = executions.map((one) => session.listItems(one, 'WeChat Trigger')[0].MsgId);
			assert.deepEqual(started.sort(), [pushed.MsgId, next.MsgId]);
		});
	await simulator.close();
}

/** Pushes for which the worker needs longer than one delivery, whichever process takes the next. */
async function answersSlowly(outer: ScenarioEnvironment, { main, webhook }: Queue): Promise<void> {
	const simulator = await startSimulator({ replyWindow: true });
	const environment = outer.copyWith({ simulator });
	const { check } = environment;
	const users = simulator.openids();
	const atMain = (url: string) => url.replace(webhook.url, main.url);
	const late = { shown: '', messages: [toSlowAnswer(40)] };
	const content = "={{ '' }}";
	const sorry = 'Sorry, ask me again.';
	const failing = changeParameters(slowAnswer, 'WeChat Reply', { content, failureText: '' });
	const apologizing = changeParameters(failing, 'WeChat Reply', { failureText: sorry });

	const waits = async (
		name: string,
		seconds: number,
		deliveries: string[],
		{ retries = [], workflow = slowAnswer, ...expected }: Unusual = {},
	) => {
		const user = String(users.shift());
		const conversation = await activateWorkflow(environment, workflow);
		const urls = { webhook: conversation.url, main: atMain(conversation.url) };
		const options: PushOptions = { retryUrls: retries.map((process) => urls[process]) };
		await check(name, async () => {
			assert.deepEqual(await askAndWait(environment, conversation, user, seconds, options), {
				deliveries,
				shown: toSlowAnswer(seconds),
				messages: [],
				typing: [TYPING],
				runs: ['success'],
				...expected,
			});
		});
	};
	await check('the main process takes pushes, too', async () => {
		const { url } = await activateWorkflow(environment, visitors);
		assert.equal(await simulator.verify(atMain(url)), true);
	});
	await waitForAll([
		waits('12 seconds: the third delivery gets the reply', 12, ['timeout', 'timeout', 'reply']),
		waits('40 seconds: a message, no fault', 40, ['timeout', 'timeout', 'success'], late),
		waits('a retry that reaches the main process gets the reply', 8, ['timeout', 'reply'], {
			retries: ['main'],
		}),
		waits('a second retry, too', 12, ['timeout', 'timeout', 'reply'], {
			retries: ['main', 'main'],
		}),
		waits('one that is back at the first process, too', 12, ['timeout', 'timeout', 'reply'], {
			retries: ['main', 'webhook'],
		}),
		waits('retries at the main process: no fault', 40, ['timeout', 'timeout', 'success'], {
			retries: ['main', 'main'],
			...late,
		}),
		waits('only the last at the main process: no fault', 40, ['timeout', 'timeout', 'success'], {
			retries: ['webhook', 'main'],
			...late,
		}),
		waits('a run that fails slowly shows a retry elsewhere no fault', 6, ['timeout', 'success'], {
			retries: ['main'],
			workflow: failing,
			shown: '',
			runs: ['error'],
		}),
		waits('a reply that fails leaves its text for a retry elsewhere', 6, ['timeout', 'reply'], {
			retries: ['main'],
			workflow: apologizing,
			shown: sorry,
			runs: ['error'],
		}),
		manyWait(),
	]);
	await simulator.close();

	async function manyWait() {
		const waiting = users.splice(0, 5);
		const conversation = await activateWorkflow(environment, slowAnswer);
		const options = { retryUrls: [atMain(conversation.url)] };
		await check('retries of several users at once get each their reply', async () => {
			const seen = await Promise.all(
				waiting.map(async (user) => await askAndWait(environment, conversation, user, 7, options)),
			);
			for (const { deliveries, shown, runs } of seen)
				assert.deepEqual(
					{ deliveries, shown, runs },
					{ deliveries: ['timeout', 'reply'], shown: toSlowAnswer(7), runs: ['success'] },
				);
		});
	}
}

interface Unusual {
	/** The processes that get the second and the third delivery. */
	retries?: Array<'main' | 'webhook'>;
	workflow?: Workflow;
	shown?: string;
	messages?: string[];
	runs?: string[];
}

/** How long a process may answer by rules that another one has changed. */
const NOTICED_MS = 2000;

async function sharesRules(outer: ScenarioEnvironment, { main, webhook }: Queue): Promise<void> {
	const simulator = await startSimulator();
	const environment = outer.copyWith({ simulator });
	const { check, session } = environment;
	const data = toAccountCredential(simulator);
	const account = await session.createCredential('rules', ACCOUNT_TYPE, data);
	const { url } = await activateWorkflowWith(environment, keywordRules, account);
	const { add, remove } = await createRuleWorkflows(environment, account);
	const urls = [url, url.replace(webhook.url, main.url)];
	const read = async () => {
		const say = { MsgType: 'text', Content: 'hours' };
		const seen = await Promise.all(urls.map(async (one) => await simulator.push(one, say)));
		return seen.map(({ shown }) => shown);
	};
	const unknown = 'I know no answer to (没有找到答案): hours';

	await check('rules that the worker changes are noticed by all within two seconds', async () => {
		assert.deepEqual(await read(), [unknown, unknown]);
		await add({ keyword: 'hours', answer: 'Nine to five' });
		await sleep(NOTICED_MS);
		assert.deepEqual(await read(), ['Nine to five', 'Nine to five']);
		await remove({ when: 'keyword', request: 'hours' });
		await sleep(NOTICED_MS);
		assert.deepEqual(await read(), [unknown, unknown]);
	});
	await simulator.close();
}

/** Replies to everything, after a download of what came with it. */
const greedy = changeParameters(echoBot, 'WeChat Trigger', {
	kinds: ['all'],
	pushOptions: { downloadMedia: true },
});

async function sharesToken(environment: ScenarioEnvironment, { worker }: Queue): Promise<void> {
	// An account that no process has heard of yet.
	const simulator = await startSimulator();
	const { check, copyWith } = environment;
	const { url } = await activateWorkflow(copyWith({ simulator }), greedy);
	const push = async (message: Record<string, unknown>) =>
		assert.equal((await simulator.push(url, message)).outcome, 'reply');
	const text = async (Content: string) => await push({ MsgType: 'text', Content });
	const picture = async () => {
		const MediaId = simulator.addMedia(Buffer.from('GIF89a picture'), 'picture.gif');
		await push({ MsgType: 'image', MediaId, PicUrl: 'http://mmbiz.qpic.cn/x' });
	};

	// Each process asks once for the stable token, and WeChat gives all of them the same one.
	await check('the webhook process uses the same token as the worker', async () => {
		await text('hi');
		assert.deepEqual([simulator.count(TOKEN), simulator.count(MEDIA)], [1, 0]);
		await picture();
		assert.deepEqual([simulator.count(TOKEN), simulator.count(MEDIA)], [2, 1]);
		assert.equal(simulator.countTokens(), 1);
	});

	await check('a restart of the worker makes no new token', async () => {
		await worker.restart();
		await text('hi again');
		assert.deepEqual([simulator.count(TOKEN), simulator.count(USER_INFO)], [3, 3]);
		assert.equal(simulator.countTokens(), 1);
	});

	await check('a token that dies makes one new token, whoever finds out', async () => {
		simulator.revokeTokens();
		await picture();
		await text('still there?');
		assert.equal(simulator.countTokens(), 2);
	});
	await simulator.close();
}

/** Pushes of a third-party platform arrive at one process, and another one acts for its accounts. */
async function actsForAccounts(outer: ScenarioEnvironment, { n8n, worker }: Queue): Promise<void> {
	const simulator = await startSimulatorWithPlatform();
	const environment = outer.copyWith({ simulator });
	const { check, session } = environment;
	const { platform } = simulator;
	const credentials = await createPlatformCredential(environment);
	const parts = createAnsweringFlow(credentials);
	const trigger = await activatePlatformTrigger(
		environment,
		credentials,
		{ respond: 'responseNode' },
		parts,
	);
	connectPlatform(simulator, trigger);
	const accounts = [FIRST, SECOND, MINI];
	const state = { resource: 'account', operation: 'getAll', returnAll: true };
	const count = { resource: 'user', operation: 'getAll', limit: 1 };
	const list = await createCallableNode(environment, createPlatformNode(state, credentials));
	const act = await createCallableNode(
		environment,
		createAccountNode('={{ $json.body.account }}', count, credentials),
	);

	await check('platform: the webhook process answers the check of both addresses', async () => {
		assert.equal(await platform.verify('events'), true);
		assert.equal(await platform.verify('messages', SECOND), true);
	});

	await check('platform: the worker uses the ticket that the webhook process got', async () => {
		assert.equal((await platform.pushTicket()).outcome, 'success');
		assert.deepEqual(await list(), []);
		assert.deepEqual(countTokenCalls(simulator), [1, 0]);
	});

	await check('platform: accounts authorize at the webhook process', async () => {
		for (const [index, account] of accounts.entries()) {
			assert.equal((await platform.authorize(account)).result?.outcome, 'success');
			const [execution] = await session.executions(trigger.id, index + 1);
			assert.equal(findError(execution), undefined);
			assert.equal(session.listItems(execution, 'Trigger')[0].accountAppId, account);
		}
	});

	await check('platform: the worker acts for them, with the tokens that came along', async () => {
		for (const account of accounts) await talk(environment, account, 'hello');
		const [execution] = await session.executions(trigger.id, 6);
		assert.ok(worker.log().includes(`Worker started execution ${execution.id} `));
		assert.deepEqual(countTokenCalls(simulator), [1, 0]);
	});

	await check('platform: the main process lists them in the editor', async () => {
		const answer = await session.rest<{ results: Array<{ value: string }> }>(
			'POST',
			'/rest/dynamic-node-parameters/resource-locator-results',
			{
				nodeTypeAndVersion: { name: 'n8n-nodes-wechat-platform.wechat', version: 1 },
				currentNodeParameters: { authentication: 'openPlatform' },
				path: 'parameters.account',
				methodName: 'searchAccounts',
				credentials,
			},
		);
		const listed = answer.data.results.map(({ value }) => value);
		assert.deepEqual(listed.sort(), [...accounts].sort());
	});

	for (const [what, { restart }] of Object.entries({ 'the worker': worker, everything: n8n }))
		await check(`platform: a restart of ${what} keeps all tokens`, async () => {
			const before = countTokenCalls(simulator);
			await restart();
			await session.activate(trigger.id);
			for (const account of accounts) await talk(environment, account, `after ${what}`);
			assert.equal((await list()).length, accounts.length);
			assert.deepEqual(countTokenCalls(simulator), before);
		});

	await check('platform: tokens that die cost one renewal each, whoever finds out', async () => {
		const [component, account] = countTokenCalls(simulator);
		platform.revokeTokens();
		await talk(environment, SECOND, 'still there?');
		// The webhook process marks the push in the same record: a token that it writes over is back after 250 ms.
		await sleep(1000);
		await platform.authorize(MINI);
		await talk(environment, MINI, 'and you?');
		assert.deepEqual(countTokenCalls(simulator), [component + 1, account + 1]);
	});

	await check('platform: what an account takes back is over for the worker, too', async () => {
		await platform.revoke(SECOND);
		await assert.rejects(act({ account: SECOND }), new RegExp(SECOND));
		await talk(environment, FIRST, 'are you?');
	});

	await check('platform: an account that authorizes again works again', async () => {
		const before = countTokenCalls(simulator);
		await platform.authorize(SECOND);
		await talk(environment, SECOND, 'welcome back');
		assert.deepEqual(countTokenCalls(simulator), before);
	});

	await check('platform: the release test is passed', async () => {
		const steps = await platform.releaseTest(1);
		assert.deepEqual(
			steps.filter(({ ok }) => !ok),
			[],
		);
	});
	await simulator.close();
}

async function logsNoSecret(
	{ check, simulator }: ScenarioEnvironment,
	queue: Queue,
): Promise<void> {
	const given = [toAccountCredential(simulator), toPlatformCredential(simulator)];
	const secrets = given.flatMap(({ appSecret, token, encodingAesKey }) => [
		appSecret,
		token,
		encodingAesKey,
	]);
	for (const name of ['main', 'worker', 'webhook'] as const)
		await check(`${name}: the log holds no secret and no complaint about the pack`, () => {
			const log = queue[name].log();
			for (const secret of secrets) assert.ok(!log.includes(String(secret)));
			assert.deepEqual(log.match(WECHAT_SECRETS), null);
			assert.deepEqual(listPackErrors(log), []);
			assert.deepEqual(listUncaughtErrors(log), []);
		});
}
