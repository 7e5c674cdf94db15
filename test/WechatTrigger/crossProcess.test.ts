import * as workflow from 'n8n-workflow';
import type { IDataObject, INodeParameters, INodeType, IWebhookFunctions } from 'n8n-workflow';
import type { State } from '../../nodes/api/state';
import { REPLY_CONTENT_TYPE } from '../../nodes/n8n/replyContentType';
import { createSharing, type Sharing } from '../../nodes/WechatTrigger/crossProcess';
import { createPushInbox, type PushDelivery } from '../../nodes/WechatTrigger/pushDelivery';
import type { ReceivedPush } from '../../nodes/WechatTrigger/receivedPush';
import type * as TriggerModule from '../../nodes/WechatTrigger/WechatTrigger.node';
import {
	buildPush,
	DEFAULT_ACCOUNT,
	SECOND_ACCOUNT,
	startSimulator,
	type PushMessage,
} from '../simulator';
import { unseal } from '../simulator/push/crypto';
import { createTestClock } from '../support/clock';
import { editorContext, logged, prepareN8n, type Credentials } from '../support/n8n';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';
import { callWebhook, fakeResponse, serveTrigger, type FakeResponse } from '../support/webhook';

prepareN8n();
const simulator = useSimulator({ accounts: [DEFAULT_ACCOUNT, SECOND_ACCOUNT] });

let credentials: Credentials;
let parameters: INodeParameters;
let id = 0;

/** A process of n8n, with a memory of its own; the credential is in the database that all of them share. */
function newProcess(): INodeType {
	let copy: typeof TriggerModule | undefined;
	jest.isolateModules(() => {
		// It has no memory, and takes long to load.
		jest.doMock('n8n-workflow', () => workflow);
		copy = jest.requireActual<typeof TriggerModule>('../../nodes/WechatTrigger/WechatTrigger.node');
	});
	const { WechatTrigger } = copy as unknown as typeof TriggerModule;
	return new WechatTrigger();
}

/** One delivery of a push, as WeChat sees it. */
interface Delivered {
	response: FakeResponse;
	/** What it started a run with. */
	item?: IDataObject;
	/** What the user gets; undefined while WeChat waits. */
	shown(): string | undefined;
	/** Five seconds are over. */
	hangUp(): void;
}

/** One push: WeChat delivers it again and again, to whichever process. */
function pushOf(message: PushMessage = { MsgType: 'text', Content: 'hello' }, behind = '') {
	const { account, platform } = simulator();
	const keys = behind ? { ...account, ...platform.settings } : account;
	const own = message.MsgType === 'event' ? { Ticket: `t${++id}` } : { MsgId: `24990022${++id}` };
	const complete = { FromUserName: 'oUser', ...message, ...own };
	return async (type: INodeType, isBroken = false): Promise<Delivered> => {
		const { query, body } = buildPush(keys, complete);
		const response = fakeResponse();
		if (isBroken) response.hangUp();
		const { result } = await callWebhook(
			{ method: 'POST', query, body, ...(behind && { below: behind }) },
			parameters,
			credentials,
			response,
			{ type },
		);
		const shown = () => {
			if (!response.headersSent || response.body === 'success') return response.body;
			const [, encrypted = ''] = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(response.body ?? '') ?? [];
			const { message: xml } = unseal(keys.encodingAESKey, encrypted);
			return /<Content><!\[CDATA\[(.*?)\]\]>/.exec(xml)?.[1];
		};
		const hangUp = () => response.hangUp();
		return { response, item: result.workflowData?.[0][0].json, shown, hangUp };
	};
}

/** What n8n does at the end of a run in which WeChat Reply answered. */
function reply({ response }: Delivered, Content: string): void {
	response.setHeader('content-type', REPLY_CONTENT_TYPE);
	response.end(Buffer.from(JSON.stringify({ MsgType: 'text', Content })));
}
/** What n8n does at the end of a run in which it did not. */
function fail({ response }: Delivered): void {
	response.statusCode = 500;
	response.setHeader('content-type', 'application/json');
	response.end('{"message":"Error in workflow"}');
}

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);
/** What is not a matter of time, such as calls to the simulator. */
const settle = async () => {
	for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const useFakeClock = () => {
	beforeEach(
		() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }),
	);
	afterEach(() => void jest.useRealTimers());
};
const listAnnounced = () => {
	const { shelves } = JSON.parse(String(credentials.data.state || '{}')) as State;
	return Object.values(shelves?.pushes ?? {});
};

