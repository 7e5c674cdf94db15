import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { resources } from '../../nodes/Wechat/Wechat.node';
import blacklist from '../fixtures/operations/blacklist.json';
import customerServiceMessage from '../fixtures/operations/customerServiceMessage.json';
import qrCode from '../fixtures/operations/qrCode.json';
import tag from '../fixtures/operations/tag.json';
import user from '../fixtures/operations/user.json';
import { DEFAULT_ACCOUNT } from '../simulator';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

/** What an operation must ask WeChat for, and make of the answer. `{words}` stand for the simulator's ids. */
interface Case {
	params: INodeParameters;
	/** The last call that it makes. */
	request: { method: string; path: string; query?: IDataObject; body?: IDataObject };
	/** An answer in WeChat's words, and exactly what the node makes of it. */
	response?: object;
	output?: IDataObject[];
	binary?: Record<string, IDataObject>;
}
type Fixtures = Record<string, Record<string, Case[]>>;

const fixtures = { blacklist, customerServiceMessage, qrCode, tag, user } as unknown as Fixtures;

prepareN8n();
const oldAccount = { ...DEFAULT_ACCOUNT, appId: 'wx00000000000000aa' };
const simulator = useSimulator({ followers: 4, accounts: [DEFAULT_ACCOUNT, oldAccount] });
const words: Record<string, string | number> = { oldAppId: oldAccount.appId };
let tagsMade = 0;

const send = async (params: INodeParameters) =>
	(await runNode('wechat', params, credentialsFor(simulator()))).output[0].json;

beforeAll(async () => {
	simulator()
		.openids()
		.forEach((openid, index) => (words[`user${index}`] = openid));
	words.media = simulator().addMedia(Buffer.from('picture'), 'picture.jpg');
	words.voice = simulator().addMedia(Buffer.from('voice'), 'voice.amr');
	words.video = simulator().addMedia(Buffer.from('video'), 'video.mp4');
	const code = { action_name: 'QR_LIMIT_SCENE', permanent_scene_id: 1, image: false };
	words.ticket = (await send({ resource: 'qrCode', operation: 'create', ...code }))
		.ticket as string;
});

beforeEach(async () => {
	const tag = { resource: 'tag', operation: 'create', name: `for test ${++tagsMade}` };
	words.tag = (await send(tag)).id as number;
});

/** Puts the simulator's ids in; a word that is all of a value keeps its type, as in `{ "id": "{tag}" }`. */
function fill<T>(value: T): T {
	const text = JSON.stringify(value)
		.replace(/"\{(tag)\}"/g, (_, word: string) => JSON.stringify(words[word]))
		.replace(/\{(oldAppId|user\d|media|voice|video|ticket)\}/g, (_, word: string) =>
			String(words[word]),
		);
	return JSON.parse(text) as T;
}

test('every operation has a fixture, and every fixture an operation', () => {
	const table = resources.flatMap((of) => of.operations.map(({ value }) => `${of.value}.${value}`));
	const given = Object.entries(fixtures).flatMap(([name, of]) =>
		Object.keys(of).map((operation) => `${name}.${operation}`),
	);
	expect(given.sort()).toEqual(table.sort());
});

const cases = Object.entries(fixtures).flatMap(([resource, operations]) =>
	Object.entries(operations).flatMap(([operation, list]) =>
		list.map(
			(one, index) => [`${resource}: ${operation} ${index + 1}`, resource, operation, one] as const,
		),
	),
);

describe.each(cases)('%s', (_, resource, operation, given) => {
	const run = async () => {
		const { params } = fill(given);
		return await runNode('wechat', { resource, operation, ...params }, credentialsFor(simulator()));
	};

	test('asks what WeChat accepts', async () => {
		const { error, output } = await run();
		expect(error).toBeUndefined();
		const { method, path, query, body } = simulator().calls.at(-1) ?? {};
		const { request, binary } = fill(given);
		const expected = { query: {}, ...request };
		if (expected.query.ticket === '{any}') expected.query.ticket = query?.ticket;
		expect({ method, path, query, ...(body !== undefined && { body }) }).toEqual(expected);
		for (const [field, about] of Object.entries(binary ?? {}))
			expect(output[0].binary?.[field]).toMatchObject(about);
	});

	if (given.response)
		test('makes of the answer what it should', async () => {
			const { response, output, request } = fill(given);
			simulator().fault({ path: request.path, answer: response });
			const ran = await run();
			expect(ran.output.map(({ json }) => json)).toEqual(output);
			expect(
				ran.output.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}'),
			).toBe(true);
		});
});
