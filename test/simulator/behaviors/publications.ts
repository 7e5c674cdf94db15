import { randomKey, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { JobCourse } from '../types';
import { seconds, type Behavior } from './behavior';
import { draftAt, drafts, entryOf, type Draft } from './drafts';
import { pageOf } from './materials';

interface Comment extends JsonObject {
	user_comment_id: bigint;
	comment_type: number;
	reply?: JsonObject;
}

export interface Publication extends Draft {
	publishId: bigint;
	msgDataId: bigint;
	articleId: string;
	comments: Comment[];
	course: JobCourse;
}

/** Real ids go beyond 2^53, where JavaScript's numbers lose digits. */
const FIRST_ID = 9_007_199_254_740_993n;

/** publish_status (page api_freepublish_get). */
const PUBLISHED = 0;
const RUNNING = 1;
/** What is never published keeps its draft; that is not confirmed. */
const isRefused = ({ publishStatus }: JobCourse) => [2, 3, 4].includes(publishStatus);

const publicationsOf = new WeakMap<Account, Publication[]>();

export function publications(account: Account): Publication[] {
	const known = publicationsOf.get(account) ?? [];
	publicationsOf.set(account, known);
	return known;
}

function articleAt(account: Account, id: unknown): Publication {
	const found = publications(account).find(({ articleId }) => articleId === id);
	if (!found) throw new ApiError(53600);
	return found;
}

const urlOf = ({ articleId }: Publication, index: number) =>
	`http://mp.weixin.qq.com/s/${articleId}-${index}`;

/** Followers comment at once, the second under another identity: such a comment has no OpenID (page api_listcomment). */
const commentsAt = (account: Account, now: number): Comment[] =>
	(account.subscribers.page('', 2) ?? []).map((openid, index) => ({
		user_comment_id: FIRST_ID + BigInt(index),
		...(index === 0 && { openid }),
		create_time: seconds(now),
		content: `留言 ${index + 1}`,
		comment_type: 0,
	}));

export const publicationBehaviors: Record<string, Behavior> = {
	'freepublish.submit': (account, { body, state }) => {
		const draft = draftAt(account, body.media_id);
		const course = account.jobCourse;
		if (!isRefused(course)) {
			drafts(account).delete(String(body.media_id));
			const { appId } = account.settings;
			state.options.events.emit({ type: 'publication', appId, articles: draft.articles });
		}
		const updatedAt = state.options.now();
		const id = FIRST_ID + BigInt(publications(account).length) * 2n;
		publications(account).push({
			articles: draft.articles,
			updatedAt,
			publishId: id,
			msgDataId: id,
			articleId: randomKey(64),
			comments: commentsAt(account, updatedAt),
			course,
		});
		return { publish_id: id, msg_data_id: id };
	},

	'freepublish.get': (account, { body, state }) => {
		const found = publications(account).find(
			({ publishId }) => String(publishId) === body.publish_id,
		);
		if (!found) throw new ApiError(40002);
		const { publishId, articleId, articles, updatedAt, course } = found;
		if (state.options.now() < updatedAt + course.takesMs)
			return { publish_id: publishId, publish_status: RUNNING, fail_idx: [] };
		if (course.publishStatus !== PUBLISHED)
			return {
				publish_id: publishId,
				publish_status: course.publishStatus,
				fail_idx: course.failIdx,
			};
		const item = articles.map((_, at) => ({ idx: at + 1, article_url: urlOf(found, at) }));
		return {
			publish_id: publishId,
			publish_status: PUBLISHED,
			article_id: articleId,
			article_detail: { count: item.length, item },
			fail_idx: [],
		};
	},

	'freepublish.getarticle': (account, { body }) => {
		const found = articleAt(account, body.article_id);
		const news_item = found.articles.map((article, index) => ({
			...article,
			thumb_url: 'http://mmbiz.qpic.cn/mmbiz_jpg/x/0',
			url: urlOf(found, index),
			is_deleted: false,
		}));
		return { news_item };
	},

	'freepublish.batchget': (account, { body }) => {
		const newest = [...publications(account)].reverse();
		return pageOf(
			newest.map((one) => entryOf(one, body, { article_id: one.articleId })),
			body,
		);
	},

	'freepublish.delete': (account, { body }) => {
		const found = articleAt(account, body.article_id);
		const index = Number(body.index ?? 0);
		if (index > found.articles.length) throw new ApiError(40114);
		if (index > 0) found.articles.splice(index - 1, 1);
		if (index === 0 || found.articles.length === 0)
			publications(account).splice(publications(account).indexOf(found), 1);
		return {};
	},
};
