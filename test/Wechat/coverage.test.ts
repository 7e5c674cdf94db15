import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturesIn } from '../support/operations';

/** A call of WeChat's, as its documentation lists it. */
interface Endpoint {
	id: string;
	method: string;
	path: string;
	status: 'current' | 'legacy' | 'retired' | 'unconfirmed';
}

/** Calls that no operation of the node makes, and why. `szn.*` stands for all that begin so. */
const WITHOUT_OPERATION: Record<string, string> = {
	'token.get':
		'makes a token that others then lose; the client asks for one where there are no stable tokens',
	'token.stable': 'the client fetches tokens itself, and they must not get into items',
	'quota.clearV2':
		'takes the AppSecret in place of a token, for when no token can be had: 500,000 stable tokens a day are enough. Diagnostics: Clear Quota does the same.',
	'oauth.authorize': 'a page for browsers; Web Authorization: Get Link makes its address',
	'subscribe.onceAuth':
		'a page for browsers; Subscription Message: Get Link Once makes its address',
	'soter.*':
		'calls of mobile apps with fingerprints (SOTER); test/WechatSoter/coverage.test.ts checks them',
	'szn.*': 'calls of another platform; test/Socialinzen/coverage.test.ts checks them',
};

const endpoints = JSON.parse(
	readFileSync(join(__dirname, '..', 'fixtures', 'coverage.json'), 'utf8'),
) as Endpoint[];
const live = endpoints.filter(({ status }) => status !== 'retired');
const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

/** What operations ask for: the tests of operations see to it that they do. */
const asked = new Set(
	Object.values(fixturesIn('.'))
		.flatMap((operations) => Object.values(operations).flat())
		.flatMap(({ request }) => (request ? [keyOf(request)] : [])),
);

const matches = (entry: string, id: string) =>
	entry.endsWith('.*') ? id.startsWith(entry.slice(0, -1)) : id === entry;
const isExcepted = ({ id }: Endpoint) =>
	Object.keys(WITHOUT_OPERATION).some((entry) => matches(entry, id));

test('the list is that of the documentation, each call once', () => {
	expect(endpoints).toHaveLength(184);
	expect(new Set(endpoints.map(({ id }) => id)).size).toBe(184);
});

test('each call of WeChat is an operation, or it is said why not', () => {
	const missing = live.filter((endpoint) => !asked.has(keyOf(endpoint)) && !isExcepted(endpoint));
	expect(missing.map(({ id, method, path }) => `${id}: ${method} ${path}`)).toEqual([]);
});

test('what is said not to be an operation is none', () => {
	const made = endpoints.filter((endpoint) => isExcepted(endpoint) && asked.has(keyOf(endpoint)));
	expect(made.map(({ id }) => id)).toEqual([]);
});

test.each(Object.keys(WITHOUT_OPERATION))('%s is a call that is not retired', (entry) =>
	expect(live.some(({ id }) => matches(entry, id))).toBe(true),
);

test('no operation makes a call that WeChat has ended', () => {
	const over = endpoints.filter(
		(endpoint) => endpoint.status === 'retired' && asked.has(keyOf(endpoint)),
	);
	expect(over.map(({ id }) => id)).toEqual([]);
});