beforeEach(() => {
	credentials = credentialsFor(simulator());
	parameters = { kinds: ['all'], respond: 'responseNode' };
});

// "WeChat cuts the connection after five seconds and asks again, three times in all (总共重试三次)."
describe('in one process', () => {
	useFakeClock();

	test('a reply in time goes to the first delivery, and writes nothing', async () => {
		const first = await pushOf()(newProcess());
		await pass(2900);
		reply(first, 'hi');
		expect(first.shown()).toBe('hi');
		await pass(20_000);
		expect(credentials.writes).toBe(0);
		expect(logged).toEqual([]);
	});

	test('the run knows until when it can reply', async () => {
		const { item } = await pushOf()(newProcess());
		expect(item?.replyBefore).toBe(new Date(Date.now() + 14_000).toISOString());
	});

	test('a reply that comes later goes to the second delivery, as soon as it is there', async () => {
		const [deliver, process] = [pushOf(), newProcess()];
		const first = await deliver(process);
		await pass(5000);
		first.hangUp();
		const second = await deliver(process);
		expect(second.item).toBeUndefined();
		await pass(1500);
		expect(second.shown()).toBeUndefined();
		reply(first, 'hi');
		expect(second.shown()).toBe('hi');
		expect(first.response.headersSent).toBe(false);
	});

	test('a reply that comes between two deliveries goes to the third one', async () => {
		const [deliver, process] = [pushOf(), newProcess()];
		const first = await deliver(process);
		await pass(5000);
		first.hangUp();
		const second = await deliver(process);
		await pass(5000);
		second.hangUp();
		reply(first, 'hi');
		const third = await deliver(process);
		expect(third.shown()).toBe('hi');
		expect([first, second].map(({ response }) => response.headersSent)).toEqual([false, false]);
	});

	test('without a reply the third delivery is answered success in time, the others are not', async () => {
		const [deliver, process] = [pushOf(), newProcess()];
		const first = await deliver(process);
		await pass(5000);
		first.hangUp();
		const second = await deliver(process);
		await pass(5000);
		expect(second.shown()).toBeUndefined();
		second.hangUp();
		const third = await deliver(process);
		await pass(4199);
		expect(third.shown()).toBeUndefined();
		await pass(1);
		expect(third.shown()).toBe('success');
		expect(() => reply(first, 'too late')).not.toThrow();
		await pass(1000);
		expect(third.shown()).toBe('success');
	});

	test('a run that fails, or says nothing, answers success to whichever delivery waits', async () => {
		const [deliver, process] = [pushOf(), newProcess()];
		const first = await deliver(process);
		await pass(5000);
		first.hangUp();
		const second = await deliver(process);
		await pass(100);
		fail(first);
		expect(second.shown()).toBe('success');
	});

	test('a push left for its retry is announced in one write, which is forgotten after half a minute', async () => {
		const first = await pushOf()(newProcess());
		const since = Date.now();
		await pass(2999);
		expect(credentials.writes).toBe(0);
		await pass(2);
		expect(credentials.writes).toBe(1);
		expect(listAnnounced()).toEqual([
			{ at: since + 3000, value: { since }, until: since + 33_000 },
		]);
		// WeChat is still there: nobody else needs to know.
		await pass(500);
		reply(first, 'hi');
		expect(first.shown()).toBe('hi');
		await pass(27_000);
		expect(credentials.writes).toBe(1);
		await pushOf()(newProcess());
		await pass(3002);
		expect(listAnnounced()).toHaveLength(1);
		expect(listAnnounced()[0].at).toBe(since + 33_501);
	});

	test('what waits for no reply tells nobody', async () => {
		for (const respond of ['onReceived', 'responseNode']) {
			parameters = { respond, kinds: ['event.subscribe'] };
			expect((await pushOf()(newProcess())).shown()).toBe('success');
		}
		await pass(20_000);
		expect(credentials.writes).toBe(0);
	});

	test('a state that cannot be written is for the log: the reply still comes', async () => {
		credentials.preAuthentication = async () => await Promise.reject(new Error('database is gone'));
		const [deliver, process] = [pushOf(), newProcess()];
		const first = await deliver(process);
		await pass(5000);
		first.hangUp();
		expect(logged.join()).toMatch(/"WeChat Trigger", while it saw to a push: database is gone/);
		const second = await deliver(process);
		reply(first, 'hi');
		expect(second.shown()).toBe('hi');
	});
});

