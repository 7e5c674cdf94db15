/* eslint-disable @n8n/community-nodes/no-restricted-globals -- the only timers of the pack */

/** Time, as a parameter: tests turn a clock of their own. All times are in milliseconds. */
export interface Clock {
	/** As `Date.now()` counts. */
	now(): number;
	sleep(ms: number): Promise<void>;
	/** Runs `work` later; what it returns calls it off. Nothing waits for it, and the process may end before. */
	later(ms: number, work: () => void): () => void;
}

/**
 * When something counts as done: now, or right after what it replaces, if a clock that ran ahead has dated that.
 *
 * @param before When what it replaces was done; nothing when there is none.
 */
export const toTimeAfter = (before: number | undefined, now: number): number =>
	Math.max(now, (before ?? 0) + 1);

/** Lets the process do what else has come in, in the middle of a computation that takes long. */
export const waitForOthers = async (): Promise<void> =>
	await new Promise((resolve) => setImmediate(resolve));

export const systemClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
	later(ms, work) {
		const timer = setTimeout(work, ms).unref();
		return () => clearTimeout(timer);
	},
};
