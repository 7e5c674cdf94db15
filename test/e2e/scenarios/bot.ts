import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jpeg } from '../../simulator/accounts/jpeg';
import { startBotServer } from '../../simulator/bot';
import type { GivenFile } from '../../simulator/bot/types';
import type { State } from '../../../nodes/api/state';
import {
	ANNA,
	BEN,
	createBotOwner,
	listBotTokens,
	TITLES,
	waitForPoller,
	type BotOwner,
} from '../actors/botOwner';
import { BOT_TYPE } from '../n8n/credentials';
import { findError, type Execution } from '../n8n/execution';
import { installPack } from '../n8n/pack';
import { openSession } from '../n8n/session';
import { startN8n } from '../n8n/startN8n';
import { readStoredCredential } from '../n8n/storedCredential';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { eventually } from '../services/eventually';
import { listPackErrors, listUncaughtErrors } from '../services/log';

type Json = Record<string, unknown>;

/** The bot of a personal account, in an n8n that writes all it can to its log. */
const scenario: Scenario = {
	name: 'bot login and messages',
	run: async (outer) => {
		const userFolder = join(outer.userFolder, 'bot');
		await installPack(userFolder, outer.tarball);
		const env = { N8N_LOG_LEVEL: 'debug' };
		const n8n = await startN8n({ n8n: outer.n8nFiles, userFolder, env });
		const server = await startBotServer({ perFiveMinutes: 1000 });
		try {
			const session = await openSession(n8n.url);
			const environment = outer.copyWith({ userFolder, n8n, session });
			const owner = await createBotOwner(environment, server);
			await logsIn(environment, owner);
			await asksForNumber(environment);
			await takesMessages(environment, owner);
			await sends(environment, owner);
			await outlivesTrouble(environment, owner);
			await logsInAgain(environment, owner);
			await keepsSecrets(environment, owner);
		} finally {
			await n8n.stop();
			await server.close();
		}
	},
};

export default scenario;

async function logsIn({ check, session }: ScenarioEnvironment, owner: BotOwner): Promise<void> {
	const { server } = owner;

	await check('a link to log in needs a published workflow, and says so', async () => {
		await assert.rejects(owner.getLink(), /Publish \(activate\) a workflow/);
		assert.equal((await owner.getState()).isLoggedIn, false);
	});

	const listening = await owner.publish();
	await check('a code is shown, a new one when it has expired, and the login is kept', async () => {
		const login = await owner.logIn(await owner.getLink(), { expires: 1 });
		const { wait, scanned, loggedIn } = TITLES;
		assert.deepEqual(login.titles, [wait, wait, scanned, loggedIn]);
		const { isLoggedIn, botId, userId } = await owner.getState();
		assert.deepEqual([isLoggedIn, botId, userId], [true, login.botId, ANNA]);
		await waitForPoller(owner, login.botId);
	});

	await check('a code that somebody else has scanned changes nothing', async () => {
		const before = await owner.getState();
		const { status, titles } = await owner.logIn(await owner.getLink(), { userId: BEN });
		assert.deepEqual([status, titles.at(-1)], [403, TITLES.other]);
		assert.deepEqual(await owner.getState(), before);
		await waitForPoller(owner, String(before.botId));
	});

	await check('a link that was not made here shows no code', async () => {
		const link = new URL(await owner.getLink());
		const drawn = server.count('get_bot_qrcode');
		for (const forged of ['', 'x', `${link.searchParams.get('link')}x`]) {
			link.searchParams.set('link', forged);
			assert.equal((await fetch(link)).status, 403);
		}
		assert.equal(server.count('get_bot_qrcode'), drawn);
	});
	await session.deactivate(listening.id);
}

async function asksForNumber(environment: ScenarioEnvironment): Promise<void> {
	const { check, session } = environment;
	const server = await startBotServer({ number: '42' });
	const owner = await createBotOwner(environment, server);
	const { id } = await owner.publish();
	try {
		await check(
			'the number that the phone shows is asked for, again when it was wrong',
			async () => {
				const login = await owner.logIn(await owner.getLink(), { numbers: ['41', '42'] });
				const { wait, number, scanned, loggedIn } = TITLES;
				assert.deepEqual(login.titles, [wait, number, number, scanned, loggedIn]);
				await waitForPoller(owner, login.botId);
			},
		);
	} finally {
		await session.deactivate(id);
		await server.close();
	}
}

