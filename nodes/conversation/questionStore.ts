import type { SectionEntries, SectionEntry, StateSection } from '../api/state';
import { toTimeAfter, type Clock } from '../base/clock';
import type { Question } from './question';

/** Whose questions are meant. */
export type Asked = Pick<Question, 'account' | 'openid'>;

/** The questions that are open, as all processes see them. */
export interface QuestionStore {
	/** Those to one person, newest first. */
	list(asked: Asked): Promise<Question[]>;
	/** Adds a question. Returns how many others are open to the same person. */
	open(question: Question): Promise<number>;
	/** Keeps what was said so far. Returns false when the question is not open, or has gone on since it was read. */
	update(question: Question): Promise<boolean>;
	/** Returns false when the question is not open any more. */
	close(question: Question): Promise<boolean>;
}

/** The section of the state: a group for each person, with an entry for each question. */
export const QUESTIONS = 'questions';

/** Names the group of a person in the section. */
export const toAskedName = ({ account, openid }: Asked): string => `${account} ${openid}`;

/** Lists the questions of a group that are open, newest first. */
export const listOpenQuestions = (group: SectionEntry | undefined, now: number): Question[] =>
	Object.values((group?.value ?? {}) as SectionEntries)
		.flatMap(({ value }) => (value ? [value as Question] : []))
		.filter(({ until }) => until > now)
		.sort((one, other) => other.askedAt - one.askedAt);

/** @param section {@link QUESTIONS} of the credential with which the account is called. */
export function createQuestionStore(section: StateSection, clock: Clock): QuestionStore {
	async function read(asked: Asked) {
		const group = await section.get(toAskedName(asked));
		return { group, questions: listOpenQuestions(group, clock.now()) };
	}

	async function put(
		question: Question,
		group: SectionEntry | undefined,
		value: Question | undefined,
	): Promise<void> {
		const entries = (group?.value ?? {}) as SectionEntries;
		const at = toTimeAfter(entries[question.id]?.at, clock.now());
		const entry: SectionEntry = value ? { at, value, until: value.until } : { at };
		const until = Math.max(question.until, group?.until ?? 0);
		await section.put({
			[toAskedName(question)]: { at, value: { [question.id]: entry }, until, isGroup: true },
		});
	}

	return {
		list: async (asked) => (await read(asked)).questions,
		async open(question) {
			const { group, questions } = await read(question);
			await put(question, group, question);
			return questions.filter(({ id }) => id !== question.id).length;
		},
		async update(question) {
			const { group, questions } = await read(question);
			const stored = questions.find(({ id }) => id === question.id);
			if (!stored || stored.responses.length >= question.responses.length) return false;
			await put(question, group, question);
			return true;
		},
		async close(question) {
			const { group, questions } = await read(question);
			if (!questions.some(({ id }) => id === question.id)) return false;
			await put(question, group, undefined);
			return true;
		},
	};
}
