import { ApiError } from '../../nodes/api/apiError';
import { ConnectionError } from '../../nodes/base/connectionError';
import { UserError } from '../../nodes/base/userError';
import type { Wait } from '../../nodes/engine/define';
import { waitForEnd } from '../../nodes/engine/waitForEnd';

const MINUTE_MS = 60_000;

const job: Wait = {
	until: 'Done',
	describe: ({ id }) => `The job has begun, as ${String(id)}`,
	later: 'Look later.',
	ask: ({ id }) => ({ path: '/job', body: { id } }),
	goesOn: new Set([89504]),
	finish({ state }) {
		if (state === 'bad') throw new UserError('It ended badly', undefined, undefined);
		return state === 'done' ? { state } : undefined;
	},
};

/** Waits for a job that answers so, the last answer again and again, while each call takes `callMs`. */
async function waitFor(
	answers: Array<object>,
	{ minutes = 5, callMs = 0, stopAfter = Infinity } = {},
) {
	let time = 0;
	const pauses: number[] = [];
	const asked: unknown[] = [];
	const result = waitForEnd(
		job,
		{ id: '7' },
		{
			async send(call) {
				time += callMs;
				const answer = answers[Math.min(asked.push(call), answers.length) - 1];
				if (answer instanceof Error) throw answer;
				return answer as Record<string, unknown>;
			},
			clock: {
				now: () => time,
				async sleep(ms) {
					pauses.push(ms);
					time += ms;
				},
			},
			minutes,
			isCancelled: () => pauses.length > stopAfter,
		},
	);
	const error = (await result.then(
		() => undefined,
		(thrown: unknown) => thrown,
	)) as UserError | undefined;
	return { state: error ? undefined : await result, error, pauses, asked, time };
}

const broken = new ConnectionError({
	peer: { name: 'WeChat', hint: 'Check it.' },
	reason: 'it refuses connections',
	code: 'ECONNREFUSED',
	path: '/job',
});
const refusal = (errcode: number) => new ApiError({ errcode, errmsg: 'no', path: '/job' });
const running = { state: 'running' };

test('asks after pauses that grow, until it is done', async () => {
	const { state, pauses, asked } = await waitFor([running, running, running, { state: 'done' }]);
	expect(state).toEqual({ state: 'done' });
	expect(pauses).toEqual([2000, 3000, 4500, 6750]);
	expect(asked).toHaveLength(4);
	expect(asked[0]).toMatchObject({ path: '/job', body: { id: '7' }, safe: true });
});

test('waits at most so long, asks a last time then, and says that it goes on', async () => {
	const { error, pauses, time } = await waitFor([running]);
	expect(time).toBe(5 * MINUTE_MS);
	expect(Math.max(...pauses)).toBe(30_000);
	expect(pauses.length).toBeLessThan(20);
	expect(error?.message).toBe('WeChat is not done after 5 min. The job has begun, as 7');
	expect(error?.hint).toBe('Look later.');
	expect(error?.chinese).toMatch(/^微信在 5 分钟内没有完成。任务.*请稍后查询结果。$/);
});

test('counts the time that calls take', async () => {
	const { asked, time } = await waitFor([running], { minutes: 1, callMs: 40_000 });
	// 2 + 40 + 3 + 40 s, and the last time.
	expect([asked.length, time]).toEqual([3, 125_000]);
});

test('a bad end is told as it is', async () => {
	const { error, asked } = await waitFor([running, { state: 'bad' }]);
	expect(error?.message).toBe('It ended badly');
	expect(asked).toHaveLength(2);
});

test.each([
	['a connection that fails', broken],
	['a server that is busy', refusal(-1)],
	['a code that means "not yet"', refusal(89504)],
])('%s does not end the wait', async (_, error) => {
	const { state } = await waitFor([error, error, { state: 'done' }]);
	expect(state).toEqual({ state: 'done' });
});

test('a connection that fails to the end is told, with what has begun', async () => {
	const { error, time } = await waitFor([broken], { minutes: 1 });
	expect(time).toBe(MINUTE_MS);
	expect(error).toBeInstanceOf(ConnectionError);
	expect(error?.message).toMatch(/ECONNREFUSED\)\. The job has begun, as 7$/);
	expect(error?.hint).toBe('Look later. Check it.');
});

test('another refusal ends it at once, with what has begun', async () => {
	const { error, asked } = await waitFor([refusal(48001)]);
	expect(asked).toHaveLength(1);
	expect(error?.message).toMatch(/errcode 48001\)\. The job has begun, as 7$/);
	expect(error?.hint).toMatch(/^Look later\. .*permissions/);
});

test('asks no more once the execution is stopped', async () => {
	const { error, asked } = await waitFor([running], { stopAfter: 2 });
	expect(asked).toHaveLength(2);
	expect(error?.message).toMatch(/^The execution was stopped\./);
});
