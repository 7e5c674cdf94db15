import { hash } from 'node:crypto';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import type { Services } from '../api/services';
import type { Clock } from '../base/clock';
import { toLogLine } from '../base/logLine';
import { UserError } from '../base/userError';
import { rememberAccepted, rememberRefused } from '../n8n/connectionStatus';
import { createCredentialReader, type OpenRequest } from '../n8n/credentialReader';
import { readPayV3Merchant, WECHAT_PAY } from '../n8n/merchant';
import { toNodeError } from '../n8n/nodeError';
import { openState } from '../n8n/sharedState';
import type { Response } from '../n8n/webhookResponse';
import { NotificationRejected, openNotification, type Notification } from '../payV3/notification';
import type { PayV3Merchant } from '../payV3/payV3Merchant';
import { findNotificationGroup, OTHER_NOTIFICATION, SELF_TEST } from '../payV3/notificationTypes';
import type { NotificationState, OpenClaims } from './notificationClaims';
import { sendAnswer, type NotificationInbox } from './notificationDelivery';

/** What the triggers of a process share. */
interface NotificationServices {
	api: Services;
	openRequest: OpenRequest<PayCredential>;
	inbox: NotificationInbox;
	openClaims: OpenClaims;
}

/** Stands for all events, as long as no other one is chosen. */
export const ALL_EVENTS = 'all';

/** Nothing starts; the response is already written, or will be. */
const DONE: IWebhookResponseData = { noWebhookResponse: true };

/** The longest one of WeChat has a few KB. */
const MAX_BYTES = 1024 * 1024;

/**
 * Handles one delivery of a notification. Anybody can reach the address: what is not verified is answered with the status
 * that says why, gets a line in the log, and starts nothing.
 */
export async function handleNotification(
	context: IWebhookFunctions,
	{ inbox, openClaims, ...services }: NotificationServices,
): Promise<IWebhookResponseData> {
	const response = context.getResponseObject() as Response;
	let verified: Verified;
	try {
		verified = await verify(context, services);
		rememberAccepted(context, WECHAT_PAY, services.api);
	} catch (error) {
		rememberRefused(context, WECHAT_PAY, refuse(context, response, error as Error), services.api);
		return DONE;
	}
	const { notification, state } = verified;
	const delivery = inbox.accept(toKey(context, notification), response);
	// Others get the answer of the first one.
	if (!delivery) return DONE;
	try {
		if (!(await delivery.claim(openClaims(context, state)))) return DONE;
		const isWanted = isWantedEvent(notification.eventType, context.getNodeParameter('events', []));
		if (!isWanted) {
			delivery.acknowledge();
			return DONE;
		}
		// Also when it answers at once, n8n does so after it has stored the run: what it cannot start comes again.
		delivery.waitForRun();
		return { noWebhookResponse: false, workflowData: [[{ json: toItem(notification) }]] };
	} catch (error) {
		delivery.forget();
		throw toNodeError(context.getNode(), error, 0);
	}
}

interface Verified {
	notification: Notification;
	/** Of the credential that opened it. */
	state: NotificationState;
}

/** What is read of a credential to open a notification. */
interface PayCredential {
	merchant: PayV3Merchant;
	state: NotificationState;
}

/** Creates the reader of the credentials of all triggers in a process. */
export const createPayCredentialReader = (clock: Clock): OpenRequest<PayCredential> =>
	createCredentialReader(clock, readPayCredential, (error) => error instanceof UserError);

async function readPayCredential(
	context: IWebhookFunctions,
	type: string,
	id: string,
): Promise<PayCredential> {
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
	return {
		merchant: readPayV3Merchant(credential),
		state: { id, ...openState(context, type, credential) },
	};
}

/** @throws {UserError} when WeChat has not sent it to this merchant, or the credential cannot be right. */
async function verify(
	context: IWebhookFunctions,
	{ api, openRequest }: Pick<NotificationServices, 'api' | 'openRequest'>,
): Promise<Verified> {
	const request = context.getRequestObject() as { rawBody?: Buffer };
	const rawBody = request.rawBody ?? Buffer.alloc(0);
	if (rawBody.length > MAX_BYTES)
		throw new NotificationRejected(
			400,
			'It is larger than anything that WeChat sends',
			undefined,
			'收到的内容比微信发送的任何回调通知都大。',
		);
	const headers = context.getHeaderData() as Record<string, string | undefined>;
	return await openRequest(context, WECHAT_PAY, async ({ merchant, state }) => ({
		notification: await openNotification({ rawBody, headers }, merchant, api),
		state,
	}));
}

/** What WeChat is told, by status. Who has forged one learns nothing about this n8n. */
const REASONS: Record<number, string> = {
	400: '通知格式错误',
	401: '签名验证失败',
	500: '无法处理',
	503: '暂时无法处理',
};

/** Returns the reason, which holds no secret. */
function refuse(context: IWebhookFunctions, response: Response, error: Error): string {
	const status = error instanceof NotificationRejected ? error.status : 500;
	sendAnswer(response, { status, message: REASONS[status] });
	const who = `"${context.getNode().name}" of workflow "${context.getWorkflow().name}"`;
	const hint = error instanceof UserError ? error.hint : undefined;
	const why = [error.message.replace(/\.$/, ''), hint].filter(Boolean).join('. ');
	context.logger.warn(toLogLine(`${who} refused a notification of WeChat Pay. ${why}`));
	return toLogLine(why);
}

/** In bytes: nobody finds another notification with the same name. */
const KEY_LENGTH = 12;

/** Names a notification to a node in all processes. There may be many, so names are short. */
function toKey(context: IWebhookFunctions, { id }: Notification): string {
	const node = [context.getWorkflow().id, context.getNode().id, context.getMode()];
	const digest = hash('sha256', [...node, id].join(' '), 'buffer');
	return digest.subarray(0, KEY_LENGTH).toString('base64url');
}

/** WeChat's self-test starts only what names it. */
function isWantedEvent(eventType: string, chosen: unknown): boolean {
	const events = chosen as string[];
	if (eventType === SELF_TEST) return events.includes(SELF_TEST);
	const wanted = events.filter((one) => one !== ALL_EVENTS);
	const isKnown = findNotificationGroup(eventType) !== OTHER_NOTIFICATION;
	return wanted.length === 0 || wanted.includes(isKnown ? eventType : OTHER_NOTIFICATION);
}

/** Creates the item that the workflow starts with: WeChat's own names, and what it is about. */
function toItem(notification: Notification): IDataObject {
	const { id, createTime, eventType, summary, originalType, resource } = notification;
	return {
		id,
		event_type: eventType,
		kind: findNotificationGroup(eventType),
		summary,
		create_time: createTime,
		original_type: originalType,
		resource,
	};
}
