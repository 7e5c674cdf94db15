import { createBotClient } from '../../nodes/bot/botClient';
import { runPoller, type PollEvent, type PollState } from '../../nodes/bot/poller';
import {
	ANNA,
	BEN,
	closeScenes,
	HOUR_MS,
	openScene,
	waitUntil,
	type BotScene,
} from '../support/bot';

/** Source: monitor.ts and session-guard.ts of @tencent-weixin/openclaw-weixin 2.4.9. */
afterEach(closeScenes);

/** A poller, and what outlives it. */
function createPoller(scene: BotScene, saved: { state?: PollState } = {}, endsAt = '') {
	const texts: string[] = [];
	const events: PollEvent[] = [];
	const failing: Error[] = [];
	let abort = new AbortController();
	let run = Promise.resolve();
	const start = (client = scene.client) => {
		abort = new AbortController();
		run = runPoller({
			client,
			read: async () => saved.state,
			write: async (state) => void (saved.state = JSON.parse(JSON.stringify(state)) as PollState),
			async receive({ message, id }) {
				const error = failing.shift();
				if (error) throw error;
				texts.push(String(message.Content ?? id));
				if (texts.at(-1) === endsAt) abort.abort();
			},
			report: (event) => void events.push(event),
			signal: abort.signal,
		});
	};
	const stop = async () => {
		abort.abort();
		await run;
	};
	start();
	stops.push(stop);
	return { texts, events, failing, saved, start, stop };
}
const stops: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const stop of stops.splice(0)) await stop();
});

const held = async ({ server }: BotScene) => await waitUntil(() => server.held() === 1);

test('messages come in order, each once, with the cursor of the poll before', async () => {
	const scene = await openScene();
	const { server, bot } = scene;
	const { texts, saved } = createPoller(scene);
	await held(scene);
	server.say(bot.botId, ANNA, 'one');
	await waitUntil(() => texts.length === 1);
	await held(scene);
	server.say(bot.botId, BEN, 'two');
	await waitUntil(() => texts.length === 2);
	await held(scene);
	server.repeat(bot.botId);
	await waitUntil(() => {
		scene.clock.turn(100);
		return server.count('getupdates') === 4;
	});
	await held(scene);
	expect(texts).toEqual(['one', 'two']);
	const cursors = server.calls.map(({ body }) => body?.get_updates_buf);
	expect(cursors[0]).toBe('');
	expect(new Set(cursors).size).toBe(3);
	expect(saved.state?.cursor).toBe(cursors.at(-1));
	expect(saved.state?.seen).toHaveLength(2);
});

test('a restart loses nothing and repeats nothing', async () => {
	const scene = await openScene();
	const { server, bot } = scene;
	const poller = createPoller(scene);
	server.say(bot.botId, ANNA, 'one');
	await waitUntil(() => poller.texts.length === 1);
	await poller.stop();
	server.say(bot.botId, ANNA, 'two');
	poller.start();
	await waitUntil(() => poller.texts.length === 2);
	expect(poller.texts).toEqual(['one', 'two']);
});

test('a process that ends in the middle of several messages goes on behind the last', async () => {
	const scene = await openScene();
	const { server, bot } = scene;
	for (const text of ['one', 'two', 'three']) server.say(bot.botId, ANNA, text);
	const { texts, saved, start, stop } = createPoller(scene, {}, 'two');
	await waitUntil(() => texts.length === 2);
	await stop();
	expect(saved.state).toMatchObject({ cursor: '', seen: [expect.anything(), expect.anything()] });
	start();
	await waitUntil(() => texts.length === 3);
	expect(texts).toEqual(['one', 'two', 'three']);
});

test('a poll without news, and one whose connection breaks, lose nothing', async () => {
	const scene = await openScene();
	const { server, clock, bot } = scene;
	const { texts, events } = createPoller(scene);
	await held(scene);
	clock.turn(35_000);
	await waitUntil(() => server.count('getupdates') === 2);
	await held(scene);
	expect(events).toEqual([]);
	server.fault({ path: 'getupdates', cut: 'half' });
	server.dropPolls();
	await waitUntil(() => events.length === 1);
	server.say(bot.botId, ANNA, 'one');
	// The first answer with it is cut in the middle.
	clock.turn(2000);
	await waitUntil(() => events.length === 2);
	expect(texts).toEqual([]);
	clock.turn(2000);
	await waitUntil(() => texts.length === 1);
	expect(events).toMatchObject([
		{ kind: 'failed', pauseMs: 2000, failures: 1 },
		{ kind: 'failed', pauseMs: 2000, failures: 2 },
		{ kind: 'recovered' },
	]);
});

