import type { IExecuteFunctions, IWorkflowBase } from 'n8n-workflow';
import { createSendOnce } from '../../nodes/engine/sentItems';
import { execution, prepareN8n, runNode, runWorkflow } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

/**
 * n8n runs the whole node again when a try fails: with Retry On Fail when any item fails (On Error: Stop) or when the
 * first one does (Continue); read in n8n-core 2.8.1 and 2.41, workflow-execute.js, and seen on n8n 2.8.4 and 2.41.1.
 */
prepareN8n();
const simulator = useSimulator({ followers: 5 });
const SEND = '/cgi-bin/message/custom/send';
const message = {
	resource: 'customerServiceMessage',
	operation: 'send',
	touser: '={{ $json.openid }}',
	content: 'Hi',
};
const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const itemsFor = (openids: string[]) => openids.map((openid) => ({ json: { openid } }));

/** Lets the followers write first: without it WeChat takes no message for them. */
async function hearFrom(openids: string[]): Promise<void> {
	for (const FromUserName of openids)
		await simulator().push('http://127.0.0.1:1', { FromUserName, MsgType: 'text', Content: 'hi' });
}

/** How many messages each of these got since the call at an index. */
const sentTo = (openids: string[], since: number) =>
	openids.map(
		(openid) =>
			simulator()
				.calls.slice(since)
				.filter(
					({ path, body, errcode }) =>
						path === SEND &&
						errcode === 0 &&
						(body as { touser?: string } | undefined)?.touser === openid,
				).length,
	);

test.each([
	['Stop', {}, 1],
	['Continue', { onError: 'continueRegularOutput' as const }, 0],
])('On Error: %s: a retry sends nothing again', async (_, more, bad) => {
	const good = simulator().openids().slice(0, 3);
	await hearFrom(good);
	const openids = good.toSpliced(bad, 0, 'nobody');
	const before = simulator().calls.length;
	const { output, error } = await runNode(
		'wechat',
		message,
		credentialsFor(simulator()),
		itemsFor(openids),
		{ ...retrying, ...more },
	);
	const calls = simulator().calls.slice(before);
	// The bad one is tried again.
	expect(calls.filter(({ path, errcode }) => path === SEND && errcode !== 0)).toHaveLength(3);
	expect(sentTo(good, before)).toEqual([1, 1, 1]);
	if (bad) expect(error?.message).toContain('40003');
	else
		expect(output.map(({ json }) => json.success ?? 'failed')).toEqual([
			'failed',
			true,
			true,
			true,
		]);
});

test('a message whose answer was lost may have arrived: a retry does not send it again', async () => {
	const [openid] = simulator().openids();
	await hearFrom([openid]);
	const before = simulator().calls.length;
	simulator().fault({ path: SEND, times: 1, cut: true });
	const { error } = await runNode(
		'wechat',
		message,
		credentialsFor(simulator()),
		itemsFor([openid]),
		retrying,
	);
	expect(error?.message).toContain('No answer');
	expect(
		simulator()
			.calls.slice(before)
			.filter(({ path }) => path === SEND),
	).toHaveLength(1);
});

test('a message for which no token came was not sent: a retry sends it', async () => {
	const [openid] = simulator().openids();
	await hearFrom([openid]);
	const before = simulator().calls.length;
	// As many as the client asks for within one try.
	simulator().fault({ path: '/cgi-bin/stable_token', times: 4, cut: true });
	const { error } = await runNode(
		'wechat',
		message,
		credentialsFor(simulator()),
		itemsFor([openid]),
		retrying,
	);
	expect(error).toBeUndefined();
	expect(sentTo([openid], before)).toEqual([1]);
});

test('a call that WeChat has not taken is made again', async () => {
	const [openid] = simulator().openids();
	await hearFrom([openid]);
	simulator().fault({ path: SEND, times: 1, answer: { errcode: 45011, errmsg: 'api freq limit' } });
	const before = simulator().calls.length;
	const { error } = await runNode(
		'wechat',
		message,
		credentialsFor(simulator()),
		itemsFor([openid]),
		retrying,
	);
	expect(error).toBeUndefined();
	expect(sentTo([openid], before)).toEqual([1]);
});

describe('a second message that is meant is sent', () => {
	const start = {
		id: 's',
		name: 'Start',
		type: 'n8n-nodes-base.start',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
	};
	const send = (name: string) => ({
		...start,
		...retrying,
		id: name,
		name,
		type: 'n8n-nodes-wechat-platform.wechat',
		parameters: message,
		credentials: credentialsFor(simulator()).references,
	});
	const to = (...names: string[]) => ({
		main: [names.map((node) => ({ node, type: 'main' as const, index: 0 }))],
	});

	async function runTwice(nodes: string[], targets: string[]): Promise<number[]> {
		const [openid] = simulator().openids();
		await hearFrom([openid]);
		const before = simulator().calls.length;
		const credentials = credentialsFor(simulator());
		const made = nodes.map((name) => ({ ...send(name), credentials: credentials.references }));
		const workflow: Pick<IWorkflowBase, 'nodes' | 'connections'> = {
			nodes: [start, ...made],
			connections: { Start: to(...targets) },
		};
		const { error } = await runWorkflow(workflow, credentials, itemsFor([openid]));
		expect(error).toBeUndefined();
		return sentTo([openid], before);
	}

	test('in the next round of a loop, though the item is the same', async () =>
		expect(await runTwice(['Send'], ['Send', 'Send'])).toEqual([2]));

	test('by another node that gets the same item', async () =>
		expect(await runTwice(['Send', 'Other'], ['Send', 'Other'])).toEqual([2]));

	test('in another execution, though its items are the same', async () => {
		const [openid] = simulator().openids();
		await hearFrom([openid]);
		const before = simulator().calls.length;
		const credentials = credentialsFor(simulator());
		const items = itemsFor([openid]);
		for (const id of ['8', '9']) {
			execution.id = id;
			await runNode('wechat', message, credentials, items, retrying);
		}
		execution.id = '1';
		expect(sentTo([openid], before)).toEqual([2]);
	});
});

/** n8n copies the items for each run of a node today. Should it hand on the same ones, they are sent all the same. */
test.each<[string, { id?: string; name?: string; type?: string; runIndex?: number }]>([
	['in another round of a loop', { runIndex: 1 }],
	['by another node', { name: 'Other' }],
	['in another execution', { id: '2' }],
	['by a tool that an agent calls again', { type: 'wechatTool' }],
])('the same object is sent again %s', async (_, other) => {
	const items = [{ json: {} }];
	const work = jest.fn(async () => ({ item: 0, output: [] }));
	const send = async ({ id = '1', name = 'Node', type = 'wechat', runIndex = 0 }) => {
		const context: Partial<IExecuteFunctions> = {
			getExecutionId: () => id,
			getNode: () => ({ id: 'n', name, type, typeVersion: 1, position: [0, 0], parameters: {} }),
		};
		const proxy = { $runIndex: runIndex };
		await createSendOnce(
			{ ...context, getWorkflowDataProxy: () => proxy } as unknown as IExecuteFunctions,
			items,
		)(0, work);
	};
	const first = { type: other.type };
	await send(first);
	await send({ ...first, ...other });
	expect(work).toHaveBeenCalledTimes(2);
});
