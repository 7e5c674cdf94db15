import { setTimeout as sleep } from 'node:timers/promises';
import { createStateSection, type RecordStore, type State } from '../../nodes/api/state';
import { readOwner } from '../../nodes/n8n/credentials';
import {
	countWrites,
	createStateStore,
	createStateWriter,
	type StateWriter,
} from '../../nodes/n8n/stateStore';
import { openRuleStore, toRuleSection, listRules } from '../../nodes/replyRules/ruleStore';
import { readRules } from '../../nodes/replyRules/ruleFormat';
import { createTestClock, type TestClock } from '../support/clock';
import { Credentials, editorContext, logged, prepareN8n } from '../support/n8n';

prepareN8n();
const TYPE = 'wechatOpenPlatformApi';
const OWN = { appId: 'wx1', appSecret: 's', baseUrl: 'http://127.0.0.1:1' };

/** n8n's credentials with the time that its database takes, and the same record for all processes. */
class SlowCredentials extends Credentials {
	readMs = 0;

	writeMs = 0;

	private underway = 0;

	override async getDecrypted(...args: Parameters<Credentials['getDecrypted']>) {
		return await this.count(async () => {
			const data = await super.getDecrypted(...args);
			await sleep(this.readMs);
			return data;
		});
	}

	override async preAuthentication(...args: Parameters<Credentials['preAuthentication']>) {
		return await this.count(async () => {
			await sleep(this.writeMs);
			return await super.preAuthentication(...args);
		});
	}

	/** Waits until nobody reads or writes any more, however long that takes. */
	async idle(): Promise<void> {
		for (let quiet = 0; quiet < 5; quiet++) {
			await new Promise(setImmediate);
			if (this.underway > 0) quiet = 0;
		}
	}

	private async count<T>(work: () => Promise<T>): Promise<T> {
		this.underway++;
		try {
			return await work();
		} finally {
			this.underway--;
		}
	}
}

let credentials: SlowCredentials;
const stored = () => JSON.parse(String(credentials.data.state)) as State;

let clock: TestClock;

/** A process of n8n, with a memory of its own. */
const newProcess = (): RecordStore => processWith(credentials)[0];

/** The same with several credentials. */
const processWith = (...all: Credentials[]): RecordStore[] =>
	storesOf(createStateWriter(clock), ...all);

function storesOf(writer: StateWriter, ...all: Credentials[]): RecordStore[] {
	return all.map((data) => {
		const context = editorContext('wechat', { authentication: 'openPlatform' }, data);
		return createStateStore(context, TYPE, readOwner(TYPE, data.data), writer);
	});
}

/** Lets a time pass in which all processes look after what they have written. */
async function pass(ms: number): Promise<void> {
	for (let passed = 0; passed < ms; passed += 50) {
		clock.turn(50);
		await credentials.idle();
	}
}

const account = (name: string, at = 1): Omit<State, 'of'> => ({
	accounts: { [name]: { at, refreshToken: `of ${name}` } },
});

beforeEach(() => {
	credentials = new SlowCredentials({ ...OWN }, TYPE);
	clock = createTestClock();
});

test('what is saved is read by another process', async () => {
	await newProcess().save({ ticket: { value: 'T', at: 1 } });
	expect((await newProcess().read()).ticket).toEqual({ value: 'T', at: 1 });
});

test('n8n encrypts what is saved: nothing of it is outside the hidden property', async () => {
	await newProcess().save({ ticket: { value: 'T', at: 1 } });
	const { state, stateSavedAt, ...rest } = credentials.data;
	expect(String(state)).toContain('"T"');
	expect(String(stateSavedAt)).toMatch(/^\d{4}-/);
	expect(rest).toMatchObject(OWN);
});

test('changes that come while one is written go along with the next: 100 make two writes', async () => {
	credentials.writeMs = 5;
	const store = newProcess();
	await Promise.all(
		Array.from({ length: 100 }, async (_, n) => await store.save(account(`wx${n}`))),
	);
	expect(Object.keys(stored().accounts ?? {})).toHaveLength(100);
	expect(credentials.writes).toBeLessThanOrEqual(2);
});

test('what two processes write at the same time is there in the end, from both', async () => {
	credentials.readMs = 5;
	credentials.writeMs = 15;
	const [one, other] = [newProcess(), newProcess()];
	for (let round = 0; round < 5; round++)
		await Promise.all([one.save(account(`a${round}`)), other.save(account(`b${round}`))]);
	await pass(700);
	expect(Object.keys(stored().accounts ?? {}).sort()).toEqual([
		'a0',
		'a1',
		'a2',
		'a3',
		'a4',
		'b0',
		'b1',
		'b2',
		'b3',
		'b4',
	]);
	const { writes } = credentials;
	await pass(400);
	expect(credentials.writes).toBe(writes);
});

