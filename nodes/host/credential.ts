import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { App } from '../api/app';
import type { State } from '../api/state';
import type { Secrets } from '../push/open';

const KINDS = ['miniProgram', 'mobileApp', 'officialAccount'] as const;

/** What stands in a credential, in the words of the libraries. */
export function appIn(credential: ICredentialDataDecryptedObject): App {
	const text = textIn(credential);
	return {
		appId: text('appId'),
		appSecret: text('appSecret'),
		baseUrl: text('baseUrl'),
		proxyUrl: text('proxyUrl'),
		kind: KINDS.find((kind) => kind === text('kind')) ?? 'officialAccount',
	};
}

export function secretsIn(credential: ICredentialDataDecryptedObject): Secrets {
	const text = textIn(credential);
	return {
		appId: text('appId'),
		token: text('token'),
		encodingAesKey: text('encodingAesKey'),
		previousEncodingAesKey: text('previousEncodingAesKey'),
		// A third-party platform has no choice: all that it gets is encrypted.
		mode: (text('encryptionMode') || 'safe') as Secrets['mode'],
	};
}

/** Values are pasted from a web page, often with a blank at an end. */
const textIn = (credential: ICredentialDataDecryptedObject) => (name: string) =>
	String(credential[name] ?? '').trim();

/** The fields that say whose credential it is, where it is not an AppID. */
const IDENTITY: Record<string, string[]> = { socialinzenApi: ['baseUrl', 'username'] };

/**
 * Names whose state a credential holds: with another AppID in it, what is stored is somebody else's. A new
 * secret or address leaves all as it is; a token that it ends is renewed at the next call.
 */
export function ownerOf(type: string, credential: ICredentialDataDecryptedObject): string {
	return (IDENTITY[type] ?? ['appId']).map(textIn(credential)).join(' ');
}

/** The state inside a credential, if it is of the owner that the credential names now. */
export function stateIn(type: string, credential: ICredentialDataDecryptedObject): State {
	const of = ownerOf(type, credential);
	try {
		const state = JSON.parse(String(credential.state || '{}')) as State;
		return state.of === of ? state : { of };
	} catch {
		return { of };
	}
}
