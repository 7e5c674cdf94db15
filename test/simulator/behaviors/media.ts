import { ApiError } from '../http/errors';
import type { Account } from '../accounts/account';
import type { Media } from '../accounts/mediaStore';
import { isOneOf } from '../accounts/signatures';
import { Bytes, seconds, type ApiCall, type Behavior, type SimulatorState } from './behavior';

const contentTypes: Record<string, string> = {
	'.png': 'image/png',
	'.gif': 'image/gif',
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.amr': 'voice/amr',
	'.mp3': 'audio/mpeg',
	'.mp4': 'video/mp4',
};

/** Where the simulator itself serves media: the video behind a video_url or down_url, the picture behind a PicUrl. */
export const MEDIA_PATH = '/simulator/media/';

/** The bytes as media/get sends them: the file name is in Content-disposition. */
export function attachment({ id, bytes, extension }: Media): Bytes {
	return new Bytes(bytes, {
		'content-type': contentTypes[extension] ?? 'application/octet-stream',
		'content-disposition': `attachment; filename="${id}${extension}"`,
	});
}

/** What is at such an address; 404 when there is nothing. */
export function mediaAt(path: string, { accounts }: SimulatorState): Bytes {
	const id = path.slice(MEDIA_PATH.length);
	const store = accounts
		.flatMap(({ media, library, pictures }) => [media, library, pictures])
		.find((one) => one.has(id));
	return store ? attachment(store.get(id)) : new Bytes(Buffer.alloc(0), {}, 404);
}

export const mediaBehaviors: Record<string, Behavior> = {
	'media.upload': (account, { query, files, state }) => {
		const { fileName, bytes } = files.media;
		const { id, type } = account.media.upload(query.type, fileName, bytes);
		const name = type === 'thumb' ? 'thumb_media_id' : 'media_id';
		return { type, [name]: id, created_at: seconds(state.options.now()) };
	},

	'media.uploadimg': uploadPicture,
	'card.uploadLogo': uploadPicture,

	'media.get': (account, { query, state }) => {
		const media = account.media.get(query.media_id);
		return media.type === 'video'
			? { video_url: `${state.url}${MEDIA_PATH}${media.id}` }
			: attachment(media);
	},

	'media.getJssdk': (account, { query }) => {
		const media = account.media.get(query.media_id);
		if (media.type !== 'voice') throw new ApiError(40007);
		// The headers of a voice as people saw them: segmentfault.com/q/1010000002506317.
		return new Bytes(media.bytes, {
			'content-type': 'audio/x-speex-with-header-byte; rate=16000',
			'content-disposition': `attachment; filename="${media.id}.speex"`,
		});
	},
};

function uploadPicture({ pictures }: Account, { files }: ApiCall) {
	const [{ bytes }] = Object.values(files);
	const extension = ['.jpg', '.png'].find((one) => isOneOf(bytes, [one]));
	if (!extension) throw new ApiError(40005);
	const { id } = pictures.receive(`picture${extension}`, bytes);
	return { url: `http://mmbiz.qpic.cn/mmbiz/${id}/0` };
}
