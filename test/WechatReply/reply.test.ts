import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters, IWorkflowBase } from 'n8n-workflow';
import { REPLY_TYPE } from '../../nodes/host/reply';
import { PACK, prepareN8n, runWorkflow } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator();

/** Trigger -> something in between -> WeChat Reply, begun behind the trigger. */
async function reply(
	parameters: INodeParameters,
	{
		respond = 'responseNode',
		trigger = 'Any Name',
		type = `${PACK}.wechatTrigger`,
		items = 1,
		disabled = false,
		second = '',
	} = {},
) {
	const node = (name: string, kind: string, given: INodeParameters = {}) => ({
		id: name,
		name,
		type: kind,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: given,
	});
	const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	const ran = await runWorkflow(
		{
			nodes: [
				{ ...node(trigger, type, { respond, kinds: ['all'] }), disabled },
				...(second ? [node('Second', type, { respond: second, kinds: ['all'] })] : []),
				node('Between', 'n8n-nodes-base.start'),
				node('Reply', `${PACK}.wechatReply`, parameters),
			],
			connections: {
				[trigger]: to('Between'),
				...(second && { Second: to('Between') }),
				Between: to('Reply'),
			},
		},
		credentialsFor(simulator()),
		Array.from({ length: items }, (_, index) => ({ json: { index } })),
		'Between',
	);
	const [response] = ran.responses as Array<{ body: Buffer; headers: object }>;
	return { ...ran, response, sent: response && (JSON.parse(response.body.toString()) as unknown) };
}

// "Passive reply" (被动回复用户消息): the elements of each kind.
test.each<[string, INodeParameters, object]>([
	['Text', { content: '007 <&> 😀' }, { MsgType: 'text', Content: '007 <&> 😀' }],
	['Image', { mediaId: 'm' }, { MsgType: 'image', Image: { MediaId: 'm' } }],
	['Voice', { mediaId: 'm' }, { MsgType: 'voice', Voice: { MediaId: 'm' } }],
	[
		'Video',
		{ mediaId: 'm', title: 't', description: '' },
		{ MsgType: 'video', Video: { MediaId: 'm', Title: 't' } },
	],
	[
		'Music',
		{ title: 't', musicUrl: 'https://example.com/a', thumbMediaId: 'm' },
		{
			MsgType: 'music',
			Music: { Title: 't', MusicUrl: 'https://example.com/a', ThumbMediaId: 'm' },
		},
	],
	[
		'Video',
		{ mediaId: 'm', description: 'd' },
		{ MsgType: 'video', Video: { MediaId: 'm', Description: 'd' } },
	],
	[
		'Music',
		{ description: 'd', hqMusicUrl: 'https://example.com/b', thumbMediaId: 'm' },
		{
			MsgType: 'music',
			Music: { Description: 'd', HQMusicUrl: 'https://example.com/b', ThumbMediaId: 'm' },
		},
	],
	[
		'News',
		{
			articles: {
				article: [{ Title: 'a', Description: '', PicUrl: '', Url: 'https://example.com' }],
			},
		},
		{
			MsgType: 'news',
			ArticleCount: 1,
			Articles: { item: [{ Title: 'a', Description: '', PicUrl: '', Url: 'https://example.com' }] },
		},
	],
	['TransInfo', {}, { MsgType: 'transfer_customer_service' }],
	[
		'TransInfo',
		{ kfAccount: 'helen@example' },
		{ MsgType: 'transfer_customer_service', TransInfo: { KfAccount: 'helen@example' } },
	],
	['None', {}, {}],
])('%s', async (type, parameters, tree) => {
	const { error, sent, response, items } = await reply({ type, ...parameters });
	expect(error).toBeUndefined();
	expect(sent).toEqual(tree);
	expect(response.headers).toEqual({ 'content-type': REPLY_TYPE });
	expect(items('Reply')).toEqual([{ json: { reply: tree }, pairedItem: { item: 0 } }]);
});

