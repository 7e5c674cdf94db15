import { readdirSync, readFileSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import {
	NodeHelpers,
	Workflow,
	type IDataObject,
	type INode,
	type INodeParameters,
} from 'n8n-workflow';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node';
import type { Response } from '../../nodes/n8n/webhookResponse';
import { sendResponse } from '../../nodes/WechatTrigger/pushDelivery';
import { REPLY_CONTENT_TYPE } from '../../nodes/n8n/replyContentType';
import { toEventType } from '../../nodes/push/eventTypes';
import { readMessage } from '../../nodes/push/message';
import { SUCCESS } from '../../nodes/push/reply';
import { signParts } from '../../nodes/push/cipher';
import { unseal } from '../simulator/push/crypto';
import { buildPush, type BuildOptions } from '../simulator/push/buildPush';
import type { PushMessage } from '../simulator/types';
import { logged, nodesWith, nodeTypes, PACK, prepareN8n } from '../support/n8n';
import { createPush, datePush } from '../support/pushSamples';
import { readSample } from '../support/samples';
import { credentialsFor, useSimulator } from '../support/simulator';
import { callWebhook, fakeResponse, type FakeResponse } from '../support/webhook';

prepareN8n();
const simulator = useSimulator();
let id = 0;
const seconds = () => Math.floor(Date.now() / 1000);
const text = (more: PushMessage = {}): PushMessage => ({
	FromUserName: 'oUser',
	MsgType: 'text',
	Content: 'hello',
	MsgId: `2499001122334${++id}`,
	...more,
});

interface Given {
	response?: FakeResponse;
	/** The nodes behind the trigger. */
	behind?: INode[];
}

async function push(
	message: PushMessage | string,
	parameters: INodeParameters = {},
	{ response, behind, ...options }: BuildOptions & Given = {},
) {
	const { query, body } = buildPush(simulator().account, message, options);
	const credentials = credentialsFor(simulator(), { encryptionMode: options.mode ?? 'safe' });
	const parametersWithDefaults = { kinds: ['all'], respond: 'onReceived', ...parameters };
	const called = await callWebhook(
		{ method: 'POST', query, body },
		parametersWithDefaults,
		credentials,
		response,
		{ behind },
	);
	return { ...called, items: called.result.workflowData?.[0] };
}

describe('Respond on Automatic', () => {
	const createNode = (type: string, parameters: INodeParameters = {}, disabled = false): INode => ({
		...nodesWith(credentialsFor(simulator()))(type, type, parameters),
		disabled,
	});
	const between = () => createNode('n8n-nodes-base.start', {}, true);
	const REPLY = `${PACK}.wechatReply`;

	test.each<[string, () => INode[]]>([
		['nothing', () => []],
		['other nodes', () => [createNode(`${PACK}.wechat`)]],
		['a reply that is disabled', () => [createNode(REPLY, { resource: 'reply' }, true)]],
		['a node that keeps rules', () => [createNode(REPLY, { resource: 'rule' })]],
		['the reply of a bot', () => [createNode(REPLY, { authentication: 'bot' })]],
	])('a push is answered at once where %s stands behind the trigger', async (_, list) => {
		const { response, result, items } = await push(
			text(),
			{ respond: 'automatic' },
			{ behind: [between(), ...list()] },
		);
		expect(response.body).toBe('success');
		expect(result.noWebhookResponse).toBe(true);
		expect(items?.[0].json).not.toHaveProperty('replyBefore');
	});

	test('a push waits for the reply that stands somewhere behind the trigger', async () => {
		const { response, result, items } = await push(
			text(),
			{ respond: 'automatic' },
			{ behind: [between(), createNode(REPLY)] },
		);
		expect(response.body).toBeUndefined();
		expect(result.noWebhookResponse).toBe(false);
		expect(items?.[0].json).toHaveProperty('replyBefore');
		response.end();
	});
});

describe('answers at once', () => {
	test.each([
		['safe', 'xml'],
		['safe', 'json'],
		['compatible', 'xml'],
		['plaintext', 'xml'],
		['plaintext', 'json'],
	] as const)('in %s mode, %s', async (mode, format) => {
		const { response, result, items } = await push(text(), {}, { mode, format });
		expect(response).toMatchObject({ statusCode: 200, body: 'success' });
		expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
		expect(response.headers.get('x-content-type-options')).toBe('nosniff');
		expect(result.noWebhookResponse).toBe(true);
		expect(items).toEqual([
			{
				json: {
					ToUserName: simulator().account.name,
					FromUserName: 'oUser',
					CreateTime: expect.stringMatching(/^\d{10}$/) as string,
					MsgType: 'text',
					Content: 'hello',
					MsgId: `2499001122334${id}`,
					chatInput: 'hello',
					sessionId: `${simulator().account.appId}:oUser`,
					canSendUntil: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
					messagesLeft: 5,
					appId: simulator().account.appId,
					accountAppId: simulator().account.appId,
					kind: 'message.text',
					dedupeKey: `${simulator().account.name}:oUser:2499001122334${id}`,
				},
			},
		]);
	});

	test('to an event, whose key is made of what it says', async () => {
		const { items } = await push({
			FromUserName: 'oUser',
			MsgType: 'event',
			Event: 'CLICK',
			EventKey: 'k',
		});
		expect(items?.[0].json).toMatchObject({
			kind: 'event.click',
			dedupeKey: expect.stringMatching(/^gh_\w+:oUser:\d+:event\.click:[\da-f]{12}$/) as string,
		});
	});
});

test('the end of a mass message comes with words for its status', async () => {
	const event = { FromUserName: 'oUser', MsgType: 'event', Event: 'MASSSENDJOBFINISH' };
	const { items } = await push({ ...event, MsgID: '1', Status: 'err(20008)' });
	expect(items?.[0].json).toMatchObject({
		Status: 'err(20008)',
		statusText: 'Refused: fraud (涉嫌欺诈)',
	});
	const other = await push({ ...event, Event: 'TEMPLATESENDJOBFINISH', Status: 'err(20008)' });
	expect(other.items?.[0].json).not.toHaveProperty('statusText');
});

test('one push delivered three times starts one run', async () => {
	const message = text({ CreateTime: seconds() });
	const deliveries = [await push(message), await push(message), await push(message)];
	expect(deliveries.map(({ items }) => items?.length ?? 0)).toEqual([1, 0, 0]);
	expect(deliveries.map(({ response }) => response.body)).toEqual([
		'success',
		'success',
		'success',
	]);
});

// https://github.com/binarywang/WxJava/issues/333: fifteen people spoke at once, and five or six got no answer.
test('two users whose messages have one MsgId each get a run and the reply of their own', async () => {
	const replies: string[] = [];
	const CreateTime = seconds();
	for (const FromUserName of ['oAnna', 'oBob', 'oAnna']) {
		const message = text({ FromUserName, MsgId: '6000000000000000001', CreateTime });
		const response = fakeResponse();
		const { items } = await push(message, { respond: 'responseNode' }, { response });
		if (items) {
			response.setHeader('content-type', REPLY_CONTENT_TYPE);
			response.end(JSON.stringify({ MsgType: 'text', Content: `for ${FromUserName}` }));
		}
		await response.sent;
		const [, sealed = ''] = /<Encrypt><!\[CDATA\[(.*?)\]/.exec(String(response.body)) ?? [];
		replies.push(unseal(simulator().account.encodingAESKey, sealed).message);
	}
	for (const [index, name] of ['oAnna', 'oBob', 'oAnna'].entries()) {
		expect(replies[index]).toContain(`<ToUserName><![CDATA[${name}]]></ToUserName>`);
		expect(replies[index]).toContain(`<Content><![CDATA[for ${name}]]></Content>`);
	}
});

// Raw control characters in pushes: offu/WeRoBot#419, zhayujie/CowAgent#2810.
test.each([
	['an escape', '\u001b'],
	['a line break', '\n'],
	['a group separator', '\u001d'],
])('%s that JSON should have escaped keeps no message away', async (_, character) => {
	const MsgId = `2499001122334${++id}`;
	const message = `\uFEFF{"ToUserName":"gh_1","FromUserName":"oUser","CreateTime":${seconds()},"MsgType":"text","Content":"a${character}b","MsgId":${MsgId}}`;
	for (const mode of ['safe', 'plaintext'] as const) {
		const { response, items } = await push(message, {}, { format: 'json', mode });
		expect(response.body).toBe('success');
		const started = { Content: `a${character}b`, MsgId, kind: 'message.text' };
		if (mode === 'safe') expect(items?.[0].json).toMatchObject(started);
	}
});

test('what a push says does not replace what the trigger found out', async () => {
	const forged = { kind: 'event.subscribe', appId: 'wx', dedupeKey: 'k' };
	const { items } = await push(text(forged));
	expect(items?.[0].json).toMatchObject({
		kind: 'message.text',
		appId: simulator().account.appId,
		dedupeKey: `${simulator().account.name}:oUser:2499001122334${id}`,
	});
});

test('what only a platform gets means nothing to an account itself', async () => {
	const before = simulator().calls.length;
	const event = { InfoType: 'authorized', AuthorizerAppid: 'wx1', AuthorizationCode: 'c' };
	const { items } = await push({ ...event, CreateTime: Math.floor(Date.now() / 1000) });
	expect(items).toHaveLength(1);
	expect(items?.[0].json).toMatchObject({ accountAppId: simulator().account.appId });
	const step = { ToUserName: 'gh_3c884a361561', Content: 'TESTCOMPONENT_MSG_TYPE_TEXT' };
	expect((await push(text(step))).items).toHaveLength(1);
	expect(simulator().calls).toHaveLength(before);
});

test('the same push starts a run in each place that it reaches', async () => {
	const { query, body } = buildPush(simulator().account, text());
	const places = [
		{},
		{ workflowId: 'copy' },
		{ nodeId: 'second trigger' },
		{ mode: 'manual' as const },
	];
	for (const place of places) {
		const { result } = await callWebhook(
			{ method: 'POST', query, body },
			{ kinds: ['all'] },
			credentialsFor(simulator()),
			fakeResponse(),
			place,
		);
		expect(result.workflowData).toHaveLength(1);
	}
});

test('blanks around what was pasted into the credential do not count', async () => {
	const { appId, token, encodingAESKey } = simulator().account;
	const { query, body } = buildPush(simulator().account, text());
	const { response } = await callWebhook(
		{ method: 'POST', query, body },
		{ kinds: ['all'] },
		credentialsFor(simulator(), {
			appId: ` ${appId}`,
			token: `${token} `,
			encodingAesKey: `${encodingAESKey}\n`,
		}),
	);
	expect(response.body).toBe('success');
});

test('a push under the key before the last change is opened', async () => {
	const { encodingAESKey } = simulator().account;
	const { query, body } = buildPush(simulator().account, text());
	const { response, result } = await callWebhook(
		{ method: 'POST', query, body },
		{ kinds: ['all'] },
		credentialsFor(simulator(), {
			encodingAesKey: 'x'.repeat(43),
			previousEncodingAesKey: encodingAESKey,
		}),
	);
	expect(response.body).toBe('success');
	expect(result.workflowData).toHaveLength(1);
});

test('a fault of the workflow is told to n8n, not taken for a bad push', async () => {
	await expect(push(text(), { kinds: '={{ null }}' })).rejects.toMatchObject({
		name: 'NodeOperationError',
	});
});

describe('what n8n makes of the description', () => {
	const { description } = new WechatTrigger();
	const type = `${PACK}.wechatTrigger`;

	test('a new trigger waits for a choice, looks for a reply node, and reads the body itself', () => {
		const node = { typeVersion: 1, parameters: {} };
		const given = NodeHelpers.getNodeParameters(
			description.properties,
			{},
			true,
			false,
			node,
			description,
		);
		expect(given).toMatchObject({
			kinds: [],
			respond: 'automatic',
			// n8n looks here before it parses a body (webhook-helpers, parseRequestBody).
			options: { binaryData: true },
		});
	});

	// As Telegram Trigger and WhatsApp Trigger of n8n-nodes-base: n8n publishes nothing before there is a choice.
	test('nothing chosen is a problem that n8n names', () => {
		const issues = (kinds: string[]) =>
			NodeHelpers.getNodeParametersIssues(
				description.properties,
				{ id: '1', name: 'T', type, typeVersion: 1, position: [0, 0], parameters: { kinds } },
				description,
			);
		expect(issues([])).toEqual({
			parameters: { kinds: ['Parameter "Trigger On" is required.'] },
		});
		expect(issues(['message.text'])).toBeNull();
	});

	/** What the editor says below Trigger On. */
	const listNotices = (kinds: string[], authentication = 'officialAccount') =>
		description.properties
			.filter((one) => one.type === 'notice')
			.filter((one) =>
				NodeHelpers.displayParameter({ kinds, authentication }, one, null, description),
			)
			.map(({ name }) => name)
			.filter((name) => !name.startsWith('address'));

	test.each<[string, string[], string, string[]]>([
		['All alone', ['all'], 'officialAccount', []],
		['other entries', ['message.text', 'event.subscribe'], 'officialAccount', []],
		['All beside another', ['all', 'message.text'], 'officialAccount', ['allBesideOthers']],
		['an event for platforms', ['visit.authorized'], 'officialAccount', ['forPlatformsOnly']],
		['an event for platforms', ['authorization.authorized'], 'openPlatform', []],
	])(
		'the editor speaks up where a choice counts for nothing: %s %p, %s',
		(_, kinds, as, notices) => {
			expect(listNotices(kinds, as)).toEqual(notices);
		},
	);

	test.each([
		['onReceived', 'onReceived'],
		['responseNode', 'responseNode'],
		// What stands behind the trigger is found when the push is there.
		['automatic', 'responseNode'],
	])('n8n answers as Respond says: %s', (respond, responseMode) => {
		const node = {
			id: '1',
			name: 'T',
			type,
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: { respond },
		};
		const workflow = new Workflow({ nodes: [node], connections: {}, active: true, nodeTypes });
		const modes = description.webhooks?.map(({ httpMethod, responseMode }) => [
			httpMethod,
			workflow.expression.getSimpleParameterValue(
				workflow.getNode('T') as typeof node,
				responseMode,
				'webhook',
				{},
			),
		]);
		expect(modes).toEqual([
			['GET', 'onReceived'],
			['POST', responseMode],
			['GET', 'onReceived'],
			['POST', responseMode],
		]);
	});
});

describe('the address check', () => {
	const check = async (
		changes: Record<string, unknown>,
		credential: Record<string, string> = {},
	) => {
		const timestamp = String(Math.floor(Date.now() / 1000));
		const signature = signParts(simulator().account.token, timestamp, '7');
		const query = {
			signature,
			timestamp,
			nonce: '7',
			echostr: '<4375120948345356249>',
			...changes,
		};
		return await callWebhook({ method: 'GET', query }, {}, credentialsFor(simulator(), credential));
	};

	test('gets echostr back as plain text, and starts nothing', async () => {
		const { response, result } = await check({});
		expect(response).toMatchObject({ statusCode: 200, body: '<4375120948345356249>' });
		expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
		expect(result).toEqual({ noWebhookResponse: true });
	});

	test('is refused when forged, or without a Token', async () => {
		expect((await check({ nonce: '8' })).response).toMatchObject({ statusCode: 401, body: '' });
		expect((await check({}, { token: '' })).response).toMatchObject({ statusCode: 403, body: '' });
	});
});

test('a refused push starts nothing and leaves one reason in the log, without a secret', async () => {
	const { query, body } = buildPush(simulator().account, text());
	const forged = { ...query, msg_signature: '0'.repeat(40) };
	const { response, result } = await callWebhook(
		{ method: 'POST', query: forged, body },
		{ kinds: ['all'] },
		credentialsFor(simulator()),
	);
	expect(response).toMatchObject({ statusCode: 401, body: '' });
	expect(result).toEqual({ noWebhookResponse: true });
	expect(logged).toEqual([
		expect.stringMatching(/^"WeChat Trigger" of workflow ".*" refused a push: The signature/),
	]);
	const { secret, token, encodingAESKey } = simulator().account;
	for (const hidden of [secret, token, encodingAESKey]) expect(logged[0]).not.toContain(hidden);
});

test.each<[string, { below?: string; body?: string; query?: object }]>([
	['an address', { below: 'x\n2026-01-01 | error | forged\u001b[2J\u2028\u202e' }],
	['a body', { body: `<xml><\u001b[2J\n${'a'.repeat(100_000)}></xml>` }],
	['a long body', { body: '<'.repeat(100_000) }],
	['an encryption', { query: { encrypt_type: 'x\r\nforged' } }],
])('%s of a stranger stays on one short line of the log', async (_, given) => {
	const { query, body } = buildPush(simulator().account, text());
	const request = { method: 'POST' as const, body, ...given, query: { ...query, ...given.query } };
	const { response } = await callWebhook(request, {}, credentialsFor(simulator()));
	expect(response.statusCode).toBeGreaterThanOrEqual(400);
	expect(logged).toHaveLength(1);
	expect(logged[0].length).toBeLessThan(600);
	expect(logged[0]).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
});

test('a body that says it is large is refused unread', async () => {
	// Right in all but its length.
	const { query, body } = buildPush(simulator().account, text());
	const { response, result } = await callWebhook(
		{ method: 'POST', query, body, headers: { 'content-length': String(2 ** 30) } },
		{},
		credentialsFor(simulator()),
	);
	expect(response).toMatchObject({ statusCode: 400, body: '' });
	expect(result).toEqual({ noWebhookResponse: true });
	expect(logged[0]).toContain('The body is larger than anything that WeChat sends.');
});

describe('filters', () => {
	const scan = (EventKey: string, Event = 'SCAN') =>
		({
			FromUserName: 'oUser',
			MsgType: 'event',
			Event,
			EventKey,
			Ticket: `t${++id}`,
		}) as PushMessage;

	test.each<[string, PushMessage, IDataObject, boolean]>([
		['a kind that is wanted', text(), { kinds: ['message.text'] }, true],
		['a kind that is not', text(), { kinds: ['event.subscribe'] }, false],
		['everything, when nothing is chosen', text(), { kinds: [] }, true],
		[
			'everything else, when one is chosen beside All',
			scan('a'),
			{ kinds: ['all', 'message.text'] },
			false,
		],
		['what is chosen beside All', text(), { kinds: ['message.text', 'all'] }, true],
		[
			'a message to an account, when something for platforms is chosen as well',
			text(),
			{ kinds: ['authorization.authorized', 'message.text'] },
			true,
		],
		[
			'a message, when only something for platforms is chosen',
			text(),
			{ kinds: ['authorization.authorized'] },
			false,
		],
		[
			'something new as Other',
			{ MsgType: 'hologram', FromUserName: 'o' },
			{ kinds: ['other'] },
			true,
		],
		['something known as Other', text(), { kinds: ['other'] }, false],
		['a user in the list', text(), { pushOptions: { openIds: 'oOther, oUser' } }, true],
		['a user who is not', text(), { pushOptions: { openIds: 'oOther' } }, false],
		['a key in the list', scan('store_1'), { pushOptions: { eventKeys: 'a,store_1' } }, true],
		[
			'the scene of a new follower with its prefix',
			scan('qrscene_store_1', 'subscribe'),
			{ pushOptions: { eventKeys: 'qrscene_store_1' } },
			true,
		],
		[
			'the scene of a new follower',
			scan('qrscene_store_1', 'subscribe'),
			{ pushOptions: { eventKeys: 'store_1' } },
			true,
		],
		[
			'a key that only ends like one in the list',
			scan('qrscene-store_1'),
			{ pushOptions: { eventKeys: 'store_1' } },
			false,
		],
		[
			'any rest of the scene of a new follower',
			scan('qrscene_store_2', 'subscribe'),
			{ pushOptions: { eventKeys: 'store_*' } },
			true,
		],
		[
			'any new follower who scanned',
			scan('qrscene_store_2', 'subscribe'),
			{ pushOptions: { eventKeys: 'qrscene_*' } },
			true,
		],
		['a user after a Chinese comma', text(), { pushOptions: { openIds: 'oOther，oUser' } }, true],
		['a user on a line of its own', text(), { pushOptions: { openIds: 'oOther\noUser' } }, true],
		['any rest', scan('store_2'), { pushOptions: { eventKeys: 'store_*' } }, true],
		['a key that is not', scan('shop'), { pushOptions: { eventKeys: 'store_*' } }, false],
		['a message, when keys are asked for', text(), { pushOptions: { eventKeys: 'a' } }, false],
		// What an expression that fails leaves of a filter that was added.
		['a user, when the list comes out empty', text(), { pushOptions: { openIds: ' ' } }, false],
		['a user, when the list is nothing', text(), { pushOptions: { openIds: null } }, false],
		['a key, when the list comes out empty', scan('a'), { pushOptions: { eventKeys: '' } }, false],
	])('%s', async (_, message, parameters, wanted) => {
		const { items, response } = await push(message, parameters as INodeParameters);
		expect(items !== undefined).toBe(wanted);
		expect(response.body).toBe('success');
	});
});

// Every message and event of the samples starts a run when its kind is chosen in "Trigger On".
const samples = join(__dirname, '..', 'fixtures', 'pushes');
const chosen = new WechatTrigger().description.properties.find(({ name }) => name === 'kinds');
const names = readdirSync(samples).filter((name) => !name.startsWith('component_'));
test.each(names.map((name, index) => [name, index] as const))('%s', async (name, index) => {
	// Two of them say the same: neighbors have a second of their own. What is older than five minutes is refused.
	const message = datePush(readFileSync(join(samples, name), 'utf8'), seconds() - (index % 240));
	const format = name.endsWith('.json') ? 'json' : 'xml';
	const word = (key: string) =>
		new RegExp(`${key}"?[>:]\\s*"?(?:<!\\[CDATA\\[)?(\\w+)`).exec(message)?.[1];
	const kind = toEventType({ MsgType: word('MsgType'), Event: word('Event') });
	expect(chosen?.options?.map((option) => 'value' in option && option.value)).toContain(kind);
	const { items } = await push(message, { kinds: [kind] }, { format });
	expect(items?.[0].json.kind).toBe(kind);
	const { BizPwd, AccountPwd, ...shown } = readMessage(message);
	expect(items?.[0].json).toMatchObject(shown);
	for (const secret of [BizPwd, AccountPwd])
		if (secret) expect(JSON.stringify(items)).not.toContain(secret);
});

test('the simulator pushes events by their names', async () => {
	const parties = { ToUserName: 'gh_1', FromUserName: 'o1' };
	const kind = 'event.channels_ec_order_pay';
	const message = createPush(kind, 'json', parties, seconds());
	const { items } = await push(message, { kinds: [kind] }, { format: 'json' });
	expect(items?.[0].json).toMatchObject({ ...parties, kind, CreateTime: String(seconds()) });
	expect(() => createPush('event.nothing', 'json', parties, seconds())).toThrow('no sample');
});

describe('media', () => {
	const pushOptions = { downloadMedia: true };

	test('arrives as a file, with the type that its bytes show', async () => {
		const png = Buffer.from(
			'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
			'base64',
		);
		const MediaId = simulator().addMedia(png, 'picture.png');
		const { items } = await push(text({ MsgType: 'image', MediaId, PicUrl: 'x' }), { pushOptions });
		expect(items?.[0].binary?.data).toMatchObject({
			data: png.toString('base64'),
			mimeType: 'image/png',
		});
	});

	test('a video is fetched from the address that WeChat names', async () => {
		const bytes = Buffer.from('not really a film');
		const MediaId = simulator().addMedia(bytes, 'film.mp4');
		const { items } = await push(text({ MsgType: 'video', MediaId, ThumbMediaId: 't' }), {
			pushOptions,
		});
		expect(items?.[0].binary?.data.data).toBe(bytes.toString('base64'));
	});

	// A relay that is not what it seems could have n8n call its neighbors.
	test('a video is not fetched from inside the network of n8n', async () => {
		const answer = { video_url: 'http://169.254.169.254/latest/meta-data' };
		simulator().fault({ path: '/cgi-bin/media/get', answer });
		const { items } = await push(text({ MsgType: 'video', MediaId: 'm', ThumbMediaId: 't' }), {
			pushOptions,
		});
		expect(items?.[0].json.mediaError).toMatch(/^The file is said to be at 169\.254\.169\.254, /);
		expect(items?.[0].binary).toBeUndefined();
	});

	// w7corp/easywechat#290: the address of a permanent video is that of a page.
	test.each([
		['<!DOCTYPE html><title>film</title>', /a web page is there/],
		['{"errcode":40007,"errmsg":"invalid media_id"}', /invalid media_id, errcode 40007/],
	])('a video is not %s', async (content, reason) => {
		const MediaId = simulator().addMedia(Buffer.from(content), 'film.mp4');
		const { items } = await push(text({ MsgType: 'video', MediaId, ThumbMediaId: 't' }), {
			pushOptions,
		});
		expect(items?.[0].binary).toBeUndefined();
		expect(items?.[0].json.mediaError).toMatch(reason);
	});

	test('a picture is called what its bytes show', async () => {
		const MediaId = simulator().addMedia(readSample('png'), 'picture.jpg');
		const { items } = await push(text({ MsgType: 'image', MediaId, PicUrl: 'x' }), { pushOptions });
		expect(items?.[0].binary?.data).toMatchObject({
			fileName: `${MediaId}.png`,
			mimeType: 'image/png',
		});
	});

	test.each(['video', 'shortvideo'])('a %s has a name and a type', async (MsgType) => {
		const MediaId = simulator().addMedia(Buffer.from('film'), 'film.mp4');
		const { items } = await push(text({ MsgType, MediaId, ThumbMediaId: 't' }), { pushOptions });
		expect(items?.[0].binary?.data).toMatchObject({
			fileName: `${MediaId}.mp4`,
			mimeType: 'video/mp4',
		});
	});

	test('without a name has its MediaId for one', async () => {
		simulator().fault({ path: '/cgi-bin/media/get', body: 'voice', headers: {} });
		const { items } = await push(text({ MsgType: 'voice', MediaId: 'm1' }), { pushOptions });
		expect(items?.[0].binary?.data.fileName).toBe('m1');
	});

	test('is not looked for where there is none', async () => {
		const before = simulator().calls.length;
		for (const message of [text({ MsgType: 'image' }), text({ MediaId: 'm' })]) {
			const { items } = await push(message, { pushOptions });
			expect(items?.[0].json).not.toHaveProperty('mediaError');
		}
		expect(simulator().calls).toHaveLength(before);
	});

	test('whose address is gone is an error, and stands in the log', async () => {
		const answer = { video_url: `${simulator().url}/gone` };
		simulator().fault({ path: '/cgi-bin/media/get', answer });
		const { items } = await push(text({ MsgType: 'video', MediaId: 'm' }), { pushOptions });
		expect(items?.[0].json.mediaError).toContain('the file is not there (HTTP 404)');
		expect(items?.[0].binary).toBeUndefined();
		expect(logged).toEqual([expect.stringContaining('HTTP 404')]);
	});

	test('that cannot be had does not lose the message', async () => {
		const { items, response } = await push(text({ MsgType: 'voice', MediaId: 'gone' }), {
			pushOptions,
		});
		expect(response.body).toBe('success');
		expect(items?.[0].json).toMatchObject({
			MsgType: 'voice',
			mediaError: expect.stringContaining('40007') as string,
		});
	});
});

describe('with a reply node', () => {
	const parameters = { respond: 'responseNode' };
	/** Ends the response as n8n does with what WeChat Reply sent. */
	const reply = (response: FakeResponse, tree: object) => {
		response.setHeader('content-type', REPLY_CONTENT_TYPE);
		response.end(Buffer.from(JSON.stringify(tree)));
	};
	const opened = (response: FakeResponse) => {
		const [, encrypted = ''] = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(response.body ?? '') ?? [];
		return unseal(simulator().account.encodingAESKey, encrypted).message;
	};

	test('WeChat waits for the reply, and gets it as it sent the push', async () => {
		const { response, result } = await push(text(), parameters);
		expect(result.noWebhookResponse).toBe(false);
		expect(response.headersSent).toBe(false);
		reply(response, { MsgType: 'text', Content: 'hi' });
		expect(response.statusCode).toBe(200);
		expect(opened(response)).toMatch(
			/<ToUserName><!\[CDATA\[oUser\]\].*<Content><!\[CDATA\[hi\]\]>/s,
		);
	});

	test.each([
		['ends without a reply', 200, '{}'],
		['fails', 500, '{"message":"Error in workflow"}'],
	])('a run that %s answers success', async (_, status, body) => {
		const { response } = await push(text(), parameters);
		response.statusCode = status;
		response.setHeader('content-type', 'application/json');
		response.end(body);
		expect(response).toMatchObject({ statusCode: 200, body: 'success' });
		expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
	});

	test.each([
		['text/html', '<p>hi</p>'],
		['application/json', '{"MsgType":"text","Content":"hi"}'],
	])('what another node answers as %s does not reach WeChat', async (type, body) => {
		const { response } = await push(text(), parameters);
		response.setHeader('content-type', type);
		response.setHeader('etag', 'W/"2"');
		response.end(body);
		expect(response.body).toBe('success');
		expect([...response.headers.keys()]).toEqual([
			'cache-control',
			'content-length',
			'content-type',
			'x-content-type-options',
		]);
	});

	test('the length of an answer is counted in bytes', async () => {
		const { response } = await push(text(), parameters, { mode: 'plaintext' });
		reply(response, { MsgType: 'text', Content: '你好' });
		expect(response.body).toContain('你好');
		expect(response.headers.get('content-length')).toBe(Buffer.byteLength(response.body ?? ''));
	});

	test('a response that n8n or the last moment has ended is left alone', () => {
		const response = new ServerResponse(new IncomingMessage(new Socket()));
		response.end('first');
		expect(sendResponse(response, SUCCESS)).toBe(false);
	});

	test('nothing is written to a WeChat that has hung up', () => {
		const response = fakeResponse();
		Object.assign(response, { destroyed: true });
		expect(sendResponse(response as unknown as Response, SUCCESS)).toBe(false);
		expect(response.headersSent).toBe(false);
	});

	test('"no answer" answers success', async () => {
		const { response } = await push(text(), parameters);
		reply(response, {});
		expect(response.body).toBe('success');
	});

	test('all deliveries of a push get the one reply', async () => {
		const message = text();
		const [first, second] = [await push(message, parameters), await push(message, parameters)];
		expect(second.items).toBeUndefined();
		expect(second.response.headersSent).toBe(false);
		reply(first.response, { MsgType: 'text', Content: 'once' });
		const third = await push(message, parameters);
		expect(new Set([first, second, third].map(({ response }) => response.body)).size).toBe(1);
		expect(opened(third.response)).toContain('once');
	});

	test('the last delivery is answered in time', async () => {
		jest.useFakeTimers();
		try {
			const message = text();
			await push(message, parameters);
			await push(message, parameters);
			const { response } = await push(message, parameters);
			jest.advanceTimersByTime(4100);
			expect(response.headersSent).toBe(false);
			jest.advanceTimersByTime(100);
			expect(response.body).toBe('success');
		} finally {
			jest.useRealTimers();
		}
	});

	test('WeChat has hung up: nothing breaks', async () => {
		const response = Object.assign(fakeResponse(), { destroyed: true });
		await push(text(), parameters, { response });
		expect(() => reply(response, { MsgType: 'text', Content: 'late' })).not.toThrow();
	});

	test('a push that no filter lets through is answered at once', async () => {
		const { response, items } = await push(text(), { ...parameters, kinds: ['event.subscribe'] });
		expect(response.body).toBe('success');
		expect(items).toBeUndefined();
	});
});
