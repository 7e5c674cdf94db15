import type { IBinaryData } from 'n8n-workflow';
import { encodeMultipart } from '../../nodes/base/multipart';
import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';
import { pauses } from '../support/services';

prepareN8n();
const simulator = useSimulator();
const UPLOAD = '/cgi-bin/media/upload';
const upload = { resource: 'material', operation: 'uploadTemporary', type: 'image' };

/** A file in an item, as another node leaves it there. */
const itemWith = (file: Partial<IBinaryData>, bytes: Buffer = Buffer.from('picture')) => ({
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
	['a file without a name gets one', { fileExtension: 'png' }, 'file.png'],
	['capitals count as well', { fileName: 'A.JPG' }, 'A.JPG'],
	['quotes and line breaks do not end the name', { fileName: 'a"b\r\nc.jpg' }, 'a_b__c.jpg'],
])('%s', async (_, file, name) => {
	const { error } = await send(file);
	expect(error).toBeUndefined();
	expect(sentNames()).toEqual([name]);
});

test.each<[string, Partial<IBinaryData>, number, RegExp]>([
	['another kind of file', { fileName: 'a.pdf' }, 10, /holds a \.pdf file; WeChat takes .*jpg/],
	['a file of no kind', { fileName: 'a' }, 10, /holds a file without an extension/],
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
