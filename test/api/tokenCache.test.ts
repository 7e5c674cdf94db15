import {
	createTokenCache,
	type Token,
	type TokenCache,
	type TokenSource,
} from '../../nodes/api/tokenCache';

const HOUR = 3_600_000;
let now = 0;
let issued: Token[];
let stored: Token | undefined;
let refuse: Error | undefined;
let forced: boolean[];
let reads: number;
const store = {
	read: async () => (reads++, stored),
	write: async (token: Token) => void (stored = token),
};
const nothing = { read: async () => undefined, write: async () => {} };
let cache: TokenCache;

/** A new process knows nothing. */
const restart = () => (cache = createTokenCache(() => now));

/** WeChat's stable_token: the same token until five minutes before its end, another one when forced. */
async function request(force: boolean): Promise<Token> {
	await new Promise(setImmediate);
	forced.push(force);
	if (refuse) throw refuse;
	const last = issued.at(-1);
	if (last && !force && now < last.expiresAt - 300_000) return { ...last, askedAt: now };
	const token = { value: `T${issued.length + 1}`, askedAt: now, expiresAt: now + 2 * HOUR };
	issued.push(token);
	return token;
}

const tokensOf = (
	key: string,
	ask: TokenSource['request'] = request,
	saved: TokenSource['saved'] = store,
) => cache.open({ key, early: 300_000, request: ask, saved });
const tokens = (key = 'account') => tokensOf(key);

beforeEach(() => {
	restart();
	now = 1_760_000_000_000;
	issued = [];
	stored = undefined;
	refuse = undefined;
	forced = [];
	reads = 0;
});

test('one hundred calls at once ask once', async () => {
	const values = await Promise.all(
		Array.from({ length: 100 }, async () => await tokens().current()),
	);
	expect(new Set(values)).toEqual(new Set(['T1']));
	expect(issued).toHaveLength(1);
});

test('a token is used until five minutes before its end', async () => {
	await tokens().current();
	now += 2 * HOUR - 300_001;
	expect(await tokens().current()).toBe('T1');
	now += 1;
	expect(await tokens().current()).toBe('T2');
});

test('a token with little time left is not asked for at each call', async () => {
	let asked = 0;
	const short = tokensOf('short', async () => ({
		value: `S${++asked}`,
		askedAt: now,
		expiresAt: now + 60_000,
	}));
	await short.current();
	now += 29_000;
	expect(await short.current()).toBe('S1');
	now += 2000;
	expect(await short.current()).toBe('S2');
});

test('a restart takes the token from the store', async () => {
	await tokens().current();
	restart();
	expect(await tokens().current()).toBe('T1');
	expect(issued).toHaveLength(1);
});

test('a refused token is replaced once, by whoever comes first', async () => {
	await tokens().current();
	const values = await Promise.all(
		Array.from({ length: 50 }, async () => await tokens().renew('T1')),
	);
	expect(new Set(values)).toEqual(new Set(['T2']));
	expect(issued).toHaveLength(2);
});

test('a late report of an old token costs nothing', async () => {
	await tokens().current();
	await tokens().renew('T1');
	reads = 0;
	expect(await tokens().renew('T1')).toBe('T2');
	expect(issued).toHaveLength(2);
	expect(reads).toBe(0);
});

test('a token that another process renewed is adopted', async () => {
	await tokens().current();
	stored = { value: 'other', askedAt: now + 1, expiresAt: now + HOUR };
	expect(await tokens().renew('T1')).toBe('other');
	expect(issued).toHaveLength(1);
});

test('a renewal under way that brings the refused token is followed by another', async () => {
	const first = tokens().current();
	const renewed = tokens().renew('T1');
	expect(await first).toBe('T1');
	expect(await renewed).toBe('T2');
});

test('an expired token in the store is not used', async () => {
	stored = { value: 'old', askedAt: now - 3 * HOUR, expiresAt: now - HOUR };
	expect(await tokens().current()).toBe('T1');
});

test('a failed request is told to all who wait, and tried again by the next', async () => {
	refuse = new Error('40125');
	const results = await Promise.allSettled([tokens().current(), tokens().current()]);
	expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	refuse = undefined;
	expect(await tokens().current()).toBe('T1');
});

test('a renewal that fails while another run waits is tried again by that one', async () => {
	const ask = jest
		.fn(request)
		.mockImplementationOnce(async () => await Promise.reject(new Error('ECONNRESET')));
	const first = tokensOf('account', ask).current();
	const second = tokensOf('account', ask).renew('T0');
	await expect(first).rejects.toThrow('ECONNRESET');
	expect(await second).toBe('T1');
});

test('a token that came another way while the store was read is used', async () => {
	const came = { value: 'came', askedAt: now, expiresAt: now + HOUR };
	const read = async () => {
		cache.set('account', came);
		return { value: 'stored', askedAt: now - 1, expiresAt: now + HOUR };
	};
	expect(await tokensOf('account', request, { ...nothing, read }).current()).toBe('came');
	expect(issued).toEqual([]);
});

