import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { MINI_PROGRAM_ACCOUNT, startSimulator, type PushMessage } from '../../simulator';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import {
	changeParameters,
	activateWorkflow,
	activateWorkflowWith,
	type ActiveWorkflow,
} from '../workflows/activeWorkflow';
import { eventually, waitForAll } from '../services/eventually';
import { keywordRules, slowAnswer } from '../workflows/exampleWorkflows';
import { listPackErrors, listUncaughtErrors } from '../services/log';
import { createCallableNode } from '../workflows/callableNode';
import {
	toSlowAnswer,
	askAndWait,
	listMessages,
	TYPING,
	listTypingCalls,
	TYPING_OF_MINI_PROGRAM,
} from '../actors/slowAnswers';
import {
	createReplyNode,
	connectPlatform,
	FIRST,
	MINI,
	createPlatformCredential,
	activatePlatformTrigger,
	SECOND,
	startSimulatorWithPlatform,
	type PlatformTrigger,
} from '../actors/platform';
import { createAddRuleNode, createRuleWorkflows, createTextRule } from '../workflows/ruleWorkflows';
import { WECHAT_SECRETS, listSecrets, readStoredCredential } from '../n8n/storedCredential';
import type { TestEnvironment } from '../testEnvironment';
import type { Workflow } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { submitForm } from '../actors/form';

const scenario: Scenario = {
	name: 'replies',
	run: async (outer) => {
		const simulator = await startSimulator({ replyWindow: true });
		const miniProgram = await startSimulator({
			accounts: [MINI_PROGRAM_ACCOUNT],
			replyWindow: true,
		});
		const platform = await startSimulatorWithPlatform({ replyWindow: true });
		const environment = outer.copyWith({ simulator });
		try {
			const account = await openAccount(environment);
			await answersQuickly(environment);
			await answersTwice(environment);
			// Slow runs wait together.
			await waitForAll([
				answersSlowly(environment),
				failsSlowly(environment),
				answersMiniProgram(outer.copyWith({ simulator: miniProgram })),
				answersByRule(environment, account),
				keepsRulesApart(outer.copyWith({ simulator: platform })),
			]);
			await keepsRules(environment, account);
			await tellsNoSecret(environment, account);
		} finally {
			await Promise.all([simulator, miniProgram, platform].map((one) => one.close()));
		}
	},
};

export default scenario;

/** Users who have not written yet: each sees only what is for them. */
function* users({ simulator }: TestEnvironment, from = 0) {
	yield* simulator.openids().slice(from);
}

const nextOf = (some: Iterator<string>): string => String(some.next().value);

async function answersQuickly(environment: ScenarioEnvironment): Promise<void> {
	const { check, simulator, session } = environment;
	const [warmUp, user, FromUserName] = users(environment, 5);
	const conversation = await activateWorkflow(environment, slowAnswer);
	// The first run takes longer.
	await askAndWait(environment, conversation, warmUp, 0.1);

	await check('a run of half a second answers, and nobody is said to type', async () => {
		assert.deepEqual(await askAndWait(environment, conversation, user, 0.5), {
			deliveries: ['reply'],
			shown: toSlowAnswer(0.5),
			messages: [],
			typing: [],
			runs: ['success'],
		});
	});

	await check('three deliveries at once start one run, and each gets its reply', async () => {
		const { id, url } = await activateWorkflow(environment, slowAnswer);
		const message = {
			...{ FromUserName, MsgType: 'text', Content: '1' },
			...{ MsgId: '24990011223355001', CreateTime: Math.floor(Date.now() / 1000) },
		};
		const deliver = async () => await simulator.push(url, message, { deliveries: 1 });
		const results = await Promise.all([deliver(), deliver(), deliver()]);
		assert.deepEqual(
			results.map(({ shown }) => shown),
			Array(3).fill(toSlowAnswer(1)),
		);
		assert.equal((await session.executions(id)).length, 1);
	});
}

async function answersSlowly(environment: ScenarioEnvironment): Promise<void> {
	const some = users(environment);
	const waits = async (name: string, seconds: number, expected: object) => {
		const user = nextOf(some);
		const conversation = await activateWorkflow(environment, slowAnswer);
		await environment.check(name, async () => {
			assert.deepEqual(await askAndWait(environment, conversation, user, seconds), {
				messages: [],
				typing: [TYPING],
				runs: ['success'],
				...expected,
			});
		});
	};
	await Promise.all([
		waits('a run of 12 seconds answers the third delivery, and is the only one', 12, {
			deliveries: ['timeout', 'timeout', 'reply'],
			shown: toSlowAnswer(12),
		}),
		waits('a run of 40 seconds answers by a message, and no fault notice is seen', 40, {
			deliveries: ['timeout', 'timeout', 'success'],
			shown: '',
			messages: [toSlowAnswer(40)],
		}),
	]);
}

