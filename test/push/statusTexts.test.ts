import { toRegistrationStatus } from '../../nodes/push/statusTexts';

test('says why a registration failed', () => {
	expect(toRegistrationStatus('0')).toBe('Registered');
	expect(toRegistrationStatus('100002')).toContain('24 hours');
	expect(toRegistrationStatus(' 1003 ')).toContain('administrator');
});

test('says nothing where nothing is known', () => {
	expect(toRegistrationStatus('7')).toBeUndefined();
	expect(toRegistrationStatus('')).toBeUndefined();
});
