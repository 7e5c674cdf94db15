import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { State, Store } from '../../nodes/api/state';
import type { Clock } from '../../nodes/base/clock';
import { eventually } from '../e2e/services/eventually';
import { createTestClock } from '../support/clock';
import { Credentials, logged, prepareN8n } from '../support/n8n';
import { integersFrom } from '../support/random';
import { endProcesses, startProcess } from '../support/redisProcess';
import { startRedisServer, useRedis } from '../support/redisServer';

prepareN8n();
const redis = useRedis(async () => await startRedisServer());
const other = useRedis(async () => await startRedisServer());

const TYPE = 'wechatOpenPlatformApi';
let credentials: Credentials;

beforeEach(async () => {
	await redis().run('FLUSHALL');
	await other().run('FLUSHALL');
	logged.length = 0;
	credentials = new Credentials({ appId: 'wx1', appSecret: 's', baseUrl: '' }, TYPE);
	choose('redis');
});
afterEach(() => endProcesses());

/** Changes what somebody enters in the credential's dialog; the hidden fields stay. */
function choose(sharedState: string, url = redis().url): void {
	enter({ sharedState, redisUrl: url });
}
function enter(fields: ICredentialDataDecryptedObject): void {
	credentials.stored.set(credentials.id, { ...credentials.data, ...fields });
}

