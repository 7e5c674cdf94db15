import sdkCalls from '../nodes/callCatalog/calls.json';
import differences from './fixtures/api-differences.json';
import { endpoints, endpointsAt } from './simulator/http/endpoints';

/**
 * What the simulator takes, and so what operations may send, beside what public SDKs send. Each difference is settled,
 * or stands in fixtures/api-differences.json with its reason.
 */

/** The fields of a call and the kind of each, e.g. `articles[].title`. */
type Fields = Map<string, string>;

interface SdkCall {
	path: string;
	method: string;
	/** Whose token it takes: without it, the account's. */
	token?: string;
	query?: string[];
	body?: object;
	/** Parts of an upload: files, and texts beside them. */
	form?: string[];
}

/** What is told apart: JSON numbers, texts, booleans, lists and objects. */
const KINDS: Record<string, string> = {
	string: 'text',
	digits: 'text',
	integer: 'number',
	int64: 'number',
	number: 'number',
	float: 'number',
	decimal: 'number',
	double: 'number',
	unixtime: 'number',
	'0|1': 'number',
	boolean: 'boolean',
	object: 'object',
	array: 'list',
	any: 'any',
	file: 'file',
};

const readKind = (type: string) =>
	type.endsWith('[]') ? 'list' : (KINDS[type.replace(/~$/, '')] ?? 'any');

/** Adds what the SDK's shape of a value says; `^Name` stands for the shape around it. */
function addShape(fields: Fields, at: string, shape: unknown): void {
	if (typeof shape === 'string') {
		// Taken offline at that date.
		if (!/ -\d{4}/.test(shape)) fields.set(at, readKind(shape));
	} else if (Array.isArray(shape)) {
		fields.set(at, 'list');
		const [entry] = shape as unknown[];
		if (typeof entry === 'object') addFields(fields, `${at}[].`, entry);
		else if (String(entry).startsWith('^')) fields.set(at, 'any');
	} else if (typeof shape === 'object' && shape !== null) {
		fields.set(at, '$json' in shape ? 'text' : '$or' in shape ? 'any' : 'object');
		if (fields.get(at) === 'object') addFields(fields, `${at}.`, shape);
	}
}

function addFields(fields: Fields, prefix: string, shape: object | null): void {
	for (const [name, value] of Object.entries(shape ?? {})) {
		const key = name.replace(/\?$/, '');
		if (key !== '-') addShape(fields, prefix + (key === '*' ? '<key>' : key), value);
	}
}

function listSdkFields(calls: SdkCall[]): Fields {
	const fields: Fields = new Map();
	for (const { query = [], body = {}, form = [] } of calls) {
		for (const name of query) fields.set(name.split(/[:=?]/)[0], 'any');
		for (const name of form) fields.set(name, 'any');
		addFields(fields, '', body);
	}
	return fields;
}

const listOwnFields = (path: string): Fields =>
	new Map(
		endpointsAt(path).flatMap(({ params }) =>
			params.map(({ name, type }): [string, string] => [name, readKind(type)]),
		),
	);

/** `action` tells calls of one path apart; tokens are not fields of a call. */
const NO_FIELDS = ['access_token', 'component_access_token', 'action'];

/** Names that one side has and the other does not, and names of which the kinds differ. */
function compare(sdk: Fields, own: Fields): string[] {
	const names = new Set([...sdk.keys(), ...own.keys()]);
	return [...names].filter((name) => {
		if (NO_FIELDS.includes(name) || isFree(name, sdk, own) || isFree(name, own, sdk)) return false;
		const [theirs, ours] = [sdk.get(name), own.get(name)];
		if (theirs === undefined || ours === undefined) return true;
		return theirs !== ours && theirs !== 'any' && ours !== 'any';
	});
}

/** Whether one side says no more than that there is an object or list, or names only what is in it. */
function isFree(name: string, side: Fields, other: Fields): boolean {
	if (side.has(name)) return false;
	const isInside = (of: string) => (one: string) =>
		new RegExp(`^(\\[\\])?\\.`).test(one.slice(of.length)) && one.startsWith(of);
	if ([...side.keys()].some(isInside(name)) && other.get(name) === 'object') return true;
	const around = [...side.keys()].filter((one) => isInside(one)(name));
	return around.some((one) => ![...side.keys()].some(isInside(one)));
}

const isCovered = (name: string, field: string) =>
	name === field || name.startsWith(`${field}.`) || name.startsWith(`${field}[]`);

const calls = sdkCalls as SdkCall[];
const paths = [...new Set(endpoints.map(({ path }) => path))].filter((path) =>
	calls.some((call) => call.path === path),
);

const found = new Map(
	paths.map((path) => [
		path,
		compare(listSdkFields(calls.filter((call) => call.path === path)), listOwnFields(path)),
	]),
);

test('most calls are known to both', () => expect(paths.length).toBeGreaterThan(190));

test.each(paths)('%s takes the fields that SDKs send', (path) => {
	const settled = differences.filter((one) => one.paths.includes(path));
	const open = found
		.get(path)
		?.filter(
			(name) => !settled.some(({ fields }) => fields.some((field) => isCovered(name, field))),
		);
	expect(open).toEqual([]);
});

const TOKENS = { none: false, component_access_token: 'component' } as Record<string, unknown>;

test.each(paths)('%s has the method and the token that SDKs take', (path) => {
	const known = calls
		.filter((call) => call.path === path)
		.map(({ method, token = '' }) => ({ method, token: TOKENS[token] }));
	for (const { method, token } of endpointsAt(path))
		expect(known).toContainEqual({ method, token });
});

test('each difference that has a reason is still there', () => {
	const gone = differences.flatMap(({ paths: of, fields }) =>
		of.flatMap((path) =>
			fields
				.filter((field) => !found.get(path)?.some((name) => isCovered(name, field)))
				.map((field) => `${path} ${field}`),
		),
	);
	expect(gone).toEqual([]);
});
