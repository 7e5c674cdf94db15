import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import { openAccountClient, openPlatformClient } from '../n8n/clients';
import { encryptReply, SUCCESS, type Reply } from '../push/reply';
import { sendCustomerMessage } from '../replyRules/customerMessage';
import type { Rule } from '../replyRules/rule';
import { accountNamed } from './authorization';
import { downloadMedia } from './media';
import { claim, isOneOfMany, PATIENCE_MS } from './elsewhere';
import { DONE, isStarter, itemOf, optionsOf, type Received } from './received';
import { passTest } from './releaseTest';
import { catchReply } from './respond';
import { rulesFor } from './rules';
import { showTyping } from './typing';

type ClientOf = () => Promise<AccountClient>;

/** A message or an event for an account: answer it by rule, or filter, answer, emit. */
export async function receiveMessage(
	context: IWebhookFunctions,
	arrived: Received,
): Promise<IWebhookResponseData> {
	const { push, platform, key, known, services } = arrived;
	const accountAppId =
		arrived.accountAppId || (await accountNamed(context, push.message.ToUserName, services));
	const received = { ...arrived, accountAppId };
	const options = optionsOf(context);
	if (platform && options.releaseTest !== false && (await passTest(context, received))) return DONE;

	const client: ClientOf = async () =>
		await (platform
			? openPlatformClient(context, accountAppId, services)
			: openAccountClient(context, services));
	const useOfRules = context.getNodeParameter('rules', 'no');
	const rule = useOfRules === 'no' ? undefined : await answerByRule(context, received, client);
	if ((rule && useOfRules === 'instead') || !isStarter(context, received)) {
		known.answer(key, SUCCESS);
		return DONE;
	}
	// A push is answered once.
	const waits = !rule && context.getNodeParameter('respond', 'onReceived') === 'responseNode';
	if (!waits) known.answer(key, SUCCESS);
	else if (await waitForRun(context, received, client)) return DONE;

	const { json, binary } = options.downloadMedia
		? await downloadMedia.call(context, push.message, client)
		: { json: {}, binary: undefined };
	const more = {
		...json,
		...(rule && { rule: { when: rule.when, request: rule.request } }),
		...(waits && { replyBefore: new Date(received.at + PATIENCE_MS).toISOString() }),
	};
	return { noWebhookResponse: !waits, workflowData: itemOf(received, more, binary) };
}

const sealed = ({ push, secrets }: Received, reply?: Reply) =>
	reply ? encryptReply(reply, push, secrets, Date.now()) : SUCCESS;

/** Leaves the answer to the run that starts. Returns whether one works on it already, in another process. */
async function waitForRun(
	context: IWebhookFunctions,
	received: Received,
	client: ClientOf,
): Promise<boolean> {
	if (!isOneOfMany() && !(await claim(context, received))) return true;
	const { kind, response, key, known } = received;
	// Typing can be shown to those who have just written.
	if (optionsOf(context).typing === true && kind.startsWith('message.'))
		showTyping(context, received, client);
	catchReply(response, (reply) => known.answer(key, sealed(received, reply)));
	return false;
}

/**
 * Answers with the rule that fits; users of a mini program get it as a customer service message. What goes wrong is
 * for the log: the user is better off with the workflow than with nothing.
 */
async function answerByRule(
	context: IWebhookFunctions,
	received: Received,
	client: ClientOf,
): Promise<Rule | undefined> {
	const { push, credentialId, accountAppId, key, known } = received;
	try {
		const { matcher, kind } = await rulesFor(credentialId, accountAppId, client);
		const rule = matcher(push.message);
		if (!rule) return undefined;
		const { reply, thumbMediaId } = rule;
		const isMiniProgram = kind === 'miniProgram';
		known.answer(key, sealed(received, isMiniProgram ? undefined : reply));
		if (isMiniProgram)
			await sendCustomerMessage(
				await client(),
				reply,
				String(push.message.FromUserName),
				thumbMediaId,
			);
		return rule;
	} catch (error) {
		context.logger.error(
			`"${context.getNode().name}" could not answer by a rule: ${(error as Error).message}`,
		);
		return undefined;
	}
}
