import { findReleaseTestStep } from '../../nodes/push/releaseTest';

const official = { ToUserName: 'gh_3c884a361561' };
const mini = { ToUserName: 'gh_8dad206e9538' };
const text = (Content: string) => ({ MsgType: 'text', Content });
const WORD = 'TESTCOMPONENT_MSG_TYPE_TEXT';

test('an official account of the release test is answered as its page says', () => {
	expect(findReleaseTestStep({ ...official, ...text(WORD) })).toEqual({ text: `${WORD}_callback` });
	expect(findReleaseTestStep({ ...official, MsgType: 'event', Event: 'LOCATION' })).toEqual({
		text: 'LOCATIONfrom_callback',
	});
});

test.each([official, mini])('a code is taken from both kinds of accounts: %p', (account) =>
	expect(findReleaseTestStep({ ...account, ...text('QUERY_AUTH_CODE:abc') })).toEqual({
		code: 'abc',
	}),
);

test.each([
	['another text', { ...official, ...text('hello') }],
	['the word within another text', { ...official, ...text(`${WORD}!`) }],
	['the word, to a mini program', { ...mini, ...text(WORD) }],
	['an event of a mini program', { ...mini, MsgType: 'event', Event: 'user_enter_tempsession' }],
	['the word in what is no text', { ...official, ...text(WORD), MsgType: 'link' }],
	['a picture', { ...official, MsgType: 'image', MediaId: 'm' }],
	['the word, to any other account', { ToUserName: 'gh_0123456789ab', ...text(WORD) }],
	['a code, to any other account', { ToUserName: 'gh_1', ...text('QUERY_AUTH_CODE:abc') }],
])('%s is no step of the release test', (_, message) =>
	expect(findReleaseTestStep(message)).toBeUndefined(),
);
