import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';

/** What the pack itself keeps in a credential, encrypted by n8n: see state.ts. */
export const savedFields: INodeProperties[] = [
	{
		displayName: 'State',
		name: 'state',
		type: 'hidden',
		typeOptions: { password: true },
		default: '',
	},
	{
		displayName: 'State Saved At',
		name: 'stateSavedAt',
		type: 'hidden',
		typeOptions: { expirable: true, password: true },
		default: '',
	},
];

/** The preAuthentication of such a credential: n8n saves what it returns; state.ts makes n8n call it. */
export async function keepState({
	state,
}: ICredentialDataDecryptedObject): Promise<{ state: string; stateSavedAt: string }> {
	return { state: String(state ?? ''), stateSavedAt: new Date().toISOString() };
}
