import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { createAccountClient, type AccountClient } from '../api/accountClient';
import type { App } from '../api/app';
import { createPlatformClient, type PlatformClient } from '../api/platformClient';
import { systemServices, type Services } from '../api/services';
import type { Store } from '../api/state';
import { isPlatform, OFFICIAL_ACCOUNT, OPEN_PLATFORM, readApp } from './credentials';
import type { RedisSpace } from '../redis/redisSpace';
import { openState } from './sharedState';
import { countMessages, openWindowStore } from './windowStore';
import type { StateContext } from './stateStore';
import {
	createSocialinzenClient,
	type SocialinzenServer,
	type SocialinzenClient,
} from '../socialinzenApi/socialinzenClient';

/** A client for the official account or mini program that the node's credential names. */
export async function openAccountClient(
	context: StateContext,
	services: Services = systemServices,
): Promise<AccountClient> {
	const { app, store, openSpace } = await openCredential(context, OFFICIAL_ACCOUNT);
	const client = createAccountClient(app, store, services);
	return countMessages(client, openWindowStore(services, client.appId, openSpace));
}

/** A client for the third-party platform that the node's credential names, acting for `appId` if given. */
export async function openPlatformClient(
	context: StateContext,
	appId?: string,
	services?: Services,
): Promise<PlatformClient> {
	return createCountingClient(await openCredential(context, OPEN_PLATFORM), appId, services);
}

function createCountingClient(
	{ app, store, openSpace }: OpenedCredential,
	appId?: string,
	services: Services = systemServices,
): PlatformClient {
	const client = createPlatformClient(app, store, appId, services);
	return countMessages(client, openWindowStore(services, client.appId, openSpace));
}

/** The client for each item of a run: of the account itself, or of the one that the item chooses. */
export function openItemClients(
	context: IExecuteFunctions,
	services?: Services,
): (item: number) => Promise<AccountClient> {
	if (isPlatform(context.getNodeParameter('authentication', 0)))
		return openItemPlatformClients(context, services);
	const client = openAccountClient(context, services);
	return async () => await client;
}

/** The client of a webhook that resumes a run, for the account that the run has called before. */
export async function openWebhookClient(
	context: IWebhookFunctions,
	appId: string,
	services?: Services,
): Promise<AccountClient> {
	return await (isPlatform(context.getNodeParameter('authentication'))
		? openPlatformClient(context, appId, services)
		: openAccountClient(context, services));
}

/** The same while the node is edited, for lists to choose from. */
export async function openEditorClient(context: ILoadOptionsFunctions): Promise<AccountClient> {
	if (!isPlatform(context.getCurrentNodeParameter('authentication')))
		return await openAccountClient(context);
	return await openEditorPlatformClient(context);
}

/** The same in a node that is always of a platform. */
export async function openEditorPlatformClient(
	context: ILoadOptionsFunctions,
): Promise<PlatformClient> {
	return await openPlatformClient(
		context,
		readChosenAccount(context.getCurrentNodeParameter('account')),
	);
}

/** The same for operations of a platform, of which some act for an account. */
export function openItemPlatformClients(
	context: IExecuteFunctions,
	services?: Services,
): (item: number) => Promise<PlatformClient> {
	const opened = openCredential(context, OPEN_PLATFORM);
	const clients = new Map<string | undefined, PlatformClient>();
	return async (item) => {
		const appId = readChosenAccount(context.getNodeParameter('account', item, ''));
		const client = clients.get(appId) ?? createCountingClient(await opened, appId, services);
		clients.set(appId, client);
		return client;
	};
}

/** n8n extracts the value only of fields that are shown, and not every operation is about an account. */
function readChosenAccount(chosen: unknown): string | undefined {
	const value = (chosen as { value?: unknown } | undefined)?.value ?? chosen;
	return typeof value === 'string' ? value.trim() || undefined : undefined;
}

interface OpenedCredential {
	app: App;
	store: Store;
	/** Missing when the credential does not choose Redis. */
	openSpace?(): Promise<RedisSpace>;
}

async function openCredential(context: StateContext, type: string): Promise<OpenedCredential> {
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
	return {
		app: readApp(credential),
		...openState(context, type, credential),
	};
}

const SOCIALINZEN = 'socialinzenApi';

/** A client for the Socialinzen server that the node's credential names. */
export async function openSocialinzenClient(
	context: StateContext,
	services?: Services,
): Promise<SocialinzenClient> {
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(SOCIALINZEN);
	const { store } = openState(context, SOCIALINZEN, credential);
	return createSocialinzenClient(readServer(credential), store, services);
}

/** Blanks count in a password, and nowhere else. */
export function readServer(credential: ICredentialDataDecryptedObject): SocialinzenServer {
	const text = (name: string) => String(credential[name] ?? '');
	return {
		baseUrl: text('baseUrl').trim(),
		username: text('username').trim(),
		password: text('password'),
		proxyUrl: text('proxyUrl').trim(),
	};
}
