import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_ACCOUNT, startSimulator } from '../../simulator';
import { jpeg } from '../../simulator/accounts/jpeg';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import {
	changeParameters,
	activateWorkflowWith,
	type ActiveWorkflow,
} from '../workflows/activeWorkflow';
import { waitForAll } from '../services/eventually';
import {
	aiAnswer,
	authorizeAndGreet,
	forwardToGroupChat,
	nightlyStatistics,
	publishArticle,
	syncFollowers,
	welcomeFollowers,
} from '../workflows/exampleWorkflows';
import { findError, type Execution } from '../n8n/execution';
import { submitFormToEnd } from '../actors/form';
import { createCallableNode } from '../workflows/callableNode';
import { startExternalServer } from '../services/externalServer';
import { listMessages } from '../actors/slowAnswers';
import {
	connectPlatform,
	FIRST,
	MINI,
	createPlatformCredential,
	startSimulatorWithPlatform,
} from '../actors/platform';
import { BOT_KEY, toGroupMessage, withGroupChatBot } from '../services/groupChatBot';
import { createRunnableWorkflow } from '../workflows/runnableWorkflow';
import type { TestEnvironment } from '../testEnvironment';
import { toWebhookUrl, withCredentials, type Workflow } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

type Json = Record<string, unknown>;
type Credential = { id: string; name: string };

/** Each of them as a person would use it; those of replies, rules, Socialinzen, Deploy and WeChat Pay have scenarios of their own. */
const scenario: Scenario = {
	name: 'examples',
	run: async (outer) => {
		const simulator = await startSimulator({ replyWindow: true, followers: 250 });
		const platform = await startSimulatorWithPlatform();
		const environment = outer.copyWith({ simulator });
		const data = toAccountCredential(simulator);
		const account = await outer.session.createCredential('Examples', ACCOUNT_TYPE, data);
		try {
			await waitForAll([
				answersByModel(environment, account),
				welcomes(environment, account),
				publishes(environment, account),
				syncs(environment),
				forwards(environment, account),
				reports(environment, account),
				greets(outer.copyWith({ simulator: platform })),
			]);
		} finally {
			await Promise.all([simulator, platform].map((one) => one.close()));
		}
	},
};

export default scenario;

const MODEL_KEY = 'sk-for-tests';
const SLOW_MS = 17_000;
/** WeChat shows no answer of more than 2,048 bytes, which is 682 Chinese characters. */
const LONG = '长'.repeat(1000);

async function answersByModel(
	environment: ScenarioEnvironment,
	account: Credential,
): Promise<void> {
	const { check, session, simulator } = environment;
	const model = await startExternalServer(async ({ body }) => {
		const { messages } = body as { messages: Array<{ content: string }> };
		const said = String(messages.at(-1)?.content);
		if (said === 'slow') await sleep(SLOW_MS);
		if (said === 'fail') return undefined;
		const content = said === 'long' ? LONG : `Model: ${said}`;
		return { choices: [{ message: { role: 'assistant', content } }] };
	});
	const bearer = await session.createCredential('Model', 'httpBearerAuth', { token: MODEL_KEY });
	const workflow = withCredentials(
		changeParameters(aiAnswer, 'Ask the model', { url: `${model.url}/v1/chat/completions` }),
		{ httpBearerAuth: bearer },
	);
	const [quick, slow, unlucky, patient] = simulator.openids();
	try {
		const ask = await asker(environment, workflow, account);

		await check('what a model answers in time is the reply', async () => {
			assert.deepEqual(await ask(quick, '你好'), { shown: 'Model: 你好', messages: [] });
			const [{ authorization, body }] = model.received;
			assert.equal(authorization, `Bearer ${MODEL_KEY}`);
			assert.deepEqual((body as { messages: object[] }).messages.at(-1), {
				role: 'user',
				content: '你好',
			});
		});

		await check('what a model answers too late comes as a message', async () => {
			const late = { shown: '', messages: ['Model: slow'] };
			assert.deepEqual(await ask(slow, 'slow'), late);
		});

		await check('what a model answers at too great a length is cut', async () => {
			assert.deepEqual(await ask(patient, 'long'), { shown: '长'.repeat(680), messages: [] });
		});

		await check('a model that fails leaves nobody without an answer', async () => {
			const shown = 'I cannot answer right now. Please ask again later. 暂时无法回答，请稍后再问。';
			assert.deepEqual(await ask(unlucky, 'fail'), { shown, messages: [] });
		});
	} finally {
		await model.close();
	}
}

