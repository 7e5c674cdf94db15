import { type Message, readText } from '../push/message';
import { MAX_TEXT_BYTES } from '../push/messageTypes';

/** What a run has sent to a person and waits for. It is stored where all processes and restarts find it. */
export interface Question {
	/** 128 random bits. It proves that an answer belongs to this question and not to one before. */
	id: string;
	/** AppID of the account that asks. */
	account: string;
	openid: string;
	/** In milliseconds, as is `until`. */
	askedAt: number;
	/** When the run goes on without an answer. */
	until: number;
	/** Signed by n8n, so it is as secret as a password. */
	resumeUrl: string;
	/** At least one; several are asked one after the other. */
	steps: QuestionStep[];
	/** To the first steps, in their order: the next step is the one that is open. */
	responses: QuestionResponse[];
	texts?: QuestionTexts;
}

/** What a step takes. `file` is a picture, voice or video; a document to bots only: accounts cannot download them. */
type Expected = 'choice' | 'file' | 'location' | 'number' | 'picture' | 'text';

export interface QuestionStep {
	/** The key of the response in the output. */
	name: string;
	/** What the person reads. */
	text: string;
	expects: Expected;
	/** Of a `choice`, in the order of their numbers. */
	choices?: Choice[];
}

interface Choice {
	/** What the output has for it. */
	id: string | boolean;
	label: string;
}

/** What the person hears afterwards. An empty text says nothing; a missing one is written here. */
export interface QuestionTexts {
	/** After a response that does not fit; the question follows it. */
	wrong?: string;
	cancelled?: string;
	/** After the last response. */
	thanks?: string;
}

/** What a person has said to a step. */
export interface QuestionResponse {
	/** That of the step. */
	name: string;
	/** When WeChat got it, in milliseconds. */
	at: number;
	/** The text or the number; of a choice, its ID. */
	value?: string | number | boolean;
	/** The parts of the message that say which file, e.g. MsgType and MediaId. */
	media?: Message;
	location?: { latitude: number; longitude: number; label: string };
}

export type ResponseCheck =
	/** The last step has its response. */
	| { kind: 'done'; question: Question; text: string }
	/** `text` asks the next step. */
	| { kind: 'next'; question: Question; text: string }
	/** The message is no response; `text` says so and asks once more. */
	| { kind: 'again'; question: Question; text: string }
	| { kind: 'cancelled'; question: Question; text: string };

/** What resumes the run, as the JSON body of a POST to `resumeUrl`. */
export interface QuestionResume {
	question: string;
	outcome: 'answered' | 'cancelled';
	responses: QuestionResponse[];
	/** In milliseconds. */
	respondedAt: number;
	/** What the run tells the person before it goes on; missing where the trigger says it. */
	text?: string;
}

/** What a run answers to {@link QuestionResume}. n8n itself says 200 for runs that have ended, too. */
export interface QuestionReceipt {
	question: string;
	/** False when the run does not wait for this question any more. */
	isAccepted: boolean;
}

/** Checks a message of the person of a question. The question that comes back holds the response. */
export function checkResponse(question: Question, message: Message): ResponseCheck {
	const { texts = {}, steps, responses } = question;
	const step = findOpenStep(question);
	const response = step && readResponse(question, step, message);
	if (!response) {
		if (isCancel(message))
			return { kind: 'cancelled', question, text: texts.cancelled ?? TEXTS.cancelled };
		return { kind: 'again', question, text: writeAgain(question) };
	}
	const answered = { ...question, responses: [...responses, response] };
	return answered.responses.length === steps.length
		? { kind: 'done', question: answered, text: texts.thanks ?? TEXTS.thanks }
		: { kind: 'next', question: answered, text: writeQuestion(answered) };
}

/** Writes the step that is open as the text of a message, with its choices as numbered lines. */
export function writeQuestion(question: Question): string {
	const { text = '', choices = [] } = findOpenStep(question) ?? {};
	const mark = (index: number) => (isNumbered(choices) ? `${index + 1}. ` : '· ');
	return [text, ...choices.map(({ label }, index) => mark(index) + label)].join('\n');
}

