import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { State, Store } from '../../nodes/api/state';
import { createSharedServices, openState, type SharedServices } from '../../nodes/n8n/sharedState';
import { createStateWriter } from '../../nodes/n8n/stateStore';
import { eventually } from '../e2e/services/eventually';
import { Credentials, editorContext, logged, prepareN8n } from '../support/n8n';
import { startRedisServer, useRedis } from '../support/redisServer';

prepareN8n();
const redis = useRedis(async () => await startRedisServer());
const other = useRedis(async () => await startRedisServer());

const TYPE = 'wechatOpenPlatformApi';
let credentials: Credentials;
let running: SharedServices[];

beforeEach(async () => {
	await redis().run('FLUSHALL');
	await other().run('FLUSHALL');
	logged.length = 0;
	running = [];
	credentials = new Credentials({ appId: 'wx1', appSecret: 's', baseUrl: '' }, TYPE);
	choose('redis');
});
afterEach(() => {
	for (const { connections } of running) connections.close();
});

/** Changes what somebody enters in the credential's dialog; the hidden fields stay. */
function choose(sharedState: string, url = redis().url): void {
	enter({ sharedState, redisUrl: url });
}
function enter(fields: ICredentialDataDecryptedObject): void {
	credentials.stored.set(credentials.id, { ...credentials.data, ...fields });
}

/** A process of n8n, which opens the credential anew for each run. */
function newProcess(): () => Promise<Store> {
	const services = createSharedServices();
	const writer = createStateWriter();
	running.push(services);
	return async () => {
		const context = editorContext('wechat', { authentication: 'openPlatform' }, credentials);
		const credential = await context.getCredentials<ICredentialDataDecryptedObject>(TYPE);
		return openState(context, TYPE, credential, services, writer).store;
	};
}

const kept = () => JSON.parse(String(credentials.data.state || '{}')) as State;
const TICKET = { value: 'the ticket', at: Date.now() };
const grant = (at: number, more = {}) => ({ at, refreshToken: 'the refresh token', ...more });
const keys = async () => ((await redis().run('KEYS', '*')) as string[]).sort();

test('what one process saves another one reads, and nothing of it is in the credential', async () => {
	const [one, two] = [newProcess(), newProcess()];
	await (
		await one()
	).save({
		ticket: TICKET,
		token: { value: 'the token', askedAt: Date.now(), expiresAt: Date.now() + 7_200_000 },
		accounts: {
			wxa: grant(1, {
				code: 'digest',
				profile: { name: 'A', userName: 'gh_a', kind: 'officialAccount' },
			}),
		},
		shelves: { 'rules wxa': { word: { at: Date.now(), value: { reply: 'the rule' } } } },
	});
	const store = await two();
	expect(await store.readTicket()).toEqual(TICKET);
	expect((await store.readToken())?.value).toBe('the token');
	expect(await store.readAccount('wxa')).toMatchObject({ refreshToken: 'the refresh token' });
	expect(Object.keys(await store.readAccounts())).toEqual(['wxa']);
	expect(await store.findAccount('userName', 'gh_a')).toBe('wxa');
	expect(await store.findAccount('code', 'digest')).toBe('wxa');
	expect(await store.readSection('rules wxa')).toMatchObject({
		word: { value: { reply: 'the rule' } },
	});
	expect(Object.keys(kept()).sort()).toEqual(['of', 'shared']);
});

test('a dump of Redis shows no ticket, token, account or rule', async () => {
	await (
		await newProcess()()
	).save({
		ticket: TICKET,
		accounts: { wxa: grant(1) },
		shelves: { 'rules wxa': { 'secret word': { at: Date.now(), value: { reply: 'the rule' } } } },
	});
	const all = await keys();
	expect(all.length).toBeGreaterThan(5);
	const values = await Promise.all(
		all.map(async (key) => (await redis().run('DUMP', key)) as string),
	);
	const seen = [...all, ...values].join('\n');
	for (const secret of ['the ticket', 'the refresh token', 'secret word', 'the rule'])
		expect(seen).not.toContain(secret);
	expect(seen).not.toContain(kept().shared?.key);
});

