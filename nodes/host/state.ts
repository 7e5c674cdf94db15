import type { ICredentialDataDecryptedObject, IAllExecuteFunctions } from 'n8n-workflow';

/**
 * What the pack keeps for an account: in the account's credential, and nowhere else. n8n encrypts it in
 * its database and hands it to every workflow and process. The only way in is the one below: a blank
 * expirable property makes n8n call the credential's preAuthentication and save what it returns.
 */
export interface State {
	/** Of the account and secret that `of` names, see fingerprint(). */
	token?: { value: string; askedAt: number; expiresAt: number; of: string };
}

export type Context = Pick<
	IAllExecuteFunctions,
	'getCredentials' | 'getNode' | 'helpers' | 'logger'
>;

export function stateIn(credential: ICredentialDataDecryptedObject): State {
	try {
		return JSON.parse(String(credential.state || '{}')) as State;
	} catch {
		return {};
	}
}

export async function readState(context: Context, type: string): Promise<State> {
	return stateIn(await context.getCredentials(type));
}

/**
 * Changes the saved state. n8n writes whole records, so the credential is read again right before, and
 * only the state in it is replaced. Two writers at once: the last one wins.
 */
export async function changeState(
	context: Context,
	type: string,
	change: (state: State) => State,
): Promise<void> {
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
	const state = JSON.stringify(change(stateIn(credential)));
	await context.helpers.httpRequestWithAuthentication.call(
		context as never,
		type,
		{ method: 'GET', url: 'data:,saved' },
		{
			credentialsDecrypted: {
				id: '',
				name: '',
				type,
				data: { ...credential, state, stateSavedAt: '' },
			},
		},
	);
}
