import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { PlatformClient } from '../api/platform';
import { accountOf, platformOf } from '../host/account';
import { kindOf } from '../push/kinds';
import { dedupeKeyOf } from '../push/message';
import type { Push, Secrets } from '../push/open';
import { releaseTestStep, type ReleaseTestStep } from '../push/releaseTest';
import { seal, SUCCESS, type Answer } from '../push/reply';
import {
	accountIn,
	accountNamed,
	bringsAccount,
	describeAccount,
	shownOf,
	takeIn,
} from './authorization';
import { deliveries } from './deliveries';
import { isWanted } from './filter';
import { downloadMedia } from './media';
import { catchReply, send, type Response } from './respond';

const known = deliveries(send);

/** Nothing starts; the response is already written. */
export const DONE: IWebhookResponseData = { noWebhookResponse: true };

/** Where a push arrived. */
export interface Arrival {
	secrets: Secrets;
	/** Whether it came for a third-party platform. */
	platform: boolean;
	/** The account that it came for; empty at the address where WeChat tells the platform about itself. */
	accountAppId: string;
	response: Response;
}

const NOTHING: Answer = { body: '', type: 'text/plain' };

/** Recognise again, keep what is told, filter, answer, emit. */
export async function receive(
	context: IWebhookFunctions,
	push: Push,
	arrival: Arrival,
): Promise<IWebhookResponseData> {
	const { message } = push;
	const { secrets, platform, response } = arrival;
	const options = context.getNodeParameter('pushOptions', {}) as IDataObject;
	const kinds = context.getNodeParameter('kinds', []) as string[];
	const kind = kindOf(message);
	const dedupeKey = dedupeKeyOf(message);

	const node = [context.getWorkflow().id, context.getNode().id, context.getMode()];
	const key = [...node, String(message.ToUserName ?? ''), dedupeKey].join(' ');
	const isFirst = known.isFirst(key);
	known.wait(key, response, SUCCESS);
	if (!isFirst) return DONE;

	const isEvent = platform && kind.startsWith('authorization.');
	const accountAppId = isEvent
		? accountIn(message)
		: arrival.accountAppId || (await accountNamed(context, message.ToUserName));
	const own = isEvent ? await platformOf(context) : undefined;
	if (own) await keep(own, kind, message, key);
	const step = platform && options.releaseTest !== false ? releaseTestStep(message) : undefined;
	if (step) {
		known.answer(key, answerTo(step, push, secrets));
		await continueTest(context, step, String(message.FromUserName));
		return DONE;
	}

	if (!isWanted(message, { kind, accountAppId }, { kinds, ...options })) {
		known.answer(key, SUCCESS);
		return DONE;
	}
	// Only messages can be answered with words.
	const waits = context.getNodeParameter('respond', 'onReceived') === 'responseNode';
	if (waits && !isEvent)
		catchReply(response, (reply) =>
			known.answer(key, reply ? seal(reply, push, secrets, Date.now()) : SUCCESS),
		);
	else known.answer(key, SUCCESS);

	const client = async () =>
		await (platform ? platformOf(context, accountAppId) : accountOf(context));
	const { json, binary } = options.downloadMedia
		? await downloadMedia.call(context, message, client)
		: { json: {}, binary: undefined };
	const about =
		own && bringsAccount(message) ? await describeAccount(context, own, accountAppId) : {};
	const item = {
		...shownOf(kind, message),
		...json,
		...about,
		appId: secrets.appId,
		accountAppId,
		kind,
		dedupeKey,
	} as IDataObject;
	return { noWebhookResponse: !waits || isEvent, workflowData: [[{ json: item, binary }]] };
}

/** When this fails, n8n records a run that says why, and the next delivery is taken for the first. */
async function keep(
	platform: PlatformClient,
	kind: string,
	message: Push['message'],
	key: string,
): Promise<void> {
	let isKept = false;
	try {
		await takeIn(platform, kind, message);
		isKept = true;
	} finally {
		if (!isKept) known.forget(key);
	}
}

function answerTo(step: ReleaseTestStep, push: Push, secrets: Secrets): Answer {
	if (!('text' in step)) return NOTHING;
	return seal({ MsgType: 'text', Content: step.text }, push, secrets, Date.now());
}

/** The second half of a step, by API. What goes wrong is for the log: no workflow has to do with it. */
async function continueTest(
	context: IWebhookFunctions,
	step: ReleaseTestStep,
	openid: string,
): Promise<void> {
	if (!('code' in step)) return;
	try {
		const account = await (await platformOf(context)).exchange(step.code);
		const client = await platformOf(context, account);
		await client.send({
			path: '/cgi-bin/message/custom/send',
			body: { touser: openid, msgtype: 'text', text: { content: `${step.code}_from_api` } },
		});
	} catch (error) {
		context.logger.error(
			`"${context.getNode().name}" failed a step of the release test (全网发布检测): ${(error as Error).message}`,
		);
	}
}