/** Thinks, and has nothing to say. */
const silent: Workflow = {
	...slowAnswer,
	connections: { 'WeChat Trigger': slowAnswer.connections['WeChat Trigger'] },
};
/** Waits all the same. */
const waitingInVain = changeParameters(silent, 'WeChat Trigger', { respond: 'responseNode' });
/** Thinks, and then has an empty reply, which WeChat Reply refuses. */
const failing = changeParameters(slowAnswer, 'WeChat Reply', {
	content: "={{ '' }}",
	failureText: '',
});
const SORRY = 'Sorry, ask me again.';
const apologizing = changeParameters(failing, 'WeChat Reply', { failureText: SORRY });
/** Replies twice to one push. */
const twofold: Workflow = {
	...slowAnswer,
	nodes: [
		...slowAnswer.nodes,
		...slowAnswer.nodes
			.filter(({ name }) => name === 'WeChat Reply')
			.map((node) => ({
				...node,
				id: randomUUID(),
				name: 'Second Reply',
				parameters: { ...node.parameters, content: 'One more thing.' },
			})),
	],
	connections: {
		...slowAnswer.connections,
		'WeChat Reply': { main: [[{ node: 'Second Reply', type: 'main', index: 0 }]] },
	},
};
const untyped = { pushOptions: {} };

async function failsSlowly(environment: ScenarioEnvironment): Promise<void> {
	const some = users(environment, 10);
	const tooLate = ['timeout', 'timeout', 'success'];
	const ends: Array<[string, Workflow, number, string[], string, object?]> = [
		['fails after 6 seconds', failing, 6, ['timeout', 'success'], 'error'],
		['fails after 16 seconds', failing, 16, tooLate, 'error'],
		['ends without a reply after 6 seconds', waitingInVain, 6, ['timeout', 'success'], 'success'],
		['has no reply node behind its trigger', silent, 6, ['success'], 'success'],
		['apologizes after 6 seconds', apologizing, 6, ['timeout', 'reply'], 'error', { shown: SORRY }],
		['apologizes after 16 seconds', apologizing, 16, tooLate, 'error', { messages: [SORRY] }],
	];
	await Promise.all(
		ends.map(async ([what, workflow, seconds, deliveries, status, seen]) => {
			const user = nextOf(some);
			const conversation = await activateWorkflow(
				environment,
				changeParameters(workflow, 'WeChat Trigger', untyped),
			);
			await environment.check(`a run that ${what} shows the user no fault`, async () => {
				assert.deepEqual(await askAndWait(environment, conversation, user, seconds), {
					...{ deliveries, shown: '', messages: [], typing: [], runs: [status] },
					...seen,
				});
			});
		}),
	);
}

async function answersTwice(environment: ScenarioEnvironment): Promise<void> {
	const { check, session } = environment;
	const [user] = users(environment, 16);
	const conversation = await activateWorkflow(environment, twofold);
	await check('a second reply to one push goes as a message, and says so', async () => {
		assert.deepEqual(await askAndWait(environment, conversation, user, 0.5), {
			deliveries: ['reply'],
			shown: toSlowAnswer(0.5),
			messages: ['One more thing.'],
			typing: [],
			runs: ['success'],
		});
		const [execution] = await session.executions(conversation.id);
		const ways = ['WeChat Reply', 'Second Reply'].map(
			(node) => session.listItems(execution, node)[0].sentAs,
		);
		assert.deepEqual(ways, ['passiveReply', 'customerServiceMessage']);
	});
}

