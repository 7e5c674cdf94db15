import calls from '../nodes/callCatalog/calls.json';
import { listedEndpoints } from './simulator/http/endpoints';
import { endpoints as socialinzenEndpoints } from './simulator/socialinzen/endpoints';
import { fixturesIn } from './support/operations';

/**
 * Every call that the documentation lists is an operation, or it is said why not. What operations ask for stands
 * in their fixtures, which the tests of operations hold them to.
 */

/** The folder of fixtures in which a call must stand, by the beginning of its id; else it is the WeChat node's. */
const FOLDERS: Array<[RegExp, string]> = [
	[/^(component|open|option|register)\./, 'platform'],
	[/^(category|filing|plugin|profile|verification|violation)\./, 'platform/owner'],
	[/^(oauth|wxa)\.component/, 'platform'],
	[/^(audit|code|codeTemplate|domain|privacy|release|tester)\./, 'platform/code'],
	[/^soter\./, 'soter'],
	[/^shop\./, 'shop'],
	[/^szn\./, 'socialinzen'],
];
const WECHAT = '.';

/** Calls that no operation makes, and why. */
const WITHOUT_OPERATION: Record<string, string> = {
	'token.get':
		'makes a token that others then lose; the client asks for one where there are no stable tokens',
	'token.stable': 'the client fetches tokens itself, and they must not get into items',
	'quota.clearV2':
		'takes the AppSecret in place of a token, for when no token can be had: 500,000 stable tokens a day are enough. Diagnostics: Clear Quota does the same.',
	'quota.clearV2Query': 'the same with its parameters in the query',
	'component.clearQuota': 'the legacy form of Platform: Clear Quota, which works without a token',
	'component.getOption': 'the legacy address of what Account: Get Option asks for',
	'component.setOption': 'the legacy address of what Account: Set Option asks for',
	'component.token': 'the client fetches tokens itself, and they must not get into items',
	'oauth.componentAccessToken': 'what Web Authorization: Exchange Code asks for a platform',
	'oauth.componentRefresh': 'what Web Authorization: Refresh asks for a platform',
	'open.sameentity':
		'says nothing that Bind does not: WeChat refuses an account of another entity with 89001',
	'wxa.componentCode2session': 'what Login: Exchange Code asks for a platform',
	'oauth.authorize': 'a page for browsers; Web Authorization: Get Link makes its address',
	'subscribe.onceAuth':
		'a page for browsers; Subscription Message: Get Link Once makes its address',
	'shipping.companies': 'the list from which Shipping: Deliver chooses its company',
	'shop.companies': 'the list from which Order: Deliver chooses its company',
	'szn.login': 'the client logs in itself; its token must not get into items',
	'szn.webauth': 'a page for browsers; Web Authorization: Get Link makes its address',
};

interface ListedCall {
	id: string;
	method?: string;
	path: string;
	status?: string;
	/** Some paths do several things, told apart by ?action=. */
	action?: string;
}

const listed: ListedCall[] = [...listedEndpoints, ...socialinzenEndpoints];
const live = listed.filter(({ status }) => status !== 'retired');

const toKey = ({ method = 'POST', path, action }: Omit<ListedCall, 'id'>) =>
	`${method} ${path}${action === undefined ? '' : `?action=${action}`}`;
const findFolder = ({ id }: ListedCall) =>
	FOLDERS.find(([pattern]) => pattern.test(id))?.[1] ?? WECHAT;

/** The operations of a folder that make a call, by the key of the call. */
const createIndex = (folder: string) => {
	const operations = new Map<string, Set<string>>();
	for (const [resource, entries] of Object.entries(fixturesIn(folder)))
		for (const [operation, cases] of Object.entries(entries))
			for (const { request } of cases) {
				if (!request) continue;
				const action = request.query?.action as string | undefined;
				const key = toKey({ ...request, action });
				operations.set(key, (operations.get(key) ?? new Set()).add(`${resource}.${operation}`));
			}
	return operations;
};
const folders = new Set([WECHAT, ...FOLDERS.map(([, folder]) => folder)]);
const indexes = new Map([...folders].map((folder) => [folder, createIndex(folder)]));

const countOperations = (call: ListedCall) =>
	indexes.get(findFolder(call))?.get(toKey(call))?.size ?? 0;

test.each([...folders])('the folder %s has calls and fixtures', (folder) => {
	expect(live.some((call) => findFolder(call) === folder)).toBe(true);
	expect(indexes.get(folder)?.size).toBeGreaterThan(0);
});

test('each call is listed once', () => {
	const ids = listed.map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
});

test('each call is an operation, or it is said why not', () => {
	const missing = live.filter(
		(call) => !(call.id in WITHOUT_OPERATION) && countOperations(call) === 0,
	);
	expect(missing.map((call) => `${call.id}: ${toKey(call)}`)).toEqual([]);
});

test('calls at the same address are as many operations', () => {
	const isExpected = ({ id }: ListedCall) => !(id in WITHOUT_OPERATION);
	const tooFew = live.filter((call) => {
		const same = live.filter((other) => isExpected(other) && toKey(other) === toKey(call));
		return isExpected(call) && countOperations(call) < same.length;
	});
	expect(tooFew.map((call) => `${call.id}: ${toKey(call)}`)).toEqual([]);
});

test('what is said not to be an operation is none', () => {
	const made = listed.filter((call) => call.id in WITHOUT_OPERATION && countOperations(call) > 0);
	expect(made.map(({ id }) => id)).toEqual([]);
});

test.each(Object.keys(WITHOUT_OPERATION))('%s is a call that is not retired', (id) =>
	expect(live.map((call) => call.id)).toContain(id),
);

test('no operation makes a call that WeChat has ended', () => {
	const ended = listed.filter(
		(call) => call.status === 'retired' && [...indexes.values()].some((of) => of.has(toKey(call))),
	);
	expect(ended.map(({ id }) => id)).toEqual([]);
});

/** The simulator answers these without a line of their own. */
const known = (calls as Array<{ key: string; method: string; path: string }>).map(
	({ key, method, path }) => ({ method, path, action: /\?action=(.*)/.exec(key)?.[1] }),
);

test('each call of an operation is listed, or in the call catalog', () => {
	const keys = new Set([...listed, ...known].map(toKey));
	const unknown = [...indexes.values()].flatMap((of) =>
		[...of.keys()].filter((key) => !keys.has(key)),
	);
	expect(unknown).toEqual([]);
});
