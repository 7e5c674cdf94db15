import { createDeferredPromise, type INodeParameters } from 'n8n-workflow';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node';
import { createServices } from '../../nodes/api/services';
import { systemShared } from '../../nodes/n8n/sharedState';
import {
	buildPush,
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	type PushMessage,
	type SimAccount,
} from '../simulator';
import { unseal } from '../simulator/push/crypto';
import { parseXml } from '../simulator/http/xml';
import { createTestClock, type TestClock } from '../support/clock';
import { logged, prepareN8n, type Credentials } from '../support/n8n';
import { startRedisServer, useRedis } from '../support/redisServer';
import { credentialsFor, useSimulator } from '../support/simulator';
import { callWebhook } from '../support/webhook';

/*
 * "Forwarding of messages" (将消息转发到客服): while an agent talks, messages go to the agent; they are pushed again when the
 * session is not closed within 30 minutes. A reply of MsgType transfer_customer_service hands a message over.
 */
prepareN8n();
const HELEN = 'helen@example';
const accounts = [DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT];
const simulator = useSimulator({ accounts });
const redis = useRedis(async () => await startRedisServer());
afterAll(() => systemShared.connections.close());
const GET_SESSION = '/customservice/kfsession/getsession';
const MINUTE = 60_000;

let clock: TestClock;
let credentials: Credentials;
let type: WechatTrigger;
let id = 0;
let user = '';
beforeEach(() => {
	clock = createTestClock();
	credentials = credentialsFor(simulator());
	type = newProcess();
	user = `oUser${++id}`;
});
const newProcess = () => new WechatTrigger(createServices({ clock }));

/** Pushes to a process, and returns what it answers and whether a run starts. */
async function push(
	message: PushMessage,
	source: string | undefined = 'events',
	process = type,
	account: SimAccount = simulator().account,
) {
	const complete = { FromUserName: user, MsgId: String(++id), ...message };
	const { query, body } = buildPush(account, complete, { timestamp: seconds() });
	const parameters: INodeParameters = {
		kinds: ['all'],
		pushOptions: source ? { agentTalks: source } : {},
	};
	const at = { type: process };
	const called = await callWebhook(
		{ method: 'POST', query, body },
		parameters,
		credentials,
		undefined,
		at,
	);
	const answer = called.response.body ?? '';
	const reply = answer.includes('Encrypt') ? open(answer, account) : answer;
	return { reply, isRun: called.result.workflowData !== undefined };
}
const seconds = () => String(Math.floor(clock.now() / 1000));
function open(body: string, account: SimAccount) {
	const { Encrypt } = parseXml(body) as { Encrypt: string };
	return parseXml(unseal(account.encodingAESKey, Encrypt).message) as object;
}
const text: PushMessage = { MsgType: 'text', Content: 'hello?' };
const event = (Event: string, more: PushMessage = {}): PushMessage => ({
	MsgType: 'event',
	Event,
	CreateTime: String(++id),
	...more,
});
const created = event('kf_create_session', { KfAccount: HELEN });
const TO_HELEN = {
	reply: { MsgType: 'transfer_customer_service', TransInfo: { KfAccount: HELEN } },
	isRun: false,
};
const STARTS = { reply: 'success', isRun: true };

test('while an agent talks, messages go to the agent and start nothing; events start it', async () => {
	expect(await push(text)).toEqual(STARTS);
	expect(await push(created)).toEqual(STARTS);
	expect(await push(text)).toMatchObject(TO_HELEN);
	expect(await push({ ...text, FromUserName: 'oOther' })).toEqual(STARTS);
	expect(await push(event('CLICK', { EventKey: 'K' }))).toEqual(STARTS);
	expect(await push(event('kf_close_session', { KfAccount: HELEN }))).toEqual(STARTS);
	expect(await push(text)).toEqual(STARTS);
	expect(simulator().count(GET_SESSION)).toBe(0);
	expect(logged).toEqual([]);
});

test('after a transfer the other agent gets them', async () => {
	await push(created);
	await push(event('kf_switch_session', { FromKfAccount: HELEN, ToKfAccount: 'tom@example' }));
	expect(await push(text)).toMatchObject({
		reply: { TransInfo: { KfAccount: 'tom@example' } },
		isRun: false,
	});
});

test('without the option nothing is kept, and all starts the workflow', async () => {
	const before = credentials.data.state;
	await push(created, '');
	expect(await push(text, '')).toEqual(STARTS);
	expect(credentials.data.state).toBe(before);
});

