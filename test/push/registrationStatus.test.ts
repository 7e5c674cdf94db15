import { registrationStatus } from '../../nodes/push/registrationStatus';

test('says why a registration failed', () => {
	expect(registrationStatus('0')).toBe('Registered');
	expect(registrationStatus('100002')).toContain('24 hours');
	expect(registrationStatus(' 1003 ')).toContain('administrator');
});

test('says nothing where nothing is known', () => {
	expect(registrationStatus('7')).toBeUndefined();
	expect(registrationStatus('')).toBeUndefined();
});