async function answersMiniProgram(environment: ScenarioEnvironment): Promise<void> {
	const { check, simulator } = environment;
	const some = users(environment);
	const kind = { kind: 'miniProgram' };
	const conversation = await activateWorkflow(environment, slowAnswer, kind);

	await check('mini program: a run answers by a message', async () => {
		assert.deepEqual(await askAndWait(environment, conversation, nextOf(some), 2), {
			deliveries: ['success'],
			shown: '',
			messages: [toSlowAnswer(2)],
			typing: [TYPING_OF_MINI_PROGRAM],
			runs: ['success'],
		});
	});

	await check('mini program: a rule answers by a message', async () => {
		const credential = await openAccount(environment, kind);
		const { url } = await activateWorkflowWith(environment, keywordRules, credential);
		await (
			await createRuleWorkflows(environment, credential)
		).add({ keyword: 'hours', answer: 'Nine to five' });
		const user = nextOf(some);
		const message = { FromUserName: user, MsgType: 'text', Content: 'hours?' };
		assert.equal((await simulator.push(url, message)).outcome, 'success');
		await eventually(() => assert.deepEqual(listMessages(environment, user), ['Nine to five']));
	});
}

/** A credential for several workflows. */
async function openAccount({ session, simulator }: TestEnvironment, changes = {}) {
	const data = { ...toAccountCredential(simulator), ...changes };
	return await session.createCredential('rules', ACCOUNT_TYPE, data);
}

type Account = Awaited<ReturnType<typeof openAccount>>;

const UNKNOWN = 'I know no answer to (没有找到答案): ';
const HOURS = 'We are open from nine to five.';

/** What an account's followers see, and how often a workflow has run. */
function watch(
	environment: ScenarioEnvironment,
	{ id, url }: Pick<ActiveWorkflow, 'id' | 'url'>,
	from = 20,
) {
	const { session, simulator } = environment;
	const [FromUserName] = users(environment, from);
	return {
		user: FromUserName,
		see: async (message: PushMessage) =>
			(await simulator.push(url, { FromUserName, ...message })).shown,
		read: async (Content: string) =>
			(await simulator.push(url, { FromUserName, MsgType: 'text', Content })).shown,
		runs: async () => (await session.executions(id, 0)).length,
	};
}

async function answersByRule(environment: ScenarioEnvironment, account: Account): Promise<void> {
	const { check, session } = environment;
	const bot = await activateWorkflowWith(environment, keywordRules, account);
	const keeper = await createRuleWorkflows(environment, account);
	const { see, read, runs } = watch(environment, bot);
	const starters = () => bot.workflow.nodes.filter(({ name }) => name === 'WeChat Trigger');
	const ofPushes = async () => {
		const executions = await session.executions(bot.id, 0);
		return executions.filter((one) => session.listItems(one, starters()[0].name).length > 0).length;
	};

	await check('without rules, a message starts the workflow', async () => {
		assert.equal(await read('When are you open?'), `${UNKNOWN}When are you open?`);
		assert.equal(await runs(), 1);
	});

	await check('a keyword entered in a form is answered, and starts nothing', async () => {
		await submitForm(environment, bot.workflow, ['open', HOURS]);
		await eventually(async () => assert.equal(await runs(), 2));
		assert.equal(await read('When are you OPEN?'), HOURS);
		assert.equal(await read('Where are you?'), `${UNKNOWN}Where are you?`);
		assert.equal(await ofPushes(), 2);
	});

	await check('a rule that another workflow adds is answered at once', async () => {
		const [{ replaced }] = await keeper.add({ keyword: '在哪', answer: '三楼 <3F>' });
		assert.equal(replaced, false);
		assert.equal(await read('你们在哪?'), '三楼 <3F>');
		assert.equal(await ofPushes(), 2);
	});

	await check('a rule of the same keyword replaces the other', async () => {
		const [{ replaced }] = await keeper.add({ keyword: ' 在哪 ', answer: '四楼' });
		assert.deepEqual((replaced as { reply: object }).reply, { type: 'text', content: '三楼 <3F>' });
		assert.equal(await read('你们在哪?'), '四楼');
	});

	await check('new followers, menu items and anything else are answered by rules', async () => {
		const rules = [
			createTextRule('subscribe', '', 'Welcome to the reply rules!'),
			createTextRule('menuKey', 'ABOUT_US', 'About us'),
			createTextRule('noMatch', '', 'Pardon?'),
		];
		assert.deepEqual(await keeper.import({ rules, deleteOthers: false }), [
			{ imported: 3, added: 3, replaced: 0, deleted: 0 },
		]);
		const tap = (EventKey: string) => ({ MsgType: 'event', Event: 'CLICK', EventKey });
		const scan = { MsgType: 'event', Event: 'subscribe', EventKey: 'qrscene_7', Ticket: 'T' };
		assert.deepEqual(
			[
				await see({ FromUserName: 'oNewFollower', MsgType: 'event', Event: 'subscribe' }),
				await see({ ...scan, FromUserName: 'oScanned' }),
				await see(tap('ABOUT_US')),
				await see(tap('OTHER')),
				await see({ MsgType: 'image', MediaId: 'm', PicUrl: 'http://mmbiz.qpic.cn/x' }),
				await read('Where are you?'),
				await read('open'),
			],
			[
				'Welcome to the reply rules!',
				'Welcome to the reply rules!',
				'About us',
				'',
				'Pardon?',
				'Pardon?',
				HOURS,
			],
		);
		assert.equal(await ofPushes(), 2);
	});

	await check('Match tells which rule would answer', async () => {
		const [{ matched, request, reply }] = await keeper.match({ text: 'Open on Sunday?' });
		assert.deepEqual([matched, request], [true, 'open']);
		assert.deepEqual(reply, { type: 'text', content: HOURS });
		const [other] = await keeper.match({ text: 'hello' });
		assert.equal(other.when, 'noMatch');
	});

	await check('what Delete removes answers no more', async () => {
		await keeper.remove({ when: 'noMatch', request: '' });
		assert.equal(await read('Where are you?'), `${UNKNOWN}Where are you?`);
		await assert.rejects(keeper.remove({ when: 'keyword', request: 'none' }), /no rule of "none"/);
	});

	await check('Import brings back what Export has saved', async () => {
		const saved = await keeper.export();
		assert.equal((saved[0].rules as object[]).length, 4);
		const only = [createTextRule('keyword', 'only', 'Only this')];
		assert.deepEqual(await keeper.import({ rules: only, deleteOthers: true }), [
			{ imported: 1, added: 1, replaced: 0, deleted: 4 },
		]);
		assert.equal(await read('only'), 'Only this');
		assert.equal(await read('open'), `${UNKNOWN}open`);
		await keeper.import({ rules: saved[0], deleteOthers: true });
		assert.deepEqual(await keeper.export(), saved);
		assert.equal(await read('open'), HOURS);
		assert.equal(await read('only'), `${UNKNOWN}only`);
	});

	await alsoStarts(environment, account);
}