/** A `msgmenu` of a customer service message. */
interface QuestionMenu {
	head_content: string;
	list: Array<{ id: string; content: string }>;
	tail_content: string;
}

/** The step that is open as a menu to tap on; undefined where there is nothing to choose. Mini programs have none. */
export function toMenu(question: Question): QuestionMenu | undefined {
	const { text = '', choices } = findOpenStep(question) ?? {};
	if (!choices) return undefined;
	const list = choices.map(({ label }, index) => ({
		id: toMenuId(question, index),
		content: label,
	}));
	return { head_content: text, list, tail_content: '' };
}

/**
 * Picks the question that a message answers: that of the menu that was tapped, else the newest one. `questions` are the
 * open ones of one person, newest first.
 */
export function pickQuestion(questions: Question[], message: Message): Question | undefined {
	const tapped = readText(message, 'bizmsgmenuid');
	return questions.find(({ id }) => tapped.startsWith(toMenuPrefix(id))) ?? questions[0];
}

export function toResume(
	{ id, responses }: Question,
	outcome: QuestionResume['outcome'],
	respondedAt: number,
	text?: string,
): QuestionResume {
	return { question: id, outcome, responses, respondedAt, ...(text && { text }) };
}

const findOpenStep = ({ steps, responses }: Question): QuestionStep | undefined =>
	steps[responses.length];

/** Some follow a text of their own with the question; one that fits into no message goes without it. */
function writeAgain(question: Question): string {
	const step = findOpenStep(question);
	const wrong = question.texts?.wrong ?? (step ? HINTS[step.expects] : '');
	const text = [wrong, writeQuestion(question)].filter(Boolean).join('\n');
	return Buffer.byteLength(text) > MAX_TEXT_BYTES ? wrong : text;
}

const TEXTS = {
	cancelled: '已取消。(Cancelled.)',
	thanks: '已收到，谢谢。(Received, thank you.)',
};

const OR_CANCEL = '，或回复“取消”';

/** What to do after a response that does not fit, where the question has no text for it. */
const HINTS: Record<Expected, string> = {
	choice: `请选择下面的一项${OR_CANCEL}。(Please choose one of these, or send "cancel".)`,
	file: `请发送图片、语音或视频${OR_CANCEL}。(Please send a picture, voice or video, or "cancel".)`,
	location: `请发送位置${OR_CANCEL}。(Please send a location, or "cancel".)`,
	number: `请回复数字${OR_CANCEL}。(Please send a number, or "cancel".)`,
	picture: `请发送图片${OR_CANCEL}。(Please send a picture, or "cancel".)`,
	text: `请回复文字${OR_CANCEL}。(Please send a text, or "cancel".)`,
};

const CANCEL: ReadonlySet<string> = new Set(['取消', 'cancel']);

const isCancel = (message: Message) =>
	message.MsgType === 'text' &&
	!MENU_ID.test(readText(message, 'bizmsgmenuid')) &&
	CANCEL.has(normalizeText(readText(message, 'Content')));

const FILES: ReadonlySet<unknown> = new Set(['image', 'voice', 'video', 'shortvideo', 'file']);

/**
 * What a file is found by. Where WeChat keeps a voice at 16 kHz, too, it names that as `MediaId16K`. The last three are
 * of messages to a bot, see botQuestions.ts.
 */
const FILE_PARTS = [
	'MsgType',
	'MediaId',
	'MediaId16K',
	'Format',
	'PicUrl',
	'ThumbMediaId',
	'Title',
	'MediaUrl',
	'AesKey',
];

