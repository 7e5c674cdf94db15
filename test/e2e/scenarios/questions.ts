import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	joinChat,
	MINI_PROGRAM_ACCOUNT,
	startSimulator,
	type Person,
	type PushResult,
} from '../../simulator';
import { jpeg } from '../../simulator/accounts/jpeg';
import {
	connectPlatform,
	createPlatformCredential,
	FIRST,
	SECOND,
	startSimulatorWithPlatform,
} from '../actors/platform';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError, type Execution } from '../n8n/execution';
import { startN8n } from '../n8n/startN8n';
import { listSecrets, readStoredCredential, WECHAT_SECRETS } from '../n8n/storedCredential';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { eventually, waitForAll } from '../services/eventually';
import { listPackErrors, listUncaughtErrors } from '../services/log';
import {
	activateAskingWorkflow,
	activateListener,
	ASK,
	createAskNode,
	listRuns,
	untilWaiting,
	type AskingWorkflow,
} from '../workflows/questionWorkflows';
import { createTriggerNode, toWebhookUrl } from '../workflows/workflow';

type Json = Record<string, unknown>;
type Credential = { id: string; name: string };

const scenario: Scenario = {
	name: 'questions',
	run: async (outer) => {
		const simulator = await startSimulator({ replyWindow: true, followers: 40 });
		const miniProgram = await startSimulator({
			accounts: [MINI_PROGRAM_ACCOUNT],
			replyWindow: true,
		});
		const platform = await startSimulatorWithPlatform({ replyWindow: true });
		const environment = outer.copyWith({ simulator });
		try {
			const chat = await openChat(environment);
			await waitForAll([
				takesAnswers(chat),
				takesOnlyAnswers(chat),
				asksOneByOne(chat),
				asksTwice(chat),
				asksInReply(chat),
				isAnsweredAtOnce(chat),
				goesOnWithout(chat),
				refusesStrangers(chat),
				asksInMiniProgram(outer.copyWith({ simulator: miniProgram })),
				asksForAccounts(outer.copyWith({ simulator: platform })),
			]);
			await startsNothing(chat);
			await outlivesRestart(chat);
			await isAnsweredBehindProxy(chat);
			await tellsNoSecret(chat);
		} finally {
			await Promise.all([simulator, miniProgram, platform].map((one) => one.close()));
		}
	},
};

export default scenario;

/** An account whose trigger only listens, and its people. */
interface Chat {
	environment: ScenarioEnvironment;
	credentials: Record<string, Credential>;
	listener: Awaited<ReturnType<typeof activateListener>>;
	/** A person who has written once, so that the account may write. */
	greet(): Promise<Person>;
}

async function openChat(environment: ScenarioEnvironment, changes: Json = {}): Promise<Chat> {
	const { session, simulator } = environment;
	const data = { ...toAccountCredential(simulator), ...changes };
	const credentials = {
		[ACCOUNT_TYPE]: await session.createCredential('Questions', ACCOUNT_TYPE, data),
	};
	const listener = await activateListener(environment, credentials);
	const openids = [...simulator.openids()];
	return {
		environment,
		credentials,
		listener,
		greet: async () => {
			const push = async (message: Json) => await simulator.push(listener.url, message);
			const person = joinChat(simulator, { openid: String(openids.shift()), push });
			await person.say('hello');
			return person;
		},
	};
}

const APPROVE = '同意';
const DECLINE = '拒绝';
const PLACE = { latitude: 31.2304, longitude: 121.4737, label: '上海市黄浦区' };

/** What the run has put out when it is over. */
async function readOutput(
	{ session }: Pick<ScenarioEnvironment, 'session'>,
	{ id }: Pick<AskingWorkflow, 'id'>,
	want = 1,
): Promise<{ output: Json; binary: Json; execution: Execution }> {
	const [execution] = await session.executions(id, want, 30_000);
	assert.equal(findError(execution), undefined);
	const [item] = execution.data.resultData.runData[ASK].at(-1)?.data?.main[0] ?? [];
	return { output: item.json, binary: item.binary ?? {}, execution };
}

