import type { Socket } from 'node:net';
import type { Services } from '../api/services';
import type { Message } from '../push/message';
import { checkResponse, pickQuestion, toResume, writeQuestion } from './question';
import type { Question, ResponseCheck } from './question';
import type { Asked, QuestionStore } from './questionStore';
import { resumeRun, type Resumed } from './resumeRun';

const TEXTS = {
	over: '这个问题已经结束，不需要再回复了。(This question is over: there is nothing to answer any more.)',
	unanswered: '刚才的回复没有送达，请再发一次。(Your answer did not arrive. Please send it again.)',
};

/** A message of a person who may have been asked something, and how that person is answered. */
interface Response {
	services: Pick<Services, 'clock' | 'http'>;
	store: QuestionStore;
	asked: Asked;
	message: Message;
	/** What one message to the person takes, in UTF-8. */
	maxBytes: number;
	/** The connection on which the message came to n8n, if it did: the same address resumes the run. */
	socket?: Socket;
	/**
	 * Whether the run says the last text before it goes on. Where a push waits for its reply, that is quicker than what the run
	 * says next; a message is not.
	 */
	isToldByRun?: true;
	/** Is told before a question is looked at: the message starts nothing from here on. */
	begin?(): void;
	/** Never fails. */
	say(text: string): Promise<void>;
	log(line: string): void;
}

/**
 * Takes a message as the response to the question that a run has asked its person, and resumes the run after the last
 * one. Returns false when there is no such question. What goes wrong is for the log, and the person is told.
 */
export async function takeResponse(response: Response): Promise<boolean> {
	try {
		return await take(response);
	} catch (error) {
		response.log((error as Error).message);
		await response.say(TEXTS.unanswered);
		return true;
	}
}

async function take(response: Response): Promise<boolean> {
	const { asked, message, store, say, begin, maxBytes, isToldByRun } = response;
	// Another process may close a question meanwhile; then the message is about the one before it.
	for (;;) {
		const open = await store.list(asked);
		const question = pickQuestion(open, message);
		if (!question) return false;
		// Not before: one that has waited for its turn may start a workflow now.
		begin?.();
		const check = checkResponse(question, message);
		if (check.kind === 'next' && !(await store.update(check.question))) continue;
		if (check.kind === 'again' || check.kind === 'next') {
			await say(check.text);
			return true;
		}
		const older = open.find(({ id }) => id !== question.id);
		const last = older ? joinTexts(check.text, older, maxBytes) : check.text;
		const { kind, text } = await end(response, check, isToldByRun && last);
		if (kind === 'over' && !(await store.close(question))) continue;
		if (kind === 'accepted' && isToldByRun) {
			await store.close(question);
			return true;
		}
		const others = (await store.list(asked)).filter(({ id }) => id !== question.id);
		// One that was asked since has been shown by the run that asked it.
		const next = others.find(({ id }) => open.some((one) => one.id === id));
		const isEnded = kind !== 'unanswered';
		await say(isEnded && next ? joinTexts(text, next, maxBytes) : text);
		// The run goes on already: the person reads this before what it says next.
		if (isEnded) await store.close(question);
		return true;
	}
}

/** Resumes the run. Returns what came of it, and what the person hears. */
async function end(
	{ services, socket, log }: Response,
	{ kind, question, text }: ResponseCheck,
	told?: string,
): Promise<{ kind: Resumed['kind']; text: string }> {
	const outcome = kind === 'cancelled' ? 'cancelled' : 'answered';
	const resume = toResume(question, outcome, services.clock.now(), told);
	const resumed = await resumeRun(services, question, resume, socket);
	switch (resumed.kind) {
		case 'accepted':
			return { kind: resumed.kind, text };
		case 'over':
			log(`a person answered a run that has ended or was deleted: ${nameExecution(question)}`);
			return { kind: resumed.kind, text: TEXTS.over };
		case 'unanswered':
			log(
				`the run that asked could not be resumed: ${nameExecution(question)} (${resumed.reason}). ${RESUME_HINT}`,
			);
			return { kind: resumed.kind, text: TEXTS.unanswered };
	}
}

const RESUME_HINT =
	'See that WEBHOOK_URL of n8n leads to it, with the path that it has there. The question stays open.';

/** Neither the person nor the address. */
function nameExecution({ resumeUrl }: Question): string {
	const [, execution = ''] = /\/(\d+)(?:\/[^/]*)?$/.exec(new URL(resumeUrl).pathname) ?? [];
	return `execution ${execution}`.trim();
}

/** Shows an older question again, if both go into one message. */
function joinTexts(text: string, next: Question, maxBytes: number): string {
	const question = writeQuestion(next);
	const both = [text, question].filter(Boolean).join('\n\n');
	return Buffer.byteLength(both) > maxBytes ? question : both;
}
