import { REPLY_CONTENT_TYPE } from '../../nodes/n8n/replyContentType';
import { SUCCESS } from '../../nodes/push/reply';
import {
	createPushInbox,
	isInTime,
	type Claim,
	type Claims,
	type PushDelivery,
	type PushInbox,
} from '../../nodes/WechatTrigger/pushDelivery';
import type { Response } from '../../nodes/n8n/webhookResponse';
import { createTestClock } from '../support/clock';
import { secrets } from '../support/secrets';
import { fakeResponse, type FakeResponse } from '../support/webhook';

const answer = (body: string) => ({ body, type: 'text/plain' });
/** A push in plain text, so that its answer can be read. */
const opened = {
	push: {
		message: { FromUserName: 'oUser', ToUserName: 'gh_1', MsgType: 'text' },
		format: 'xml' as const,
	},
	secrets,
};
const text = { MsgType: 'text', Content: 'hi' } as const;

const clock = createTestClock();
let sent: string[];
/** Connections on which WeChat has hung up. */
let closed: Set<Response>;
let inbox: PushInbox;
const connect = (key: string, response = fakeResponse() as unknown as Response) =>
	inbox.accept(key, opened, response);
const isFirst = (key: string) => connect(key) !== undefined;
/** The first connection of a push. */
function begin(key = 'a', response?: Response): PushDelivery {
	const delivery = connect(key, response);
	if (!delivery) throw new Error(`${key} has come before`);
	return delivery;
}

beforeEach(() => {
	sent = [];
	closed = new Set();
	inbox = createPushInbox(clock, (response, { body }) => {
		if (closed.has(response)) return false;
		sent.push(body);
		return true;
	});
});

/** What other processes say about a push. */
const claimsOf = (claim?: Claim) => {
	const claims = {
		claim: jest.fn(async () => claim),
		announce: jest.fn(),
		follow: jest.fn(),
	};
	return claims satisfies Claims;
};