async function takesAnswers({ environment, credentials, greet }: Chat): Promise<void> {
	const { check } = environment;
	type Answer = (person: Person) => Promise<PushResult>;
	const cases: Array<[string, Json, Answer, Json]> = [
		['a tap on the menu approves', {}, (one) => one.tap(APPROVE), { approved: true }],
		['a tap on the menu declines', {}, (one) => one.tap(DECLINE), { approved: false }],
		['the word approves', {}, (one) => one.say(` ${APPROVE}！`), { approved: true }],
		['the number declines', {}, (one) => one.say('２'), { approved: false }],
		[
			'labels of the node',
			{ approvalOptions: { approveLabel: 'Yes, ship it', disapproveLabel: 'No' } },
			(one) => one.tap('Yes, ship it'),
			{ approved: true },
		],
		[
			'one of three choices',
			{ responseType: 'choice', choices: 'Monday\nTuesday\nWednesday' },
			(one) => one.tap('Tuesday'),
			{ choice: 'Tuesday' },
		],
		[
			'free text',
			{ responseType: 'freeText' },
			(one) => one.say('As "usual" <&> 谢谢'),
			{ text: 'As "usual" <&> 谢谢' },
		],
		[
			'a location',
			{ responseType: 'location' },
			(one) => one.sendLocation(PLACE),
			{ location: PLACE },
		],
	];
	await waitForAll(
		cases.map(async ([name, parameters, answer, data]) => {
			const asking = await activateAskingWorkflow(environment, credentials, parameters);
			const person = await greet();
			await check(`${name}: the run goes on with the answer`, async () => {
				await asking.ask(person.openid, 'May we?');
				assert.match(String(person.seen.at(-1)), /^May we\?/);
				const { shown } = await answer(person);
				assert.match(shown, /已收到/);
				const { output } = await readOutput(environment, asking);
				assert.deepEqual([output.outcome, output.data], ['answered', data]);
				assert.ok(Math.abs(Date.parse(String(output.respondedAt)) - Date.now()) < 60_000);
			});
		}),
	);

	const asking = await activateAskingWorkflow(environment, credentials, {
		responseType: 'picture',
	});
	const person = await greet();
	await check('a picture arrives as a file', async () => {
		await asking.ask(person.openid, 'A picture, please');
		await person.sendPicture(jpeg);
		const { output, binary } = await readOutput(environment, asking);
		assert.equal(output.outcome, 'answered');
		const { mimeType } = binary.picture as { mimeType: string };
		assert.equal(mimeType, 'image/jpeg');
	});
}

/** All answers that were given so far; what is none begins with hello. */
async function startsNothing({ environment, listener }: Chat): Promise<void> {
	const { check } = environment;
	await check('no answer has started another workflow', async () => {
		const runs = await environment.session.executions(listener.id, 0);
		const said = runs.map((run) => {
			const [item] = environment.session.listItems(run, 'Trigger');
			return item ? item.Content : `nothing, and ended with ${run.status}`;
		});
		assert.deepEqual(
			said.filter((text) => !String(text).startsWith('hello')),
			[],
		);
	});
}