describe.each([
	['an official account', ''],
	['an account behind a third-party platform', SECOND_ACCOUNT.appId],
])('of several processes, for %s', (_, behind) => {
	let one: INodeType;
	let other: INodeType;
	useFakeClock();
	beforeEach(async () => {
		if (behind) {
			credentials = await platformCredentialsFor(simulator());
			parameters = { ...parameters, authentication: 'openPlatform' };
		}
		[one, other] = [newProcess(), newProcess()];
	});
	const push = () => pushOf(undefined, behind);

	/** The first delivery came to `one`, and WeChat has hung up on it. */
	async function begun() {
		const deliver = push();
		const first = await deliver(one);
		expect(first.item).toBeDefined();
		await pass(5000);
		first.hangUp();
		return { deliver, first };
	}

	test('the process that gets the retry starts no second run, and answers with the reply', async () => {
		const { deliver, first } = await begun();
		const second = await deliver(other);
		expect(second.item).toBeUndefined();
		await pass(1000);
		expect(second.shown()).toBeUndefined();
		reply(first, 'hi');
		await pass(600);
		expect(second.shown()).toBe('hi');
		expect(credentials.writes).toBe(2);
		expect(first.response.headersSent).toBe(false);
	});

	test('a reply that came between two deliveries is there at once', async () => {
		const { deliver, first } = await begun();
		reply(first, 'hi');
		await pass(100);
		expect((await deliver(other)).shown()).toBe('hi');
	});

	test('a connection that breaks brings the retry at once: others know of it by then', async () => {
		const deliver = push();
		const first = await deliver(one);
		await pass(700);
		expect(credentials.writes).toBe(0);
		first.hangUp();
		await pass(100);
		const second = await deliver(other);
		expect(second.item).toBeUndefined();
		reply(first, 'hi');
		await pass(600);
		expect(second.shown()).toBe('hi');
		await pass(5000);
		expect(credentials.writes).toBe(2);
	});

	test('a connection that broke before the run began brings the retry at once, too', async () => {
		const deliver = push();
		const broken = deliver(one, true);
		await pass(100);
		expect((await broken).item).toBeDefined();
		expect((await deliver(other)).item).toBeUndefined();
	});

	test('an answered push is closed, and nobody is told', async () => {
		const first = await push()(one);
		reply(first, 'hi');
		first.hangUp();
		await pass(5000);
		expect(credentials.writes).toBe(0);
	});

	test('a run that fails is answered success by the other process, too', async () => {
		const { deliver, first } = await begun();
		const second = await deliver(other);
		fail(first);
		await pass(600);
		expect(second.shown()).toBe('success');
	});

	test('the third delivery may come back to the first process, which answers it by itself', async () => {
		const { deliver, first } = await begun();
		const second = await deliver(other);
		await pass(5000);
		second.hangUp();
		const third = await deliver(one);
		await pass(1000);
		reply(first, 'hi');
		expect(third.shown()).toBe('hi');
		// Only that it waits was told: the reply needed no other process.
		expect(credentials.writes).toBe(1);
	});

	test('the third delivery gets the reply at the other process, like the second before it', async () => {
		const { deliver, first } = await begun();
		const second = await deliver(other);
		await pass(5000);
		second.hangUp();
		const third = await deliver(other);
		expect(third.item).toBeUndefined();
		await pass(2000);
		reply(first, 'hi');
		await pass(600);
		expect(third.shown()).toBe('hi');
		expect(second.response.headersSent).toBe(false);
	});

	test.each<[string, number[]]>([
		['the first two came to the same one', [0, 1]],
		['only the first came to another one', [1, 1]],
		['each comes to another one', [1, 2]],
		['the last comes back', [1, 0]],
	])('without a reply the last delivery is answered success in time: %s', async (__, places) => {
		const all = [one, other, newProcess()];
		const { deliver } = await begun();
		const second = await deliver(all[places[0]]);
		await pass(5000);
		expect(second.shown()).toBeUndefined();
		second.hangUp();
		const third = await deliver(all[places[1]]);
		expect([second.item, third.item]).toEqual([undefined, undefined]);
		await pass(4100);
		expect(third.shown()).toBeUndefined();
		await pass(100);
		expect(third.shown()).toBe('success');
	});

	test('nobody looks for a reply when WeChat does not ask any more', async () => {
		const { deliver } = await begun();
		const second = await deliver(other);
		await pass(5000);
		second.hangUp();
		await pass(5000);
		const read = jest.spyOn(credentials, 'getDecrypted');
		await pass(60_000);
		expect(read).not.toHaveBeenCalled();
	});

	test('nobody looks for a reply when it is there', async () => {
		const { deliver, first } = await begun();
		reply(first, 'hi');
		await pass(100);
		expect((await deliver(other)).shown()).toBe('hi');
		// What was written is checked once.
		await pass(400);
		const read = jest.spyOn(credentials, 'getDecrypted');
		await pass(10_000);
		expect(read).not.toHaveBeenCalled();
	});

	test('another push starts a run of its own', async () => {
		await begun();
		const fresh = await push()(other);
		expect(fresh.item).toBeDefined();
		reply(fresh, 'hello');
		expect(fresh.shown()).toBe('hello');
	});

	test('a process that cannot read what others tell works on the push itself', async () => {
		const { deliver } = await begun();
		const read = credentials.getDecrypted.bind(credentials);
		let reads = 0;
		credentials.getDecrypted = async (...args) => {
			// The keys of the push are read first.
			if (++reads > 1) throw new Error('database is gone');
			return await read(...args);
		};
		const second = await deliver(other);
		expect(logged.join()).toContain('while it saw to a push');
		expect(second.item).toBeDefined();
		reply(second, 'hi');
		expect(second.shown()).toBe('hi');
	});
});

