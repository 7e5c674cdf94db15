/**
 * For contributors: the fixtures of operations and the tests that are made of them. A new operation needs a case in
 * test/fixtures/operations and nothing here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { toMenuValues } from '../../nodes/engine/properties';
import type { DescribedResource } from '../../nodes/engine/define';
import type { Simulator } from '../simulator';
import type { Credentials } from './credentials';
import { runNode } from './n8n';
import { readSample } from './samples';

/**
 * What an operation must ask WeChat for, and make of the answer. `{words}` stand for what only the test
 * knows, such as the simulator's ids; `{any}` for a value that does not matter.
 */
interface Case {
	params: INodeParameters;
	/** Binary fields of the item that it runs for: a text, or a file of test/fixtures/files.json. */
	files?: Record<string, { fileName: string; mimeType: string; text?: string; sample?: string }>;
	/** A call that it makes; the last one to this path counts. Without it, it makes none. */
	request?: { method: string; path: string; query?: IDataObject; body?: IDataObject };
	/** An answer in WeChat's words, and exactly what the node makes of it. */
	response?: object;
	output?: IDataObject[];
	binary?: Record<string, IDataObject>;
}
/** By resource and operation. */
type Fixtures = Record<string, Record<string, Case[]>>;

/** All fixtures in a folder: a file for each resource. */
export function fixturesIn(folder: string): Fixtures {
	const root = join(__dirname, '..', 'fixtures', 'operations', folder);
	const files = readdirSync(root).filter((name) => name.endsWith('.json'));
	return Object.fromEntries(
		files.map((name) => [
			name.replace('.json', ''),
			JSON.parse(readFileSync(join(root, name), 'utf8')) as Fixtures[string],
		]),
	);
}

interface Subject {
	/** n8n's name of the node. */
	node: string;
	resources: DescribedResource[];
	fixtures: Fixtures;
	simulator: () => {
		readonly calls: Array<Pick<Simulator['calls'][number], 'method' | 'path' | 'query' | 'body'>>;
		fault(fault: { path: string; answer: object }): void;
	};
	credentials: (resource: string) => Credentials | Promise<Credentials>;
	words: Record<string, string | number>;
	/** Parameters of the node beside those of the operation. */
	params?: INodeParameters;
	/** What no output may contain, after a run with these credentials. */
	secretsIn?: (credentials: Credentials) => string[];
}

/** Tests that a node does what its fixtures say, and that no operation is without one. */
export function testOperations({
	resources,
	words,
	simulator,
	secretsIn = () => [],
	...subject
}: Subject): void {
	const { fixtures } = subject;

	/** Puts the words in; a word that is all of a value keeps its type, as in `{ "id": "{tag}" }`. */
	function fill<T>(value: T): T {
		const text = JSON.stringify(value)
			.replace(/"\{(\w+)\}"/g, (all, word: string) =>
				known(word) ? JSON.stringify(words[word]) : all,
			)
			.replace(/\{(\w+)\}/g, (all, word: string) => (known(word) ? String(words[word]) : all));
		return JSON.parse(text) as T;
	}
	const known = (word: string) => Object.hasOwn(words, word);

	const operations = resources.flatMap((of) =>
		of.operations.map(({ value }) => [of.value, value] as const),
	);

	const menus = (resource: string, operation: string) =>
		toMenuValues(resources.find(({ value }) => value === resource) as DescribedResource, operation);

	// One test each, so that `-t OPERATION` fails where its fixture is missing.
	test.each(operations)('%s: %s has a fixture', (resource, operation) =>
		expect(fixtures[resource]?.[operation] ?? []).not.toEqual([]),
	);

	test('every fixture has an operation', () => {
		const given = Object.entries(fixtures).flatMap(([resource, of]) =>
			Object.keys(of).map((operation) => `${resource}.${operation}`),
		);
		const listed = operations.map((names) => names.join('.'));
		expect(given.filter((name) => !listed.includes(name))).toEqual([]);
	});

	const cases = Object.entries(fixtures).flatMap(([resource, operations]) =>
		Object.entries(operations).flatMap(([operation, list]) =>
			list.map(
				(one, index) =>
					[`${resource}: ${operation} ${index + 1}`, resource, operation, one] as const,
			),
		),
	);

	describe.each(cases)('%s', (_, resource, operation, given) => {
		const run = async () => {
			const { params } = fill(given);
			const credentials = await subject.credentials(resource);
			const ran = await runNode(
				subject.node,
				{ ...menus(resource, operation), ...subject.params, ...params },
				credentials,
				[{ json: {}, binary: binaryOf(given.files) }],
			);
			for (const secret of secretsIn(credentials))
				expect(JSON.stringify(ran.output)).not.toContain(secret);
			return ran;
		};

		test('asks what WeChat accepts', async () => {
			const { calls } = simulator();
			// By the call itself: the log forgets the oldest calls of a long run.
			const last = calls.at(-1);
			const { error, output } = await run();
			const made = calls.slice(last ? calls.lastIndexOf(last) + 1 : 0);
			expect(error).toBeUndefined();
			const { request, binary } = fill(given);
			if (request) expectCall(made, request);
			else expect(made).toEqual([]);
			for (const [field, about] of Object.entries(binary ?? {}))
				expect(output[0].binary?.[field]).toMatchObject(about);
		});

		if (given.output)
			test('makes of the answer what it should', async () => {
				const { response, output, request } = fill(given);
				if (response && request) simulator().fault({ path: request.path, answer: response });
				const ran = await run();
				expect(ran.error).toBeUndefined();
				expect(ran.output.map(({ json }) => json)).toEqual(matcher(output));
				expect(
					ran.output.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}'),
				).toBe(true);
			});
	});
}

const binaryOf = (files: Case['files'] = {}) =>
	Object.fromEntries(
		Object.entries(files).map(([field, { text = '', sample, ...file }]) => {
			const bytes = sample ? readSample(sample) : Buffer.from(text);
			return [field, { ...file, data: bytes.toString('base64') }];
		}),
	);

function expectCall(
	calls: ReturnType<Subject['simulator']>['calls'],
	request: NonNullable<Case['request']>,
): void {
	const { method, path, query, body } = calls.findLast((call) => call.path === request.path) ?? {};
	const expected = { query: {}, ...request };
	const isSent = body !== undefined && method !== 'GET';
	expect({ method, path, query, ...(isSent && { body }) }).toEqual(matcher(expected));
}

/** Lets `{any}` be anything, also as a part of a text. */
function matcher(value: unknown): unknown {
	if (value === '{any}') return expect.anything();
	if (typeof value === 'string' && value.includes('{any}')) {
		const parts = value.split('{any}').map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
		return expect.stringMatching(new RegExp(`^${parts.join('.+')}$`));
	}
	if (Array.isArray(value)) return value.map(matcher);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, matcher(entry)]));
}
