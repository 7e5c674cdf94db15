import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { toPermissionName } from '../api/permissions';
import type { PlatformClient } from '../api/platformClient';
import type { Services } from '../api/services';
import type { Grant } from '../api/state';
import { openPlatformClient } from '../n8n/clients';
import { toPlainText } from '../base/html';
import { toRegistrationStatus } from '../push/statusTexts';
import type { Message } from '../push/message';
import { TICKET } from './filter';

/** What must not stand in an execution: it is kept, or exchanged, before the workflow starts. */
const SECRET = ['ComponentVerifyTicket', 'AuthorizationCode', 'PreAuthCode', 'auth_code'];

/** The account that an authorization event is about. WeChat spells it in four ways. */
export const accountIn = ({ AuthorizerAppid, authorizer_appid, verify_appid, appid }: Message) =>
	String(AuthorizerAppid ?? authorizer_appid ?? verify_appid ?? appid ?? '');

/**
 * The account behind an original ID (原始ID). Some events of accounts, such as positions (LOCATION), have
 * been seen at the address for authorization events, which has no AppID in it.
 */
export async function accountNamed(
	context: IWebhookFunctions,
	userName: unknown,
	services: Services,
): Promise<string> {
	const { accounts = {} } = await (await openPlatformClient(context, undefined, services)).state();
	const isIt = ([, { profile }]: [string, Grant]) => profile?.userName === userName;
	return Object.entries(accounts).find(isIt)?.[0] ?? '';
}

/** The push as an execution may show it: without its secrets, and with words for its numbers and HTML. */
export function shownOf(kind: string, message: Message): Message {
	const shown = Object.entries(message).filter(([name]) => !SECRET.includes(name));
	const statusText = REGISTRATIONS.has(kind) && toRegistrationStatus(String(message.status));
	const reasonText = REVIEWS.has(kind) && toPlainText(String(message.Reason));
	return {
		...Object.fromEntries(shown),
		...(statusText && { statusText }),
		...(reasonText && { reasonText }),
	};
}

/** Events that tell how the registration of a mini program went. */
const REGISTRATIONS: ReadonlySet<string> = new Set([
	'authorization.notify_third_fasteregister',
	'authorization.notify_third_fastregisterbetaapp',
	'authorization.notify_third_fastverifybetaapp',
]);

/** Events that tell why the code of a mini program did not pass its review, or not yet. */
const REVIEWS: ReadonlySet<string> = new Set(['event.weapp_audit_delay', 'event.weapp_audit_fail']);

/** Whether an event brings an authorization with it: one that was granted or changed, or a new mini program. */
export const bringsAccount = ({ AuthorizationCode, auth_code }: Message) =>
	Boolean(AuthorizationCode ?? auth_code);

/** Keeps what an authorization event brings. Nothing is answered or emitted before this is done. */
export async function takeIn(
	platform: PlatformClient,
	kind: string,
	message: Message,
): Promise<void> {
	if (kind === TICKET) return await platform.receiveTicket(String(message.ComponentVerifyTicket));
	if (kind === 'authorization.unauthorized') return await platform.forget(accountIn(message));
	const code = String(message.AuthorizationCode ?? message.auth_code);
	if (bringsAccount(message)) await platform.exchange(code, accountIn(message));
}

/** Who has authorized the platform, and for what. It is not worth losing the event over. */
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
			`WeChat Trigger could not get the name of ${appId}: ${(error as Error).message}`,
		);
		return {};
	}
}
