import { toServerUrl } from '../../nodes/base/serverUrl';

const field = { name: 'Base URL', example: 'https://relay.example.com', hint: 'Look at it.' };
const tlsField = { ...field, needsTls: true } as const;

test.each([
	['https://relay.example', 'https://relay.example/path'],
	['HTTPS://relay.example/', 'https://relay.example/path'],
	['https://relay.example:8443/a/b//', 'https://relay.example:8443/a/b/path'],
	['https://relay.example/a?b=c#d', 'https://relay.example/a/path'],
])('%s is the address of a server', (baseUrl, expected) => {
	for (const one of [field, tlsField])
		expect(toServerUrl(baseUrl, '/path', one).href).toBe(expected);
});

test.each([
	'',
	'relay.example',
	'ftp://relay.example',
	'xhttps://relay.example',
	' https://relay.example',
	'https://',
	'https:///relay.example',
	'https://relay.example:99999',
])('%j is none', (baseUrl) => {
	for (const one of [field, tlsField])
		expect(() => toServerUrl(baseUrl, '/path', one)).toThrow(
			'"Base URL" is not an address such as https://relay.example.com',
		);
});

test('http is one where TLS is not needed', () => {
	expect(toServerUrl('http://relay.example', '/path', field).protocol).toBe('http:');
	expect(() => toServerUrl('http://relay.example', '/path', tlsField)).toThrow('is not an address');
});

test.each([
	'https://user@relay.example',
	'https://:pass@relay.example',
	'https://u:p@relay.example',
])('%s would lose its user and password', (baseUrl) =>
	expect(() => toServerUrl(baseUrl, '/path', field)).toThrow('has a user name or password'),
);
