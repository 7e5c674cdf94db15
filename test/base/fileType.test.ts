import {
	detectFileType,
	findFileType,
	isTextType,
	readExtension,
	toFileName,
} from '../../nodes/base/fileType';
import { readSample, SAMPLES } from '../support/samples';

const detect = (latin1: string) => detectFileType(Buffer.from(latin1, 'latin1'))?.extension;

// Each was written by a real program: see madeBy in test/fixtures/files.json.
test.each(SAMPLES.filter((name) => name !== 'speex'))('%s is known by its bytes', (name) =>
	expect(detectFileType(readSample(name))?.extension).toBe(name.split(' ')[0]),
);

test('what nothing shows is unknown', () => {
	for (const bytes of [readSample('speex'), Buffer.alloc(0), Buffer.alloc(64), Buffer.from('text')])
		expect(detectFileType(bytes)).toBeUndefined();
});

test.each([
	['a voice of WeChat for phones', '\x02#!SILK_V3\x0c\0', 'silk'],
	['the same without its first byte', '#!SILK_V3\x0c\0', 'silk'],
	['AMR of 16 kHz', '#!AMR-WB\n\x04', 'amr'],
	['FLAC behind a tag', 'ID3\x04\0\0\0\0\0\x02xxfLaC', 'flac'],
	['MP3 whose tag is all that is here', 'ID3\x03\0\0\0\0\x07\x76TIT2', 'mp3'],
	['MPEG 2 layer III', '\xff\xf3\x44\xc4', 'mp3'],
	['a page', '\xef\xbb\xbf\r\n<!-- x -->\n<!doctype HTML><p>', 'html'],
	['a picture as XML', '<?xml version="1.0"?>\n<svg xmlns="x"/>', 'svg'],
	['an answer as XML', '<?xml version="1.0"?><Error>', 'xml'],
	['a message', ' {"errcode":40007}', 'json'],
	['a document', '%PDF-1.7', 'pdf'],
	['an Office document', 'PK\x03\x04\x14', 'zip'],
])('%s', (_, latin1, extension) => expect(detect(latin1)).toBe(extension));

test.each([
	['a text that begins like a BMP', 'BMW builds cars, and more'],
	['a text that begins like a tag', 'ID3 is a way to name sounds'],
	['UTF-16', '\xff\xfeA\0B\0'],
	['a frame of layer II', '\xff\xfd\x90\x64'],
	['a frame with a bit rate that does not exist', '\xff\xfb\xf0\x64'],
	['a frame with a sampling rate that does not exist', '\xff\xfb\x9c\x64'],
	['a frame of a version that does not exist', '\xff\xeb\x90\x64'],
	['braces that are no JSON', '{{ mustache }}'],
])('%s is unknown', (_, latin1) => expect(detect(latin1)).toBeUndefined());

test('an unclosed tag costs no time, however often it is repeated', () => {
	const started = process.cpuUsage();
	detect('<!x>'.repeat(100_000));
	expect(process.cpuUsage(started).user / 1000).toBeLessThan(100);
});

test.each([
	['jpeg', 'jpg'],
	['JFIF', 'jpg'],
	['mpga', 'mp3'],
	['image/jpg', 'jpg'],
	['audio/mpeg; charset=binary', 'mp3'],
	['voice/amr', 'amr'],
	['txt', 'txt'],
])('%s stands for %s', (name, extension) => expect(findFileType(name)?.extension).toBe(extension));

test.each(['', 'bin', 'application/octet-stream', 'constructor'])('%j stands for nothing', (name) =>
	expect(findFileType(name)).toBeUndefined(),
);

test('pages, JSON and the like are texts', () => {
	const texts = ['html', 'json', 'svg', 'txt', 'xml'];
	for (const name of [...texts, 'jpg', 'mp3', 'mp4']) {
		const type = findFileType(name);
		expect(type && isTextType(type)).toBe(texts.includes(name));
	}
});

test.each([
	['photo.jpg', 'photo.jpg', 'jpg'],
	['PHOTO.JPG', 'PHOTO.JPG', 'jpg'],
	['photo.jpeg', 'photo.jpg', 'jpeg'],
	['photo.jpg!web', 'photo.jpg', 'jpg'],
	['photo.png@300w_1e_1c.src', 'photo.jpg', 'png'],
	['a.tar.gz', 'a.tar.jpg', 'gz'],
	['v1.5', 'v1.5.jpg', ''],
	['640', '640.jpg', ''],
	['', 'file.jpg', ''],
	['.jpg', 'file.jpg', 'jpg'],
])('%j with the extension of a JPG is %j', (name, right, extension) => {
	expect(toFileName(name, 'jpg')).toBe(right);
	expect(readExtension(name)).toBe(extension);
});
