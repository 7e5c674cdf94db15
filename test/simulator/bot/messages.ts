import { openFile } from './files';
import { BotRefusal, refuseCall } from './refusal';
import { readField } from './requests';
import type { SeenMessage } from './types';
import { createToken, writeIds, type BotAccount, type Json, type World } from './world';

const FIVE_MINUTES_MS = 300_000;
const MAX_TEXT_BYTES = 16 * 1024;
const SEEN_FIELDS = [
	'from_user_id',
	'to_user_id',
	'client_id',
	'message_type',
	'message_state',
	'item_list',
	'context_token',
	'run_id',
];

/** A person writes: with a new context, which is the only good one from now on. */
export function receive(
	world: World,
	bot: BotAccount,
	userId: string,
	item: Json,
	more: Json = {},
): string {
	const id = world.nextId();
	const now = world.clock.now();
	const token = createToken();
	for (const context of bot.contexts) if (context.userId === userId) context.isStale = true;
	bot.contexts.push({ token, userId, at: now, sent: 0, isStale: false });
	const message = {
		seq: bot.updates.length + 1,
		message_id: id,
		from_user_id: userId,
		to_user_id: bot.botId,
		client_id: createToken(),
		create_time_ms: now,
		update_time_ms: now,
		message_type: 1,
		message_state: 2,
		context_token: token,
		item_list: [{ create_time_ms: now, is_completed: true, msg_id: id, ...item }],
		...more,
	};
	bot.updates.push({ place: bot.updates.length, json: writeIds(message), id });
	for (const poll of bot.held) poll.finish();
	return id;
}

/** What a poll gets; undefined while there is nothing for it. */
export function takeUpdates(world: World, bot: BotAccount, cursor: string): string | undefined {
	const from = bot.again ?? readCursor(bot, cursor);
	const updates = bot.updates.slice(from).filter((one) => !one.isStolen);
	if (updates.length === 0) return undefined;
	bot.again = undefined;
	return writeUpdates(
		world,
		bot,
		updates.map(({ json }) => json),
	);
}

export const writeUpdates = (world: World, bot: BotAccount, messages: string[]): string =>
	`{"ret":0,"msgs":[${messages.join(',')}],"get_updates_buf":"${toCursor(bot, bot.updates.length)}","longpolling_timeout_ms":${world.longPollMs}}`;

const toCursor = (bot: BotAccount, place: number) =>
	Buffer.from(`${bot.botId} ${place}`).toString('base64');

/** Without a cursor, everything that is still there comes. */
function readCursor(bot: BotAccount, cursor: string): number {
	if (cursor === '') return 0;
	const [botId, place] = Buffer.from(cursor, 'base64').toString().split(' ');
	if (botId !== bot.botId || !/^\d+$/.test(place))
		refuseCall('get_updates_buf is one that was given');
	return Number(place);
}

/** Delivers a message, or says that it does not. */
export function deliver(world: World, bot: BotAccount, body: Json): string {
	const message = body.msg as Json;
	for (const name of Object.keys(message ?? refuseCall('there is no msg')))
		if (!SEEN_FIELDS.includes(name)) refuseCall(`msg has no field ${name}`);
	if (message.from_user_id !== '') refuseCall('from_user_id is empty');
	if (message.message_type !== 2 || message.message_state !== 2)
		refuseCall('message_type and message_state are 2');
	const userId = readField(message, 'to_user_id');
	const clientId = readField(message, 'client_id');
	if (!/@im\.wechat$/.test(userId)) refuseCall('to_user_id is a person');
	if (!clientId) refuseCall('client_id is unique');
	const items = message.item_list as Json[];
	if (!Array.isArray(items) || items.length !== 1) refuseCall('item_list has one item');
	const known = bot.clientIds.get(clientId);
	if (known !== undefined) return world.knowsClientIds ? known : refuseCall('client_id is unique');
	const seen = readItem(world, items[0], userId);
	const isShown = message.context_token !== undefined;
	if (isShown) useContext(world, bot, userId, readField(message, 'context_token'));
	const messageId = world.nextId();
	bot.clientIds.set(clientId, messageId);
	const line = isShown ? world.seen : world.unseen;
	line.set(userId, [...(line.get(userId) ?? []), { messageId, clientId, ...seen }]);
	world.typing.delete(userId);
	return messageId;
}

/** Counts a message. All of it shows as -2, with one of these words or none. */
function useContext(world: World, bot: BotAccount, userId: string, token: string): void {
	const now = world.clock.now();
	const context = bot.contexts.find((one) => one.token === token && one.userId === userId);
	if (!context) throw new BotRefusal(-2, 'unknown error');
	if (context.isStale || now - context.at >= world.contextMs)
		throw new BotRefusal(-2, 'prepare failed');
	const times = (bot.times.get(userId) ?? []).filter((at) => now - at < FIVE_MINUTES_MS);
	if (times.length >= world.perFiveMinutes) throw new BotRefusal(-2, 'rate limited');
	if (context.sent >= world.perContext) throw new BotRefusal(-2, '');
	context.sent++;
	bot.times.set(userId, [...times, now]);
}

function readItem(world: World, item: Json, userId: string): Partial<SeenMessage> {
	const part = (name: string) => (item[name] ?? refuseCall(`the item has no ${name}`)) as Json;
	if (item.type === 1) {
		const text = readField(part('text_item'), 'text');
		if (!text) refuseCall('the text is empty');
		if (Buffer.byteLength(text) > MAX_TEXT_BYTES) refuseCall('the text has at most 16 KiB');
		return { text };
	}
	const kinds = { 2: 'image', 4: 'file', 5: 'video' } as const;
	const kind = kinds[item.type as 2 | 4 | 5] ?? refuseCall('a bot sends no such item');
	const { media, ...more } = part(`${kind}_item`);
	const bytes = openFile(world, media as Json, userId);
	const size = Math.ceil((bytes.length + 1) / 16) * 16;
	const expected = {
		image: { mid_size: size },
		video: { video_size: size },
		file: { file_name: more.file_name, len: String(bytes.length) },
	}[kind];
	if (JSON.stringify(more) !== JSON.stringify(expected))
		refuseCall(`${kind}_item has other sizes than the file`);
	return { kind, bytes, ...(kind === 'file' && { fileName: readField(more, 'file_name') }) };
}
