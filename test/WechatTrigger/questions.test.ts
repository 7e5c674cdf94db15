import { createDeferredPromise, type IDataObject, type INodeParameters } from 'n8n-workflow';
import { createQuestionStore, QUESTIONS } from '../../nodes/conversation/questionStore';
import type { Question, QuestionStep } from '../../nodes/conversation/question';
import { openAccountClient, openPlatformClient } from '../../nodes/n8n/clients';
import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, type PushMessage } from '../simulator';
import { clock, pauses, services } from '../support/services';
import { editorContext, logged, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { credentialsFor, newPlatformCredentialsFor, useSimulator } from '../support/simulator';
import {
	serveTrigger,
	type ResumeAnswer,
	type ResumeRequest,
	type Served,
	type TriggerLocation,
} from '../support/webhook';

prepareN8n();
const ACCOUNT = DEFAULT_ACCOUNT.appId;
const MINI = MINI_PROGRAM_ACCOUNT.appId;
const accounts = [DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT];
const simulator = useSimulator({ accounts, followers: 2 });

const HOUR_MS = 3_600_000;
const PUBLIC = 'https://n8n.example.com/webhook-waiting/231/node-1?signature=abc';
let credentials: Credentials;
let trigger: Served;
let resumed: ResumeRequest[];
let count = 0;

beforeEach(async () => {
	credentials = credentialsFor(simulator());
	resumed = [];
	await serve();
});
afterEach(async () => await trigger.close());

/** n8n with the trigger; the run that waits takes the answer. */
async function serve(parameters: INodeParameters = {}, location?: TriggerLocation): Promise<void> {
	await (trigger as Served | undefined)?.close();
	trigger = await serveTrigger({ kinds: ['all'], ...parameters }, credentials, location);
	answerResume(({ body }) => accept(body));
}
function answerResume(
	answer: (resume: ResumeRequest) => ResumeAnswer | Promise<ResumeAnswer>,
): void {
	trigger.onResume = async (resume) => {
		resumed.push(resume);
		return await answer(resume);
	};
}
const accept = ({ question }: IDataObject) => ({
	status: 200,
	body: { question, isAccepted: true },
});
const outcomes = () => resumed.map(({ body }) => body.outcome);

const person = () => simulator().openids(ACCOUNT)[0];
const APPROVAL: QuestionStep = {
	name: 'approved',
	text: 'Pay 300?',
	expects: 'choice',
	choices: [
		{ id: 'yes', label: 'Yes' },
		{ id: 'no', label: 'No' },
	],
};

async function openStore(authentication = 'officialAccount') {
	const context = editorContext('wechat', { authentication }, credentials);
	const client =
		authentication === 'openPlatform'
			? await openPlatformClient(context, ACCOUNT, services)
			: await openAccountClient(context, services);
	return createQuestionStore(client.section(QUESTIONS), services.clock);
}

/** As a run does that asks and waits. */
async function ask(more: Partial<Question> = {}, authentication?: string): Promise<Question> {
	const question: Question = {
		id: `${++count}`.padStart(32, '0'),
		account: ACCOUNT,
		openid: person(),
		askedAt: Date.now() + count,
		until: Date.now() + HOUR_MS,
		resumeUrl: PUBLIC,
		steps: [APPROVAL],
		responses: [],
		...more,
	};
	await (await openStore(authentication)).open(question);
	return question;
}
const listOpen = async () =>
	(await (await openStore()).list({ account: ACCOUNT, openid: person() })).map(({ id }) => id);

async function push(message: PushMessage, options = {}) {
	const result = await simulator().push(
		trigger.url,
		{ FromUserName: person(), ...message },
		options,
	);
	await trigger.idle();
	return result;
}
const text = (Content: string, more: PushMessage = {}) => ({ MsgType: 'text', Content, ...more });
const say = async (Content: string) => (await push(text(Content))).shown;

describe('an answer', () => {
	test('resumes the run at the address of this n8n, thanks the person and starts nothing', async () => {
		const question = await ask({ texts: { thanks: 'Thanks!' } });
		expect(await say('1')).toBe('Thanks!');
		expect(resumed).toMatchObject([
			{
				path: '/webhook-waiting/231/node-1?signature=abc',
				// n8n 2.8.4 signs the host (n8n-core, signature-helpers.js).
				host: 'n8n.example.com',
				body: {
					question: question.id,
					outcome: 'answered',
					responses: [{ name: 'approved', value: 'yes' }],
				},
			},
		]);
		expect(trigger.items).toEqual([]);
		expect(await listOpen()).toEqual([]);
	});

	test('starts a workflow again when nothing is open, and so does a message of somebody else', async () => {
		await ask();
		await push(text('1', { FromUserName: simulator().openids(ACCOUNT)[1] }));
		await say('1');
		await say('1');
		expect(trigger.items.map(({ FromUserName }) => FromUserName)).toEqual([
			simulator().openids(ACCOUNT)[1],
			person(),
		]);
		expect(resumed).toHaveLength(1);
	});

	test('leaves the path of a proxy away, which n8n itself does not know', async () => {
		await ask({ resumeUrl: 'https://example.com/n8n/webhook-waiting/7/node-1?signature=abc' });
		await say('1');
		expect(resumed[0].path).toBe('/webhook-waiting/7/node-1?signature=abc');
	});

	test('goes to no workflow and no rule, whatever the trigger is set to', async () => {
		const rules = JSON.stringify([{ request: 'yes', reply: 'By rule' }]);
		await runNode('wechatReply', { resource: 'rule', operation: 'import', rules }, credentials);
		await serve({ rules: 'instead', respond: 'responseNode' });
		await ask({ texts: { thanks: 'Thanks!' } });
		expect(await say('yes')).toBe('Thanks!');
		expect(await say('yes')).toBe('By rule');
	});

	test('may be a picture or a place', async () => {
		await ask({ steps: [{ name: 'photo', text: '?', expects: 'picture' }] });
		await push({ MsgType: 'image', PicUrl: 'http://mmbiz.example/1', MediaId: 'media-1' });
		await ask({ steps: [{ name: 'place', text: '?', expects: 'location' }] });
		await push({
			MsgType: 'location',
			Location_X: '31.2',
			Location_Y: '121.4',
			Scale: '15',
			Label: '上海',
		});
		expect(resumed.map(({ body }) => body.responses)).toMatchObject([
			[{ media: { MediaId: 'media-1' } }],
			[{ location: { latitude: 31.2, longitude: 121.4, label: '上海' } }],
		]);
	});

	test('is no event: whoever follows the account while a question is open starts the workflow', async () => {
		await ask();
		await push({ MsgType: 'event', Event: 'CLICK', EventKey: 'HELP' });
		expect(trigger.items).toHaveLength(1);
		expect(resumed).toEqual([]);
	});

	test('works on n8n’s test address, and without encryption', async () => {
		await ask({ texts: { thanks: 'Thanks!' } });
		await serve({}, { mode: 'manual' });
		expect((await push(text('yes'), { mode: 'plain' })).shown).toBe('Thanks!');
	});

	test('that comes to the triggers of two workflows is taken once, and starts neither', async () => {
		await ask({ steps: [APPROVAL, { ...APPROVAL, name: 'second' }] });
		const other = await serveTrigger({ kinds: ['all'] }, credentials, { workflowId: 'other' });
		const CreateTime = `${Math.floor(Date.now() / 1000)}`;
		const message = text('yes', { FromUserName: person(), MsgId: '123456', CreateTime });
		await push(message);
		const { outcome } = await simulator().push(other.url, message);
		await other.close();
		expect(outcome).toBe('success');
		expect([...trigger.items, ...other.items]).toEqual([]);
		const [{ responses }] = await (await openStore()).list({ account: ACCOUNT, openid: person() });
		expect(responses).toHaveLength(1);
	});

	test('is not the message with which the run that asks has begun, at the trigger of another workflow', async () => {
		const other = await serveTrigger({ kinds: ['all'] }, credentials, { workflowId: 'other' });
		const CreateTime = `${Math.floor(Date.now() / 1000)}`;
		const message = text('yes', { FromUserName: person(), MsgId: '123457', CreateTime });
		await push(message);
		await ask();
		await simulator().push(other.url, message);
		await other.idle();
		await other.close();
		expect(resumed).toEqual([]);
		expect([trigger.items.length, other.items.length]).toEqual([1, 1]);
	});
});

test('a wrong answer is asked again on the open connection, and changes nothing', async () => {
	const { id } = await ask({ texts: { wrong: 'Please choose.' } });
	expect(await say('perhaps')).toBe('Please choose.\nPay 300?\n1. Yes\n2. No');
	expect(resumed).toEqual([]);
	expect(await listOpen()).toEqual([id]);
	expect(trigger.items).toEqual([]);
});

test('the questions of a form come one after the other, and the run gets all answers at once', async () => {
	await ask({
		texts: { thanks: 'Done.' },
		steps: [
			{ name: 'order', text: 'Order number?', expects: 'number' },
			{ name: 'reason', text: 'Why?', expects: 'text' },
		],
	});
	expect(await say('4711')).toBe('Why?');
	expect(resumed).toEqual([]);
	expect(await say('too late')).toBe('Done.');
	expect(resumed[0].body.responses).toMatchObject([{ value: 4711 }, { value: 'too late' }]);
});

test('two answers that come at once are taken one after the other', async () => {
	await ask({
		steps: [
			{ name: 'one', text: '1?', expects: 'text' },
			{ name: 'two', text: '2?', expects: 'text' },
		],
	});
	await Promise.all([say('a'), say('b')]);
	expect(resumed).toHaveLength(1);
	expect((resumed[0].body.responses as IDataObject[]).map(({ value }) => value).sort()).toEqual([
		'a',
		'b',
	]);
});

test('whoever cancels ends the wait', async () => {
	await ask({ texts: { cancelled: 'Never mind.' } });
	expect(await say('取消')).toBe('Never mind.');
	expect(outcomes()).toEqual(['cancelled']);
	expect(await listOpen()).toEqual([]);
});

test('of two open questions the newest is answered first, and then the older one is shown again', async () => {
	const older = await ask({ resumeUrl: PUBLIC.replace('231', '1') });
	await ask({
		resumeUrl: PUBLIC.replace('231', '2'),
		texts: { thanks: 'Thanks!' },
		steps: [{ name: 'why', text: 'Why?', expects: 'text' }],
	});
	expect(await say('because')).toBe('Thanks!\n\nPay 300?\n1. Yes\n2. No');
	expect(await listOpen()).toEqual([older.id]);
	await say('2');
	expect(resumed.map(({ path }) => path.split('/')[2])).toEqual(['2', '1']);
});

describe('while the run cannot take it', () => {
	test('a run that has not been saved yet is tried again', async () => {
		await ask({ texts: { thanks: 'Thanks!' } });
		const running = {
			status: 409,
			body: { code: 409, message: 'The execution "231" is running already.' },
		};
		answerResume(({ body }) => (resumed.length < 4 ? running : accept(body)));
		expect(await say('1')).toBe('Thanks!');
		expect(resumed).toHaveLength(4);
		expect(pauses).toEqual([250, 500, 1000]);
	});

	test.each([
		['deleted', 404, { code: 404, message: 'The execution "231" does not exist.' }],
		['failed', 409, { code: 409, message: 'The execution "231" has finished with error.' }],
		['finished', 200, '<html><title>No action required</title></html>'],
		['waiting for something else', 200, { question: '', isAccepted: false }],
	])('a run that is %s ends the question, and the person hears so', async (_, status, body) => {
		const { id } = await ask();
		const isReceipt = typeof body === 'object' && 'question' in body;
		answerResume(() => ({ status, body: isReceipt ? { ...body, question: id } : body }));
		expect(await say('1')).toContain('已经结束');
		expect(await listOpen()).toEqual([]);
		expect(resumed).toHaveLength(1);
		expect(trigger.items).toEqual([]);
		expect(logged.filter((line) => line.includes('execution 231'))).toHaveLength(1);
		expect(logged.join()).not.toMatch(/signature|n8n\.example/);
	});

	test.each([
		['answers 503', 503, 'Database is not ready!'],
		['knows nothing of it', 404, 'Cannot POST'],
	])(
		'an n8n that %s keeps the question open, and the person is asked to answer again',
		async (_, status, body) => {
			const { id } = await ask();
			const asked: string[] = [];
			services.http = async ({ url }) => {
				asked.push(url.href);
				return { status: 502, contentType: 'text/html', disposition: '', body: Buffer.from('') };
			};
			answerResume(() => ({ status, body }));
			expect(await say('1')).toContain('没有送达');
			expect(new Set(asked)).toEqual(new Set([PUBLIC]));
			expect(await listOpen()).toEqual([id]);
			expect(logged.join()).toContain('WEBHOOK_URL');
			expect(trigger.errors).toEqual([]);
		},
	);

	test('the public address is asked when this process does not serve runs that wait', async () => {
		await ask({ texts: { thanks: 'Thanks!' } });
		answerResume(() => ({ status: 404, body: 'Cannot POST' }));
		services.http = async ({ url, body }) => {
			expect(url.href).toBe(PUBLIC);
			const { question } = JSON.parse(String(body)) as IDataObject;
			const answer = JSON.stringify({ question, isAccepted: true });
			return { status: 200, contentType: '', disposition: '', body: Buffer.from(answer) };
		};
		expect(await say('1')).toBe('Thanks!');
	});

	test('WeChat has its answer in time, and the person gets the text by a message', async () => {
		await ask({ texts: { thanks: 'Thanks!' } });
		services.clock = {
			...clock,
			later: (ms, work) => {
				if (ms <= 4200) work();
				return () => {};
			},
		};
		expect(await say('1')).toBe('');
		expect(simulator().messages.at(-1)?.body).toMatchObject({
			touser: person(),
			text: { content: 'Thanks!' },
		});
		expect(resumed).toHaveLength(1);
	});
});

// Turns of one person wait for each other, and n8n may take seconds to save a run.
test('a message behind a slow answer is lost nowhere: it starts the workflow', async () => {
	await ask({ texts: { thanks: 'Thanks!' } });
	let late = 0;
	services.clock = {
		...clock,
		now: () => Date.now() + late,
		later: (ms, work) => {
			if (ms === 0) work();
			return () => {};
		},
	};
	const { promise: isResuming, resolve: begin } = createDeferredPromise<void>();
	const { promise: isSaved, resolve: save } = createDeferredPromise<void>();
	answerResume(async ({ body }) => {
		begin();
		await isSaved;
		return accept(body);
	});
	const answered = say('1');
	await isResuming;
	const other = simulator().push(trigger.url, text('Where is it?', { FromUserName: person() }));
	await new Promise((resolve) => setTimeout(resolve, 300));
	late = 6000;
	save();
	await answered;
	await other;
	await trigger.idle();
	expect(trigger.items.map(({ Content }) => Content)).toEqual(['Where is it?']);
});

// "Mini programs cannot be answered passively."
test('a user of a mini program is asked and thanked by customer service messages', async () => {
	const { appId, secret, token, encodingAESKey } = MINI_PROGRAM_ACCOUNT;
	credentials = credentialsFor(simulator(), {
		appId,
		appSecret: secret,
		token,
		encodingAesKey: encodingAESKey,
		kind: 'miniProgram',
	});
	await serve();
	const [touser] = simulator().openids(MINI);
	await ask({ account: MINI, openid: touser, texts: { thanks: 'Thanks!', wrong: 'No.' } });
	const before = simulator().messages.length;
	const message = { FromUserName: touser, MsgType: 'text' };
	for (const Content of ['perhaps', '1']) {
		const { outcome } = await push({ ...message, Content }, { appId: MINI });
		expect(outcome).toBe('success');
	}
	expect(simulator().messages.slice(before)).toMatchObject([
		{ appId: MINI, body: { touser, text: { content: 'No.\nPay 300?\n1. Yes\n2. No' } } },
		{ appId: MINI, body: { touser, text: { content: 'Thanks!' } } },
	]);
	expect(resumed).toHaveLength(1);
});

test('an answer to an account behind a platform is found under that account', async () => {
	credentials = newPlatformCredentialsFor(simulator());
	await serve({ authentication: 'openPlatform' });
	const { platform } = simulator();
	platform.connect({ events: trigger.url, messages: `${trigger.url}/$APPID$` });
	await platform.pushTicket();
	for (const appId of [ACCOUNT, MINI]) await platform.authorize(appId);
	await trigger.idle();
	trigger.items.length = 0;
	await ask({ texts: { thanks: 'Thanks!' } }, 'openPlatform');
	await platform.message(MINI, text('1', { FromUserName: person() }));
	await trigger.idle();
	expect(resumed).toEqual([]);
	expect(trigger.items).toHaveLength(1);
	expect((await platform.message(ACCOUNT, text('1', { FromUserName: person() }))).shown).toBe(
		'Thanks!',
	);
	expect(trigger.items).toHaveLength(1);
});

test('what is said to an agent who talks is no answer: it goes to the agent', async () => {
	await serve({ pushOptions: { agentTalks: 'events' } });
	const question = await ask();
	const session = { MsgType: 'event', KfAccount: 'helen@example' };
	await push({ ...session, Event: 'kf_create_session' });
	const { reply } = await push(text('1'));
	expect(reply).toMatchObject({ MsgType: 'transfer_customer_service' });
	expect(resumed).toEqual([]);
	expect(await listOpen()).toEqual([question.id]);
	await push({ ...session, Event: 'kf_close_session' });
	await push(text('1'));
	expect(outcomes()).toEqual(['answered']);
});
