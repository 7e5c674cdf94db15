import type { Answer } from '../api/apiClient';
import { readObject } from '../api/response';
import { toPlainText } from '../base/html';

/** What numbers of WeChat mean. */
export type StatusTexts = Record<number, string | undefined>;

/** A status in words; a number that has none is told as it is, and an answer may be without one. */
export const toStatusText = (texts: StatusTexts, status: unknown): string | undefined =>
	status === undefined ? undefined : (texts[Number(status)] ?? `Status ${String(status)}`);

/** Maps `status` of get_auditstatus and get_latest_auditstatus to words. */
const STATUSES: StatusTexts = {
	0: 'Passed (审核通过)',
	1: 'Rejected (审核不通过)',
	2: 'Under review (审核中)',
	3: 'Withdrawn (已撤回)',
	4: 'Delayed (审核延后)',
};

/** Describes a review in words. The two calls spell `screenshot` differently. */
export function describeReview({ ScreenShot, ...answer }: Answer): Answer {
	const { status, reason, screenshot = ScreenShot } = answer;
	return {
		...answer,
		statusText: toStatusText(STATUSES, status),
		...(typeof reason === 'string' && { reasonText: toPlainText(reason) }),
		...(screenshot !== undefined && { screenshot }),
	};
}

/** Maps `status` of getgrayreleaseplan to words. */
const PLANS: StatusTexts = {
	0: 'Initial (初始状态)',
	1: 'Running (执行中)',
	2: 'Paused (暂停中)',
	3: 'Finished (执行完毕)',
	4: 'Deleted (被删除)',
};

export function describeReleasePlan({ gray_release_plan }: Answer): Answer {
	const plan = readObject(gray_release_plan);
	return { ...plan, statusText: toStatusText(PLANS, plan.status) };
}