/** Sends back what came, with a word about it before. */
const ECHO = {
	text: '={{ $json.kind }}: {{ $json.text ?? $json.Title }}',
	hasFile: '={{ $binary.data !== undefined }}',
};

async function takesMessages(environment: ScenarioEnvironment, owner: BotOwner): Promise<void> {
	const { check, session } = environment;
	const { server } = owner;
	const { botId } = (await owner.getState()) as { botId: string };
	const { id } = await owner.publish({}, [owner.createSender(ECHO)]);
	const text = 'Hello 你好 😀';

	await check('a text starts the workflow, and the answer is seen', async () => {
		const messageId = server.say(botId, ANNA, text);
		const [execution] = await session.executions(id);
		assert.equal(findError(execution), undefined);
		const [item] = session.listItems(execution, 'Trigger');
		assert.deepEqual(
			[item.kind, item.chatInput, item.MsgId, item.sessionId, item.FromUserName],
			['message.text', text, messageId, `${botId}:${ANNA}`, ANNA],
		);
		assert.deepEqual(
			server.seen(ANNA).map((one) => one.text),
			[`message.text: ${text}`],
		);
	});

	const files: Array<GivenFile & { type: string; name: string; sent: string; label: string }> = [
		{ kind: 'image', bytes: jpeg, type: 'image/jpeg', name: 'image.jpg', sent: 'image', label: '' },
		{
			kind: 'voice',
			bytes: Buffer.from('\x02#!SILK_V3 sound'),
			text: '明天见',
			type: 'audio/silk',
			name: 'voice.silk',
			sent: 'file',
			label: '明天见',
		},
		{
			kind: 'file',
			bytes: Buffer.from('%PDF-1.7 bill'),
			fileName: '账单.pdf',
			type: 'application/pdf',
			name: '账单.pdf',
			sent: 'file',
			label: '账单.pdf',
		},
		{
			kind: 'video',
			bytes: Buffer.from('\0\0\0\x18ftypisom film', 'latin1'),
			type: 'video/mp4',
			name: 'video.mp4',
			sent: 'video',
			label: '',
		},
	];
	for (const [index, { type, name, sent, label, ...file }] of files.entries())
		await check(`${file.kind}: the bytes arrive and go back, after their caption`, async () => {
			const user = `${file.kind}@im.wechat`;
			server.give(botId, user, file);
			const [execution] = await session.executions(id, index + 2);
			assert.equal(findError(execution), undefined);
			const [{ binary, json }] = listTriggerItems(execution);
			assert.deepEqual([json.kind, json.Recognition], [`message.${file.kind}`, file.text]);
			const { mimeType, fileName } = binary?.data as { mimeType: string; fileName: string };
			assert.deepEqual([mimeType, fileName], [type, name]);
			const [caption, back, ...others] = server.seen(user);
			assert.deepEqual(others, []);
			assert.match(String(caption.text), new RegExp(`^message\\.${file.kind}: ?${label}`));
			assert.deepEqual([back.kind, back.bytes], [sent, file.bytes]);
		});

	await check('two workflows listen by one poller, and both start', async () => {
		const other = await owner.publish({ kinds: ['message.text'] });
		await waitForPoller(owner, botId);
		server.say(botId, ANNA, 'for both');
		await session.executions(other.id);
		await session.executions(id, files.length + 2);
		await waitForPoller(owner, botId);
		await session.deactivate(other.id);
		await waitForPoller(owner, botId);
	});

	await check(
		'a test run in the editor gets the next message beside it, by the same poller',
		async () => {
			const { data: workflowData } = await session.rest<Json>('GET', `/rest/workflows/${id}`);
			const before = await session.executions(id);
			await session.rest('POST', `/rest/workflows/${id}/run`, {
				workflowData,
				triggerToStartFrom: { name: 'Trigger' },
			});
			await sleep(1000);
			await waitForPoller(owner, botId);
			server.say(botId, ANNA, 'for a test');
			const runs = await session.executions(id, before.length + 2);
			const newer = runs.slice(0, 2);
			assert.deepEqual(newer.map(({ mode }) => mode).sort(), ['manual', 'trigger']);
			for (const run of newer)
				assert.equal(session.listItems(run, 'Trigger')[0].Content, 'for a test');
			await waitForPoller(owner, botId);
			server.say(botId, ANNA, 'after it');
			assert.equal((await session.executions(id, runs.length + 1))[0].mode, 'trigger');
		},
	);

	await check('a quote has the text that it quotes', async () => {
		const { messageId } = server.seen(ANNA)[0];
		server.say(botId, ANNA, 'what was that?', { quoteId: messageId });
		const [execution] = await session.executions(id, files.length + 6);
		const [{ quote }] = session.listItems(execution, 'Trigger');
		assert.deepEqual(quote, { messageId, text: `message.text: ${text}` });
	});
	await session.deactivate(id);
}