/** Says by which rule the push was answered. */
const telling = changeParameters(keywordRules, 'Say that no rule fits', {
	content: '=Answered by: {{ $json.rule?.request }}',
});

async function alsoStarts(environment: ScenarioEnvironment, account: Account): Promise<void> {
	const { check, session } = environment;
	const using = (rules: string) => changeParameters(telling, 'WeChat Trigger', { rules });

	await check('"Yes, and Start the Workflow": the rule answers, the node writes', async () => {
		const also = await activateWorkflowWith(environment, using('also'), account);
		const { read, user } = watch(environment, also, 21);
		assert.equal(await read('open'), HOURS);
		const [execution] = await session.executions(also.id);
		assert.equal(execution.status, 'success');
		const [{ rule }] = session.listItems(execution, 'WeChat Trigger');
		assert.deepEqual(rule, { when: 'keyword', request: 'open' });
		const [{ sentAs }] = session.listItems(execution, 'Say that no rule fits');
		assert.equal(sentAs, 'customerServiceMessage');
		assert.deepEqual(listMessages(environment, user), ['Answered by: open']);
	});

	await check('"No": rules leave the workflow alone', async () => {
		const { read } = watch(
			environment,
			await activateWorkflowWith(environment, using('no'), account),
			22,
		);
		assert.equal(await read('open'), 'Answered by: ');
	});
}

