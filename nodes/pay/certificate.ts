import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { UserError } from '../base/userError';
import type { ClientCertificate } from '../base/http';
import { createCache } from '../base/cache';
import { extractPem } from '../base/pem';

/** The client certificate (商户API证书) as people have it: apiclient_cert.p12, or the two PEM files. */
export type CertificateSource =
	| { kind: 'pkcs12'; pkcs12: string; passphrase: string }
	| { kind: 'pem'; certificate: string; privateKey: string };

const DOWNLOAD_HINT =
	'Download it at pay.weixin.qq.com > Account Center (账户中心) > API Security (API安全) > API Certificate (API证书).';
const DOWNLOAD_PAGE = 'pay.weixin.qq.com > 账户中心 > API安全 > API证书';
const MAX_CERTIFICATES = 16;
interface Opened {
	certificate: ClientCertificate;
	/** As the certificate says it. */
	validTo: string;
}
/** Certificates by the hash of their source: opening a PKCS#12 takes 50 ms. */
const opened = createCache<Opened>({ max: MAX_CERTIFICATES });
/** Those of sources that are still in use: the hash takes a thirtieth of the time of a signature. */
const bySource = new WeakMap<CertificateSource, Opened>();

/**
 * Reads and checks a client certificate.
 *
 * @throws {UserError} when it is wrong or expired; the message names the field of the credential.
 */
export async function openCertificate(
	source: CertificateSource,
	now: () => number = Date.now,
): Promise<ClientCertificate> {
	const known = bySource.get(source) ?? (await openSource(source));
	bySource.set(source, known);
	checkValidity(known, now());
	return known.certificate;
}

async function openSource(source: CertificateSource): Promise<Opened> {
	const key = createHash('sha256').update(JSON.stringify(source)).digest('base64url');
	return opened.get(key) ?? opened.set(key, await readSource(source));
}

async function readSource(source: CertificateSource): Promise<Opened> {
	const certificate = source.kind === 'pem' ? readPem(source) : await readPkcs12(source);
	return { certificate, validTo: new X509Certificate(certificate.cert).validTo };
}

function readPem({ certificate, privateKey }: CertificateSource & { kind: 'pem' }) {
	const cert = extractPem(certificate, 'CERTIFICATE');
	const key = extractPem(privateKey, 'PRIVATE KEY');
	if (isPkcs12(certificate) || isPkcs12(privateKey))
		throw new UserError(
			`"${isPkcs12(certificate) ? 'Certificate' : 'Private Key'}" in the credential holds a PKCS#12 file (apiclient_cert.p12), not PEM`,
			'Choose PKCS#12 under Files in the credential, and enter it there; or paste apiclient_cert.pem and apiclient_key.pem.',
			`凭据中的“${isPkcs12(certificate) ? '证书' : '私钥'}”填的是 PKCS#12 文件（apiclient_cert.p12），不是 PEM：请在“文件”中选择 PKCS#12 后填入，或粘贴 apiclient_cert.pem 与 apiclient_key.pem 的内容。`,
		);
	if (!cert)
		throw new UserError(
			`"Certificate" in the credential is not a PEM certificate${describeOther(certificate)}`,
			`Paste apiclient_cert.pem as it is, from -----BEGIN CERTIFICATE----- on. ${DOWNLOAD_HINT}`,
			`凭据中的“证书”不是 PEM 证书：请粘贴 apiclient_cert.pem 的全部内容（从 -----BEGIN CERTIFICATE----- 开始），下载位置为 ${DOWNLOAD_PAGE}。`,
		);
	if (!key)
		throw new UserError(
			`"Private Key" in the credential is not a PEM key${describeOther(privateKey)}`,
			`Paste apiclient_key.pem as it is, from -----BEGIN PRIVATE KEY----- on. ${DOWNLOAD_HINT}`,
			`凭据中的“私钥”不是 PEM 私钥：请粘贴 apiclient_key.pem 的全部内容（从 -----BEGIN PRIVATE KEY----- 开始），下载位置为 ${DOWNLOAD_PAGE}。`,
		);
	return checkPair({ cert, key });
}

/** A PKCS#12 file is an ASN.1 sequence with version 3 in front (RFC 7292, 4), here in Base64 as asked for, or in bytes. */
function isPkcs12(text: string): boolean {
	if (text.includes('-----BEGIN')) return false;
	const bytes = Buffer.from(text, 'base64');
	return bytes[0] === 0x30 && bytes.subarray(1, 8).includes(PKCS12_VERSION);
}

const PKCS12_VERSION = Buffer.from('020103', 'hex');

