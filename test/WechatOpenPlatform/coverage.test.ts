import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturesIn } from '../support/operations';

/** A call for the code of mini programs, and the operation that is it. */
interface Endpoint {
	id: string;
	method: string;
	path: string;
	query?: Record<string, string>;
	/** By resource and name. */
	operation: string;
}

const endpoints = JSON.parse(
	readFileSync(join(__dirname, '..', 'fixtures', 'coverage-code.json'), 'utf8'),
) as Endpoint[];
const fixtures = fixturesIn('platform/code');

test('the list is that of "Code management" (代码管理), each call once', () => {
	expect(endpoints).toHaveLength(36);
	const calls = endpoints.map(({ method, path, query }) => JSON.stringify([method, path, query]));
	expect(new Set(calls).size).toBe(36);
	expect(new Set(endpoints.map(({ operation }) => operation)).size).toBe(36);
});

test.each(endpoints)(
	'$method $path is what the fixtures of $operation ask for',
	({ method, path, query, operation }) => {
		const [resource, name] = operation.split('.');
		const asked = (fixtures[resource]?.[name] ?? []).map(({ request }) => request);
		expect(asked.length).toBeGreaterThan(0);
		for (const request of asked)
			expect(request).toMatchObject({ method, path, ...(query && { query }) });
	},
);