async function takesOnlyAnswers({ environment, credentials, greet }: Chat): Promise<void> {
	const { check, session } = environment;
	const asking = await activateAskingWorkflow(environment, credentials);
	const person = await greet();
	await check('what is no answer is asked again, at no cost of messages', async () => {
		const { simulator } = environment;
		await asking.ask(person.openid, 'May we?');
		const before = simulator.messages.length;
		const mine = () =>
			simulator.messages.slice(before).filter(({ body }) => body.touser === person.openid);
		assert.match((await person.say('maybe')).shown, /cancel.*May we\?.*1\. 同意/s);
		assert.match((await person.sendPicture(jpeg)).shown, /May we\?/);
		assert.deepEqual(mine(), []);
		await person.say('1');
		const { output } = await readOutput(environment, asking);
		assert.deepEqual(output.data, { approved: true });
	});

	const cancelled = await activateAskingWorkflow(environment, credentials, {
		responseType: 'freeText',
	});
	await check('"取消" ends the question, and the next message starts workflows again', async () => {
		await cancelled.ask(person.openid, 'Your wish?');
		assert.match((await person.say('取消')).shown, /已取消/);
		const { output } = await readOutput(environment, cancelled);
		assert.deepEqual([output.outcome, output.data], ['cancelled', {}]);
		assert.equal((await person.say('hello?')).shown, '');
	});

	const unwritable = await activateAskingWorkflow(environment, credentials);
	await check('who may not be written to: the run fails before it waits', async () => {
		await unwritable.begin(String(environment.simulator.openids().at(-1)), 'May we?');
		const [execution] = await session.executions(unwritable.id, 1);
		assert.match(String(findError(execution)), /45015/);
		assert.equal(execution.status, 'error');
	});

	const ended = await activateAskingWorkflow(environment, credentials);
	const endings: Array<[string, (id: string) => Promise<unknown>]> = [
		['was stopped', async (id) => await session.rest('POST', `/rest/executions/${id}/stop`)],
		[
			'was deleted',
			async (id) => await session.rest('POST', '/rest/executions/delete', { ids: [id] }),
		],
	];
	for (const [what, end] of endings)
		await check(
			`an execution that ${what}: the person is told, and the question is gone`,
			async () => {
				await end(await ended.ask(person.openid, 'May we?'));
				assert.match((await person.say('1')).shown, /已经结束/);
				assert.equal((await person.say('hello again')).shown, '');
				const statuses = (await listRuns(session, ended.id)).map(({ status }) => status);
				assert.deepEqual([...new Set(statuses)], what === 'was deleted' ? statuses : ['canceled']);
			},
		);
}

/** Two questions of one run to one person. */
async function asksTwice({ environment, credentials, greet }: Chat): Promise<void> {
	const { check, session } = environment;
	const asking = await activateAskingWorkflow(environment, credentials, {}, [
		{
			...createAskNode(credentials, {
				touser: '={{ $json.openid }}',
				message: '=Sure, after {{ $json.data.approved }}?',
			}),
			name: 'Ask again',
		},
	]);
	const person = await greet();
	await check('two questions in a row: each has its own answer', async () => {
		await asking.ask(person.openid, 'May we?');
		await person.tap(APPROVE);
		const isAsked = () => person.seen.some((text) => text.startsWith('Sure, after true?'));
		await eventually(() => assert.ok(isAsked()), 15_000);
		await untilWaiting(session, asking.id);
		await person.say('2');
		const { execution } = await readOutput(environment, asking);
		const [first, second] = [ASK, 'Ask again'].map((node) => session.listItems(execution, node)[0]);
		assert.deepEqual([first.data, second.data], [{ approved: true }, { approved: false }]);
		assert.equal(second.openQuestions, 0);
	});
}

