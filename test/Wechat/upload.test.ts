import type { IBinaryData } from 'n8n-workflow';
import { encodeMultipart } from '../../nodes/base/multipart';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';
import { readSample } from '../support/samples';
import { pauses } from '../support/services';

prepareN8n();
const simulator = useSimulator();
const UPLOAD = '/cgi-bin/media/upload';
const upload = { resource: 'material', operation: 'uploadTemporary', type: 'image' };

/** A file in an item, as another node leaves it there. */
const itemWith = (file: Partial<IBinaryData>, bytes: Buffer = readSample('jpg')) => ({
	json: {},
	binary: { data: { data: bytes.toString('base64'), mimeType: 'image/jpeg', ...file } },
});
async function send(file: Partial<IBinaryData>, bytes?: Buffer, parameters: object = upload) {
	const item = itemWith(file, bytes);
	return await runNode('wechat', parameters as typeof upload, credentialsFor(simulator()), [item]);
}
const sentNames = () => {
	const { files } = simulator().calls.at(-1)?.body as { files: Array<{ fileName: string }> };
	return files.map(({ fileName }) => fileName);
};

test('Chinese file names travel as they are', async () => {
	const { error, output } = await send({ fileName: '春节 海报.jpg' });
	expect(error).toBeUndefined();
	expect(output[0].json.media_id).toBeTruthy();
	expect(sentNames()).toEqual(['春节 海报.jpg']);
});

test.each([
	[
		'a name without extension gets that of the file',
		{ fileName: 'poster', fileExtension: 'jpg' },
		'poster.jpg',
	],
	['a file without a name gets one', { fileExtension: 'jpg' }, 'file.jpg'],
	['what is no extension stays', { fileName: '海报 2026.11' }, '海报 2026.11.jpg'],
	['capitals count as well', { fileName: 'A.JPG' }, 'A.JPG'],
	['quotes and line breaks do not end the name', { fileName: 'a"b\r\nc.jpg' }, 'a_b__c.jpg'],
])('%s', async (_, file, name) => {
	const { error } = await send(file);
	expect(error).toBeUndefined();
	expect(sentNames()).toEqual([name]);
});

test.each<[string, Partial<IBinaryData>, number, RegExp]>([
	['another kind of file', { fileName: 'a.pdf' }, 10, /holds a \.pdf file; WeChat takes .*JPG/],
	[
		'a file of no kind',
		{ fileName: 'a', mimeType: 'application/octet-stream' },
		10,
		/holds a file without an extension/,
	],
	[
		'too large a file',
		{ fileName: 'a.jpg' },
		10 * 1024 * 1024 + 1,
		/holds 10\.1 MB; WeChat takes 10 MB/,
	],
	['an empty file', { fileName: 'a.jpg' }, 0, /holds an empty file/],
])('%s is named before anything is sent', async (_, file, size, message) => {
	const before = simulator().calls.length;
	const { error } = await send(file, Buffer.alloc(size));
	expect(error?.message).toMatch(message);
	expect(simulator().calls).toHaveLength(before);
});

interface Handed extends Partial<IBinaryData> {
	/** A file of test/fixtures/files.json. */
	sample: string;
}

// As n8n 2.8.4 and 2.41.1 hand over files from the nodes HTTP Request and Edit Image.
test.each<[string, string, Handed, string]>([
	[
		'an MP3 from /v1/audio/speech',
		'voice',
		{ sample: 'mp3', fileName: 'speech', fileExtension: 'mpga', mimeType: 'audio/mpeg' },
		'speech.mp3',
	],
	[
		'what Edit Image wrote as JPEG',
		'thumb',
		{ sample: 'jpg', fileName: 'photo.jpeg', fileExtension: 'jpg' },
		'photo.jpg',
	],
	[
		'.jpeg as thumbnail',
		'thumb',
		{ sample: 'jpg', fileName: 'thumb.jpeg', fileExtension: 'jpeg' },
		'thumb.jpg',
	],
	[
		'a style of a picture server behind !',
		'image',
		{ sample: 'jpg', fileName: 'photo.jpg!web', fileExtension: 'jpg!web' },
		'photo.jpg',
	],
	[
		'a size of a picture server behind @',
		'image',
		{ sample: 'jpg', fileName: 'photo.jpg@300w', fileExtension: 'jpg@300w' },
		'photo.jpg',
	],
	['.jfif', 'image', { sample: 'jpg', fileName: 'x.jfif', fileExtension: 'jfif' }, 'x.jpg'],
	[
		'the MIME type image/jpg',
		'image',
		{ sample: 'jpg', fileName: 'cover', mimeType: 'image/jpg' },
		'cover.jpg',
	],
	['no type', 'image', { sample: 'jpg', fileName: 'cover', mimeType: 'text/plain' }, 'cover.jpg'],
	[
		'a JPEG of unknown type',
		'image',
		{ sample: 'jpg', fileExtension: 'bin', mimeType: 'application/octet-stream' },
		'file.jpg',
	],
	[
		'an MP3 of unknown type',
		'voice',
		{
			sample: 'mp3 with a tag',
			fileName: 'a.bin',
			fileExtension: 'bin',
			mimeType: 'application/octet-stream',
		},
		'a.mp3',
	],
	['a picture of mmbiz', 'image', { sample: 'jpg', fileName: '640' }, '640.jpg'],
])('%s is taken as %s', async (_, type, { sample, ...file }, name) => {
	const { error } = await send(file, readSample(sample), { ...upload, type });
	expect(error).toBeUndefined();
	expect(sentNames()).toEqual([name]);
});

