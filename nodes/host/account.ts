import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';

import { accountFor, type AccountClient } from '../api/account';
import type { App } from '../api/app';
import { platformFor, type PlatformClient } from '../api/platform';
import type { Store } from '../api/state';
import { isPlatform, OFFICIAL_ACCOUNT, OPEN_PLATFORM } from './authentication';
import { appIn, ownerOf } from './credential';
import { storeIn, type Context } from './state';

/** A client for the official account or mini program that the node's credential names. */
export async function accountOf(context: Context): Promise<AccountClient> {
	const { app, store } = await openCredential(context, OFFICIAL_ACCOUNT);
	return accountFor(app, store);
}

/** A client for the third-party platform that the node's credential names, acting for `appId` if given. */
export async function platformOf(context: Context, appId?: string): Promise<PlatformClient> {
	const { app, store } = await openCredential(context, OPEN_PLATFORM);
	return platformFor(app, store, appId);
}

/** The client for each item of a run: of the account itself, or of the one that the item chooses. */
export function clientsOf(context: IExecuteFunctions): (item: number) => Promise<AccountClient> {
	if (isPlatform(context.getNodeParameter('authentication', 0))) return platformsOf(context);
	const client = accountOf(context);
	return async () => await client;
}

/** The same while the node is edited, for lists to choose from. */
export async function clientInEditor(context: ILoadOptionsFunctions): Promise<AccountClient> {
	if (!isPlatform(context.getCurrentNodeParameter('authentication')))
		return await accountOf(context);
	return await platformInEditor(context);
}

/** The same in a node that is always of a platform. */
export async function platformInEditor(context: ILoadOptionsFunctions): Promise<PlatformClient> {
	return await platformOf(context, accountIn(context.getCurrentNodeParameter('account')));
}

/** The same for operations of a platform, of which some act for an account. */
export function platformsOf(context: IExecuteFunctions): (item: number) => Promise<PlatformClient> {
	const opened = openCredential(context, OPEN_PLATFORM);
	const clients = new Map<string | undefined, PlatformClient>();
	return async (item) => {
		const { app, store } = await opened;
		const appId = accountIn(context.getNodeParameter('account', item, ''));
		const client = clients.get(appId) ?? platformFor(app, store, appId);
		clients.set(appId, client);
		return client;
	};
}

/** n8n extracts the value only of fields that are shown, and not every operation is about an account. */
function accountIn(chosen: unknown): string | undefined {
	const value = (chosen as { value?: unknown } | undefined)?.value ?? chosen;
	return typeof value === 'string' ? value.trim() || undefined : undefined;
}

async function openCredential(context: Context, type: string): Promise<{ app: App; store: Store }> {
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
	return { app: appIn(credential), store: storeIn(context, type, ownerOf(type, credential)) };
}
