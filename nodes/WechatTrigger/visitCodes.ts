import { createHash } from 'node:crypto';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';

/** What became of a code, and whether this is the visit that brought it first. */
interface Tried<T> {
	result: T;
	isFirst: boolean;
}

/** Codes that browsers bring. Whoever has a good link can add codes of their own making, and WeChat counts calls. */
export interface VisitCodes<T> {
	/**
	 * Does `work` for a code that was not used before, unless ten of this visitor have failed within this minute or are
	 * under way. A code that was used, or is being used, brings what the first visit with it brought.
	 *
	 * @param link The link that the code came with, and `visitor` who opened it: that pair pays for what fails.
	 * @returns Undefined when nothing was done.
	 */
	run(
		link: string,
		visitor: string,
		code: string,
		work: () => Promise<T>,
	): Promise<Tried<T> | undefined>;
}

const MAX_FAILURES = 10;
const MINUTE_MS = 60_000;
const MAX_VISITORS = 1000;
/** WeChat takes no code after ten minutes (auth_code; the code of web authorization lives five). */
const CODE_MS = 10 * MINUTE_MS;
const MAX_CODES = 1000;

export function createVisitCodes<T>(clock: Clock): VisitCodes<T> {
	const now = () => clock.now();
	const minutes = createCache<{ failures: number }>({ max: MAX_VISITORS, ttl: MINUTE_MS, now });
	const used = createCache<Promise<T>>({ max: MAX_CODES, ttl: CODE_MS, now });
	return {
		async run(link, visitor, code, work) {
			const key = digest(link, code);
			const before = used.get(key);
			if (before) return { result: await before, isFirst: false };
			const payer = digest(link, visitor);
			const minute = minutes.get(payer) ?? minutes.set(payer, { failures: 0 });
			if (minute.failures >= MAX_FAILURES) return undefined;
			minute.failures++;
			const result = await used.set(key, work()).catch((error: unknown) => {
				used.delete(key);
				throw error;
			});
			minute.failures--;
			return { result, isFirst: true };
		},
	};
}

/** Of any length as they come, so that what is remembered has a limit. */
const digest = (...parts: string[]) =>
	createHash('sha256').update(parts.join(' ')).digest('base64url');
