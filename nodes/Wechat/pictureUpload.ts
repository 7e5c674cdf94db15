import { createHash } from 'node:crypto';
import type { AccountClient } from '../api/accountClient';
import type { Answer, Client } from '../api/apiClient';
import { hasCode, MEDIA_GONE } from '../api/returnCodes';
import type { UploadedPicture } from '../api/services';
import { prepareCover, preparePicture, type PreparedPicture } from '../article/preparePicture';
import { UserError } from '../base/userError';
import type { ItemFiles } from '../engine/define';
import { openSavedUploads, toUploadSection, type SavedUploads } from '../api/savedUploads';

type Uploader = Pick<Client, 'fetchWebFile' | 'key' | 'send' | 'services'>;

/** Where pictures of a text come from, and where they go. */
export interface PictureWay {
	client: Uploader;
	files: ItemFiles;
	/** Of this account. */
	saved: SavedUploads;
}

/** The way of an item of n8n. */
export const openPictureWay = (client: AccountClient, files: ItemFiles): PictureWay => ({
	client,
	files,
	saved: openSavedUploads(client.section(toUploadSection(client.appId)), client.services.clock.now),
});

/** What a picture is for: its address in a text, or its media ID as cover or in a post of pictures. */
export type PicturePurpose = 'text' | 'cover';

const DATA_URL = /^data:[^,]*?(;base64)?,/i;
const BINARY_FIELD = /^binary:/i;
const WEB_ADDRESS = /^(https?:)?\/\//i;
const MEDIA_ID = /^[\w-]{20,128}$/;

/** Whether a text is the media ID of permanent material, which has no dot as names of files do. */
export const isMediaId = (text: string): boolean => MEDIA_ID.test(text);

/**
 * Uploads a picture, unless this account has it already.
 *
 * @throws {UserError} when it cannot be converted, or WeChat refuses it; its message is a clause about "it".
 */
export async function uploadPicture(
	bytes: Buffer,
	purpose: PicturePurpose,
	{ client, saved }: Omit<PictureWay, 'files'>,
): Promise<UploadedPicture> {
	const { uploads } = client.services;
	const name = toName(purpose, bytes);
	const key = toKey(client, name);
	const known = uploads.get(key);
	if (known) return await known;
	const upload = async () => {
		const before = await saved.get(name);
		if (before) return before;
		const picture = await prepareAndSend(client, purpose, bytes);
		saved.put(name, picture);
		return picture;
	};
	try {
		return await uploads.set(key, upload());
	} catch (error) {
		uploads.delete(key);
		throw error;
	}
}

/**
 * Saves, and once more with the covers uploaded anew when WeChat has lost one, such as material that was deleted.
 * `listCovers` gives the addresses of those that the first try uploaded or remembered.
 */
export async function retryLostCovers<T>(
	save: () => Promise<T>,
	listCovers: () => string[],
	way: PictureWay,
): Promise<T> {
	try {
		return await save();
	} catch (error) {
		const covers = listCovers();
		if (!hasCode(error, MEDIA_GONE) || covers.length === 0) throw error;
		for (const cover of covers) await forgetPicture(cover, 'cover', way);
		return await save();
	}
}

async function forgetPicture(address: string, purpose: PicturePurpose, way: PictureWay) {
	const { client, saved } = way;
	const name = toName(purpose, await readPicture(address, way));
	client.services.uploads.delete(toKey(client, name));
	saved.remove(name);
}

/** Names a picture by its content: what else is the same, WeChat has it already. */
const toName = (purpose: PicturePurpose, bytes: Buffer) =>
	`${purpose} ${createHash('sha256').update(bytes).digest('base64url')}`;

const toKey = ({ key }: Uploader, name: string) => `${key} ${name}`;

/**
 * Reads the bytes at an address in a text.
 *
 * @param address A web address, a `data:` URL, `binary:FIELD`, or a path with the name of a file in a binary field.
 * @throws {UserError} when they cannot be had; its message is a clause about "it".
 */
export async function readPicture(address: string, { client, files }: PictureWay): Promise<Buffer> {
	const [head, base64] = DATA_URL.exec(address) ?? [];
	if (head) return decodeDataUrl(address.slice(head.length), Boolean(base64));
	if (BINARY_FIELD.test(address)) return await files.read(address.replace(BINARY_FIELD, '').trim());
	if (!WEB_ADDRESS.test(address)) return await readNamedFile(address, files);
	const whole = address.startsWith('//') ? `https:${address}` : address;
	if (!URL.canParse(whole))
		throw new UserError('its address is none', undefined, '图片地址无效：请填写完整的网址。');
	return (await client.fetchWebFile(new URL(whole))).bytes;
}

function decodeDataUrl(data: string, isBase64: boolean): Buffer {
	const bytes = Buffer.from(decode(data), isBase64 ? 'base64' : 'utf8');
	if (bytes.length > 0) return bytes;
	throw new UserError(
		'its data: URL holds no data',
		'Write the Base64 of a picture behind the comma, or the address of a picture.',
		'图片的 data: URL 中没有数据：请在逗号后写入图片的 Base64，或改用图片网址。',
	);
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Finds the file that a relative path such as `pictures/shop.jpg` means, by its name. */
async function readNamedFile(path: string, files: ItemFiles): Promise<Buffer> {
	const name = decode(path.replace(/[?#].*$/s, '').replace(/^.*[\\/]/s, ''));
	const isNamed = (one: string) => one.toLowerCase() === name.toLowerCase();
	const found = files.list().find(({ fileName, field }) => isNamed(fileName) || isNamed(field));
	if (found) return await files.read(found.field);
	throw new UserError(
		`it is no web address, and no binary field holds a file named "${name}"`,
		'Hand the file over in a binary field, or write the whole address.',
		`图片地址不是网址，也没有二进制字段含有名为“${name}”的文件：请在二进制字段中传入该文件，或填写完整网址。`,
	);
}

async function prepareAndSend(
	client: Uploader,
	purpose: PicturePurpose,
	bytes: Buffer,
): Promise<UploadedPicture> {
	const prepared = await (purpose === 'cover' ? prepareCover(bytes) : preparePicture(bytes));
	const isMaterial = purpose === 'cover' || prepared.isMaterial;
	const { url = '', media_id = '' } = await sendPicture(client, prepared, isMaterial);
	const { width, height, change } = prepared;
	return { url: String(url), mediaId: String(media_id), width, height, change };
}

const sendPicture = async (
	{ send }: Uploader,
	{ bytes, type: { extension, mimeType } }: PreparedPicture,
	isMaterial: boolean,
): Promise<Answer> =>
	await send({
		...(isMaterial
			? { path: '/cgi-bin/material/add_material', query: { type: 'image' } }
			: { path: '/cgi-bin/media/uploadimg' }),
		files: { media: { bytes, fileName: `picture.${extension}`, contentType: mimeType } },
		// Twice the same picture does no harm.
		safe: true,
	});