describe('what a process tells', () => {
	const clock = createTestClock();
	let sharing: Sharing;
	beforeEach(() => void (sharing = createSharing(clock, false)));

	function newPush(): PushDelivery {
		const inbox = createPushInbox(clock);
		const opened = { push: {}, secrets: {} } as unknown as Parameters<typeof inbox.accept>[1];
		return inbox.accept('a', opened, fakeResponse() as never) as PushDelivery;
	}
	/** Opens claims of a push with a credential. */
	const openClaims = (on: keyof Sharing, credential: object) => {
		const context = editorContext(
			'wechatTrigger',
			{ authentication: 'officialAccount' },
			credentials,
		) as unknown as IWebhookFunctions;
		return sharing[on](context, { credential } as ReceivedPush);
	};

	test('a push that failed before anybody was told of it is not written', async () => {
		const { appId } = simulator().account;
		const push = newPush();
		await push.waitForRun(openClaims('onWait', { id: '1', secrets: { appId } }));
		push.forget();
		for (let second = 0; second < 10; second++) {
			clock.turn(1000);
			await settle();
		}
		expect(credentials.writes).toBe(0);
	});

	const failWith = async (id: string) => {
		const openSpace = async () => await Promise.reject(new Error('no key'));
		await newPush().claim(openClaims('onArrival', { id, openSpace }));
	};

	test('what goes wrong in Redis is logged once a minute', async () => {
		await failWith('1');
		clock.turn(59_999);
		await failWith('1');
		expect(logged).toEqual([expect.stringContaining('while it saw to a push: no key')]);
		clock.turn(60_000);
		await failWith('1');
		expect(logged).toHaveLength(2);
	});

	test('no more than two hundred credentials are kept in memory', async () => {
		for (let id = 0; id <= 200; id++) await failWith(`${id}`);
		for (const id of ['200', '1']) await failWith(id);
		expect(logged).toHaveLength(201);
		await failWith('0');
		expect(logged).toHaveLength(202);
	});
});

