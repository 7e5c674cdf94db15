import type { IWebhookFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { Services } from '../api/services';
import { toLogLine } from '../base/logLine';
import {
	checkResponse,
	pickQuestion,
	toResume,
	writeQuestion,
	type Question,
	type ResponseCheck,
} from '../conversation/question';
import type { QuestionStore } from '../conversation/questionStore';
import { readText } from '../push/message';
import { MAX_TEXT_BYTES } from '../push/messageTypes';
import { sendCustomerMessage } from '../replyRules/customerMessage';
import type { OpenQuestions } from './openQuestions';
import { LAST_MOMENT_MS, type PushDelivery } from './pushDelivery';
import { logFailure, type ReceivedPush } from './receivedPush';
import type { Request } from './requestBody';
import { resumeRun, type Resumed } from './resumeRun';

const TEXTS = {
	over: '这个问题已经结束，不需要再回复了。(This question is over: there is nothing to answer any more.)',
	unanswered: '刚才的回复没有送达，请再发一次。(Your answer did not arrive. Please send it again.)',
};

/** One message, and how its person is answered. */
interface Answering {
	context: IWebhookFunctions;
	api: Services;
	received: ReceivedPush;
	delivery: PushDelivery;
	store: QuestionStore;
	say(text: string): Promise<void>;
	/** What takes longer is said by a message: the same push never comes a second time, to another process. */
	acknowledgeInTime(): void;
}

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
		const acknowledgeInTime = () => {
			cancel();
			const pause = delivery.since + LAST_MOMENT_MS - api.clock.now();
			cancel = api.clock.later(Math.max(0, pause), () => delivery.acknowledge());
		};
		const answering = { context, api, received, delivery, store, say, acknowledgeInTime };
		try {
			return decide(await answer(answering));
		} catch (error) {
			decide(true);
			logFailure(context, error);
			await say(TEXTS.unanswered);
			return true;
		} finally {
			cancel();
		}
	});
}

async function answer(answering: Answering): Promise<boolean> {
	const { received, store, say, delivery, acknowledgeInTime } = answering;
	const { message } = received.push;
	const asked = {
		account: received.accountAppId,
		openid: readText(message, 'FromUserName'),
	};
	// Another process may close a question meanwhile; then the message is about the one before it.
	for (;;) {
		const open = await store.list(asked);
		const question = pickQuestion(open, message);
		// A push that was acknowledged starts nothing.
		if (!question) return delivery.isSettled();
		// Not before: one that has waited for its turn may start a workflow now.
		acknowledgeInTime();
		const check = checkResponse(question, message);
		if (check.kind === 'next' && !(await store.update(check.question))) continue;
		if (check.kind === 'again' || check.kind === 'next') {
			await say(check.text);
			return true;
		}
		const { kind, text } = await end(answering, check);
		if (kind === 'over' && !(await store.close(question))) continue;
		const others = (await store.list(asked)).filter(({ id }) => id !== question.id);
		// One that was asked since has been shown by the run that asked it.
		const next = others.find(({ id }) => open.some((one) => one.id === id));
		const isEnded = kind !== 'unanswered';
		await say(isEnded && next ? joinTexts(text, next) : text);
		// The run goes on already: the person reads this before what it says next.
		if (isEnded) await store.close(question);
		return true;
	}
}

/** Resumes the run. Returns what came of it, and what the person hears. */
async function end(
	{ context, api }: Answering,
	{ kind, question, text }: ResponseCheck,
): Promise<{ kind: Resumed['kind']; text: string }> {
	const { socket } = context.getRequestObject() as Request;
	const outcome = kind === 'cancelled' ? 'cancelled' : 'answered';
	const resume = toResume(question, outcome, api.clock.now());
	const resumed = await resumeRun(api, question, resume, socket);
	switch (resumed.kind) {
		case 'accepted':
			return { kind: resumed.kind, text };
		case 'over':
			log(context, 'a person answered a run that has ended or was deleted', question, '');
			return { kind: resumed.kind, text: TEXTS.over };
		case 'unanswered':
			log(
				context,
				'the run that asked could not be resumed',
				question,
				`(${resumed.reason}). ${RESUME_HINT}`,
			);
			return { kind: resumed.kind, text: TEXTS.unanswered };
	}
}

const RESUME_HINT =
	'See that WEBHOOK_URL of n8n leads to it, with the path that it has there. The question stays open.';

/** Names the execution, and neither the person nor the address. */
function log(
	context: IWebhookFunctions,
	what: string,
	{ resumeUrl }: Question,
	more: string,
): void {
	const [, execution = ''] = /\/(\d+)(?:\/[^/]*)?$/.exec(new URL(resumeUrl).pathname) ?? [];
	const line = `"${context.getNode().name}": ${what}: execution ${execution} ${more}`.trim();
	context.logger.warn(toLogLine(line));
}

/** Shows an older question again, if WeChat takes both in one message. */
function joinTexts(text: string, next: Question): string {
	const question = writeQuestion(next);
	const both = [text, question].filter(Boolean).join('\n\n');
	return Buffer.byteLength(both) > MAX_TEXT_BYTES ? question : both;
}

/** Says something on WeChat's connection; to users of mini programs, and later, by a customer service message. */
function createSay(
	context: IWebhookFunctions,
	openid: string,
	delivery: PushDelivery,
	openClient: () => Promise<AccountClient>,
): Answering['say'] {
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
