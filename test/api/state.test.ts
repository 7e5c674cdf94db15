import {
	createRecordStore,
	createStateSection,
	mergeStates,
	findProblem,
	removeExpired,
	type SectionEntry,
	type Grant,
	type State,
} from '../../nodes/api/state';

const token = (value: string, askedAt: number) => ({
	value,
	askedAt,
	expiresAt: askedAt + 7200_000,
});
const state = (change: Partial<State> = {}): State => ({ of: 'p', ...change });
const grant = (at: number, more: Partial<Grant> = {}): Grant => ({
	at,
	refreshToken: `r${at}`,
	...more,
});
const one = (entry: Grant) => state({ accounts: { wx1: entry } });
const merged = (a: Grant, b: Grant) => mergeStates(one(a), one(b)).accounts?.wx1;

/** Whatever order two processes write in, the end is the same. */
function bothWays(a: Grant, b: Grant, end: Partial<Grant>): void {
	expect(merged(a, b)).toEqual(end);
	expect(merged(b, a)).toEqual(end);
}

test('the newer ticket and token win', () => {
	const old = state({ ticket: { value: 'T1', at: 1 }, token: token('A', 1) });
	const late = state({ ticket: { value: 'T2', at: 2 }, token: token('B', 2) });
	for (const pair of [mergeStates(old, late), mergeStates(late, old)]) expect(pair).toEqual(late);
});

test('a change leaves alone what it does not name', () => {
	const before = state({
		ticket: { value: 'T', at: 1 },
		token: token('A', 1),
		accounts: { wx1: grant(1) },
	});
	const after = mergeStates(before, state({ accounts: { wx2: grant(2) } }));
	expect(after).toEqual({ ...before, accounts: { wx1: grant(1), wx2: grant(2) } });
});

test('a newer authorization replaces the tokens of the one before, and keeps the name', () => {
	const profile = { name: 'n', userName: 'gh_1', kind: 'officialAccount' } as const;
	bothWays(
		grant(1, { token: token('old', 9), profile, problem: { code: 61023, at: 9 } }),
		grant(2, { token: token('new', 2), code: 'c' }),
		{ at: 2, refreshToken: 'r2', token: token('new', 2), code: 'c', profile },
	);
});

test('the name that came with a newer authorization replaces the one before', () => {
	const named = (name: string) => ({ name, userName: 'gh_1', kind: 'miniProgram' }) as const;
	const end = grant(2, { profile: named('new') });
	bothWays(grant(1, { profile: named('old') }), end, end);
});

test('of two tokens the one that was asked for later wins, however long each lives', () => {
	const short = { value: 'B', askedAt: 2, expiresAt: 3 };
	bothWays(
		grant(1, { token: token('A', 1) }),
		grant(1, { token: short }),
		grant(1, { token: short }),
	);
	for (const [a, b] of [
		[token('A', 1), short],
		[short, token('A', 1)],
	])
		expect(mergeStates(state({ token: a }), state({ token: b })).token).toEqual(short);
});

test('of two problems of an authorization the later one is told', () => {
	const problem = (at: number) => ({ problem: { code: 61000 + at, at } });
	bothWays(grant(1, problem(3)), grant(1, problem(7)), grant(1, problem(7)));
});

test('a problem stands until a token that was asked for later has settled it', () => {
	const problem = { code: 61023, at: 5 };
	expect(findProblem(grant(1, { problem }))).toBe(problem);
	expect(findProblem(grant(1, { problem, token: token('A', 5) }))).toBe(problem);
	expect(findProblem(grant(1, { problem, token: token('A', 6) }))).toBeUndefined();
	expect(findProblem(grant(1))).toBeUndefined();
});

test('an authorization that is found in the list twice at once keeps the token that came in between', () => {
	const found = { refreshToken: 'r' };
	const renewed = grant(1, { ...found, token: token('A', 5) });
	bothWays(renewed, grant(2, found), { at: 2, ...found, token: token('A', 5) });
	bothWays(renewed, grant(2), { at: 2, refreshToken: 'r2' });
});

test('a renewed token goes with the refresh token that it was told with', () => {
	bothWays(
		grant(1, { refreshToken: 'before', token: token('A', 1), code: 'c' }),
		grant(1, { refreshToken: 'after', token: token('B', 2) }),
		{ at: 1, refreshToken: 'after', token: token('B', 2), code: 'c' },
	);
});

test('a renewal of an authorization that is gone does not bring it back', () =>
	bothWays(grant(1, { token: token('B', 9) }), { at: 2, gone: true }, { at: 2, gone: true }));

test('an authorization that ends in the millisecond in which it began is gone', () =>
	bothWays(grant(1, { token: token('A', 1) }), { at: 1, gone: true }, { at: 1, gone: true }));

test('an account that authorizes again after it was gone is there again', () =>
	bothWays({ at: 1, gone: true }, grant(2), grant(2)));

test('an account that is gone is forgotten after an hour', () => {
	const gone = one({ at: 1000, gone: true });
	expect(removeExpired(gone, 1000 + 3_599_000).accounts).toEqual(gone.accounts);
	expect(removeExpired(gone, 1000 + 3_600_001).accounts).toEqual({});
	expect(removeExpired(one(grant(1)), 9e12).accounts).toEqual({ wx1: grant(1) });
});

