import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { SendingLimit } from '../api/messageWindow';
import { downloadMedia } from '../conversation/media';
import { isBot } from '../n8n/bot';
import { readText, type Message } from '../push/message';
import { sendTyping } from '../replyRules/customerMessage';
import type { Rule } from '../replyRules/rule';
import type { Sharing } from './crossProcess';
import { readJoinedContent, type PushContent } from './joinedContent';
import { readJoinSeconds, type Joining } from './joinMessages';
import type { PushDelivery } from './pushDelivery';
import { DONE, logFailure, toItem, type PushOptions, type ReceivedPush } from './receivedPush';

/** A push that the workflow is about. */
interface Wanted {
	received: ReceivedPush;
	delivery: PushDelivery;
	options: PushOptions;
	/** The rule that has answered it. */
	rule?: Rule;
	/** What may still be sent to its user. */
	sending: Promise<SendingLimit | undefined>;
	openClient: () => Promise<AccountClient>;
}

/**
 * Starts a run with a push, and with what the same person writes within the seconds of Join Messages. WeChat gets its
 * answer now, or from the run.
 */
export async function startRun(
	context: IWebhookFunctions,
	{ sharing, joining }: { sharing: Sharing; joining: Joining },
	{ received, delivery, options, rule, sending, openClient }: Wanted,
): Promise<IWebhookResponseData> {
	const { message } = received.push;
	// What a rule has answered is not said again.
	const seconds = rule ? 0 : readJoinSeconds(options.joinSeconds);
	const isJoining = seconds > 0 && received.eventType.startsWith('message.');
	const messages = isJoining ? await joining.join(context, received, delivery, seconds) : [message];
	if (!messages) return DONE;

	// A push is answered once, and one of a shop by "success" only.
	const takesReply = !rule && !received.push.isFromShop;
	const isWaiting = takesReply && waitsForReply(context);
	if (!isWaiting) delivery.acknowledge();
	else {
		const showTyping =
			options.typing === true ? createTyping(context, received, openClient) : undefined;
		const claims = sharing.onWait(context, received);
		if (!(await delivery.waitForRun(claims, showTyping))) return DONE;
	}

	const download = async (one: Message): Promise<PushContent> =>
		options.downloadMedia
			? await downloadMedia(context, one, openClient, options.voiceFormat)
			: { json: {} };
	const { json, binary } = isJoining
		? await readJoinedContent(messages, download)
		: await download(message);
	const more = {
		...json,
		...(await sending),
		...(rule && { rule: { when: rule.when, request: rule.request } }),
		...(isWaiting && { replyBefore: new Date(delivery.replyBefore).toISOString() }),
	};
	return { noWebhookResponse: !isWaiting, workflowData: toItem(received, more, binary) };
}

/**
 * Whether the run answers the push. With Respond on Automatic it does where a WeChat Reply stands behind the trigger that
 * is not disabled, and neither keeps rules nor answers for a bot.
 */
function waitsForReply(context: IWebhookFunctions): boolean {
	const respond = context.getNodeParameter('respond', 'automatic');
	if (respond !== 'automatic') return respond === 'responseNode';
	return context
		.getChildNodes(context.getNode().name, { includeNodeParameters: true })
		.some(
			({ type, disabled, parameters = {} }) =>
				type.endsWith('.wechatReply') &&
				!disabled &&
				parameters.resource !== 'rule' &&
				!isBot(parameters.authentication),
		);
}

/** Typing can be shown to those who have just written. What goes wrong is for the log. */
function createTyping(
	context: IWebhookFunctions,
	{ push, eventType }: ReceivedPush,
	openClient: Wanted['openClient'],
): (() => void) | undefined {
	if (!eventType.startsWith('message.')) return undefined;
	const show = async () =>
		await sendTyping(await openClient(), readText(push.message, 'FromUserName'));
	return () => void show().catch((error: unknown) => logFailure(context, error));
}
