import { encodeMultipart } from '../../nodes/base/multipart';

/** The heads of the parts, as a server reads them (RFC 7578): each line up to the empty one. */
function headsOf({ body, contentType }: ReturnType<typeof encodeMultipart>): string[][] {
	const [, boundary] = contentType.split('boundary=');
	return body
		.toString()
		.split(`--${boundary}`)
		.slice(1, -1)
		.map((part) =>
			part
				.split('\r\n\r\n')[0]
				.trim()
				.split(/\r\n|\r|\n|\u2028|\u2029/),
		);
}

const encode = (fileName: string, contentType = 'image/png') =>
	headsOf(encodeMultipart({}, { media: { bytes: Buffer.from('x'), fileName, contentType } }));

test.each(['image/png', 'audio/amr', 'text/plain; charset=utf-8', 'application/vnd.ms-excel'])(
	'the type %s is sent as it is',
	(type) => {
		expect(encode('a.png', type)).toEqual([
			['Content-Disposition: form-data; name="media"; filename="a.png"', `Content-Type: ${type}`],
		]);
	},
);

// The type of binary data comes with an item: from a server, a form, or whoever made the item.
test.each([
	'image/png\r\nContent-Disposition: form-data; name="type"',
	'image/png\nX: y',
	'X: y\r\nimage/png',
	'image/png\r\n\r\nbody',
	'image/png; a=b\u2028c',
	'image',
	'',
])('%j is no type, and adds nothing to the head', (type) => {
	expect(encode('a.png', type)).toEqual([
		[
			'Content-Disposition: form-data; name="media"; filename="a.png"',
			'Content-Type: application/octet-stream',
		],
	]);
});

test.each([
	['图片 1.png', '图片 1.png'],
	['a"; name="type.png', 'a_; name=_type.png'],
	['a\r\nContent-Type: text/html.png', 'a__Content-Type: text/html.png'],
	['a\u0000b\u007f\u2028.png', 'a_b__.png'],
	// A backslash would take the quote behind it into the name.
	['a.png\\', 'a.png_'],
])('a file called %j stays one file', (given, sent) => {
	expect(encode(given)[0][0]).toBe(
		`Content-Disposition: form-data; name="media"; filename="${sent}"`,
	);
});

test('the name of a field ends where it ends', () => {
	const heads = headsOf(encodeMultipart({ 'a"\r\nX: y': 'text' }, {}));
	expect(heads).toEqual([['Content-Disposition: form-data; name="a___X: y"']]);
});