describe('pushes', () => {
	test('are remembered as long as they are accepted, ten minutes, and forgotten soon after', () => {
		expect(isFirst('a')).toBe(true);
		for (const key of ['b', 'c', 'd']) {
			clock.turn(199_999);
			expect([isFirst('a'), isFirst(key)]).toEqual([false, true]);
		}
		clock.turn(600_000);
		expect(isFirst('d')).toBe(false);
		clock.turn(600_001);
		expect([isFirst('a'), isFirst('d')]).toEqual([true, true]);
		clock.turn(3_600_000);
		expect([isFirst('a'), isFirst('d')]).toEqual([true, true]);
	});

	test('are remembered for ten minutes and forgotten within eleven, whatever comes meanwhile', () => {
		const again = (key: string) => (isFirst(key) ? 'new' : 'known');
		isFirst('a');
		for (let second = 0; second < 600; second++) {
			clock.turn(1000);
			isFirst(`${second}`);
		}
		expect(again('a')).toBe('known');
		clock.turn(60_000);
		expect(again('a')).toBe('new');
	});

	// They are remembered by half minutes, of which a new one begins just when the last one is over.
	test('are remembered for just ten minutes, and no longer than ten and a half', () => {
		isFirst('a');
		clock.turn(30_000);
		isFirst('b');
		clock.turn(600_000);
		expect([isFirst('a'), isFirst('b')]).toEqual([true, false]);
		clock.turn(30_000);
		expect(isFirst('b')).toBe(true);
	});

	test('are found by a look into each half minute, however many came', () => {
		for (let key = 0; key < 1000; key++) isFirst(`${key}`);
		const look = jest.spyOn(Set.prototype, 'has');
		isFirst('a');
		const looks = look.mock.calls.length;
		look.mockRestore();
		expect(looks).toBeLessThanOrEqual(22);
	});

	// Twice as many as the pushes that were once remembered at most.
	test('are remembered however many come', () => {
		isFirst('a');
		for (let key = 0; key < 40_000; key++) isFirst(`${key}`);
		expect([isFirst('a'), isFirst('0'), isFirst('39999')]).toEqual([false, false, false]);
	});

	test('have their answer for half a minute; later ones are told success', () => {
		begin().answerWith(answer('reply'));
		clock.turn(29_999);
		connect('a');
		clock.turn(60_000);
		connect('a');
		expect(sent).toEqual(['reply', 'reply', 'success']);
	});

	test.each([
		[59_999, 'reply'],
		[60_000, 'success'],
	])('have their answer for a minute at most: after %i ms it is %s', (ms, expected) => {
		begin().answerWith(answer('reply'));
		clock.turn(ms);
		connect('a');
		expect(sent).toEqual(['reply', expected]);
	});

	test('let go of a connection when it is closed', () => {
		const [open, gone] = [fakeResponse(), fakeResponse()];
		const delivery = begin('a', open as unknown as Response);
		connect('a', gone as unknown as Response);
		gone.hangUp();
		delivery.answerWith(answer('x'));
		expect(sent).toEqual(['x']);
	});

	test('that wait are still answered when they are forgotten', () => {
		const delivery = begin();
		clock.turn(600_000);
		begin('b');
		delivery.answerWith(answer('at last'));
		expect(sent).toEqual(['at last']);
		expect(isFirst('a')).toBe(false);
		// Answers are not kept as long as keys.
		expect(sent).toEqual(['at last', 'success']);
	});

	test('are answered once, on all connections, those to come too', () => {
		const delivery = begin();
		connect('a');
		delivery.answerWith(answer('first'));
		delivery.answerWith(answer('second'));
		delivery.acknowledge();
		connect('a');
		expect(sent).toEqual(['first', 'first', 'first']);
	});

	test('say how they are settled, and whether a connection took the answer', () => {
		const heard: unknown[] = [];
		const hungUp = fakeResponse() as unknown as Response;
		closed.add(hungUp);
		const [a, b, c] = [begin('a', hungUp), begin('b', hungUp), begin('c', hungUp)];
		connect('a');
		for (const delivery of [a, b, c])
			delivery.onSettled((...said) => heard.push([delivery.key, ...said]));
		expect([a, b, c].map(({ state }) => state)).toEqual(['new', 'new', 'new']);
		a.answerWith(answer('x'));
		// WeChat has hung up on the only connection.
		b.answerWith(answer('x'));
		c.forget();
		expect([a, b, c].map(({ state }) => state)).toEqual(['answered', 'answered', 'forgotten']);
		expect([a, b, c].map((delivery) => delivery.isSettled())).toEqual([true, true, true]);
		for (const delivery of [a, b, c]) {
			delivery.answerWith(answer('y'));
			delivery.forget();
		}
		expect(heard).toEqual([['a', answer('x'), true], ['b', answer('x'), false], ['c']]);
		expect(sent).toEqual(['x']);
	});

	test('begin anew when the first connection failed', () => {
		begin().forget();
		const again = begin();
		clock.turn(600_000);
		begin('b');
		again.forget();
		expect(isFirst('a')).toBe(true);
	});

	test('that were forgotten leave the one that came after them alone', () => {
		const failed = begin();
		failed.forget();
		const again = begin();
		failed.acknowledge();
		expect([sent, again.state]).toEqual([[], 'new']);
		again.acknowledge();
		expect(sent).toEqual(['success']);
	});

	test('that nobody remembers leave the one that came after them alone', () => {
		const old = begin();
		clock.turn(1_200_001);
		const again = begin();
		old.acknowledge();
		connect('a');
		expect([sent, again.state]).toEqual([['success'], 'new']);
	});

	test('tell when the first connection is closed, also when it was before', () => {
		const [open, gone] = [fakeResponse(), fakeResponse()];
		gone.hangUp();
		const heard: string[] = [];
		for (const [key, response] of [
			['a', open],
			['b', gone],
		] as const)
			begin(key, response as unknown as Response).onHangUp(() => heard.push(key));
		expect(heard).toEqual(['b']);
		open.hangUp();
		expect(heard).toEqual(['b', 'a']);
	});
});

describe('a claim', () => {
	test('takes the push when no other process has it, and tells the others', async () => {
		const delivery = begin();
		const claims = claimsOf();
		expect(await delivery.claim(claims)).toBe(true);
		expect(delivery.state).toBe('claimed');
		expect(claims.announce).toHaveBeenCalledWith(delivery);
		expect(claims.follow).not.toHaveBeenCalled();
	});

	test('follows the process that has it', async () => {
		const delivery = begin();
		const claim = { since: clock.now() - 5000 };
		const claims = claimsOf(claim);
		expect(await delivery.claim(claims)).toBe(false);
		expect(delivery).toMatchObject({
			...claim,
			state: 'followed',
			replyBefore: claim.since + 14_000,
		});
		expect(claims.follow).toHaveBeenCalledWith(delivery, claim);
		expect(claims.announce).not.toHaveBeenCalled();
	});

	test('of a push that waits for a run may come too late', async () => {
		const delivery = begin();
		const showTyping = jest.fn();
		await delivery.claim(claimsOf());
		expect(await delivery.waitForRun(claimsOf({ since: clock.now() }), showTyping)).toBe(false);
		expect(delivery.state).toBe('followed');
		clock.turn(5000);
		expect(showTyping).not.toHaveBeenCalled();
	});
});

