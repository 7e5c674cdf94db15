import { createServices } from '../../nodes/api/services';
import { createBotClient, type BotClient } from '../../nodes/bot/botClient';
import { followLogin, startLogin } from '../../nodes/bot/login';
import { startBotServer, type BotServer } from '../simulator/bot';
import { BotPhone } from './botPhone';
import { Feed, type Item } from './feed';

const PERSON = 'visitor@im.wechat';
let server: BotServer;
let phone: BotPhone;
let items: Item[];

beforeEach(async () => {
	server = await startBotServer({ longPollMs: 50 });
	const feed = new Feed();
	items = [];
	feed.read((item) => void items.push(item));
	phone = new BotPhone(server, feed);
});
afterEach(async () => {
	phone.close();
	await server.close();
});

const steps = () => items.flatMap((item) => (item.type === 'account' ? [item.step] : []));
const bubbles = () => items.flatMap((item) => (item.type === 'bubble' ? [item.bubble] : []));
const services = createServices();
const at = () => ({ apiBaseUrl: server.url });

/** n8n asks for a code, and the person scans and confirms it. */
async function logIn(): Promise<BotClient> {
	const session = await startLogin(at(), services);
	await until(() => steps().at(-1) === 'code');
	phone.act('scan', {});
	const scanned = await followLogin(at(), services, session);
	phone.act('confirm', {});
	const { bot } = await followLogin(at(), services, scanned);
	return createBotClient({ ...at(), token: bot?.token ?? '' }, services);
}

async function until(isSo: () => boolean): Promise<void> {
	for (let turns = 0; !isSo(); turns++) {
		if (turns > 10_000) throw new Error('It never came to that');
		await new Promise((done) => setImmediate(done));
	}
}

const send = async (client: BotClient, contextToken: string, item: { type: number }) =>
	await client.sendMessage({ clientId: String(Math.random()), to: PERSON, item, contextToken });

test('the person scans and confirms, writes, and sees what the bot sends', async () => {
	const client = await logIn();
	expect(steps()).toEqual(['noCode', 'code', 'scanned', 'loggedIn']);
	phone.act('text', { text: '<b>你好</b>' });
	phone.sendPicture(Buffer.from('89504e47', 'hex'));
	const { messages } = await client.getUpdates('', { timeoutMs: 50 });
	expect(messages).toHaveLength(2);
	const said = { type: 1, text_item: { text: 'You said <b>' } };
	await send(client, String(messages[1].context_token), said);
	await until(() => bubbles().length === 4);
	expect(bubbles()).toEqual([
		{ kind: 'note', what: 'botLoggedIn' },
		{ kind: 'text', parts: [{ text: '<b>你好</b>' }] },
		{ kind: 'image', src: 'data:image/png;base64,iVBORw==' },
		{ kind: 'text', parts: [{ text: 'You said <b>' }] },
	]);
});

test('a bot that is removed gets nothing more, and another code brings it back', async () => {
	const client = await logIn();
	phone.act('remove', {});
	expect(steps().at(-1)).toBe('removed');
	expect(() => phone.act('text', { text: 'x' })).toThrow('noBot');
	await expect(client.getUpdates('', { timeoutMs: 50 })).rejects.toMatchObject({ code: -14 });
	await logIn();
	phone.act('text', { text: 'again' });
	expect(bubbles().at(-1)).toEqual({ kind: 'text', parts: [{ text: 'again' }] });
});

test.each([
	['scan', {}, 'noCode'],
	['confirm', {}, 'noCode'],
	['remove', {}, 'noBot'],
	['text', { text: 'x' }, 'noBot'],
	['text', { text: ' ' }, 'empty'],
	['dance', {}, 'noAction'],
])('what is refused before a code was scanned: %s %j', (name, input, code) => {
	expect(() => phone.act(name, input)).toThrow(code);
	expect(server.calls).toEqual([]);
	expect(bubbles()).toEqual([]);
});
