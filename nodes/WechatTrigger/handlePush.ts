import { toLogLine } from '../base/logLine';
import { hash } from 'node:crypto';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { Services } from '../api/services';
import { openAccountClient, openPlatformClient } from '../n8n/clients';
import { toEventType } from '../push/eventTypes';
import { readText, toDedupeKey, type Message } from '../push/message';
import type { Push } from '../push/openPush';
import { sendCustomerMessage, sendTyping } from '../replyRules/customerMessage';
import type { Rule } from '../replyRules/rule';
import { answerQuestion } from './answerQuestion';
import { answerReleaseTest } from './answerReleaseTest';
import type { Sharing } from './crossProcess';
import { downloadMedia } from '../conversation/media';
import { readJoinedContent, type PushContent } from './joinedContent';
import { readJoinSeconds, type Joining } from './joinMessages';
import { findAccountByUserName, handlePlatformEvent } from './platformEvents';
import type { OpenQuestions } from './openQuestions';
import type { PushDelivery, PushInbox } from './pushDelivery';
import {
	DONE,
	isWanted,
	logFailure,
	readEventTypes,
	readPushOptions,
	toItem,
	type ReceivedPush,
} from './receivedPush';
import { rememberWindow } from './openedWindow';
import type { AgentSessions } from './agentSessions';
import type { Response } from './triggerResponse';
import type { RuleCache } from './ruleCache';
import type { Verified } from './verifiedRequest';

/** What a process remembers of the pushes that came to it, and what all its nodes share. */
export interface PushServices {
	api: Services;
	inbox: PushInbox;
	sharing: Sharing;
	rules: RuleCache;
	agents: AgentSessions;
	questions: OpenQuestions;
	joining: Joining;
}

type OpenClient = () => Promise<AccountClient>;

/**
 * Handles one delivery of a push. `appId` is the account that the address names. It is empty for events about a
 * third-party platform itself.
 */
export async function handlePush(
	context: IWebhookFunctions,
	{ api, inbox, sharing, rules, agents, questions, joining }: PushServices,
	{ opened: push, credential }: Verified<Push>,
	appId: string,
	response: Response,
): Promise<IWebhookResponseData> {
	const arrived: ReceivedPush = {
		push,
		eventType: toEventType(push.message),
		dedupeKey: toDedupeKey(push.message),
		accountAppId: appId,
		credential,
	};
	const opened = { push, secrets: credential.secrets };
	const delivery = inbox.accept(toPushKey(context, arrived), opened, response);
	// The answer to the first connection is that to all.
	if (!delivery) return DONE;
	if (!(await delivery.claim(sharing.onArrival(context, arrived)))) return DONE;

	if (isPlatformEvent(arrived)) return await handlePlatformEvent(context, api, arrived, delivery);

	const received = appId ? arrived : await findAccount(context, api, arrived);
	const options = readPushOptions(context);
	const isTestable = credential.isPlatform && options.releaseTest !== false;
	if (isTestable && (await answerReleaseTest(context, api, received, delivery))) return DONE;

	const sending = rememberWindow(api, received);
	const openClient: OpenClient = async () =>
		await (credential.isPlatform
			? openPlatformClient(context, received.accountAppId, api)
			: openAccountClient(context, api));
	const { agentTalks } = options;
	if (agentTalks && (await agents.pass(context, received, agentTalks, openClient, delivery)))
		return DONE;

	if (await answerQuestion(context, { api, questions }, received, delivery, openClient))
		return DONE;
	const useOfRules = context.getNodeParameter('rules', 'no');
	const rule =
		useOfRules === 'no'
			? undefined
			: await answerByRule(context, rules, received, delivery, openClient);
	if (rule && useOfRules === 'instead') return DONE;

	if (!isWanted(received, readEventTypes(context), options)) {
		delivery.acknowledge();
		return DONE;
	}

	// What a rule has answered is not said again.
	const seconds = rule ? 0 : readJoinSeconds(options.joinSeconds);
	const isJoining = seconds > 0 && received.eventType.startsWith('message.');
	const messages = isJoining
		? await joining.join(context, received, delivery, seconds)
		: [push.message];
	if (!messages) return DONE;

	// A push is answered once.
	const isWaiting = !rule && context.getNodeParameter('respond', 'onReceived') === 'responseNode';
	if (!isWaiting) delivery.acknowledge();
	else {
		const showTyping =
			options.typing === true ? createTyping(context, received, openClient) : undefined;
		const claims = sharing.onWait(context, received);
		if (!(await delivery.waitForRun(claims, showTyping))) return DONE;
	}

	const download = async (message: Message): Promise<PushContent> =>
		options.downloadMedia
			? await downloadMedia(context, message, openClient, options.voiceFormat)
			: { json: {} };
	const { json, binary } = isJoining
		? await readJoinedContent(messages, download)
		: await download(push.message);
	const more = {
		...json,
		...(await sending),
		...(rule && { rule: { when: rule.when, request: rule.request } }),
		...(isWaiting && { replyBefore: new Date(delivery.replyBefore).toISOString() }),
	};
	return { noWebhookResponse: !isWaiting, workflowData: toItem(received, more, binary) };
}