test('the state of another platform is replaced', () =>
	expect(mergeStates({ of: 'other', accounts: { wx9: grant(9) } }, one(grant(1)))).toEqual(
		one(grant(1)),
	));

test('what is there already changes nothing, down to the order of keys', () => {
	const full = mergeStates(
		state({ ticket: { value: 'T', at: 1 } }),
		one(grant(1, { token: token('A', 1) })),
	);
	const written = JSON.stringify(full);
	for (const change of [
		state({ ticket: { value: 'T', at: 1 } }),
		one(grant(1, { token: token('A', 1) })),
		one(grant(1)),
	])
		expect(JSON.stringify(mergeStates(JSON.parse(written) as State, change))).toBe(written);
});

describe('sections', () => {
	const on = (shelves: Record<string, Record<string, SectionEntry>>) => state({ shelves });
	const shelf = (entries: Record<string, SectionEntry>) => on({ s: entries });

	/** Whatever order two processes write in, the end is the same. */
	function bothWays(
		a: Record<string, SectionEntry>,
		b: Record<string, SectionEntry>,
		end: object,
	): void {
		for (const merged of [mergeStates(shelf(a), shelf(b)), mergeStates(shelf(b), shelf(a))])
			expect(merged.shelves).toEqual({ s: end });
	}

	test('keep what is in others, and what has another name', () => {
		const before = { ...on({ s: { a: { at: 1, value: 'a' } }, t: { a: { at: 1, value: 't' } } }) };
		const after = mergeStates(
			{ ...before, accounts: { wx1: grant(1) } },
			shelf({ b: { at: 2, value: 'b' } }),
		);
		expect(after.shelves).toEqual({
			s: { a: { at: 1, value: 'a' }, b: { at: 2, value: 'b' } },
			t: { a: { at: 1, value: 't' } },
		});
		expect(after.accounts).toEqual({ wx1: grant(1) });
		expect(mergeStates(after, state({ token: token('A', 1) })).shelves).toEqual(after.shelves);
	});

	test('the newer entry of a name counts', () =>
		bothWays(
			{ a: { at: 1, value: 'old' }, b: { at: 9, value: 'new' } },
			{ a: { at: 2, value: 'new' }, b: { at: 8, value: 'old' } },
			{ a: { at: 2, value: 'new' }, b: { at: 9, value: 'new' } },
		));

	test('what was taken away is not brought back by a late writer, but by a later one', () => {
		bothWays({ a: { at: 1, value: 'x' } }, { a: { at: 2 } }, { a: { at: 2 } });
		bothWays({ a: { at: 2 } }, { a: { at: 3, value: 'y' } }, { a: { at: 3, value: 'y' } });
	});

	// Else two processes would write theirs over the other's for ever.
	test('of two entries of the same millisecond all processes choose the same one', () => {
		const pairs: Array<[SectionEntry, SectionEntry]> = [
			[
				{ at: 1, value: 'x' },
				{ at: 1, value: 'y' },
			],
			[{ at: 1, value: 'x' }, { at: 1 }],
			[
				{ at: 1, value: 'x', until: 5 },
				{ at: 1, value: 'x', until: 6 },
			],
		];
		for (const [a, b] of pairs) {
			const one = mergeStates(shelf({ n: a }), shelf({ n: b })).shelves?.s.n;
			expect([a, b]).toContainEqual(one);
			bothWays({ n: a }, { n: b }, { n: one });
		}
	});

	test('what was taken away is remembered for an hour', () => {
		const gone = shelf({ a: { at: 1000 }, b: { at: 1000, value: 0 } });
		expect(removeExpired(gone, 1000 + 3_599_999)).toEqual(gone);
		expect(removeExpired(gone, 1000 + 3_600_000).shelves).toEqual({
			s: { b: { at: 1000, value: 0 } },
		});
		expect(removeExpired(gone, 9e12).shelves).toEqual({ s: { b: { at: 1000, value: 0 } } });
	});

	test('what has an end is dropped there, even when it is the newest', () => {
		const both = shelf({ a: { at: 1, value: 'a', until: 5000 }, b: { at: 1, value: 'b' } });
		expect(removeExpired(both, 4999)).toEqual(both);
		expect(removeExpired(both, 5000).shelves).toEqual({ s: { b: { at: 1, value: 'b' } } });
	});

	test('what is there already changes nothing, down to the order of keys', () => {
		const full = on({ s: { a: { at: 1, value: { x: 1 }, until: 9e12 }, b: { at: 1 } }, t: {} });
		const written = JSON.stringify(removeExpired(full, 2));
		for (const change of [full, shelf({ b: { at: 1 } }), on({ t: {} })])
			expect(
				JSON.stringify(removeExpired(mergeStates(JSON.parse(written) as State, change), 2)),
			).toBe(written);
	});

	test('one is read and written by its name', async () => {
		let stored = state();
		const one = createStateSection(
			createRecordStore({
				read: async () => stored,
				save: async (change) => void (stored = mergeStates(stored, { ...change, of: 'p' })),
			}),
			's',
		);
		expect(await one.read()).toEqual({});
		await one.put({ a: { at: 1, value: 'x' } });
		await one.put({ b: { at: 1, value: 'y' } });
		expect(await one.read()).toEqual({ a: { at: 1, value: 'x' }, b: { at: 1, value: 'y' } });
		expect(stored.shelves).toEqual({ s: await one.read() });
	});
});
