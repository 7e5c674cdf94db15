import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { fingerprint, type Account } from '../api/account';
import { clientFor, type Client } from '../api/client';
import type { Store } from '../api/tokens';
import type { Secrets } from '../push/open';
import { changeState, readState, type Context } from './state';

export const OFFICIAL_ACCOUNT = 'wechatOfficialAccountApi';

export function accountIn(credential: ICredentialDataDecryptedObject): Account {
	const text = textIn(credential);
	return {
		appId: text('appId'),
		appSecret: text('appSecret'),
		baseUrl: text('baseUrl'),
		proxyUrl: text('proxyUrl'),
	};
}

export function secretsIn(credential: ICredentialDataDecryptedObject): Secrets {
	const text = textIn(credential);
	return {
		appId: text('appId'),
		token: text('token'),
		encodingAesKey: text('encodingAesKey'),
		previousEncodingAesKey: text('previousEncodingAesKey'),
		mode: text('encryptionMode') as Secrets['mode'],
	};
}

/** Values are pasted from a web page, often with a blank at an end. */
const textIn = (credential: ICredentialDataDecryptedObject) => (name: string) =>
	String(credential[name] ?? '').trim();

/** A client for the account that the node's credential names. */
export async function clientOf(context: Context): Promise<Client> {
	const account = accountIn(await context.getCredentials(OFFICIAL_ACCOUNT));
	return clientFor(account, storeOf(context, fingerprint(account)));
}

/** Keeps the token in the credential, so that a restart and n8n's other processes need not ask for it. */
function storeOf(context: Context, of: string): Store {
	return {
		async read() {
			const { token } = await readState(context, OFFICIAL_ACCOUNT);
			return token?.of === of ? token : undefined;
		},
		async write(token) {
			try {
				await changeState(context, OFFICIAL_ACCOUNT, (state) => ({
					...state,
					token: { ...token, of },
				}));
			} catch (error) {
				// WeChat hands the same token to whoever asks, so nothing is lost.
				context.logger.debug(`WeChat: the token was not saved: ${(error as Error).message}`);
			}
		},
	};
}