async function asksOneByOne({ environment, credentials, greet }: Chat): Promise<void> {
	const { check, session } = environment;
	const form = await activateAskingWorkflow(environment, credentials, {
		responseType: 'form',
		formFields: {
			values: [
				{ fieldLabel: 'Your name?', fieldName: 'name', fieldType: 'text' },
				{ fieldLabel: 'How many people?', fieldName: 'people', fieldType: 'number' },
				{
					fieldLabel: 'Where?',
					fieldName: 'room',
					fieldType: 'choice',
					choices: 'Inside\nOutside',
				},
			],
		},
	});
	const guest = await greet();
	await check('a form asks its questions one after the other', async () => {
		await form.ask(guest.openid, 'A table for you:');
		assert.match(String(guest.seen.at(-1)), /^A table for you:\nYour name\?/);
		assert.match((await guest.say('李雷')).shown, /^How many people\?/);
		assert.match((await guest.say('a few')).shown, /How many people\?/);
		assert.match((await guest.say('4')).shown, /^Where\?\n1\. Inside\n2\. Outside/);
		assert.match((await guest.say('2')).shown, /已收到/);
		const { output } = await readOutput(environment, form);
		assert.deepEqual(output.data, { name: '李雷', people: 4, room: 'Outside' });
	});

	const [first, second] = await Promise.all(
		[0, 1].map(async () => await activateAskingWorkflow(environment, credentials)),
	);
	const person = await greet();
	await check('two open questions: the newest first, then the older is shown again', async () => {
		await first.ask(person.openid, 'First?');
		await second.ask(person.openid, 'Second?');
		const { shown } = await person.say('1');
		const rest = async () => await Promise.resolve(`${shown}\n${person.seen.slice(-2).join('\n')}`);
		await eventually(async () => assert.match(await rest(), /First\?/));
		const later = await readOutput(environment, second);
		assert.deepEqual([later.output.data, later.output.openQuestions], [{ approved: true }, 1]);
		await person.say('2');
		const earlier = await readOutput(environment, first);
		assert.deepEqual(earlier.output.data, { approved: false });
	});

	const older = await activateAskingWorkflow(environment, credentials, {
		approvalOptions: { approveLabel: 'Older, yes', disapproveLabel: 'Older, no' },
	});
	const newer = await activateAskingWorkflow(environment, credentials);
	await check('a tap on the menu of the older question answers that one', async () => {
		await older.ask(person.openid, 'Older?');
		await newer.ask(person.openid, 'Newer?');
		await person.tap('Older, no');
		assert.deepEqual((await readOutput(environment, older)).output.data, { approved: false });
		await person.say('1');
		assert.deepEqual((await readOutput(environment, newer)).output.data, { approved: true });
	});

	const once = await activateAskingWorkflow(environment, credentials, {
		questionOptions: { ifAsked: 'fail' },
	});
	await check('a second run that asks the same person is told so', async () => {
		await once.ask(person.openid, 'Once?');
		await once.begin(person.openid, 'Twice?');
		const [failed] = await session.executions(once.id, 1);
		assert.match(String(findError(failed)), /has not answered/);
		assert.ok(!person.seen.some((text) => text.includes('Twice?')));
		await person.say('1');
		await session.executions(once.id, 2);
	});
}

/** The question is the reply to what started the run; what is said to it resumes that run. */
async function asksInReply({ environment, greet }: Chat): Promise<void> {
	const { check, n8n, session, simulator } = environment;
	const data = toAccountCredential(simulator);
	const credential = await session.createCredential('Replies', ACCOUNT_TYPE, data);
	const credentials = { [ACCOUNT_TYPE]: credential };
	const workflow = {
		name: 'asks in reply',
		nodes: [
			createTriggerNode(
				{ kinds: ['message.text'], respond: 'responseNode', pushOptions: {} },
				credentials,
			),
			createAskNode(credentials, {
				touser: '={{ $json.FromUserName }}',
				message: 'Your order number?',
				responseType: 'freeText',
			}),
		],
		connections: { Trigger: { main: [[{ node: ASK, type: 'main', index: 0 }]] } },
	};
	const { id } = await session.createWorkflow(workflow);
	await session.activate(id);
	const url = toWebhookUrl(n8n.url, workflow);
	const { openid } = await greet();
	const person = joinChat(simulator, {
		openid,
		push: async (message) => await simulator.push(url, message),
	});
	await check('a question to who has just written is the reply', async () => {
		assert.equal((await person.say('Where is my tea?')).shown, 'Your order number?');
		await untilWaiting(session, id);
		assert.match((await person.say('A-1')).shown, /已收到/);
		const { output } = await readOutput(environment, { id });
		assert.deepEqual(output.data, { text: 'A-1' });
		assert.ok(!simulator.messages.some(({ body }) => body.touser === openid));
	});
}

