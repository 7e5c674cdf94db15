/** A clock that stands still until a test turns it. All times are in milliseconds. */
export interface TestClock {
	/** As `Date.now()` counts. */
	now(): number;
	/** Runs `work` when the clock has been turned that far; answers how to call that off. */
	later(ms: number, work: () => void): () => void;
	sleep(ms: number): Promise<void>;
	/** Turns the clock, and runs what is due meanwhile, each at its own time. */
	advance(ms: number): void;
}

export function createTestClock(start = Date.now()): TestClock {
	let now = start;
	const timers = new Set<{ at: number; work: () => void }>();

	const later: TestClock['later'] = (ms, work) => {
		const timer = { at: now + ms, work };
		timers.add(timer);
		return () => void timers.delete(timer);
	};
	return {
		now: () => now,
		later,
		sleep: async (ms) => await new Promise((resolve) => void later(ms, resolve)),
		advance: (ms) => {
			const end = now + ms;
			for (;;) {
				const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
				if (!due) break;
				timers.delete(due);
				now = Math.max(now, due.at);
				due.work();
			}
			now = end;
		},
	};
}
