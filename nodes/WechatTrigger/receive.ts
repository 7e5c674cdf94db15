import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { AccountClient } from '../api/account';
import type { PlatformClient } from '../api/platform';
import { accountOf, platformOf } from '../host/account';
import { kindOf } from '../push/kinds';
import { dedupeKeyOf } from '../push/message';
import type { Push, Secrets } from '../push/open';
import { releaseTestStep, type ReleaseTestStep } from '../push/releaseTest';
import { seal, SUCCESS, type Answer, type Reply } from '../push/reply';
import { sendLate } from '../replies/late';
import type { Rule } from '../replies/rule';
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
import { rulesFor } from './rules';
import { expectReply, isElsewhere, PATIENCE_MS } from './waiting';

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
	/** Of the credential that says so. */
	credentialId: string;
	response: Response;
}

const NOTHING: Answer = { body: '', type: 'text/plain' };

/** Recognise again, keep what is told, answer by rule, filter, answer, emit. */
export async function receive(
	context: IWebhookFunctions,
	push: Push,
	arrival: Arrival,
): Promise<IWebhookResponseData> {
	const arrived = Date.now();
	const { message } = push;
	const { secrets, platform, response } = arrival;
	const options = context.getNodeParameter('pushOptions', {}) as IDataObject;
	const kinds = context.getNodeParameter('kinds', []) as string[];
	const kind = kindOf(message);
	const openid = String(message.FromUserName ?? '');
	const dedupeKey = dedupeKeyOf(message);
	const isEvent = platform && kind.startsWith('authorization.');

	const node = [context.getWorkflow().id, context.getNode().id, context.getMode()];
	const key = [...node, String(message.ToUserName ?? ''), dedupeKey].join(' ');
	const isFirst = known.isFirst(key);
	known.wait(key, response, SUCCESS);
	if (!isFirst) return DONE;

	const accountAppId = isEvent
		? accountIn(message)
		: arrival.accountAppId || (await accountNamed(context, message.ToUserName));
	const own = isEvent ? await platformOf(context) : undefined;
	if (own) await keep(own, kind, message, key);
	const step = platform && options.releaseTest !== false ? releaseTestStep(message) : undefined;
	if (step) {
		known.answer(key, answerTo(step, push, secrets));
		await continueTest(context, step, openid);
		return DONE;
	}

	const client = async () =>
		await (platform ? platformOf(context, accountAppId) : accountOf(context));
	const useOfRules = isEvent ? 'no' : context.getNodeParameter('rules', 'no');
	const sealed = (reply?: Reply) => (reply ? seal(reply, push, secrets, Date.now()) : SUCCESS);
	const rule =
		useOfRules === 'no'
			? undefined
			: await answerByRule(context, push, { ...arrival, accountAppId }, client, (reply) =>
					known.answer(key, sealed(reply)),
				);
	const isStarter =
		!(rule && useOfRules === 'instead') &&
		isWanted(message, { kind, accountAppId }, { kinds, ...options });
	// Only messages can be answered with words, and only once.
	const waits =
		isStarter &&
		!isEvent &&
		!rule &&
		context.getNodeParameter('respond', 'onReceived') === 'responseNode';
	if (waits) {
		const waiting = { key, openid, since: arrived, known, client, context };
		if (await isElsewhere(waiting)) return DONE;
		// Typing can be shown to those who have just written.
		const typing = options.typing === true && kind.startsWith('message.');
		const take = expectReply(waiting, typing);
		catchReply(response, (reply) => take(sealed(reply)));
	} else known.answer(key, SUCCESS);
	if (!isStarter) return DONE;

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
		...(rule && { rule: { when: rule.when, request: rule.request } }),
		...(waits && { replyBefore: new Date(arrived + PATIENCE_MS).toISOString() }),
	} as IDataObject;
	return { noWebhookResponse: !waits, workflowData: [[{ json: item, binary }]] };
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

/**
 * Gives the answer of the rule that fits to `answer`, or none for a mini program, whose users get it as a customer
 * service message. What goes wrong is for the log: the user is better off with the workflow than with nothing.
 */
async function answerByRule(
	context: IWebhookFunctions,
	{ message }: Push,
	{ credentialId, accountAppId }: Pick<Arrival, 'credentialId' | 'accountAppId'>,
	client: () => Promise<AccountClient>,
	answer: (reply?: Reply) => void,
): Promise<Rule | undefined> {
	try {
		const { matcher, kind } = await rulesFor(credentialId, accountAppId, client);
		const rule = matcher(message);
		if (!rule) return undefined;
		const { reply, thumbMediaId } = rule;
		answer(kind === 'miniProgram' ? undefined : reply);
		if (kind === 'miniProgram')
			await sendLate(await client(), reply, String(message.FromUserName), thumbMediaId);
		return rule;
	} catch (error) {
		context.logger.error(
			`"${context.getNode().name}" could not answer by a rule: ${(error as Error).message}`,
		);
		return undefined;
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
		await sendLate(client, { MsgType: 'text', Content: `${step.code}_from_api` }, openid);
	} catch (error) {
		context.logger.error(
			`"${context.getNode().name}" failed a step of the release test (全网发布检测): ${(error as Error).message}`,
		);
	}
}
