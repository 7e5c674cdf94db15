import { hash } from 'node:crypto';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { Services } from '../api/services';
import { openAccountClient, openPlatformClient } from '../n8n/clients';
import { toEventType } from '../push/eventTypes';
import { toDedupeKey } from '../push/message';
import type { Push } from '../push/openPush';
import type { AgentSessions } from './agentSessions';
import { answerByRule } from './answerByRule';
import { answerQuestion } from './answerQuestion';
import { answerReleaseTest } from './answerReleaseTest';
import type { Sharing } from './crossProcess';
import type { Joining } from './joinMessages';
import { rememberWindow } from './openedWindow';
import type { OpenQuestions } from './openQuestions';
import { findAccountByUserName, handlePlatformEvent } from './platformEvents';
import type { PushInbox } from './pushDelivery';
import { DONE, isWanted, readEventTypes, readPushOptions, type ReceivedPush } from './receivedPush';
import type { RuleCache } from './ruleCache';
import { startRun } from './startRun';
import type { Response } from '../n8n/webhookResponse';
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
	const openClient = async (): Promise<AccountClient> =>
		await (credential.isPlatform
			? openPlatformClient(context, received.accountAppId, api)
			: openAccountClient(context, api));
	const { isFromShop } = push;
	const agentTalks = isFromShop ? undefined : options.agentTalks;
	if (agentTalks && (await agents.pass(context, received, agentTalks, openClient, delivery)))
		return DONE;

	if (
		!isFromShop &&
		(await answerQuestion(context, { api, questions }, received, delivery, openClient))
	)
		return DONE;
	// Nothing that reaches the user may answer a shop's push.
	const useOfRules = isFromShop ? 'no' : context.getNodeParameter('rules', 'no');
	const rule =
		useOfRules === 'no'
			? undefined
			: await answerByRule(context, rules, received, delivery, openClient);
	if (rule && useOfRules === 'instead') return DONE;

	if (!isWanted(received, readEventTypes(context), options)) {
		delivery.acknowledge();
		return DONE;
	}
	return await startRun(
		context,
		{ sharing, joining },
		{ received, delivery, options, rule, sending, openClient },
	);
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