async function asker(environment: ScenarioEnvironment, workflow: Workflow, account: Credential) {
	const { id, url } = await activateWorkflowWith(environment, workflow, account);
	let runs = 0;
	return async (FromUserName: string, Content: string) => {
		const message = { FromUserName, MsgType: 'text', Content };
		const { shown } = await environment.simulator.push(url, message);
		const [execution] = await environment.session.executions(id, ++runs, 60_000);
		assert.equal(findError(execution), undefined);
		return { shown, messages: listMessages(environment, FromUserName) };
	};
}

async function welcomes(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, simulator } = environment;
	const conversation = await activateWorkflowWith(environment, welcomeFollowers, account);
	const follower = simulator.openids()[10];
	const follow = async (FromUserName: string, EventKey?: string, Event = 'subscribe') => {
		const event = { FromUserName, MsgType: 'event', Event, ...(EventKey && { EventKey }) };
		return (await simulator.push(conversation.url, event)).shown;
	};
	const tagsOf = await createCallableNode(environment, {
		type: 'n8n-nodes-wechat-platform.wechat',
		parameters: { resource: 'tag', operation: 'getOfUser', openid: '={{ $json.body.openid }}' },
		credentials: { [ACCOUNT_TYPE]: account },
	});
	const tagged = async (openid: string) => (await tagsOf({ openid }))[0].tagid_list;
	let tag = 0;

	await check('a form makes a tag, and hands out a QR code for it', async () => {
		const page = await submitFormToEnd(environment, conversation.workflow, ['Store 1']);
		assert.match(page, /QR code of Store 1/);
		assert.match(page, /qrcode\.jpg/);
		const [{ action_name, action_info }] = callsTo(environment, '/cgi-bin/qrcode/create') as [
			{ action_name: string; action_info: { scene: Json } },
		];
		assert.equal(action_name, 'QR_LIMIT_STR_SCENE');
		tag = Number(/^tag_(\d+)$/.exec(String(action_info.scene.scene_str))?.[1]);
		assert.ok(tag >= 100, `${tag} is no tag`);
	});

	await check('who follows by the QR code of a form is welcomed and tagged', async () => {
		const newcomer = 'oNewcomerOfTheStore000000001';
		assert.match(await follow(newcomer, `qrscene_tag_${tag}`), /^Welcome!/);
		await ended(environment, conversation, 2);
		assert.deepEqual(await tagged(newcomer), [tag]);
	});

	await check('a follower who scans the QR code of a form is tagged, too', async () => {
		assert.match(await follow(follower, `tag_${tag}`, 'SCAN'), /again/);
		await ended(environment, conversation, 3);
		assert.deepEqual(await tagged(follower), [tag]);
	});

	await check('who follows in another way, or by another code, is welcomed only', async () => {
		const before = simulator.count('/cgi-bin/tags/members/batchtagging');
		for (const key of [undefined, 'qrscene_store_42', 'qrscene_tag_x'])
			assert.match(await follow(`oNewcomerElsewhere${key}`, key), /^Welcome!/);
		await ended(environment, conversation, 6);
		assert.equal(simulator.count('/cgi-bin/tags/members/batchtagging'), before);
	});
}

async function ended(
	{ session }: TestEnvironment,
	{ id }: ActiveWorkflow,
	want: number,
): Promise<Execution[]> {
	const executions = await session.executions(id, want, 30_000);
	assert.equal(executions.length, want);
	for (const execution of executions) assert.equal(findError(execution), undefined);
	return executions;
}

const callsTo = ({ simulator }: Pick<TestEnvironment, 'simulator'>, path: string) =>
	simulator.calls.filter((call) => call.path === path).map(({ body }) => body);

