import { UserError } from '../../nodes/base/userError';
import type { OutgoingMessage } from '../../nodes/bot/botClient';
import { createContexts, MAX_PEOPLE } from '../../nodes/bot/contexts';
import { readBotMessage } from '../../nodes/bot/messages';
import { createOutbox, MAX_WAITING } from '../../nodes/bot/outbox';
import { createQuotes, MAX_QUOTE_LENGTH, MAX_QUOTES } from '../../nodes/bot/quotes';
import { prepareMessages, sendBotMessages, sendOne } from '../../nodes/bot/sendBotMessage';
import {
	ANNA,
	BEN,
	closeScenes,
	createSection,
	HOUR_MS,
	MINUTE_MS,
	openScene,
	turnUntil,
	type BotScene,
} from '../support/bot';

/** Sources: docs/protocol.md of Tencent/openclaw-weixin; the limits from weilink and wechat-ilink (secondary). */
afterEach(closeScenes);

/** A scene with what is kept of it; what people write opens contexts. */
async function open(options: Parameters<typeof openScene>[0] = {}) {
	const scene = await openScene(options);
	const { now } = scene.clock;
	const parts = {
		contexts: createContexts(createSection(now), now),
		quotes: createQuotes(createSection(now), now),
		outbox: createOutbox(createSection(now), now),
	};
	let cursor = '';
	/** A person writes: what waits goes out then, as the trigger has it. */
	const write = async (userId: string, text = 'hello') => {
		scene.server.say(scene.bot.botId, userId, text);
		const updates = await scene.client.getUpdates(cursor, { timeoutMs: 1000 });
		({ cursor } = updates);
		const { contextToken, at } = readBotMessage(updates.messages.at(-1)!)!;
		await parts.contexts.note(userId, contextToken, at);
		return await parts.outbox.flush(userId, async (message) =>
			sendOne(scene.client, { ...message, contextToken }),
		);
	};
	return { ...scene, ...parts, write };
}
type Opened = Awaited<ReturnType<typeof open>>;
const send = async (scene: Opened, text: string, withOutbox = true, to = ANNA) =>
	await turnUntil(
		scene.clock,
		sendBotMessages(scene.client, prepareMessages(to, { text }), {
			contexts: scene.contexts,
			quotes: scene.quotes,
			...(withOutbox && { outbox: scene.outbox }),
		}),
	);
const textsOf = ({ server }: BotScene, userId = ANNA) =>
	server.seen(userId).map(({ text }) => text);

// Tencent/openclaw-weixin, issues 263, 287, 310 and 322 (August and September 2026): the person sees none of them.
test('a message that WeChat takes without an ID is not delivered, and waits where it may', async () => {
	const scene = await open();
	await scene.write(ANNA);
	scene.server.fault({ path: 'sendmessage', body: '{"ret":0}', times: 2 });
	await expect(send(scene, 'one', false)).rejects.toMatchObject({
		message: 'WeChat did not deliver the message: it gave it no ID (0)',
		hint: expect.stringContaining('another WeChat account') as string,
		isUndelivered: true,
	});
	expect(await send(scene, 'two')).toMatchObject({ sent: [], waiting: 1 });
	await scene.write(ANNA);
	expect(textsOf(scene)).toEqual(['two']);
});

describe('messages are made', () => {
	test('one item each, the words first', () => {
		const item = { type: 2, image_item: {} };
		const messages = prepareMessages(ANNA, { text: 'A picture', item });
		expect(messages.map((one) => one.item)).toEqual([
			{ type: 1, text_item: { text: 'A picture' } },
			item,
		]);
		expect(new Set(messages.map(({ clientId }) => clientId)).size).toBe(2);
		expect(prepareMessages(ANNA, { item })).toHaveLength(1);
	});

	test('of at most 16 KiB in UTF-8, whole characters', () => {
		const text = '你好😀'.repeat(5000);
		const parts = prepareMessages(ANNA, { text }).map(
			({ item }) => (item.text_item as { text: string }).text,
		);
		expect(parts.join('')).toBe(text);
		expect(parts).toHaveLength(4);
		for (const part of parts) {
			expect(Buffer.byteLength(part)).toBeLessThanOrEqual(16_384);
			expect(Buffer.from(part).toString()).toBe(part);
		}
	});

	test('named the same by the same seed, and else never', () => {
		const ids = (seed?: string) =>
			prepareMessages(ANNA, { text: 'x' }, seed).map(({ clientId }) => clientId);
		expect(ids('run 7')).toEqual(ids('run 7'));
		expect(ids('run 7')).not.toEqual(ids('run 8'));
		expect(ids()).not.toEqual(ids());
		expect(ids()[0]).toMatch(/^n8n-[\da-f]{32}$/);
	});

	test.each(['', ' \n'])('"%s" is nothing to send', (text) =>
		expect(() => prepareMessages(ANNA, { text })).toThrow('nothing to send'),
	);
});

