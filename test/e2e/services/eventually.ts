import { setTimeout as sleep } from 'node:timers/promises';

/** What is true only after a moment, such as what a run does after it has answered. */
export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 5000): Promise<T> {
	const giveUpAt = Date.now() + timeoutMs;
	for (;;)
		try {
			return await check();
		} catch (error) {
			if (Date.now() > giveUpAt) throw error;
			await sleep(50);
		}
}

/** Waits for all, also when one fails: what they work with ends afterwards. */
export async function waitForAll(parts: Array<Promise<void>>): Promise<void> {
	const outcomes = await Promise.allSettled(parts);
	const failed = outcomes.find((outcome) => outcome.status === 'rejected');
	if (failed) throw failed.reason;
}
