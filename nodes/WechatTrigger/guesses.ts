import { createCache } from '../base/cache';

const MAX_FAILED = 10;
const MINUTE_MS = 60_000;
const MAX_KEYS = 200;

interface Minute {
	began: number;
	/** What failed in it, or is under way. */
	failed: number;
}

const minutes = createCache<Minute>({ max: MAX_KEYS });

/**
 * Does `work`, unless ten have failed within this minute: anybody can open the address with a code of their own
 * making, and WeChat counts the calls that look it up. `key` names who pays for them. Returns undefined when
 * nothing was done.
 */
export async function withFewGuesses<T>(
	key: string,
	work: () => Promise<T>,
	now: () => number = Date.now,
): Promise<T | undefined> {
	const minute = minuteOf(key, now());
	if (minute.failed >= MAX_FAILED) return undefined;
	minute.failed++;
	const result = await work();
	minute.failed--;
	return result;
}

function minuteOf(key: string, now: number): Minute {
	const known = minutes.get(key);
	if (known && now < known.began + MINUTE_MS) return known;
	return minutes.set(key, { began: now, failed: 0 });
}
