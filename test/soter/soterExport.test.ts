import { decodeBase64, joinExport, splitExport } from '../../nodes/soter/soterExport';

const bytes = Buffer.from([0xfb, 0xff, 0x00, 0x41]);

// android.util.Base64 breaks lines by default, and has a form for addresses (URL_SAFE).
test.each(['+/8AQQ==', '+/8A\r\nQQ==\n', '-_8AQQ==', '-_8AQQ'])('%j is read', (text) =>
	expect(decodeBase64(text, 'Export', '导出数据')).toEqual(bytes),
);

test.each(['', '=', '!+/8AQQ==', '+/8AQQ==!', '+/8AQQ===', '+/8A,QQ==', '{"raw":1}'])(
	'%j is not Base64',
	(text) => expect(() => decodeBase64(text, 'Export', '导出数据')).toThrow('Export is not Base64'),
);

/** An export as the app gets it: length (4 bytes, little endian), JSON, signature. */
function exportOf(json: string, signature: Buffer, length = Buffer.byteLength(json)): Buffer {
	const head = Buffer.alloc(4);
	head.writeUInt32LE(length);
	return Buffer.concat([head, Buffer.from(json), signature]);
}

test.each([
	['the smallest one', '{}', 1],
	['the largest one', '{}', 1024 * 1024 - 6],
])('%s is split', (_, json, bytes) => {
	const signature = Buffer.alloc(bytes, 1);
	const expected = { json, signature: signature.toString('base64') };
	expect(splitExport(exportOf(json, signature))).toEqual(expected);
});

test.each([
	['is empty', Buffer.alloc(0), 'it has 0 bytes'],
	['is shorter than its length', Buffer.alloc(3), 'it has 3 bytes'],
	['is nothing but its length', exportOf('', Buffer.alloc(0), 1), 'it has 4 bytes'],
	['has no JSON', exportOf('', bytes), 'its JSON should have 0 bytes, and 4 follow'],
	['has no signature', exportOf('{}', Buffer.alloc(0)), 'should have 2 bytes, and 2 follow'],
	['ends in its JSON', exportOf('{}', bytes, 100), 'should have 100 bytes, and 6 follow'],
	['is too large', exportOf('{}', Buffer.alloc(1024 * 1024 - 5)), 'SOTER takes 1048576'],
])('an export that %s is refused', (_, blob, words) =>
	expect(() => splitExport(blob)).toThrow(words),
);

test('two parts make an export of 1 MiB at most', () => {
	const signature = 'x'.repeat(1024 * 1024 - 2);
	expect(joinExport('{}', signature)).toEqual({ json: '{}', signature });
	expect(() => joinExport('{}', `${signature}x`)).toThrow('SOTER takes 1048576');
});