/** What is in a field for a certificate or a key, when it is one of the others. */
function describeOther(text: string): string {
	if (extractPem(text, 'CERTIFICATE')) return ', but a certificate';
	if (extractPem(text, 'PRIVATE KEY')) return ', but a private key';
	return extractPem(text, 'PUBLIC KEY') ? ', but a public key' : '';
}

/**
 * Reads a PKCS#12 file. Those of WeChat are encrypted with RC2 of 40 bits, which OpenSSL 3 does not open any more.
 *
 * @throws {UserError} when the file or its passphrase is wrong.
 */
async function readPkcs12({ pkcs12, passphrase }: CertificateSource & { kind: 'pkcs12' }) {
	if (pkcs12.includes('-----BEGIN'))
		throw new UserError(
			'"PKCS#12 File" in the credential holds PEM, not a PKCS#12 file',
			'Choose PEM under Files in the credential, and paste apiclient_cert.pem and apiclient_key.pem there.',
			'凭据中的“证书文件”填的是 PEM，不是 PKCS#12 文件：请在“文件”中选择 PEM，再粘贴 apiclient_cert.pem 与 apiclient_key.pem 的内容。',
		);
	// It takes 20 ms to load, and most people paste PEM.
	const { asn1, pkcs12: reader, pki } = (await import('node-forge')).default;
	const bytes = Buffer.from(pkcs12, 'base64');
	// A PKCS#12 file is an ASN.1 sequence.
	if (bytes[0] !== 0x30)
		throw new UserError(
			'"PKCS#12 File" in the credential is not the Base64 text of a PKCS#12 file',
			`Encode apiclient_cert.p12 with base64 -w0 apiclient_cert.p12, and paste the result. ${DOWNLOAD_HINT}`,
			`凭据中的“证书文件”不是 PKCS#12 文件的 Base64 文本：请用 base64 -w0 apiclient_cert.p12 编码后粘贴结果，下载位置为 ${DOWNLOAD_PAGE}。`,
		);
	try {
		const file = reader.pkcs12FromAsn1(asn1.fromDer(bytes.toString('binary')), passphrase);
		const bags = file.safeContents.flatMap(({ safeBags }) => safeBags);
		const certs = bags.flatMap(({ cert }) => (cert ? [pki.certificateToPem(cert)] : []));
		const keys = bags.flatMap(({ key }) => (key ? [pki.privateKeyToPem(key)] : []));
		const [key = ''] = keys;
		// The file may also hold the certificate of the authority: the merchant's own goes first.
		certs.sort((a, b) => Number(hasKey(b, key)) - Number(hasKey(a, key)));
		return checkPair({ cert: certs.join(''), key });
	} catch (error) {
		if (error instanceof UserError) throw error;
		const isPassphrase = /password|MAC/i.test((error as Error).message);
		throw isPassphrase
			? new UserError(
					'The passphrase of the PKCS#12 file is wrong',
					'It is the merchant number, unless somebody has changed it: correct Passphrase in the credential.',
					'PKCS#12 文件的密码不正确：默认为商户号，请更正凭据中的“证书密码”。',
				)
			: new UserError(
					'"PKCS#12 File" in the credential cannot be read',
					`Encode apiclient_cert.p12 once more with base64 -w0 apiclient_cert.p12. ${DOWNLOAD_HINT}`,
					`凭据中的“证书文件”无法读取：请重新用 base64 -w0 apiclient_cert.p12 编码后粘贴，下载位置为 ${DOWNLOAD_PAGE}。`,
				);
	}
}

function hasKey(cert: string, key: string): boolean {
	try {
		createSecureContext({ cert, key });
		return true;
	} catch {
		return false;
	}
}

function checkPair(certificate: ClientCertificate): ClientCertificate {
	if (hasKey(certificate.cert, certificate.key)) return certificate;
	throw new UserError(
		'Certificate and private key in the credential do not belong together, or one of them is damaged',
		`Both must come from the same download. ${DOWNLOAD_HINT}`,
		`凭据中的证书与私钥不匹配，或其中之一已损坏：两者须来自同一次下载，下载位置为 ${DOWNLOAD_PAGE}。`,
	);
}

function checkValidity({ validTo }: Opened, now: number): void {
	if (Date.parse(validTo) > now) return;
	throw new UserError(
		`The client certificate has expired: it was valid until ${validTo}`,
		`Make a new one, and enter it in the credential. ${DOWNLOAD_HINT}`,
		`商户API证书已过期（有效期至 ${validTo}）：请在 ${DOWNLOAD_PAGE} 申请新证书，并填入凭据。`,
	);
}
