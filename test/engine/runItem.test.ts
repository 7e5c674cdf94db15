import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { ApiError } from '../../nodes/api/apiError';
import type { Answer, Call, Client } from '../../nodes/api/apiClient';
import type { Download } from '../../nodes/api/download';
import { binaryField } from '../../nodes/engine/fields';
import {
	defineLocal,
	defineRequest,
	defineRequestFor,
	defineResource,
	type Field,
	type Operation,
} from '../../nodes/engine/define';
import { execute } from '../../nodes/engine/execute';

type TestClient = Pick<Client, 'send' | 'download'>;
const entry = { name: 'Try', value: 'try', action: 'Try it', chinese: '试', path: '/x' } as const;
const text = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	default: '',
} as const satisfies Field;
const file: Download = { bytes: Buffer.from('x'), contentType: 'image/png', fileName: 'x.png' };
const defineTest = defineRequestFor<TestClient>();

/** Runs an operation against a client that gives this answer to every call. */
async function run(
	operation: Operation<TestClient>,
	answer: Answer | Download | Error = {},
	parameters: IDataObject = {},
	items = 1,
) {
	const calls: Call[] = [];
	const read: string[] = [];
	const respond = async (call: Call) => {
		calls.push(call);
		if (answer instanceof Error) throw answer;
		return answer as Answer;
	};
	const values: IDataObject = { resource: 'thing', operation: 'try', ...parameters };
	const context = {
		getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
		getNode: () => ({ name: 'Node', type: 'wechat' }),
		getExecutionId: () => '1',
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		continueOnFail: () => false,
		getNodeParameter(...[name, , fallback]: unknown[]) {
			read.push(String(name));
			return values[String(name)] ?? fallback;
		},
		helpers: {
			returnJsonArray: (rows: IDataObject[]) => rows.map((json) => ({ json })),
			constructExecutionMetaData: (rows: object[]) => rows.map((row) => ({ ...row })),
			prepareBinaryData: async (bytes: Buffer, fileName?: string, mimeType?: string) => ({
				data: bytes.toString(),
				fileName,
				mimeType,
			}),
		},
	} as unknown as IExecuteFunctions;
	const resources = [defineResource('Thing', 'thing', [operation])];
	const client = { send: respond, download: respond };
	const [output] = await execute(context, resources, async () => client);
	return { calls, output, read, rows: output.map(({ json }) => json) };
}

test('an answer of nothing but "ok" is a success, unless the entry says otherwise', async () => {
	expect((await run(defineTest({ ...entry, effect: 'write' }))).rows).toEqual([{ success: true }]);
	const done = { deleted: true };
	expect((await run(defineTest({ ...entry, effect: 'write', done }))).rows).toEqual([done]);
	const byHand = defineTest({
		...entry,
		effect: 'write',
		run: async ({ client, call }) => await client.send(call),
	});
	expect((await run(byHand)).rows).toEqual([{ success: true }]);
});

test.each([
	[{ effect: 'read' }, true],
	[{ effect: 'write' }, false],
	[{ effect: 'write', isRepeatable: true }, true],
	[{ effect: 'write', method: 'GET' }, false],
] as const)('%j: may it be sent twice? %s', async (more, safe) => {
	expect((await run(defineTest({ ...entry, ...more }))).calls).toMatchObject([{ safe }]);
});

test('constants go with every call, into the query of a GET', async () => {
	const constants = { version: 2 };
	const fields = [text];
	const post = defineTest({ ...entry, effect: 'read', constants, fields });
	const [posted] = (await run(post, {}, { text: 'a' })).calls;
	expect(posted).toMatchObject({ body: { version: 2, text: 'a' }, query: {} });
	const get = defineTest({ ...entry, effect: 'read', method: 'GET', constants });
	expect((await run(get)).calls).toMatchObject([{ query: { version: 2 }, body: {} }]);
});

describe('present', () => {
	test('makes one row of an answer, with the values of the item', async () => {
		const operation = defineTest({
			...entry,
			effect: 'read',
			fields: [text],
			present: (answer, params) => ({ ...answer, text: params.text }),
		});
		expect((await run(operation, { a: 1 }, { text: 'b' })).rows).toEqual([{ a: 1, text: 'b' }]);
	});

	test('makes several rows of a list', async () => {
		const present = ({ list }: Answer) => list as object[];
		const operation = defineTest({ ...entry, effect: 'read', present });
		expect((await run(operation, { list: [{ a: 1 }, { a: 2 }] })).rows).toEqual([
			{ a: 1 },
			{ a: 2 },
		]);
	});
});