test('sessions are kept in a section of the account, which all processes read', async () => {
	await push(created);
	const state = JSON.parse(String(credentials.data.state)) as { shelves: object };
	expect(Object.keys(state.shelves)).toEqual([`agents ${DEFAULT_ACCOUNT.appId}`]);
});

test('with state in Redis an event counts at once, and the credential keeps nothing of it', async () => {
	const shared = { sharedState: 'redis', redisUrl: redis().url };
	credentials = credentialsFor(simulator(), shared);
	expect(await push(text)).toEqual(STARTS);
	await push(created);
	expect(await push(text)).toMatchObject(TO_HELEN);
	expect(String(credentials.data.state)).not.toContain(user);
});

test('another process knows within two seconds, and after a restart', async () => {
	const other = newProcess();
	expect(await push(text, 'events', other)).toEqual(STARTS);
	await push(created);
	clock.turn(2001);
	expect(await push(text, 'events', other)).toMatchObject(TO_HELEN);
	expect(await push(text, 'events', newProcess())).toMatchObject(TO_HELEN);
});

describe('a session whose end nobody has told', () => {
	beforeEach(async () => {
		await push(created);
		clock.turn(29 * MINUTE);
		expect(await push(text)).toMatchObject(TO_HELEN);
		clock.turn(MINUTE);
	});

	test('does not silence the user: WeChat is asked after 30 minutes, once in 30 seconds', async () => {
		const asked = simulator().count(GET_SESSION);
		simulator().fault({ path: GET_SESSION, answer: { createtime: 0, kf_account: '' } });
		expect(await push(text)).toEqual(STARTS);
		expect(await push(text)).toEqual(STARTS);
		expect(simulator().count(GET_SESSION)).toBe(asked + 1);
		simulator().fault({ path: GET_SESSION, answer: { createtime: 1, kf_account: HELEN } });
		clock.turn(30_000);
		expect(await push(text)).toMatchObject(TO_HELEN);
	});

	test('counts for nothing when WeChat refuses to say', async () => {
		simulator().fault({ path: GET_SESSION, answer: { errcode: 65400, errmsg: 'not enabled' } });
		expect(await push(text)).toEqual(STARTS);
		expect(logged.splice(0).join()).toContain('65400');
	});

	test('counts for nothing when WeChat takes too long', async () => {
		const answered = createDeferredPromise();
		simulator().fault({ path: GET_SESSION, until: answered.promise });
		const pushed = push(text);
		await new Promise((done) => setTimeout(done, 100));
		clock.turn(1500);
		expect(await pushed).toEqual(STARTS);
		answered.resolve();
	});

	test('is forgotten after a day', async () => {
		const asked = simulator().count(GET_SESSION);
		clock.turn(24 * 60 * MINUTE);
		await push(event('kf_close_session', { FromUserName: 'oOther' }));
		expect(await push(text)).toEqual(STARTS);
		expect(simulator().count(GET_SESSION)).toBe(asked);
	});
});

test('"Ask WeChat" also knows of sessions of which no event has told', async () => {
	simulator().fault({ path: GET_SESSION, answer: { createtime: 1, kf_account: HELEN } });
	expect(await push(text, 'ask')).toMatchObject(TO_HELEN);
	// The event is newer than what WeChat has said.
	await push(event('kf_close_session', { KfAccount: HELEN }), 'ask');
	expect(await push(text, 'ask')).toEqual(STARTS);
});

test('a session of an agent whom the event does not name is passed on without a name', async () => {
	await push(event('kf_create_session'));
	const { reply, isRun } = await push(text);
	expect(reply).toMatchObject({ MsgType: 'transfer_customer_service' });
	expect(reply).not.toHaveProperty('TransInfo');
	expect(isRun).toBe(false);
});

test('WeChat is not asked about a message that names no sender', async () => {
	const asked = simulator().count(GET_SESSION);
	await push({ ...text, FromUserName: '' }, 'ask');
	expect(simulator().count(GET_SESSION)).toBe(asked);
});

test('mini programs pass messages on without a name', async () => {
	const mini = MINI_PROGRAM_ACCOUNT;
	const { appId, secret: appSecret, token, encodingAESKey: encodingAesKey } = mini;
	const kind = { kind: 'miniProgram' };
	credentials = credentialsFor(simulator(), { appId, appSecret, token, encodingAesKey, ...kind });
	await push(created, 'events', type, mini);
	const { reply, isRun } = await push(text, 'events', type, mini);
	expect(reply).toMatchObject({ MsgType: 'transfer_customer_service' });
	expect(reply).not.toHaveProperty('TransInfo');
	expect(isRun).toBe(false);
});