async function publishes(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, session, simulator } = environment;
	const write = async (html: string) => {
		const assignments = [
			{ id: 'author', name: 'author', value: 'Tea House', type: 'string' },
			{ id: 'text', name: 'text', value: html, type: 'string' },
		];
		const written = changeParameters(publishArticle, 'Your article', {
			assignments: { assignments },
		});
		const format = { format: 'html', title: 'We have moved' };
		const asHtml = changeParameters(written, 'Create draft', format);
		return await createRunnableWorkflow(environment, asHtml, { [ACCOUNT_TYPE]: account });
	};

	await check('an article is published with its pictures in place', async () => {
		const addresses = ['a', 'b'].map((name) =>
			simulator.mediaUrl(
				simulator.addMedia(Buffer.concat([jpeg, Buffer.from(name)]), `${name}.jpg`),
			),
		);
		for (const name of ['a', 'b'])
			simulator.fault({
				path: '/cgi-bin/media/uploadimg',
				answer: { url: `http://mmbiz.qpic.cn/mmbiz/${name}/0` },
			});
		const run = await write(
			`<p>Here:</p><img alt="a" src="${addresses[0]}?x=1&amp;y=2"><p>"src='no'"</p><img src='${addresses[1]}' alt="b">`,
		);
		const execution = await run();
		const [draft] = callsTo(environment, '/cgi-bin/draft/add') as [{ articles: Json[] }];
		const [{ content, thumb_media_id, title, author }] = draft.articles;
		for (const name of ['a', 'b'])
			assert.match(String(content), new RegExp(`src="http://mmbiz.qpic.cn/mmbiz/${name}/0"`));
		assert.ok(!String(content).includes(simulator.url));
		assert.match(String(content), /"src='no'"|&quot;src='no'&quot;/);
		assert.deepEqual([title, author], ['We have moved', 'Tea House']);
		assert.ok(simulator.mediaUrl(String(thumb_media_id)));
		for (const address of addresses)
			assert.equal(simulator.count(new URL(address).pathname), 1, 'each picture is fetched once');
		const [{ meaning, articles }] = session.listItems(execution, 'Publish');
		assert.equal(meaning, 'Published');
		assert.match(String((articles as Json[])[0].url), /^http:\/\/mp\.weixin\.qq\.com\/s\//);
	});

	await check('an article without pictures ends with an error that says so', async () => {
		const before = simulator.count('/cgi-bin/draft/add');
		const run = await write('<p>Words only</p>');
		assert.match(String(findError(await run({ mayFail: true }))), /cover/i);
		assert.equal(simulator.count('/cgi-bin/draft/add'), before);
	});
}

async function syncs(environment: ScenarioEnvironment): Promise<void> {
	const { check } = environment;
	// An account of its own: at the other one somebody may follow meanwhile.
	const simulator = await startSimulator({ followers: 120 });
	const credential = await environment.session.createCredential(
		'Synced',
		ACCOUNT_TYPE,
		toAccountCredential(simulator),
	);
	const run = await createRunnableWorkflow(environment, syncFollowers, {
		[ACCOUNT_TYPE]: credential,
	});
	const rows = await createCallableNode(environment, {
		type: 'n8n-nodes-base.dataTable',
		parameters: {
			resource: 'row',
			operation: 'get',
			dataTableId: { __rl: true, mode: 'id', value: '={{ $json.body.table }}' },
			returnAll: true,
		},
	});
	let table: unknown;
	const sync = async () => {
		const execution = await run();
		[{ id: table }] = environment.session.listItems(execution, 'Table of followers');
		return await rows({ table });
	};
	const [first, second] = simulator.openids();
	const trigger = await activateWorkflowWith(environment, welcomeFollowers, credential);
	const event = async (FromUserName: string, Event: string) =>
		await simulator.push(trigger.url, { FromUserName, MsgType: 'event', Event, EventKey: '' });
	const rowOf = (all: Json[], openid: string) => all.find((row) => row.openid === openid) ?? {};

	try {
		await check('each follower becomes a row of a table, which is made first', async () => {
			const all = await sync();
			assert.deepEqual(all.map(({ openid }) => openid).sort(), [...simulator.openids()].sort());
			const { follows, came_by, tags, left_at, followed_at } = rowOf(all, first);
			assert.deepEqual([follows, came_by, tags, left_at], [true, 'ADD_SCENE_QR_CODE', '', null]);
			assert.ok(Math.abs(Date.parse(String(followed_at)) - Date.now()) < 3_600_000);
			assert.equal(simulator.count('/cgi-bin/user/info/batchget'), 2);
		});

		await check('who has left is marked, once, and nobody is written twice', async () => {
			await event(second, 'unsubscribe');
			const all = await sync();
			assert.equal(all.length, 120);
			const gone = all.filter(({ follows }) => !follows);
			assert.deepEqual(
				gone.map(({ openid }) => openid),
				[second],
			);
			assert.ok(Date.parse(String(gone[0].left_at)) <= Date.now());
			assert.equal(rowOf(await sync(), second).left_at, gone[0].left_at);
		});

		await check('who comes back is no longer marked', async () => {
			await event(second, 'subscribe');
			const { follows, left_at } = rowOf(await sync(), second);
			assert.deepEqual([follows, left_at], [true, null]);
		});
	} finally {
		await simulator.close();
	}
}