test.each<[string, INodeParameters, string]>([
	['an empty text', { type: 'Text', content: '={{ "" }}' }, '"Text" is missing'],
	['a text too long', { type: 'Text', content: '好'.repeat(683) }, '"Text" has 2049 bytes'],
	['an image without ID', { type: 'Image', mediaId: '={{ undefined }}' }, '"Media ID" is missing'],
	[
		'music without picture',
		{ type: 'Music', thumbMediaId: '={{ "" }}' },
		'"Thumb Media ID" is missing',
	],
	['no article', { type: 'News', articles: {} }, '"Articles" is missing'],
	[
		'nine articles',
		{ type: 'News', articles: { article: Array(9).fill({ Title: 'a' }) } },
		'takes 8 at a time',
	],
])('refuses %s before anything is sent', async (_, parameters, message) => {
	const { error, responses } = await reply(parameters);
	expect(error?.message).toContain(message);
	expect(responses).toEqual([]);
});

test.each<[string, INodeParameters]>([
	['a text of 2048 bytes', { type: 'Text', content: '好'.repeat(682) + 'ab' }],
	['eight articles', { type: 'News', articles: { article: Array(8).fill({ Title: 'a' }) } }],
])('takes %s', async (_, parameters) => {
	expect((await reply(parameters)).responses).toHaveLength(1);
});

test('several items make one reply, of the first', async () => {
	const { sent, responses, items } = await reply(
		{ type: 'Text', content: '={{ "item " + $json.index }}' },
		{ items: 3 },
	);
	expect(sent).toMatchObject({ Content: 'item 0' });
	expect(responses).toHaveLength(1);
	expect(items('Reply')).toHaveLength(1);
});

test('finds its trigger under any name', async () => {
	expect((await reply({ content: 'hi' }, { trigger: '触发器 "1"' })).error).toBeUndefined();
});

test('says so when the trigger has answered already', async () => {
	const { error, responses } = await reply({ content: 'hi' }, { respond: 'onReceived' });
	expect(error?.message).toBe('"Any Name" answered WeChat before this node ran');
	expect(error?.description).toContain('Using WeChat Reply Node');
	expect(responses).toEqual([]);
});

test('one of several triggers that waits is enough', async () => {
	for (const [respond, second] of [
		['onReceived', 'responseNode'],
		['responseNode', 'onReceived'],
	])
		expect((await reply({ content: 'hi' }, { respond, second })).error).toBeUndefined();
});

test('is a text when nothing else is chosen', async () => {
	expect((await reply({ content: 'hi' })).sent).toEqual({ MsgType: 'text', Content: 'hi' });
});

test.each([
	['there is no trigger', { type: 'n8n-nodes-base.start' }],
	['there is only another node of the pack', { type: `${PACK}.wechat` }],
	['the trigger is disabled', { disabled: true }],
])('says so when %s', async (_, given) => {
	const { error, responses } = await reply({ content: 'hi' }, given);
	expect(error?.message).toBe('There is no push to answer');
	expect(responses).toEqual([]);
});

test('the example workflow answers with what it asked WeChat for', async () => {
	const file = join(__dirname, '..', 'workflows', 'echo-bot.json');
	const workflow = JSON.parse(readFileSync(file, 'utf8')) as IWorkflowBase;
	const credentials = credentialsFor(simulator());
	for (const node of workflow.nodes)
		if (node.credentials) node.credentials = credentials.references;
	const [FromUserName] = simulator().openids();
	const { error, responses } = await runWorkflow(
		workflow,
		credentials,
		[{ json: { FromUserName, Content: '你好 <&>' } }],
		'WeChat Trigger',
	);
	expect(error).toBeUndefined();
	const [{ body }] = responses as Array<{ body: Buffer }>;
	expect(JSON.parse(body.toString())).toEqual({
		MsgType: 'text',
		Content: expect.stringMatching(
			/^You said: 你好 <&>\nYou follow since \d{4}-\d\d-\d\d$/,
		) as string,
	});
});
