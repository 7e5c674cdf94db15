import { UserError } from '../base/userError';
import type { Client } from './apiClient';
import { isDownload, NoFileError, type Download } from './download';
import type { Answer } from './response';

/**
 * Reads the file of a media ID out of WeChat's answer. Pictures and voices come as they are, videos as an address:
 * `video_url` of temporary and `down_url` of permanent ones. The MIME type is left away, as WeChat's is often wrong.
 *
 * @throws {NoFileError} when the address leads to a page.
 * @throws {UserError} when the answer has neither a file nor an address.
 * @see https://developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia.html
 */
export async function toMediaFile(
	answer: Download | Answer,
	mediaId: string,
	fetch: Client['fetch'],
): Promise<Download> {
	if (isDownload(answer))
		return { ...answer, fileName: answer.fileName || mediaId, contentType: '' };
	const address = answer.down_url ?? answer.video_url;
	if (typeof address !== 'string')
		throw new UserError(
			'WeChat has no file for this media ID',
			'Take the ID from Get Many, a push or an upload; temporary media lives for three days.',
			'此 media_id 没有对应的文件：请使用“获取永久素材列表”（Get Many）、推送或上传得到的 media_id；临时素材只保留三天。',
		);
	return { ...(await fetch(address)), fileName: `${mediaId}.mp4`, contentType: '' };
}

/** For calls that have more to tell than the file: returns the error that there is none, and throws any other. */
export function catchNoFile(error: unknown): NoFileError {
	if (error instanceof NoFileError) return error;
	throw error;
}
