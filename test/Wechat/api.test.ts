import type { INodeParameters } from 'n8n-workflow';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ followers: 1 });

const file = {
	file: {
		fileName: 'a.png',
		mimeType: 'image/png',
		data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	},
};
const run = async (params: INodeParameters) =>
	await runNode(
		'wechat',
		{ resource: 'api', operation: 'call', ...params },
		credentialsFor(simulator()),
		[{ json: {}, binary: file }],
	);
const known = async (key: string, value: INodeParameters | null, more: INodeParameters = {}) =>
	await run({
		call: { mode: 'list', value: key },
		callFields: { mappingMode: 'defineBelow', value },
		...more,
	});
const other = async (params: INodeParameters) => await run({ callFrom: 'path', ...params });

test('of an unknown path, the hint says to check the path first', async () => {
	const { error } = await other({ method: 'GET', path: '/cgi-bin/tags/gte' });
	expect(error?.message).toContain('HTTP 404');
	expect(error?.description).toMatch(/^Check Path first: .* Method .* API Base URL/);
	simulator().fault({
		path: '/cgi-bin/tags/create',
		answer: { errcode: 40066, errmsg: 'invalid url' },
	});
	const refused = await other({ path: '/cgi-bin/tags/create', answer: 'file' });
	expect(refused.error?.description).toMatch(/^Check Path first: /);
	simulator().fault({
		path: '/cgi-bin/tags/create',
		answer: { errcode: 40066, errmsg: 'invalid url' },
	});
	const listed = await known('/cgi-bin/tags/create', { tag: '{"name": "a"}' });
	expect(listed.error?.description).not.toMatch(/^Check Path/);
	simulator().fault({
		path: '/cgi-bin/tags/create',
		answer: { errcode: 45157, errmsg: 'invalid tag name' },
	});
	const taken = await other({ path: '/cgi-bin/tags/create' });
	expect(taken.error?.description).not.toMatch(/^Check Path/);
});

describe('a known call', () => {
	test('takes a file from a binary field, and texts beside it', async () => {
		const { error, output } = await known('/cgi-bin/media/upload', {
			type: 'image',
			media: 'file',
		});
		expect(error).toBeUndefined();
		expect(output[0].json.media_id).toEqual(expect.any(String));
		expect(simulator().calls.at(-1)).toMatchObject({
			path: '/cgi-bin/media/upload',
			query: { type: 'image' },
		});
	});

	test('puts the file that it answers with into a binary field', async () => {
		const id = simulator().addMedia(Buffer.from('bytes of a voice'), 'voice.amr');
		const { error, output } = await known('/cgi-bin/media/get', {
			media_id: id,
			output_binary_field: 'voice',
		});
		expect(error).toBeUndefined();
		expect(Buffer.from(output[0].binary?.voice.data ?? '', 'base64').toString()).toBe(
			'bytes of a voice',
		);
	});

	test('without a value for what it needs is not sent', async () => {
		const before = simulator().calls.length;
		const { error } = await known('/cgi-bin/tags/update', null);
		expect(error?.message).toContain('"tag" is missing');
		expect(simulator().calls).toHaveLength(before);
	});

	test.each([
		['/cgi-bin/token', 'is refused'],
		['/card/no/such/call', 'No call of the list has this path'],
		['/channels/ec/category/list/get', 'switched this call off'],
	])('%s is not made: it %s', async (key, problem) => {
		const before = simulator().calls.length;
		const { error } = await known(key, {});
		expect(error?.message).toContain(problem);
		expect(simulator().calls).toHaveLength(before);
	});

	test('that WeChat refuses ends with what to do about it', async () => {
		simulator().fault({
			path: '/cgi-bin/tags/update',
			answer: { errcode: 45157, errmsg: 'invalid tag name hint: [a] rid: 61725984-6126f6f9' },
		});
		const { error } = await known('/cgi-bin/tags/update', { tag: { id: 100, name: 'a' } });
		expect(error).toMatchObject({
			message: expect.stringContaining('45157') as string,
			description: expect.stringMatching(/\w/) as string,
		});
	});
});

describe('a call by its path', () => {
	test('sends a form with files', async () => {
		const { error, output } = await other({
			path: '/cgi-bin/media/uploadimg',
			bodyKind: 'form',
			files: { file: [{ name: 'media', binaryField: 'file' }] },
		});
		expect(error).toBeUndefined();
		expect(output[0].json.url).toEqual(expect.any(String));
	});

	test('sends JSON with ids of any length', async () => {
		await other({
			path: '/cgi-bin/freepublish/get',
			bodyJson: '{"publish_id": 9007199254740993}',
		});
		expect(simulator().calls.at(-1)?.body).toEqual({ publish_id: 9007199254740993n });
	});

	test('answers with a file or a text', async () => {
		const media_id = simulator().addMedia(Buffer.from('a,b'), 'bill.amr');
		const params = {
			method: 'GET',
			path: '/cgi-bin/media/get',
			query: { field: [{ name: 'media_id', value: media_id }] },
		};
		const asText = await other({ ...params, answer: 'text' });
		expect(asText.output[0].json).toEqual({ text: 'a,b' });
		const asFile = await other({ ...params, answer: 'file', binaryPropertyName: 'bill' });
		expect(asFile.output[0].binary?.bill).toBeDefined();
	});

	test.each<[string, INodeParameters]>([
		['a host', { path: '//127.0.0.1/x' }],
		[
			'a token in the query',
			{ path: '/cgi-bin/tags/get', query: { field: [{ name: 'Access_Token', value: 'x' }] } },
		],
		['a secret in JSON', { path: '/cgi-bin/tags/get', bodyJson: '{"a": [{"appsecret": "x"}]}' }],
		[
			'a secret in a field',
			{
				path: '/cgi-bin/tags/get',
				bodyKind: 'fields',
				bodyFields: { field: [{ name: 'secret', value: 'x' }] },
			},
		],
		['a token in place of the token', { path: '/cgi-bin/stable_token' }],
	])('with %s is not sent', async (_, params) => {
		const before = simulator().calls.length;
		const { error } = await other(params);
		expect(error).toBeDefined();
		expect(simulator().calls).toHaveLength(before);
	});
});
