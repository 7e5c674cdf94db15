import { createRedact, findSecrets } from '../../nodes/base/redact';

const SECRET = 'a/b+c&d="e" f';

test.each([
	['as it is', SECRET],
	['in an address', encodeURIComponent(SECRET)],
	['in an address of .NET', 'a%2fb%2bc%26d%3d%22e%22%20f'],
	['in a form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
	['in JSON', JSON.stringify(SECRET).slice(1, -1)],
	['in HTML', 'a/b+c&amp;d=&quot;e&quot; f'],
])('a secret is cut out %s', (_, form) => {
	expect(createRedact([SECRET])(`x ${form} y`)).toBe('x *** y');
});

test('in lists and objects; all else stays', () => {
	const redact = createRedact(['secret-1', 'secret-12']);
	const said = { a: ['secret-12', 1, null], b: { c: 'is secret-1.' }, d: true };
	expect(redact(said)).toEqual({ a: ['***', 1, null], b: { c: 'is ***.' }, d: true });
	expect(createRedact(['', ''])(said)).toBe(said);
});

test('a short one is cut out where it stands alone: it may be a part of any number', () => {
	expect(createRedact(['1234'])('1234, 1234567 "1234"')).toBe('***, 1234567 "***"');
});

test.each([
	...['access_token', 'component_access_token', 'authorizer_refresh_token', 'refresh_token'],
	...['component_verify_ticket', 'ticket', 'secret', 'appsecret', 'component_appsecret'],
	...['component_secret', 'password', 'session_key', 'js_code', 'authorization_code', 'auth_code'],
])('%s is a secret', (name) => {
	expect(findSecrets([{ a: [{ [name]: 'x', openid: 'o' }] }])).toEqual(['x']);
});

test('code is one where the call says so', () => {
	expect(findSecrets({ code: 'x' })).toEqual([]);
	expect(findSecrets({ code: 'x' }, ['code'])).toEqual(['x']);
});