async function isAnsweredAtOnce({ environment, credentials, greet }: Chat): Promise<void> {
	const { check, simulator } = environment;
	const asking = await activateAskingWorkflow(environment, credentials);
	const person = await greet();
	await check('an answer that comes before n8n has stored that the run waits', async () => {
		const answered = new Promise<PushResult>((resolve, reject) => {
			const end = simulator.listen((event) => {
				if (event.type !== 'message' || event.body.touser !== person.openid) return;
				end();
				person.say('1').then(resolve, reject);
			});
		});
		await asking.begin(person.openid, 'May we?');
		assert.match((await answered).shown, /已收到/);
		const { output } = await readOutput(environment, asking);
		assert.deepEqual(output.data, { approved: true });
	});
}

/** n8n looks once a minute which runs have waited long enough. */
const PATIENCE_MS = 150_000;

async function goesOnWithout({ environment, credentials, greet }: Chat): Promise<void> {
	const { check, session } = environment;
	const asking = await activateAskingWorkflow(environment, credentials, {
		resumeAmount: 1,
		resumeUnit: 'minutes',
	});
	const person = await greet();
	await check('without an answer in time the run goes on, and says so', async () => {
		await asking.ask(person.openid, 'May we?');
		await session.executions(asking.id, 1, PATIENCE_MS);
		const { output } = await readOutput(environment, asking);
		assert.deepEqual([output.outcome, output.data, output.respondedAt], ['noAnswer', {}, null]);
		// Too late to be an answer.
		assert.equal((await person.say('hello, 1')).shown, '');
	});
}

/** n8n counts executions: everybody can guess their numbers. */
async function refusesStrangers({ environment, credentials, greet }: Chat): Promise<void> {
	const { check, n8n, session } = environment;
	const asking = await activateAskingWorkflow(environment, credentials);
	const person = await greet();
	await check('who knows only the number of the execution resumes nothing', async () => {
		const id = await asking.ask(person.openid, 'May we?');
		const [node] = (
			await session.api<{ nodes: Array<{ name: string; webhookId?: string }> }>(
				'GET',
				`/workflows/${asking.id}`,
			)
		).data.nodes.filter(({ name }) => name === ASK);
		const body = JSON.stringify({
			question: '0'.repeat(32),
			outcome: 'answered',
			responses: [{ name: 'approved', at: 0, value: true }],
			respondedAt: Date.now(),
		});
		const headers = { 'content-type': 'application/json' };
		for (const path of [id, `${id}/${node.webhookId}`, `${id}/${ASK}`])
			for (const query of ['', '?signature=', `?signature=${'0'.repeat(64)}`])
				for (const method of ['GET', 'POST'])
					await fetch(`${n8n.url}/webhook-waiting/${path}${query}`, {
						method,
						...(method === 'POST' && { headers, body }),
					});
		await sleep(500);
		const [{ status }] = await listRuns(session, asking.id);
		assert.equal(status, 'waiting');
		await person.say('2');
		const { output } = await readOutput(environment, asking);
		assert.deepEqual(output.data, { approved: false });
	});
}

async function asksInMiniProgram(environment: ScenarioEnvironment): Promise<void> {
	const { check } = environment;
	const { credentials, greet } = await openChat(environment, { kind: 'miniProgram' });
	const asking = await activateAskingWorkflow(environment, credentials, {
		responseType: 'form',
		formFields: {
			values: [
				{ fieldLabel: 'Your name?', fieldName: 'name', fieldType: 'text' },
				{ fieldLabel: 'Sure?', fieldName: 'sure', fieldType: 'choice', choices: 'Yes\nNo' },
			],
		},
	});
	const person = await greet();
	await check('mini program: questions and thanks are messages', async () => {
		await asking.ask(person.openid, 'Hello!');
		const answers = async (text: string, next: RegExp) => {
			assert.equal((await person.say(text)).outcome, 'success');
			await eventually(() => assert.match(String(person.seen.at(-1)), next));
		};
		await answers('Han Meimei', /^Sure\?\n1\. Yes\n2\. No/);
		await answers('perhaps', /Sure\?/);
		await answers('1', /已收到/);
		const { output } = await readOutput(environment, asking);
		assert.deepEqual(output.data, { name: 'Han Meimei', sure: 'Yes' });
	});
}

