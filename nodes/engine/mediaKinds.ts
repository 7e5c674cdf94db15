import { preparePicture, prepareThumb, THUMB_BYTES } from '../article/preparePicture';
import { detectFileType, isTextType } from '../base/fileType';
import { UserError } from '../base/userError';
import { prepareVoice } from '../voice/prepareVoice';
import type { Accepted, MediaKind, MediaUse } from './fieldTypes';

const KB = 1024;
const MB = 1024 * KB;

const THUMB = { extensions: ['jpg'], maxBytes: THUMB_BYTES };
const VIDEO = { extensions: ['mp4'], maxBytes: 10 * MB };

type Limits = Record<MediaKind, Accepted>;

/**
 * What WeChat takes as media, by how long they live.
 *
 * @see https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html
 * @see https://developers.weixin.qq.com/doc/service/api/material/permanent/api_addmaterial.html
 */
export const MEDIA_LIMITS = {
	temporary: {
		image: { extensions: ['gif', 'jpg', 'png'], maxBytes: 10 * MB },
		thumb: THUMB,
		video: VIDEO,
		voice: { extensions: ['amr', 'mp3'], maxBytes: 2 * MB, convert: prepareVoice },
	},
	permanent: {
		image: { extensions: ['bmp', 'gif', 'jpg', 'png'], maxBytes: 10 * MB },
		thumb: THUMB,
		video: VIDEO,
		voice: {
			extensions: ['amr', 'mp3', 'wav', 'wma'],
			maxBytes: 2 * MB,
			convert: async (voice) => (voice.length > 2 * MB ? await prepareVoice(voice) : voice),
		},
	},
} satisfies Record<MediaUse['life'], Limits>;

/**
 * Which files a message takes: of pictures also others than WeChat does, and larger ones, which are converted. Material
 * that somebody uploads stays as it is.
 */
export function listAccepted(life: MediaUse['life'], kind: MediaKind): Accepted {
	const limits: Accepted = MEDIA_LIMITS[life][kind];
	if (kind === 'image')
		return { ...limits, convert: async (bytes) => await convertPicture(bytes, limits) };
	if (kind === 'thumb')
		return {
			...limits,
			convert: async (bytes) => await convertPicture(bytes, limits, prepareThumb),
		};
	return limits;
}

/** A picture that fits stays as it is; what is no picture, too: who sends it says so. */
async function convertPicture(
	bytes: Buffer,
	{ extensions, maxBytes }: Accepted,
	prepare: (bytes: Buffer) => Promise<{ bytes: Buffer }> = preparePicture,
): Promise<Buffer> {
	const type = detectFileType(bytes);
	if (!type || isTextType(type) || !type.mimeType.startsWith('image/')) return bytes;
	if (extensions.includes(type.extension) && bytes.length <= maxBytes) return bytes;
	try {
		return (await prepare(bytes)).bytes;
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		throw error.with({ message: `a picture: ${error.message}` });
	}
}
