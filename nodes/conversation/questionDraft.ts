import { UserError } from '../base/userError';
import { normalizeText, type QuestionStep } from './question';
import type { QuestionDraft } from './sendQuestion';
import type { Params } from '../engine/define';
import type { ifAsked, questionFields, questionTexts } from './questionFields';

type Options = Params<readonly [typeof ifAsked, ...typeof questionTexts]>;
type QuestionParams = Params<typeof questionFields> & { questionOptions: Partial<Options> };

const UNIT_MS = { days: 86_400_000, hours: 3_600_000, minutes: 60_000 };

/** Makes of the values of the node what to ask. @throws {UserError} when choices or names are the same or missing */
export function createQuestionDraft(openid: string, params: QuestionParams): QuestionDraft {
	const { resumeAmount, resumeUnit, questionOptions } = params;
	const { ifAsked: whenAsked = 'ask', cancelled, thanks, wrong } = questionOptions;
	return {
		openid,
		steps: createSteps(params),
		texts: { cancelled, thanks, wrong },
		lasts: readLimit(Number(resumeAmount) * UNIT_MS[resumeUnit]),
		ifAsked: whenAsked,
	};
}

/** @throws {UserError} when it is more than a year, which is a slip: nobody answers so late */
function readLimit(ms: number): number {
	if (ms <= 366 * UNIT_MS.days) return ms;
	throw new UserError(
		'"Time Limit" is longer than a year',
		'Check Time Limit and Time Unit.',
		'“时限”超过一年：请检查“时限”和“时间单位”。',
	);
}

function createSteps({
	message: text,
	responseType,
	approvalOptions,
	choices = '',
	formFields = [],
}: QuestionParams): QuestionStep[] {
	switch (responseType) {
		case 'approval': {
			const { approveLabel = '同意', disapproveLabel = '拒绝' } = approvalOptions ?? {};
			const both = [
				{ id: true, label: approveLabel },
				{ id: false, label: disapproveLabel },
			];
			checkDistinct(CHOICES, [approveLabel, disapproveLabel]);
			return [{ name: 'approved', text, expects: 'choice', choices: both }];
		}
		case 'choice':
			return [{ name: 'choice', text, expects: 'choice', choices: readChoices(choices) }];
		case 'freeText':
			return [{ name: 'text', text, expects: 'text' }];
		case 'file':
		case 'location':
		case 'picture':
			return [{ name: responseType, text, expects: responseType }];
		case 'form': {
			const steps = formFields.map((row, index): QuestionStep => ({
				name: row.fieldName || row.fieldLabel,
				text: row.fieldLabel,
				expects: row.fieldType,
				...(row.fieldType === 'choice' && {
					choices: readChoices(row.choices ?? '', {
						english: ` of question ${index + 1}`,
						chinese: `问题 ${index + 1} 的`,
					}),
				}),
			}));
			checkDistinct(
				{ english: 'names of questions', chinese: '问题的名称' },
				steps.map(({ name }) => name),
			);
			const [first, ...others] = steps;
			return [{ ...first, text: `${text}\n${first.text}` }, ...others];
		}
	}
}

interface Words {
	english: string;
	chinese: string;
}

const CHOICES: Words = { english: 'choices', chinese: '选项' };

function readChoices(text: string, where?: Words): QuestionStep['choices'] {
	const labels = text
		.split('\n')
		.map((label) => label.trim())
		.filter(Boolean);
	if (labels.length < 2)
		throw new UserError(
			`"Choices (选项)"${where?.english ?? ''} has ${labels.length === 1 ? 'one line' : 'no lines'}`,
			'Enter at least two choices, one on each line.',
			`${where?.chinese ?? ''}“选项”${labels.length === 1 ? '只有一行' : '为空'}：请至少填写两个选项，每行一个。`,
		);
	checkDistinct(CHOICES, labels);
	return labels.map((label) => ({ id: label, label }));
}

/** The person could mean either of two. */
function checkDistinct({ english, chinese }: Words, names: string[]): void {
	const seen = new Set(names.map(normalizeText));
	if (seen.size < names.length || seen.has(''))
		throw new UserError(
			`Two ${english} are the same, or one is empty`,
			'Give each its own words.',
			`有两个${chinese}相同，或有一个为空：请分别填写不同的文字。`,
		);
}