test('a dialog that was saved with an older state in it loses nothing', async () => {
	const store = newProcess();
	await store.save(account('wx1'));
	const before = structuredClone(credentials.data);
	await store.save(account('wx2'));
	credentials.stored.set(credentials.id, { ...before, proxyUrl: 'changed' });
	await pass(400);
	expect(Object.keys(stored().accounts ?? {}).sort()).toEqual(['wx1', 'wx2']);
	expect(credentials.data.proxyUrl).toBe('changed');
});

describe('what somebody enters in the editor', () => {
	// n8n 2.8.4 writes the whole record (updateCredentials); 2.41.1 writes only what the pack saves.
	test('stays as it was entered: an expression is not replaced by its value', async () => {
		const entered = { ...OWN, appId: '={{ "wx1" }}', appSecret: '={{ "s" }}' };
		credentials.stored.set(credentials.id, entered);
		const context = editorContext('wechat', { authentication: 'openPlatform' }, credentials);
		await createStateStore(context, TYPE, 'wx1', createStateWriter(clock)).save(account('wx2'));
		expect(credentials.data).toMatchObject(entered);
		expect(stored().accounts).toHaveProperty('wx2');
		expect(stored().of).toBe('wx1');
	});

	test('while state is saved is not written over', async () => {
		const read = credentials.getDecrypted.bind(credentials);
		jest.spyOn(credentials, 'getDecrypted').mockImplementationOnce(async (...args) => {
			const before = await read(...args);
			credentials.stored.set(credentials.id, { ...credentials.data, appSecret: 'reset' });
			return before;
		});
		await newProcess().save(account('wx1'));
		expect(credentials.data.appSecret).toBe('reset');
		expect(stored().accounts).toHaveProperty('wx1');
	});
});

test('what is too old to be remembered is not written, again and again', async () => {
	const store = newProcess();
	await store.save(account('wx1'));
	await store.save({ accounts: { wx2: { at: Date.now() - 2 * 3_600_000, gone: true } } });
	await pass(700);
	expect(credentials.writes).toBe(1);
	expect(stored().accounts).not.toHaveProperty('wx2');
});

test('what is there already is not written again', async () => {
	const store = newProcess();
	await store.save(account('wx1'));
	await store.save(account('wx1'));
	expect(credentials.writes).toBe(1);
});

test('the state of another AppID is neither read nor mixed with ours', async () => {
	const store = newProcess();
	await store.save(account('wx1'));
	credentials.stored.set(credentials.id, { ...credentials.data, appId: 'wx2' });
	expect((await newProcess().read()).accounts).toBeUndefined();
	// A run that began before the change has nowhere left to put its tokens.
	await store.save(account('late'));
	expect(credentials.data.state).not.toContain('late');
	await newProcess().save(account('new'));
	expect(Object.keys(stored().accounts ?? {})).toEqual(['new']);
	expect(await store.read()).not.toHaveProperty('accounts');
});

test('two credentials of the same name are written each for itself', async () => {
	const other = new SlowCredentials({ ...OWN, appId: 'wx2' }, TYPE);
	const [one, two] = processWith(credentials, other);
	await Promise.all([one.save(account('a')), two.save(account('b'))]);
	expect(Object.keys(stored().accounts ?? {})).toEqual(['a']);
	expect(Object.keys((await two.read()).accounts ?? {})).toEqual(['b']);
});

test('an account that was gone an hour ago is not written any more', async () => {
	const store = newProcess();
	const at = clock.now();
	await store.save({ accounts: { wx1: { at, gone: true }, wx2: { at, gone: true } } });
	clock.turn(3_600_001);
	await credentials.idle();
	await store.save(account('wx1', at + 3_600_000));
	expect(Object.keys(stored().accounts ?? {})).toEqual(['wx1']);
});

test('a change that is lost twice is written again twice', async () => {
	const store = newProcess();
	for (const name of ['wx1', 'wx2']) {
		const before = structuredClone(credentials.data);
		await store.save(account(name));
		credentials.stored.set(credentials.id, before);
		await pass(400);
		expect(stored().accounts).toHaveProperty(name);
		await pass(300);
	}
});

