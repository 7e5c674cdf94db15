import type { IDataObject, INodeType } from 'n8n-workflow';
import * as workflow from 'n8n-workflow';
import type * as SharedState from '../../nodes/n8n/sharedState';
import type { PushResponse } from '../../nodes/push/reply';
import { createPushInbox, type PushDelivery } from '../../nodes/WechatTrigger/pushDelivery';
import { createPushClaims } from '../../nodes/WechatTrigger/crossProcess';
import type * as TriggerModule from '../../nodes/WechatTrigger/WechatTrigger.node';
import { eventually } from '../e2e/services/eventually';
import { buildPush } from '../simulator';
import { RedisAway } from '../../nodes/redis/redisConnection';
import { createTestClock, type TestClock } from '../support/clock';
import { Credentials, logged, prepareN8n } from '../support/n8n';
import { endProcesses, startProcess } from '../support/redisProcess';
import { startRedisServer, useRedis } from '../support/redisServer';
import { credentialsFor, useSimulator } from '../support/simulator';
import { callWebhook, fakeResponse, type FakeResponse } from '../support/webhook';

/*
 * Several processes of n8n with one Redis. WeChat delivers a push again after five seconds, three times in all
 * (总共重试三次), and to whichever process the load balancer chooses.
 */
prepareN8n();
const redis = useRedis(async () => await startRedisServer());
const simulator = useSimulator();

let clock: TestClock;
let credentials: Credentials;
beforeEach(async () => {
	await redis().run('FLUSHALL');
	await redis().run('CONFIG', 'SET', 'maxmemory', '0');
	clock = createTestClock();
	credentials = chooseRedis();
});
afterEach(async () => {
	// What was just asked would open a connection anew.
	await settle();
	endProcesses();
});

const chooseRedis = (url = redis().url) =>
	credentialsFor(simulator(), { sharedState: 'redis', redisUrl: url });

/** What is asked of Redis takes a moment, while the clock stands still. */
const settle = async () => await new Promise((resolve) => setTimeout(resolve, 60));

/** Turns the clock in small steps: what is due asks Redis, and its answer decides what is due next. */
async function pass(ms: number): Promise<void> {
	for (let left = ms; left > 0; left -= 500) {
		clock.turn(Math.min(left, 500));
		await settle();
	}
}

/** A process of n8n, as far as it concerns the pushes that come to it. */
function newProcess(own: Credentials = credentials) {
	const { openSpace, services } = startProcess(own, clock);
	const failures: string[] = [];
	const sent = new Map<unknown, PushResponse>();
	const inbox = createPushInbox(clock, (response, answer) => {
		if (sent.has(response)) return false;
		sent.set(response, answer);
		return true;
	});
	const self = { deliver, failures, asked: 0, end: () => services.connections.close() };
	const openClaims = () =>
		createPushClaims({
			openSpace: async () => {
				self.asked++;
				return await openSpace();
			},
			clock,
			fail: (error) => failures.push((error as Error).message),
		});
	/** One delivery of a push. */
	function deliver(key: string, isFromShop?: boolean) {
		const response = fakeResponse();
		const push = { message: {}, isEncrypted: false, isFromShop };
		const opened = { push, secrets: {} } as unknown as Parameters<typeof inbox.accept>[1];
		const delivery = inbox.accept(key, opened, response as never);
		return {
			delivery: delivery as PushDelivery,
			claimed: delivery ? delivery.claim(openClaims().onArrival) : Promise.resolve(false),
			/** Leaves the answer to a run. */
			run: async () => await (delivery as PushDelivery).waitForRun(openClaims().onWait),
			shown: () => sent.get(response)?.body,
		};
	}
	return self;
}
const HI: PushResponse = { body: 'hi', type: 'text/xml' };

const claimKey = async (key: string) =>
	((await redis().run('KEYS', `*push:${key}`)) as string[]).join();

test('of two deliveries in the same millisecond one is worked on, each time', async () => {
	const processes = [newProcess(), newProcess(), newProcess()];
	for (let n = 0; n < 20; n++) {
		const all = processes.map(({ deliver }) => deliver(`push${n}`));
		const first = await Promise.race(
			all.map(async ({ claimed }, i) =>
				(await claimed) ? i : await new Promise<number>(() => {}),
			),
		);
		all[first].delivery.answerWith(HI);
		for (const [i, { claimed, shown }] of all.entries()) {
			if (i === first) continue;
			await eventually(() => {
				clock.turn(200);
				expect(shown()).toBe('hi');
			});
			expect(await claimed).toBe(false);
		}
	}
	expect(processes.flatMap(({ failures }) => failures)).toEqual([]);
});

