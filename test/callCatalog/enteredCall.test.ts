import { checkHasNoSecret, removeSecrets } from '../../nodes/callCatalog/callSecrets';
import {
	checkEnteredPath,
	checkEnteredPayPath,
	checkIsAllowed,
} from '../../nodes/callCatalog/enteredCall';

describe('a path that somebody entered', () => {
	test.each(['/cgi-bin/tags/get', '/retail/B2b/refund', '/wxa/business/a.b-c_d'])(
		'%s is one',
		(path) => expect(() => checkEnteredPath(path)).not.toThrow(),
	);

	test.each([
		['//evil.example/x', 'names a server'],
		['http://evil.example/x', 'names a server'],
		['https:evil.example', 'names a server'],
		['/\\evil.example', 'names a server'],
		['\\\\evil.example', 'names a server'],
		['/a@evil.example/x', 'names a server'],
		['/cgi-bin/../sns/userinfo', 'leaves its folder'],
		['/cgi-bin/./token', 'leaves its folder'],
		['/cgi-bin/%2e%2e/token', 'holds a %'],
		['/cgi-bin%2ftoken', 'holds a %'],
		['/cgi-bin%2Ftoken', 'holds a %'],
		['/cgi-bin/%74oken', 'holds a %'],
		['/cgi-bin/tags/get?access_token=a', 'holds a question mark'],
		['/cgi-bin/tags/get#a', 'holds a #'],
		['/cgi-bin/tags/get\r\nHost: evil', 'control character'],
		['/cgi-bin/\u0000', 'control character'],
		['/cgi-bin/\ttoken', 'control character'],
		['/cgi-bin//token', 'a slash too many'],
		['/cgi-bin/token/', 'a slash too many'],
		['cgi-bin/token', 'does not begin with a slash'],
		['/cgi-bin/to ken', 'characters that no path'],
		['/cgi-bin/token;a=b', 'characters that no path'],
		['/cgi-bin/ｔoken', 'characters that no path'],
		['', 'is empty'],
	])('%j is none: it %s', (path, problem) => {
		expect(() => checkEnteredPath(path)).toThrow(problem);
	});
});

test('a path that may not be called is refused', () => {
	expect(() => checkEnteredPath('/cgi-bin/token')).toThrow('is refused');
	expect(() => checkEnteredPayPath('/v3/marketing/partnerships/build')).toThrow('is refused');
});

describe('a path of WeChat Pay that somebody entered', () => {
	test.each(['/v3/pay/transactions/id/42', '/v3/a/b|c@d*e', '/v3/combine-transactions/'])(
		'%s is one',
		(path) => expect(() => checkEnteredPayPath(path)).not.toThrow(),
	);

	test.each([
		'/cgi-bin/v3/pay',
		'/x/v3/pay/transactions',
		'/v3/pay/to ken',
		'/v3/pay;a=b',
		'/v3/pay/ｔoken',
		'/v3',
		'/v3/../x',
	])('%j is none', (path) => {
		expect(() => checkEnteredPayPath(path)).toThrow('"Path" ');
	});
});

/** What each does: the pages "getAccessToken", "getStableAccessToken" and "authorizerAccessToken" of WeChat. */
test.each([
	'/cgi-bin/token',
	'/cgi-bin/stable_token',
	'/CGI-BIN/Token',
	'/cgi-bin//token',
	'/cgi-bin/token/',
	'/cgi-bin/component/api_component_token',
	'/cgi-bin/component/api_authorizer_token',
	'/cgi-bin/component/api_query_auth',
	'/cgi-bin/component/api_start_push_ticket',
	'/cgi-bin/clear_quota/v2',
	'/cgi-bin/component/clear_quota/v2',
	'/donut/code2verifyinfo',
	'/sns/jscode2session',
	'/sns/component/jscode2session',
	'/sns/oauth2/access_token',
	'/sns/oauth2/refresh_token',
	'/sns/userinfo',
])('%s is refused, with what to do instead', (path) => {
	expect(() => checkIsAllowed(path)).toThrow(
		expect.objectContaining({
			message: expect.stringContaining('is refused') as string,
			hint: expect.stringMatching(/\w/) as string,
		}) as Error,
	);
});

test.each([
	'/cgi-bin/clear_quota',
	'/cgi-bin/tokens',
	'/cgi-bin/component/api_get_authorizer_info',
	'/snsx',
])('%s is not refused', (path) => expect(() => checkIsAllowed(path)).not.toThrow());

describe('tokens and secrets', () => {
	test.each([
		'access_token',
		'ACCESS_TOKEN',
		'accessToken',
		'access-token',
		'access_token[]',
		'component_access_token',
		'authorizer_refresh_token',
		'secret',
		'appsecret',
		'AppSecret',
		'component_appsecret',
		'component_verify_ticket',
	])('%s must not be entered, at any depth', (name) => {
		expect(() => checkHasNoSecret({ [name]: 'x' })).toThrow('must not be entered');
		expect(() => checkHasNoSecret([{ a: [{ [name]: 'x' }] }])).toThrow('must not be entered');
	});

	test('the value of one is not in the error', () => {
		expect(() => checkHasNoSecret({ secret: '0123456789abcdef' })).not.toThrow('0123456789abcdef');
	});

	test('fields of calls that only sound like them may', () => {
		expect(() =>
			checkHasNoSecret({ waybill_token: 'a', delivery_token: 'b', token: 'c', ticket: 'd' }),
		).not.toThrow();
	});

	test('null holds none', () => {
		expect(() => checkHasNoSecret({ a: null })).not.toThrow();
		expect(removeSecrets({ a: null, b: [null] })).toEqual({ a: null, b: [null] });
	});

	// Source: "Get the details of an authorized account", authorization_info.
	test('are not in an answer', () => {
		const answer = { authorization_info: { authorizer_refresh_token: 'r', func_info: [{ a: 1 }] } };
		expect(removeSecrets(answer)).toEqual({
			authorization_info: { authorizer_refresh_token: '***', func_info: [{ a: 1 }] },
		});
	});
});
