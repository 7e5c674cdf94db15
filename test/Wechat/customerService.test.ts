import { searchAgents } from '../../nodes/Wechat/listSearch/users';
import { toUnixSeconds } from '../../nodes/engine/beijingTime';
import { editorContext, prepareN8n, runNode } from '../support/n8n';
import { readSample } from '../support/samples';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ followers: 3 });
const run = async (params: object, binary = {}) =>
	await runNode('wechat', { ...params }, credentialsFor(simulator()), [{ json: {}, binary }]);
const agent = (name: string) => ({ __rl: true, mode: 'id', value: name });

const HELEN = 'helen@example';
beforeAll(async () => {
	const add = { resource: 'customerServiceAgent', operation: 'add' };
	await run({ ...add, kf_account: HELEN, nickname: 'Helen' });
	await run({ ...add, kf_account: 'lee_2@example', nickname: '小李' });
});

test('choices take the numbers of an expression as text', async () => {
	const send = { resource: 'customerServiceMessage', operation: 'send', msgtype: 'msgmenu' };
	const [touser] = simulator().openids();
	const list = { choice: [{ id: '={{ 1 }}', content: '={{ 2 }}' }] };
	const { error } = await run({ ...send, touser, head_content: 'Well?', list });
	expect(error).toBeUndefined();
	const { body } = simulator().calls.findLast(({ path }) => path.endsWith('/custom/send')) ?? {};
	expect(body).toMatchObject({ msgmenu: { list: [{ id: '1', content: '2' }] } });
});

/* A text message has at most 2048 bytes (45002 above). */
describe('a text', () => {
	const sentence = `${'好'.repeat(199)}。`;
	const part = sentence.repeat(3);
	async function send(content: string, messageOptions: object) {
		const before = simulator().messages.length;
		const [touser] = simulator().openids();
		const text = { resource: 'customerServiceMessage', operation: 'send', msgtype: 'text' };
		const { error, output } = await run({ ...text, touser, content, messageOptions });
		const bodies = simulator().messages.slice(before);
		const texts = bodies.map(({ body }) => (body as { text: { content: string } }).text.content);
		return { error, json: output?.[0]?.json, texts, bodies };
	}

	test('that is too long is refused before anything is sent', async () => {
		const { error, texts } = await send(sentence.repeat(4), {});
		expect(error?.message).toContain('"Text (文字)" has 2400 bytes');
		expect(texts).toEqual([]);
	});

	test('is split when that is allowed, and keeps its agent', async () => {
		const { json, texts, bodies } = await send(sentence.repeat(4), {
			split: true,
			kf_account: HELEN,
		});
		expect(texts).toEqual([part, sentence]);
		expect(bodies[1].body).toMatchObject({ customservice: { kf_account: HELEN } });
		expect(json).toEqual({ success: true, parts: 2, partsSent: 2 });
	});

	test('that WeChat does not take to its end says so', async () => {
		const path = '/cgi-bin/message/custom/send';
		// The first goes through.
		simulator().fault({ path, delayMs: 1 });
		simulator().fault({ path, answer: { errcode: 45047 } });
		const { error, json } = await send(sentence.repeat(9), { split: true });
		expect(error).toBeUndefined();
		expect(json).toMatchObject({
			success: false,
			parts: 3,
			partsSent: 1,
			notSent: `${part}\n${part}`,
			notSentBecause: expect.stringContaining('45047') as string,
		});
	});

	test('of a model becomes what a chat shows, when its format is Markdown', async () => {
		const markdown = '**a** 2 * 3 [x](https://a.example)';
		expect((await send(markdown, {})).texts).toEqual([markdown]);
		const { texts, json } = await send(markdown, { format: 'markdown' });
		expect(texts).toEqual(['a 2 * 3 <a href="https://a.example">x</a>']);
		expect(json).toEqual({ success: true });
	});
});