describe('a download', () => {
	const operation = defineTest({
		...entry,
		effect: 'read',
		fields: [text, binaryField],
		download: binaryField.name,
		toFile: (given, { text: name }) => ({ ...given, fileName: `${name}.png` }),
		present: (_, params) => ({ text: params.text }),
	});

	test('goes into the binary field that the item names', async () => {
		const { output } = await run(operation, { ...file }, { text: 'a', binaryPropertyName: 'to' });
		expect(output).toEqual([
			{
				json: { text: 'a' },
				binary: { to: { data: 'x', fileName: 'a.png', mimeType: 'image/png' } },
			},
		]);
	});

	test('keeps the name that WeChat gives it', async () => {
		const plain = defineTest({
			...entry,
			effect: 'read',
			fields: [binaryField],
			download: binaryField.name,
		});
		const { output } = await run(plain, { ...file });
		expect(output).toMatchObject([
			{ json: { success: true }, binary: { data: { fileName: 'x.png' } } },
		]);
	});

	test('fails when the answer is no file', async () => {
		await expect(run(operation, { a: 1 })).rejects.toThrow('WeChat answered without a file');
	});
});

describe('a range of days', () => {
	const range = { begin_date: '2026-01-01', end_date: '2026-01-04' };

	test('takes as many calls as its spans, and joins the answers', async () => {
		const operation = defineTest({ ...entry, effect: 'read', dateSpans: 3 });
		const answer = { list: [{ n: 1 }, { n: 2 }], is_delay: false };
		const { calls, rows } = await run(operation, answer, range);
		expect(calls.map(({ body }) => body)).toEqual([
			{ begin_date: '2026-01-01', end_date: '2026-01-03' },
			{ begin_date: '2026-01-04', end_date: '2026-01-04' },
		]);
		expect(rows).toEqual([1, 2, 1, 2].map((n) => ({ n, is_delay: false })));
	});

	test('may be one of whole weeks', async () => {
		const operation = defineTest({ ...entry, effect: 'read', dateSpans: 'week' });
		const { calls } = await run(
			operation,
			{},
			{ begin_date: '2026-01-07', end_date: '2026-01-07' },
		);
		expect(calls.map(({ body }) => body)).toEqual([
			{ begin_date: '2026-01-05', end_date: '2026-01-05' },
		]);
	});
});

describe('a hint', () => {
	const hint = { codes: new Set([48001]), text: 'Use the other call.' };
	const operation = defineTest({ ...entry, effect: 'read', hint });
	const failWith = async (code: number) =>
		await run(
			operation,
			new ApiError({ errcode: code, errmsg: 'no', path: '/x', hint: 'Advice.' }),
		).catch(({ description }: { description: string }) => description);

	test('stands before what is known of the error', async () => {
		expect(await failWith(48001)).toMatch(/^Use the other call\. Advice\./);
	});

	test('is not for other errors', async () => {
		expect(await failWith(40001)).not.toContain('Use the other call.');
	});
});

test('a local operation gets its context, and values where their wire puts them', async () => {
	const fields = [{ ...text, wire: 'a.b' }] as const;
	const operation = defineLocal<TestClient>()({
		...{ name: 'Try', value: 'try', action: 'Try it', chinese: '试' },
		fields,
		run: async (params, client, { body }) => ({ params, body, isOurs: 'send' in client }),
	});
	const { calls, rows } = await run(operation, {}, { text: 'x' });
	expect(rows).toEqual([{ params: { text: 'x' }, body: { a: { b: 'x' } }, isOurs: true }]);
	expect(calls).toEqual([]);
});

test('items that share calls are read once', async () => {
	const operation = defineTest({
		...entry,
		effect: 'write',
		fields: [{ ...text, as: 'list', required: true }],
		bulk: { field: 'text', size: 2 },
	});
	const { calls, read } = await run(operation, {}, { text: 'a' }, 3);
	expect(calls.map(({ body }) => body)).toEqual([{ text: ['a', 'a'] }, { text: ['a'] }]);
	expect(read.filter((name) => name === 'text')).toHaveLength(3);
});

test('a request of an account needs no special client', () => {
	expect(defineRequest({ ...entry, effect: 'read' }).effect).toBe('read');
});
