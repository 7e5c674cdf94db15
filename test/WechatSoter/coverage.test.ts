import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturesIn } from '../support/operations';

const endpoints = (
	JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'coverage.json'), 'utf8')) as Array<{
		id: string;
		method: string;
		path: string;
	}>
).filter(({ id }) => id.startsWith('soter.'));

const asked = Object.values(fixturesIn('soter'))
	.flatMap((operations) => Object.values(operations).flat())
	.map(({ request }) => request && `${request.method} ${request.path}`);

test.each(endpoints)('$id is an operation', ({ method, path }) =>
	expect(asked).toContain(`${method} ${path}`),
);

test('there are two of them', () => expect(endpoints).toHaveLength(2));
