import type { IDataObject } from 'n8n-workflow';
import { UserError } from '../base/userError';
import type { AccountQuestion } from '../conversation/accountQuestions';
import type { Params } from '../engine/define';
import type { accountQuestion } from './fields/accountQuestion';

type Options = Params<typeof accountQuestion>['questionOptions'];

/** Makes of the options of the node how to ask. @throws {UserError} when something of a page is missing */
export function readAccountQuestion({
	sendAs = 'auto',
	pageUrl,
	templateId,
	templateData,
}: Options): AccountQuestion {
	return {
		sendAs,
		...(pageUrl !== undefined && { page: createPage(pageUrl, templateId, templateData) }),
	};
}

function createPage(
	trigger: string,
	templateId = '',
	texts: IDataObject | IDataObject[] = {},
): AccountQuestion['page'] {
	if (!URL.canParse(trigger))
		throw new UserError(
			'A page needs an address in "Ask on a Page (网页提问)"',
			'Enter the production URL of a WeChat Trigger of the account, with https:// before it.',
			'网页提问需要地址：请在“网页提问”中填写该账号 WeChat Trigger 的生产环境地址（Production URL），以 https:// 开头。',
		);
	if (!templateId || Array.isArray(texts))
		throw new UserError(
			`A page needs "Ask on a Page: ${templateId ? 'Template Data (模板内容)' : 'Template ID (模板 ID)'}"`,
			'Add both options: the ID of a template of the account, and an object of its texts by their keywords.',
			`网页提问缺少“${templateId ? '模板内容' : '模板 ID'}”：请添加两个选项，即账号的模板 ID，以及以关键词为键的内容对象。`,
		);
	return { trigger, templateId, texts: texts as Record<string, string> };
}
