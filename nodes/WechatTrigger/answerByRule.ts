import type { IWebhookFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import { toLogLine } from '../base/logLine';
import { readText } from '../push/message';
import { sendCustomerMessage } from '../replyRules/customerMessage';
import type { Rule } from '../replyRules/rule';
import type { PushDelivery } from './pushDelivery';
import type { ReceivedPush } from './receivedPush';
import type { RuleCache } from './ruleCache';

/**
 * Answers with the rule that fits; users of a mini program get it as a customer service message. What goes wrong is
 * for the log: the user is better off with the workflow than with nothing.
 */
export async function answerByRule(
	context: IWebhookFunctions,
	rules: RuleCache,
	{ push, credential, accountAppId }: ReceivedPush,
	delivery: PushDelivery,
	openClient: () => Promise<AccountClient>,
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
