import type { IDataObject, INodeType } from 'n8n-workflow';
import { createServices } from '../../nodes/api/services';
import { REPLY_CONTENT_TYPE } from '../../nodes/n8n/replyContentType';
import { systemShared } from '../../nodes/n8n/sharedState';
import { readJoinSeconds } from '../../nodes/WechatTrigger/joinMessages';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node';
import { buildPush } from '../simulator';
import type { PushMessage } from '../simulator/types';
import { createTestClock, type TestClock } from '../support/clock';
import { type Credentials, logged, prepareN8n } from '../support/n8n';
import { startRedisServer, useRedis } from '../support/redisServer';
import { readSample } from '../support/samples';
import { credentialsFor, useSimulator } from '../support/simulator';
import { callWebhook, fakeResponse, type FakeResponse } from '../support/webhook';

/*
 * People write to an account in several short messages. WeChat delivers each as a push of its own, waits five seconds
 * for its answer, and delivers it three times in all (总共重试三次).
 */
prepareN8n();
const redis = useRedis(async () => await startRedisServer());
const simulator = useSimulator();
afterAll(() => systemShared.connections.close());

let clock: TestClock;
let credentials: Credentials;
let count = 0;
/** How often somebody has begun to wait for the clock. */
let sleeps = 0;
beforeEach(async () => {
	await redis().run('FLUSHALL');
	clock = createTestClock();
	const { sleep } = clock;
	sleeps = 0;
	clock.sleep = async (ms) => {
		sleeps++;
		await sleep(ms);
	};
});

const inCredential = () => credentialsFor(simulator());
const inRedis = () => credentialsFor(simulator(), { sharedState: 'redis', redisUrl: redis().url });

/** What the nodes ask of Redis and of n8n takes a moment, while the clock stands still. */
const settle = async () => await new Promise((resolve) => setTimeout(resolve, 40));

async function pass(ms: number): Promise<void> {
	for (let left = ms; left > 0; left -= 500) {
		clock.turn(Math.min(left, 500));
		await settle();
	}
}

/** On a busy machine what Redis answers may come after the clock was turned. */
async function turnUntil(check: () => void): Promise<void> {
	for (let turns = 0; turns < 40; turns++)
		try {
			return check();
		} catch {
			await pass(100);
		}
	check();
}

/** A process of n8n: it knows what came to it. */
const startProcess = (): INodeType => new WechatTrigger(createServices({ clock }));

/** One delivery of a push. */
interface Said {
	response: FakeResponse;
	/** Undefined as long as the call waits; null when it has ended without a run. */
	item?: { json: IDataObject; binary?: object } | null;
	/** The run replies. */
	reply(text: string): void;
	again(process?: INodeType): Promise<Said>;
}

interface Options {
	respond?: string;
	rules?: string;
	pushOptions?: IDataObject;
}

async function say(
	process: INodeType,
	message: PushMessage,
	{ respond = 'onReceived', rules = 'no', pushOptions }: Options = {},
): Promise<Said> {
	const whole = { FromUserName: 'oUser', MsgId: String(++count), ...message };
	const { query, body } = buildPush(simulator().account, whole);
	const deliver = async (type: INodeType): Promise<Said> => {
		const before = sleeps;
		const response = fakeResponse();
		const said: Said = {
			response,
			reply(text) {
				response.setHeader('content-type', REPLY_CONTENT_TYPE);
				response.end(Buffer.from(JSON.stringify({ MsgType: 'text', Content: text })));
			},
			again: async (other = type) => await deliver(other),
		};
		const parameters = {
			kinds: ['all'],
			respond,
			rules,
			pushOptions: { joinSeconds: 3, ...pushOptions },
		};
		void callWebhook({ method: 'POST', query, body }, parameters as never, credentials, response, {
			type,
		}).then(({ result }) => (said.item = (result.workflowData?.[0]?.[0] ?? null) as Said['item']));
		// Until the call waits, or has ended.
		for (let tries = 0; tries < 50 && sleeps === before && said.item === undefined; tries++)
			await settle();
		return said;
	};
	return await deliver(process);
}

const write = async (process: INodeType, Content: string, options?: Options) =>
	await say(process, { MsgType: 'text', Content }, options);

const textsOf = ({ item }: Said) =>
	item && (item.json.messages as IDataObject[]).map(({ Content }) => Content);

