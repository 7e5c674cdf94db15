import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Download } from '../api/download';
import type { Services } from '../api/services';
import { createStatusError } from '../base/connectionError';
import { detectFileType, findFileType, readExtension, toFileName } from '../base/fileType';
import type { HttpResponse } from '../base/http';
import { UserError } from '../base/userError';
import { readWords } from './answerFields';
import { BOT_PEER, type BotClient, type OutgoingItem } from './botClient';
import { BOT_CDN, isBotFileUrl } from './botHost';
import type { BotMedia, BotMediaKind } from './messages';

/** As much as one answer may hold: see base/http. */
export const MAX_MEDIA_BYTES = 32 * 1024 * 1024 - 16;

const CIPHER = 'aes-128-ecb';

/** Encrypts a file as WeChat keeps it: AES-128-ECB, filled up (PKCS#7). */
export function encryptMedia(bytes: Buffer, key: Buffer): Buffer {
	const cipher = createCipheriv(CIPHER, key, null);
	return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

/** @throws {UserError} when the key is not that of the file, or a part is missing. */
export function decryptMedia(bytes: Buffer, key: Buffer): Buffer {
	try {
		const decipher = createDecipheriv(CIPHER, key, null);
		return Buffer.concat([decipher.update(bytes), decipher.final()]);
	} catch {
		throw createDamageError('it cannot be decrypted', '解密失败');
	}
}

/**
 * Reads the key of a file: 32 hexadecimal digits, or Base64 of them, or Base64 of the 16 bytes.
 *
 * @throws {UserError} when it is none of these.
 */
export function parseMediaKey(key: string): Buffer {
	if (HEX_KEY.test(key)) return Buffer.from(key, 'hex');
	const bytes = Buffer.from(key, 'base64');
	if (bytes.length === 16) return bytes;
	const text = bytes.toString('latin1');
	if (HEX_KEY.test(text)) return Buffer.from(text, 'hex');
	throw createDamageError('WeChat gave no key for it', '微信没有给出密钥');
}

const toMd5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

const HEX_KEY = /^[\da-f]{32}$/i;

const createDamageError = (reason: string, chinese: string) =>
	new UserError(
		`The file of this message cannot be read: ${reason}`,
		'Ask for the file once more. If it happens with every file, check API Base URL in the credential.',
		`此消息中的文件无法读取，${chinese}：请让对方重新发送文件；若每个文件都如此，请检查凭据中的“接口地址”。`,
	);

const EXTENSIONS: Record<BotMediaKind, string> = {
	file: 'bin',
	image: 'jpg',
	video: 'mp4',
	voice: 'silk',
};

/**
 * Fetches the file of a message, and decrypts it.
 *
 * @throws {UserError} when it cannot be decrypted, or is another one than the message says (MD5, length).
 * @throws {ConnectionError} when there is no answer, or the file is larger than 32 MB.
 */
export async function downloadBotMedia(
	{ bot, services }: Pick<BotClient, 'bot' | 'services'>,
	media: BotMedia,
): Promise<Download> {
	const key = parseMediaKey(media.key);
	const download = new URL(`${BOT_CDN}/download`);
	download.searchParams.set('encrypted_query_param', media.param);
	const isKnown = isBotFileUrl(bot, media.url);
	if (!isKnown && !media.param)
		throw createDamageError('its address is not one of Tencent’s', '文件地址不属于腾讯');
	const url = isKnown ? new URL(media.url) : download;
	const response = await services.http({
		method: 'GET',
		url,
		peer: BOT_PEER,
		proxyUrl: bot.proxyUrl,
	});
	checkFileResponse(response, url);
	const bytes = decryptMedia(response.body, key);
	// Unconfirmed whether it is that of the file or of what is stored: one of them must be it.
	if (media.md5 && ![bytes, response.body].map(toMd5).includes(media.md5.toLowerCase()))
		throw createDamageError('it is not the file that was sent (MD5)', '与发送的文件不一致（MD5）');
	const fileType =
		detectFileType(bytes) ?? findFileType(media.fileName.replace(/.*\./, '') || media.kind);
	const extension = fileType?.extension ?? EXTENSIONS[media.kind];
	const fileName = media.fileName || toFileName(media.kind, extension);
	return { bytes, fileName, contentType: fileType?.mimeType ?? guessType(fileName) };
}

/** n8n knows more endings, such as docx and csv. What has none would be a text for it. */
const guessType = (fileName: string) => (readExtension(fileName) ? '' : 'application/octet-stream');

function checkFileResponse(response: HttpResponse, { pathname }: URL): void {
	if (response.status === 200 && response.body.length > 0) return;
	throw createStatusError(response, {
		peer: BOT_PEER,
		path: pathname,
		...(response.status < 500 && {
			reason: 'it does not have this file',
			hint: 'WeChat keeps files for a limited time. Ask for the file once more.',
			reasonInChinese: '微信没有此文件',
			chinese: '文件只保存一段时间，请让对方重新发送。',
		}),
	});
}

/** A file to send. */
export interface BotFile {
	kind: Exclude<BotMediaKind, 'voice'>;
	bytes: Buffer;
	/** As the person sees it; of files only. */
	fileName: string;
}

/** `media_type` of getuploadurl, `type` of the item, and the name of its part. */
const KINDS = {
	image: { mediaType: 1, type: 2, part: 'image_item' },
	video: { mediaType: 2, type: 5, part: 'video_item' },
	file: { mediaType: 3, type: 4, part: 'file_item' },
} as const;

/** Encrypted, a file is as long as the next multiple of 16, and never as long as before. */
const toEncryptedSize = (size: number) => Math.ceil((size + 1) / 16) * 16;

const TRIES = 3;
const PAUSE_MS = 1000;

/**
 * Encrypts a file with a key of its own and uploads it for one person. Each attempt uploads the same bytes.
 *
 * @returns The item to send.
 * @throws {UserError} when the file is empty or too large.
 * @throws {BotError | ConnectionError}
 */
export async function uploadBotMedia(
	client: Pick<BotClient, 'bot' | 'call' | 'services'>,
	userId: string,
	{ kind, bytes, fileName }: BotFile,
): Promise<OutgoingItem> {
	checkSize(bytes, fileName);
	const { mediaType, type, part } = KINDS[kind];
	const [key, filekey] = [randomBytes(16), randomBytes(16).toString('hex')];
	const answer = await client.call('getuploadurl', {
		filekey,
		media_type: mediaType,
		to_user_id: userId,
		rawsize: bytes.length,
		rawfilemd5: toMd5(bytes),
		filesize: toEncryptedSize(bytes.length),
		no_need_thumb: true,
		aeskey: key.toString('hex'),
	});
	const param = await upload(client, encryptMedia(bytes, key), {
		full: readWords(answer, 'upload_full_url'),
		param: readWords(answer, 'upload_param'),
		filekey,
	});
	const media = {
		encrypt_query_param: param,
		// Base64 of the digits, not of the bytes: so does Tencent's client.
		aes_key: Buffer.from(key.toString('hex')).toString('base64'),
		encrypt_type: 1,
	};
	const size = toEncryptedSize(bytes.length);
	const more = {
		image: { mid_size: size },
		video: { video_size: size },
		file: { file_name: fileName, len: String(bytes.length) },
	};
	return { type, [part]: { media, ...more[kind] } };
}

function checkSize(bytes: Buffer, fileName: string): void {
	if (bytes.length === 0)
		throw new UserError(
			`The file "${fileName}" is empty`,
			'Choose a field that holds a file.',
			`文件“${fileName}”为空：请选择含有文件的字段。`,
		);
	if (bytes.length > MAX_MEDIA_BYTES)
		throw new UserError(
			`The file "${fileName}" has ${(bytes.length / 2 ** 20).toFixed(1)} MB; a bot sends at most 32 MB`,
			'Make it smaller, or send a link to it.',
			`文件“${fileName}”有 ${(bytes.length / 2 ** 20).toFixed(1)} MB，机器人最多发送 32 MB：请缩小文件，或改发链接。`,
		);
}

/** @returns What names the file in a message. */
async function upload(
	{ bot, services }: Pick<BotClient, 'bot' | 'services'>,
	body: Buffer,
	{ full, param, filekey }: { full: string; param: string; filekey: string },
): Promise<string> {
	const own = new URL(`${BOT_CDN}/upload`);
	own.searchParams.set('encrypted_query_param', param);
	own.searchParams.set('filekey', filekey);
	const isKnown = isBotFileUrl(bot, full);
	if (!isKnown && !param)
		throw new UserError(
			'WeChat gave no place for the file',
			'Run it again in a minute. If it stays so, check API Base URL in the credential.',
			'微信没有给出文件的上传地址：请过一分钟再运行；若仍如此，请检查凭据中的“接口地址”。',
		);
	const url = isKnown ? new URL(full) : own;
	for (let failed = 1; ; failed++) {
		const response = await sendFile(services, url, body, bot.proxyUrl);
		const named = response.headers?.['x-encrypted-param'];
		if (response.status === 200 && named) return named;
		if (response.status < 500 || failed >= TRIES)
			throw createStatusError(response, {
				peer: BOT_PEER,
				path: url.pathname,
				reason: 'it does not take the file',
				reasonInChinese: '微信不接受此文件',
			});
		await services.clock.sleep(PAUSE_MS * failed);
	}
}

const sendFile = async (services: Services, url: URL, body: Buffer, proxyUrl?: string) =>
	await services.http({
		method: 'POST',
		url,
		peer: BOT_PEER,
		proxyUrl,
		contentType: 'application/octet-stream',
		body,
	});
