import { ApiError } from '../api/apiError';

/** Too many calls in this minute, or WeChat is busy: both say that the call was not carried out. */
const NOT_DONE: ReadonlySet<number | string> = new Set([-1, 45011]);
/** The connection broke half-way. One that never stood is a matter of settings: waiting does not help. */
const BROKEN = /^(HTTP 5|ECONNRESET|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT))/;
const TRIES = 4;
const FIRST_PAUSE_MS = 500;

export interface Retry {
	wait(ms: number): Promise<void>;
	random(): number;
}

export const patience: Retry = {
	// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- there is no other clock
	wait: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
	random: Math.random,
};

/**
 * Tries again what may succeed in a moment, at most three times, after pauses of about 0.5, 1 and 2 s
 * that differ from run to run. A call whose connection broke half-way may have taken effect: it is
 * repeated only when it is `safe`, which is to say that it changes nothing.
 */
export async function retry<T>(
	work: () => Promise<T>,
	safe: boolean,
	{ wait, random }: Retry = patience,
): Promise<T> {
	for (let failed = 1; ; failed++)
		try {
			return await work();
		} catch (error) {
			if (failed >= TRIES || !mayRepeat(error, safe)) throw error as Error;
			await wait(FIRST_PAUSE_MS * 2 ** (failed - 1) * (0.5 + random()));
		}
}

function mayRepeat(error: unknown, safe: boolean): boolean {
	if (!(error instanceof ApiError && error.retryable)) return false;
	return NOT_DONE.has(error.code) || (safe && BROKEN.test(String(error.code)));
}
