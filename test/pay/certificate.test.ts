import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { extractPem } from '../../nodes/base/pem';
import type { UserError } from '../../nodes/base/userError';
import { openCertificate } from '../../nodes/pay/certificate';
import { newAuthority, pkcs12Of } from '../simulator/pay/certificates';

const MERCHANT = '1900000109';
const authority = newAuthority('Authority');
const client = authority.issue(MERCHANT);
const other = authority.issue('1900000110');

/** Made once by OpenSSL as WeChat makes them: RC2 of 40 bits and 3DES, the merchant number as passphrase. */
const OLD = readFileSync(join(__dirname, '..', 'fixtures', 'pay', 'rc2.p12.txt'), 'utf8');

const pem = async (certificate: string, privateKey: string) =>
	await openCertificate({ kind: 'pem', certificate, privateKey });
const p12 = async (pkcs12: string, passphrase = MERCHANT) =>
	await openCertificate({ kind: 'pkcs12', pkcs12, passphrase });
const toRequest = (cert: string) => cert.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST');
const nameIn = (cert: string) => new X509Certificate(cert).subject;
const failure = async (work: Promise<unknown>) =>
	await work.then(
		() => 'no error',
		({ message, hint }: UserError) => `${message}: ${hint}`,
	);

test('a file as WeChat makes them, which OpenSSL 3 does not open, is opened', async () => {
	const pfx = Buffer.from(OLD, 'base64');
	expect(() => createSecureContext({ pfx, passphrase: MERCHANT })).toThrow(/unsupported/i);
	const { cert, key } = await p12(OLD);
	expect(nameIn(cert)).toContain(`CN=${MERCHANT}`);
	createSecureContext({ cert, key });
});

test('a newer file, with line breaks as base64 makes them, is opened', async () => {
	const lines = pkcs12Of(client, MERCHANT).replace(/.{76}/g, '$&\n');
	expect(nameIn((await p12(lines)).cert)).toBe(`CN=${MERCHANT}`);
});

test('a file in which the certificate of the authority comes first is opened', async () => {
	const { cert, key } = await p12(pkcs12Of(client, MERCHANT, [authority.ca]));
	expect(nameIn(cert)).toBe(`CN=${MERCHANT}`);
	expect(cert.match(/BEGIN/g)).toHaveLength(2);
	createSecureContext({ cert, key });
});

test('a file is opened once, and a changed one again', async () => {
	const file = pkcs12Of(client, MERCHANT);
	expect(await p12(file)).toBe(await p12(file));
	expect(await p12(pkcs12Of(other, MERCHANT))).not.toBe(await p12(file));
});

test('of many files the last 16 are kept', async () => {
	const sources = Array.from({ length: 17 }, (_, blanks) => client.cert + ' '.repeat(blanks));
	const [first] = await Promise.all([pem(sources[0], client.key)]);
	for (const source of sources) await pem(source, client.key);
	expect(await pem(sources[0], client.key)).not.toBe(first);
});

test.each([
	['as they are', (text: string) => text],
	['without line breaks', (text: string) => text.replaceAll('\n', '')],
	['with blanks for line breaks', (text: string) => text.replaceAll('\n', ' ')],
	['with \\n for line breaks', (text: string) => text.replaceAll('\n', '\\n')],
	[
		'with Windows line breaks and words around',
		(text: string) => `Bag\r\n${text.replaceAll('\n', '\r\n')}x`,
	],
])('PEM files %s', async (_, change) => {
	const { cert, key } = await pem(change(client.cert), change(client.key));
	expect(nameIn(cert)).toBe(`CN=${MERCHANT}`);
	createSecureContext({ cert, key });
});

test('both files in one field: each field takes what it needs', async () => {
	const both = client.key + client.cert;
	expect(nameIn((await pem(both, both)).cert)).toBe(`CN=${MERCHANT}`);
	expect(extractPem(client.cert + authority.ca, 'CERTIFICATE').match(/BEGIN/g)).toHaveLength(2);
});

test.each([
	[
		'no certificate',
		() => pem('hello', client.key),
		/"Certificate".*not a PEM.*apiclient_cert\.pem/,
	],
	['a key in its place', () => pem(client.key, client.key), /"Certificate".*not a PEM/],
	['a request for one', () => pem(toRequest(client.cert), client.key), /"Certificate".*not a PEM/],
	[
		'PKCS#12 as certificate',
		() => pem(pkcs12Of(client, MERCHANT), client.key),
		/"Certificate".*holds a PKCS#12 file.*Choose PKCS#12/,
	],
	[
		'PKCS#12 as key',
		() => pem(client.cert, pkcs12Of(client, MERCHANT)),
		/"Private Key".*holds a PKCS#12 file.*Choose PKCS#12/,
	],
	[
		'a certificate without its lines, which is no PKCS#12',
		() => pem(client.cert.replace(/-----.*-----/g, ''), client.key),
		/"Certificate".*not a PEM/,
	],
	[
		'the key of another in one file',
		() => p12(pkcs12Of({ cert: client.cert, key: other.key }, MERCHANT)),
		/do not belong together/,
	],
	['no key', () => pem(client.cert, client.cert), /"Private Key".*not a PEM.*apiclient_key\.pem/],
	['the key of another', () => pem(client.cert, other.key), /do not belong together/],
	['a damaged certificate', () => pem(client.cert.replace(/M/g, 'N'), client.key), /damaged/],
	['no Base64', () => p12('hello'), /"PKCS#12 File".*not the Base64.*base64 -w0/],
	['PEM as PKCS#12', () => p12(client.cert), /"PKCS#12 File".*holds PEM.*Choose PEM/],
	['half a file', () => p12(OLD.slice(0, 1000)), /"PKCS#12 File".*cannot be read/],
	['another passphrase', () => p12(OLD, 'x'), /passphrase.*wrong.*merchant number.*Passphrase/],
])('%s', async (_, open, sentence) => {
	const told = await failure(open());
	expect(told).toMatch(sentence);
	expect(told).not.toMatch(/[A-Za-z0-9+/]{40}/);
});

test('a certificate that has expired is refused, also when it was opened before', async () => {
	const short = authority.issue(MERCHANT, 1);
	const source = { kind: 'pem', certificate: short.cert, privateKey: short.key } as const;
	await openCertificate(source);
	const later = () => Date.now() + 2 * 86_400_000;
	expect(await failure(openCertificate(source, later))).toMatch(/has expired.*Make a new one/);
	// It counts until the second that stands in it, and not in that second.
	const end = Date.parse(new X509Certificate(short.cert).validTo);
	expect(nameIn((await openCertificate(source, () => end - 1)).cert)).toContain(MERCHANT);
	expect(await failure(openCertificate(source, () => end))).toMatch(/has expired/);
});