async function forwards(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, session, simulator } = environment;
	const [writer] = simulator.openids().slice(20);
	await withGroupChatBot(environment, async (bot) => {
		const open = async (credential: Credential) => {
			const workflow = withCredentials(bot.of(forwardToGroupChat), { httpQueryAuth: credential });
			return await activateWorkflowWith(environment, workflow, account);
		};
		const remark = await createCallableNode(environment, {
			type: 'n8n-nodes-wechat-platform.wechat',
			parameters: { resource: 'user', operation: 'setRemark', openid: writer, remark: 'Helen' },
			credentials: { [ACCOUNT_TYPE]: account },
		});
		const PicUrl = 'http://mmbiz.qpic.cn/mmbiz_jpg/abc/0';
		const told: Array<[Json, string]> = [
			[{ MsgType: 'text', Content: 'Open "today"?\n今天' }, 'Open "today"?\n今天'],
			[{ MsgType: 'text', Content: '长'.repeat(650) }, '长'.repeat(600)],
			[{ MsgType: 'image', PicUrl, MediaId: 'm' }, `Picture ${PicUrl}`],
			[{ MsgType: 'voice', Format: 'amr', MediaId: 'm' }, 'Voice message'],
			[
				{ MsgType: 'location', Label: '上海', Location_X: '31', Location_Y: '121', Scale: '15' },
				'Place 上海',
			],
			[
				{ MsgType: 'link', Title: 'News', Description: 'd', Url: 'http://a.b/c' },
				'News http://a.b/c',
			],
		];
		const conversation = await open(bot.credential);

		await check('a group hears what followers write, and from whom', async () => {
			await remark();
			for (const [index, [message]] of told.entries()) {
				const { outcome } = await simulator.push(conversation.url, {
					FromUserName: writer,
					...message,
				});
				assert.equal(outcome, 'success');
				await ended(environment, conversation, index + 1);
			}
			assert.deepEqual(
				bot.received.map(({ body }) => body),
				told.map(([, text]) => toGroupMessage(`Helen: ${text}`)),
			);
		});

		await check('a robot that refuses ends the run with its reason', async () => {
			const { id, url } = await open(bot.wrong);
			await simulator.push(url, { FromUserName: writer, MsgType: 'text', Content: 'x' });
			const [execution] = await session.executions(id, 1, 30_000);
			assert.match(
				String(findError(execution)),
				/refused the message \(群机器人拒绝了消息\): invalid webhook url/,
			);
		});

		await check('the key of the robot is in no execution', async () => {
			const all = await session.executions(conversation.id, told.length);
			assert.ok(!JSON.stringify(all).includes(BOT_KEY));
		});
	});
}