/** In bytes: nobody finds another push with the same name. */
const KEY_LENGTH = 12;

/** Names a push to a node in all processes. There may be many, so names are short. */
function toPushKey(context: IWebhookFunctions, { dedupeKey }: ReceivedPush): string {
	const node = [context.getWorkflow().id, context.getNode().id, context.getMode()];
	const digest = hash('sha256', [...node, dedupeKey].join(' '), 'buffer');
	return digest.subarray(0, KEY_LENGTH).toString('base64url');
}

/** Whether the push is an event about a third-party platform itself. */
const isPlatformEvent = ({ credential, eventType }: ReceivedPush) =>
	credential.isPlatform && eventType.startsWith('authorization.');

/**
 * Finds the account of a push whose address has no AppID. Some events of accounts, such as positions (LOCATION), have
 * been seen at the address for authorization events.
 */
async function findAccount(
	context: IWebhookFunctions,
	api: Services,
	arrived: ReceivedPush,
): Promise<ReceivedPush> {
	const { ToUserName } = arrived.push.message;
	return { ...arrived, accountAppId: await findAccountByUserName(context, api, ToUserName) };
}

/**
 * Answers with the rule that fits; users of a mini program get it as a customer service message. What goes wrong is
 * for the log: the user is better off with the workflow than with nothing.
 */
async function answerByRule(
	context: IWebhookFunctions,
	rules: RuleCache,
	{ push, credential, accountAppId }: ReceivedPush,
	delivery: PushDelivery,
	openClient: OpenClient,
): Promise<Rule | undefined> {
	try {
		const { matcher, kind } = await rules.read(credential.id, accountAppId, openClient);
		const rule = matcher(push.message);
		if (!rule) return undefined;
		const { reply, thumbMediaId } = rule;
		if (kind !== 'miniProgram') {
			delivery.replyWith(reply);
			return rule;
		}
		delivery.acknowledge();
		const openid = readText(push.message, 'FromUserName');
		await sendCustomerMessage(await openClient(), reply, openid, thumbMediaId);
		return rule;
	} catch (error) {
		context.logger.error(
			toLogLine(
				`"${context.getNode().name}" could not answer by a rule: ${(error as Error).message}`,
			),
		);
		return undefined;
	}
}

/** Typing can be shown to those who have just written. What goes wrong is for the log. */
function createTyping(
	context: IWebhookFunctions,
	{ push, eventType }: ReceivedPush,
	openClient: OpenClient,
): (() => void) | undefined {
	if (!eventType.startsWith('message.')) return undefined;
	const show = async () =>
		await sendTyping(await openClient(), readText(push.message, 'FromUserName'));
	return () => void show().catch((error: unknown) => logFailure(context, error));
}
