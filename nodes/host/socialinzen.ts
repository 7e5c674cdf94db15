import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { socialinzenFor, type Server, type SocialinzenClient } from '../api/socialinzen';
import { ownerOf } from './credential';
import { storeIn, type Context } from './state';

export const SOCIALINZEN = 'socialinzenApi';

/** A client for the Socialinzen server that the node's credential names. */
export async function socialinzenOf(context: Context): Promise<SocialinzenClient> {
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(SOCIALINZEN);
	const store = storeIn(context, SOCIALINZEN, ownerOf(SOCIALINZEN, credential));
	return socialinzenFor(serverIn(credential), store);
}

/** Blanks count in a password, and nowhere else. */
export function serverIn(credential: ICredentialDataDecryptedObject): Server {
	const text = (name: string) => String(credential[name] ?? '');
	return {
		baseUrl: text('baseUrl').trim(),
		username: text('username').trim(),
		password: text('password'),
		proxyUrl: text('proxyUrl').trim(),
	};
}