describe('the run', () => {
	/** The first connection, and the push when a run works on it. */
	async function wait(showTyping?: () => void): Promise<[FakeResponse, PushDelivery]> {
		const response = fakeResponse();
		const delivery = begin('a', response as unknown as Response);
		expect(await delivery.waitForRun(claimsOf(), showTyping)).toBe(true);
		expect(delivery.state).toBe('waiting');
		return [response, delivery];
	}

	test('n8n ends the response of a reply once more, with nothing: the reply counts', async () => {
		const [response, delivery] = await wait();
		response.setHeader('content-type', REPLY_CONTENT_TYPE);
		response.end(Buffer.from(JSON.stringify(text)));
		response.end();
		expect(sent).toEqual([expect.stringContaining('<Content><![CDATA[hi]]></Content>')]);
		expect(sent[0]).toContain('<ToUserName><![CDATA[oUser]]></ToUserName>');
		expect(delivery.state).toBe('answered');
	});

	test.each([
		['a run without a reply', 'application/json', '{}'],
		['a run that failed', 'application/json; charset=utf-8', '{"message":"Error in workflow"}'],
		['a reply that is none', REPLY_CONTENT_TYPE, '{}'],
	])('%s is no reply', async (_, type, body) => {
		const [response] = await wait();
		response.setHeader('content-type', type);
		response.end(body);
		expect(sent).toEqual([SUCCESS.body]);
	});

	test('the user is shown that somebody types while it takes longer than a second', async () => {
		const showTyping = jest.fn();
		await wait(showTyping);
		clock.turn(999);
		expect(showTyping).not.toHaveBeenCalled();
		clock.turn(1);
		expect(showTyping).toHaveBeenCalledTimes(1);
		clock.turn(20_000);
		expect(showTyping).toHaveBeenCalledTimes(1);
	});

	// As long as WeChat Reply takes it for one that comes in time.
	test('can reply until 14 seconds are over', () => {
		const { since, replyBefore } = begin();
		clock.turn(13_999);
		expect([clock.now() < replyBefore, isInTime({ since }, clock)]).toEqual([true, true]);
		clock.turn(1);
		expect([clock.now() < replyBefore, isInTime({ since }, clock)]).toEqual([false, false]);
	});

	test('nobody types after the reply', async () => {
		const showTyping = jest.fn();
		const [, delivery] = await wait(showTyping);
		delivery.replyWith(text);
		clock.turn(20_000);
		expect(showTyping).not.toHaveBeenCalled();
	});
});

describe('the last connection', () => {
	/** What waits is answered after so many milliseconds, if at all. */
	function answeredAfter(): number | undefined {
		for (let ms = 0; ms <= 6000; ms += 100) {
			if (sent.length > 0) return ms;
			clock.turn(100);
		}
		return undefined;
	}
	/** Milliseconds between the connections that come to this process, and after the last one. */
	test.each<[string, number[], number | undefined]>([
		['is not the second', [0], undefined],
		['is not the second, however late within its time it comes', [6000], undefined],
		['is the third', [0, 0], 4200],
		['is the one that comes ten seconds after the first: others took the second', [10_000], 4200],
		['may come a little early, when the first one was long on its way', [9900], 4200],
		['is answered that much earlier when n8n was late to notice it', [0, 10_700], 3500],
		['is answered at once when that time is over', [0, 14_300], 100],
	])('%s', (_, gaps, ms) => {
		connect('a');
		for (const gap of gaps) {
			expect(sent).toEqual([]);
			clock.turn(gap);
			connect('a');
		}
		expect(answeredAfter()).toBe(ms);
		expect(sent).toEqual(ms === undefined ? [] : ['success']);
	});

	test('may be the only one here, when others took the first two', async () => {
		const since = clock.now();
		clock.turn(9900);
		const delivery = begin();
		clock.turn(100);
		await delivery.claim(claimsOf({ since }));
		expect(answeredAfter()).toBe(4100);
		expect(sent).toEqual(['success']);
	});

	test('is still to come when others took only the first', async () => {
		const since = clock.now();
		clock.turn(5020);
		await begin().claim(claimsOf({ since }));
		expect(answeredAfter()).toBeUndefined();
		// It comes 10 seconds after the first.
		connect('a');
		expect(answeredAfter()).toBeLessThanOrEqual(4200);
	});

	test('is the second here when the connection of the first one broke elsewhere', async () => {
		await begin().claim(claimsOf({ since: clock.now() - 800 }));
		clock.turn(5000);
		expect(sent).toEqual([]);
		connect('a');
		expect(answeredAfter()).toBe(4200);
	});
});
