import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IConnection, INode, INodeParameters, IWorkflowBase } from 'n8n-workflow';
import { REPLY_CONTENT_TYPE } from '../../nodes/n8n/replyContentType';
import {
	type Credentials,
	leadTo,
	logged,
	nodesWith,
	PACK,
	prepareN8n,
	runWorkflow,
} from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator();

const BY_MEDIA_ID = { mediaFrom: 'mediaId', thumbFrom: 'mediaId', videoThumbFrom: 'mediaId' };
const soon = () => new Date(Date.now() + 14_000).toISOString();
const PAST = '2020-01-01T00:00:00.000Z';

interface Given extends Partial<
	Pick<INode, 'disabled' | 'maxTries' | 'onError' | 'retryOnFail' | 'waitBetweenTries'>
> {
	respond?: string;
	trigger?: string;
	type?: string;
	items?: number;
	second?: string;
	replyBefore?: string;
	kind?: string;
	messagesLeft?: number;
	credentials?: Credentials;
	/** The fields of a second reply behind the first. */
	after?: INodeParameters;
	/** How often the node runs. */
	loops?: number;
}

/** Trigger -> something in between -> WeChat Reply, begun by a push. */
async function reply(
	parameters: INodeParameters,
	{
		respond = 'responseNode',
		trigger = 'Any Name',
		type = `${PACK}.wechatTrigger`,
		items = 1,
		disabled = false,
		second = '',
		replyBefore = soon(),
		kind = 'message.text',
		messagesLeft,
		credentials = credentialsFor(simulator()),
		...more
	}: Given = {},
) {
	const { after, loops = 1, ...settings } = more;
	const node = nodesWith(credentials);
	const [FromUserName] = simulator().openids();
	const ran = await runWorkflow(
		{
			nodes: [
				// OpenID for the case that it is another node.
				{ ...node(trigger, type, { respond, kinds: ['all'], openid: 'o' }), disabled },
				...(second ? [node('Second', type, { respond: second, kinds: ['all'] })] : []),
				node('Between', 'n8n-nodes-base.start'),
				{ ...node('Reply', `${PACK}.wechatReply`, { ...BY_MEDIA_ID, ...parameters }), ...settings },
				...(after ? [node('After', `${PACK}.wechatReply`, after)] : []),
			],
			connections: {
				[trigger]: leadTo('Between'),
				...(second && { Second: leadTo('Between') }),
				// A node runs as often as there is something for it.
				Between: { main: [Array<IConnection>(loops).fill(leadTo('Reply').main[0][0])] },
				...(after && { Reply: leadTo('After') }),
			},
		},
		credentials,
		Array.from({ length: items }, (_, index) => ({
			json: {
				index,
				FromUserName,
				replyBefore,
				kind,
				...(messagesLeft !== undefined && { messagesLeft }),
				accountAppId: simulator().account.appId,
			},
		})),
		type === `${PACK}.wechatTrigger` ? trigger : 'Between',
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
	expect(response.headers).toEqual({ 'content-type': REPLY_CONTENT_TYPE });
	const sentAs = type === 'None' ? 'nothing' : 'passiveReply';
	expect(items('Reply')).toEqual([{ json: { reply: tree, sentAs }, pairedItem: { item: 0 } }]);
});

test.each<[string, INodeParameters, string]>([
	['an empty text', { type: 'Text', content: '={{ "" }}' }, '"Text (文字)" is missing'],
	[
		'a text too long for one message',
		{ type: 'Text', content: '好'.repeat(683), late: 'fail' },
		'"Text (文字)" has 2049 bytes',
	],
	[
		'a text too long for one message',
		{ type: 'Text', content: '好'.repeat(683), late: 'nothing' },
		'"Text (文字)" has 2049 bytes',
	],
	[
		'an image without ID',
		{ type: 'Image', mediaId: '={{ undefined }}' },
		'"Media ID (素材ID)" is missing',
	],
	[
		'music without picture',
		{ type: 'Music', thumbMediaId: '={{ "" }}' },
		'"Thumb Media ID (缩略图素材ID)" is missing',
	],
	['no article', { type: 'News', articles: {} }, '"Articles (图文)" is missing'],
	[
		'nine articles',
		{ type: 'News', articles: { article: Array(9).fill({ Title: 'a' }) } },
		'takes 8 at a time',
	],
])('a reply with %s is refused before anything is sent', async (_, parameters, message) => {
	const { error, responses } = await reply({ ...parameters, failureText: '' });
	expect(error?.message).toContain(message);
	expect(error?.description).toContain('The user sees nothing.');
	expect(responses).toEqual([]);
});

