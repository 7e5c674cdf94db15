import type { UploadedPicture } from '../api/services';
import { checkLimits } from '../article/articleLimits';
import { computeCrop } from '../article/preparePicture';
import { UserError } from '../base/userError';
import { IF_LOST, checkRefusals, toComments, type DraftFields } from './articleDraft';
import { isMediaId, retryLostCovers, type PictureWay } from './pictureUpload';
import { LEAVE_OUT, uploadPictures, type WantedPicture } from './wantedPictures';

/** Parts of the first picture that WeChat shows, by their names on its page. */
const RATIOS = { '1_1': 1, '16_9': 16 / 9, '2.35_1': 2.35 };

/** What the fields of a post of pictures say. */
interface PictureDraftFields extends Pick<DraftFields, 'comments' | 'unavailable'> {
	title: string;
	/** Plain text. */
	caption: string;
	/** A text with one for each line or comma, or a list. */
	pictures: unknown;
	/** All, when it is missing. */
	crops?: Array<keyof typeof RATIOS>;
}

/** What a picture may begin with that is no name of a file: a comma before it does not belong to an address. */
const BEGINNING = String.raw`(?:https?:)?//|data:|binary:`;
const HAS_BEGINNING = new RegExp(`^(?:${BEGINNING})`, 'i');
const BETWEEN_ADDRESSES = new RegExp(String.raw`[,，]\s+|[,，](?=${BEGINNING})`, 'i');

/**
 * Reads a list of pictures. Addresses may hold commas, as those of servers that resize pictures and `data:` URLs do:
 * behind an address, only a comma before a blank or before another address ends it.
 */
export function readPictureList(given: unknown): string[] {
	if (Array.isArray(given)) return given.flatMap(readPictureList);
	const lines = String(given ?? '').split(/[\r\n]+/);
	const parts = lines.flatMap((line) => line.trim().split(BETWEEN_ADDRESSES));
	return parts
		.flatMap((part) => (HAS_BEGINNING.test(part.trim()) ? [part] : part.split(/[,，]/)))
		.map((part) => part.trim())
		.filter((part) => part !== '');
}

/**
 * Creates a draft that is a post of pictures. Nothing is created before all of them are at WeChat.
 *
 * @throws {UserError} when WeChat would refuse it, or a picture cannot be had.
 * @see https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add.html
 */
export async function createPictureDraft(
	{ title, caption, pictures: given, unavailable, comments, crops }: PictureDraftFields,
	way: PictureWay,
): Promise<object> {
	const list = readPictureList(given);
	if (list.length === 0)
		throw new UserError(
			'There are no pictures',
			'Fill in Pictures: one for each line, such as a web address or the name of a binary field behind "binary:".',
			'没有图片：请填写“图片”，每行一张，可以是网址，也可以是“binary:”加二进制字段名。',
		);
	const texts = { title, author: '', digest: '', sourceUrl: '' };
	checkRefusals(checkLimits({ ...texts, content: caption, pictures: list.length }));
	const wanted = [...new Set(list)]
		.filter((address) => !isMediaId(address))
		.map((address): WantedPicture => ({
			purpose: 'cover',
			address,
			place: `Picture ${list.indexOf(address) + 1}`,
			mayMiss: unavailable === 'leaveOut',
			remedy: LEAVE_OUT,
		}));
	const save = async () => {
		const { uploaded, notes } = await uploadPictures(wanted, way);
		const found = new Map(uploaded.map(({ wanted: { address }, picture }) => [address, picture]));
		const ids = list.flatMap(
			(address) => found.get(address)?.mediaId ?? (isMediaId(address) ? address : []),
		);
		if (ids.length === 0)
			throw new UserError(
				`Nothing was saved. ${notes[0].text.slice(0, -1)}`,
				undefined,
				'没有一张图片可用，因此未保存任何内容：请更换图片后重试。',
			);
		// Of a picture that came as a media ID the size is not known.
		const first = uploaded.map(({ picture }) => picture).find(({ mediaId }) => mediaId === ids[0]);
		const article = {
			article_type: 'newspic',
			title,
			content: caption,
			image_info: { image_list: ids.map((image_media_id) => ({ image_media_id })) },
			...(first && toCoverInfo(first, crops)),
			...toComments(comments),
		};
		const { media_id } = await way.client.send({
			path: '/cgi-bin/draft/add',
			body: { articles: [article] },
			ifLost: IF_LOST,
			isShown: true,
		});
		return { media_id, title, characters: [...caption].length, pictures: ids.length, notes };
	};
	return await retryLostCovers(save, () => wanted.map(({ address }) => address), way);
}

function toCoverInfo(
	picture: UploadedPicture,
	crops = Object.keys(RATIOS) as Array<keyof typeof RATIOS>,
) {
	if (crops.length === 0) return undefined;
	const crop_percent_list = crops.map((ratio) => ({
		ratio,
		...computeCrop(picture, RATIOS[ratio]),
	}));
	return { cover_info: { crop_percent_list } };
}
