import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { ClientCertificate } from '../base/http';
import { openCertificate, type CertificateSource } from '../pay/certificate';

/** What a merchant signs with. */
export interface MerchantKey {
	/** Serial number of the certificate (商户API证书序列号), by which WeChat finds it. */
	serial: string;
	privateKey: KeyObject;
}

/** Lives as long as the certificate is remembered: to parse a key takes as long as to sign with it. */
const parsed = new WeakMap<ClientCertificate, MerchantKey>();

/**
 * Opens the key of a merchant.
 *
 * @throws {UserError} when certificate or key is wrong or expired; the message names the field of the credential.
 */
export async function openMerchantKey(
	source: CertificateSource,
	now: () => number,
): Promise<MerchantKey> {
	const certificate = await openCertificate(source, now);
	const known = parsed.get(certificate);
	if (known) return known;
	const key = {
		serial: readSerial(new X509Certificate(certificate.cert)),
		privateKey: createPrivateKey(certificate.key),
	};
	parsed.set(certificate, key);
	return key;
}

/**
 * Reads a serial number as WeChat's pages show it: all bytes in capital hexadecimal digits, a zero at the front included.
 * An authority that forgets the zero byte before a high bit (RFC 5280, 4.1.2.2) writes a negative number: Node.js says
 * so, WeChat does not.
 */
export function readSerial({ serialNumber }: Pick<X509Certificate, 'serialNumber'>): string {
	const digits = serialNumber.replace('-', '').toUpperCase();
	const even = digits.padStart(digits.length + (digits.length % 2), '0');
	if (!serialNumber.startsWith('-')) return even;
	const unsigned = (1n << BigInt(even.length * 4)) - BigInt(`0x${even}`);
	return unsigned.toString(16).toUpperCase().padStart(even.length, '0');
}