/** A process of n8n, which opens the credential anew for each run. */
function newProcess(clock?: Clock): () => Promise<Store> {
	return startProcess(credentials, clock).open;
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

const HOUR = 3_600_000;
const lifeOf = async (name: string) =>
	Number(await redis().run('PTTL', (await keys()).find((key) => key.endsWith(name)) ?? ''));

test('each entry lives as long as it is of use', async () => {
	const now = Date.now();
	const store = await newProcess()();
	await store.save({
		ticket: { value: 't', at: now },
		token: { value: 't', askedAt: now, expiresAt: now + 2 * HOUR },
		accounts: { wxa: grant(now, { code: 'c' }), wxb: { at: now, gone: true } },
		shelves: { visits: { a: { at: now, value: 1, until: now + 60_000 } } },
	});
	const about = async (name: string, ms: number) => {
		const life = await lifeOf(name);
		expect(life).toBeLessThanOrEqual(ms);
		expect(life).toBeGreaterThan(ms - 10_000);
	};
	await about(':ticket', 12 * HOUR);
	await about(':token', 3 * HOUR);
	await about(':code:c', 24 * HOUR);
	await about(':account:wxb', HOUR);
	const [visit] = (await keys()).filter((key) => key.includes(':section:visits:'));
	await about(visit, 60_000);
	expect(await lifeOf(':account:wxa')).toBe(-1);
	// A list forgets what has expired.
	await redis().run('DEL', visit);
	await redis().run('SET', visit.replace(/section:.*/, 'version:visits'), 'other');
	expect(await store.readSection('visits')).toEqual({});
	expect(await keys()).not.toContain(visit.replace(/:[^:]*$/, ''));
});

test('a changed section is noticed by other processes, and read once', async () => {
	const [one, two] = [await newProcess()(), await newProcess()()];
	const rule = (value: number) => ({ rules: { a: { at: value, value } } });
	await one.save({ shelves: rule(1) });
	expect((await two.readSection('rules')).a.value).toBe(1);
	await redis().run('CONFIG', 'RESETSTAT');
	expect((await two.readSection('rules')).a.value).toBe(1);
	expect(await countCommands()).toEqual({ mget: 1 });
	await one.save({ shelves: rule(2) });
	expect((await two.readSection('rules')).a.value).toBe(2);
});

async function countCommands(): Promise<Record<string, number>> {
	const stats = String(await redis().run('INFO', 'commandstats'));
	const found = [...stats.matchAll(/cmdstat_(\S+?):calls=(\d+)/g)];
	const ours = found.filter(([, name]) => !/info|config|client|select|hello/.test(name));
	return Object.fromEntries(ours.map(([, name, calls]) => [name, Number(calls)]));
}

test('a token and a ticket cost as many commands with 10,000 accounts as with one', async () => {
	const costs = [];
	for (const [from, count] of [
		[0, 1],
		[1, 10_000],
	]) {
		const store = await newProcess()();
		await store.save({
			accounts: Object.fromEntries(
				Array.from({ length: count }, (_, n) => [`wx${from + n}`, grant(1)]),
			),
		});
		await redis().run('CONFIG', 'RESETSTAT');
		const now = Date.now() + from;
		const token = { value: `t${from}`, askedAt: now, expiresAt: now + HOUR };
		await store.save({ accounts: { wx0: { at: 1, token } } });
		await store.save({ ticket: { value: `t${from}`, at: now } });
		expect((await store.readAccount('wx0'))?.token).toEqual(token);
		await store.readTicket();
		costs.push(await countCommands());
	}
	expect(costs[1]).toEqual(costs[0]);
}, 60_000);

test('several processes move one state at once, from one Redis to another, and keep its one key', async () => {
	const processes = Array.from({ length: 6 }, () => newProcess());
	await (await processes[0]()).save({ accounts: { wxa: grant(1), wxb: grant(1) } });
	for (const url of [other().url, redis().url, other().url]) {
		choose('redis', url);
		await Promise.all(
			processes.map(async (open, n) => {
				await (await open()).save({ accounts: { [`wx${n}`]: grant(1) } });
			}),
		);
		expect(Object.keys(await (await newProcess()()).readAccounts())).toHaveLength(8);
		expect(kept().shared?.url).toBe(url);
	}
	expect(logged.join('\n')).not.toContain('has lost');
});

test('a process with an old view of the credential takes no place again that was left', async () => {
	await (await newProcess()()).save({ ticket: TICKET });
	// It has read the credential, and asks for its state only later.
	const late = await newProcess()();
	choose('redis', other().url);
	await (await newProcess()()).readTicket();
	expect(await late.readTicket()).toEqual(TICKET);
	await late.save({ accounts: { wxa: grant(1) } });
	expect(await keys()).toEqual([]);
	expect(Object.keys(await (await newProcess()()).readAccounts())).toEqual(['wxa']);
});

test('changes while the state moves are lost to nobody, both ways', async () => {
	const writers = Array.from({ length: 4 }, () => newProcess());
	await (await writers[0]()).save({ ticket: TICKET });
	const round = async (name: string) =>
		await Promise.all(
			writers.map(async (open, n) => {
				for (let i = 0; i < 5; i++)
					await (await open()).save({ accounts: { [`${name}${n}x${i}`]: grant(1) } });
			}),
		);
	let written = round('back');
	choose('credential');
	await (await newProcess()()).readTicket();
	await written;
	await eventually(async () =>
		expect(Object.keys(await (await newProcess()()).readAccounts())).toHaveLength(20),
	);
	written = round('forth');
	choose('redis');
	await (await newProcess()()).readTicket();
	await written;
	// Those who still wrote into the credential look again after a moment, see stateStore.ts.
	await eventually(async () =>
		expect(Object.keys(await (await newProcess()()).readAccounts())).toHaveLength(40),
	);
}, 30_000);

test('who ended while it moved the state has lost nothing, at whatever step', async () => {
	await (await newProcess()()).save({ ticket: TICKET, accounts: { wxa: grant(1) } });
	const [fingerprint] = (await keys()).filter((key) => key.endsWith(':key'));
	const note = String(await redis().run('GET', fingerprint));
	// It had closed the place, and not yet saved what was there.
	await redis().run('SET', fingerprint, `${note} leaving`);
	expect(await (await newProcess()()).readTicket()).toEqual(TICKET);
	await redis().run('SET', fingerprint, `${note} leaving`);
	choose('credential');
	expect(await (await newProcess()()).readTicket()).toEqual(TICKET);
	// It had saved it, and not yet cleared the place.
	await redis().run('SET', fingerprint, `${note} leaving`);
	await redis().run('SET', fingerprint.replace(/key$/, 'ticket'), 'what it had not deleted yet');
	choose('redis');
	const store = await newProcess()();
	expect(await store.readTicket()).toEqual(TICKET);
	expect(Object.keys(await store.readAccounts())).toEqual(['wxa']);
});

test('another login is the same place, another prefix another one', async () => {
	await (await newProcess()()).save({ ticket: TICKET });
	const key = kept().shared?.key;
	await redis().run('ACL', 'SETUSER', 'n8n', 'on', '>p4ss', '~*', '&*', '+@all');
	choose('redis', redis().url.replace('//', '//n8n:p4ss@'));
	expect(await (await newProcess()()).readTicket()).toEqual(TICKET);
	expect(kept().shared?.key).toBe(key);
	enter({ redisPrefix: 'mine' });
	expect(await (await newProcess()()).readTicket()).toEqual(TICKET);
	expect((await keys()).filter((name) => !name.startsWith('mine:{wx1:'))).toEqual([]);
});

test('two credentials of one AppID share nothing', async () => {
	await (await newProcess()()).save({ ticket: TICKET });
	credentials = new Credentials({ ...credentials.data, state: '' }, TYPE);
	const second = await newProcess()();
	expect(await second.readTicket()).toBeUndefined();
	await second.save({ ticket: { value: 'second', at: Date.now() } });
	expect((await keys()).filter((key) => key.endsWith(':ticket'))).toHaveLength(2);
});

test('a key that was taken out of the credential is put back by who knows it', async () => {
	const [one, two] = [newProcess(), newProcess()];
	await (await one()).save({ ticket: TICKET });
	const { shared } = kept();
	enter({ state: '' });
	await expect((await two()).readTicket()).rejects.toThrow('sealed with a key that is missing');
	expect(await (await one()).readTicket()).toEqual(TICKET);
	expect(kept().shared).toEqual(shared);
	expect(await (await two()).readTicket()).toEqual(TICKET);
});

test('what was removed while Redis was away for hours stays removed', async () => {
	const clock = createTestClock();
	const rule = (at: number, value?: string) => ({ shelves: { rules: { a: { at, value } } } });
	await (await newProcess(clock)()).save(rule(clock.now(), 'the rule'));
	const process = newProcess(clock);
	await (await process()).readTicket();
	redis().pause();
	await (await process()).save(rule(clock.now() + 1));
	clock.turn(3 * HOUR);
	await (await process()).save({ ticket: TICKET });
	redis().resume();
	clock.turn(2000);
	await eventually(async () => {
		clock.turn(2000);
		const { a } = await (await newProcess(clock)()).readSection('rules');
		expect(a?.value).toBeUndefined();
	});
	expect(kept().shelves).toBeUndefined();
});

test('a token can be asked for again while Redis is away', async () => {
	const store = await newProcess()();
	await store.readTicket();
	redis().pause();
	expect(await (await newProcess()()).readToken()).toBeUndefined();
	redis().resume();
});

const SEED = Number(process.env.FAULTS_SEED ?? Date.now() % 1e9);
test(`what was acknowledged outlives kill -9 of Redis and of processes (FAULTS_SEED=${SEED})`, async () => {
	const own = await startRedisServer({ appendonly: 'yes', appendfsync: 'always' });
	try {
		const next = integersFrom(SEED);
		choose('redis', own.url);
		let processes = [newProcess(), newProcess(), newProcess()];
		let ticket = 0;
		const accounts = new Set<string>();
		for (let step = 0; step < 12; step++) {
			const work = processes.map(async (open, n) => {
				const name = `wx${step}x${n}`;
				for (const [appId, at] of [
					[name, 1],
					[`${name}b`, 1],
				] as const)
					await open().then(async (store) => {
						await store.save({ accounts: { [appId]: grant(at) } });
						accounts.add(appId);
					});
				const value = Date.now() + step;
				await (await open()).save({ ticket: { value: String(value), at: value } });
				ticket = Math.max(ticket, value);
			});
			await new Promise((resolve) => setTimeout(resolve, next() % 20));
			if (next() % 2 === 0) {
				await own.kill();
				await new Promise((resolve) => setTimeout(resolve, next() % 100));
				await own.start();
			}
			await Promise.all(work);
			// It loses what it knew.
			if (next() % 2 === 0) processes = [newProcess(), ...processes.slice(1)];
		}
		await eventually(async () => {
			const store = await newProcess()();
			expect(Object.keys(await store.readAccounts())).toEqual(
				expect.arrayContaining([...accounts]),
			);
			expect((await store.readTicket())?.at).toBe(ticket);
		}, 15_000);
		expect(accounts.size).toBe(72);
	} finally {
		await own.stop();
	}
}, 60_000);
