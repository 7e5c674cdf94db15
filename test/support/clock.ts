import type { Clock } from '../../nodes/base/clock';

/** A clock that stands still until it is turned. */
export interface TestClock extends Clock {
	/** Turns the clock on, and does what is due by then, in order. Does not wait for what that begins. */
	turn(ms: number): void;
}

export function createTestClock(start = Date.now()): TestClock {
	let time = start;
	let timers: Array<{ at: number; work: () => void }> = [];
	const later = (ms: number, work: () => void) => {
		const timer = { at: time + ms, work };
		timers.push(timer);
		return () => void (timers = timers.filter((one) => one !== timer));
	};
	return {
		now: () => time,
		later,
		sleep: async (ms) => await new Promise((done) => void later(ms, done)),
		turn(ms) {
			const end = time + ms;
			for (;;) {
				const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
				if (!next) break;
				timers = timers.filter((timer) => timer !== next);
				time = next.at;
				next.work();
			}
			time = end;
		},
	};
}
