import { MAX_STATE_TEXT, createSessionSeal } from '../../nodes/api/sessionSeal';

const UNTIL = 1_760_000_000_000;
const SESSION = 'lVGBW5gCryX1hfRsRmddVRFPsFy0rKOVk4fkjROd5lUhLhaOY9ZwDaK3eHXbuVxqEAuhtnHMf7ch2fE';
const STATE = '985d34c220f7a8af89a78bcc78e363da0t3uwowscan';
const seal = createSessionSeal('secret', 'wx1');
const others = [
	['another AppSecret', createSessionSeal('reset', 'wx1')],
	['another account', createSessionSeal('secret', 'wx2')],
] as const;

describe('a session', () => {
	const session = seal.encrypt({ openid: 'o', sessionKey: 'k' });

	test('is opened by the same account, with blanks around it too', () => {
		expect(seal.decrypt(session)).toEqual({ openid: 'o', sessionKey: 'k' });
		expect(seal.decrypt(`\n ${session} `)).toEqual({ openid: 'o', sessionKey: 'k' });
	});

	test.each(others)('is not opened by %s', (_, other) =>
		expect(other.decrypt(session)).toBeUndefined(),
	);

	test.each(['', 'x', session.slice(0, -2), `${session.slice(0, 30)}AA${session.slice(32)}`])(
		'that was changed to %j is none',
		(changed) => expect(seal.decrypt(changed)).toBeUndefined(),
	);

	test('looks different each time', () =>
		expect(seal.encrypt({ openid: 'o', sessionKey: 'k' })).not.toBe(session));
});

describe('a state', () => {
	test('brings its text back', () =>
		expect(seal.verifyState(seal.signState('scan', UNTIL), UNTIL - 1000)).toEqual({
			text: 'scan',
			until: UNTIL,
		}));

	test('with the longest text has the 128 letters and digits that WeChat takes', () => {
		const state = seal.signState('x'.repeat(MAX_STATE_TEXT), UNTIL);
		expect(state).toMatch(/^[a-zA-Z0-9]{128}$/);
		expect(seal.verifyState(state, UNTIL)).toEqual({
			text: 'x'.repeat(MAX_STATE_TEXT),
			until: UNTIL,
		});
	});

	test('holds until its time, and no longer', () => {
		const state = seal.signState('', UNTIL);
		expect(seal.verifyState(state, UNTIL)).toEqual({ text: '', until: UNTIL });
		expect(seal.verifyState(state, UNTIL + 1)).toBe('expired');
	});

	test.each(others)('of %s is forged', (_, other) =>
		expect(other.verifyState(seal.signState('scan', UNTIL), 0)).toBe('forged'),
	);

	test('whose time was put off is forged', () => {
		const state = seal.signState('scan', UNTIL);
		const later = seal.signState('scan', UNTIL + 60_000);
		expect(seal.verifyState(state.slice(0, 32) + later.slice(32), 0)).toBe('forged');
	});

	test.each(['', 'scan', 'ä'.repeat(32)])('that is only %j is forged', (state) =>
		expect(seal.verifyState(state, 0)).toBe('forged'),
	);
});

// Made by the first version: an update of the pack ends neither sign-ins under way nor sessions in workflows.
describe('what was made before an update still holds', () => {
	test('a session', () => {
		expect(seal.decrypt(SESSION)).toEqual({ openid: 'o', sessionKey: 'k' });
	});

	test('a state', () => {
		expect(seal.signState('scan', UNTIL)).toBe(STATE);
		expect(seal.verifyState(STATE, UNTIL)).toEqual({ text: 'scan', until: UNTIL });
	});
});
