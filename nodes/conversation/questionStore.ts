import type { AccountClient } from '../api/accountClient';
import { toTimeAfter } from '../base/clock';
import type { Question } from './question';

/** The open questions of an account, newest first. */
interface QuestionStore {
	/** Those that a person has not answered, and whose time is not over. */
	list(openid: string): Promise<Question[]>;
	add(question: Question): Promise<void>;
	remove(question: Question): Promise<void>;
}

const SECTION = 'questions';

export function openQuestionStore({
	appId,
	section: openSection,
	services: { clock },
}: Pick<AccountClient, 'appId' | 'section' | 'services'>): QuestionStore {
	const section = openSection(SECTION);
	const toName = (openid: string) => `${appId} ${openid}`;
	const list = async (openid: string) => {
		const entry = await section.get(toName(openid));
		const questions = (entry?.value ?? []) as Question[];
		return questions.filter(({ until }) => until > clock.now());
	};
	async function put(openid: string, questions: Question[]): Promise<void> {
		const name = toName(openid);
		const before = await section.get(name);
		const at = toTimeAfter(before?.at, clock.now());
		const until = Math.max(...questions.map((question) => question.until));
		await section.put({ [name]: questions.length > 0 ? { at, value: questions, until } : { at } });
	}
	const listOthers = async ({ openid, id }: Question) =>
		(await list(openid)).filter((question) => question.id !== id);
	return {
		list,
		add: async (question) =>
			await put(question.openid, [question, ...(await listOthers(question))]),
		remove: async (question) => await put(question.openid, await listOthers(question)),
	};
}
