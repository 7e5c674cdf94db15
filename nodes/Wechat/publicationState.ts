import type { Answer } from '../api/apiClient';
import { readList, readObject } from '../api/response';
import { UserError } from '../base/userError';

/** Tells how far a publication is. */
export const PUBLICATION_STATE = '/cgi-bin/freepublish/get';

const PUBLISHED = 0;
const RUNNING = 1;

interface State {
	meaning: string;
	/** What to do about it. */
	hint?: string;
	/** What happened and what to do about it, in Chinese. */
	chinese?: string;
}

/**
 * By `publish_status`.
 * @see https://developers.weixin.qq.com/doc/service/api/public/api_freepublish_get.html
 */
const STATES: Array<State | undefined> = [
	{ meaning: 'Published' },
	{ meaning: 'Being published' },
	{
		meaning: 'Failed the check for original content',
		hint: 'WeChat takes it for somebody else’s original article (原创). Change the article, or ask its author to be allowed to reprint it (转载), then publish again.',
		chinese:
			'未通过原创审核，微信认为这是他人的原创文章：请修改文章，或取得作者的转载授权，再重新发布。',
	},
	{
		meaning: 'Failed',
		hint: 'WeChat gives no reason. See whether the draft is still at mp.weixin.qq.com > Drafts (草稿箱), and publish it there or again here.',
		chinese:
			'发布失败，微信未说明原因：请在公众平台的“草稿箱”中查看草稿是否还在，并在那里或此处重新发布。',
	},
	{
		meaning: 'Rejected by the review',
		hint: 'Read the reason at mp.weixin.qq.com > Notification Center (通知中心), change the article, then publish again.',
		chinese: '平台审核不通过：请在公众平台的“通知中心”查看原因，修改文章后重新发布。',
	},
	{
		meaning: 'Published, then all of it deleted',
		hint: 'Somebody has deleted it, at mp.weixin.qq.com or by API. Its addresses are dead.',
		chinese: '发布后已在公众平台或通过接口被删除，文章链接已失效。',
	},
	{
		meaning: 'Published, then all of it banned',
		hint: 'Read the reason at mp.weixin.qq.com > Notification Center (通知中心). Its addresses are dead.',
		chinese: '发布后被系统封禁，文章链接已失效：请在公众平台的“通知中心”查看原因。',
	},
];

/** Adds to a state what it means, and the addresses of the articles as a plain list. */
export function describePublication(state: Answer): Answer {
	const articles = readList<Answer>(readObject(state.article_detail).item).map(
		({ idx, article_url }) => ({ position: idx, url: article_url }),
	);
	return {
		...state,
		meaning: findState(state)?.meaning,
		...(articles.length > 0 && { articles }),
	};
}

/**
 * The result of a publication that is over; undefined while it runs, or when the answer does not say.
 *
 * @throws {UserError} when WeChat did not publish it, or it is gone since.
 */
export function readPublicationResult(state: Answer): Answer | undefined {
	const { publish_status: status, fail_idx } = state;
	if (status === undefined || Number(status) === RUNNING) return undefined;
	if (Number(status) === PUBLISHED) return describePublication(state);
	// Positions begin with 1, and only some states have them.
	const failed = readList(fail_idx).join(' and ');
	const { meaning, hint, chinese }: State = findState(state) ?? {
		meaning: 'WeChat does not explain this state',
	};
	throw new UserError(
		`Not published: ${meaning}${failed && ` (article ${failed})`} (publish_status ${String(status)}, publish_id ${String(state.publish_id)})`,
		hint ?? 'See among the published content (发表记录) at mp.weixin.qq.com what became of it.',
		chinese ?? '没有发布成功，微信未说明此状态：请在公众平台的“发表记录”中查看结果。',
	);
}

const findState = ({ publish_status }: Answer) => STATES[Number(publish_status)];