test('they go out in the newest context, and are remembered', async () => {
	const scene = await open();
	await scene.write(ANNA);
	await scene.write(ANNA);
	const { sent, waiting } = await send(scene, 'Hi!');
	expect(waiting).toBe(0);
	expect(textsOf(scene)).toEqual(['Hi!']);
	expect(await scene.quotes.find(sent[0].messageId)).toBe('Hi!');
});

test('what is not delivered is an error, which says how far it got', async () => {
	const scene = await open({ perContext: 1 });
	await scene.write(ANNA);
	await expect(send(scene, 'x'.repeat(20_000), false)).rejects.toMatchObject({
		isUndelivered: true,
		// So that Retry On Fail does not send the first one again, see engine/sentItems.
		mayBeDone: true,
		message:
			'WeChat did not deliver the message: it gives no reason (-2). 1 of 2 messages were sent before',
	});
});

/** Two processes that save at once: for a moment, what one of them has saved is not there (n8n/stateStore). */
test.each([
	['the first context', 0],
	['a newer context', 1],
])('%s that another process saves late is waited for', async (_, before) => {
	const scene = await open();
	if (before > 0) await scene.write(ANNA);
	const { contexts } = scene;
	const get = contexts.get.bind(contexts);
	const known = await get(ANNA);
	await scene.write(ANNA);
	let looks = 0;
	contexts.get = async (userId) => (++looks < 3 ? known : await get(userId));
	await send(scene, 'an answer', false);
	expect(textsOf(scene)).toEqual(['an answer']);
	expect(looks).toBe(3);
});

test('nothing is sent to somebody who never wrote: nobody would see it', async () => {
	const scene = await open();
	await expect(send(scene, 'x', false)).rejects.toMatchObject({ isUndelivered: true });
	expect(scene.server.count('sendmessage')).toBe(0);
	expect(scene.server.unseen(ANNA)).toEqual([]);
});

test('with an outbox it waits, and goes out in order and once when the person writes', async () => {
	const scene = await open();
	await scene.write(ANNA);
	scene.clock.turn(25 * HOUR_MS);
	expect(await send(scene, 'one')).toMatchObject({
		sent: [],
		waiting: 1,
		reason: expect.stringContaining('prepare failed') as string,
	});
	// Behind what waits, also when it could be delivered by now.
	expect(await send(scene, 'two')).toMatchObject({ waiting: 1 });
	expect(scene.server.count('sendmessage')).toBe(1);
	expect(await scene.outbox.count()).toBe(2);
	// Somebody else opens nothing.
	await scene.write(BEN);
	expect(textsOf(scene)).toEqual([]);
	expect(await scene.write(ANNA)).toMatchObject({ left: 0, refused: [] });
	expect(textsOf(scene)).toEqual(['one', 'two']);
	await scene.write(ANNA);
	expect(textsOf(scene)).toEqual(['one', 'two']);
	expect(await send(scene, 'three')).toMatchObject({ waiting: 0 });
});

test('what is not delivered then, either, goes on waiting', async () => {
	const scene = await open({ perFiveMinutes: 2 });
	for (const text of ['one', 'two', 'three']) await send(scene, text);
	expect(await scene.write(ANNA)).toMatchObject({ left: 1, error: { isUndelivered: true } });
	scene.clock.turn(5 * MINUTE_MS);
	expect(await scene.write(ANNA)).toMatchObject({ left: 0 });
	expect(textsOf(scene)).toEqual(['one', 'two', 'three']);
});

test('an answer that is lost on the way doubles nothing: it is the same client id', async () => {
	const scene = await open();
	await send(scene, 'one');
	scene.server.fault({ path: 'sendmessage', cut: 'read' });
	expect(await scene.write(ANNA)).toMatchObject({ left: 1 });
	expect(await scene.write(ANNA)).toMatchObject({ left: 0 });
	expect(textsOf(scene)).toEqual(['one']);
	const ids = scene.server.calls
		.filter(({ path }) => path.endsWith('sendmessage'))
		.map(({ body }) => (body?.msg as { client_id: string }).client_id);
	expect(ids).toHaveLength(2);
	expect(new Set(ids).size).toBe(1);
});

test('what is kept while the rest goes out goes out behind it', async () => {
	const scene = await open();
	await send(scene, 'one');
	const out: string[] = [];
	const work = async ({ clientId, item }: OutgoingMessage) => {
		if (out.length === 0) await send(scene, 'two');
		out.push((item.text_item as { text: string }).text);
		return { messageId: clientId };
	};
	expect(await turnUntil(scene.clock, scene.outbox.flush(ANNA, work))).toMatchObject({ left: 0 });
	expect(out).toEqual(['one', 'two']);
	expect(await scene.outbox.count(ANNA)).toBe(0);
});

test('two messages of a person at once send what waits once', async () => {
	const scene = await open();
	await send(scene, 'one');
	const out: string[] = [];
	const work = async (message: { clientId: string }) => {
		await new Promise((done) => setImmediate(done));
		out.push(message.clientId);
		return { messageId: '1' };
	};
	await Promise.all([scene.outbox.flush(ANNA, work), scene.outbox.flush(ANNA, work)]);
	expect(out).toHaveLength(1);
});

