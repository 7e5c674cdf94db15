import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, RELEASE_TEST_ACCOUNTS, startSimulator } from '..';
import type { SimulatorEvent } from '../events';
import { printJson } from '../http/json';
import { createTestClock, type TestClock } from '../../support/clock';
import { decryptFields, startPushReceiver, type PushReceiver } from './support';
import type { Simulator } from '../types';

let simulator: Simulator;
let hook: PushReceiver;
let told: SimulatorEvent[];
let clock: TestClock;

beforeEach(async () => {
	const accounts = [DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, ...RELEASE_TEST_ACCOUNTS];
	clock = createTestClock();
	simulator = await startSimulator({ ...clock, accounts, pushTimeoutMs: 200 });
	hook = await startPushReceiver();
	told = [];
	simulator.listen((event) => told.push(event));
});
afterEach(async () => {
	await hook.close();
	await simulator.close();
});

const typesOf = (some: SimulatorEvent[]) => some.map(({ type }) => type);

/** GET without a body, POST with one. */
async function call(path: string, body?: unknown): Promise<void> {
	const { appId, secret } = simulator.account;
	const post = async (at: string, content: unknown) => {
		const init = content === undefined ? {} : { method: 'POST', body: printJson(content) };
		const answer = await fetch(simulator.url + at, init);
		return (await answer.json()) as { access_token?: string; errcode?: number };
	};
	const grant = { grant_type: 'client_credential', appid: appId, secret };
	const { access_token } = await post('/cgi-bin/stable_token', grant);
	const { errcode = 0 } = await post(`${path}?access_token=${access_token}`, body);
	expect(errcode).toBe(0);
}

test('a push is told in the order in which it happens, each delivery as it is on the wire', async () => {
	let answers = 0;
	hook.respond = (response) => {
		if (++answers === 2) response.end('success');
		else clock.turn(200);
	};
	const { appId } = simulator.account;
	const result = await simulator.push(hook.url, { MsgType: 'text', Content: '你好' });
	expect(typesOf(told)).toEqual(['push', 'delivery', 'answer', 'delivery', 'answer', 'end']);
	expect(told[0]).toMatchObject({ appId, sealedFor: appId, message: { Content: '你好' } });
	expect(told[1]).toMatchObject({ url: hook.url, body: hook.received[0].body });
	expect(told[1]).toMatchObject({ query: Object.fromEntries(hook.received[0].query) });
	expect(told[3]).toMatchObject({ body: hook.received[1].body });
	expect(told[2]).toMatchObject({ delivery: { outcome: 'timeout' } });
	expect(told[4]).toMatchObject({ delivery: { outcome: 'success', body: 'success' } });
	expect(told[5]).toMatchObject({ result });
	expect(new Set(told.map((one) => 'id' in one && one.id)).size).toBe(1);
});

test('events of the platform are told like pushes, sealed for it', async () => {
	const { settings, connect, authorize } = simulator.platform;
	connect({ events: hook.url, messages: `${hook.url}/$APPID$` });
	await authorize(simulator.account.appId);
	expect(typesOf(told)).toEqual(['push', 'delivery', 'answer', 'end']);
	expect(told[0]).toMatchObject({ appId: simulator.account.appId, sealedFor: settings.appId });
	expect(told[0]).toMatchObject({ message: { InfoType: 'authorized' } });
	const [, sent] = told as Array<Extract<SimulatorEvent, { type: 'delivery' }>>;
	expect(decryptFields(sent.body, settings)).toMatchObject({ InfoType: 'authorized' });
	expect(told[3]).toMatchObject({ result: { outcome: 'success' } });
});

test('customer-service messages, typing and menus are told', async () => {
	const { appId } = simulator.account;
	const [touser] = simulator.openids();
	const message = { touser, msgtype: 'text', text: { content: 'hi' } };
	await call('/cgi-bin/message/custom/send', message);
	await call('/cgi-bin/message/custom/typing', { touser, command: 'Typing' });
	await call('/cgi-bin/message/custom/typing', { touser, command: 'CancelTyping' });
	const button = [{ type: 'click', name: 'Hours', key: 'HOURS' }];
	await call('/cgi-bin/menu/create', { button });
	expect(simulator.menu(touser)).toEqual(button);
	await call('/cgi-bin/menu/addconditional', { button, matchrule: { tag_id: '2' } });
	await call('/cgi-bin/menu/delete');
	expect(simulator.menu(touser)).toEqual([]);
	expect(told).toEqual([
		{ type: 'message', appId, body: message },
		{ type: 'typing', appId, openid: touser, isTyping: true },
		{ type: 'typing', appId, openid: touser, isTyping: false },
		...['create', 'addconditional', 'delete'].map(() => ({ type: 'menu', appId })),
	]);
});

test('steps of the release test are told one by one; nothing is told to those who left', async () => {
	simulator.platform.connect({ events: hook.url, messages: `${hook.url}/$APPID$` });
	const leave = simulator.listen(({ type }) => type === 'step' && leave());
	const steps = await simulator.platform.releaseTest(1);
	const { length } = told;
	expect(told.filter(({ type }) => type === 'step')).toEqual(
		steps.map((step) => ({ type: 'step', ...step })),
	);
	const received: SimulatorEvent[] = [];
	simulator.listen((event) => received.push(event))();
	await simulator.platform.pushTicket();
	expect(received).toEqual([]);
	expect(told.length).toBeGreaterThan(length);
});

test('media can be seen at its address', async () => {
	const id = simulator.addMedia(Buffer.from('picture'), 'a.png');
	const response = await fetch(simulator.mediaUrl(id));
	expect(response.headers.get('content-type')).toBe('image/png');
	expect(await response.text()).toBe('picture');
	expect((await fetch(simulator.mediaUrl('none'))).status).toBe(404);
});
