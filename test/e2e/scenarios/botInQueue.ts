import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBotServer } from '../../simulator/bot';
import {
	ANNA,
	BEN,
	createBotOwner,
	listBotTokens,
	waitForPoller,
	type BotOwner,
} from '../actors/botOwner';
import { startQueue, type Queue } from '../n8n/queue';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { eventually, waitForAll } from '../services/eventually';
import { listPackErrors, listUncaughtErrors } from '../services/log';

type Json = Record<string, unknown>;

/** The main process reads bots, webhook processes log them in, and workers answer. */
const scenario: Scenario = {
	name: 'bot in queue mode',
	run: async (outer) => {
		const queue = await startQueue({ ...outer, workers: 2 });
		const { n8n, session, redisUrl } = queue;
		const environment = outer.copyWith({ n8n, session });
		const places = {
			'state in the credential': {},
			'state in Redis': { sharedState: 'redis', redisUrl, redisPrefix: 'bots' },
		};
		const bots: OpenBot[] = [];
		try {
			for (const [place, state] of Object.entries(places))
				bots.push(await openBot(environment, place, state));
			await waitForAll(bots.map(async (bot) => await talks(environment, queue, bot)));
			await waitForAll(bots.map(async (bot) => await asks(environment, bot)));
			await outlivesRestarts(environment, queue, bots);
			await logsNothingWrong(environment, queue, bots);
		} finally {
			await queue.stop();
			for (const { owner } of bots) await owner.server.close();
		}
	},
};

export default scenario;

/** Who is asked. */
const DORA = 'dora@im.wechat';

interface OpenBot {
	place: string;
	owner: BotOwner;
	/** The workflow that answers. */
	id: string;
}

async function openBot(
	environment: ScenarioEnvironment,
	place: string,
	state: Json,
): Promise<OpenBot> {
	const server = await startBotServer({ perFiveMinutes: 1000 });
	const owner = await createBotOwner(environment, server, state);
	const sender = owner.createSender({ text: '=You said: {{ $json.Content }}' });
	const { id } = await owner.publish({}, [sender]);
	return { place, owner, id };
}

/** How long the main process may take to look at the login, and to begin. */
const LOOKED_MS = 14_000;

/** Logs in, and waits until the bot is read. Returns its ID. */
async function logIn(owner: BotOwner, link: string): Promise<string> {
	const { status, titles, botId } = await owner.logIn(link, { userId: ANNA });
	assert.equal(status, 200, titles.join());
	await waitForPoller(owner, botId, LOOKED_MS);
	return botId;
}

const readTexts = ({ server }: BotOwner, userId = ANNA) =>
	server.seen(userId).map(({ text }) => text);

async function talks(
	{ check, session }: ScenarioEnvironment,
	{ main, webhook, workers }: Queue,
	{ place, owner, id }: OpenBot,
): Promise<void> {
	const { server } = owner;
	let botId = '';

	await check(`${place}: a login in the webhook process is read by one poller`, async () => {
		const link = await owner.getLink();
		assert.ok(link.startsWith(webhook.url));
		botId = await logIn(owner, link);
		assert.doesNotMatch(main.log(), /POST \/webhook/);
	});

	await check(`${place}: workers answer in the newest context, each message once`, async () => {
		const said = Array.from({ length: 12 }, (_, n) => `message ${n}`);
		for (const [index, text] of said.entries()) {
			server.say(botId, ANNA, text);
			await eventually(() => assert.equal(server.seen(ANNA).length, index + 1), 15_000);
		}
		const executions = await session.executions(id, said.length);
		assert.deepEqual(
			readTexts(owner),
			said.map((text) => `You said: ${text}`),
		);
		for (const execution of executions)
			assert.ok(
				workers.some((one) => one.log().includes(`Worker started execution ${execution.id} `)),
			);
		assert.equal(server.held(botId), 1);
	});

	await check(`${place}: what a worker has kept goes out when the person writes`, async () => {
		const to = BEN;
		server.say(botId, to, 'hello');
		await eventually(() => assert.equal(server.seen(to).length, 1), 15_000);
		server.makeStale(botId, to);
		for (const text of ['first', 'second'])
			assert.equal((await owner.send({ to, text, undelivered: 'queue' })).waiting, 1);
		server.say(botId, to, 'again');
		await eventually(
			() =>
				assert.deepEqual(readTexts(owner, to), [
					'You said: hello',
					'first',
					'second',
					'You said: again',
				]),
			15_000,
		);
	});
}

