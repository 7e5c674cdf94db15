import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { BotRefusal, refuseCall } from './refusal';
import { readCount, readField } from './requests';
import type { GivenFile } from './types';
import { createToken, type Json, type StoredFile, type World } from './world';

const toMd5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const HEX = /^[\da-f]{32}$/;

export function encrypt(bytes: Buffer, key: Buffer): Buffer {
	const cipher = createCipheriv('aes-128-ecb', key, null);
	return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function decrypt(bytes: Buffer, key: Buffer): Buffer {
	const decipher = createDecipheriv('aes-128-ecb', key, null);
	return Buffer.concat([decipher.update(bytes), decipher.final()]);
}

/** Says where a file may be put. */
export function openUpload(world: World, body: Json): Json {
	const [filekey, key, md5] = ['filekey', 'aeskey', 'rawfilemd5'].map((name) => {
		const text = readField(body, name);
		return HEX.test(text) ? text : refuseCall(`${name} has 32 hexadecimal digits`);
	});
	if (![1, 2, 3, 4].includes(readCount(body, 'media_type'))) refuseCall('media_type is 1 to 4');
	const [rawSize, size] = [readCount(body, 'rawsize'), readCount(body, 'filesize')];
	if (size !== Math.ceil((rawSize + 1) / 16) * 16) refuseCall('filesize is that of the ciphertext');
	if (body.no_need_thumb !== true) refuseCall('there is no thumbnail, so no_need_thumb is true');
	const userId = readField(body, 'to_user_id');
	const param = createToken();
	world.uploads.set(`${param} ${filekey}`, {
		bytes: Buffer.alloc(0),
		expected: { size, rawSize, md5, userId, key },
	});
	const query = new URLSearchParams({ encrypted_query_param: param, filekey });
	return world.givesFullUrls
		? { ret: 0, upload_full_url: `${world.url}/c2c/upload?${query.toString()}` }
		: { ret: 0, upload_param: param };
}

/** Takes a file. Returns the parameter that names it. */
export function putFile(
	world: World,
	query: Json,
	type: string | undefined,
	bytes: Buffer,
): string {
	if (type !== 'application/octet-stream') refuseCall('files come as octet-stream');
	const upload = world.uploads.get([query.encrypted_query_param, query.filekey].join(' '));
	const { expected } = upload ?? {};
	if (!expected) return refuseCall('nobody was told to put a file there');
	if (bytes.length !== expected.size) refuseCall('the file has another size than was said');
	const raw = decrypt(bytes, Buffer.from(expected.key, 'hex'));
	if (raw.length !== expected.rawSize || toMd5(raw) !== expected.md5)
		refuseCall('the file is not the one that was announced');
	const param = createToken();
	world.files.set(param, { bytes, expected });
	return param;
}

export function findFile(world: World, query: Json): StoredFile {
	const file = world.files.get(String(query.encrypted_query_param));
	if (!file) throw new BotRefusal(404, 'no such file', 404);
	return file;
}

/** Opens what a bot has sent, as the phone does: by the key in the message. */
export function openFile(world: World, media: Json, userId: string): Buffer {
	const { expected, bytes } = findFile(world, { encrypted_query_param: media.encrypt_query_param });
	if (media.encrypt_type !== 1) refuseCall('encrypt_type is 1');
	if (expected?.userId !== userId) refuseCall('the file was uploaded for somebody else');
	const text = Buffer.from(readField(media, 'aes_key'), 'base64').toString('latin1');
	if (!HEX.test(text)) refuseCall('aes_key is Base64 of the hexadecimal text');
	return decrypt(bytes, Buffer.from(text, 'hex'));
}

const ITEMS = { image: 2, voice: 3, file: 4, video: 5 } as const;

/** Puts a person's file to the CDN. Returns the item that names it. */
export function giveFile(world: World, file: GivenFile): Json {
	const key = Buffer.from(toMd5(Buffer.from(createToken())), 'hex');
	const param = createToken();
	const bytes = encrypt(file.bytes, key);
	world.files.set(param, { bytes });
	const { kind, key: form = kind === 'image' ? 'clear' : 'hex' } = file;
	const written = form === 'hex' ? Buffer.from(key.toString('hex')) : key;
	const url = new URL(`${world.url}/c2c/download`);
	url.searchParams.set('encrypted_query_param', param);
	const media = {
		encrypt_query_param: param,
		// Of pictures the key beside it counts; this one is wrong then.
		aes_key: (form === 'clear' ? Buffer.alloc(16, 1) : written).toString('base64'),
		...(world.givesFullUrls && { full_url: url.href }),
	};
	const md5 = file.md5 ?? toMd5(file.bytes);
	const parts = {
		image: {
			media,
			mid_size: bytes.length,
			...(form === 'clear' && { aeskey: key.toString('hex') }),
		},
		voice: { media, encode_type: 6, sample_rate: 16000, playtime: 2500, text: file.text ?? '' },
		file: { media, file_name: file.fileName ?? 'file', md5, len: String(file.bytes.length) },
		video: { media, video_size: bytes.length, play_length: 4, video_md5: md5 },
	};
	return { type: ITEMS[kind], [`${kind}_item`]: parts[kind] };
}
