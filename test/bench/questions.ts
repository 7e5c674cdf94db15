import '../support/env';
import { Container } from '@n8n/di';
import { Cipher } from 'n8n-core';
import type { ICredentialDataDecryptedObject, INodeType } from 'n8n-workflow';
import { createServices } from '../../nodes/api/services';
import { createStateSection } from '../../nodes/api/state';
import {
	createQuestionStore,
	QUESTIONS,
	toAskedName,
	type QuestionStore,
} from '../../nodes/conversation/questionStore';
import type { Question } from '../../nodes/conversation/question';
import { readOwner } from '../../nodes/n8n/credentials';
import { systemClock, waitForOthers, type Clock } from '../../nodes/base/clock';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node.js';
import { buildPush, startSimulator, type Simulator } from '../simulator';
import type { Credentials } from '../support/credentials';
import { setN8nServices } from '../support/n8n';
import { endProcesses, startProcess } from '../support/redisProcess';
import { startRedisServer } from '../support/redisServer';
import { credentialsFor } from '../support/simulator';
import { callWebhook, fakeResponse } from '../support/webhook';
import { say } from './results';

/**
 * `npm run bench -- --conversations`, part questions: what a push of somebody who was asked nothing costs while 10,000
 * others have open questions. Both take turns, too short for the machine to change meanwhile. The clock of each stands
 * still while the other has its turn: so it reads its credential as often as it would alone.
 */

const OPEN = 10_000;
const TURNS = 60;
const WARM_UP = 10;
const TURN_MS = 500;
const TARGET = 1.1;
const HOUR_MS = 3_600_000;
const TYPE = 'wechatOfficialAccountApi';

/** @throws when a push has cost more than the target. */
export async function benchQuestions(): Promise<void> {
	setN8nServices();
	const simulator = await startSimulator();
	const redis = await startRedisServer();
	const missed: string[] = [];
	try {
		for (const [place, changes] of [
			['credential', {}],
			['Redis', { sharedState: 'redis', redisUrl: redis.url }],
		] as const) {
			const ratio = await compareTurns(simulator, changes, place);
			if (ratio > TARGET) missed.push(place);
		}
	} finally {
		endProcesses();
		await redis.stop();
		await simulator.close();
	}
	if (missed.length > 0) throw new Error(`above the target of ${TARGET}: ${missed.join(', ')}`);
}

async function compareTurns(
	simulator: Simulator,
	changes: Record<string, string>,
	place: string,
): Promise<number> {
	const [none, many] = [credentialsFor(simulator, changes), credentialsFor(simulator, changes)];
	await openMany(simulator, many, place);
	const sides = [none, many].map((credentials) => {
		const clock = createTurnClock();
		return {
			clock,
			trigger: new WechatTrigger(createServices({ clock })),
			credentials: decryptAsN8n(credentials),
			spent: 0,
			pushes: 0,
		};
	});
	// V8 compiles in the first ones.
	for (let turn = -WARM_UP; turn < TURNS; turn++)
		for (const side of sides) {
			side.clock.start();
			const { spent, pushes } = await takeTurn(side.trigger, simulator, side.credentials);
			side.clock.stop();
			if (turn < 0) continue;
			side.spent += spent;
			side.pushes += pushes;
		}
	// A reading of the credential is in one turn of many: all of them together, no median.
	const [without, beside] = sides.map(({ spent, pushes }) => spent / pushes);
	const ratio = beside / without;
	say(
		`a push, ${OPEN} open questions in ${place}: ${beside.toFixed(0)} µs, none: ${without.toFixed(0)} µs, ratio ${ratio.toFixed(2)} (target at most ${TARGET})`,
	);
	return ratio;
}

/** A clock that runs during turns only. */
function createTurnClock(): Clock & { start(): void; stop(): void } {
	let passed = Date.now();
	let startedAt: number | undefined;
	const now = () => passed + (startedAt === undefined ? 0 : Date.now() - startedAt);
	return {
		...systemClock,
		now,
		start: () => void (startedAt = Date.now()),
		stop() {
			passed = now();
			startedAt = undefined;
		},
	};
}

const createQuestion = (account: string, n: number, now: number): Question => ({
	id: `${n}`.padStart(32, '0'),
	account,
	openid: `oLabT5uQ2mVx8RkZ0wYcJ4n${n}`,
	askedAt: now,
	until: now + HOUR_MS,
	resumeUrl: `https://n8n.example.com/webhook-waiting/${n}/6f1c0f3e-5a7e-4a38-9a43-7cf2a1f0b1aa?signature=${'a'.repeat(64)}`,
	steps: [
		{
			name: 'approved',
			text: '请确认这笔付款 Please approve this payment',
			expects: 'choice',
			choices: [
				{ id: 'approved', label: '同意' },
				{ id: 'declined', label: '拒绝' },
			],
		},
	],
	responses: [],
});

async function openMany(
	{ account: { appId } }: Simulator,
	credentials: Credentials,
	place: string,
): Promise<void> {
	const now = Date.now();
	const questions = Array.from({ length: OPEN }, (_, n) => createQuestion(appId, n, now));
	if (place === 'Redis') {
		const store: QuestionStore = createQuestionStore(
			createStateSection(await startProcess(credentials).open(), QUESTIONS),
			systemClock,
		);
		for (const question of questions) await store.open(question);
		return;
	}
	// One write in place of 10,000, each of the whole credential.
	const entries = questions.map((question) => {
		const { id, until, askedAt: at } = question;
		const value = { [id]: { at, value: question, until } };
		return [toAskedName(question), { at, value, until, isGroup: true }];
	});
	const of = readOwner(TYPE, credentials.data);
	const shelves = { [QUESTIONS]: Object.fromEntries(entries) as object };
	credentials.data.state = JSON.stringify({ of, shelves });
}

/** Lets each reading decrypt what n8n has in its database. */
export function decryptAsN8n(credentials: Credentials): Credentials {
	const cipher = Container.get(Cipher);
	const record = cipher.encrypt(credentials.data);
	const read = credentials.getDecrypted.bind(credentials);
	credentials.getDecrypted = async (...about) => {
		// The database takes a moment.
		await waitForOthers();
		JSON.parse(cipher.decrypt(record)) as ICredentialDataDecryptedObject;
		return await read(...about);
	};
	return credentials;
}

/** Pushes for a while; `spent` is in microseconds of CPU. */
async function takeTurn(
	type: INodeType,
	{ account }: Simulator,
	credentials: Credentials,
): Promise<{ spent: number; pushes: number }> {
	const parameters = { kinds: ['all'], respond: 'onReceived' };
	const end = performance.now() + TURN_MS;
	const before = process.cpuUsage();
	let pushes = 0;
	for (; performance.now() < end; pushes++) {
		const message = { FromUserName: 'oNobody', MsgType: 'text', Content: `hello ${pushes}` };
		const { query, body } = buildPush(account, message);
		const call = { method: 'POST' as const, query, body };
		const { result } = await callWebhook(call, parameters, credentials, fakeResponse(), { type });
		if (!result.workflowData) throw new Error('a push has started nothing');
	}
	const { user, system } = process.cpuUsage(before);
	return { spent: user + system, pushes };
}
