import type { IWebhookFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { Services } from '../api/services';
import { takeResponse } from '../conversation/takeResponse';
import { readText } from '../push/message';
import { MAX_TEXT_BYTES } from '../push/messageTypes';
import { sendCustomerMessage } from '../replyRules/customerMessage';
import type { OpenQuestions } from './openQuestions';
import { LAST_MOMENT_MS, type PushDelivery } from './pushDelivery';
import { logFailure, type ReceivedPush } from './receivedPush';
import type { Request } from './requestBody';

/**
 * Takes a message as the answer to the question that a run has asked its person. It starts no other workflow then, and
 * matches no rule. Returns false when there is no such question: the push is one like any other.
 */
export async function answerQuestion(
	context: IWebhookFunctions,
	{ api, questions }: { api: Services; questions: OpenQuestions },
	received: ReceivedPush,
	delivery: PushDelivery,
	openClient: () => Promise<AccountClient>,
): Promise<boolean> {
	const { eventType, push, accountAppId: account, dedupeKey } = received;
	if (!eventType.startsWith('message.')) return false;
	/** The trigger of another workflow may get the same message, also after a run has asked because of it. */
	const decide = (isAnswer: boolean) => questions.heard.set(dedupeKey, isAnswer);
	const repeat = (isAnswer: boolean) => {
		if (isAnswer) delivery.acknowledge();
		return isAnswer;
	};
	const decided = questions.heard.get(dedupeKey);
	if (decided !== undefined) return repeat(decided);
	const asked = { account, openid: readText(push.message, 'FromUserName') };
	if (!(await questions.isAsked(context, received, asked))) return decide(false);
	return await questions.runInTurn(asked, async () => {
		const decidedBefore = questions.heard.get(dedupeKey);
		if (decidedBefore !== undefined) return repeat(decidedBefore);
		const store = questions.openStore(received);
		const say = createSay(context, asked.openid, delivery, openClient);
		let cancel = () => {};
		/** What takes longer is said by a message: the same push never comes a second time, to another process. */
		const acknowledgeInTime = () => {
			cancel();
			const pause = delivery.since + LAST_MOMENT_MS - api.clock.now();
			cancel = api.clock.later(Math.max(0, pause), () => delivery.acknowledge());
		};
		const { socket } = context.getRequestObject() as Request;
		try {
			const isAnswer = await takeResponse({
				services: api,
				store,
				asked,
				message: push.message,
				maxBytes: MAX_TEXT_BYTES,
				socket,
				begin: acknowledgeInTime,
				say,
				log: (line) => logFailure(context, new Error(line)),
			});
			// A push that was acknowledged starts nothing.
			return decide(isAnswer || delivery.isSettled());
		} finally {
			cancel();
		}
	});
}

/** Says something on WeChat's connection; to users of mini programs, and later, by a customer service message. */
function createSay(
	context: IWebhookFunctions,
	openid: string,
	delivery: PushDelivery,
	openClient: () => Promise<AccountClient>,
): (text: string) => Promise<void> {
	return async (text) => {
		if (!text) return delivery.acknowledge();
		const reply = { MsgType: 'text', Content: text } as const;
		try {
			const client = await openClient();
			const isPassive = (await client.kind()) !== 'miniProgram' && !delivery.isSettled();
			if (isPassive) return delivery.replyWith(reply);
			delivery.acknowledge();
			await sendCustomerMessage(client, reply, openid);
		} catch (error) {
			delivery.acknowledge();
			logFailure(context, error);
		}
	};
}