describe('agents', () => {
	test('are found by nickname and account', async () => {
		const search = async (filter?: string) =>
			(
				await searchAgents.call(editorContext('wechat', {}, credentialsFor(simulator())), filter)
			).results.map(({ value }) => value);
		expect(await search()).toEqual([HELEN, 'lee_2@example']);
		expect(await search('小')).toEqual(['lee_2@example']);
		expect(await search('HELEN@')).toEqual([HELEN]);
		simulator().fault({ path: '/cgi-bin/customservice/getkflist', answer: {} });
		expect(await search()).toEqual([]);
	});

	const upload = async (file: object) =>
		await run(
			{
				resource: 'customerServiceAgent',
				operation: 'uploadPicture',
				kf_account: agent(HELEN),
				binaryPropertyName: 'data',
			},
			{ data: { mimeType: 'image/jpeg', data: readSample('jpg').toString('base64'), ...file } },
		);

	test('have pictures', async () => {
		expect((await upload({ fileName: 'helen.jpg' })).error).toBeUndefined();
		const getAll = { resource: 'customerServiceAgent', operation: 'getAll', returnAll: true };
		const { output } = await run(getAll);
		expect(output[0].json.kf_headimgurl).not.toBe('');
	});

	test('have pictures that are JPG of at most 5 MB', async () => {
		const png = await upload({ data: readSample('png').toString('base64') });
		expect(png.error?.message).toContain('holds a PNG picture; WeChat takes JPG here');
		const data = Buffer.alloc(5 * 1024 * 1024 + 1).toString('base64');
		const large = await upload({ fileName: 'helen.jpg', data });
		expect(large.error?.message).toContain('WeChat takes 5 MB');
	});
});

describe('messages of sessions', () => {
	const PATH = '/customservice/msgrecord/getmsglist';
	const get = async (params: object) =>
		await run({ resource: 'customerServiceSession', operation: 'getMessages', ...params });
	const asked = () => simulator().calls.at(-1)?.body;
	const from = '2026-05-01T09:00:00';

	test('come page after page, asked for by number', async () => {
		const { openids } = simulator();
		for (const openid of openids()) {
			const session = { resource: 'customerServiceSession', operation: 'create', openid };
			await run({ ...session, kf_account: agent(HELEN) });
		}
		const all = await get({ from, returnAll: true });
		expect(all.output.map(({ json }) => json.openid)).toEqual(openids());
		// It goes on until there is nothing more.
		expect(asked()).toMatchObject({ msgid: 4, number: 10_000 });

		const two = await get({ from, returnAll: false, limit: 2 });
		expect(two.output).toHaveLength(2);
		expect(asked()).toMatchObject({ msgid: 1, number: 2 });
	});

	test('are those of 24 hours, unless an end is given', async () => {
		await get({ from });
		expect(asked()).toMatchObject({ starttime: 1777597200, endtime: 1777597200 + 86_400 });
		await get({ from, to: '2026-05-01 10:00' });
		expect(asked()).toMatchObject({ endtime: 1777600800 });
	});

	test.each([
		['2026-05-02T09:00:01', '"To" is more than 24 hours after "From"'],
		['2026-05-01T09:00:00', '"To" must be later than "From"'],
		['tomorrow', '"To" is not a date and time'],
	])('cannot be had until %s', async (to, message) => {
		const before = simulator().calls.length;
		expect((await get({ from, to })).error?.message).toBe(message);
		expect(
			simulator()
				.calls.slice(before)
				.filter(({ path }) => path === PATH),
		).toEqual([]);
	});
});

describe('dates and times', () => {
	const nine = 1777597200;
	test.each<[unknown, number]>([
		['2026-05-01T09:00:00', nine],
		['2026-05-01 09:00', nine],
		['2026-05-01T09:00:00.500', nine],
		['2026-05-01', nine - 9 * 3600],
		['2026-05-01T01:00:00Z', nine],
		['2026-05-01T03:00:00.000+02:00', nine],
		['2026-04-30T21:00:00-0400', nine],
		[new Date(nine * 1000), nine],
	])('%s', (value, seconds) => expect(toUnixSeconds('From', value)).toBe(seconds));

	test.each(['', 'now', '1777597200', '2026-13-01', '2026-05-01T25:00:00', {}])(
		'"%s" is none',
		(value) => expect(() => toUnixSeconds('From', value)).toThrow('"From" is not a date and time'),
	);
});
