import type { INodeType } from 'n8n-workflow';
import { createServices } from '../../nodes/api/services';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node.js';
import { buildPush, startSimulator, type Simulator } from '../simulator';
import { createTestClock, type TestClock } from '../support/clock';
import type { Credentials } from '../support/credentials';
import { setN8nServices } from '../support/n8n';
import { startRedisServer } from '../support/redisServer';
import { credentialsFor } from '../support/simulator';
import { callWebhook, fakeResponse } from '../support/webhook';
import { say } from './results';

/**
 * `npm run bench -- --conversations`, part joining: what a thousand messages cost the credential, which n8n decrypts at
 * each reading and encrypts at each write, when they are joined and when they are not.
 */

const PEOPLE = 200;
const MESSAGES = 5;
const JOIN_SECONDS = 3;

interface Costs {
	runs: number;
	decryptions: number;
	writes: number;
}

/** @throws when joining has made one decryption or one write more, or lost a message. */
export async function benchJoining(): Promise<void> {
	setN8nServices();
	const simulator = await startSimulator();
	const redis = await startRedisServer();
	try {
		for (const [place, changes] of [
			['state in the credential', {}],
			['state in Redis', { sharedState: 'redis', redisUrl: redis.url }],
		] as const) {
			const count = async (seconds: number) =>
				await countCosts(simulator, credentialsFor(simulator, changes), seconds);
			const [alone, joined] = [await count(0), await count(JOIN_SECONDS)];
			for (const [way, costs] of Object.entries({ 'each alone': alone, joined }))
				say(
					`${PEOPLE * MESSAGES} messages, ${place}, ${way}: ${costs.runs} runs, ${costs.decryptions} decryptions, ${costs.writes} writes of the credential`,
				);
			if (joined.runs !== PEOPLE) throw new Error(`joined into ${joined.runs} runs, not ${PEOPLE}`);
			if (joined.decryptions > alone.decryptions || joined.writes > alone.writes)
				throw new Error('joining has read or written the credential');
		}
	} finally {
		await redis.stop();
		await simulator.close();
	}
}

async function countCosts(
	simulator: Simulator,
	credentials: Credentials,
	joinSeconds: number,
): Promise<Costs> {
	const clock = createTestClock();
	const trigger = new WechatTrigger(createServices({ clock }));
	// The first push of a process makes ready what is kept in Redis.
	await Promise.all([
		deliver(trigger, simulator, credentials, 0, 'first', 'hello'),
		pass(clock, 1000),
	]);
	const read = credentials.getDecrypted.bind(credentials);
	let decryptions = 0;
	credentials.getDecrypted = async (...about) => {
		decryptions++;
		return await read(...about);
	};
	const before = credentials.writes;
	const texts: unknown[] = [];
	for (let message = 0; message < MESSAGES; message++) {
		for (let person = 0; person < PEOPLE; person++)
			void deliver(trigger, simulator, credentials, joinSeconds, `${person}`, `${message}`).then(
				(items) => texts.push(...items),
			);
		await pass(clock, 1000);
	}
	await pass(clock, 5000);
	if (texts.join('').replaceAll('\n', '').length !== PEOPLE * MESSAGES)
		throw new Error('a message is missing');
	return { runs: texts.length, decryptions, writes: credentials.writes - before };
}

/** Delivers a message. Comes back with what the run, if it is one, gets to read. */
async function deliver(
	type: INodeType,
	{ account }: Simulator,
	credentials: Credentials,
	joinSeconds: number,
	person: string,
	Content: string,
): Promise<unknown[]> {
	const { query, body } = buildPush(account, {
		FromUserName: `o${person}`,
		MsgType: 'text',
		Content,
	});
	const parameters = { kinds: ['all'], respond: 'onReceived', pushOptions: { joinSeconds } };
	const call = { method: 'POST' as const, query, body };
	const { result } = await callWebhook(call, parameters, credentials, fakeResponse(), { type });
	return result.workflowData?.flat().map(({ json }) => json.chatInput) ?? [];
}

/** Turns the clock in steps, with time for what Redis answers between them. */
async function pass(clock: TestClock, ms: number): Promise<void> {
	for (let left = ms; left > 0; left -= 250) {
		clock.turn(250);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
