import {
	addMessage,
	findStep,
	LONGEST_MS,
	removeMessages,
	type JoinGroup,
} from '../../nodes/WechatTrigger/joinGroup';

const WINDOW_MS = 3000;
const said = (Content: string, at: number) => ({ message: { Content }, at });
const add = (group: JoinGroup | undefined, key: string, at: number) =>
	addMessage(group, key, said(key, at), WINDOW_MS);
const step = (group: JoinGroup | undefined, key: string, now: number) =>
	findStep(group, key, said(key, 0), WINDOW_MS, now);
const textsIn = (found: ReturnType<typeof step>) =>
	'messages' in found ? found.messages.map(({ Content }) => Content) : found;

test('only the call of the latest message runs them, when its time is over', () => {
	const group = add(add(undefined, 'a', 0), 'b', 1000);
	expect(step(group, 'b', 1000)).toEqual({ kind: 'wait', ms: 3000 });
	expect(step(group, 'a', 3999)).toEqual({ kind: 'wait', ms: 501 });
	expect(textsIn(step(group, 'b', 4000))).toEqual(['a', 'b']);
	const after = removeMessages(group, ['a', 'b']);
	expect(step(after, 'a', 4500)).toEqual({ kind: 'done' });
});

test('an older call takes the place of one whose process has ended', () => {
	const group = add(add(undefined, 'a', 0), 'b', 1000);
	expect(textsIn(step(group, 'a', 4500))).toEqual(['a', 'b']);
});

test('a message that was run is not run again when WeChat delivers it again', () => {
	const after = removeMessages(add(undefined, 'a', 0), ['a']);
	const again = add(after, 'a', 5000);
	expect(again).toBe(after);
	expect(step(again, 'a', 5000)).toEqual({ kind: 'done' });
});

test('what is there already is not added again', () => {
	const group = add(undefined, 'a', 0);
	expect(add(group, 'a', 2000)).toBe(group);
});

test('what came in the moment of the run waits for a time of its own', () => {
	const after = removeMessages(add(add(undefined, 'a', 0), 'b', 2900), ['a']);
	expect(step(after, 'b', 3000)).toEqual({ kind: 'wait', ms: 2900 });
	expect(textsIn(step(after, 'b', 5900))).toEqual(['b']);
});

test('nothing waits longer than WeChat asks, of which it may be 15 seconds', () => {
	let group: JoinGroup | undefined;
	for (let n = 0; n < 6; n++) group = add(group, String.fromCharCode(97 + n), n * 2000);
	expect(step(group, 'f', 10_000)).toEqual({ kind: 'wait', ms: LONGEST_MS - 10_000 });
	expect(LONGEST_MS).toBeLessThan(14_000);
});

test('what nobody has run belongs to processes that have ended, and is delivered again', () => {
	const group = add(undefined, 'a', 0);
	expect(Object.keys(add(group, 'b', 6000).waiting)).toEqual(['a', 'b']);
	expect(Object.keys(add(group, 'b', 6001).waiting)).toEqual(['b']);
	// Should its call be late and not dead, it runs its own message.
	expect(textsIn(step(add(group, 'b', 6001), 'a', 6001))).toEqual(['a']);
});

test('a group that Redis has lost loses no message', () => {
	expect(textsIn(step(undefined, 'a', 3000))).toEqual(['a']);
});

test('what was run is remembered long enough for all who waited, and not for ever', () => {
	let group: JoinGroup | undefined;
	for (let n = 0; n < 200; n++) group = removeMessages(group, [`k${n}`]);
	expect(group?.done).toHaveLength(60);
	expect(step(group, 'k199', 0)).toEqual({ kind: 'done' });
});
