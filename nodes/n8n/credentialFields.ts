import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';

export const previousKey: INodeProperties = {
	displayName: 'Previous EncodingAESKey',
	name: 'previousEncodingAesKey',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'The key before the last change. WeChat switches over gradually; keep it for a day, then clear it.',
};

export const proxyUrl: INodeProperties = {
	displayName: 'Proxy URL',
	name: 'proxyUrl',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	placeholder: 'e.g. http://user:password@proxy.example.com:3128',
	description:
		'HTTP proxy for the calls to WeChat. When empty, HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the n8n server count.',
};

/** What the pack itself keeps in a credential, encrypted by n8n: see stateStore.ts. */
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

/** The preAuthentication of such a credential. n8n saves what it returns, and stateStore.ts makes n8n call it. */
export async function saveState({
	state,
}: ICredentialDataDecryptedObject): Promise<{ state: string; stateSavedAt: string }> {
	return { state: String(state ?? ''), stateSavedAt: new Date().toISOString() };
}
