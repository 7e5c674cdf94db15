import { accountQuestion } from '../../nodes/Wechat/fields/accountQuestion';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { State } from '../../nodes/api/state';
import type { Question } from '../../nodes/conversation/question';
import { listOpenQuestions, QUESTIONS } from '../../nodes/conversation/questionStore';
import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT as MINI } from '../simulator';
import {
	type Credentials,
	execution,
	leadTo,
	logged,
	nodesWith,
	PACK,
	prepareN8n,
	runWorkflow,
} from '../support/n8n';
import { endWait, resumeRun } from '../support/resumeRun';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ followers: 2, accounts: [DEFAULT_ACCOUNT, MINI] });
const SEND = '/cgi-bin/message/custom/send';
const HOUR = 3_600_000;

const sent = () => simulator().calls.filter(({ path }) => path === SEND);
const person = () => simulator().openids()[0];

/** Trigger or start -> Ask -> After. */
function flow(parameters: INodeParameters, credentials: Credentials, ask: Partial<INode> = {}) {
	const node = nodesWith(credentials);
	const of = { resource: 'customerServiceMessage', operation: 'sendAndWait' };
	const given = { ...of, touser: person(), message: 'Ship it?', ...parameters };
	return {
		nodes: [
			node('Push', `${PACK}.wechatTrigger`, { respond: 'responseNode', kinds: ['all'] }),
			node('Start', 'n8n-nodes-base.start'),
			{ ...node('Ask', `${PACK}.wechat`, given), ...ask },
			node('After', 'n8n-nodes-base.start'),
		],
		connections: { Push: leadTo('Ask'), Start: leadTo('Ask'), Ask: leadTo('After') },
	};
}

interface Given {
	credentials?: Credentials;
	node?: Partial<INode>;
	items?: IDataObject[];
	/** Starts with a push that waits for its reply. */
	push?: IDataObject;
}

async function ask(parameters: INodeParameters = {}, given: Given = {}) {
	const { credentials = credentialsFor(simulator()), node, items = [{}], push } = given;
	const asked = flow(parameters, credentials, node);
	const before = sent().length;
	const ran = await runWorkflow(
		asked,
		credentials,
		(push ? [push] : items).map((json) => ({ json })),
		push ? 'Push' : 'Start',
	);
	const state = JSON.parse(String(credentials.data.state ?? '{}')) as Partial<State>;
	const stored = Object.values(state.shelves?.[QUESTIONS] ?? {}).flatMap((group) =>
		listOpenQuestions(group, Date.now()),
	);
	return {
		...ran,
		credentials,
		stored,
		messages: sent().slice(before),
		waits: ran.run.data.waitTill,
		resume: async (body: object) => await resumeRun(ran, asked, credentials, body as IDataObject),
		end: async () => await endWait(ran, asked, credentials),
	};
}

const answer = (question: Question, responses: object[]) => ({
	question: question.id,
	outcome: 'answered',
	responses,
	respondedAt: 1_790_000_000_000,
});

test('an approval goes out as a menu, and the run waits', async () => {
	const began = Date.now();
	const { error, messages, stored, waits, run, items } = await ask();
	expect(error).toBeUndefined();
	const [question] = stored;
	expect(messages.map(({ body }) => body)).toMatchObject([
		{
			touser: person(),
			msgtype: 'msgmenu',
			msgmenu: { head_content: 'Ship it?', list: [{ content: '同意' }, { content: '拒绝' }] },
		},
	]);
	expect(question).toMatchObject({
		id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
		account: DEFAULT_ACCOUNT.appId,
		openid: person(),
		steps: [{ name: 'approved', expects: 'choice' }],
		responses: [],
	});
	expect(question.resumeUrl).toMatch(
		new RegExp(`^http://localhost/webhook-waiting/${execution.id}/ask\\?signature=[0-9a-f]{64}$`),
	);
	expect(question.until - question.askedAt).toBe(24 * HOUR);
	expect(question.askedAt).toBeGreaterThanOrEqual(began);
	expect(waits?.getTime()).toBe(question.until);
	expect(items('After')).toEqual([]);
	expect(JSON.stringify(run.data.resultData)).not.toContain('signature');
});

// n8n 2.8.4, waiting-webhooks.js: it signs the address that it is reached at, and checks the one that arrives.
test.each([
	['an address of its own', true, 'http://localhost/webhook-waiting'],
	[
		'an address below a prefix, which a proxy may cut off',
		undefined,
		'http://localhost/n8n/webhook-waiting',
	],
])('n8n checks the signature of %s: %s', async (_, isChecked, waitingUrl) => {
	const { waitingUrl: before } = execution;
	execution.waitingUrl = waitingUrl;
	const { run } = await ask();
	execution.waitingUrl = before;
	expect((run.data as { validateSignature?: boolean }).validateSignature).toBe(isChecked);
});

