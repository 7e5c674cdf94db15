import { createHash, randomUUID } from 'node:crypto';
import { parseForm } from '../http/multipart';
import { isObject, parseJson, type JsonObject } from '../http/json';
import { PayV3Refusal, wrongField } from './refusal';
import type { Behavior, PayV3Call, World } from './world';

/** Uploads (图片上传, 视频上传): a form of the part meta, which is what is signed, and of the file. */

export interface Upload {
	/** The part meta as it was sent. */
	meta: string;
	body: JsonObject;
	file: { fileName: string; bytes: Buffer };
}

/** @throws {PayV3Refusal} when the form is not as the page wants it. */
export function readUpload(contentType: string, bytes: Buffer): Upload {
	const form = (() => {
		try {
			return parseForm(contentType, bytes);
		} catch {
			throw new PayV3Refusal(400, 'PARAM_ERROR', '请求体不是合法的multipart/form-data');
		}
	})();
	const { file, ...others } = form.files;
	// Some clients give the part a file name of its own; only its name counts.
	const meta = form.texts.meta ?? others.meta?.bytes.toString();
	const rest = [...Object.keys(form.texts), ...Object.keys(others)].filter(
		(name) => name !== 'meta',
	);
	if (rest.length > 0) throw wrongField(rest[0], 'is unknown');
	if (meta === undefined) throw wrongField('/meta', 'is missing');
	if (!file) throw wrongField('/file', 'is missing');
	const body = parseMeta(meta);
	if (!isObject(body)) throw wrongField('/meta', 'is no object');
	return { meta, body, file: { fileName: file.fileName, bytes: file.bytes } };
}

function parseMeta(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		throw wrongField('/meta', 'is no JSON');
	}
}

const MB = 1024 * 1024;
const PICTURE = { extensions: /\.(?:jpe?g|bmp|png)$/i, most: 2 * MB };
const VIDEO = { extensions: /\.(?:avi|wmv|mpeg|mp4|mov|mkv|flv|f4v|m4v|rmvb)$/i, most: 5 * MB };

function keepFile({ extensions, most }: typeof PICTURE) {
	return ({ body, file }: PayV3Call, { media }: World) => {
		if (!file) throw new Error('an upload without a file');
		const { filename, sha256 } = body as Record<string, string>;
		if (!extensions.test(filename ?? '')) throw wrongField('/filename', 'is not allowed');
		if (filename !== file.fileName) throw wrongField('/filename', 'is not the name of the file');
		if (sha256 !== createHash('sha256').update(file.bytes).digest('hex'))
			throw wrongField('/sha256', 'is not the digest of the file');
		if (file.bytes.length === 0 || file.bytes.length > most)
			throw wrongField('/file', 'has a wrong size');
		const id = Buffer.from(`V3_${randomUUID()}`).toString('base64url');
		media.set(id, { fileName: filename, bytes: file.bytes });
		return { json: { media_id: id } };
	};
}

export const MEDIA: Record<string, Behavior> = {
	'POST /v3/merchant/media/upload': keepFile(PICTURE),
	'POST /v3/merchant/media/video_upload': keepFile(VIDEO),
	'POST /v3/merchant-service/images/upload': keepFile(PICTURE),
	'GET /v3/merchant-service/images/{media_id}': ({ params }, { media }) => {
		const found = media.get(params.media_id);
		if (!found) throw new PayV3Refusal(404, 'RESOURCE_NOT_EXISTS', '图片不存在');
		return { bytes: found.bytes, type: 'image/jpeg' };
	},
};