test.each<[string, INodeParameters]>([
	['a text of 2048 bytes', { type: 'Text', content: '好'.repeat(682) + 'ab' }],
	['eight articles', { type: 'News', articles: { article: Array(8).fill({ Title: 'a' }) } }],
])('a reply with %s is taken', async (_, parameters) => {
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

test('a reply finds its trigger under any name', async () => {
	expect((await reply({ content: 'hi' }, { trigger: '触发器 "1"' })).error).toBeUndefined();
});

test('a reply after the answer of the trigger is an error when nothing may be sent late', async () => {
	const { error } = await reply(
		{ content: 'hi', late: 'fail' },
		{ respond: 'onReceived', replyBefore: '' },
	);
	expect(error?.message).toBe('"Any Name" answered WeChat before this node ran');
	expect(error?.description).toContain('Automatic');
	expect(simulator().messages).toEqual([]);
});

// n8n logs "Cannot set headers after they are sent to the client" for a second answer.
test('what a rule has answered is followed by a message, and by nothing on the connection', async () => {
	const before = simulator().messages.length;
	const { error, responses } = await reply({ content: 'hi' }, { replyBefore: '' });
	expect(error).toBeUndefined();
	expect(responses).toEqual([]);
	expect(simulator().messages).toHaveLength(before + 1);
});

test('a reply belongs to the trigger that started the run, of several', async () => {
	const started = await reply({ content: 'hi' }, { second: 'onReceived' });
	expect(started.items('Reply')[0].json.sentAs).toBe('passiveReply');
});

/** The messages that a test made WeChat deliver. */
async function delivered(work: () => Promise<unknown>): Promise<object[]> {
	const before = simulator().messages.length;
	await work();
	return simulator()
		.messages.slice(before)
		.map(({ body }) => body);
}

// "Customer service messages" (客服消息), table of message kinds.
describe('too late for the connection of the push', () => {
	const media = (fileName: string) => simulator().addMedia(Buffer.from('GIF89a'), fileName);
	const article = (Title: string) => ({ Title, Description: 'd', PicUrl: '', Url: 'https://a.b' });
	const late = { replyBefore: PAST };

	test.each<[string, () => INodeParameters, (given: INodeParameters) => object]>([
		['Text', () => ({ content: '007 😀' }), () => ({ text: { content: '007 😀' } })],
		['Image', () => ({ mediaId: media('a.gif') }), (p) => ({ image: { media_id: p.mediaId } })],
		['Voice', () => ({ mediaId: media('a.mp3') }), (p) => ({ voice: { media_id: p.mediaId } })],
		[
			'Video',
			() => ({ mediaId: media('a.mp4'), title: 't', videoThumbMediaId: media('a.jpg') }),
			(p) => ({
				video: { media_id: p.mediaId, thumb_media_id: p.videoThumbMediaId, title: 't' },
			}),
		],
		[
			'Music',
			() => ({ description: 'd', musicUrl: 'https://a.b/c', thumbMediaId: media('a.jpg') }),
			(p) => ({
				music: {
					description: 'd',
					musicurl: 'https://a.b/c',
					hqmusicurl: 'https://a.b/c',
					thumb_media_id: p.thumbMediaId,
				},
			}),
		],
		[
			'News',
			() => ({ articles: { article: [article('a'), article('b')] } }),
			() => ({
				news: { articles: [{ title: 'a', description: 'd', url: 'https://a.b' }] },
			}),
		],
	])('%s goes as a message', async (type, make, message) => {
		const [touser] = simulator().openids();
		const given = make();
		const messages = await delivered(async () => {
			const { error, sent, items } = await reply({ type, ...given }, late);
			expect(error).toBeUndefined();
			// WeChat is answered all the same.
			expect(sent).toEqual({});
			expect(items('Reply')[0].json.sentAs).toBe('customerServiceMessage');
		});
		expect(messages).toEqual([{ touser, msgtype: type.toLowerCase(), ...message(given) }]);
	});

	test.each<[string, INodeParameters, string, string]>([
		['Video', { mediaId: 'm' }, 'A video needs a preview picture', 'Thumb Media ID'],
		['Music', { thumbMediaId: 'm' }, 'Music needs an address', 'Music URL'],
		['TransInfo', {}, 'too late to hand the conversation over', 'within five seconds'],
		['Text', { content: 'hi', late: 'fail' }, 'The reply came too late', 'If Too Late'],
	])('%s that cannot go so is an error', async (type, given, message, advice) => {
		const messages = await delivered(async () => {
			const { error } = await reply({ type, ...given, failureText: '' }, late);
			expect(error?.message).toContain(message);
			expect(error?.description).toContain(advice);
		});
		expect(messages).toEqual([]);
	});

	test('nothing is sent when If Too Late says so', async () => {
		const messages = await delivered(async () => {
			const { error, items } = await reply({ content: 'hi', late: 'nothing' }, late);
			expect(error).toBeUndefined();
			expect(items('Reply')[0].json.sentAs).toBe('nothing');
		});
		expect(messages).toEqual([]);
	});
});

/*
 * A text message has at most 2048 bytes (45002). After a message of a user WeChat takes five customer service messages,
 * after an event three (page of customer service messages); a passive reply is none of them.
 */
describe('a text longer than a message', () => {
	const sentence = `${'好'.repeat(199)}。`;
	const three = sentence.repeat(9);
	const part = { MsgType: 'text', Content: sentence.repeat(3) };
	const asMessage = { msgtype: 'text', text: { content: part.Content } };

	test('goes on in customer service messages', async () => {
		const messages = await delivered(async () => {
			const { error, sent, items } = await reply({ content: three });
			expect(error).toBeUndefined();
			expect(sent).toEqual(part);
			expect(items('Reply')[0].json).toEqual({
				reply: part,
				sentAs: 'passiveReply',
				parts: 3,
				partsSent: 3,
			});
		});
		expect(messages).toMatchObject([asMessage, asMessage]);
	});

	test('goes all in customer service messages when it is late', async () => {
		const messages = await delivered(async () => {
			const { items } = await reply({ content: three }, { replyBefore: PAST });
			expect(items('Reply')[0].json).toMatchObject({
				sentAs: 'customerServiceMessage',
				parts: 3,
				partsSent: 3,
			});
		});
		expect(messages).toMatchObject([asMessage, asMessage, asMessage]);
	});

	test.each([
		['in time, after a message', {}, 6],
		['late, after a message', { replyBefore: PAST }, 5],
		['in time, after an event', { kind: 'event.click' }, 4],
		['late, where the trigger has counted', { replyBefore: PAST, messagesLeft: 2 }, 2],
		['in time, where none is left', { messagesLeft: 0 }, 1],
	])('says what was not sent: %s', async (_, given, partsSent) => {
		const { error, items } = await reply({ content: sentence.repeat(24) }, given);
		expect(error).toBeUndefined();
		expect(items('Reply')[0].json).toMatchObject({
			parts: 8,
			partsSent,
			notSent: Array(8 - partsSent)
				.fill(part.Content)
				.join('\n'),
			notSentBecause: expect.stringContaining('takes no more messages') as string,
		});
		expect(logged.join()).toContain(`Only ${partsSent} of 8 parts`);
	});

	test('says why WeChat refused the rest, and does not fail: a retry would say it twice', async () => {
		simulator().fault({ path: '/cgi-bin/message/custom/send', answer: { errcode: 45047 } });
		const { error, items } = await reply({ content: three });
		expect(error).toBeUndefined();
		expect(items('Reply')[0].json).toMatchObject({
			sentAs: 'passiveReply',
			parts: 3,
			partsSent: 1,
			notSent: `${part.Content}\n${part.Content}`,
			notSentBecause: expect.stringContaining('45047') as string,
		});
	});

	test('is counted as it is sent: Markdown may be longer', async () => {
		const { items } = await reply({
			content: `**${'好'.repeat(682)}**`,
			format: 'markdown',
			late: 'fail',
		});
		expect(items('Reply')[0].json).toEqual({
			reply: { MsgType: 'text', Content: '好'.repeat(682) },
			sentAs: 'passiveReply',
		});
	});
});

// Plain text is never read as Markdown, unless somebody says that it is.
test.each([
	['text', '**a** 2 * 3 [x](https://a.example)'],
	['markdown', 'a 2 * 3 <a href="https://a.example">x</a>'],
])('a text in the format %s', async (format, Content) => {
	const { sent } = await reply({ content: '**a** 2 * 3 [x](https://a.example)', format });
	expect(sent).toEqual({ MsgType: 'text', Content });
});

describe('a reply that fails', () => {
	const TOO_LONG = { content: '好'.repeat(683), late: 'fail' };
	const SORRY = { failureText: 'Sorry' };
	const late = { replyBefore: PAST };
	const text = (Content: string) => ({ MsgType: 'text', Content });

	test('is an error for the builder, and a text for the user', async () => {
		const { error, sent, responses } = await reply({ ...TOO_LONG, ...SORRY });
		expect(error?.message).toContain('"Text (文字)" has 2049 bytes');
		expect(error?.description).toContain('The user got the text of If It Fails.');
		expect(sent).toEqual(text('Sorry'));
		expect(responses).toHaveLength(1);
	});

	test('says so in Chinese when nothing else is entered', async () => {
		expect((await reply(TOO_LONG)).sent).toEqual(text('抱歉，暂时无法回复，请稍后再试。'));
	});

	test('ends in the text when an expression in it fails', async () => {
		const content = "={{ $('Nobody').first().json.text }}";
		const { error, sent } = await reply({ content, ...SORRY });
		expect(error).toBeDefined();
		expect(sent).toEqual(text('Sorry'));
	});

	test('goes on with the truth about what the user got, where On Error says so', async () => {
		const parameters = { ...TOO_LONG, ...SORRY };
		const { error, items } = await reply(parameters, { onError: 'continueRegularOutput' });
		expect(error).toBeUndefined();
		expect(items('Reply')[0].json).toEqual({
			error: expect.stringContaining('"Text (文字)" has 2049 bytes') as string,
			reply: text('Sorry'),
			sentAs: 'passiveReply',
		});
	});

	// A reply behind the error output answers: WeChat takes one.
	test('says nothing where an error output leads on', async () => {
		const parameters = { ...TOO_LONG, ...SORRY };
		const { responses } = await reply(parameters, { onError: 'continueErrorOutput' });
		expect(responses).toEqual([]);
	});

	// n8n repeats the node (WorkflowExecute, retryOnFail).
	test('says so once, after the last try', async () => {
		const tries = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const messages = await delivered(async () => {
			const { error, sent, responses } = await reply({ ...TOO_LONG, ...SORRY }, tries);
			expect(error).toBeDefined();
			expect(responses).toHaveLength(1);
			expect(sent).toEqual(text('Sorry'));
		});
		expect(messages).toEqual([]);
	});

	test('says so by a message when it is late', async () => {
		const messages = await delivered(async () => {
			const { error, sent } = await reply({ type: 'Video', mediaId: 'm', ...SORRY }, late);
			expect(error?.message).toContain('A video needs a preview picture');
			expect(sent).toEqual({});
		});
		expect(messages).toMatchObject([{ msgtype: 'text', text: { content: 'Sorry' } }]);
	});

	test.each(['nothing', 'fail'])('says nothing late when If Too Late is %s', async (way) => {
		const messages = await delivered(async () => {
			const { error } = await reply({ ...TOO_LONG, ...SORRY, late: way }, late);
			expect(error?.description).toContain('The user sees nothing.');
		});
		expect(messages).toEqual([]);
	});

	test.each([{}, { retryOnFail: true, waitBetweenTries: 1 }])(
		'says nothing when the reply may have gone out: %p',
		async (settings) => {
			simulator().fault({ path: '/cgi-bin/message/custom/send', drop: true, work: true });
			const messages = await delivered(async () => {
				const { error } = await reply({ content: 'hi', ...SORRY }, { ...late, ...settings });
				expect(error).toBeDefined();
				expect(error?.description).not.toContain('The user');
			});
			expect(messages).toMatchObject([{ text: { content: 'hi' } }]);
		},
	);

	test('keeps its own reason when the text cannot be sent either', async () => {
		const before = simulator().messages.length;
		const answer = { errcode: 48001, errmsg: 'api unauthorized' };
		simulator().fault({ path: '/cgi-bin/message/custom/send', times: 2, answer });
		const { error } = await reply({ content: 'hi', ...SORRY }, late);
		expect(error?.message).toContain('48001');
		expect(error?.description).toContain('The user sees nothing.');
		expect(simulator().messages).toHaveLength(before);
		expect(logged.join()).toContain('could not send the text of If It Fails');
	});
});

// WeChat takes one answer to a push: "Passive reply" (被动回复用户消息).
describe('a second reply to the same push', () => {
	const twice = async (second: INodeParameters, first: INodeParameters = { content: 'first' }) =>
		await reply(first, { after: { content: 'second', ...second } });

	test('goes as a message, and says so', async () => {
		const messages = await delivered(async () => {
			const { error, responses, sent, items } = await twice({});
			expect(error).toBeUndefined();
			expect(responses).toHaveLength(1);
			expect(sent).toMatchObject({ Content: 'first' });
			expect(items('Reply')[0].json.sentAs).toBe('passiveReply');
			expect(items('After')[0].json.sentAs).toBe('customerServiceMessage');
		});
		expect(messages).toMatchObject([{ text: { content: 'second' } }]);
	});

	test('does nothing, or fails, when If Too Late says so', async () => {
		const messages = await delivered(async () => {
			expect((await twice({ late: 'nothing' })).items('After')[0].json.sentAs).toBe('nothing');
			const { error } = await twice({ late: 'fail' });
			expect(error?.message).toBe('WeChat has its answer already: it takes one for each push');
			expect(error?.description).toContain('If Too Late');
		});
		expect(messages).toEqual([]);
	});

	test('goes as a message after No Answer as well', async () => {
		const { responses, items } = await twice({}, { type: 'None' });
		expect(responses).toHaveLength(1);
		expect(items('After')[0].json.sentAs).toBe('customerServiceMessage');
	});

	test('is known in a loop, in which one node replies again and again', async () => {
		const messages = await delivered(async () => {
			const { run, responses } = await reply({ content: 'hi' }, { loops: 3 });
			const ways = run.data.resultData.runData.Reply.map(
				({ data }) => data?.main[0]?.[0].json.sentAs,
			);
			expect(ways).toEqual(['passiveReply', 'customerServiceMessage', 'customerServiceMessage']);
			expect(responses).toHaveLength(1);
		});
		expect(messages).toHaveLength(2);
	});
});

// "Mini programs cannot be answered passively, except transfer_customer_service."
describe('users of a mini program', () => {
	const mini = () => ({ credentials: credentialsFor(simulator(), { kind: 'miniProgram' }) });

	test('get a message, at once', async () => {
		const messages = await delivered(async () => {
			const { sent, items } = await reply({ content: 'hi' }, mini());
			expect(sent).toEqual({});
			expect(items('Reply')[0].json.sentAs).toBe('customerServiceMessage');
		});
		expect(messages).toMatchObject([{ msgtype: 'text', text: { content: 'hi' } }]);
	});

	test('get a news card as a link', async () => {
		const given = { Title: 't', Description: 'd', PicUrl: 'https://a.b/c', Url: 'https://a.b' };
		const messages = await delivered(
			async () => await reply({ type: 'News', articles: { article: [given] } }, mini()),
		);
		const link = { title: 't', description: 'd', thumb_url: 'https://a.b/c', url: 'https://a.b' };
		expect(messages).toMatchObject([{ msgtype: 'link', link }]);
	});

	test('can be handed over to customer service', async () => {
		const { sent, items } = await reply({ type: 'TransInfo' }, mini());
		expect(sent).toEqual({ MsgType: 'transfer_customer_service' });
		expect(items('Reply')[0].json.sentAs).toBe('passiveReply');
	});

	test('cannot be sent music', async () => {
		const { error } = await reply({ type: 'Music', thumbMediaId: 'm' }, mini());
		expect(error?.message).toBe('Mini programs cannot send music');
	});
});

test('a reply is a text when nothing else is chosen', async () => {
	expect((await reply({ content: 'hi' })).sent).toEqual({ MsgType: 'text', Content: 'hi' });
});

test.each([
	['there is no trigger', { type: 'n8n-nodes-base.start' }],
	['there is only another node of the pack', { type: `${PACK}.wechat` }],
	['the trigger is disabled', { disabled: true }],
])('a workflow in which %s is told that there is no push to answer', async (_, given) => {
	const { error, responses } = await reply({ content: 'hi' }, given);
	expect(error?.message).toBe('There is no push to answer');
	expect(error?.description).toMatch(
		/^Put a WeChat Trigger or WeChat Bot Trigger before this node\.\n请在此节点之前放置/,
	);
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
		[{ json: { FromUserName, Content: '你好 <&>', replyBefore: soon() } }],
		'WeChat Trigger',
	);
	expect(error).toBeUndefined();
	const [{ body }] = responses as Array<{ body: Buffer }>;
	expect(JSON.parse(body.toString())).toEqual({
		MsgType: 'text',
		Content: expect.stringMatching(
			/^您说 You said: 你好 <&>\n关注日期 You follow since: \d{4}-\d\d-\d\d$/,
		) as string,
	});
});