// Several of them stand behind a load balancer: "n8n webhook", https://docs.n8n.io/hosting/scaling/queue-mode/
describe('of `n8n webhook`', () => {
	const [, , command] = process.argv;
	let one: INodeType;
	let other: INodeType;
	useFakeClock();
	beforeEach(() => {
		process.argv[2] = 'webhook';
		[one, other] = [newProcess(), newProcess()];
	});
	afterEach(() => {
		if (command === undefined) process.argv.splice(2);
		else process.argv[2] = command;
	});

	test.each(['onReceived', 'responseNode'])('%s: a push starts one run', async (respond) => {
		parameters = { ...parameters, respond };
		const deliver = pushOf();
		expect((await deliver(one)).item).toBeDefined();
		await pass(100);
		expect((await deliver(other)).item).toBeUndefined();
		await pass(250);
		expect((await pushOf()(other)).item).toBeDefined();
	});

	test('a main process writes nothing about a push that is answered at once', async () => {
		process.argv[2] = 'start';
		parameters = { ...parameters, respond: 'onReceived' };
		await pushOf()(newProcess());
		await pass(20_000);
		expect(credentials.writes).toBe(0);
	});

	test('the other process gives the same answer, also when that was taken', async () => {
		const deliver = pushOf();
		const first = await deliver(one);
		await pass(100);
		reply(first, 'hi');
		expect(first.shown()).toBe('hi');
		await pass(1000);
		expect((await deliver(other)).shown()).toBe('hi');
	});

	test('a push that no workflow wants is answered success by the other process, too', async () => {
		parameters = { ...parameters, kinds: ['event.subscribe'] };
		const deliver = pushOf();
		await deliver(one);
		await pass(100);
		expect((await deliver(other)).shown()).toBe('success');
	});

	test('a delivery that waits at the other process gets the answer when it is there', async () => {
		const deliver = pushOf();
		const first = await deliver(one);
		await pass(5000);
		first.hangUp();
		const second = await deliver(other);
		reply(first, 'hi');
		await pass(600);
		expect(second.shown()).toBe('hi');
	});

	test('a hundred pushes within a second are told in one write a second, and read about in five looks', async () => {
		parameters = { ...parameters, respond: 'onReceived' };
		// The keys are known.
		await pushOf()(one);
		await pass(1100);
		const { writes } = credentials;
		const read = jest.spyOn(credentials, 'getDecrypted');
		const all = Array.from({ length: 100 }, () => pushOf());
		const delivered = [];
		for (const deliver of all) {
			delivered.push(deliver(one));
			await pass(9);
		}
		await pass(300);
		await Promise.all(delivered);
		// One each quarter of a second, and what the writes read.
		expect(read.mock.calls.length).toBeLessThan(20);
		await pass(1100);
		expect(credentials.writes).toBe(writes + 3);
		expect(listAnnounced()).toHaveLength(101);
		const again = all.map(async (deliver) => await deliver(other));
		await pass(300);
		for (const { item } of await Promise.all(again)) expect(item).toBeUndefined();
	});

	test('a claim costs one look at the credential, beside the keys of the push', async () => {
		const read = jest.spyOn(credentials, 'getDecrypted');
		expect((await pushOf()(one)).item).toBeDefined();
		expect(read).toHaveBeenCalledTimes(2);
	});

	test('claims of long ago are not kept', async () => {
		parameters = { ...parameters, respond: 'onReceived' };
		await pushOf()(one);
		await pass(31_000);
		await pushOf()(one);
		await pass(100);
		expect(listAnnounced()).toHaveLength(1);
	});

	test('a push that failed is left to the next delivery, wherever it goes', async () => {
		const { settings } = simulator().platform;
		credentials = await platformCredentialsFor(simulator());
		parameters = { kinds: ['all'], authentication: 'openPlatform' };
		const event = `<xml><AppId>${settings.appId}</AppId><CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime><InfoType>component_verify_ticket</InfoType><ComponentVerifyTicket>ticket@@@1</ComponentVerifyTicket></xml>`;
		const { query, body } = buildPush({ ...simulator().account, ...settings }, event);
		const deliver = async (type: INodeType) =>
			await callWebhook({ method: 'POST', query, body }, parameters, credentials, undefined, {
				type,
			});
		const works = credentials.preAuthentication;
		credentials.preAuthentication = async () => await Promise.reject(new Error('database is gone'));
		await expect(deliver(one)).rejects.toThrow('database is gone');
		credentials.preAuthentication = works;
		await pass(1000);
		expect((await deliver(other)).response.body).toBe('success');
		const { ticket } = JSON.parse(String(credentials.data.state)) as State;
		expect(ticket?.value).toBe('ticket@@@1');
	});
});

