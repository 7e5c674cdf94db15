import { MINI_PROGRAM_ACCOUNT, startSimulator, type Simulator } from '..';
import { parseJson, printJson, type JsonObject } from '../http/json';
import { parseXml } from '../http/xml';
import { createTestClock, type TestClock } from '../../support/clock';
import { failure, OK, startPushReceiver, type PushReceiver } from './support';

/*
 * "Session control" (客服会话控制): 65413 no session, 65414 another agent talks, 65415 the agent is not online; and
 * "Forwarding of messages" (将消息转发到客服): a reply of MsgType transfer_customer_service opens a session.
 */
const HELEN = 'helen@example';
const TOM = 'tom@example';
const CREATE = '/customservice/kfsession/create';
const CLOSE = '/customservice/kfsession/close';
const NOBODY = { createtime: 0, kf_account: '' };

let clock: TestClock;
let simulator: Simulator;
let hook: PushReceiver;
let user = '';
beforeEach(async () => {
	clock = createTestClock(1_760_000_000_000);
	simulator = await startSimulator({ ...clock, followers: 2, replyWindow: true });
	hook = await startPushReceiver();
	user = simulator.openids()[0];
	for (const kf_account of [HELEN, TOM])
		await api('/customservice/kfaccount/add', { kf_account, nickname: 'agent' });
});
afterEach(async () => {
	await hook.close();
	await simulator.close();
});

async function call(path: string, init: RequestInit = {}): Promise<JsonObject> {
	const response = await fetch(simulator.url + path, init);
	return parseJson(await response.text()) as JsonObject;
}

/** GET without a body, POST with one. */
async function api(path: string, body?: unknown, account = simulator.account): Promise<JsonObject> {
	const grant = `grant_type=client_credential&appid=${account.appId}&secret=${account.secret}`;
	const { access_token } = await call(`/cgi-bin/token?${grant}`);
	const url = `${path}${path.includes('?') ? '&' : '?'}access_token=${String(access_token)}`;
	return await call(url, body === undefined ? {} : { method: 'POST', body: printJson(body) });
}
const findSession = async () => await api(`/customservice/kfsession/getsession?openid=${user}`);
const listOnline = async () => {
	const { kf_online_list } = await api('/cgi-bin/customservice/getonlinekflist');
	return (kf_online_list as JsonObject[]).map(({ kf_account }) => kf_account);
};

/** A push that is answered by a transfer, to any agent or to one. */
async function transfer(message: object, agent = ''): Promise<void> {
	const info = agent && `<TransInfo><KfAccount>${agent}</KfAccount></TransInfo>`;
	const now = Math.floor(clock.now() / 1000);
	hook.respond = (response) =>
		response.end(
			`<xml><ToUserName>${user}</ToUserName><FromUserName>${simulator.account.name}</FromUserName>` +
				`<CreateTime>${now}</CreateTime><MsgType>transfer_customer_service</MsgType>${info}</xml>`,
		);
	const { outcome } = await simulator.push(
		hook.url,
		{ FromUserName: user, ...message },
		{ mode: 'plaintext' },
	);
	expect(outcome).toBe('reply');
	hook.respond = (response) => response.end('success');
}
const TEXT = { MsgType: 'text', Content: 'a person, please' };

/** What the account is told of sessions. */
async function pushEvents(): Promise<unknown[]> {
	const before = hook.received.length;
	await simulator.pushSessionEvents(hook.url, { mode: 'plaintext' });
	return hook.received.slice(before).map(({ body }) => {
		const { FromUserName, Event, KfAccount } = parseXml(body);
		return { FromUserName, Event, KfAccount };
	});
}
const event = (Event: string, KfAccount = HELEN) => ({ FromUserName: user, Event, KfAccount });

describe('agents who are offline', () => {
	beforeEach(() => simulator.setOnline(HELEN, false));

	test('are not listed, until they come back', async () => {
		expect(await listOnline()).toEqual([TOM]);
		simulator.setOnline(HELEN, true);
		expect(await listOnline()).toEqual([HELEN, TOM]);
	});

	test('get no session: 65415', async () => {
		const body = { kf_account: HELEN, openid: user };
		expect(await api(CREATE, body)).toEqual(failure(65415));
		expect(await findSession()).toMatchObject(NOBODY);
		expect(await pushEvents()).toEqual([]);
		simulator.setOnline(HELEN, true);
		expect(await api(CREATE, body)).toEqual(OK);
	});

	test('get nobody by a transfer: others do, or the user waits', async () => {
		await transfer(TEXT, HELEN);
		expect(await findSession()).toMatchObject(NOBODY);
		await transfer(TEXT);
		expect(await findSession()).toMatchObject({ kf_account: TOM });
	});
});

describe('a transfer', () => {
	test('opens a session with the agent that it names, at this time', async () => {
		await transfer(TEXT, TOM);
		const createtime = Math.floor(clock.now() / 1000);
		expect(await findSession()).toMatchObject({ kf_account: TOM, createtime });
		expect(await api(CREATE, { kf_account: HELEN, openid: user })).toEqual(failure(65414));
	});

	test('of a session that is open changes nothing, and is not told again', async () => {
		await transfer(TEXT, TOM);
		await transfer(TEXT, HELEN);
		expect(await findSession()).toMatchObject({ kf_account: TOM });
		expect(await pushEvents()).toEqual([event('kf_create_session', TOM)]);
	});

	test('of an event opens none', async () => {
		await transfer({ MsgType: 'event', Event: 'CLICK', EventKey: 'K' });
		expect(await findSession()).toMatchObject(NOBODY);
	});
});

test('the account is told of each start and end of a session once, in this order', async () => {
	const body = { kf_account: HELEN, openid: user };
	await api(CREATE, body);
	await api(CREATE, body);
	await api(CLOSE, body);
	expect(await api(CLOSE, body)).toEqual(failure(65413));
	expect(await pushEvents()).toEqual([event('kf_create_session'), event('kf_close_session')]);
	expect(await pushEvents()).toEqual([]);
});

test('who opens the chat of a mini program may be sent two messages within a minute', async () => {
	await simulator.close();
	const accounts = [MINI_PROGRAM_ACCOUNT];
	simulator = await startSimulator({ ...clock, accounts, followers: 2, replyWindow: true });
	const [touser] = simulator.openids();
	const send = async () =>
		await api('/cgi-bin/message/custom/send', { touser, msgtype: 'text', text: { content: 'hi' } });
	const enter = async () =>
		await simulator.push(hook.url, {
			FromUserName: touser,
			MsgType: 'event',
			Event: 'user_enter_tempsession',
		});
	expect(await send()).toEqual(failure(45015));
	await enter();
	expect([await send(), await send()]).toEqual([OK, OK]);
	expect(await send()).toEqual(failure(45047));
	await enter();
	expect(await send()).toEqual(OK);
	clock.turn(60_000);
	expect(await send()).toEqual(failure(45015));
});