describe.each([
	['in one process, state in the credential', inCredential, 1],
	['in one process, state in Redis', inRedis, 1],
	['in two processes, state in Redis', inRedis, 2],
] as const)('%s', (_, choose, amount) => {
	let processes: INodeType[];
	/** The processes take turns, as behind a load balancer. */
	const nextProcess = () => processes[count % processes.length];
	beforeEach(() => {
		credentials = choose();
		processes = Array.from({ length: amount }, startProcess);
	});

	test('what comes within the time starts one run, on the latest call', async () => {
		const first = await write(nextProcess(), 'hello');
		await pass(2000);
		const second = await write(nextProcess(), '我的订单');
		await pass(2500);
		expect([first.item, second.item]).toEqual([undefined, undefined]);
		// Nothing that is acknowledged may be lost: WeChat still waits for both.
		expect([first.response.body, second.response.body]).toEqual([undefined, undefined]);
		await pass(500);
		await turnUntil(() => expect(second.item).toBeTruthy());
		expect(second.item?.json).toMatchObject({
			Content: '我的订单',
			chatInput: 'hello\n我的订单',
			sessionId: `${simulator().account.appId}:oUser`,
			messages: [
				{ MsgType: 'text', Content: 'hello', FromUserName: 'oUser' },
				{ MsgType: 'text', Content: '我的订单' },
			],
		});
		expect(second.response.body).toBe('success');
		await pass(1000);
		expect(first.item).toBeNull();
		expect(first.response.body).toBe('success');
		expect(logged).toEqual([]);
	});

	test('one message alone comes as one', async () => {
		const only = await write(nextProcess(), 'hi');
		await pass(3000);
		await turnUntil(() => expect(only.item).toBeTruthy());
		expect(only.item?.json).toMatchObject({ chatInput: 'hi', messages: [{ Content: 'hi' }] });
	});

	test('what comes later starts a run of its own', async () => {
		const first = await write(nextProcess(), 'a');
		await pass(3500);
		const second = await write(nextProcess(), 'b');
		await pass(3500);
		expect([textsOf(first), textsOf(second)]).toEqual([['a'], ['b']]);
	});

	test('messages come in the order in which they were written, whichever arrives first', async () => {
		const base = Math.floor(clock.now() / 1000);
		const at = (CreateTime: number, MsgId: string, Content: string) => ({
			MsgType: 'text',
			CreateTime,
			MsgId,
			Content,
		});
		await say(nextProcess(), at(base, '24990011223349999', 'two'));
		await say(nextProcess(), at(base, '24990011223350000', 'three'));
		await say(nextProcess(), at(base + 1, '24990011223340000', 'four'));
		const latest = await say(nextProcess(), at(base - 1, '24990011223360000', 'one'));
		await pass(3000);
		await turnUntil(() => expect(textsOf(latest)).toEqual(['one', 'two', 'three', 'four']));
	});

	test('a push that is delivered again joins nothing twice, and gets the same answer', async () => {
		const first = await write(nextProcess(), 'a');
		await pass(2500);
		const second = await write(nextProcess(), 'b');
		await pass(2500);
		first.response.hangUp();
		const retries = [];
		for (const process of processes) retries.push(await first.again(process));
		await pass(500);
		await turnUntil(() => expect(textsOf(second)).toEqual(['a', 'b']));
		await pass(3000);
		for (const { item, response } of retries) {
			expect(item).toBeNull();
			expect(response.body).toBe('success');
		}
		expect(first.item).toBeNull();
	});

	test('somebody who never stops is heard after twelve seconds', async () => {
		const said: Said[] = [];
		for (let n = 0; n < 8; n++) {
			said.push(await write(nextProcess(), `line ${n}`));
			await pass(2000);
		}
		await pass(4000);
		// Whoever writes in the very moment belongs to one of the two.
		const runs = said.flatMap((one) => (one.item ? [textsOf(one) ?? []] : []));
		expect(runs.flat()).toEqual(said.map((_one, n) => `line ${n}`));
		expect(runs).toHaveLength(2);
		expect(runs[0].length).toBeGreaterThanOrEqual(6);
		expect(said.map(({ response }) => response.body)).toEqual(Array(8).fill('success'));
	});

	test('twenty messages are run at once', async () => {
		const said: Said[] = [];
		for (let n = 0; n < 20; n++) said.push(await write(nextProcess(), String(n)));
		await turnUntil(() => expect(textsOf(said[19])).toHaveLength(20));
		await pass(1000);
		expect(said.filter(({ item }) => item)).toHaveLength(1);
	});

	test('what comes in the same moment is all there, in one run', async () => {
		const said = await Promise.all(
			Array.from({ length: 6 }, async (_one, n) =>
				write(processes[n % processes.length], String(n)),
			),
		);
		await pass(4000);
		await turnUntil(() => expect(said.filter(({ item }) => item)).toHaveLength(1));
		const [run] = said.filter(({ item }) => item);
		expect(textsOf(run)?.toSorted()).toEqual(['0', '1', '2', '3', '4', '5']);
	});

	test('people and accounts are kept apart', async () => {
		const one = await write(nextProcess(), 'a');
		const other = await say(nextProcess(), {
			MsgType: 'text',
			Content: 'b',
			FromUserName: 'oOther',
		});
		await pass(3000);
		await turnUntil(() => expect([textsOf(one), textsOf(other)]).toEqual([['a'], ['b']]));
	});

	test('the reply of the run goes back on the latest connection', async () => {
		const options = { respond: 'responseNode' };
		const first = await write(nextProcess(), 'a', options);
		await pass(1000);
		const second = await write(nextProcess(), 'b', options);
		await pass(3000);
		await turnUntil(() => expect(textsOf(second)).toEqual(['a', 'b']));
		const { replyBefore } = second.item?.json as { replyBefore: string };
		expect(Date.parse(replyBefore) - clock.now()).toBeGreaterThan(10_000);
		await pass(1000);
		expect(first.response.body).toBe('success');
		expect(second.response.body).toBeUndefined();
		second.reply('here it is');
		expect(second.response.body).toContain('Encrypt');
	});
});