async function keepsRulesApart(environment: ScenarioEnvironment): Promise<void> {
	const { check, session, simulator } = environment;
	const { platform, messages } = simulator;
	const credentials = await createPlatformCredential(environment);
	const trigger = await activatePlatformTrigger(
		environment,
		credentials,
		{
			rules: 'instead',
			respond: 'responseNode',
			kinds: ['message.text'],
			pushOptions: { typing: true },
		},
		thinking(credentials),
	);
	connectPlatform(simulator, trigger);
	await platform.pushTicket();
	for (const account of [FIRST, SECOND, MINI]) await platform.authorize(account);
	const account = { __rl: true, mode: 'id', value: '={{ $json.body.account }}' };
	const add = await createCallableNode(
		environment,
		createAddRuleNode(credentials, { authentication: 'openPlatform', account }),
	);
	const say = async (to: string, Content: string) =>
		await platform.message(to, { MsgType: 'text', Content });

	await check('platform: each account answers by its own rules', async () => {
		for (const to of [FIRST, SECOND, MINI])
			await add({ account: to, keyword: 'who', answer: `I am ${to}` });
		await add({ account: FIRST, keyword: 'secret', answer: 'of the first' });
		for (const to of [FIRST, SECOND]) assert.equal((await say(to, 'who?')).shown, `I am ${to}`);
		assert.equal((await say(FIRST, 'secret')).shown, 'of the first');
		assert.deepEqual(await session.executions(trigger.id, 0), []);
	});

	await check('platform: a mini program answers by rule with a message', async () => {
		const { outcome, deliveries } = await say(MINI, 'who?');
		assert.deepEqual([outcome, deliveries.length], ['success', 1]);
		await eventually(() =>
			assert.deepEqual(
				messages.map(({ appId, body }) => ({ appId, text: body.text })),
				[{ appId: MINI, text: { content: `I am ${MINI}` } }],
			),
		);
	});

	await check("platform: what is late goes in the account's own name", async () => {
		const { length } = messages;
		for (const { outcome, shown, deliveries } of await Promise.all(
			[SECOND, MINI].map(async (to) => await say(to, 'secret')),
		))
			assert.deepEqual([outcome, shown, deliveries.length], ['success', '', 3]);
		await session.executions(trigger.id, 2);
		const sent = messages.slice(length);
		assert.deepEqual(sent.map(({ appId }) => appId).sort(), [SECOND, MINI].sort());
		for (const { body } of sent)
			assert.deepEqual(body.text, { content: 'I have thought about it.' });
		assert.deepEqual(listTypingCalls(environment).sort(), [TYPING, TYPING_OF_MINI_PROGRAM].sort());
	});
}

/** Thinks for longer than WeChat waits, and answers. */
function thinking(
	credentials: PlatformTrigger['credentials'],
): Pick<Workflow, 'nodes' | 'connections'> {
	const thought = changeParameters(slowAnswer, 'Think', { amount: 16 }).nodes.filter(
		({ name }) => name === 'Think',
	);
	const reply = createReplyNode({ content: 'I have thought about it.' }, credentials);
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return {
		nodes: [
			...thought,
			{ name: 'Reply', id: 'reply', typeVersion: 1, position: [480, 0], ...reply },
		],
		connections: { Trigger: to('Think'), Think: to('Reply') },
	};
}

async function keepsRules(environment: ScenarioEnvironment, account: Account): Promise<void> {
	const { check, n8n, session } = environment;
	const bot = await activateWorkflowWith(environment, keywordRules, account);
	await check('rules survive a restart of n8n', async () => {
		await n8n.restart();
		await session.activate(bot.id);
		const { read, runs } = watch(environment, bot);
		assert.equal(await read('open'), HOURS);
		assert.equal(await read('你们在哪?'), '四楼');
		assert.equal(await runs(), 0);
	});
}

async function tellsNoSecret(environment: ScenarioEnvironment, account: Account): Promise<void> {
	const { check, n8n, session } = environment;
	const stored = await readStoredCredential(environment, account.id);

	await check('rules are in the credential, and nowhere in workflows or the browser', async () => {
		const told = [
			JSON.stringify(await session.api('GET', '/workflows?limit=250')),
			JSON.stringify(await session.rest('GET', `/rest/credentials/${account.id}?includeData=true`)),
		].join('\n');
		assert.ok(told.includes('Add rule'));
		for (const answer of [HOURS, '四楼', 'Welcome to the reply rules!']) {
			assert.ok(String(stored.state).includes(answer), `stored: ${answer}`);
			assert.ok(!told.includes(answer), `told: ${answer}`);
		}
	});

	await check('nothing secret is in executions or the log', async () => {
		const executions = await session.api('GET', '/executions?includeData=true&limit=250');
		const told = [JSON.stringify(executions), n8n.log()].join('\n');
		assert.ok(told.includes(toSlowAnswer(40).split('\n')[0]));
		const secrets = listSecrets(stored);
		assert.ok(secrets.length >= 3);
		for (const secret of secrets) assert.ok(!told.includes(secret), `told: ${secret}`);
		assert.deepEqual(told.match(WECHAT_SECRETS), null);
		assert.deepEqual(listPackErrors(n8n.log()), []);
		assert.deepEqual(listUncaughtErrors(n8n.log()), []);
	});
}
