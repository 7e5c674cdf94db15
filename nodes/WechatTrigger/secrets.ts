import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';
import { createCache } from '../base/cache';
import { readSecrets } from '../n8n/credentials';
import type { PushSecrets } from '../push/openPush';

/** How long a change of the credential may take to be noticed; one that makes a push right counts within a second. */
const KEPT_MS = 10_000;
/** Forged pushes do not make n8n decrypt the credential more often than this, however many come. */
const REREAD_MS = 1000;
const MAX_CREDENTIALS = 200;

const kept = createCache<{ secrets: PushSecrets; until: number }>({ max: MAX_CREDENTIALS });

/**
 * Does `work` with the secrets of the node's credential. n8n decrypts a credential each time it is read,
 * with all that is saved in it: a thousand accounts' tokens take longer than the push itself.
 */
export async function withSecrets<T>(
	context: IWebhookFunctions,
	type: string,
	work: (secrets: PushSecrets) => T,
	now: () => number = Date.now,
): Promise<T> {
	const id = context.getNode().credentials?.[type]?.id;
	const known = id ? kept.get(id) : undefined;
	if (known && known.until - KEPT_MS + REREAD_MS > now()) return work(known.secrets);
	if (known && known.until > now())
		try {
			return work(known.secrets);
		} catch {
			// With the secrets as they are now it is right, or wrong for good.
		}
	const secrets = readSecrets(await context.getCredentials<ICredentialDataDecryptedObject>(type));
	if (!id) return work(secrets);
	kept.set(id, { secrets, until: now() + KEPT_MS });
	return work(secrets);
}