async function asksForAccounts(environment: ScenarioEnvironment): Promise<void> {
	const { check, simulator } = environment;
	const { platform } = simulator;
	const credentials = await createPlatformCredential(environment);
	const listener = await activateListener(environment, credentials, {
		authentication: 'openPlatform',
	});
	connectPlatform(simulator, { ...listener, credentials });
	await platform.pushTicket();
	for (const account of [FIRST, SECOND]) await platform.authorize(account);
	const asking = await activateAskingWorkflow(environment, credentials, {
		authentication: 'openPlatform',
		account: { __rl: true, mode: 'id', value: '={{ $json.body.account }}' },
	});
	const people = [FIRST, SECOND].map((appId) =>
		joinChat(simulator, {
			appId,
			openid: simulator.openids(appId)[0],
			push: async (message) => await platform.message(appId, message),
		}),
	);
	await check("platform: each account's person answers the question of that account", async () => {
		const [one, two] = people;
		for (const [index, person] of people.entries()) {
			await person.say('hello');
			await asking.ask(person.openid, `Number ${index + 1}?`, {
				account: [FIRST, SECOND][index],
			});
		}
		assert.match((await one.tap(APPROVE)).shown, /已收到/);
		assert.match((await two.say('2')).shown, /已收到/);
		const executions = await environment.session.executions(asking.id, 2);
		const outputs = executions.map((run) => environment.session.listItems(run, ASK)[0]);
		const dataOf = (account: string) =>
			outputs.find(({ accountAppId }) => accountAppId === account)?.data;
		assert.deepEqual([FIRST, SECOND].map(dataOf), [{ approved: true }, { approved: false }]);
	});
}

async function outlivesRestart({ environment, credentials, listener, greet }: Chat): Promise<void> {
	const { check, n8n, session } = environment;
	const asking = await activateAskingWorkflow(environment, credentials);
	const person = await greet();
	await check('a restart of n8n: the question is open still, and the run goes on', async () => {
		await asking.ask(person.openid, 'May we?');
		await n8n.restart();
		await session.activate(listener.id);
		assert.match((await person.tap(APPROVE)).shown, /已收到/);
		const { output } = await readOutput(environment, asking);
		assert.deepEqual(output.data, { approved: true });
	});
}

/** The address by which the world reaches n8n is none that n8n itself can reach. */
async function isAnsweredBehindProxy({
	environment,
	credentials,
	listener,
	greet,
}: Chat): Promise<void> {
	const { check, n8n, n8nFiles, session, userFolder } = environment;
	const person = await greet();
	const asking = await activateAskingWorkflow(environment, credentials);
	await n8n.stop();
	const behind = await startN8n({
		n8n: n8nFiles,
		userFolder,
		port: Number(new URL(n8n.url).port),
		env: { WEBHOOK_URL: 'https://n8n.example.com/' },
	});
	try {
		await session.activate(listener.id);
		await session.activate(asking.id);
		await check('behind a proxy: the answer finds the run on this computer', async () => {
			await asking.ask(person.openid, 'May we?');
			assert.match((await person.tap(APPROVE)).shown, /已收到/);
			const { output } = await readOutput(environment, asking);
			assert.deepEqual(output.data, { approved: true });
		});
	} finally {
		await behind.stop();
		await n8n.restart();
	}
}

async function tellsNoSecret({ environment, credentials }: Chat): Promise<void> {
	const { check, n8n, session } = environment;
	await check('nothing secret is in executions or the log', async () => {
		const executions = await session.api('GET', '/executions?includeData=true&limit=250');
		const told = [JSON.stringify(executions), n8n.log()].join('\n');
		const stored = await readStoredCredential(environment, credentials[ACCOUNT_TYPE].id);
		for (const secret of listSecrets(stored)) assert.ok(!told.includes(secret));
		assert.deepEqual(told.match(WECHAT_SECRETS), null);
		assert.doesNotMatch(told, /webhook-waiting\/\d+[^"\s]*signature=/);
		assert.deepEqual(listPackErrors(n8n.log()), []);
		assert.deepEqual(listUncaughtErrors(n8n.log()), []);
	});
}
