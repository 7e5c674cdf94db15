import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';
import type { State, Store } from '../api/state';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { OPEN_PLATFORM, readApp, readSavedState, readSecrets } from '../n8n/credentials';
import { openState } from '../n8n/sharedState';
import { countWrites } from '../n8n/stateStore';
import type { PushSecrets } from '../push/openPush';
import { PushRejected } from '../push/pushRejected';
import type { RedisSpace } from '../redis/redisSpace';

/** The credential whose secrets a request was verified with. */
export interface PushCredential {
	/** Empty when n8n has not saved it. */
	id: string;
	/** Of a third-party platform, not of an account. */
	isPlatform: boolean;
	secrets: PushSecrets;
	/** What is saved for it. */
	store: Store;
	/** What was saved in the credential itself when it was read. */
	saved: {
		sections: NonNullable<State['shelves']>;
		/** As `countWrites` counted before. */
		writes: number;
		startedAt: number;
	};
	/** Opens what all processes share in Redis; missing when the credential does not choose Redis. */
	openSpace?(): Promise<RedisSpace>;
	/** Links that were made here are signed with a key made of it. */
	appSecret: string;
}

/** What was opened, and the credential that says that it comes from WeChat, or from a link that was made here. */
export interface Verified<T> {
	opened: T;
	credential: PushCredential;
}

/**
 * Opens a request with the secrets of the node's credential of that type; `open` may be called twice.
 *
 * @throws {PushRejected} when `open` throws it with the secrets as they are now, or when they cannot be read (503).
 */
export type VerifyRequest = <T>(
	context: IWebhookFunctions,
	type: string,
	open: (secrets: PushSecrets, appSecret: string) => T,
) => Promise<Verified<T>>;

/** How long a removed secret still works at most; one that makes a push right counts within a second. */
const MAX_AGE_MS = 10_000;
/** Strangers do not make n8n decrypt the credential more often than this, however many come. */
const REREAD_MS = 1000;
const MAX_CREDENTIALS = 200;

/** What was read of a credential, or is being read: all who ask meanwhile wait for the same. */
interface Reading {
	credential: Promise<PushCredential>;
	/** Infinity until it has ended, in milliseconds. */
	endedAt: number;
}

/**
 * Creates a verifier that remembers secrets for a few seconds. n8n decrypts a credential each time it is read, with
 * all that is saved in it: a thousand accounts' tokens take longer than the push itself.
 */
export function createRequestVerifier(clock: Clock): VerifyRequest {
	const cache = createCache<Reading>({
		max: MAX_CREDENTIALS,
		ttl: MAX_AGE_MS,
		now: () => clock.now(),
	});
	const isRecent = ({ endedAt }: Reading) => clock.now() < endedAt + REREAD_MS;

	function startReading(context: IWebhookFunctions, type: string, id: string): Reading {
		const credential = readCredential(context, type, id, clock);
		const reading: Reading = { credential, endedAt: Infinity };
		const end = () => void (reading.endedAt = clock.now());
		credential.then(end, end);
		return id ? cache.set(id, reading) : reading;
	}

	return async (context, type, open) => {
		const id = context.getNode().credentials?.[type]?.id ?? '';
		const cached = id ? cache.get(id) : undefined;
		if (cached)
			try {
				return await openWith(cached, open);
			} catch (error) {
				// The secrets may have changed since they were read.
				if (!(error instanceof PushRejected) || isRecent(cached)) throw error;
			}
		// Somebody else may have begun to read it again.
		const other = id ? cache.get(id) : undefined;
		const latest = other && isRecent(other) ? other : startReading(context, type, id);
		return await openWith(latest, open);
	};
}

async function openWith<T>(
	reading: Reading,
	open: (secrets: PushSecrets, appSecret: string) => T,
): Promise<Verified<T>> {
	const credential = await reading.credential;
	return { opened: open(credential.secrets, credential.appSecret), credential };
}

/** @throws {PushRejected} when the credential was deleted, or cannot be decrypted. */
async function readCredential(
	context: IWebhookFunctions,
	type: string,
	id: string,
	clock: Clock,
): Promise<PushCredential> {
	const writes = countWrites(id);
	const startedAt = clock.now();
	try {
		const stored = await context.getCredentials<ICredentialDataDecryptedObject>(type);
		const isPlatform = type === OPEN_PLATFORM;
		const { shelves: sections = {} } = readSavedState(type, stored);
		return {
			id,
			isPlatform,
			secrets: readSecrets(stored),
			appSecret: readApp(stored).appSecret,
			saved: { sections, writes, startedAt },
			...openState(context, type, stored),
		};
	} catch (error) {
		throw new PushRejected(
			503,
			`The credential of this node cannot be read: ${(error as Error).message}`,
		);
	}
}