test('after errors it waits 2 seconds, and 30 after three in a row', async () => {
	const scene = await openScene();
	const { server, clock } = scene;
	server.fault({ path: 'getupdates', times: 6, ret: -1, errmsg: 'busy' });
	const { events } = createPoller(scene);
	for (const [index, pause] of [2000, 2000, 30_000, 2000, 2000, 30_000].entries()) {
		await waitUntil(() => events.length === index + 1);
		expect(events[index]).toMatchObject({ kind: 'failed', pauseMs: pause });
		clock.turn(pause - 1);
		await new Promise((done) => setImmediate(done));
		expect(server.count('getupdates')).toBe(index + 1);
		clock.turn(1);
		await waitUntil(() => server.count('getupdates') === index + 2);
	}
	await held(scene);
});

test('a message that could not be taken over comes again', async () => {
	const scene = await openScene();
	const { server, clock, bot } = scene;
	const { texts, failing, events } = createPoller(scene);
	failing.push(new Error('no database'));
	server.say(bot.botId, ANNA, 'one');
	await waitUntil(() => events.length === 1);
	clock.turn(2000);
	await waitUntil(() => texts.length === 1);
	expect(texts).toEqual(['one']);
});

test('a dead session is left alone for an hour, also after a restart; another login is not', async () => {
	const scene = await openScene();
	const { server, clock, bot, services } = scene;
	const poller = createPoller(scene);
	await held(scene);
	server.endSession(bot.botId);
	await waitUntil(() => poller.events.length === 1);
	const until = clock.now() + HOUR_MS;
	expect(poller.events).toMatchObject([{ kind: 'sessionDead', until }]);
	await waitUntil(() => poller.saved.state?.paused !== undefined);
	expect(JSON.stringify(poller.saved.state)).not.toContain(bot.token);
	await poller.stop();
	poller.start();
	clock.turn(HOUR_MS - 1);
	await new Promise((done) => setImmediate(done));
	expect(server.count('getupdates')).toBe(1);
	await poller.stop();

	const next = server.addBot(ANNA);
	server.say(next.botId, ANNA, 'here again');
	poller.saved.state = { ...poller.saved.state!, cursor: '' };
	poller.start(createBotClient({ token: next.token, apiBaseUrl: server.url }, services));
	await waitUntil(() => poller.texts.length === 1);
	await waitUntil(() => poller.saved.state?.paused === undefined);
});

test('what a second poller has taken is not repeated, and nobody can know of it', async () => {
	const scene = await openScene();
	const { server, bot } = scene;
	server.say(bot.botId, ANNA, 'one');
	expect(server.steal(bot.botId)).toHaveLength(1);
	const { texts, events } = createPoller(scene);
	await held(scene);
	server.say(bot.botId, ANNA, 'two');
	await waitUntil(() => texts.length === 1);
	expect(texts).toEqual(['two']);
	expect(events).toEqual([]);
});

test('it remembers 200 messages, in less than 10 kB', async () => {
	const scene = await openScene();
	const { server, bot } = scene;
	for (let i = 0; i < 250; i++) server.say(bot.botId, ANNA, `${i}`);
	const { texts, saved } = createPoller(scene);
	await waitUntil(() => texts.length === 250 && saved.state?.cursor !== '');
	expect(saved.state?.seen).toHaveLength(200);
	expect(JSON.stringify(saved.state).length).toBeLessThan(10_000);
});

/** A relay that keeps answers, or a server that knows the cursor no more, may say the same again without end. */
test('what answers at once with nothing new is not asked without end', async () => {
	const scene = await openScene();
	const { server, clock } = scene;
	const message = { message_id: '1', from_user_id: ANNA, message_type: 1, create_time_ms: 1 };
	server.fault({
		path: 'getupdates',
		times: Infinity,
		body: JSON.stringify({ ret: 0, msgs: [message], get_updates_buf: '' }),
	});
	const { texts } = createPoller(scene);
	await waitUntil(() => server.count('getupdates') === 2);
	for (let turns = 0; turns < 200; turns++) await new Promise((done) => setImmediate(done));
	expect(server.count('getupdates')).toBe(2);
	clock.turn(1000);
	await waitUntil(() => server.count('getupdates') === 3);
	expect(texts).toEqual(['1']);
});

test('a session that lives again after the hour is told of, so that its next end is, too', async () => {
	const scene = await openScene();
	const { server, clock } = scene;
	server.fault({ path: 'getupdates', errcode: -14 });
	const { events, saved } = createPoller(scene);
	await waitUntil(() => saved.state?.paused !== undefined);
	clock.turn(HOUR_MS);
	await held(scene);
	clock.turn(35_000);
	await waitUntil(() => saved.state?.paused === undefined);
	expect(events).toMatchObject([{ kind: 'sessionDead' }, { kind: 'recovered' }]);
});
