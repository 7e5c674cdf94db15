import { systemClock, type Clock } from './clock';

const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/** How pauses pass. Tests turn their own clock, and draw their own numbers. */
export interface Pauses {
	clock: Pick<Clock, 'sleep'>;
	/** From 0 to 1, like `Math.random()`. */
	random(): number;
}

export const systemPauses: Pauses = { clock: systemClock, random: Math.random };

/**
 * Repeats what may succeed in a moment, at most three times, after pauses of about 0.5, 1 and 2 s that differ from run
 * to run. `mayRepeat` says which failures are worth it. The last failure is thrown.
 */
export async function retry<T>(
	work: () => Promise<T>,
	mayRepeat: (error: unknown) => boolean,
	{ clock, random }: Pauses = systemPauses,
): Promise<T> {
	for (let failed = 1; ; failed++)
		try {
			return await work();
		} catch (error) {
			if (failed >= TRIES || !mayRepeat(error)) throw error as Error;
			await clock.sleep(FIRST_PAUSE_MS * 2 ** (failed - 1) * (0.5 + random()));
		}
}
