import type { Clock } from './clock';

/**
 * Repeats work that failed. The last failure is thrown.
 *
 * @param findPause The pause before the next attempt in milliseconds, after `failed` failures; undefined to give up.
 */
export async function retry<T>(
	work: () => Promise<T>,
	findPause: (error: unknown, failed: number) => number | undefined,
	clock: Pick<Clock, 'sleep'>,
): Promise<T> {
	for (let failed = 1; ; failed++)
		try {
			return await work();
		} catch (error) {
			const pause = findPause(error, failed);
			if (pause === undefined) throw error;
			await clock.sleep(pause);
		}
}
