import { decodeBase64 } from '../../nodes/soter/soterExport';

const bytes = Buffer.from([0xfb, 0xff, 0x00, 0x41]);

// android.util.Base64 breaks lines by default, and has a form for addresses (URL_SAFE).
test.each(['+/8AQQ==', '+/8A\r\nQQ==\n', '-_8AQQ==', '-_8AQQ'])('%j is read', (text) =>
	expect(decodeBase64(text, 'Export')).toEqual(bytes),
);

test.each(['', '=', '!+/8AQQ==', '+/8AQQ==!', '+/8AQQ===', '+/8A,QQ==', '{"raw":1}'])(
	'%j is not Base64',
	(text) => expect(() => decodeBase64(text, 'Export')).toThrow('Export is not Base64'),
);
