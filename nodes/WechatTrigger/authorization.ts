import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { permissionName } from '../api/permissions';
import type { PlatformClient } from '../api/platform';
import type { Grant } from '../api/state';
import { platformOf } from '../host/account';
import { plainText } from '../push/plainText';
import { registrationStatus } from '../push/registrationStatus';
import type { Message } from '../push/tree';
import { TICKET } from './filter';

/** What must not stand in an execution: it is kept, or exchanged, before the workflow starts. */
const SECRET = ['ComponentVerifyTicket', 'AuthorizationCode', 'PreAuthCode', 'auth_code'];

/** The account that an authorisation event is about. WeChat spells it in four ways. */
export const accountIn = ({ AuthorizerAppid, authorizer_appid, verify_appid, appid }: Message) =>
	String(AuthorizerAppid ?? authorizer_appid ?? verify_appid ?? appid ?? '');

/**
 * The account behind an original ID (原始ID). Some events of accounts, such as positions (LOCATION), have
 * been seen at the address for authorisation events, which has no AppID in it.
 */
export async function accountNamed(context: IWebhookFunctions, userName: unknown): Promise<string> {
	const { accounts = {} } = await (await platformOf(context)).state();
	const isIt = ([, { profile }]: [string, Grant]) => profile?.userName === userName;
	return Object.entries(accounts).find(isIt)?.[0] ?? '';
}

/** The push as an execution may show it: without its secrets, and with words for its numbers and HTML. */
export function shownOf(kind: string, message: Message): Message {
	const shown = Object.entries(message).filter(([name]) => !SECRET.includes(name));
	const statusText = REGISTRATIONS.has(kind) && registrationStatus(String(message.status));
	const reasonText = REVIEWS.has(kind) && plainText(String(message.Reason));
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

/** Whether an event brings an authorisation with it: one that was granted or changed, or a new mini program. */
export const bringsAccount = ({ AuthorizationCode, auth_code }: Message) =>
	Boolean(AuthorizationCode ?? auth_code);

/** Keeps what an authorisation event brings. Nothing is answered or emitted before this is done. */
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

/** Who has authorised the platform, and for what. It is not worth losing the event over. */
export async function describeAccount(
	context: IWebhookFunctions,
	platform: PlatformClient,
	appId: string,
): Promise<IDataObject> {
	try {
		const { profile, permissions } = await platform.details(appId);
		return {
			account: { ...profile },
			permissions: permissions.map(({ id }) => ({ id, name: permissionName(id) })),
		};
	} catch (error) {
		context.logger.warn(
			`WeChat Trigger could not get the name of ${appId}: ${(error as Error).message}`,
		);
		return {};
	}
}
