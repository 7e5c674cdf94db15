import { toMassStatus, toRegistrationStatus } from '../../nodes/push/statusTexts';

test('says why a registration failed', () => {
	expect(toRegistrationStatus('0')).toBe('Registered');
	expect(toRegistrationStatus('100002')).toContain('24 hours');
	expect(toRegistrationStatus(' 1003 ')).toContain('administrator');
});

test('says nothing where nothing is known', () => {
	expect(toRegistrationStatus('7')).toBeUndefined();
	expect(toRegistrationStatus('')).toBeUndefined();
});

// Batch_Sends.html lists these; err(20431) was seen by users (developers.weixin.qq.com/community, 2024).
test.each([
	['send success', 'Sent'],
	['SEND_SUCCESS', 'Sent'],
	['send fail', 'Failed'],
	['SENDING', 'Being sent'],
	['DELETE', 'Sent, then deleted'],
	['err(20001)', 'Refused: politics (涉嫌政治)'],
	['err(22000)', 'Refused: mutual promotion (涉嫌互推)'],
	['err(20431)', 'Refused: reason 20431'],
	['', undefined],
	['err()', undefined],
])('says of a mass message with %p: %p', (status, text) => expect(toMassStatus(status)).toBe(text));
