import { randomBytes } from 'node:crypto';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import { toLogLine } from '../base/logLine';
import { UserError } from '../base/userError';
import { isTool } from '../n8n/nodeError';
import { MAX_TEXT_BYTES } from '../push/messageTypes';
import { sendCustomerCall } from '../replyRules/customerMessage';
import type { Question, QuestionStep, QuestionTexts } from './question';
import { toMenu, writeQuestion } from './question';
import { checkPageSteps, createPageLink, QUESTION_PAGES } from './questionPage';
import { createQuestionStore, QUESTIONS } from './questionStore';
import { findReplySender } from './replySender';

/** What to ask whom. */
export interface QuestionDraft {
	openid: string;
	steps: QuestionStep[];
	texts: QuestionTexts;
	/** How long the run waits, in milliseconds. */
	lasts: number;
	/** `auto`: as the reply to the push that started the run, while WeChat waits for that and the person is the same. */
	sendAs: 'auto' | 'customerService';
	/** What to do when the person has an open question. The newest one is answered first. */
	ifAsked: 'ask' | 'fail';
	/** Asks on a page in place of the chat. */
	page?: QuestionPage;
}

/** A page behind a template message (模板消息), which also reaches people who have not written. */
interface QuestionPage {
	/** The production URL of a WeChat Trigger of the account. */
	trigger: string;
	templateId: string;
	/** The texts of the message, by the keywords of its template. */
	texts: Record<string, string>;
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
 * @throws {ApiError} when WeChat refuses the message; nothing stays stored then
 */
export async function sendQuestion(
	context: IExecuteFunctions,
	client: AccountClient,
	{ openid, steps, texts, lasts, sendAs, ifAsked, page }: QuestionDraft,
	random: (size: number) => Buffer = randomBytes,
): Promise<{ until: number; output: QuestionOutput }> {
	const { clock } = client.services;
	const store = createQuestionStore(client.section(page ? QUESTION_PAGES : QUESTIONS), clock);
	const asked = { account: client.appId, openid };
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
	if (page) checkPageSteps(steps);
	else checkLength(question);
	await store.open(question);
	const sending = page ? sendLink(client, question, page) : send(context, client, question, sendAs);
	// Why it was not sent matters more than that it stays stored until its time is over.
	await sending.catch(async () => await store.close(question).catch(() => {}));
	await sending;
	const output: QuestionOutput = {
		outcome: 'noAnswer',
		data: {},
		respondedAt: null,
		questionId: question.id,
		accountAppId: client.appId,
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

/** No step may fail later, when the person has answered those before it. */
function checkLength(question: Question): void {
	const none: Question['responses'] = [];
	question.steps.forEach((step, index) => {
		const asked = { ...question, responses: none.concat(Array(index).fill({ name: '', at: 0 })) };
		const bytes = Buffer.byteLength(writeQuestion(asked));
		if (bytes > MAX_TEXT_BYTES)
			throw new UserError(
				`The question "${step.name}" has ${bytes} bytes with its choices; WeChat takes ${MAX_TEXT_BYTES} (a Chinese character counts 3)`,
				'Shorten Message, or have fewer choices.',
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
		);
	context.logger.info(
		toLogLine(`"${context.getNode().name}": ${open}; the newest is answered first.`),
	);
}

async function send(
	context: IExecuteFunctions,
	client: AccountClient,
	question: Question,
	sendAs: QuestionDraft['sendAs'],
): Promise<void> {
	const { openid } = question;
	const Content = writeQuestion(question);
	const sender = sendAs === 'auto' ? findReplySender(context, client.services) : undefined;
	if (sender?.isOpenTo(openid, client.appId)) {
		const sentAs = await sender.answer({ MsgType: 'text', Content }, 'nothing');
		if (sentAs === 'passiveReply') return;
	}
	const menu = (await client.kind()) === 'officialAccount' ? toMenu(question) : undefined;
	const message = menu
		? { msgtype: 'msgmenu', msgmenu: menu }
		: { msgtype: 'text', text: { content: Content } };
	await sendCustomerCall(client, openid, message);
}

async function sendLink(
	client: AccountClient,
	question: Question,
	{ trigger, templateId, texts }: QuestionPage,
): Promise<void> {
	const data = Object.entries(texts).map(([name, value]) => [name, { value: String(value) }]);
	await client.send({
		path: '/cgi-bin/message/template/send',
		body: {
			touser: question.openid,
			template_id: templateId,
			url: createPageLink(client, question, trigger),
			data: Object.fromEntries(data) as object,
		},
		ifLost: TEMPLATE_LOST,
	});
}

const TEMPLATE_LOST =
	'Before you ask again, see among the events Template Message Delivered of WeChat Trigger, or in the chat, whether it came.';