test.each<Record<string, string>>([{ appSecret: 'reset' }, { baseUrl: 'https://relay.example' }])(
	'%j in the credential leaves what is stored',
	async (change) => {
		await newProcess().save(account('wx1'));
		credentials.stored.set(credentials.id, { ...credentials.data, ...change });
		expect((await newProcess().read()).accounts).toHaveProperty('wx1');
	},
);

test.each<[string, Record<string, string>]>([
	['wechatOfficialAccountApi', { appId: 'wx2' }],
	['wechatOpenPlatformApi', { appId: 'wx2' }],
	['socialinzenApi', { username: 'other' }],
	['socialinzenApi', { baseUrl: 'https://other.example' }],
])('%s with %j is of somebody else', (type, change) =>
	expect(readOwner(type, { ...OWN, ...change })).not.toBe(readOwner(type, OWN)),
);

test('a broken state is taken as none', async () => {
	credentials.stored.set(credentials.id, { ...OWN, state: '{broken' });
	const store = newProcess();
	expect(await store.read()).not.toHaveProperty('accounts');
	await store.save(account('wx1'));
	expect(stored().accounts).toHaveProperty('wx1');
});

test('a database that is gone is an error for an account, and none for a token', async () => {
	const store = newProcess();
	credentials.preAuthentication = async () => await Promise.reject(new Error('database is gone'));
	await expect(store.save(account('wx1'))).rejects.toThrow('database is gone');
	await store.save({ token: { value: 'A', askedAt: 1, expiresAt: 2 } });
});

test('a failed write does not stop the ones after it', async () => {
	const store = newProcess();
	const write = credentials.preAuthentication.bind(credentials);
	credentials.preAuthentication = async () => await Promise.reject(new Error('locked'));
	await expect(store.save(account('wx1'))).rejects.toThrow('locked');
	credentials.preAuthentication = write;
	await store.save(account('wx2'));
	expect(stored().accounts).toHaveProperty('wx2');
});

/** Both settings of N8N_SSRF_PROTECTION_ENABLED: true forbids the request after the save (n8n 2.41.1). */
test('what was saved is saved, though the request that goes along is forbidden', async () => {
	const store = newProcess();
	credentials.authenticate = async () =>
		await Promise.reject(new Error('DNS lookup for  returned no results'));
	await store.save(account('wx1'));
	expect(stored().accounts).toHaveProperty('wx1');
	credentials.updates = false;
	await expect(store.save(account('wx2'))).rejects.toThrow('DNS lookup');
});

describe('a credential that was replaced without its hidden fields', () => {
	/** As n8n's API does it with `PATCH /api/v1/credentials/{id}`, unless `isPartialData` is true. */
	const replace = (change: Record<string, string> = {}) =>
		void credentials.stored.set(credentials.id, { ...OWN, ...change });

	test('gets back what a process remembers, at its next look', async () => {
		const store = newProcess();
		await store.save({ ...account('wx1'), ticket: { value: 'T', at: 1 } });
		replace({ proxyUrl: 'changed' });
		expect((await store.read()).accounts).toHaveProperty('wx1');
		expect(stored()).toMatchObject({ accounts: { wx1: {} }, ticket: { value: 'T' } });
		expect(credentials.data.proxyUrl).toBe('changed');
		expect(logged.join()).toMatch(/replaced without its hidden fields.+isPartialData/);
	});

	test('gets back what another process has only read', async () => {
		const [one, other] = [newProcess(), newProcess()];
		await one.save(account('wx1'));
		await other.read();
		replace();
		// A process that remembers nothing is the first to write.
		await newProcess().save({ token: { value: 'A', askedAt: 1, expiresAt: 2 } });
		await other.save(account('wx2'));
		expect(Object.keys(stored().accounts ?? {}).sort()).toEqual(['wx1', 'wx2']);
		expect(stored().token?.value).toBe('A');
		expect(await pass(2500)).toBeUndefined();
		expect(Object.keys(stored().accounts ?? {}).sort()).toEqual(['wx1', 'wx2']);
	});

	test('gets nothing of another owner', async () => {
		const store = newProcess();
		await store.save(account('wx1'));
		replace({ appId: 'wx2' });
		expect(await store.read()).not.toHaveProperty('accounts');
		await newProcess().save(account('new'));
		expect(Object.keys(stored().accounts ?? {})).toEqual(['new']);
	});

	test('is none when its last account or rule was removed', async () => {
		const store = newProcess();
		await store.save(account('wx1'));
		await newProcess().save({ accounts: { wx1: { at: 2, gone: true } } });
		await store.save({ shelves: { s: { a: { at: clock.now() } } } });
		expect(stored().accounts).toEqual({});
	});
});