test('a reply reaches the process with the open connection as soon as it is there', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const first = one.deliver('a');
	expect(await first.claimed).toBe(true);
	await first.run();
	const second = other.deliver('a');
	expect(await second.claimed).toBe(false);
	await eventually(async () =>
		expect(await redis().run('PUBSUB', 'NUMSUB', await claimKey('a'))).toContain(1),
	);
	await settle();
	expect(second.shown()).toBeUndefined();
	// The clock stands: nobody looks again.
	first.delivery.answerWith(HI);
	await eventually(() => expect(second.shown()).toBe('hi'));
	await eventually(async () =>
		expect(await redis().run('PUBSUB', 'NUMSUB', await claimKey('a'))).toContain(0),
	);
});

test('a reply that was published to nobody is found a moment later', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const first = one.deliver('a');
	await first.claimed;
	await first.run();
	const second = other.deliver('a');
	await second.claimed;
	await settle();
	await redis().run('CLIENT', 'KILL', 'TYPE', 'pubsub');
	first.delivery.answerWith(HI);
	await settle();
	await pass(2000);
	expect(second.shown()).toBe('hi');
});

test('the answer to a quick push is that to its later deliveries, for ten minutes', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const first = one.deliver('a');
	await first.claimed;
	first.delivery.acknowledge();
	await eventually(async () => expect(await other.deliver('a').claimed).toBe(false));
	const life = Number(await redis().run('PTTL', await claimKey('a')));
	expect(life).toBeGreaterThan(590_000);
	expect(life).toBeLessThanOrEqual(600_000);
});

test('a push whose process died before it answered is taken over when the lease is over', async () => {
	const [one, other] = [newProcess(), newProcess()];
	await one.deliver('a').claimed;
	const life = Number(await redis().run('PTTL', await claimKey('a')));
	expect(life).toBeGreaterThan(4000);
	expect(life).toBeLessThanOrEqual(5000);
	one.end();
	const second = other.deliver('a');
	await settle();
	await redis().run('DEL', await claimKey('a'));
	clock.turn(200);
	expect(await second.claimed).toBe(true);
});

test('a push that is still worked on stays with its process', async () => {
	const one = newProcess();
	await one.deliver('a').claimed;
	const key = await claimKey('a');
	await redis().run('PEXPIRE', key, 1000);
	clock.turn(1500);
	await eventually(async () =>
		expect(Number(await redis().run('PTTL', key))).toBeGreaterThan(4000),
	);
	// What another process says stays as it is, however long it was away.
	await redis().run('SET', key, 'of another process', 'PX', 600_000);
	await pass(1500);
	expect(await redis().run('GET', key)).toBe('of another process');
});

test('a push whose run has started is not started again, whatever becomes of its process', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const first = one.deliver('a');
	await first.claimed;
	expect(await first.run()).toBe(true);
	one.end();
	expect(Number(await redis().run('PTTL', await claimKey('a')))).toBeGreaterThan(590_000);
	expect(await other.deliver('a').claimed).toBe(false);
});

test('a push that failed is left to the next delivery', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const first = one.deliver('a');
	await first.claimed;
	first.delivery.forget();
	await settle();
	await pass(1500);
	expect(await other.deliver('a').claimed).toBe(true);
});

test('the last connection is answered in time, though another process still works on the push', async () => {
	const [one, other] = [newProcess(), newProcess()];
	await one.deliver('a').claimed;
	await pass(10_000);
	const third = other.deliver('a');
	await pass(4000);
	expect(third.shown()).toBeUndefined();
	await pass(1000);
	expect(third.shown()).toBe('success');
	expect(await third.claimed).toBe(false);
});

test('nobody looks for a reply that is there, or when WeChat does not ask any more', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const [a, b] = [one.deliver('a'), one.deliver('b')];
	for (const { claimed, run } of [a, b]) {
		await claimed;
		await run();
	}
	expect([await other.deliver('a').claimed, await other.deliver('b').claimed]).toEqual([
		false,
		false,
	]);
	await settle();
	a.delivery.answerWith(HI);
	await pass(500);
	/** How often Redis is asked while time passes. */
	async function askedIn(ms: number): Promise<number> {
		const before = other.asked;
		await pass(ms);
		return other.asked - before;
	}
	expect(await askedIn(4000)).toBe(2);
	await askedIn(9500);
	expect(await askedIn(6000)).toBe(0);
});

test('an answer that Redis has taken is told once', async () => {
	const one = newProcess();
	const first = one.deliver('a');
	await first.claimed;
	first.delivery.answerWith(HI);
	await settle();
	await pass(3000);
	// To take the push, and to tell.
	expect(one.asked).toBe(2);
});

