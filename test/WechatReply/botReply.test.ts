import type { INodeParameters } from 'n8n-workflow';
import { ANNA, closeScenes, type BotScene } from '../support/bot';
import { openHeardBot, type ListeningBot } from '../support/botTrigger';
import type { Credentials } from '../support/credentials';
import { leadTo, logged, nodesWith, PACK, prepareN8n, runWorkflow } from '../support/n8n';

prepareN8n();

let scene: BotScene;
let credentials: Credentials;
let listening: ListeningBot;
let botId: string;

/** A bot that is logged in, and to which Anna has just written. */
beforeEach(async () => {
	({ scene, credentials, listening, botId } = await openHeardBot());
});
afterEach(async () => {
	await listening.stop();
	await closeScenes();
});

/** WeChat Bot Trigger -> WeChat Reply. */
async function reply(parameters: INodeParameters, heard = listening.items[0]) {
	const node = nodesWith(credentials);
	const flow = {
		nodes: [
			node('Heard', `${PACK}.wechatBotTrigger`),
			node('Reply', `${PACK}.wechatReply`, {
				resource: 'reply',
				operation: 'send',
				authentication: 'bot',
				...parameters,
			}),
		],
		connections: { Heard: leadTo('Reply') },
	};
	return await runWorkflow(flow, credentials, [{ json: heard }], 'Heard');
}

const texts = () => scene.server.seen(ANNA).map(({ text }) => text);

test('the person who wrote gets the answer, as a message', async () => {
	const { items, error } = await reply({ type: 'Text', content: '你好' });
	expect(error).toBeUndefined();
	expect(texts()).toEqual(['你好']);
	expect(items('Reply')[0].json).toMatchObject({
		reply: { MsgType: 'text', Content: '你好' },
		sentAs: 'botMessage',
	});
});

test('Markdown becomes what a chat shows; a long text goes out in parts of 16 KiB', async () => {
	const content = `**Yes**\n\n${'汉字。'.repeat(2500)}`;
	const { items, error } = await reply({ type: 'Text', content, format: 'markdown' });
	expect(error).toBeUndefined();
	expect(texts().length).toBe(2);
	expect(texts()[0]).toMatch(/^Yes\n/);
	expect(items('Reply')[0].json).toMatchObject({ parts: 2, partsSent: 2 });
});

test('No Answer says nothing', async () => {
	const { items } = await reply({ type: 'None' });
	expect(texts()).toEqual([]);
	expect(items('Reply')[0].json.sentAs).toBe('nothing');
});

test('what WeChat does not deliver fails the run, and says what opens the way', async () => {
	scene.server.makeStale(botId, ANNA);
	const { error } = await reply({ type: 'Text', content: 'too late' });
	expect(error?.message).toContain('WeChat did not deliver the message');
	expect(error?.description).toContain('next message of this person');
	expect(texts()).toEqual([]);
	expect(logged.join('\n')).toContain('could not send the text of If It Fails');
});

test('another Authentication is refused, and named', async () => {
	const { error } = await reply({ type: 'Text', content: 'x', authentication: 'officialAccount' });
	expect(error?.message).toContain('"Heard" started this run');
	expect(error?.description).toContain('Bot of a Personal Account');
});

test.each([
	[
		'a picture',
		{ type: 'Image', mediaFrom: 'mediaId', mediaId: 'MEDIA' },
		'A bot answers with texts here',
	],
	['a hand-over', { operation: 'handOver', agent: 'a@b' }, 'A bot has no customer service'],
])('%s is refused in words', async (_, parameters, words) => {
	const { error } = await reply(parameters);
	expect(error?.message).toContain(words);
	expect(texts()).not.toContain('MEDIA');
});

test('the end of a login is no message that could be answered', async () => {
	const ended = { kind: 'event.session_ended', botId };
	const { error } = await reply({ type: 'Text', content: 'x' }, ended);
	expect(error?.message).toContain('There is no message to answer');
});
