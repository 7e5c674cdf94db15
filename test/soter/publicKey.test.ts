import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readPublicKey } from '../../nodes/soter/publicKey';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const write = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki') =>
	String(key.export({ type, format: 'pem' }));
const PEM = write(publicKey);
const withLineEnds = (end: string) => PEM.replaceAll('\n', end);

// What is left of a PEM that was pasted into a field of one line, or that JSON was written in by hand.
const FORMS: Array<[string, string]> = [
	['as it is', PEM],
	['with CRLF', withLineEnds('\r\n')],
	['with CR', withLineEnds('\r')],
	['with blanks for line ends', withLineEnds(' ')],
	['without line ends', withLineEnds('')],
	['with \\n', withLineEnds('\\n')],
	['with \\r\\n', withLineEnds('\\r\\n')],
	['with \\\\n', withLineEnds('\\\\n')],
	['with all lines indented', PEM.replace(/^/gm, '\t  ')],
	['in quotes', `"${PEM.trim()}"`],
	['with words and empty lines around', `ASK:\n\n${PEM}\n\n`],
	['of PKCS#1', write(publicKey, 'pkcs1')],
];

test.each(FORMS)('a PEM %s', (_, text) =>
	expect(readPublicKey(text).equals(createPublicKey(PEM))).toBe(true),
);

test.each(FORMS)('the JSON of a key, whose pub_key is a PEM %s', (_, text) =>
	expect(readPublicKey(JSON.stringify({ pub_key: text, uid: '1' })).equals(publicKey)).toBe(true),
);

test.each([
	['a private key', write(privateKey, 'pkcs1')],
	['Base64 alone', PEM.replace(/-----.*-----/g, '')],
	['half a key', PEM.slice(0, 200)],
	['a damaged key', PEM.replace(/\n.{20}/, '\n')],
	['nothing', ''],
])('%s is no public key', (_, text) =>
	expect(() => readPublicKey(text)).toThrow('The public key is not a PEM'),
);

test('a shorter key is refused in any form', () => {
	const { publicKey: short } = generateKeyPairSync('rsa', { modulusLength: 1024 });
	for (const text of [write(short), write(short).replaceAll('\n', ' ')])
		expect(() => readPublicKey(text)).toThrow('at least 2048 bits');
});