const EDIT_IMAGE = /Put an Edit Image node before.* option Format/;

test.each<[string, string, Handed, string, RegExp]>([
	[
		'a WebP called photo.jpg',
		'image',
		{ sample: 'webp', fileName: 'photo.jpg' },
		'a WebP picture; WeChat takes GIF, JPG, PNG here',
		EDIT_IMAGE,
	],
	[
		'a PNG called thumb.jpg',
		'thumb',
		{ sample: 'png', fileName: 'thumb.jpg' },
		'a PNG picture; WeChat takes JPG here',
		EDIT_IMAGE,
	],
	[
		'an Ogg sound called a.mp3',
		'voice',
		{ sample: 'ogg', fileName: 'a.mp3' },
		'an Ogg sound; WeChat takes AMR, MP3 here',
		/Convert it to MP3 before.*ffmpeg/,
	],
	[
		'a QuickTime film called a.mp4',
		'video',
		{ sample: 'mov', fileName: 'a.mp4' },
		'a QuickTime film; WeChat takes MP4 here',
		/Convert it to MP4 before.*ffmpeg/,
	],
	[
		'a picture as voice',
		'voice',
		{ sample: 'jpg', fileName: 'a.mp3' },
		'a JPG picture; WeChat takes AMR, MP3 here',
		/Choose the binary field of another file/,
	],
])('%s is no %s', async (_, type, { sample, ...file }, words, hint) => {
	const before = simulator().calls.length;
	const { error } = await send(file, readSample(sample), { ...upload, type });
	expect(error?.message).toContain(words);
	expect(error?.description).toMatch(hint);
	expect(simulator().calls).toHaveLength(before);
});

test('a page or message that HTTP Request took for a picture is told', async () => {
	for (const [text, words] of [
		['<!DOCTYPE html><title>404</title>', 'holds a web page'],
		['{"error":"expired"}', 'holds a JSON text'],
	]) {
		const { error } = await send({ fileName: 'a.jpg' }, Buffer.from(text));
		expect(error?.message).toContain(words);
		expect(error?.description).toContain('look at its output');
	}
});

test('a file whose bytes show nothing goes by its name, or else by its MIME type', async () => {
	simulator().fault({ path: UPLOAD, answer: { media_id: 'm' } });
	simulator().fault({ path: UPLOAD, answer: { media_id: 'm' } });
	const junkBefore = Buffer.concat([Buffer.alloc(8), readSample('mp3')]);
	const voice = { ...upload, type: 'voice' };
	expect((await send({ fileName: 'a.mpga' }, junkBefore, voice)).error).toBeUndefined();
	expect(sentNames()).toEqual(['a.mp3']);
	const ofType = { fileName: 'voice.php', mimeType: 'audio/mpeg; charset=binary' };
	expect((await send(ofType, junkBefore, voice)).error).toBeUndefined();
	expect(sentNames()).toEqual(['voice.mp3']);
});

test('a field that holds no file is named', async () => {
	const { error } = await send({ fileName: 'a.jpg' }, undefined, {
		...upload,
		binaryPropertyName: 'other',
	});
	expect(error?.message).toContain('other');
});

test('a repetition sends the whole file again', async () => {
	simulator().fault({ path: UPLOAD, answer: { errcode: -1, errmsg: 'system error' } });
	const before = simulator().count(UPLOAD);
	const { error } = await send({ fileName: 'a.jpg' });
	expect(error).toBeUndefined();
	expect(simulator().count(UPLOAD) - before).toBe(2);
	expect(pauses).toHaveLength(1);
	expect(sentNames()).toEqual(['a.jpg']);
});

test('a form holds files and texts, objects as JSON', () => {
	const file = {
		bytes: Buffer.from([0, 13, 10, 255]),
		fileName: '视频.mp4',
		contentType: 'video/mp4',
	};
	const { body, contentType } = encodeMultipart(
		{ type: 'vi\u0007deo', description: { title: '标\u001b题' } },
		{ media: file },
	);
	const boundary = contentType.split('boundary=')[1];
	expect(body.toString('latin1').split(`--${boundary}`)).toHaveLength(5);
	expect(body.includes(file.bytes)).toBe(true);
	for (const text of [
		'name="media"; filename="视频.mp4"\r\nContent-Type: video/mp4',
		'name="type"\r\n\r\nvideo',
		'name="description"\r\n\r\n{"title":"标题"}',
	])
		expect(body.toString()).toContain(text);
	expect(body.toString()).not.toContain('filename*');
});
