import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator';
import { startRedisServer } from '../../support/redisServer';
import {
	ACCOUNT_TYPE,
	PLATFORM_TYPE,
	toAccountCredential,
	toPlatformCredential,
} from '../n8n/credentials';
import type { Queue } from '../n8n/queue';
import type { Session } from '../n8n/session';
import type { ScenarioEnvironment } from '../scenario';
import { eventually, waitForAll } from '../services/eventually';
import { activateWorkflow } from '../workflows/activeWorkflow';
import { createCallableNode } from '../workflows/callableNode';
import { echoBot, slowAnswer } from '../workflows/exampleWorkflows';
import {
	activatePlatformTrigger,
	connectPlatform,
	createPlatformNode,
	FIRST,
	MINI,
	SECOND,
	startSimulatorWithPlatform,
} from './platform';
import { countTokenCalls } from './platformVisitor';
import { askAndWait, toSlowAnswer } from './slowAnswers';

/** What somebody enters who has the state in Redis. */
const enterRedis = (redisUrl: string) => ({
	sharedState: 'redis',
	redisUrl,
	redisPrefix: 'shared-state',
});

/** WeChat waits five seconds; a second less is in time on a busy computer. */
const IN_TIME_MS = 4000;
const PASSWORD = 'a-password-of-redis';

/** Shared State of the credentials is the Redis of the queue, or one that breaks down. */
export async function sharesInRedis(outer: ScenarioEnvironment, queue: Queue): Promise<void> {
	// Then each process has its connection.
	await startsOneRun(outer, queue);
	await waitForAll([repliesElsewhere(outer, queue), outlivesRedis(outer)]);
	await movesState(outer, queue);
}

async function startsOneRun(outer: ScenarioEnvironment, queue: Queue): Promise<void> {
	const simulator = await startSimulator();
	const environment = outer.copyWith({ simulator });
	const { check, session } = environment;
	await check('Redis: pushes to three processes at the same instant start one run', async () => {
		const { id, url } = await activateWorkflow(environment, echoBot, enterRedis(queue.redisUrl));
		const { main, webhooks } = queue;
		const { pathname } = new URL(url);
		const urls = [main, ...webhooks].map((process) => process.url + pathname);
		const sent = Array.from({ length: 10 }, (_, n) => String(24990055000000100n + BigInt(n)));
		for (const MsgId of sent) {
			const pushed = { MsgType: 'text', Content: MsgId, MsgId };
			const seen = await Promise.all(
				urls.map(async (one) => (await simulator.push(one, pushed)).shown),
			);
			assert.match(seen[0], new RegExp(`^您说 You said: ${MsgId}`));
			assert.deepEqual(seen, [seen[0], seen[0], seen[0]]);
		}
		const executions = await session.executions(id, sent.length);
		const started = executions.map((one) => session.listItems(one, 'WeChat Trigger')[0].MsgId);
		assert.deepEqual(started.sort(), sent);
	});
	await simulator.close();
}

/** The run ends while WeChat waits at another process than the one that has started it. */
async function repliesElsewhere(outer: ScenarioEnvironment, queue: Queue): Promise<void> {
	const simulator = await startSimulator({ replyWindow: true });
	const environment = outer.copyWith({ simulator });
	const { check } = environment;
	const conversation = await activateWorkflow(environment, slowAnswer, enterRedis(queue.redisUrl));
	const { pathname } = new URL(conversation.url);
	const [main, , other] = [queue.main, ...queue.webhooks].map(({ url }) => url + pathname);
	const users = simulator.openids();
	const waits = async (name: string, seconds: number, retryUrls: string[], deliveries: string[]) =>
		await check(`Redis: ${name}`, async () => {
			const user = String(users.shift());
			const seen = await askAndWait(environment, conversation, user, seconds, { retryUrls });
			assert.deepEqual(
				[seen.deliveries, seen.shown, seen.runs, seen.messages],
				[deliveries, toSlowAnswer(seconds), ['success'], []],
			);
		});
	await waitForAll([
		waits('a retry at the other webhook process gets the reply', 6, [other], ['timeout', 'reply']),
		waits('a retry at the main process gets the reply', 6, [main], ['timeout', 'reply']),
		waits(
			'a third delivery at a third process, too',
			11,
			[other, main],
			['timeout', 'timeout', 'reply'],
		),
	]);
	await simulator.close();
}

