import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator();
const changes = { resource: 'statistics', operation: 'get', figure: 'getFollowerChanges' };
const PATH = '/datacube/getusersummary';

const daysOf = (output: Array<{ json: object }>) =>
	output.map(({ json }) => (json as { ref_date: string }).ref_date);

test('a long range becomes several calls, whose rows stay in their order', async () => {
	const before = simulator().calls.length;
	simulator().fault({ path: PATH, delayMs: 100 });
	const range = { begin_date: '2025-01-01T00:00:00', end_date: '2025-03-01' };
	const { output } = await runNode('wechat', { ...changes, ...range }, credentialsFor(simulator()));
	const days = daysOf(output);
	expect(days).toHaveLength(60);
	expect(days).toEqual([...days].sort());
	const calls = simulator()
		.calls.slice(before)
		.filter(({ path }) => path === PATH);
	expect(calls).toHaveLength(9);
	expect(calls.map(({ body }) => body)).toContainEqual({
		begin_date: '2025-02-26',
		end_date: '2025-03-01',
	});
});

test('a range may be a DateTime of an expression, and is yesterday in Beijing when nothing is given', async () => {
	const yesterday = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
	const given = '={{ DateTime.fromISO("2025-01-05T23:00:00", { zone: "America/New_York" }) }}';
	const { output } = await runNode(
		'wechat',
		{ ...changes, begin_date: given, end_date: given },
		credentialsFor(simulator()),
	);
	expect(daysOf(output)).toEqual(['2025-01-06']);
	const { output: latest } = await runNode('wechat', changes, credentialsFor(simulator()));
	expect(daysOf(latest)).toEqual([yesterday]);
});

test('a range that cannot be is refused before any call', async () => {
	const before = simulator().calls.length;
	const range = { begin_date: '2025-03-01', end_date: '2025-01-01' };
	const { error } = await runNode('wechat', { ...changes, ...range }, credentialsFor(simulator()));
	expect(error?.message).toContain('runs backwards');
	expect(error?.description).toContain('"Begin Date" must not be after "End Date"');
	expect(simulator().calls).toHaveLength(before);
});

test('the refusal of one call of a range is the error of the item', async () => {
	simulator().fault({ path: PATH, answer: { errcode: 61503, errmsg: 'data not ready' }, times: 9 });
	const range = { begin_date: '2025-01-01', end_date: '2025-01-20' };
	const { error } = await runNode('wechat', { ...changes, ...range }, credentialsFor(simulator()));
	expect(error?.message).toContain('61503');
});