// 客服输入状态
describe('while the workflow works', () => {
	const paths = ['/cgi-bin/message/custom/typing', '/cgi-bin/message/custom/business/typing'];
	const typed = () => simulator().calls.filter(({ path }) => paths.includes(path));
	let before: number;
	beforeEach(() => {
		before = typed().length;
		parameters = { ...parameters, pushOptions: { typing: true } };
	});
	useFakeClock();
	const message = () => ({ MsgType: 'text', Content: 'x', FromUserName: simulator().openids()[0] });
	const after = async (ms: number) => {
		await pass(ms);
		await settle();
		return typed().slice(before);
	};

	test('the user is shown after a second that somebody types, once', async () => {
		const { FromUserName: touser, ...rest } = message();
		await pushOf({ ...rest, FromUserName: touser })(newProcess());
		expect(await after(999)).toEqual([]);
		const [call, ...more] = await after(1);
		expect(call).toMatchObject({ path: paths[0], body: { touser, command: 'Typing' }, errcode: 0 });
		expect(more).toEqual([]);
		expect(await after(13_000)).toHaveLength(1);
	});

	test('the user of a mini program is shown it as well, by a call of its own', async () => {
		credentials = credentialsFor(simulator(), { kind: 'miniProgram' });
		await pushOf(message())(newProcess());
		expect(await after(1000)).toMatchObject([{ path: paths[1] }]);
	});

	test.each<[string, INodeParameters, PushMessage]>([
		['unless that is switched on', { pushOptions: {} }, {}],
		['for what does not wait for the workflow', { respond: 'onReceived' }, {}],
		['for an event: they have not written', {}, { MsgType: 'event', Event: 'SCAN', EventKey: '7' }],
	])('nothing is shown %s', async (_, more, other) => {
		parameters = { ...parameters, ...more };
		await pushOf({ ...message(), ...other })(newProcess());
		expect(await after(5000)).toEqual([]);
	});

	test('nothing is shown when the reply was there within the second', async () => {
		const first = await pushOf(message())(newProcess());
		await pass(900);
		reply(first, 'hi');
		expect(await after(5000)).toEqual([]);
	});

	test('a reply is not lost when WeChat refuses the typing call', async () => {
		simulator().fault({ path: paths[0], answer: { errcode: 48001, errmsg: 'api unauthorized' } });
		const first = await pushOf(message())(newProcess());
		await after(1000);
		reply(first, 'hi');
		expect(first.shown()).toBe('hi');
		expect(logged.join()).toMatch(/while it saw to a push: .*48001/);
	});
});

// By HTTP, with a WeChat that hangs up while the workflow runs.
test.each([
	[0, ['reply']],
	[1, ['timeout', 'reply']],
	[2, ['timeout', 'timeout', 'reply']],
])('a reply after %i hung-up deliveries is taken by the next one', async (hangUps, outcomes) => {
	const clock = createTestClock();
	const wechat = await startSimulator(clock);
	let sent = 0;
	wechat.listen(({ type }) => void (type === 'delivery' && sent++));
	const trigger = await serveTrigger(parameters, credentials);
	trigger.onItem = async () => {
		for (let hungUp = 0; hungUp < hangUps; hungUp++) {
			clock.turn(5000);
			while (sent < hungUp + 2) await new Promise(setImmediate);
		}
		return { MsgType: 'text', Content: 'hi' };
	};
	const result = await wechat.push(trigger.url, { MsgType: 'text', Content: 'hello' });
	await trigger.idle();
	await Promise.all([trigger.close(), wechat.close()]);
	expect(result.deliveries.map(({ outcome }) => outcome)).toEqual(outcomes);
	expect(result.shown).toBe('hi');
	expect(trigger.items).toHaveLength(1);
	expect(trigger.errors).toEqual([]);
});
