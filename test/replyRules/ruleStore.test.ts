import {
	createRecordStore,
	createStateSection,
	mergeStates,
	removeExpired,
	type State,
} from '../../nodes/api/state';
import { openRuleStore, toRuleSection, listRules } from '../../nodes/replyRules/ruleStore';
import type { Rule } from '../../nodes/replyRules/rule';
import { contentOf } from '../support/replies';

let state: State;
let saves: number;
let written: string[];
let now: number;
/** What outlives the process, without n8n. */
const store = createRecordStore({
	read: async () => structuredClone(state),
	async save(change) {
		saves++;
		written = Object.keys(change.shelves?.[toRuleSection('wx1')] ?? {});
		state = removeExpired(mergeStates(state, { of: 'wx', ...change }), now);
	},
});
const shelf = createStateSection(store, toRuleSection('wx1'));
const open = async () => await openRuleStore(shelf, () => now);
const rule = (request: string, Content = request, more: Partial<Rule> = {}): Rule => ({
	when: 'keyword',
	request,
	match: 'exact',
	reply: { MsgType: 'text', Content },
	enabled: true,
	priority: 0,
	...more,
});
const kept = async () =>
	listRules(await shelf.read())
		.map(({ reply }) => contentOf(reply))
		.sort();

beforeEach(() => {
	state = { of: 'wx' };
	saves = 0;
	now = 1_760_000_000_000;
});

test('rules are there once they are saved, for the next who opens the store', async () => {
	const book = await open();
	expect(book.put(rule('a'))).toBeUndefined();
	expect(book.rules()).toEqual([rule('a')]);
	expect((await open()).rules()).toEqual([]);
	await book.save();
	expect((await open()).rules()).toEqual([rule('a')]);
	expect((await open()).get('keyword a')).toEqual(rule('a'));
});

test('the rules of another account are others, on the same credential', async () => {
	const book = await open();
	book.put(rule('a'));
	await book.save();
	const other = await openRuleStore(createStateSection(store, toRuleSection('wx2')), () => now);
	expect(other.rules()).toEqual([]);
	other.put(rule('a', 'other'));
	await other.save();
	expect(await kept()).toEqual(['a']);
});

test('a keyword has one rule, whatever its capitals and width; a menu key is another', async () => {
	const book = await open();
	book.put(rule('Hello', 'first'));
	expect(contentOf(book.put(rule('ＨＥＬＬＯ', 'second', { match: 'contains' }))?.reply)).toBe(
		'first',
	);
	expect(book.put(rule('hello', 'key', { when: 'menuKey' }))).toBeUndefined();
	expect(book.put(rule('HELLO', 'other key', { when: 'menuKey' }))).toBeUndefined();
	await book.save();
	expect(await kept()).toEqual(['key', 'other key', 'second']);
});

test('somebody subscribed, and nothing matched, have one rule each', async () => {
	const book = await open();
	for (const when of ['subscribe', 'noMatch'] as const) {
		expect(book.put(rule('', 'first', { when }))).toBeUndefined();
		expect(contentOf(book.put(rule('', `second ${when}`, { when }))?.reply)).toBe('first');
	}
	await book.save();
	expect(await kept()).toEqual(['second noMatch', 'second subscribe']);
});

test('what is removed is gone, and what is not there cannot be removed', async () => {
	const book = await open();
	book.put(rule('a'));
	await book.save();
	expect(book.remove('keyword b')).toBeUndefined();
	expect(book.remove('keyword a')).toEqual(rule('a'));
	expect(book.remove('keyword a')).toBeUndefined();
	expect(book.get('keyword a')).toBeUndefined();
	expect(book.rules()).toEqual([]);
	await book.save();
	expect(await kept()).toEqual([]);
});

test('all changes are saved in one go, and none when there are none', async () => {
	const book = await open();
	await book.save();
	book.remove('keyword a');
	await book.save();
	expect(saves).toBe(0);
	for (const name of ['a', 'b', 'c']) book.put(rule(name));
	await book.save();
	await book.save();
	expect(saves).toBe(1);
	expect(await kept()).toEqual(['a', 'b', 'c']);
	book.put(rule('d'));
	await book.save();
	expect(written).toEqual(['keyword d']);
});

test('only what was changed is written: rules that others changed meanwhile stay so', async () => {
	const first = await open();
	first.put(rule('a', 'a1'));
	first.put(rule('b', 'b1'));
	first.put(rule('c', 'c1'));
	await first.save();
	const [one, other] = [await open(), await open()];
	now += 1000;
	one.put(rule('a', 'a2'));
	one.remove('keyword c');
	now += 1000;
	other.put(rule('b', 'b2'));
	await other.save();
	await one.save();
	expect(written).toEqual(['keyword a', 'keyword c']);
	expect(await kept()).toEqual(['a2', 'b2']);
});

test('the later change of a rule counts, whoever saves last', async () => {
	const [early, late] = [await open(), await open()];
	early.put(rule('a', 'early'));
	now += 1;
	late.put(rule('a', 'late'));
	await late.save();
	await early.save();
	expect(await kept()).toEqual(['late']);
});

test('a process whose clock is behind can change what one put there whose clock is ahead', async () => {
	now += 60_000;
	const ahead = await open();
	ahead.put(rule('a', 'ahead'));
	ahead.put(rule('b', 'ahead'));
	await ahead.save();
	now -= 60_000;
	const behind = await open();
	behind.put(rule('a', 'behind'));
	behind.remove('keyword b');
	await behind.save();
	expect(await kept()).toEqual(['behind']);
});

test('what was removed can be put there again in the same millisecond', async () => {
	const book = await open();
	book.put(rule('a', 'first'));
	book.remove('keyword a');
	book.put(rule('a', 'again'));
	await book.save();
	const again = await open();
	again.remove('keyword a');
	await again.save();
	again.put(rule('a', 'at last'));
	await again.save();
	expect(await kept()).toEqual(['at last']);
});
