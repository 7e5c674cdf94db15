import { randomBytes } from 'node:crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Services } from '../api/services';
import type { StateSection } from '../api/state';
import { toLogLine } from '../base/logLine';
import { UserError } from '../base/userError';
import { isTool } from '../n8n/nodeError';
import type { Question, QuestionStep, QuestionTexts } from './question';
import { writeQuestion } from './question';
import { createQuestionStore } from './questionStore';

/** What to ask whom. */
export interface QuestionDraft {
	openid: string;
	steps: QuestionStep[];
	texts: QuestionTexts;
	/** How long the run waits, in milliseconds. */
	lasts: number;
	/** What to do when the person has an open question. The newest one is answered first. */
	ifAsked: 'ask' | 'fail';
}

/** Where people are asked. */
export interface QuestionChannel {
	services: Pick<Services, 'clock'>;
	/** AppID of the account, or the ID of the bot. */
	account: string;
	/** Where the questions are kept. */
	section: StateSection;
	/** @throws {UserError} when a step cannot be asked here: none may fail later, when the person has answered some */
	check(question: Question): void;
	/** Sends the first step. */
	send(question: Question): Promise<void>;
}

/** An output of the run about a question: of an answer, or of none. */
export interface QuestionOutput extends IDataObject {
	outcome: 'answered' | 'cancelled' | 'noAnswer';
	/** What was said; empty unless it is answered. */
	data: IDataObject;
	/** As ISO 8601. */
	respondedAt: string | null;
	/** Proves that an answer is to this question. */
	questionId: string;
	accountAppId: string;
	openid: string;
	/** How many other questions the person had not answered yet. */
	openQuestions: number;
	/** For the agent whose tool was to be approved. */
	chatInput?: string;
}

/**
 * Sends a question, and returns the output of the run for no answer. The question is stored first: an answer may come
 * at once. A crash before it is sent leaves one that nobody waits with, which the trigger finds out at the next message.
 *
 * @throws {UserError} when the person has an open question and `ifAsked` says so
 * @throws {ApiError | BotError} when WeChat refuses the message; nothing stays stored then
 */
export async function sendQuestion(
	context: IExecuteFunctions,
	channel: QuestionChannel,
	{ openid, steps, texts, lasts, ifAsked }: QuestionDraft,
	random: (size: number) => Buffer = randomBytes,
): Promise<{ until: number; output: QuestionOutput }> {
	const { account, section } = channel;
	const { clock } = channel.services;
	const store = createQuestionStore(section, clock);
	const asked = { account, openid };
	const resumeUrl = context.getSignedResumeUrl();
	const isOther = (question: Question) => toRun(question.resumeUrl) !== toRun(resumeUrl);
	const openQuestions = (await store.list(asked)).filter(isOther).length;
	if (openQuestions > 0) tellOpenQuestions(context, openQuestions, ifAsked);
	const askedAt = clock.now();
	const until = askedAt + lasts;
	if (isCheckable(resumeUrl)) context.setSignatureValidationRequired?.();
	const question: Question = {
		id: random(16).toString('hex'),
		...asked,
		askedAt,
		until,
		resumeUrl,
		steps,
		responses: [],
		texts,
	};
	channel.check(question);
	await store.open(question);
	const sending = channel.send(question);
	// Why it was not sent matters more than that it stays stored until its time is over.
	await sending.catch(async () => await store.close(question).catch(() => {}));
	await sending;
	const output: QuestionOutput = {
		outcome: 'noAnswer',
		data: {},
		respondedAt: null,
		questionId: question.id,
		accountAppId: account,
		openid,
		openQuestions,
		...(isTool(context.getNode().type) && { chatInput: NO_ANSWER }),
	};
	return { until, output };
}

/** Names the run of a resume URL. A run that asks has got over what it asked before, if that is closed yet or not. */
const toRun = (resumeUrl: string) => new URL('.', resumeUrl).href;

/** What an agent hears of its human review (2.8.4 and 2.41.1, processHitlResponses.js); else that it was rejected. */
const NO_ANSWER =
	'Nobody has answered in time. Do not call the tool again now: say that the approval is missing.';

/**
 * Whether n8n can check the signature of a resume URL. n8n 2.8.4 does so only when it is asked to, by the path that
 * arrives: a proxy that cuts a prefix off breaks it. 2.41 always does. The ID of the question counts in any case.
 */
const isCheckable = (resumeUrl: string) => new URL(resumeUrl).pathname.split('/').length === 4;

/** @throws {UserError} when a step is longer than a message, which takes `maxBytes` in UTF-8 */
export function checkLength(question: Question, maxBytes: number): void {
	const none: Question['responses'] = [];
	question.steps.forEach((step, index) => {
		const asked = { ...question, responses: none.concat(Array(index).fill({ name: '', at: 0 })) };
		const bytes = Buffer.byteLength(writeQuestion(asked));
		if (bytes > maxBytes)
			throw new UserError(
				`The question "${step.name}" has ${bytes} bytes with its choices; WeChat takes ${maxBytes} (a Chinese character counts 3)`,
				'Shorten Message, or have fewer choices.',
				`问题“${step.name}”连同选项有 ${bytes} 字节，微信最多接受 ${maxBytes} 字节（一个汉字占 3 字节）：请缩短“消息”，或减少选项。`,
			);
	});
}

function tellOpenQuestions(
	context: IExecuteFunctions,
	count: number,
	ifAsked: QuestionDraft['ifAsked'],
): void {
	const open = `The person has not answered ${count === 1 ? 'a question' : `${count} questions`} of before`;
	if (ifAsked === 'fail')
		throw new UserError(
			open,
			'Nothing was sent. Set If Already Asked to Ask Anyway to have the newest question answered first.',
			`此人还有 ${count} 个问题没有回答，本次没有发送：如需先回答最新的问题，请把“已有提问时”设为“照样提问”。`,
		);
	context.logger.info(
		toLogLine(`"${context.getNode().name}": ${open}; the newest is answered first.`),
	);
}