test('a token that cannot be saved is not asked for again', async () => {
	const write = async () => await Promise.reject(new Error('database is gone'));
	const unsaved = tokensOf('account', request, { ...nothing, write });
	await expect(unsaved.current()).rejects.toThrow('database is gone');
	expect(await unsaved.current()).toBe('T1');
	expect(forced).toEqual([false]);
});

test('accounts do not mix', async () => {
	expect(await tokens('a').current()).toBe('T1');
	stored = undefined;
	now += 2 * HOUR;
	expect(await tokens('b').current()).toBe('T2');
});

test('WeChat is asked to force a token only when it still hands out the refused one', async () => {
	await tokens().current();
	now += 2 * HOUR - 300_000;
	expect(await tokens().renew('T1')).toBe('T2');
	expect(forced).toEqual([false, false]);
	expect(await tokens().renew('T2')).toBe('T3');
	expect(forced).toEqual([false, false, false, true]);
});

test('no token is used after its end, however short it lives', async () => {
	const ends = jest.fn(async () => ({ value: 'S', askedAt: now, expiresAt: now + 10_000 }));
	const short = tokensOf('short', ends);
	await short.current();
	now += 10_000;
	await short.current();
	expect(ends).toHaveBeenCalledTimes(2);
});

test('the store is read once after a restart', async () => {
	await tokens().current();
	restart();
	reads = 0;
	for (let call = 0; call < 3; call++) await tokens().current();
	expect(reads).toBe(1);
});

test('a token that is not saved is requested by each process', async () => {
	const unsaved = () => cache.open({ key: 'unsaved', early: 300_000, request });
	for (let call = 0; call < 3; call++) await unsaved().current();
	restart();
	await unsaved().current();
	expect(forced).toEqual([false, false]);
	expect(reads).toBe(0);
});

test('a store that keeps nothing costs no call', async () => {
	for (let call = 0; call < 3; call++)
		expect(await tokensOf('lost', request, nothing).current()).toBe('T1');
	expect(forced).toEqual([false]);
});

test('while one account waits for its token, others neither stop nor repeat that', async () => {
	let answer: (token: Token) => void = () => {};
	const ask = jest.fn(async () => await new Promise<Token>((done) => (answer = done)));
	const slow = tokensOf('slow', ask);
	const first = slow.current();
	expect(await tokens('fast').current()).toBe('T1');
	const second = slow.current();
	await new Promise(setImmediate);
	answer({ value: 'S', askedAt: now, expiresAt: now + HOUR });
	expect(await Promise.all([first, second])).toEqual(['S', 'S']);
	expect(ask).toHaveBeenCalledTimes(1);
});

test('of more than 5000 accounts, the least recently used is forgotten', async () => {
	const asked: string[] = [];
	const account = (name: string) =>
		tokensOf(
			name,
			async () => ({ value: `${asked.push(name)}`, askedAt: now, expiresAt: now + HOUR }),
			nothing,
		);
	for (let id = 0; id < 5000; id++) await account(`${id}`).current();
	await account('0').renew('1');
	await account('5000').current();
	asked.length = 0;
	for (const name of ['0', '2', '5000', '1']) await account(name).current();
	expect(asked).toEqual(['1']);
});

describe('where processes share a token', () => {
	/** One lock for all of them, and a store that takes its time. */
	let last: Promise<unknown>;
	const shared = {
		read: async () => {
			await new Promise(setImmediate);
			return stored;
		},
		write: async (token: Token) => {
			await new Promise(setImmediate);
			stored = token;
		},
		lock: async (work: () => Promise<Token>) => {
			const done = last.catch(() => {}).then(work);
			last = done;
			return await done;
		},
	};
	const openAll = () =>
		Array.from({ length: 4 }, () =>
			createTokenCache(() => now).open({ key: 'a', early: 300_000, request, saved: shared }),
		);
	beforeEach(() => (last = Promise.resolve()));

	test('one of them asks for it, and one renews what WeChat refuses', async () => {
		const all = openAll();
		const first = await Promise.all(all.map(async (one) => await one.current()));
		expect(new Set(first)).toEqual(new Set(['T1']));
		const renewed = await Promise.all(all.map(async (one) => await one.renew('T1')));
		expect(new Set(renewed)).toEqual(new Set(['T2']));
		expect(issued).toHaveLength(2);
	});

	test('a renewal that fails leaves the next one to another process', async () => {
		const [one, other] = openAll();
		refuse = new Error('WeChat is away');
		const failed = one.current();
		await expect(failed).rejects.toThrow('WeChat is away');
		refuse = undefined;
		expect(await other.current()).toBe('T1');
	});
});
