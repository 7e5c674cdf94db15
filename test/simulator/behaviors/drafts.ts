import { randomKey, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import { checkTexts, keepContent } from './articles';
import { seconds, type Behavior } from './behavior';
import { pageOf } from './materials';

export interface Draft {
	articles: JsonObject[];
	updatedAt: number;
}

const draftsOf = new WeakMap<Account, Map<string, Draft>>();

export function drafts(account: Account): Map<string, Draft> {
	const known = draftsOf.get(account) ?? new Map<string, Draft>();
	draftsOf.set(account, known);
	return known;
}

export function draftAt(account: Account, id: unknown): Draft {
	const draft = drafts(account).get(String(id));
	if (!draft) throw new ApiError(40007);
	return draft;
}

function acceptArticle(account: Account, article: JsonObject): JsonObject {
	checkTexts(article);
	for (const id of imagesOf(article)) account.library.get(String(id));
	return { article_type: 'news', ...article, content: keepContent(article) };
}

/** They must be permanent material. */
function imagesOf({ article_type = 'news', thumb_media_id, image_info }: JsonObject): unknown[] {
	if (article_type === 'news') return [thumb_media_id];
	const { image_list = [] } = (image_info ?? {}) as { image_list?: JsonObject[] };
	if (image_list.length === 0) throw new ApiError(45166);
	return image_list.map(({ image_media_id }) => image_media_id);
}

/** An entry of a list, without its articles when they are not wanted. */
export const entryOf = (
	{ articles, updatedAt }: Draft,
	{ no_content }: JsonObject,
	id: JsonObject,
): JsonObject => ({
	...id,
	...(no_content !== 1 && { content: { news_item: articles } }),
	update_time: seconds(updatedAt),
});

export const draftBehaviors: Record<string, Behavior> = {
	'draft.add': (account, { body, state }) => {
		const given = body.articles as JsonObject[];
		if (given.length === 0) throw new ApiError(44003);
		const articles = given.map((article) => acceptArticle(account, article));
		const media_id = randomKey(64);
		drafts(account).set(media_id, { articles, updatedAt: state.options.now() });
		return { media_id };
	},

	'draft.get': (account, { body }) => ({ news_item: draftAt(account, body.media_id).articles }),

	'draft.update': (account, { body, state }) => {
		const draft = draftAt(account, body.media_id);
		const index = Number(body.index);
		if (!draft.articles[index]) throw new ApiError(40114);
		draft.articles[index] = acceptArticle(account, body.articles as JsonObject);
		draft.updatedAt = state.options.now();
		return {};
	},

	'draft.delete': (account, { body }) => {
		draftAt(account, body.media_id);
		drafts(account).delete(String(body.media_id));
		return {};
	},

	'draft.count': (account) => ({ total_count: drafts(account).size }),

	'draft.batchget': (account, { body }) => {
		const newest = [...drafts(account)].reverse();
		return pageOf(
			newest.map(([media_id, draft]) => entryOf(draft, body, { media_id })),
			body,
		);
	},

	'draft.productCard': (_, { body }) => ({
		product_key: `key-of-${String(body.product_id)}`,
		DOM: `<mp-common-product data-id="${String(body.product_id)}"></mp-common-product>`,
	}),
};
