import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startSimulator } from '../../simulator';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import { startAiServices } from '../services/aiServices';
import { eventually } from '../services/eventually';
import { createModelNode, LANGCHAIN } from '../workflows/agentWorkflows';
import { createCallableNode, createCallWebhook } from '../workflows/callableNode';
import { createNode } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const WECHAT = 'n8n-nodes-wechat-platform.wechat';
const CREATE = '/cgi-bin/tags/create';

/** A picture of one pixel, as Base64. */
const PICTURE =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

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
			const credentials = { [ACCOUNT_TYPE]: account };
			await offersCalls(environment, credentials);
			await makesCalls(environment, credentials);
			await movesFiles(environment, credentials);
			await isTool(environment, credentials);
			await keepsForm(environment, credentials);
		} finally {
			await simulator.close();
		}
	},
};

export default scenario;

/** What the editor asks of the node. */
async function ask<T>(
	{ session }: ScenarioEnvironment,
	credentials: Credentials,
	what: string,
	more: Record<string, unknown>,
): Promise<T> {
	const answer = await session.rest<T>('POST', `/rest/dynamic-node-parameters/${what}`, {
		nodeTypeAndVersion: { name: WECHAT, version: 1 },
		currentNodeParameters: { authentication: 'officialAccount', resource: 'api' },
		credentials,
		...more,
	});
	assert.equal(answer.status, 200, JSON.stringify(answer.data));
	return answer.data;
}

interface FormField {
	id: string;
	required: boolean;
	type: string;
}

const listFormFields = async (
	environment: ScenarioEnvironment,
	credentials: Credentials,
	key: string,
): Promise<FormField[]> => {
	const { fields } = await ask<{ fields: FormField[] }>(
		environment,
		credentials,
		'resource-mapper-fields',
		{
			path: 'parameters.callFields',
			methodName: 'getCallFields',
			currentNodeParameters: toParameters(key),
		},
	);
	return fields;
};

/** API: Call of a known call, as the editor saves it. */
const toParameters = (
	key: string,
	value: Record<string, unknown> = {},
	schema: FormField[] = [],
) => ({
	authentication: 'officialAccount',
	resource: 'api',
	operation: 'call',
	callFrom: 'list',
	call: { __rl: true, mode: 'list', value: key },
	callFields: { mappingMode: 'defineBelow', value, matchingColumns: [], schema },
});