function readResponse(
	question: Question,
	step: QuestionStep,
	message: Message,
): QuestionResponse | undefined {
	const { MsgType: type } = message;
	const isText = type === 'text';
	if (isTapElsewhere(question, message)) return undefined;
	const base = { name: step.name, at: Number(readText(message, 'CreateTime')) * 1000 };
	switch (step.expects) {
		case 'choice': {
			const choice = isText ? findChoice(question, step.choices ?? [], message) : undefined;
			return choice && { ...base, value: choice.id };
		}
		case 'number': {
			const number = isText ? readNumber(readText(message, 'Content')) : undefined;
			return number === undefined ? undefined : { ...base, value: number };
		}
		case 'text': {
			const content = readText(message, 'Content').trim();
			return isText && content && !isCancel(message) ? { ...base, value: content } : undefined;
		}
		case 'file':
			return FILES.has(type) ? readFileParts(base, message) : undefined;
		case 'picture':
			return type === 'image' ? readFileParts(base, message) : undefined;
		case 'location':
			return type === 'location' ? readLocation(base, message) : undefined;
	}
}

function readFileParts(base: QuestionResponse, message: Message): QuestionResponse | undefined {
	if (!readText(message, 'MediaId')) return undefined;
	const parts = FILE_PARTS.flatMap((name) => {
		const value = readText(message, name);
		return value ? [[name, value]] : [];
	});
	return { ...base, media: Object.fromEntries(parts) as Message };
}

function readLocation(base: QuestionResponse, message: Message): QuestionResponse {
	const location = {
		latitude: Number(readText(message, 'Location_X')),
		longitude: Number(readText(message, 'Location_Y')),
		label: readText(message, 'Label'),
	};
	return { ...base, location };
}

/** A tap on a menu counts for its own step only: the person may tap on one further up in the chat. */
function isTapElsewhere(question: Question, message: Message): boolean {
	const tapped = readText(message, 'bizmsgmenuid');
	return MENU_ID.test(tapped) && !tapped.startsWith(toMenuId(question, ''));
}

function findChoice(question: Question, choices: Choice[], message: Message): Choice | undefined {
	const tapped = readText(message, 'bizmsgmenuid');
	if (MENU_ID.test(tapped)) return choices.find((_, index) => toMenuId(question, index) === tapped);
	const said = normalizeText(readText(message, 'Content'));
	const labels = choices.map(({ label }) => normalizeText(label));
	const named = labels.indexOf(said);
	if (named >= 0 || !isNumbered(choices)) return choices[named];
	return choices.find((_, index) => isNumberOf(said, index + 1, labels[index]));
}

/** The number of a line, or the whole line: people copy it. */
const isNumberOf = (said: string, number: number, label: string) =>
	said === `${number}` ||
	said === `(${number})` ||
	said.replace(/^(\d+)\s*[.、,:)]?\s*/, '$1 ') === `${number} ${label}`;

/** Where a label is a number itself, "2" could mean two things: then the lines have no numbers. */
const isNumbered = (choices: Choice[]) =>
	choices.every(({ label }) => readNumber(label) === undefined);

/** WeChat sends it back as `bizmsgmenuid`. What it may hold is nowhere said; its page shows digits. */
const toMenuPrefix = (id: string) => `q${id.slice(0, 12)}-`;
const toMenuId = ({ id, responses }: Question, index: number | '') =>
	`${toMenuPrefix(id)}${responses.length}-${index}`;
const MENU_ID = /^q[\w-]{12}-\d+-\d+$/;

/** Chinese keyboards write full-width digits, blanks and marks. Who is told to send “取消” may send the marks, too. */
export const normalizeText = (text: string): string =>
	text
		.normalize('NFKC')
		.replace(/^[\s"'“”‘’「」『』【】]+|[\s"'“”‘’「」『』【】.。,，、!！?？;；:：~～…]+$/gu, '')
		.toLowerCase();

function readNumber(text: string): number | undefined {
	const said = normalizeText(text).replace(/(\d),(?=\d{3}(\D|$))/g, '$1');
	if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(said)) return undefined;
	const number = Number(said);
	// JavaScript would change the last digits: an ID is for a step that takes text.
	return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}
