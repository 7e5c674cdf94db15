import { generateKeyPairSync } from 'node:crypto';
import { asn1, md, pkcs12, pki } from 'node-forge';

export interface Certified {
	cert: string;
	key: string;
}

/** A certificate authority of its own, which nobody but its tests knows. */
export interface Authority {
	ca: string;
	/** A certificate for 127.0.0.1 and a host of that name, or for a client; `serial` in hexadecimal. */
	issue(name: string, validDays?: number, serial?: string): Certified;
}

const DAY_MS = 86_400_000;

export function newAuthority(name: string): Authority {
	const own = newKey();
	const subject = [{ name: 'commonName', value: name }];
	let issued = 1;

	function sign(
		commonName: string,
		key: string,
		days: number,
		extensions: object[],
		serial = (++issued).toString(16).padStart(4, '0'),
	): string {
		const certificate = pki.createCertificate();
		certificate.publicKey = pki.setRsaPublicKey(...publicPartsOf(key));
		// A number with its highest bit set would be a negative one.
		certificate.serialNumber = /^[89a-f]/i.test(serial) ? `00${serial}` : serial;
		certificate.validity.notBefore = new Date(Date.now() - 10 * DAY_MS);
		certificate.validity.notAfter = new Date(Date.now() + days * DAY_MS);
		certificate.setSubject([{ name: 'commonName', value: commonName }]);
		certificate.setIssuer(subject);
		certificate.setExtensions(extensions);
		certificate.sign(pki.privateKeyFromPem(own), md.sha256.create());
		return pki.certificateToPem(certificate);
	}

	return {
		ca: sign(name, own, 100, [{ name: 'basicConstraints', cA: true, critical: true }]),
		issue(commonName, validDays = 100, serial = undefined) {
			const key = newKey();
			const altNames = [
				{ type: 7, ip: '127.0.0.1' },
				{ type: 2, value: commonName },
			];
			const forServer = { name: 'subjectAltName', altNames };
			return { cert: sign(commonName, key, validDays, [forServer], serial), key };
		},
	};
}

/** As apiclient_cert.p12: Base64 of a PKCS#12 file whose key is encrypted with 3DES; other certificates may stand in it before. */
export function pkcs12Of(
	{ cert, key }: Certified,
	passphrase: string,
	before: string[] = [],
): string {
	const file = pkcs12.toPkcs12Asn1(
		pki.privateKeyFromPem(key),
		[...before, cert].map((one) => pki.certificateFromPem(one)),
		passphrase,
		{ algorithm: '3des' },
	);
	return Buffer.from(asn1.toDer(file).getBytes(), 'binary').toString('base64');
}

/** Node.js makes keys a hundred times faster. */
const newKey = () =>
	generateKeyPairSync('rsa', {
		modulusLength: 2048,
		privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
		publicKeyEncoding: { type: 'spki', format: 'pem' },
	}).privateKey;

function publicPartsOf(key: string): Parameters<typeof pki.setRsaPublicKey> {
	const { n, e } = pki.privateKeyFromPem(key);
	return [n, e];
}
