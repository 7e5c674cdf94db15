import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import { parseJson, type JsonObject } from '../http/json';
import { seconds, type Behavior } from './behavior';
import { attachment, MEDIA_PATH } from './media';

const MAX_COUNT = 20;
/** 缩略图 are in no list; 图文 have become drafts. */
const LISTED = ['image', 'video', 'voice', 'news'];

/** What came along with a video. */
const descriptions = new Map<string, JsonObject>();

const countOf = (account: Account, type: string) => account.library.all(type).length;

/** The entries of one page of a list by offset and count. */
export function pageOf(entries: JsonObject[], { offset, count }: JsonObject): JsonObject {
	if (Number(count) < 1 || Number(count) > MAX_COUNT || Number(offset) < 0)
		throw new ApiError(40007);
	const item = entries.slice(Number(offset), Number(offset) + Number(count));
	return { total_count: entries.length, item_count: item.length, item };
}

export const materialBehaviors: Record<string, Behavior> = {
	'material.add': (account, { query, files, texts }) => {
		const { fileName, bytes } = files.media;
		const about = query.type === 'video' ? parseJson(texts.description ?? '{}') : {};
		const { title, introduction } = about as JsonObject;
		if (query.type === 'video' && !(title && introduction)) throw new ApiError(47001);
		const { id } = account.library.upload(query.type, fileName, bytes);
		descriptions.set(id, { title, description: introduction });
		if (query.type !== 'image') return { media_id: id };
		return { media_id: id, url: `http://mmbiz.qpic.cn/mmbiz_jpg/${id}/0?wx_fmt=jpeg` };
	},

	'material.get': (account, { body, state }) => {
		const media = account.library.get(String(body.media_id));
		if (media.type !== 'video') return attachment(media);
		const down_url = `${state.url}${MEDIA_PATH}${media.id}`;
		return { ...descriptions.get(media.id), down_url };
	},

	'material.del': (account, { body }) => {
		account.library.delete(String(body.media_id));
		return {};
	},

	'material.count': (account) => ({
		voice_count: countOf(account, 'voice'),
		video_count: countOf(account, 'video'),
		image_count: countOf(account, 'image'),
		news_count: 0,
	}),

	'material.batchget': (account, { body }) => {
		if (!LISTED.includes(String(body.type))) throw new ApiError(40004);
		const entries = account.library.all(String(body.type)).map((media) => ({
			media_id: media.id,
			name: media.fileName,
			update_time: seconds(media.createdAt),
			url: `http://mmbiz.qpic.cn/mmbiz_jpg/${media.id}/0`,
		}));
		return pageOf(entries, body);
	},
};