test.each([
	[true, { approved: true }],
	[false, { approved: false }],
])('approved %s', async (value, data) => {
	const { stored, resume } = await ask();
	const { answer: receipt, items } = await resume(
		answer(stored[0], [{ name: 'approved', at: 1, value }]),
	);
	expect(receipt).toEqual({ question: stored[0].id, isAccepted: true });
	expect(items('After').map(({ json }) => json)).toEqual([
		{
			outcome: 'answered',
			data,
			respondedAt: new Date(1_790_000_000_000).toISOString(),
			questionId: stored[0].id,
			accountAppId: DEFAULT_ACCOUNT.appId,
			openid: person(),
			openQuestions: 0,
		},
	]);
});

// n8n 2.8.4, workflow-execute.js, handleNodeErrorOutput: it takes the items out of the list that the node returns.
test('a node whose On Error leads to an error output goes on like others', async () => {
	const { stored, resume, end } = await ask({}, { node: { onError: 'continueErrorOutput' } });
	const approved = [{ name: 'approved', at: 1, value: true }];
	const { isResumed, items } = await resume(answer(stored[0], approved));
	expect(isResumed).toBe(true);
	expect(items('After')[0].json.data).toEqual({ approved: true });
	expect((await end())('After')[0].json.outcome).toBe('noAnswer');
});

test('a cancelled question has no data', async () => {
	const { stored, resume } = await ask({ responseType: 'freeText' });
	const { items } = await resume({ ...answer(stored[0], []), outcome: 'cancelled' });
	expect(items('After')[0].json).toMatchObject({ outcome: 'cancelled', data: {} });
});

// The same run may wait with another question by now, at the same address: a loop.
test.each([
	[
		'another question',
		{ question: 'f'.repeat(32), outcome: 'answered', responses: [], respondedAt: 1 },
	],
	['nothing', {}],
	['no outcome', { outcome: 'maybe', responses: [], respondedAt: 1 }],
])('a run waits on after a resume for %s', async (_, body) => {
	const { stored, resume } = await ask();
	const own = 'outcome' in body && body.outcome === 'maybe' ? { question: stored[0].id } : {};
	const resumed = await resume({ ...own, ...body });
	expect(resumed).toMatchObject({ isResumed: false, answer: { isAccepted: false } });
});

test('when the time is over, the run goes on without an answer', async () => {
	const { stored, end } = await ask({ resumeAmount: 30, resumeUnit: 'minutes' });
	expect(stored[0].until - stored[0].askedAt).toBe(HOUR / 2);
	const items = await end();
	expect(items('After').map(({ json }) => json)).toEqual([
		{
			outcome: 'noAnswer',
			data: {},
			respondedAt: null,
			questionId: stored[0].id,
			accountAppId: DEFAULT_ACCOUNT.appId,
			openid: person(),
			openQuestions: 0,
		},
	]);
});