test.each<[string, (delivery: PushDelivery) => void, number]>([
	['an answer is told again each second while WeChat asks', (push) => push.answerWith(HI), 15],
	[
		'that a push failed is told once: another process may have it by then',
		(push) => push.forget(),
		1,
	],
])('while Redis is away %s', async (_, end, times) => {
	const openSpace = jest.fn(async () => await Promise.reject(new RedisAway('Redis', 'is away')));
	const fail = jest.fn();
	const inbox = createPushInbox(clock, () => true);
	const opened = { push: {}, secrets: {} } as unknown as Parameters<typeof inbox.accept>[1];
	const delivery = inbox.accept('a', opened, fakeResponse() as never) as PushDelivery;
	expect(await delivery.claim(createPushClaims({ openSpace, clock, fail }).onArrival)).toBe(true);
	openSpace.mockClear();
	end(delivery);
	const told = [];
	for (let ms = 0; ms < 20_000; ms += 500) {
		await new Promise(setImmediate);
		told.push(openSpace.mock.calls.length);
		clock.turn(500);
	}
	expect(told.slice(0, 4)).toEqual(times > 1 ? [1, 1, 2, 2] : [1, 1, 1, 1]);
	expect(told.at(-1)).toBe(times);
	expect(fail).not.toHaveBeenCalled();
});

test('what strangers publish harms nobody', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const first = one.deliver('a');
	await first.claimed;
	await first.run();
	const second = other.deliver('a');
	await second.claimed;
	await settle();
	await redis().run('PUBLISH', await claimKey('a'), 'nonsense');
	await eventually(() => expect(other.failures.join()).toContain('sealed with a key'));
	first.delivery.answerWith(HI);
	await eventually(() => expect(second.shown()).toBe('hi'));
});

test('a claim that was sealed elsewhere stops nobody', async () => {
	const [one, other] = [newProcess(), newProcess()];
	await one.deliver('a').claimed;
	await redis().run('SET', await claimKey('a'), 'of another n8n', 'PX', 5000);
	expect(await other.deliver('a').claimed).toBe(true);
	expect(other.failures).toHaveLength(1);
});