/** The main process may need so long to notice what a worker has stored; people take longer to read. */
const NOTICED_MS = 2500;

async function asks(
	{ check, session }: ScenarioEnvironment,
	{ place, owner }: OpenBot,
): Promise<void> {
	const { server } = owner;

	await check(
		`${place}: the answer to what a worker asks resumes the run, and no other`,
		async () => {
			const { botId } = (await owner.getState()) as { botId: string };
			const asker = owner.createAsker({ message: 'Ship it?' });
			const { id } = await owner.publish({ options: { userIds: DORA } }, [asker]);
			server.say(botId, DORA, 'hello');
			await eventually(() => assert.match(readTexts(owner, DORA).join(), /Ship it\?/), 15_000);
			await sleep(NOTICED_MS);
			server.say(botId, DORA, '1');
			const [execution, ...others] = await session.executions(id, 1, 30_000);
			assert.deepEqual(others, []);
			assert.deepEqual(session.listItems(execution, asker.name)[0].data, { approved: true });
			await eventually(() => assert.match(readTexts(owner, DORA).join(), /已收到/), 15_000);
			assert.doesNotMatch(readTexts(owner, DORA).join(), /You said: 1/);
			await session.deactivate(id);
		},
	);
}

async function outlivesRestarts(
	{ check, n8n, session }: ScenarioEnvironment,
	{ main }: Queue,
	bots: OpenBot[],
): Promise<void> {
	await check('a restart of everything loses nothing and repeats nothing', async () => {
		const states = await Promise.all(bots.map(async ({ owner }) => await owner.getState()));
		await n8n.stop();
		for (const [index, { owner }] of bots.entries())
			owner.server.say(String(states[index].botId), ANNA, 'anybody there?');
		await n8n.restart();
		for (const { owner } of bots)
			await eventually(() => {
				assert.equal(readTexts(owner).at(-1), 'You said: anybody there?');
			}, 30_000);
		for (const { owner } of bots)
			assert.equal(readTexts(owner).filter((text) => text?.endsWith('there?')).length, 1);
	});

	await check('a login that ended before a restart is looked for after it', async () => {
		for (const { owner } of bots) owner.server.endSession(String((await owner.getState()).botId));
		await eventually(async () => {
			for (const { owner } of bots) assert.equal((await owner.getState()).isLoggedIn, false);
		}, 15_000);
		await main.restart();
		for (const { id } of bots) await session.activate(id);
		for (const { owner } of bots) await logIn(owner, await owner.getLink());
	});
}

async function logsNothingWrong(
	{ check, session }: ScenarioEnvironment,
	queue: Queue,
	bots: OpenBot[],
): Promise<void> {
	await check('no token is in executions or a log, and no complaint about the pack', async () => {
		const executions = await session.api('GET', '/executions?includeData=true&limit=250');
		const processes = [queue.main, queue.webhook, ...queue.workers];
		const logs = processes.map((one) => one.log());
		const told = [JSON.stringify(executions), ...logs].join('\n');
		const tokens = bots.flatMap(({ owner }) => listBotTokens(owner.server));
		assert.ok(tokens.length > 4);
		for (const token of tokens) assert.ok(!told.includes(token), token);
		for (const log of logs)
			assert.deepEqual([...listPackErrors(log), ...listUncaughtErrors(log)], []);
	});
}
