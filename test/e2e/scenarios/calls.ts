import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { createCallableNode } from '../workflows/callableNode';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const WECHAT = 'n8n-nodes-wechat-platform.wechat';
const CREATE = '/cgi-bin/tags/create';

type Credentials = Record<string, { id: string; name: string }>;

/** API: Call, as n8n's editor asks for its list and form, and as runs make calls. */
const scenario: Scenario = {
	name: 'calls',
	run: async (outer) => {
		const simulator = await startSimulator();
		const environment = outer.copyWith({ simulator });
		const data = toAccountCredential(simulator);
		const account = await outer.session.createCredential('Calls', ACCOUNT_TYPE, data);
		try {
			await offersCalls(environment, { [ACCOUNT_TYPE]: account });
			await makesCalls(environment, { [ACCOUNT_TYPE]: account });
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

async function offersCalls(
	{ check, session }: ScenarioEnvironment,
	credentials: Credentials,
): Promise<void> {
	const ask = async <T>(what: string, more: Record<string, unknown>) => {
		const answer = await session.rest<T>('POST', `/rest/dynamic-node-parameters/${what}`, {
			nodeTypeAndVersion: { name: WECHAT, version: 1 },
			currentNodeParameters: { authentication: 'officialAccount', resource: 'api' },
			credentials,
			...more,
		});
		assert.equal(answer.status, 200, JSON.stringify(answer.data));
		return answer.data;
	};
	type Found = { results: Array<{ name: string; value: string }>; paginationToken?: string };
	const search = async (filter: string, paginationToken?: string) =>
		await ask<Found>('resource-locator-results', {
			path: 'parameters.call',
			methodName: 'searchCalls',
			filter,
			...(paginationToken && { paginationToken }),
		});

	await check('a call is found by its path, in English and in Chinese', async () => {
		for (const words of ['tags/create', 'create tag', '创建标签']) {
			const { results } = await search(words);
			assert.ok(
				results.some(({ value }) => value === CREATE),
				`${words}: ${results.map(({ value }) => value).join(', ')}`,
			);
		}
	});

	await check('the list goes on when the editor is at its end', async () => {
		const first = await search('');
		assert.ok(first.paginationToken);
		const second = await search('', first.paginationToken);
		assert.notEqual(first.results[0].value, second.results[0].value);
	});

	await check('the form of a call has its fields, those first that it needs', async () => {
		const { fields } = await ask<{
			fields: Array<{ id: string; required: boolean; type: string }>;
		}>('resource-mapper-fields', {
			path: 'parameters.callFields',
			methodName: 'getCallFields',
			currentNodeParameters: {
				authentication: 'officialAccount',
				resource: 'api',
				operation: 'call',
				callFrom: 'list',
				call: { __rl: true, mode: 'list', value: '/cgi-bin/message/custom/typing' },
			},
		});
		const shown = fields.map(({ id, required, type }) => `${id} ${type} ${required}`);
		assert.deepEqual(shown.slice(0, 2), ['touser string true', 'command string true']);
	});
}

async function makesCalls(
	environment: ScenarioEnvironment,
	credentials: Credentials,
): Promise<void> {
	const { check, simulator } = environment;
	const call = async (parameters: Record<string, unknown>) =>
		await createCallableNode(environment, {
			type: WECHAT,
			parameters: {
				authentication: 'officialAccount',
				resource: 'api',
				operation: 'call',
				...parameters,
			},
			credentials,
		});
	const listed = async (key: string, value: Record<string, unknown> = {}) =>
		await call({
			callFrom: 'list',
			call: { __rl: true, mode: 'list', value: key },
			callFields: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
		});
	const byPath = async (parameters: Record<string, unknown>) =>
		await call({ callFrom: 'path', ...parameters });

	await check('a known call takes values of expressions', async () => {
		const create = await listed(CREATE, {
			tag: '={{ JSON.stringify({ name: $json.body.name }) }}',
		});
		const [{ tag }] = await create({ name: '贵宾' });
		assert.equal((tag as { name: string }).name, '贵宾');
	});

	await check('a known call reads', async () => {
		const read = await listed('/cgi-bin/tags/get');
		const [{ tags }] = await read();
		assert.ok((tags as Array<{ name: string }>).some(({ name }) => name === '贵宾'));
	});

	await check('any path can be called', async () => {
		const read = await byPath({ method: 'GET', path: '/cgi-bin/get_api_domain_ip' });
		const [{ ip_list }] = await read();
		assert.ok(Array.isArray(ip_list));
	});

	await check('what WeChat refuses is explained', async () => {
		const create = await listed(CREATE, { tag: '{"name": "贵宾"}' });
		await assert.rejects(create(), /45157/);
	});

	await check('a call that replaces the token is refused, and none is made', async () => {
		const before = simulator.calls.length;
		const renew = await byPath({ method: 'GET', path: '/cgi-bin/token' });
		await assert.rejects(renew(), /is refused: This call replaces the token of the account/);
		const told = await byPath({
			method: 'GET',
			path: '/cgi-bin/tags/get',
			query: { field: [{ name: 'secret', value: 'x' }] },
		});
		await assert.rejects(told(), /must not be entered/);
		assert.equal(simulator.calls.length, before);
	});
}