test('a state that is in the credential moves to Redis and back, and nothing is lost on the way', async () => {
	choose('credential');
	const process = newProcess();
	await (await process()).save({ ticket: TICKET, accounts: { wxa: grant(1), wxb: grant(2) } });
	choose('redis');
	expect(await (await process()).readTicket()).toEqual(TICKET);
	expect(kept().ticket).toBeUndefined();
	choose('redis', other().url);
	expect(Object.keys(await (await process()).readAccounts()).sort()).toEqual(['wxa', 'wxb']);
	expect(await keys()).toEqual([]);
	choose('credential', other().url);
	expect(await (await newProcess()()).readTicket()).toEqual(TICKET);
	expect(Object.keys(kept().accounts ?? {}).sort()).toEqual(['wxa', 'wxb']);
	expect(await other().run('KEYS', '*')).toEqual([]);
});

// With a turn at the lock for each, 50 pushes at a time after the choice of Redis took longer than WeChat waits.
test('pushes that come at once when Redis is chosen set it up together', async () => {
	const processes = [newProcess(), newProcess()];
	await redis().run('CONFIG', 'RESETSTAT');
	const read = async () =>
		await Promise.all(
			processes.flatMap((open) =>
				Array.from({ length: 50 }, async () => await (await open()).readTicket()),
			),
		);
	await read();
	const [, locks] = /cmdstat_set:calls=(\d+)/.exec(
		String(await redis().run('INFO', 'commandstats')),
	) as string[];
	// The key of the space, and the lock: one takes it, the other asks a few times.
	expect(Number(locks)).toBeLessThan(20);
	expect(credentials.writes).toBe(1);
});

test('while Redis is away, a ticket is kept in the credential, and moves on when it is back', async () => {
	const [one, two] = [newProcess(), newProcess()];
	await (await one()).save({ ticket: { value: 'old', at: 1000 + Date.now() } });
	await redis().kill();
	const newest = { value: 'newest', at: 2000 + Date.now() };
	await (await two()).save({ ticket: newest });
	expect(kept().ticket).toEqual(newest);
	// Known from before, and from the credential.
	expect(await (await one()).readTicket()).toEqual(newest);
	await expect((await one()).readAccount('wxa')).rejects.toThrow('Redis at 127.0.0.1');
	await redis().start();
	await eventually(async () => {
		expect(await (await newProcess()()).readTicket()).toEqual(newest);
	});
	expect(kept().ticket).toBeUndefined();
	expect(logged.filter((line) => line.includes('does not answer')).length).toBeLessThanOrEqual(2);
});

test('a credential that was replaced without its key is told, not taken for an empty store', async () => {
	await (await newProcess()()).save({ ticket: TICKET });
	enter({ state: '' });
	const store = await newProcess()();
	await expect(store.readTicket()).rejects.toThrow('sealed with a key that is missing');
	const next = { value: 'next', at: Date.now() };
	await store.save({ ticket: next });
	expect(kept().ticket).toEqual(next);
});

test('a Redis that was emptied is noticed, and used again', async () => {
	const process = newProcess();
	await (await process()).save({ ticket: TICKET });
	await redis().run('FLUSHALL');
	expect(await (await process()).readTicket()).toBeUndefined();
	expect(logged.join('\n')).toContain('has lost what');
	await (await process()).save({ ticket: TICKET });
	expect(await (await newProcess()()).readTicket()).toEqual(TICKET);
});

test('many processes at once make one key, and lose no change', async () => {
	const processes = Array.from({ length: 8 }, () => newProcess());
	await Promise.all(
		processes.map(async (open, n) => {
			const store = await open();
			for (let round = 0; round < 5; round++)
				await store.save({ accounts: { [`wx${n}x${round}`]: grant(1), shared: grant(n + round) } });
		}),
	);
	const accounts = await (await newProcess()()).readAccounts();
	expect(Object.keys(accounts)).toHaveLength(41);
	expect(accounts.shared.at).toBe(11);
});

test('one process at a time does the work of a lock', async () => {
	let [inside, most] = [0, 0];
	await Promise.all(
		Array.from({ length: 4 }, () => newProcess()).map(async (open) => {
			const { lock } = await open();
			await lock?.('token', async () => {
				most = Math.max(most, ++inside);
				await new Promise((done) => setTimeout(done, 20));
				inside--;
			});
		}),
	);
	expect(most).toBe(1);
});
