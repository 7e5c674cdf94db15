import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import { OPEN_PLATFORM, readSecrets } from '../n8n/credentials';
import { MAX_PUSH_BYTES, type PushSecrets } from '../push/openPush';
import { PushRejected } from '../push/pushRejected';

/** The credential whose secrets a request was verified with. */
export interface PushCredential {
	/** Empty when n8n has not saved it. */
	id: string;
	/** Of a third-party platform, not of an account. */
	isPlatform: boolean;
	secrets: PushSecrets;
}

/** What was opened, and the credential that says that WeChat sent it. */
export interface Verified<T> {
	opened: T;
	credential: PushCredential;
}

/**
 * Opens a request with the secrets of the node's credential of that type; `open` may be called twice.
 *
 * @throws {PushRejected} when `open` throws it with the secrets as they are now.
 */
export type VerifyRequest = <T>(
	context: IWebhookFunctions,
	type: string,
	open: (secrets: PushSecrets) => T,
) => Promise<Verified<T>>;

/** How long a removed secret still works at most; one that makes a push right counts within a second. */
const MAX_AGE_MS = 10_000;
/** Forged pushes do not make n8n decrypt the credential more often than this, however many come. */
const REREAD_MS = 1000;
const MAX_CREDENTIALS = 200;

/**
 * Creates a verifier that remembers secrets for a few seconds. n8n decrypts a credential each time it is read, with
 * all that is saved in it: a thousand accounts' tokens take longer than the push itself.
 */
export function createRequestVerifier(clock: Clock): VerifyRequest {
	const cache = createCache<{ credential: PushCredential; readAt: number }>({
		max: MAX_CREDENTIALS,
		ttl: MAX_AGE_MS,
		now: () => clock.now(),
	});
	return async (context, type, open) => {
		const id = context.getNode().credentials?.[type]?.id ?? '';
		const cached = id ? cache.get(id) : undefined;
		if (cached && clock.now() < cached.readAt + REREAD_MS)
			return verifyWith(cached.credential, open);
		if (cached)
			try {
				return verifyWith(cached.credential, open);
			} catch (error) {
				// The secrets may have changed since they were read.
				if (!(error instanceof PushRejected)) throw error;
			}
		const stored = await context.getCredentials<ICredentialDataDecryptedObject>(type);
		const isPlatform = type === OPEN_PLATFORM;
		const credential = { id, isPlatform, secrets: readSecrets(stored) };
		if (id) cache.set(id, { credential, readAt: clock.now() });
		return verifyWith(credential, open);
	};
}

const verifyWith = <T>(
	credential: PushCredential,
	open: (secrets: PushSecrets) => T,
): Verified<T> => ({ opened: open(credential.secrets), credential });

/** What n8n makes of a request. */
export interface Request {
	headers: { 'content-length'?: string };
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
}

/**
 * Reads the exact bytes of the body, also when n8n has not done it yet.
 *
 * @throws {PushRejected} when it is too large or breaks off.
 */
export async function readBody(request: Request): Promise<Buffer> {
	if (Number(request.headers['content-length'] ?? 0) > MAX_PUSH_BYTES)
		throw new PushRejected(400, 'The body is larger than anything that WeChat sends.');
	try {
		if (!request.rawBody) await request.readRawBody?.();
	} catch (error) {
		throw new PushRejected(400, `The body cannot be read: ${(error as Error).message}`);
	}
	return request.rawBody ?? Buffer.alloc(0);
}
