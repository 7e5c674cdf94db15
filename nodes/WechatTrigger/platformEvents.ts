import { toLogLine } from '../base/logLine';
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { toPermissionName } from '../api/permissions';
import type { PlatformClient } from '../api/platformClient';
import type { Services } from '../api/services';
import { openPlatformClient } from '../n8n/clients';
import { readText, type Message } from '../push/message';
import type { PushDelivery } from './pushDelivery';
import {
	DONE,
	isWanted,
	readEventTypes,
	readPushOptions,
	TICKET,
	toItem,
	type ReceivedPush,
} from './receivedPush';

/**
 * Stores what an event about a third-party platform brings, then answers and starts the workflow. When storing fails,
 * n8n records a failed run, and the next delivery of the push is handled as the first.
 */
export async function handlePlatformEvent(
	context: IWebhookFunctions,
	api: Services,
	arrived: ReceivedPush,
	delivery: PushDelivery,
): Promise<IWebhookResponseData> {
	const { message } = arrived.push;
	const event = { ...arrived, accountAppId: findAppId(message) };
	let platform: PlatformClient;
	try {
		platform = await openPlatformClient(context, undefined, api);
		await storeEvent(platform, event);
		delivery.acknowledge();
	} finally {
		// Does nothing to a push that is answered.
		delivery.forget();
	}
	if (!isWanted(event, readEventTypes(context), readPushOptions(context))) return DONE;
	const about = hasAuthorization(message)
		? await describeAccount(context, platform, event.accountAppId)
		: {};
	return { noWebhookResponse: true, workflowData: toItem(event, about) };
}

/** The account that an authorization event is about. WeChat spells it in four ways. */
const findAppId = ({ AuthorizerAppid, authorizer_appid, verify_appid, appid }: Message) =>
	String(AuthorizerAppid ?? authorizer_appid ?? verify_appid ?? appid ?? '');

/** Whether an event brings an authorization with it: one that was granted or changed, or a new mini program. */
const hasAuthorization = ({ AuthorizationCode, auth_code }: Message) =>
	Boolean(AuthorizationCode ?? auth_code);

/** Stores a ticket, or an authorization that was given, changed or taken back. */
async function storeEvent(
	platform: PlatformClient,
	{ push: { message }, eventType, accountAppId }: ReceivedPush,
): Promise<void> {
	if (eventType === TICKET)
		return await platform.receiveTicket(readText(message, 'ComponentVerifyTicket'));
	if (eventType === 'authorization.unauthorized') return await platform.forget(accountAppId);
	const code = String(message.AuthorizationCode ?? message.auth_code);
	if (hasAuthorization(message)) await platform.exchange(code, accountAppId);
}

/** Finds the account behind an original ID (原始ID); empty when it is not known. */
export async function findAccountByUserName(
	context: IWebhookFunctions,
	api: Services,
	userName: unknown,
): Promise<string> {
	const { stored } = await openPlatformClient(context, undefined, api);
	return (await stored.findAccount('userName', String(userName ?? ''))) ?? '';
}

/** Describes who has authorized the platform, and for what. A failure is logged: the event matters more. */
export async function describeAccount(
	context: IWebhookFunctions,
	platform: PlatformClient,
	appId: string,
): Promise<IDataObject> {
	try {
		const { profile, permissions } = await platform.details(appId);
		return {
			account: { ...profile },
			permissions: permissions.map(({ id }) => ({ id, name: toPermissionName(id) })),
		};
	} catch (error) {
		context.logger.warn(
			toLogLine(`WeChat Trigger could not get the name of ${appId}: ${(error as Error).message}`),
		);
		return {};
	}
}