async function reports(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, simulator } = environment;
	const beijing = new Date(Date.now() + (8 - 24) * 3_600_000);
	const ref_date = beijing.toISOString().slice(0, 10);
	const figures = (path: string, rows: Json[]) =>
		simulator.fault({
			path: `/datacube/${path}`,
			answer: { list: rows.map((row) => ({ ref_date, ...row })) },
		});
	await withGroupChatBot(environment, async (bot) => {
		const run = await createRunnableWorkflow(environment, bot.of(nightlyStatistics), {
			[ACCOUNT_TYPE]: account,
			httpQueryAuth: bot.credential,
		});

		await check('a group is told the figures of yesterday', async () => {
			figures('getusersummary', [
				{ user_source: 0, new_user: 3, cancel_user: 1 },
				{ user_source: 30, new_user: 4, cancel_user: 0 },
			]);
			figures('getusercumulate', [{ cumulate_user: 1217 }]);
			figures('getupstreammsg', [
				{ msg_type: 1, msg_user: 5, msg_count: 12 },
				{ msg_type: 2, msg_user: 2, msg_count: 3 },
			]);
			await run();
			assert.deepEqual(
				bot.received.map(({ body }) => body),
				[
					toGroupMessage(
						`${ref_date}\nFollowers 粉丝: 1217, 7 came 新增, 1 went 取关\nMessages 消息: 15\n- text: 12 of 5 users\n- picture: 3 of 2 users`,
					),
				],
			);
			for (const path of ['getusersummary', 'getusercumulate', 'getupstreammsg'])
				assert.deepEqual(callsTo(environment, `/datacube/${path}`), [
					{ begin_date: ref_date, end_date: ref_date },
				]);
		});

		await check('a day on which nothing happened has its report, too', async () => {
			for (const path of ['getusersummary', 'getusercumulate', 'getupstreammsg']) figures(path, []);
			await run();
			assert.deepEqual(
				bot.received.at(-1)?.body,
				toGroupMessage(
					`${ref_date}\nFollowers 粉丝: unknown, 0 came 新增, 0 went 取关\nMessages 消息: 0`,
				),
			);
		});
	});
}

async function greets(environment: ScenarioEnvironment): Promise<void> {
	const { check, n8n, session, simulator } = environment;
	const { platform } = simulator;
	const credentials = await createPlatformCredential(environment);
	const workflow = withCredentials(authorizeAndGreet, credentials);
	const url = toWebhookUrl(n8n.url, workflow);
	const linked = changeParameters(workflow, 'Create link', { redirectUri: `${url}/authorized` });
	const { id } = await session.createWorkflow(linked);
	await session.activate(id);
	connectPlatform(simulator, { id, url, credentials });
	await platform.pushTicket();
	const link = async (where: string) => {
		const page = await submitFormToEnd(environment, linked, [where]);
		const [, address = ''] = /id='redirectUrl' href='([^']*)'/.exec(page) ?? [];
		return address.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
	};
	let runs = 0;
	const authorize = async (appId: string) => {
		const { redirect } = await platform.openAuthorizationLink(await link('At a computer'), appId);
		const answer = await fetch(redirect);
		assert.match(await answer.text(), /授权成功 Authorized/);
		runs += 2;
		await ended(environment, { id, url, workflow: linked }, runs);
	};
	const follow = { MsgType: 'event', Event: 'subscribe', EventKey: '' };

	await check('an owner fills in a form, authorizes, and followers are greeted', async () => {
		await authorize(FIRST);
		const { shown } = await platform.message(FIRST, follow);
		assert.equal(shown, `Welcome to ${DEFAULT_ACCOUNT.nickName ?? '示例帐号'}! 欢迎！`);
		await ended(environment, { id, url, workflow: linked }, runs);
	});

	await check('a mini program is connected without a greeting', async () => {
		await authorize(MINI);
		const [newest] = await session.executions(id, runs);
		const greeted = [newest].flatMap((execution) =>
			session.listItems(execution, 'Greet its followers'),
		);
		assert.deepEqual(greeted, []);
		assert.ok(platform.isAuthorized(MINI));
	});

	await check('on a phone the authorization link is another one', async () => {
		assert.notEqual(
			new URL(await link('In WeChat on my phone')).pathname,
			new URL(await link('At a computer')).pathname,
		);
	});
}
