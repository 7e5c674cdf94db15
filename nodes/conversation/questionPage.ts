import { escapeMarkup } from '../base/html';
import { UserError } from '../base/userError';
import type { Client } from '../api/apiClient';
import { createWebAuthorizationUrl } from '../api/oauth';
import { checkResponse, type Question, type QuestionStep } from './question';

/*
 * The second way to ask: a page behind a link, for people to whom no customer service message can be sent. WeChat says
 * who opens it (网页授权), so a link that was passed on is no use to others.
 */

/** The section of questions on pages. In the chat they take no message. */
export const QUESTION_PAGES = 'questionPages';

/** The end of the address of a trigger where users come back. */
export const SIGNED_IN = 'signed-in';

/** Creates the link to the page of a question. `trigger` is the production URL of a WeChat Trigger. */
export function createPageLink(
	{ appId, componentAppId, seal }: Client,
	{ id, until }: Question,
	trigger: string,
): string {
	return createWebAuthorizationUrl({
		appId,
		componentAppId,
		redirectUri: trigger.replace(/\/*(signed-in)?\/*$/, `/${SIGNED_IN}`),
		scope: 'snsapi_base',
		state: seal.signState(PREFIX + id, until),
	});
}

const PREFIX = 'question';

/** Reads which question the state of a link is about; undefined when it is about something else. */
export const readPageState = (text: string): string | undefined =>
	/^question([0-9a-f]{32})$/.exec(text)?.[1];

/** @throws {UserError} when a page cannot take what a step expects */
export function checkPageSteps(steps: QuestionStep[]): void {
	const files = steps.find(({ expects }) => !['choice', 'number', 'text'].includes(expects));
	if (files)
		throw new UserError(
			`A page cannot take what "${files.name}" asks for`,
			'Ask for approval, choices, texts and numbers on a page, and for pictures and locations in the chat.',
			`网页无法接收“${files.name}”要求的内容：网页上请只询问审批、选项、文字和数字，图片和位置请在聊天中询问。`,
		);
}

/** The names of what the form of a page sends, beside the numbers of its steps. */
export const PAGE_FORM = { token: 'token', account: 'account' } as const;

/** Who may answer which question: sealed into the page, so that it comes back as it was. */
export interface PageToken {
	question: string;
	openid: string;
}

/** Writes the form of a question: its steps one below the other. `problem` is the number of one to be answered again. */
export function writeQuestionForm(
	{ steps, account }: Question,
	token: string,
	problem?: number,
): string {
	const hidden = { [PAGE_FORM.token]: token, [PAGE_FORM.account]: account };
	return [
		`<form method="post" action="${SIGNED_IN}">`,
		...Object.entries(hidden).map(
			([name, value]) => `<input type="hidden" name="${name}" value="${escapeMarkup(value)}">`,
		),
		...steps.map((step, index) => writeStep(step, index, index === problem)),
		'<button>提交 Send</button>',
		'</form>',
	].join('\n');
}

function writeStep({ text, expects, choices = [] }: QuestionStep, index: number, isWrong: boolean) {
	const note = isWrong ? '<strong>请重新填写 Please answer again</strong>' : '';
	const legend = escapeMarkup(text).replaceAll('\n', '<br>');
	const radios = choices.map(
		({ label }) =>
			`<label><input type="radio" name="${index}" value="${escapeMarkup(label)}" required> ${escapeMarkup(label)}</label>`,
	);
	const input =
		expects === 'number'
			? `<input name="${index}" inputmode="decimal" required>`
			: `<textarea name="${index}" rows="3" required></textarea>`;
	const fields = expects === 'choice' ? radios.join('') : input;
	return `<fieldset><legend>${legend}</legend>${note}${fields}</fieldset>`;
}

/** What a form has brought: the answered question, or the number of the step that does not fit. */
type FormCheck =
	| { kind: 'done' | 'cancelled'; question: Question; text: string }
	| { kind: 'again'; step: number };

/** Checks a form as if its texts had come one after the other. @param now in milliseconds */
export function checkForm(question: Question, form: URLSearchParams, now: number): FormCheck {
	const CreateTime = String(Math.floor(now / 1000));
	let answered: Question = { ...question, responses: [] };
	for (const [step] of question.steps.entries()) {
		const Content = form.get(String(step)) ?? '';
		const check = checkResponse(answered, { MsgType: 'text', Content, CreateTime });
		if (check.kind === 'again') return { kind: 'again', step };
		if (check.kind !== 'next') return { ...check, kind: check.kind };
		answered = check.question;
	}
	return { kind: 'again', step: 0 };
}