describe('in one process', () => {
	let process: INodeType;
	beforeEach(() => {
		credentials = inCredential();
		process = startProcess();
	});

	test('events start their runs at once', async () => {
		const tap = await say(process, { MsgType: 'event', Event: 'CLICK', EventKey: 'help' });
		expect(tap.item?.json).toMatchObject({ EventKey: 'help' });
		expect(tap.item?.json).not.toHaveProperty('messages');
	});

	test('pictures come along as data, data1 and so on', async () => {
		const pushOptions = { downloadMedia: true };
		const [png, jpg] = [readSample('png'), readSample('jpg')];
		const picture = (bytes: Buffer, name: string): PushMessage => ({
			MsgType: 'image',
			PicUrl: 'http://mmbiz.qpic.cn/x',
			MediaId: simulator().addMedia(bytes, name),
		});
		await say(process, picture(png, 'a.png'), { pushOptions });
		await say(process, { MsgType: 'text', Content: '这两个' }, { pushOptions });
		await say(process, { MsgType: 'image', MediaId: 'gone' }, { pushOptions });
		const latest = await say(process, picture(jpg, 'b.jpg'), { pushOptions });
		await pass(3000);
		await turnUntil(() => expect(latest.item).toBeTruthy());
		expect(latest.item?.json).toMatchObject({
			chatInput: '[图片 picture]\n这两个\n[图片 picture]\n[图片 picture]',
			messages: [
				{ MsgType: 'image', binaryField: 'data' },
				{ Content: '这两个' },
				{ MediaId: 'gone', mediaError: expect.any(String) as string },
				{ MsgType: 'image', binaryField: 'data1' },
			],
		});
		expect(latest.item?.binary).toMatchObject({
			data: { mimeType: 'image/png' },
			data1: { mimeType: 'image/jpeg' },
		});
	});

	test('joining reads and writes the credential no more than without', async () => {
		const countUses = async (joinSeconds: number) => {
			credentials = inCredential();
			const read = jest.spyOn(credentials, 'getDecrypted');
			for (let n = 0; n < 10; n++) await write(process, 'x', { pushOptions: { joinSeconds } });
			await pass(4000);
			return { reads: read.mock.calls.length, writes: credentials.writes };
		};
		const without = await countUses(0);
		expect(await countUses(3)).toEqual(without);
	});

	test.each([
		[3, 3],
		['2', 2],
		[0.5, 0.5],
		[60, 10],
		[0, 0],
		[-1, 0],
		['', 0],
		['soon', 0],
		[undefined, 0],
	])('the option %p waits for %d seconds', (option, seconds) => {
		expect(readJoinSeconds(option)).toBe(seconds);
	});
});

describe('while something is wrong with Redis', () => {
	beforeEach(() => (credentials = inRedis()));

	test('when it goes away, each process joins what came to it, and nothing is lost', async () => {
		const own = await startRedisServer();
		credentials = credentialsFor(simulator(), { sharedState: 'redis', redisUrl: own.url });
		const [one, other] = [startProcess(), startProcess()];
		const first = await write(one, 'a');
		const second = await write(other, 'b');
		const third = await write(one, 'c');
		await own.kill();
		for (let n = 0; n < 8; n++) {
			await pass(500);
			// Whoever asks a Redis that is away waits for it up to half a second.
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		await turnUntil(() => {
			expect(textsOf(third)).toEqual(['a', 'c']);
			expect(textsOf(second)).toEqual(['b']);
		});
		await pass(1000);
		await turnUntil(() => expect(first.response.body).toBe('success'));
		expect(first.item).toBeNull();
	}, 20_000);

	test('what the process of the latest message leaves behind is run by an older call', async () => {
		const one = startProcess();
		// Its time stands still: it has ended.
		const ended = new WechatTrigger(createServices({ clock: createTestClock(clock.now()) }));
		const first = await write(one, 'a');
		await write(ended, 'b');
		await pass(3000);
		expect(first.item).toBeUndefined();
		await pass(500);
		await turnUntil(() => expect(textsOf(first)).toEqual(['a', 'b']));
	});

	test('others read nothing of it in Redis', async () => {
		await write(startProcess(), 'my password');
		const [key] = (await redis().run('KEYS', '*join:*')) as string[];
		expect(key).not.toContain('oUser');
		expect(await redis().run('GET', key)).not.toContain('password');
		expect(Number(await redis().run('PTTL', key))).toBeGreaterThan(50_000);
		await pass(4000);
	});

	test('what was sealed elsewhere stops nobody', async () => {
		const process = startProcess();
		await write(process, 'a');
		const [key] = (await redis().run('KEYS', '*join:*')) as string[];
		await redis().run('SET', key, 'of another n8n');
		const second = await write(process, 'b');
		await pass(4000);
		await turnUntil(() => expect(textsOf(second)).toEqual(['a', 'b']));
		expect(logged.filter((line) => line.includes('sealed'))).toHaveLength(1);
	});
});