/** It is stopped, and killed: what is acknowledged meanwhile is there afterwards. */
async function outlivesRedis(outer: ScenarioEnvironment): Promise<void> {
	const simulator = await startSimulatorWithPlatform();
	const environment = outer.copyWith({ simulator });
	const { check, session } = environment;
	const { platform } = simulator;
	const redis = await startRedisServer({
		appendonly: 'yes',
		appendfsync: 'always',
		requirepass: PASSWORD,
	});
	const redisUrl = redis.url.replace('//', `//:${PASSWORD}@`);
	const data = { ...toPlatformCredential(simulator), ...enterRedis(redisUrl) };
	const credentials = {
		[PLATFORM_TYPE]: await session.createCredential('outage', PLATFORM_TYPE, data),
	};
	connectPlatform(simulator, await activatePlatformTrigger(environment, credentials));
	const list = await createCallableNode(
		environment,
		createPlatformNode({ resource: 'account', operation: 'getAll', returnAll: true }, credentials),
	);
	/** Only the ticket that came last gets a token. */
	const renewToken = async () => {
		platform.revokeTokens();
		return (await list()).map(({ appId }) => appId);
	};

	await check('Redis: a ticket pushed at the webhook process is used by the worker', async () => {
		assert.equal((await platform.pushTicket()).outcome, 'success');
		assert.deepEqual(await list(), []);
		assert.deepEqual(countTokenCalls(simulator), [1, 0]);
		assert.equal((await platform.authorize(MINI)).result?.outcome, 'success');
		assert.ok(((await redis.run('KEYS', 'shared-state:*:ticket')) as string[]).length === 1);
	});

	await check('Redis: the credential test says that it works, and a wrong password', async () => {
		const test = async (url: string) => {
			const account = { ...toAccountCredential(simulator), ...enterRedis(url) };
			const { id, name } = await session.createCredential('tested', ACCOUNT_TYPE, account);
			return await session.testCredential({ id, name, type: ACCOUNT_TYPE, data: account });
		};
		const right = await test(redisUrl);
		assert.match(`${right.status} ${right.message}`, /^OK .+ keeps the state\.$/);
		const wrong = await test(redisUrl.replace(PASSWORD, 'a-wrong-one'));
		assert.match(`${wrong.status} ${wrong.message}`, /^Error .*password/i);
		assert.doesNotMatch(wrong.message, /a-wrong-one/);
	});

	const outages = {
		'that answers nothing': [async () => redis.pause(), async () => redis.resume()],
		'that was killed': [redis.kill, redis.start],
	};
	for (const [what, [begin, end]] of Object.entries(outages))
		await check(`Redis ${what}: pushes are answered in time, and nothing is lost`, async () => {
			await begin();
			const answers = await Promise.all([
				platform.pushTicket(),
				platform.message(MINI, { MsgType: 'text', Content: what }),
			]);
			const { result } = await platform.authorize(what.includes('killed') ? SECOND : FIRST);
			await end();
			for (const { outcome, deliveries } of [...answers, ...(result ? [result] : [])]) {
				assert.deepEqual([outcome, deliveries.length], ['success', 1]);
				assert.ok(deliveries[0].ms < IN_TIME_MS, `answered after ${deliveries[0].ms} ms`);
			}
			const expected = what.includes('killed') ? [FIRST, MINI, SECOND] : [FIRST, MINI];
			await eventually(
				async () => assert.deepEqual((await renewToken()).sort(), [...expected].sort()),
				15_000,
			);
		});
	await redis.stop();
	await simulator.close();
}

/** Somebody chooses another place in the dialog of the credential, and back. */
async function movesState(outer: ScenarioEnvironment, queue: Queue): Promise<void> {
	const simulator = await startSimulatorWithPlatform();
	const environment = outer.copyWith({ simulator });
	const { check, session } = environment;
	const { platform } = simulator;
	const data = toPlatformCredential(simulator);
	const credential = await session.createCredential('moved', PLATFORM_TYPE, data);
	const credentials = { [PLATFORM_TYPE]: credential };
	connectPlatform(simulator, await activatePlatformTrigger(environment, credentials));
	const list = await createCallableNode(
		environment,
		createPlatformNode({ resource: 'account', operation: 'getAll', returnAll: true }, credentials),
	);
	const listed = async () => (await list()).map(({ appId }) => appId).sort();

	await check('Redis: a change of the choice keeps ticket, tokens and accounts', async () => {
		await platform.pushTicket();
		for (const account of [FIRST, MINI])
			assert.equal((await platform.authorize(account)).result?.outcome, 'success');
		assert.deepEqual(await listed(), [FIRST, MINI].sort());
		const calls = countTokenCalls(simulator);
		for (const entered of [enterRedis(queue.redisUrl), { sharedState: 'credential' }]) {
			await changeCredential(session, credential, PLATFORM_TYPE, entered);
			assert.deepEqual(await listed(), [FIRST, MINI].sort());
			assert.deepEqual(countTokenCalls(simulator), calls);
			assert.equal((await platform.pushTicket()).outcome, 'success');
		}
	});
	await simulator.close();
}

/** What the dialog of a credential does: it sends back what it does not show. */
async function changeCredential(
	{ rest }: Session,
	{ id, name }: { id: string; name: string },
	type: string,
	entered: Record<string, string>,
): Promise<void> {
	const path = `/rest/credentials/${id}`;
	const shown = await rest<{ data: Record<string, unknown> }>('GET', `${path}?includeData=true`);
	const data = { ...shown.data.data, ...entered };
	const { status } = await rest('PATCH', path, { name, type, data });
	assert.equal(status, 200);
}