test('what WeChat will never take does not block the rest', async () => {
	const scene = await open();
	await send(scene, 'one');
	await send(scene, 'two');
	scene.server.fault({ path: 'sendmessage', ret: -5, errmsg: 'bad message' });
	const flushed = await scene.write(ANNA);
	expect(flushed).toMatchObject({ left: 0, refused: [{ error: { code: -5 } }] });
	expect(textsOf(scene)).toEqual(['two']);
});

test('a lost answer is an error: the message may have arrived', async () => {
	const scene = await open();
	await scene.write(ANNA);
	scene.server.fault({ path: 'sendmessage', cut: 'read' });
	await expect(send(scene, 'one')).rejects.toMatchObject({ mayBeDone: true });
	expect(scene.server.count('sendmessage')).toBe(1);
});

test('a message that is out is sent, also when it cannot be remembered for quotes', async () => {
	const scene = await open();
	await scene.write(ANNA);
	scene.quotes.remember = async () => await Promise.reject(new Error('no database'));
	expect(await send(scene, 'x'.repeat(20_000))).toMatchObject({ waiting: 0, sent: [{}, {}] });
	expect(textsOf(scene)).toHaveLength(2);
});

/** n8n's Retry On Fail would send the first part again, see engine/sentItems. */
test('a full outbox says what was sent before, so that it is not sent again', async () => {
	const scene = await open({ perContext: 1 });
	await scene.write(ANNA);
	scene.outbox.keep = async () =>
		await Promise.reject(new UserError('20 messages wait already', undefined, undefined));
	await expect(send(scene, 'x'.repeat(20_000))).rejects.toMatchObject({
		message: '20 messages wait already. 1 of 2 messages were sent before',
		mayBeDone: true,
	});
});

test('what has certainly not arrived is sent again', async () => {
	const { client, services, clock, server } = await openScene();
	await server.close();
	const { http } = services;
	let tries = 0;
	services.http = async (request) => (tries++, await http(request));
	const [message] = prepareMessages(ANNA, { text: 'x' });
	await expect(turnUntil(clock, sendOne(client, message))).rejects.toMatchObject({
		code: 'ECONNREFUSED',
	});
	expect(tries).toBe(3);
});

describe('what is kept stays small', () => {
	const now = () => 1_764_406_800_000;

	test('contexts: of the 500 people who wrote last', async () => {
		const section = createSection(now);
		const contexts = createContexts(section, now);
		for (let i = 0; i < MAX_PEOPLE + 20; i++)
			await contexts.note(`${i}`, 't'.repeat(200), now() + i);
		expect(await contexts.list()).toHaveLength(MAX_PEOPLE);
		expect(await contexts.get('19')).toBeUndefined();
		expect(await contexts.get('20')).toBeDefined();
		expect(section.size()).toBeLessThan(200_000);
	});

	test('contexts: an older message does not replace a newer one', async () => {
		const contexts = createContexts(createSection(now), now);
		expect(await contexts.note(ANNA, 'new', 2)).toBe(true);
		expect(await contexts.note(ANNA, 'old', 1)).toBe(false);
		expect(await contexts.get(ANNA)).toEqual({ token: 'new', at: 2 });
	});

	test('quotes: the newest 300, cut', async () => {
		const section = createSection(now);
		const quotes = createQuotes(section, now);
		for (let i = 0; i < MAX_QUOTES + 20; i++) await quotes.remember(`${i}`, 'x'.repeat(1000));
		expect(
			Object.values(await section.read()).filter(({ value }) => value).length,
		).toBeLessThanOrEqual(MAX_QUOTES);
		expect(await quotes.find(`${MAX_QUOTES + 19}`)).toBe(`${'x'.repeat(MAX_QUOTE_LENGTH)}…`);
		await quotes.remember('emoji', `${'x'.repeat(MAX_QUOTE_LENGTH - 1)}😀😀`);
		expect(await quotes.find('emoji')).toBe(`${'x'.repeat(MAX_QUOTE_LENGTH - 1)}…`);
	});

	test('outbox: 20 for a person, 512 KiB in all', async () => {
		const outbox = createOutbox(createSection(now), now);
		const keep = async (to: string, text: string) =>
			await outbox.keep(prepareMessages(to, { text }));
		for (let i = 0; i < MAX_WAITING.ofPerson; i++) await keep(ANNA, 'x');
		await expect(keep(ANNA, 'x')).rejects.toThrow('at most 20');
		for (let i = 0; i < 31; i++) await keep(`p${i}`, 'x'.repeat(16_000));
		await expect(keep(BEN, 'x'.repeat(30_000))).rejects.toThrow('512 kB');
		expect(await outbox.clear(ANNA)).toBe(20);
		expect(await outbox.count(ANNA)).toBe(0);
	});
});
