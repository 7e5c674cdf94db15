import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ANNA, BEN, closeScenes, waitUntil, type BotScene } from '../support/bot';
import { openHeardBot, type ListeningBot } from '../support/botTrigger';
import type { Credentials } from '../support/credentials';
import {
	execution,
	leadTo,
	logged,
	nodesWith,
	PACK,
	prepareN8n,
	runWorkflow,
} from '../support/n8n';
import { resumeRun, type Resumed } from '../support/resumeRun';

prepareN8n();

let scene: BotScene;
let credentials: Credentials;
let listening: ListeningBot;
let botId: string;
let n8n: Server;
const { waitingUrl } = execution;
/** What came of each POST to the resume URL. */
let resumed: Resumed[];
let resume: ((body: IDataObject) => Promise<Resumed>) | undefined;

/** A bot that is logged in, to which Anna has just written, and n8n where its runs wait. */
beforeEach(async () => {
	({ scene, credentials, listening, botId } = await openHeardBot());
	resumed = [];
	resume = undefined;
	n8n = createServer((request, response) => {
		void readBody(request).then(async (body) => {
			if (!resume) return response.writeHead(404).end('{"message":"The execution 1 …"}');
			const result = await resume(body);
			resumed.push(result);
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(result.answer));
		});
	}).listen(0, '127.0.0.1');
	await once(n8n, 'listening');
	execution.waitingUrl = `http://127.0.0.1:${(n8n.address() as AddressInfo).port}/webhook-waiting`;
});
afterEach(async () => {
	execution.waitingUrl = waitingUrl;
	await listening.stop();
	await closeScenes();
	n8n.closeAllConnections();
	n8n.close();
	await once(n8n, 'close');
});

async function readBody(request: IncomingMessage): Promise<IDataObject> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return JSON.parse(Buffer.concat(chunks).toString('utf8')) as IDataObject;
}

/** Start -> Ask -> After. */
function flow(parameters: INodeParameters) {
	const node = nodesWith(credentials);
	const of = { resource: 'message', operation: 'sendAndWait' };
	return {
		nodes: [
			node('Start', 'n8n-nodes-base.start'),
			node('Ask', `${PACK}.wechatBot`, { ...of, to: ANNA, message: 'Ship it?', ...parameters }),
			node('After', 'n8n-nodes-base.start'),
		],
		connections: { Start: leadTo('Ask'), Ask: leadTo('After') },
	};
}

/** Asks Anna, and lets the run wait. */
async function ask(parameters: INodeParameters = {}) {
	const asked = flow(parameters);
	const ran = await runWorkflow(asked, credentials, [{ json: {} }], 'Start');
	if (ran.run.data.waitTill)
		resume = async (body) => await resumeRun(ran, asked, credentials, body);
	return ran;
}

const texts = () => scene.server.seen(ANNA).map(({ text }) => text);

test('an answer resumes the run, and starts no workflow', async () => {
	const { error } = await ask();
	expect(error).toBeUndefined();
	expect(texts()).toEqual(['Ship it?\n1. 同意\n2. 拒绝']);
	scene.server.say(botId, ANNA, '1');
	await waitUntil(() => resumed.length === 1);
	// Before the run goes on, so that nothing that it says comes first.
	expect(texts()).toHaveLength(2);
	expect(resumed[0].items('After')[0].json).toMatchObject({
		outcome: 'answered',
		data: { approved: true },
		accountAppId: botId,
		openid: ANNA,
	});
	expect(texts()[1]).toContain('已收到');
	scene.server.say(botId, ANNA, 'and now?');
	await waitUntil(() => listening.items.length === 2);
	expect(listening.items.map(({ Content }) => Content)).toEqual(['hello', 'and now?']);
});

test('what does not fit is asked again; "取消" ends it', async () => {
	await ask({ responseType: 'freeText' });
	scene.server.give(botId, ANNA, { kind: 'image', bytes: Buffer.from('ffd8ffe0', 'hex') });
	await waitUntil(() => texts().length === 2);
	expect(texts()[1]).toContain('请回复文字');
	scene.server.say(botId, ANNA, '取消');
	await waitUntil(() => resumed.length === 1);
	expect(texts()).toHaveLength(3);
	expect(resumed[0].items('After')[0].json).toMatchObject({ outcome: 'cancelled', data: {} });
	expect(listening.items).toHaveLength(1);
});

test.each([
	['a document', 'file' as const, 'a.txt', { MsgType: 'file', Title: 'a.txt' }],
	['a picture', 'image' as const, undefined, { MsgType: 'image' }],
])('%s comes decrypted, and its key with nothing', async (_, kind, fileName, data) => {
	await ask({ responseType: 'file' });
	const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
	scene.server.give(botId, ANNA, { kind, bytes, ...(fileName && { fileName }) });
	await waitUntil(() => resumed.length === 1);
	const [item] = resumed[0].items('After');
	expect(item.json.data).toEqual({ file: data });
	expect(Buffer.from(String(item.binary?.file.data), 'base64')).toEqual(bytes);
});

test('another person answers nothing', async () => {
	await ask();
	scene.server.say(botId, BEN, '1');
	await waitUntil(() => listening.items.length === 2);
	expect(resumed).toEqual([]);
});

test('who answers a run that is gone is told so, and the log names the execution', async () => {
	await ask();
	resume = undefined;
	scene.server.say(botId, ANNA, '1');
	await waitUntil(() => texts().length === 2);
	expect(texts()[1]).toContain('这个问题已经结束');
	expect(logged.join('\n')).toMatch(/answered a run that has ended or was deleted: execution \d+/);
});

test('a question that WeChat does not deliver fails, and nobody waits', async () => {
	scene.server.makeStale(botId, ANNA);
	const { error, run } = await ask();
	expect(error?.message).toContain('WeChat did not deliver the message');
	expect(run.data.waitTill).toBeUndefined();
	scene.server.say(botId, ANNA, '1');
	await waitUntil(() => listening.items.length === 2);
});

test('a location is refused before anything is sent: WeChat gives bots none', async () => {
	const { error } = await ask({ responseType: 'location' });
	expect(error?.message).toContain('no locations');
	expect(texts()).toEqual([]);
});