describe('while Redis does not work', () => {
	const SECRET = 'p4ssw0rd';
	const own = useRedis(
		async () => await startRedisServer({ user: `n8n on >${SECRET} ~* &* +@all` }),
	);
	const outages: Array<[string, () => unknown, () => unknown, RegExp]> = [
		['is away', async () => await own().kill(), async () => await own().start(), /does not answer/],
		['hangs', () => own().pause(), () => own().resume(), /does not answer/],
		[
			'is slow',
			async () => await own().run('CLIENT', 'PAUSE', 60_000, 'WRITE'),
			async () => await own().run('CLIENT', 'UNPAUSE'),
			/does not answer/,
		],
		[
			'is full',
			async () => await own().run('CONFIG', 'SET', 'maxmemory', '1'),
			async () => await own().run('CONFIG', 'SET', 'maxmemory', '0'),
			/refuses to work \(OOM/,
		],
		[
			'forbids it',
			async () => await own().run('ACL', 'SETUSER', 'n8n', '-set'),
			async () => await own().run('ACL', 'SETUSER', 'n8n', '+set'),
			/refuses to work \(.*permission|can't run/,
		],
		[
			'only reads',
			async () => {
				await own().run('REPLICAOF', '127.0.0.1', redis().port);
			},
			async () => await own().run('REPLICAOF', 'NO', 'ONE'),
			/refuses to work \(READONLY/,
		],
	];
	beforeEach(async () => void (await own().run('FLUSHALL')));

	test.each(outages)(
		'since it %s: a push is worked on in time, and one line says so',
		async (...all) => {
			const [, breakIt, mendIt, line] = all;
			credentials = chooseRedis(own().url.replace('//', `//n8n:${SECRET}@`));
			const one = newProcess();
			const before = one.deliver('before');
			expect(await before.claimed).toBe(true);
			before.delivery.acknowledge();
			await settle();
			logged.length = 0;

			await breakIt();
			for (const key of ['a', 'b', 'c']) {
				const started = Date.now();
				const push = one.deliver(key);
				expect(await push.claimed).toBe(true);
				await push.run();
				push.delivery.acknowledge();
				expect(push.shown()).toBe('success');
				expect(Date.now() - started).toBeLessThan(4000);
				clock.turn(1000);
			}
			expect(logged).toHaveLength(1);
			expect(logged[0]).toMatch(line);

			await mendIt();
			clock.turn(61_000);
			const healed = newProcess();
			let n = 0;
			await eventually(async () => {
				const key = `healed${n++}`;
				clock.turn(1000);
				expect(await one.deliver(key).claimed).toBe(true);
				await settle();
				const again = healed.deliver(key);
				await settle();
				clock.turn(20_000);
				expect(await again.claimed).toBe(false);
			}, 15_000);
			// A Redis that keeps nothing on disk has lost it.
			const told = logged.filter((text) => !text.includes('has lost'));
			expect(told).toEqual([expect.stringMatching(line), expect.stringContaining('answers again')]);
			expect(logged.join('\n')).not.toContain(SECRET);
			expect(one.failures).toEqual([]);
		},
		40_000,
	);

	test('who knows that another process has a push leaves it there', async () => {
		credentials = chooseRedis(own().url);
		const [one, other] = [newProcess(), newProcess()];
		const first = one.deliver('a');
		await first.claimed;
		const second = other.deliver('a');
		await settle();
		await own().kill();
		clock.turn(200);
		expect(await second.claimed).toBe(false);
		await own().start();
	});

	test('that a run has started is told as soon as Redis is back', async () => {
		credentials = chooseRedis(own().url);
		const [one, other] = [newProcess(), newProcess()];
		await one.deliver('before').claimed;
		await own().kill();
		const first = one.deliver('a');
		expect(await first.claimed).toBe(true);
		await first.run();
		await own().start();
		await eventually(async () => {
			clock.turn(1000);
			await settle();
			expect(await own().run('KEYS', '*push:a')).toHaveLength(1);
		});
		expect(await other.deliver('a').claimed).toBe(false);
	});
});

// WeChat delivers them again for 3.6 hours, and accepted are four.
describe('a push of a shop', () => {
	test.each([
		[undefined, 600_000],
		[true, 4 * 3_600_000 + 300_000],
	])('is known after a restart as long as it is accepted (%p)', async (isFromShop, ms) => {
		const { delivery, claimed } = newProcess().deliver('a', isFromShop);
		expect(await claimed).toBe(true);
		delivery.acknowledge();
		await settle();
		const [key] = (await redis().run('KEYS', '*push:a*')) as string[];
		const left = Number(await redis().run('PTTL', key));
		expect(left).toBeLessThanOrEqual(ms);
		expect(left).toBeGreaterThan(ms - 10_000);
		const again = newProcess().deliver('a', isFromShop);
		expect(await again.claimed).toBe(false);
		expect(again.shown()).toBe('success');
	});
});

describe('in the trigger itself', () => {
	const opened: Array<typeof SharedState> = [];
	afterEach(() => {
		for (const { systemShared } of opened.splice(0)) systemShared.connections.close();
		process.argv.splice(2, process.argv.length, ...ARGUMENTS);
	});
	const ARGUMENTS = process.argv.slice(2);

	/** A process of n8n of its own: what it loads, it shares with nobody. */
	function load(command: string): INodeType {
		process.argv[2] = command;
		let type: INodeType | undefined;
		jest.isolateModules(() => {
			jest.doMock('n8n-workflow', () => workflow);
			const { WechatTrigger } = jest.requireActual<typeof TriggerModule>(
				'../../nodes/WechatTrigger/WechatTrigger.node',
			);
			opened.push(jest.requireActual<typeof SharedState>('../../nodes/n8n/sharedState'));
			type = new WechatTrigger();
		});
		return type as INodeType;
	}

	// Multi-main, and a worker that runs a workflow with its own webhook, are such processes, too.
	test.each([
		['webhook', 'webhook'],
		['start', 'start'],
		['start', 'webhook'],
		['webhook', 'worker'],
	])('a push that comes to %s and %s at once starts one run', async (...commands) => {
		const types = commands.map(load);
		for (const respond of ['onReceived', 'responseNode'])
			for (let n = 0; n < 10; n++) {
				const message = {
					MsgType: 'text',
					Content: 'x',
					FromUserName: 'o',
					MsgId: `${respond}${n}`,
				};
				const { query, body } = buildPush(simulator().account, message);
				const call = { method: 'POST' as const, query, body };
				const delivered = await Promise.all(
					types.map(
						async (type) =>
							await callWebhook(call, { kinds: ['all'], respond }, credentials, fakeResponse(), {
								type,
							}),
					),
				);
				const items = delivered.flatMap(({ result }) => result.workflowData?.flat() ?? []);
				expect(items.map(({ json }: { json: IDataObject }) => json.MsgId)).toEqual([
					`${respond}${n}`,
				]);
				const shown = delivered.map(({ response }: { response: FakeResponse }) => response.body);
				if (respond === 'onReceived')
					await eventually(() => expect(shown).toEqual(['success', 'success']));
			}
		expect(logged).toEqual([]);
		expect(credentials.writes).toBeLessThanOrEqual(3);
	});
});
