import { toLogLine } from '../base/logLine';
import type {
	IBinaryKeyData,
	IDataObject,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { toPlainText } from '../base/html';
import { isKnownEventType, OTHER } from '../push/eventTypes';
import { readText, type Message } from '../push/message';
import type { Push } from '../push/openPush';
import { toEventStatus, toMassStatus, toRegistrationStatus } from '../push/statusTexts';
import type { AgentSource } from './agentSessions';
import { toChatFields } from '../push/chatFields';
import type { VoiceFormat } from '../voice/convertVoice';
import type { PushCredential } from './verifiedRequest';

/** A push that WeChat signed: what it says, and for whom it came. */
export interface ReceivedPush {
	push: Push;
	eventType: string;
	/** The same for each delivery of the push. */
	dedupeKey: string;
	/** The account that it came for; empty in an event about a platform that names no account. */
	accountAppId: string;
	credential: PushCredential;
}

/** The options of the node that concern a push. */
export interface PushOptions {
	/** AppIDs of accounts behind a platform. */
	accounts?: string[];
	agentTalks?: AgentSource;
	downloadMedia?: boolean;
	eventKeys?: string;
	joinSeconds?: number;
	openIds?: string;
	releaseTest?: boolean;
	typing?: boolean;
	voiceFormat?: VoiceFormat;
}

/** Nothing starts; the response is already written. */
export const DONE: IWebhookResponseData = { noWebhookResponse: true };

/** Stands for all event types, as long as no other one is chosen. */
export const ALL = 'all';
export const TICKET = 'authorization.component_verify_ticket';

/** The options that say which pushes start the workflow, by their labels in the editor. */
const FILTERS = {
	accounts: 'Account Names or IDs',
	eventKeys: 'Event Keys',
	openIds: 'OpenIDs',
} as const;

/**
 * Reads the options of the node, which may hold expressions: once for each push. Logs a filter that was added and
 * comes out empty, because nothing passes it.
 */
export function readPushOptions(context: IWebhookFunctions): PushOptions {
	const options = context.getNodeParameter('pushOptions', {}) as PushOptions;
	for (const [name, label] of Object.entries(FILTERS))
		if (readFilter(options, name as keyof typeof FILTERS)?.length === 0)
			context.logger.warn(
				toLogLine(
					`"${context.getNode().name}": the option "${label}" comes out empty, so that no push passes it. Mend its expression, or remove the option.`,
				),
			);
	return options;
}

/** Reads the entries of a filter; undefined when it was not added. An expression may make anything of it. */
function readFilter(options: PushOptions, name: keyof typeof FILTERS): string[] | undefined {
	if (!(name in options)) return undefined;
	const value: unknown = options[name];
	const entries = Array.isArray(value) ? value : String(value ?? '').split(/[,，\n]+/);
	return entries.map((entry) => String(entry ?? '').trim()).filter(Boolean);
}

/** Reads which event types start the workflow. */
export const readEventTypes = (context: IWebhookFunctions) =>
	context.getNodeParameter('kinds', []) as string[];

/** Whether a push is one that the workflow asks for. A filter that was added and comes out empty lets nothing pass. */
export function isWanted(
	{ push: { message }, eventType, accountAppId }: ReceivedPush,
	eventTypes: string[],
	options: PushOptions,
): boolean {
	const [accounts, openIds, eventKeys] = (['accounts', 'openIds', 'eventKeys'] as const).map(
		(name) => readFilter(options, name),
	);
	return (
		isWantedEventType(eventType, eventTypes) &&
		(!accounts ||
			(accountAppId === '' && accounts.length > 0) ||
			accounts.includes(accountAppId)) &&
		(!openIds || openIds.includes(readText(message, 'FromUserName'))) &&
		(!eventKeys || hasEventKey(message, eventKeys))
	);
}

/** Tickets come every ten minutes and are stored without a run: only a workflow that names them gets them. */
export function isWantedEventType(eventType: string, chosen: string[]): boolean {
	if (eventType === TICKET) return chosen.includes(eventType);
	const wanted = chosen.filter((one) => one !== ALL);
	return (
		wanted.length === 0 || wanted.includes(isKnownEventType(eventType) ? eventType : OTHER.value)
	);
}

const QR_PREFIX = 'qrscene_';

/** A new follower's scan has the prefix, a follower's has not: one key matches both. `*` at its end matches any rest. */
function hasEventKey(message: Message, keys: string[]): boolean {
	const given = readText(message, 'EventKey');
	const bare = given.startsWith(QR_PREFIX) ? given.slice(QR_PREFIX.length) : given;
	return keys.some((key) =>
		key.endsWith('*')
			? [given, bare].some((text) => text.startsWith(key.slice(0, -1)))
			: [given, bare].includes(key),
	);
}

/** Creates the item that the workflow starts with: WeChat's own keys, and those that the trigger adds. */
export function toItem(
	{ push, eventType, dedupeKey, accountAppId, credential }: ReceivedPush,
	more: IDataObject,
	binary?: IBinaryKeyData,
): IWebhookResponseData['workflowData'] {
	const { appId } = credential.secrets;
	const shown = toShownMessage(eventType, push.message) as IDataObject;
	const chat = toChatFields(push.message, accountAppId);
	const json = { ...shown, ...chat, ...more, appId, accountAppId, kind: eventType, dedupeKey };
	return [[{ json, binary }]];
}

/** What no execution may show: it is stored or exchanged before the workflow starts. */
const SECRET = [
	'ComponentVerifyTicket',
	'AuthorizationCode',
	'PreAuthCode',
	'auth_code',
	// Passwords of shops at a carrier, in events such as add_waybill.
	'AccountPwd',
	'BizPwd',
];

/** Events about the outcome of a mini program's registration. */
const REGISTRATIONS: ReadonlySet<string> = new Set([
	'authorization.notify_third_fasteregister',
	'authorization.notify_third_fastregisterbetaapp',
	'authorization.notify_third_fastverifybetaapp',
]);

const MASS_MESSAGE_SENT = 'event.masssendjobfinish';

/** Events about a review that the code of a mini program did not pass, or not yet. */
const REVIEWS: ReadonlySet<string> = new Set(['event.weapp_audit_delay', 'event.weapp_audit_fail']);

/** Creates the message as an execution may show it: without its secrets, and with words for its numbers and HTML. */
function toShownMessage(eventType: string, message: Message): Message {
	const shown = Object.entries(message).filter(([name]) => !SECRET.includes(name));
	const statusText =
		(REGISTRATIONS.has(eventType) && toRegistrationStatus(readText(message, 'status'))) ||
		(eventType === MASS_MESSAGE_SENT && toMassStatus(readText(message, 'Status'))) ||
		toEventStatus(eventType, message);
	const reasonText = REVIEWS.has(eventType) && toPlainText(readText(message, 'Reason'));
	return {
		...Object.fromEntries(shown),
		...(statusText && { statusText }),
		...(reasonText && { reasonText }),
	};
}

/** Logs a failure that neither the answer nor the run depends on. */
export function logFailure(context: IWebhookFunctions, error: unknown): void {
	context.logger.warn(
		toLogLine(`"${context.getNode().name}", while it saw to a push: ${(error as Error).message}`),
	);
}
