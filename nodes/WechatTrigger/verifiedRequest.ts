import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';
import type { State, Store } from '../api/state';
import type { Clock } from '../base/clock';
import { createCredentialReader } from '../n8n/credentialReader';
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

/** Creates a verifier that reads a credential no more often than its reader does. */
export function createRequestVerifier(clock: Clock): VerifyRequest {
	const openRequest = createCredentialReader(
		clock,
		async (context, type, id) => await readCredential(context, type, id, clock),
		(error) => error instanceof PushRejected,
	);
	return async (context, type, open) =>
		await openRequest(context, type, (credential) => ({
			opened: open(credential.secrets, credential.appSecret),
			credential,
		}));
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