const listTriggerItems = ({ data }: Execution) =>
	data.resultData.runData.Trigger[0].data?.main[0] ?? [];

async function sends({ check, session }: ScenarioEnvironment, owner: BotOwner): Promise<void> {
	const { server } = owner;
	const { botId } = (await owner.getState()) as { botId: string };
	const to = 'carl@im.wechat';
	const readTexts = () => server.seen(to).map(({ text }) => text);
	const { id } = await owner.publish();

	await check('to somebody who never wrote: not sent, with the reason', async () => {
		await assert.rejects(
			owner.send({ to, text: 'hi' }),
			/WeChat did not deliver the message: no message of this person/,
		);
		assert.deepEqual([readTexts(), server.unseen(to)], [[], []]);
	});

	await check('what WeChat does not deliver (ret -2) fails, with the reason', async () => {
		server.say(botId, to, 'one');
		await session.executions(id);
		assert.equal((await owner.send({ to, text: 'first' })).waiting, 0);
		server.makeStale(botId, to);
		await assert.rejects(
			owner.send({ to, text: 'lost' }),
			/WeChat did not deliver the message: prepare failed \(-2\).*The next message of this person/,
		);
	});

	await check('what waits goes out once, in order, when the person writes', async () => {
		for (const text of ['second', 'third'])
			assert.equal((await owner.send({ to, text, undelivered: 'queue' })).waiting, 1);
		assert.equal((await owner.getState()).waiting, 2);
		assert.deepEqual(readTexts(), ['first']);
		server.say(botId, to, 'two');
		await session.executions(id, 2);
		await eventually(() => assert.deepEqual(readTexts(), ['first', 'second', 'third']));
		server.say(botId, to, 'three');
		await session.executions(id, 3);
		assert.deepEqual(readTexts(), ['first', 'second', 'third']);
		assert.equal((await owner.getState()).waiting, 0);
	});
	await session.deactivate(id);
}

