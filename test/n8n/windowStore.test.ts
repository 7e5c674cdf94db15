import { createServices } from '../../nodes/api/services';
import { openWindow } from '../../nodes/api/messageWindow';
import { openWindowStore } from '../../nodes/n8n/windowStore';
import { createTestClock } from '../support/clock';
import { prepareN8n, type Credentials } from '../support/n8n';
import { endProcesses, startProcess } from '../support/redisProcess';
import { startRedisServer, useRedis } from '../support/redisServer';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const redis = useRedis(async () => await startRedisServer());
const simulator = useSimulator();
afterEach(endProcesses);

const clock = createTestClock();
const wrote = openWindow([], 'message', clock.now());
const count = (windows: typeof wrote) => windows.map((one) => ({ ...one, sent: one.sent + 1 }));

let credentials: Credentials;
beforeEach(async () => {
	credentials = credentialsFor(simulator(), { sharedState: 'redis', redisUrl: redis().url });
	await redis().run('FLUSHALL');
});

/** The windows of an account, as another process of n8n knows them. */
const openProcess = (appId = 'wx1') =>
	openWindowStore(createServices({ clock }), appId, startProcess(credentials, clock).openSpace);

test('processes count together, none is lost', async () => {
	const first = openProcess();
	await first.put('oUser', wrote);
	const second = openProcess();
	expect(await second.read('oUser')).toEqual(wrote);
	await Promise.all([first, second, first].map(async ({ change }) => await change('oUser', count)));
	expect(await second.read('oUser')).toMatchObject([{ sent: 3 }]);
	expect(await openProcess('wx2').read('oUser')).toBeUndefined();
});

test('entries are in the slot of the credential, sealed under hidden names, and end', async () => {
	await openProcess().put('oUser', wrote);
	const [key] = (await redis().run('KEYS', '*window:*')) as string[];
	expect(key).toMatch(/\{.*\}:window:[\w-]{22}$/);
	expect(key).not.toContain('oUser');
	expect(await redis().run('GET', key)).not.toContain('message');
	const life = Number(await redis().run('PTTL', key));
	expect(life).toBeGreaterThan(71 * 3_600_000);
	expect(life).toBeLessThanOrEqual(72 * 3_600_000);
});

test('without Redis nothing fails, and nothing is known', async () => {
	const store = openWindowStore(createServices({ clock }), 'wx1', async () => {
		throw new Error('away');
	});
	await store.put('oUser', wrote);
	expect(await store.read('oUser')).toBeUndefined();
	expect(await store.change('oUser', count)).toBeUndefined();
});

test('without a shared place the process remembers, account by account', async () => {
	const services = createServices({ clock });
	await openWindowStore(services, 'wx1').put('oUser', wrote);
	expect(await openWindowStore(services, 'wx1').change('oUser', count)).toMatchObject([
		{ sent: 1 },
	]);
	expect(await openWindowStore(services, 'wx2').read('oUser')).toBeUndefined();
	expect(await openWindowStore(createServices({ clock }), 'wx1').read('oUser')).toBeUndefined();
});