test('1,000 accounts stay below 1 MB', async () => {
	const token = {
		value: '9'.repeat(512),
		askedAt: 1_760_000_000_000,
		expiresAt: 1_760_007_200_000,
	};
	const profile = {
		name: '一个名字很长的公众号一个名字很长',
		userName: 'gh_0123456789ab',
		kind: 'officialAccount',
	} as const;
	const accounts = Object.fromEntries(
		Array.from({ length: 1000 }, (_, n) => [
			`wx${n.toString(16).padStart(16, '0')}`,
			{
				at: 1_760_000_000_000,
				refreshToken: `refreshtoken@@@${'x'.repeat(43)}`,
				token,
				code: 'x'.repeat(16),
				profile,
			},
		]),
	);
	await newProcess().save({ accounts });
	expect(Buffer.byteLength(String(credentials.data.state))).toBeLessThan(1_000_000);
});

describe('reply rules', () => {
	const SHELF = toRuleSection('wx1');
	/** A run that changes rules; each has its own book, read when it begins. */
	async function change(store: RecordStore, ...requests: string[]): Promise<void> {
		const book = await openRuleStore(createStateSection(store, SHELF));
		for (const request of requests) book.put(readRules([{ request, reply: request }])[0]);
		await book.save();
	}
	const kept = () =>
		listRules(stored().shelves?.[SHELF] ?? {})
			.map(({ request }) => request)
			.sort();
	const names = (...letters: string[]) =>
		letters.flatMap((letter) => Array.from({ length: 10 }, (_, n) => `${letter}${n}`)).sort();

	test('that 100 runs of a process change at the same time are all there', async () => {
		credentials.readMs = 1;
		credentials.writeMs = 5;
		const store = newProcess();
		const requests = names(...'abcdefghij');
		await Promise.all(requests.map(async (request) => await change(store, request)));
		expect(kept()).toEqual(requests);
		expect(credentials.writes).toBeLessThan(10);
	});

	test('that two processes change at the same time are all there, soon', async () => {
		credentials.readMs = 5;
		credentials.writeMs = 15;
		const [one, other] = [newProcess(), newProcess()];
		for (let round = 0; round < 10; round++)
			await Promise.all([change(one, `a${round}`), change(other, `b${round}`)]);
		await pass(700);
		expect(kept()).toEqual(names('a', 'b'));
	});

	test('that another process wrote meanwhile are merged with what is saved', async () => {
		const [one, other] = [newProcess(), newProcess()];
		await change(one, 'a', 'b');
		const book = await openRuleStore(createStateSection(one, SHELF));
		await change(other, 'c');
		book.remove('keyword a');
		await book.save();
		expect(kept()).toEqual(['b', 'c']);
	});

	test('that two processes write in the same millisecond come to rest', async () => {
		const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
		const books = [];
		for (const reply of ['x', 'y']) {
			const book = await openRuleStore(createStateSection(newProcess(), SHELF));
			book.put(readRules([{ request: 'a', reply }])[0]);
			books.push(book);
		}
		for (const book of books) {
			await book.save();
			await pass(100);
		}
		await pass(700);
		const { writes } = credentials;
		await pass(700);
		now.mockRestore();
		expect(credentials.writes).toBe(writes);
		expect(kept()).toEqual(['a']);
	});

	test('count how often this process wrote to the credential, and to no other', async () => {
		const other = new SlowCredentials({ ...OWN }, TYPE);
		const writer = createStateWriter(clock);
		const [store, second] = storesOf(writer, credentials, other);
		expect(countWrites(credentials.id, writer)).toBe(0);
		await change(store, 'a');
		expect(countWrites(credentials.id, writer)).toBe(1);
		await change(store, 'a', 'b');
		expect(countWrites(credentials.id, writer)).toBe(2);
		// What is there already is not written.
		await store.save({ shelves: { [SHELF]: {} } });
		expect(countWrites(credentials.id, writer)).toBe(2);
		await change(second, 'a');
		expect([credentials.id, other.id].map((id) => countWrites(id, writer))).toEqual([2, 1]);
		await change(newProcess(), 'c');
		expect(countWrites(credentials.id, writer)).toBe(2);
	});

	test('that cannot be saved are an error', async () => {
		const store = newProcess();
		credentials.preAuthentication = async () => await Promise.reject(new Error('database is gone'));
		await expect(change(store, 'a')).rejects.toThrow('database is gone');
	});
});
