import type { Answer, Call } from '../api/apiClient';
import { findRemedy } from '../api/apiError';
import { hasCode } from '../api/returnCodes';
import type { Clock } from '../base/clock';
import { ConnectionError } from '../base/connectionError';
import { UserError } from '../base/userError';
import type { Wait } from './define';

const FIRST_PAUSE_MS = 2000;
const GROWTH = 1.5;
const LONGEST_PAUSE_MS = 30_000;

const GOES_ON = '任务已提交，仍在进行：请稍后查询结果。';

interface Way {
	send(call: Call): Promise<Answer>;
	clock: Pick<Clock, 'now' | 'sleep'>;
	/** The longest wait. */
	minutes: number;
	/** Whether nobody waits for the result any more. */
	isCancelled(): boolean;
}

/**
 * Asks how far something is until it is over: after 2 s, then after pauses that grow to 30 s, and once more when the
 * time is over. A connection that fails, or a server that is busy, does not end the wait.
 *
 * @throws {UserError} when it ended otherwise than it should, when it cannot be asked for, or when the time is over.
 */
export async function waitForEnd(
	wait: Wait,
	begun: Answer,
	{ send, clock, minutes, isCancelled }: Way,
): Promise<Answer> {
	const end = clock.now() + minutes * 60_000;
	let pause = FIRST_PAUSE_MS;
	for (;;) {
		await clock.sleep(Math.max(0, Math.min(pause, end - clock.now())));
		pause = Math.min(pause * GROWTH, LONGEST_PAUSE_MS);
		if (isCancelled())
			throw describe(new UserError('The execution was stopped', undefined, '执行已停止。'));
		const isLast = clock.now() >= end;
		const result = await ask(isLast);
		if (result) return result;
		if (isLast)
			throw describe(
				new UserError(
					`WeChat is not done after ${minutes} min`,
					undefined,
					`微信在 ${minutes} 分钟内没有完成。`,
				),
			);
	}

	async function ask(isLast: boolean): Promise<Answer | undefined> {
		let state: Answer;
		try {
			state = await send({ ...wait.ask(begun), safe: true, isShown: true });
		} catch (error) {
			if (hasCode(error, wait.goesOn ?? new Set())) return undefined;
			if (!isLast && mayPass(error)) return undefined;
			throw describe(error);
		}
		return wait.finish(state);
	}

	/** Says of an error that does not tell the end what goes on all the same. */
	function describe(error: unknown): unknown {
		if (!(error instanceof UserError)) return error;
		return error.with({
			message: `${error.message}. ${wait.describe(begun)}`,
			hint: [wait.later, error.hint].filter(Boolean).join(' '),
			chinese: [error.chinese, GOES_ON].filter(Boolean).join(''),
		});
	}
}

/** Whether the same question may have an answer in a moment. */
const mayPass = (error: unknown) =>
	error instanceof ConnectionError || findRemedy(error) === 'wait';
