import { checkIsFile, readFileName, toDownload } from '../../nodes/api/download';
import { readSample } from '../support/samples';

/** A name as Node.js reads it from a header that has UTF-8 in it. */
const asHeader = (name: string) => Buffer.from(name).toString('latin1');

test.each([
	['a plain name', 'attachment; filename="MEDIA.jpg"', 'MEDIA.jpg'],
	['without quotes', 'attachment; filename=MEDIA.jpg', 'MEDIA.jpg'],
	['without a type', 'filename="a.jpg"', 'a.jpg'],
	['in capitals', 'ATTACHMENT; FILENAME = "a.jpg" ', 'a.jpg'],
	['with a semicolon', 'attachment; filename="a;b.jpg"; size=1', 'a;b.jpg'],
	['with escaped quotes', 'attachment; filename="a\\"b.jpg"', 'a"b.jpg'],
	['none', 'attachment', ''],
	['no header', '', ''],
	// binarywang/WxJava#3146: bytes of UTF-8 in a plain name.
	['UTF-8', `attachment; filename="${asHeader('测试.jpg')}"`, '测试.jpg'],
	['Latin 1 that is no UTF-8', 'attachment; filename="caf\xe9.jpg"', 'café.jpg'],
	// binarywang/WxJava#3348, as it came: the first of them counts (RFC 6266).
	[
		'RFC 5987 beside UTF-8',
		`attachment; filename*=utf-8''%E6%B5%8B%E8%AF%95.xlsx; filename="${asHeader('坏.xlsx')}"`,
		'测试.xlsx',
	],
	[
		'RFC 5987 behind it',
		`attachment; filename="x.jpg"; filename*=UTF-8'zh'%E6%B5%8B.jpg`,
		'测.jpg',
	],
	['RFC 5987 in GBK', `attachment; filename*=GBK''%B2%E2.jpg`, '测.jpg'],
	['RFC 5987 that is broken', `attachment; filename*=UTF-8''%E6%B5.jpg; filename="a.jpg"`, 'a.jpg'],
	['an unknown character set', `attachment; filename*=X''a.jpg; filename="b.jpg"`, 'b.jpg'],
	['a folder', 'attachment; filename="../../etc/a.jpg"', 'a.jpg'],
	['a folder of Windows', 'attachment; filename="C:\\\\temp\\\\a.jpg"', 'a.jpg'],
	['control characters', `attachment; filename*=UTF-8''a%00%0D%0Ab.jpg`, 'ab.jpg'],
])('the name of a file: %s', (_, disposition, name) =>
	expect(readFileName(disposition)).toBe(name),
);

const respond = (contentType: string, body: Buffer | string) => ({
	status: 200,
	contentType,
	disposition: '',
	body: Buffer.from(body),
});

test.each([
	['text/html; charset=UTF-8', '<!DOCTYPE html><title>film</title>', /a web page is there/],
	['video/mp4', '<html><body>film', /a web page is there/],
	['text/html', 'Not here', /a web page is there/],
	[
		'application/json',
		'{"errcode":40007,"errmsg":"invalid media_id"}',
		/JSON.*invalid media_id.*40007/,
	],
	['text/plain', '{"errcode":40007}', /a JSON text \(no words, errcode 40007\)/],
])('%s is no file: %s', (contentType, body, words) => {
	expect(() => checkIsFile(respond(contentType, body), 'WeChat')).toThrow(words);
});

test.each([
	['text/html', readSample('mp4')],
	['application/json', readSample('jpg')],
	['video/mp4', Buffer.from('not known')],
])('a file stays one, though it comes as %s', (contentType, body) => {
	const response = respond(contentType, body);
	checkIsFile(response, 'WeChat');
	expect(toDownload(response)).toEqual({ bytes: body, contentType, fileName: '' });
});