describe('response types', () => {
	test('one of several choices', async () => {
		const { stored, messages } = await ask({
			responseType: 'choice',
			choices: ' Mon \n\nTue\nWed',
		});
		expect(messages[0].body).toMatchObject({
			msgmenu: { list: [{ content: 'Mon' }, { content: 'Tue' }, { content: 'Wed' }] },
		});
		expect(stored[0].steps[0].choices?.map(({ id }) => id)).toEqual(['Mon', 'Tue', 'Wed']);
	});

	test('a form asks its first question, and gives all answers by name', async () => {
		const values = [
			{ fieldLabel: 'How many?', fieldName: 'people', fieldType: 'number' },
			{ fieldLabel: 'Which day?', fieldType: 'choice', choices: 'Mon\nTue' },
			{ fieldLabel: 'A picture?', fieldName: 'picture', fieldType: 'picture' },
			{ fieldLabel: 'Where?', fieldName: 'place', fieldType: 'location' },
		];
		const form = { responseType: 'form', message: 'A table:', formFields: { values } };
		const { stored, messages, resume } = await ask(form);
		expect(messages[0].body).toMatchObject({ text: { content: 'A table:\nHow many?' } });
		expect(stored[0].steps.map(({ name }) => name)).toEqual([
			'people',
			'Which day?',
			'picture',
			'place',
		]);
		const MediaId = simulator().addMedia(Buffer.from('picture'), 'picture.jpg');
		const location = { latitude: 1, longitude: 2, label: 'Here' };
		const { items } = await resume(
			answer(stored[0], [
				{ name: 'people', at: 1, value: 4 },
				{ name: 'Which day?', at: 2, value: 'Mon' },
				{ name: 'picture', at: 3, media: { MsgType: 'image', MediaId } },
				{ name: 'place', at: 4, location },
			]),
		);
		const [{ json, binary }] = items('After');
		expect(json.data).toEqual({
			people: 4,
			'Which day?': 'Mon',
			picture: { MsgType: 'image', MediaId },
			place: location,
		});
		expect(Buffer.from(binary?.picture.data ?? '', 'base64').toString()).toBe('picture');
	});

	test('a file that WeChat does not give is no reason to lose the answer', async () => {
		const { stored, resume } = await ask({ responseType: 'file' });
		const media = { MsgType: 'voice', MediaId: 'gone' };
		const { items } = await resume(answer(stored[0], [{ name: 'file', at: 1, media }]));
		expect(items('After')[0].json.data).toMatchObject({
			file: { ...media, mediaError: expect.stringContaining('40007') as string },
		});
		expect(items('After')[0].binary).toBeUndefined();
	});

	test('a question of 2048 bytes is sent', async () => {
		const message = '问'.repeat(682) + 'ab';
		const { messages } = await ask({ message, responseType: 'freeText' });
		expect(messages).toHaveLength(1);
	});

	test.each([
		['choices that are the same', { responseType: 'choice', choices: 'A\na' }],
		['choices that differ in marks only', { responseType: 'choice', choices: 'Now\nNow?' }],
		['a time limit of 20 years', { resumeAmount: 7300, resumeUnit: 'days' }],
		['one choice', { responseType: 'choice', choices: 'A' }],
		['labels that are the same', { approvalOptions: { approveLabel: 'A', disapproveLabel: 'A' } }],
		['a form without questions', { responseType: 'form', formFields: { values: [] } }],
		['a question that is too long', { message: '问'.repeat(683), responseType: 'freeText' }],
		['no time', { resumeAmount: 0 }],
		['no person', { touser: ' ' }],
	])('%s: nothing is sent or stored', async (_, parameters) => {
		const { error, messages, stored, waits } = await ask(parameters);
		expect(error?.message).toBeTruthy();
		expect([messages, stored, waits]).toEqual([[], [], undefined]);
	});
});

test('an error says which of several questions lacks its choices', async () => {
	const values = [{ fieldLabel: 'Name' }, { fieldLabel: 'Day', fieldType: 'choice', choices: 'A' }];
	const { error } = await ask({ responseType: 'form', formFields: { values } });
	expect(error?.message).toContain('of question 2 has one line');
});

