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
	 * Does `work` for a code that was not used before, unless ten of this visitor have failed within this minute. Ten at
	 * most are under way at once, and 1,000 wait for them. A code that was used, or is being used, brings what the first
	 * visit with it brought.
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
const MAX_WAITING = 1000;
const MINUTE_MS = 60_000;
const MAX_VISITORS = 1000;
/** WeChat takes no code after ten minutes (auth_code; the code of web authorization lives five). */
const CODE_MS = 10 * MINUTE_MS;
const MAX_CODES = 1000;

/** What a visitor has tried within a minute. Behind a proxy that n8n does not know, one address stands for many. */
interface Minute {
	/** Waits for a place; false when too many have failed, or wait already. */
	enter(): Promise<boolean>;
	/** Gives the place back when `work` ends, and keeps it when that fails. */
	leaveAfter<T>(work: Promise<T>): Promise<T>;
}

function createMinute(): Minute {
	let failures = 0;
	let underWay = 0;
	const waiting: Array<() => void> = [];
	const callNext = () => void waiting.shift()?.();
	return {
		async enter() {
			while (failures < MAX_FAILURES && failures + underWay >= MAX_FAILURES) {
				if (waiting.length >= MAX_WAITING) return false;
				await new Promise<void>((resolve) => waiting.push(resolve));
			}
			if (failures >= MAX_FAILURES) {
				callNext();
				return false;
			}
			underWay++;
			return true;
		},
		async leaveAfter(work) {
			return await work
				.catch((error: unknown) => {
					failures++;
					throw error;
				})
				.finally(() => {
					underWay--;
					callNext();
				});
		},
	};
}

export function createVisitCodes<T>(clock: Clock): VisitCodes<T> {
	const now = () => clock.now();
	const minutes = createCache<Minute>({ max: MAX_VISITORS, ttl: MINUTE_MS, now });
	const used = createCache<Promise<T>>({ max: MAX_CODES, ttl: CODE_MS, now });
	return {
		async run(link, visitor, code, work) {
			const key = digest(link, code);
			const before = used.get(key);
			if (before) return { result: await before, isFirst: false };
			const payer = digest(link, visitor);
			const minute = minutes.get(payer) ?? minutes.set(payer, createMinute());
			if (!(await minute.enter())) return undefined;
			// Another visit may have brought the same code meanwhile.
			const other = used.get(key);
			if (other) return { result: await minute.leaveAfter(other), isFirst: false };
			const result = await minute.leaveAfter(used.set(key, work())).catch((error: unknown) => {
				used.delete(key);
				throw error;
			});
			return { result, isFirst: true };
		},
	};
}

/** Of any length as they come, so that what is remembered has a limit. */
const digest = (...parts: string[]) =>
	createHash('sha256').update(parts.join(' ')).digest('base64url');
