import type { IWebhookFunctions } from 'n8n-workflow';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';

/**
 * Opens a request with what was read of the node's credential of that type; `open` may be called twice.
 *
 * @throws what reading it throws, or `open` with the credential as it is now.
 */
export type OpenRequest<C> = <T>(
	context: IWebhookFunctions,
	type: string,
	open: (credential: C) => T | Promise<T>,
) => Promise<T>;

/** How long a removed secret still works at most; one that makes a request right counts within a second. */
const MAX_AGE_MS = 10_000;
/** Strangers do not make n8n decrypt the credential more often than this, however many come. */
const REREAD_MS = 1000;
const MAX_CREDENTIALS = 200;

/** What was read of a credential, or is being read: all who ask meanwhile wait for the same. */
interface Reading<C> {
	credential: Promise<C>;
	/** Infinity until it has ended, in milliseconds. */
	endedAt: number;
}

/**
 * Creates a reader for requests that anybody can send, which remembers credentials for a few seconds. n8n decrypts a
 * credential each time it is read, with all that is saved in it: a thousand accounts' tokens take longer than a push.
 *
 * @param read is given the ID of the credential, which is empty when n8n has not saved it
 * @param isRefusal whether an error of `open` may come of secrets that have changed since
 */
export function createCredentialReader<C>(
	clock: Clock,
	read: (context: IWebhookFunctions, type: string, id: string) => Promise<C>,
	isRefusal: (error: unknown) => boolean,
): OpenRequest<C> {
	const cache = createCache<Reading<C>>({
		max: MAX_CREDENTIALS,
		ttl: MAX_AGE_MS,
		now: () => clock.now(),
	});
	const isRecent = ({ endedAt }: Reading<C>) => clock.now() < endedAt + REREAD_MS;

	function startReading(context: IWebhookFunctions, type: string, id: string): Reading<C> {
		const credential = read(context, type, id);
		const reading: Reading<C> = { credential, endedAt: Infinity };
		const end = () => void (reading.endedAt = clock.now());
		credential.then(end, end);
		return id ? cache.set(id, reading) : reading;
	}

	return async (context, type, open) => {
		const id = context.getNode().credentials?.[type]?.id ?? '';
		const cached = id ? cache.get(id) : undefined;
		if (cached)
			try {
				return await open(await cached.credential);
			} catch (error) {
				// The secrets may have changed since they were read.
				if (!isRefusal(error) || isRecent(cached)) throw error;
			}
		// Somebody else may have begun to read it again.
		const other = id ? cache.get(id) : undefined;
		const latest = other && isRecent(other) ? other : startReading(context, type, id);
		return await open(await latest.credential);
	};
}