test.each([
	[
		'an address',
		{ pageUrl: 'here', templateId: 'T' },
		/needs an address in "Ask on a Page \(网页提问\)"/,
	],
	['a template', { pageUrl: 'https://n8n.example.com/w' }, /needs "Ask on a Page: Template ID/],
])('an error says that a page lacks %s', async (_, questionOptions, expected) => {
	const { error } = await ask({ questionOptions });
	expect(error?.message).toMatch(expected);
});

// "Customer service messages" (客服消息): who cannot be written to.
test.each([45015, 43004, 40003, 48001])(
	'who cannot be written to (%i) fails the node before anything waits',
	async (errcode) => {
		simulator().fault({ path: SEND, answer: { errcode, errmsg: 'no' } });
		const { error, stored, waits } = await ask();
		expect(error?.message).toContain(String(errcode));
		expect([stored, waits]).toEqual([[], undefined]);
	},
);

test('several items are refused before anything is sent', async () => {
	const { error, messages, waits } = await ask({}, { items: [{}, {}, {}] });
	expect(error?.message).toContain('3 items');
	expect(error?.description).toContain('Loop Over Items');
	expect([messages, waits]).toEqual([[], undefined]);
});

describe('Retry On Fail', () => {
	const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

	test('asks once when the answer to the call was lost', async () => {
		simulator().fault({ path: SEND, drop: true, work: true, times: 9 });
		const { error, messages, stored } = await ask({}, { node });
		expect(error).toBeDefined();
		expect(messages).toHaveLength(1);
		expect(stored).toEqual([]);
	});

	test('asks again what WeChat has refused', async () => {
		simulator().fault({ path: SEND, answer: { errcode: 45047, errmsg: 'no' } });
		const { error, stored, waits } = await ask({}, { node });
		expect(error).toBeUndefined();
		expect(stored).toHaveLength(1);
		expect(waits).toBeDefined();
	});
});

describe('who has an open question', () => {
	const { id } = execution;
	/** Another run asks next. */
	const beginRun = () => void (execution.id = String(Number(execution.id) + 1));
	afterEach(() => void (execution.id = id));

	// The trigger closes a question when n8n has taken the answer: the run may be further by then.
	test('of the same run has answered it', async () => {
		const { credentials } = await ask();
		const { error, end } = await ask({ questionOptions: { ifAsked: 'fail' } }, { credentials });
		expect(error).toBeUndefined();
		expect((await end())('After')[0].json.openQuestions).toBe(0);
	});

	test('is asked another one, and the run is told', async () => {
		const { credentials, stored: before } = await ask();
		beginRun();
		const { end, stored } = await ask({ message: 'Now?' }, { credentials });
		expect(stored.map(({ id }) => id)[1]).toBe(before[0].id);
		expect((await end())('After')[0].json.openQuestions).toBe(1);
		expect(logged.join('\n')).toContain('has not answered a question of before');
	});

	test('is asked nothing when the node says so', async () => {
		const { credentials } = await ask();
		beginRun();
		const questionOptions = { ifAsked: 'fail' };
		const { error, messages, stored } = await ask({ questionOptions }, { credentials });
		expect(error?.message).toContain('has not answered a question of before');
		expect(messages).toEqual([]);
		expect(stored).toHaveLength(1);
	});
});

describe('the push that started the run', () => {
	const push = () => ({
		FromUserName: person(),
		accountAppId: DEFAULT_ACCOUNT.appId,
		replyBefore: new Date(Date.now() + 14_000).toISOString(),
	});

	test('is answered with the question, while WeChat waits for that', async () => {
		const { responses, messages, waits } = await ask({}, { push: push() });
		const [{ body }] = responses as Array<{ body: Buffer }>;
		expect(JSON.parse(body.toString())).toEqual({
			MsgType: 'text',
			Content: 'Ship it?\n1. 同意\n2. 拒绝',
		});
		expect(messages).toEqual([]);
		expect(waits).toBeDefined();
	});

	test.each([
		['is of somebody else', () => ({ ...push(), FromUserName: 'oSomebodyElse' }), {}],
		['is of another account', () => ({ ...push(), accountAppId: 'wx0' }), {}],
		['waits no longer', () => ({ ...push(), replyBefore: '2020-01-01T00:00:00.000Z' }), {}],
		['is left alone', push, { questionOptions: { sendAs: 'customerService' } }],
	])('gets a message when it %s', async (_, pushed, parameters) => {
		const { responses, messages } = await ask(parameters, { push: pushed() });
		expect(responses).toEqual([]);
		expect(messages).toHaveLength(1);
	});
});

test('an account of a third-party platform asks, and its answers are downloaded for it', async () => {
	await simulator().platform.authorize(DEFAULT_ACCOUNT.appId, { push: false });
	const credentials = await platformCredentialsFor(simulator());
	const account = { __rl: true, mode: 'id', value: DEFAULT_ACCOUNT.appId };
	const platform = { authentication: 'openPlatform', account, responseType: 'picture' };
	const { error, stored, resume } = await ask(platform, { credentials });
	expect(error).toBeUndefined();
	const MediaId = simulator().addMedia(Buffer.from('picture'), 'picture.jpg');
	const media = { MsgType: 'image', MediaId };
	const { items } = await resume(answer(stored[0], [{ name: 'picture', at: 1, media }]));
	expect(items('After')[0].binary?.picture).toBeDefined();
});

test('a mini program asks with numbered lines: it has no menus', async () => {
	const { appId, secret: appSecret } = MINI;
	const changes = { appId, appSecret, kind: 'miniProgram' };
	const credentials = credentialsFor(simulator(), changes);
	const touser = simulator().openids(appId)[0];
	const { error, messages } = await ask({ touser }, { credentials });
	expect(error).toBeUndefined();
	expect(messages[0].body).toMatchObject({
		msgtype: 'text',
		text: { content: 'Ship it?\n1. 同意\n2. 拒绝' },
	});
});

test('the tool of an agent does not wait', async () => {
	const { error, messages } = await ask({}, { node: { type: `${PACK}.wechatTool` } });
	expect(error?.message).toContain('Human in the Loop');
	expect(messages).toEqual([]);
});

// n8n 2.41.1, webhook-helpers.js, requiresMultipartFormData: it answers 415 to JSON then.
test('no response type is called as the one that n8n resumes by multipart/form-data only', () => {
	const options = accountQuestion.flatMap((field) =>
		field.name === 'responseType' ? field.options.map(({ value }): string => value) : [],
	);
	expect(options).toContain('form');
	expect(options).not.toContain('customForm');
});
