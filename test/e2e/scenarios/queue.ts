import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator';
import { credentialFor } from '../credential';
import { change, converse, echoBot } from '../echoBot';
import { errorOf } from '../execution';
import { complaints } from '../log';
import { startQueue, type Queue } from '../queue';
import type { Workflow } from '../workflow';
import type { Scenario, World } from '../world';

const MEDIA = '/cgi-bin/media/get';
const TOKEN = '/cgi-bin/stable_token';
const USER_INFO = '/cgi-bin/user/info';

const scenario: Scenario = {
	name: 'queue',
	run: async (world) => {
		const queue = await startQueue(world);
		const simulator = await startSimulator();
		const { n8n, session } = queue;
		const inQueue = world.at({ n8n, session, simulator });
		try {
			await runsInWorker(inQueue, queue);
			await sharesToken(inQueue, queue);
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
	nodes: change(echoBot, 'WeChat Trigger', { respond: 'onReceived' }).nodes.filter(
		({ name }) => name !== 'WeChat Reply',
	),
	connections: { 'WeChat Trigger': echoBot.connections['WeChat Trigger'] },
};

async function runsInWorker(world: World, { worker, webhook }: Queue): Promise<void> {
	const { check, session, simulator } = world;
	const text = (Content: string) => ({ MsgType: 'text', Content });
	const ranInWorker = (id: string) => worker.log().includes(`Worker started execution ${id} `);

	await check('the webhook process proves to WeChat whose address it is', async () => {
		const { url } = await converse(world, visitors);
		assert.ok(url.startsWith(webhook.url));
		assert.equal(await simulator.verify(url), true);
	});

	await check('what is pushed to the webhook process starts a run in the worker', async () => {
		const { id, url } = await converse(world, visitors);
		const before = simulator.count(USER_INFO);
		assert.equal((await simulator.push(url, text('hi'))).outcome, 'success');
		const [execution] = await session.executions(id);
		assert.equal(errorOf(execution), undefined);
		assert.ok(ranInWorker(execution.id));
		assert.equal(simulator.count(USER_INFO), before + 1);
	});

	await check('a reply by the worker is the answer to the push', async () => {
		const { id, url } = await converse(world, echoBot);
		const { deliveries, outcome, shown } = await simulator.push(url, text('你好 <&>'));
		assert.match(shown, /^You said: 你好 <&>\nYou follow since \d{4}-/);
		assert.deepEqual([outcome, deliveries.length], ['reply', 1]);
		const [execution] = await session.executions(id);
		assert.ok(ranInWorker(execution.id));
	});

	await check('a run that fails in the worker shows the sender no fault', async () => {
		const failing = change(echoBot, 'Who is it?', { openid: 'nobody' });
		const { id, url } = await converse(world, failing);
		const { deliveries, outcome, shown } = await simulator.push(url, text('hi'));
		assert.deepEqual([outcome, shown, deliveries.length], ['success', '', 1]);
		const [execution] = await session.executions(id);
		assert.match(errorOf(execution) ?? '', /errcode 40003/);
	});
}

/** Replies to everything, after a download of what came with it. */
const greedy = change(echoBot, 'WeChat Trigger', {
	kinds: ['all'],
	pushOptions: { downloadMedia: true },
});

async function sharesToken(world: World, { worker }: Queue): Promise<void> {
	// An account that no process has heard of yet.
	const simulator = await startSimulator();
	const { check, at } = world;
	const { url } = await converse(at({ simulator }), greedy);
	const push = async (message: Record<string, unknown>) =>
		assert.equal((await simulator.push(url, message)).outcome, 'reply');
	const text = async (Content: string) => await push({ MsgType: 'text', Content });
	const picture = async () => {
		const MediaId = simulator.addMedia(Buffer.from('GIF89a picture'), 'picture.gif');
		await push({ MsgType: 'image', MediaId, PicUrl: 'http://mmbiz.qpic.cn/x' });
	};

	await check('the webhook process uses the token that the worker got', async () => {
		await text('hi');
		assert.deepEqual([simulator.count(TOKEN), simulator.count(MEDIA)], [1, 0]);
		await picture();
		assert.deepEqual([simulator.count(TOKEN), simulator.count(MEDIA)], [1, 1]);
	});

	await check('a restart of the worker keeps the token', async () => {
		await worker.restart();
		await text('hi again');
		assert.deepEqual([simulator.count(TOKEN), simulator.count(USER_INFO)], [1, 3]);
	});

	await check('a token that dies costs one renewal, whoever finds out', async () => {
		simulator.revokeTokens();
		await picture();
		assert.equal(simulator.count(TOKEN), 2);
		await text('still there?');
		assert.equal(simulator.count(TOKEN), 2);
	});
	await simulator.close();
}

async function logsNoSecret({ check, simulator }: World, queue: Queue): Promise<void> {
	for (const name of ['main', 'worker', 'webhook'] as const)
		await check(`${name}: the log holds no secret and no complaint about the pack`, () => {
			const log = queue[name].log();
			const { appSecret, token, encodingAesKey } = credentialFor(simulator);
			for (const secret of [appSecret, token, encodingAesKey, 'access_token'])
				assert.ok(!log.includes(String(secret)));
			assert.deepEqual(complaints(log), []);
		});
}
