import { systemShared } from '../../nodes/n8n/sharedState';
import { startPayV3Server, type PayV3Server } from '../simulator/payV3';
import { createTestClock, type TestClock } from '../support/clock';
import { logged, prepareN8n, type Credentials } from '../support/n8n';
import { payV3CredentialsFor } from '../support/payV3Server';
import { startRedisServer, useRedis } from '../support/redisServer';
import { endRun, startTrigger, type Received } from './support';

/*
 * Several processes of n8n with one Redis. WeChat repeats a notification that was not answered with 200 or 204 after 15
 * seconds, and later, to whichever process the load balancer chooses.
 */
prepareN8n();
const redis = useRedis(async () => await startRedisServer());

let server: PayV3Server;
let clock: TestClock;
let credentials: Credentials;
beforeAll(async () => void (server = await startPayV3Server()), 60_000);
afterAll(async () => await server.close());
beforeEach(async () => {
	await redis().run('FLUSHALL');
	clock = createTestClock();
	server.setClock(() => clock.now());
	credentials = payV3CredentialsFor(server, { sharedState: 'redis', redisUrl: redis().url });
});
afterEach(async () => {
	await settle();
	systemShared.connections.close();
});

const AFTER_SUCCESS = { events: ['all'], respond: 'lastNode' };
const OK = [200, ''];
const FAIL = [500, { code: 'FAIL', message: expect.any(String) as string }];

/** What is asked of Redis takes a moment, while the clock stands still. */
const settle = async () => await new Promise((resolve) => setTimeout(resolve, 60));

const newProcess = () => startTrigger(credentials, clock);
const refunded = () => server.createNotification('REFUND.SUCCESS', { mchid: server.mchId });

/** Turns the clock until a delivery comes back, at most for five seconds. */
async function wait(receiving: Promise<Received>): Promise<Received> {
	let isBack = false;
	void receiving.finally(() => (isBack = true));
	for (let ms = 0; ms < 5000 && !isBack; ms += 250) {
		clock.turn(250);
		await settle();
	}
	return await receiving;
}

test('of two deliveries in the same moment one starts a run, each time', async () => {
	const processes = [newProcess(), newProcess()];
	for (let times = 0; times < 10; times++) {
		const notification = refunded();
		const both = processes.map(({ receive }) => receive(notification.request()));
		const received = await Promise.all(both.map(wait));
		expect(received.flatMap(({ items }) => items)).toHaveLength(1);
		expect(received.map(({ answer }) => answer())).toEqual([OK, OK]);
	}
	expect(logged).toEqual([]);
	// The key for Redis, and nothing about notifications.
	expect(credentials.writes).toBeLessThanOrEqual(2);
});

test('what one process has answered, all know for a day, also those that start later', async () => {
	const notification = refunded();
	await newProcess().receive(notification.request());
	await settle();
	clock.turn(24 * 3_600_000);
	const { answer, items } = await newProcess().receive(notification.request());
	expect([answer(), items]).toEqual([OK, []]);
	const [key] = (await redis().run('KEYS', '*push:*')) as string[];
	const life = Number(await redis().run('PTTL', key));
	expect(life).toBeGreaterThan((24 * 60 + 4) * 60_000);
});

test('a run that is under way elsewhere is not started twice; its success answers the repetition', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const notification = refunded();
	const first = await one.receive(notification.request(), AFTER_SUCCESS);
	clock.turn(5000);
	await settle();
	clock.turn(5000);
	await settle();
	const second = await wait(other.receive(notification.request(), AFTER_SUCCESS));
	expect([second.answer(), second.items]).toEqual([FAIL, []]);
	const third = other.receive(notification.request(), AFTER_SUCCESS);
	await settle();
	endRun(first, 200);
	await settle();
	const { answer, items } = await wait(third);
	expect([answer(), items]).toEqual([OK, []]);
});

test('a run that failed elsewhere starts anew', async () => {
	const [one, other] = [newProcess(), newProcess()];
	const notification = refunded();
	endRun(await one.receive(notification.request(), AFTER_SUCCESS), 500);
	await settle();
	const second = await wait(other.receive(notification.request(), AFTER_SUCCESS));
	expect(second.items).toHaveLength(1);
});

test('while Redis is away each process goes on alone', async () => {
	const notification = refunded();
	const away = payV3CredentialsFor(server, {
		sharedState: 'redis',
		redisUrl: 'redis://127.0.0.1:1/0',
	});
	const { receive } = startTrigger(away, clock);
	for (const runs of [1, 0]) {
		const { answer, items } = await receive(notification.request());
		expect([answer(), items.length]).toEqual([OK, runs]);
	}
});