async function offersCalls(
	environment: ScenarioEnvironment,
	credentials: Credentials,
): Promise<void> {
	const { check } = environment;
	type Found = { results: Array<{ name: string; value: string }>; paginationToken?: string };
	const search = async (filter: string, paginationToken?: string) =>
		await ask<Found>(environment, credentials, 'resource-locator-results', {
			path: 'parameters.call',
			methodName: 'searchCalls',
			filter,
			...(paginationToken && { paginationToken }),
		});

	await check('a call is found by its path, in English and in Chinese', async () => {
		for (const words of ['tags/create', 'create tag', '创建标签', 'new label', '新建标签']) {
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
		const fields = await listFormFields(environment, credentials, '/cgi-bin/message/custom/typing');
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
		await call(toParameters(key, value));
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
		await assert.rejects(create(), /errcode 45157\).*: .*Choose another name/s);
	});

	await check('the hint to an errcode is in the error: what of a template is missing', async () => {
		const send = await listed('/cgi-bin/message/template/send', {
			touser: simulator.openids()[0],
			template_id: 'TPL',
			data: '{"x": {"value": "y"}}',
		});
		await assert.rejects(send(), /errcode 47003\).*: Look at \w+ in data: /s);
	});

	await check('a path that WeChat does not know, and wrong JSON, are named', async () => {
		const read = await byPath({ method: 'GET', path: '/cgi-bin/tags/gte' });
		await assert.rejects(read(), /HTTP 404\).*: Check Path first/s);
		const create = await byPath({ path: CREATE, bodyJson: '={{ $json.body.text }}' });
		await assert.rejects(
			create({ text: '{"tag":\n  {"name": }}' }),
			/is not valid JSON at line 2, column 12.*: Look at line 2, column 12 of "JSON"/s,
		);
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

async function movesFiles(
	{ check, n8n, session, simulator }: ScenarioEnvironment,
	credentials: Credentials,
): Promise<void> {
	await check('a file is uploaded, and one that is downloaded has the same bytes', async () => {
		const path = randomUUID();
		const nodes = [
			createCallWebhook(path),
			createNode('File', 'n8n-nodes-base.convertToFile', 1.1, {
				operation: 'toBinary',
				sourceProperty: 'body.file',
				binaryPropertyName: 'picture',
				options: { fileName: 'picture.png', mimeType: 'image/png' },
			}),
			createNode(
				'Upload',
				WECHAT,
				1,
				toParameters('/cgi-bin/media/upload', { type: 'image', media: 'picture' }),
				credentials,
			),
			createNode(
				'Download',
				WECHAT,
				1,
				toParameters('/cgi-bin/media/get', {
					media_id: '={{ $json.media_id }}',
					output_binary_field: 'copy',
				}),
				credentials,
			),
			createNode(
				'Upload again',
				WECHAT,
				1,
				toParameters('/cgi-bin/media/upload', { type: 'image', media: 'copy' }),
				credentials,
			),
		];
		const names = nodes.map(({ name }) => name);
		const { id } = await session.createWorkflow({
			name: 'files by API: Call',
			nodes,
			connections: Object.fromEntries(
				names
					.slice(1)
					.map((node, index) => [names[index], { main: [[{ node, type: 'main', index: 0 }]] }]),
			),
		});
		await session.activate(id);
		await start(`${n8n.url}/webhook/${path}`, { file: PICTURE });
		const [execution] = await session.executions(id);
		assert.equal(findError(execution), undefined);
		const ids = ['Upload', 'Upload again'].map((node) =>
			String(session.listItems(execution, node)[0].media_id),
		);
		assert.notEqual(ids[0], ids[1]);
		for (const media of ids) {
			const seen = await fetch(simulator.mediaUrl(media));
			assert.equal(Buffer.from(await seen.arrayBuffer()).toString('base64'), PICTURE);
		}
	});
}

const start = async (url: string, body: Record<string, unknown>) =>
	await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

const readBodies = ({ calls }: ScenarioEnvironment['simulator'], path: string) =>
	calls.filter((call) => call.path === path).map(({ body }) => body);

/** n8n makes the form anew while a node is edited, and saves it with the node. A run needs no more than that. */
async function keepsForm(
	environment: ScenarioEnvironment,
	credentials: Credentials,
): Promise<void> {
	const { check, n8n, session, simulator } = environment;

	await check('with the form that was saved, a call is made after a restart of n8n', async () => {
		const schema = await listFormFields(environment, credentials, CREATE);
		assert.deepEqual(
			schema.map(({ id }) => id),
			['tag'],
		);
		const tag = '={{ JSON.stringify({ name: $json.body.name }) }}';
		const path = randomUUID();
		const { id } = await session.createWorkflow({
			name: 'form of API: Call',
			nodes: [
				createCallWebhook(path),
				createNode('Create', WECHAT, 1, toParameters(CREATE, { tag }, schema), credentials),
			],
			connections: { Call: { main: [[{ node: 'Create', type: 'main', index: 0 }]] } },
		});
		await session.activate(id);
		await n8n.restart();
		await eventually(async () => {
			const { status } = await start(`${n8n.url}/webhook/${path}`, { name: '新客' });
			assert.equal(status, 200);
		}, 15_000);
		const [execution] = await session.executions(id);
		assert.equal(findError(execution), undefined);
		assert.deepEqual(readBodies(simulator, CREATE).at(-1), { tag: { name: '新客' } });
	});
}

async function isTool(environment: ScenarioEnvironment, credentials: Credentials): Promise<void> {
	const { check, n8n, session, simulator } = environment;
	const ai = await startAiServices(({ messages, tools = [] }) => {
		const said = messages.at(-1);
		if (said?.role === 'tool') return `Made: ${said.content}`;
		const [tool] = tools;
		return { tool: tool.function.name, input: { Tag: '{"name": "模型"}' } };
	});
	try {
		await check('an agent fills a field of the form by $fromAI', async () => {
			const model = await session.createCredential('Model of calls', 'openAiApi', {
				apiKey: 'sk-test',
				url: `${ai.url}/v1`,
			});
			const schema = await listFormFields(environment, credentials, CREATE);
			const tag = "={{ $fromAI('Tag', 'The tag as JSON, such as {\"name\": \"VIP\"}', 'string') }}";
			const path = randomUUID();
			const { id } = await session.createWorkflow({
				name: 'API: Call as a tool',
				nodes: [
					createCallWebhook(path),
					createNode('Agent', `${LANGCHAIN}.agent`, 3, {
						promptType: 'define',
						text: '={{ $json.body.text }}',
						options: {},
					}),
					createModelNode(model),
					createNode(
						'Create tag',
						`${WECHAT}Tool`,
						1,
						{
							...toParameters(CREATE, { tag }, schema),
							descriptionType: 'manual',
							toolDescription: 'Creates a tag',
						},
						credentials,
					),
				],
				connections: {
					Call: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
					Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
					'Create tag': { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
				},
			});
			await session.activate(id);
			await start(`${n8n.url}/webhook/${path}`, { text: 'Make a tag' });
			const [execution] = await session.executions(id, 1, 30_000);
			assert.equal(findError(execution), undefined);
			assert.ok(ai.asked[0].tools?.[0].function.parameters);
			assert.deepEqual(readBodies(simulator, CREATE).at(-1), { tag: { name: '模型' } });
			assert.match(String(session.listItems(execution, 'Agent')[0].output), /Made: .*模型/s);
		});
	} finally {
		await ai.close();
	}
}
