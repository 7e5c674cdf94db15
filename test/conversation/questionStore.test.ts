import { createStateSection, type State } from '../../nodes/api/state';
import {
	createQuestionStore,
	QUESTIONS,
	type QuestionStore,
} from '../../nodes/conversation/questionStore';
import type { Question } from '../../nodes/conversation/question';
import { createTestClock, type TestClock } from '../support/clock';
import { eventually } from '../e2e/services/eventually';
import { Credentials, prepareN8n } from '../support/n8n';
import { endProcesses, startProcess } from '../support/redisProcess';
import { startRedisServer, useRedis } from '../support/redisServer';

prepareN8n();
const redis = useRedis(async () => await startRedisServer());

const TYPE = 'wechatOpenPlatformApi';
const HOUR_MS = 3_600_000;
const ZHANG = { account: 'wxa', openid: 'oZhang' };
let credentials: Credentials;
let clock: TestClock;

const ask = (id: string, more: Partial<Question> = {}): Question => ({
	id,
	...ZHANG,
	askedAt: clock.now(),
	until: clock.now() + HOUR_MS,
	resumeUrl: 'https://n8n.example.com/webhook-waiting/1/2?signature=the-secret',
	steps: [
		{ name: 'first', text: '?', expects: 'text' },
		{ name: 'second', text: '?', expects: 'text' },
	],
	responses: [],
	...more,
});
const ids = (questions: Question[]) => questions.map(({ id }) => id);

afterEach(() => endProcesses());

describe.each(['credential', 'redis'])('in the %s', (sharedState) => {
	let one: QuestionStore;
	let other: QuestionStore;

	beforeEach(async () => {
		clock = createTestClock();
		if (sharedState === 'redis') await redis().run('FLUSHALL');
		const redisUrl = redis().url;
		const fields = { appId: 'wx1', appSecret: 's', baseUrl: '', sharedState, redisUrl };
		credentials = new Credentials(fields, TYPE);
		[one, other] = [await startStore(), await startStore()];
		// The first who looks sets up the place in Redis.
		for (const store of [one, other]) await store.list(ZHANG);
	});

	/** A process of n8n, and its store of questions. */
	async function startStore(): Promise<QuestionStore> {
		const store = await startProcess(credentials, clock).open();
		return createQuestionStore(createStateSection(store, QUESTIONS), clock);
	}

	test('a question is there for another process, and for one that starts later', async () => {
		expect(await one.open(ask('a'))).toBe(0);
		expect(ids(await other.list(ZHANG))).toEqual(['a']);
		expect(ids(await (await startStore()).list(ZHANG))).toEqual(['a']);
		expect(await other.list({ ...ZHANG, openid: 'oWang' })).toEqual([]);
		expect(await other.list({ ...ZHANG, account: 'wxb' })).toEqual([]);
	});

	test('the newest comes first, and who asks learns how many others are open', async () => {
		await one.open(ask('a'));
		clock.turn(1);
		expect(await other.open(ask('b'))).toBe(1);
		clock.turn(1);
		expect(await one.open(ask('c'))).toBe(2);
		expect(ids(await other.list(ZHANG))).toEqual(['c', 'b', 'a']);
	});

	test('two processes that ask one person in the same moment lose nothing', async () => {
		await Promise.all([one.open(ask('a')), other.open(ask('b')), one.open(ask('c'))]);
		// In the credential one has written over the other; it looks again after a quarter of a second.
		await eventually(async () => {
			clock.turn(250);
			expect(ids(await other.list(ZHANG)).sort()).toEqual(['a', 'b', 'c']);
		});
	});

	test('what is closed stays closed; the others stay open', async () => {
		await one.open(ask('a'));
		await one.open(ask('b'));
		expect(await other.close(ask('b'))).toBe(true);
		expect(await one.close(ask('b'))).toBe(false);
		expect(ids(await one.list(ZHANG))).toEqual(['a']);
		expect(await one.close(ask('a'))).toBe(true);
		expect(await other.list(ZHANG)).toEqual([]);
	});

	test('a form goes on once, whichever process hears the response', async () => {
		await one.open(ask('a'));
		const answered = ask('a', { responses: [{ name: 'first', at: 1, value: 'x' }] });
		expect(await one.update(answered)).toBe(true);
		expect(await other.update(answered)).toBe(false);
		expect((await other.list(ZHANG))[0].responses).toEqual(answered.responses);
		await other.close(answered);
		expect(
			await one.update({ ...answered, responses: [...answered.responses, answered.responses[0]] }),
		).toBe(false);
		expect(await one.list(ZHANG)).toEqual([]);
	});

	test('a question that is over drops out by itself, and so do marks of closed ones', async () => {
		await one.open(ask('short', { until: clock.now() + 1000 }));
		await one.open(ask('long', { until: clock.now() + 3 * HOUR_MS }));
		await one.open(ask('closed'));
		await one.close(ask('closed'));
		clock.turn(1000);
		expect(ids(await other.list(ZHANG))).toEqual(['long']);
		clock.turn(HOUR_MS);
		await one.open(ask('new'));
		const store = await startProcess(credentials, clock).open();
		const group = await store.readSectionEntry(QUESTIONS, 'wxa oZhang');
		expect(Object.keys(group?.value as object).sort()).toEqual(['long', 'new']);
	});

	test('nobody reads it where it is kept', async () => {
		await one.open(ask('a'));
		const state = JSON.parse(String(credentials.data.state)) as State;
		if (sharedState === 'credential') expect(Object.keys(state.shelves ?? {})).toEqual([QUESTIONS]);
		else {
			const keys = (await redis().run('KEYS', '*')) as string[];
			const values = await Promise.all(keys.map(async (key) => await redis().run('DUMP', key)));
			for (const secret of ['oZhang', 'the-secret'])
				expect([...keys, ...values].join('\n')).not.toContain(secret);
		}
	});
});

test('looking a person up is one command to Redis, however many questions are open', async () => {
	clock = createTestClock();
	await redis().run('FLUSHALL');
	const fields = { appId: 'wx1', appSecret: 's', baseUrl: '', sharedState: 'redis' };
	credentials = new Credentials({ ...fields, redisUrl: redis().url }, TYPE);
	const store = await startProcess(credentials, clock).open();
	const questions = createQuestionStore(createStateSection(store, QUESTIONS), clock);
	for (let i = 0; i < 20; i++) await questions.open(ask(`q${i}`, { openid: `o${i}` }));
	const count = async () => {
		const info = String(await redis().run('INFO', 'commandstats'));
		return [...info.matchAll(/cmdstat_(mget|get|smembers|hgetall):calls=(\d+)/g)].reduce(
			(sum, [, , calls]) => sum + Number(calls),
			0,
		);
	};
	const before = await count();
	expect(await questions.list({ account: 'wxa', openid: 'o7' })).toHaveLength(1);
	expect((await count()) - before).toBe(1);
});