async function outlivesTrouble(
	{ check, session, n8n }: ScenarioEnvironment,
	owner: BotOwner,
): Promise<void> {
	const { server } = owner;
	const { botId } = (await owner.getState()) as { botId: string };
	const { id } = await owner.publish({ kinds: ['message.text'] });
	const readTexts = async (want: number) =>
		(await session.executions(id, want))
			.map((execution) => session.listItems(execution, 'Trigger')[0].Content)
			.reverse();

	await check('a poll that is cut, also in the middle of its answer, loses nothing', async () => {
		await waitForPoller(owner, botId);
		server.dropPolls();
		server.say(botId, ANNA, 'one');
		await readTexts(1);
		await waitForPoller(owner, botId);
		server.fault({ path: 'getupdates', cut: 'half' });
		server.dropPolls();
		server.say(botId, ANNA, 'two');
		assert.deepEqual(await readTexts(2), ['one', 'two']);
		await waitForPoller(owner, botId);
		assert.match(n8n.log(), /could not read the bot's messages, and tries again/);
	});

	await check('a restart of n8n loses nothing and repeats nothing', async () => {
		await n8n.stop();
		assert.equal(server.held(), 0);
		server.say(botId, ANNA, 'three');
		await n8n.restart();
		assert.deepEqual(await readTexts(3), ['one', 'two', 'three']);
		await waitForPoller(owner, botId);
		server.repeat(botId);
		server.say(botId, ANNA, 'four');
		assert.deepEqual(await readTexts(4), ['one', 'two', 'three', 'four']);
	});

	await check('a kill of n8n loses nothing', async () => {
		await n8n.kill();
		server.say(botId, ANNA, 'five');
		await n8n.restart();
		assert.deepEqual(await readTexts(5), ['one', 'two', 'three', 'four', 'five']);
	});
	await session.deactivate(id);
}

async function logsInAgain(
	{ check, session, n8n }: ScenarioEnvironment,
	owner: BotOwner,
): Promise<void> {
	const { server } = owner;
	const before = (await owner.getState()) as { botId: string };
	const messages = await owner.publish();
	const ends = await owner.publish({ kinds: ['event.session_ended'] });
	let link = '';

	await check('a session that WeChat has ended starts the workflow for it, once', async () => {
		await waitForPoller(owner, before.botId);
		server.endSession(before.botId);
		const [execution, ...others] = await session.executions(ends.id);
		assert.deepEqual(others, []);
		const [item] = session.listItems(execution, 'Trigger');
		assert.deepEqual([item.kind, item.userId], ['event.session_ended', ANNA]);
		assert.match(n8n.log(), /WeChat has ended the login of the bot: log in again by a link/);
		link = String(item.loginLink);
		await assert.rejects(owner.send({ to: ANNA, text: 'hi' }), /ended the session.*Log in again/);
		assert.equal((await owner.getState()).isLoggedIn, false);
	});

	await check('the login of that item goes on', async () => {
		const { status, botId } = await owner.logIn(link);
		assert.equal(status, 200);
		await waitForPoller(owner, botId);
		server.say(botId, ANNA, 'hello again');
		const [execution] = await session.executions(messages.id);
		assert.equal(session.listItems(execution, 'Trigger')[0].Content, 'hello again');
		await owner.send({ to: ANNA, text: 'welcome back' });
		assert.equal(server.seen(ANNA).at(-1)?.text, 'welcome back');
	});

	await check('another person may log in by a link for anyone', async () => {
		const { botId } = await owner.logIn(await owner.getLink(true), { userId: BEN });
		await waitForPoller(owner, botId);
		assert.equal((await owner.getState()).userId, BEN);
		assert.equal(server.held(), 1);
	});
}

async function keepsSecrets(environment: ScenarioEnvironment, owner: BotOwner): Promise<void> {
	const { check, n8n, session, userFolder } = environment;
	const stored = await readStoredCredential(environment, owner.id);
	const { shelves } = JSON.parse(String(stored.state)) as State;
	const { key } = shelves?.bot.page.value as { key: string };
	const secrets = [key, ...listBotTokens(owner.server)];

	await check(
		'no execution and no log tells a token, a context or the key of the links',
		async () => {
			assert.ok(secrets.length >= 6, `${secrets.length} secrets`);
			const executions = await session.api('GET', '/executions?includeData=true&limit=250');
			const told = { executions: JSON.stringify(executions), log: n8n.log() };
			assert.match(told.log, / debug /, 'the log has all details');
			for (const [where, text] of Object.entries(told))
				for (const secret of secrets) assert.ok(!text.includes(secret), `${where}: ${secret}`);
		},
	);

	await check('the database holds them encrypted', () => {
		const database = join(userFolder, '.n8n', 'database.sqlite');
		const bytes = ['', '-wal']
			.map((end) => `${database}${end}`)
			.filter(existsSync)
			.map((file) => readFileSync(file, 'latin1'))
			.join('');
		assert.ok(bytes.includes(BOT_TYPE));
		for (const secret of secrets) assert.ok(!bytes.includes(secret));
	});

	await check('the log has no complaint about the pack', () => {
		// Runs that fail are told of in lines for debugging.
		const log = n8n.log().replace(/^.* debug .*$/gm, '');
		assert.deepEqual([...listPackErrors(log), ...listUncaughtErrors(log)], []);
	});
}
