import { X509Certificate } from 'node:crypto';
import { md, pki } from 'node-forge';
import { openMerchantKey, readSerial } from '../../nodes/payV3/merchantKey';
import { merchant, merchantKey } from '../support/payV3';

const keys = pki.rsa.generateKeyPair(1024);

/** A certificate whose serial number has these very bytes, as DER has them. */
function certify(bytes: string): X509Certificate {
	const certificate = pki.createCertificate();
	certificate.publicKey = keys.publicKey;
	certificate.serialNumber = bytes;
	certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
	certificate.sign(keys.privateKey, md.sha256.create());
	return new X509Certificate(pki.certificateToPem(certificate));
}

// RFC 5280, 4.1.2.2: a zero byte stands before a high bit; WeChat's pages show 40 digits.
test.each([
	[
		'two digits for each byte',
		'5157f09efdc096de15ebe81a47057a7232f1b8e1',
		'5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
	],
	[
		'a zero digit at the front',
		'0a57f09efdc096de15ebe81a47057a7232f1b8e1',
		'0A57F09EFDC096DE15EBE81A47057A7232F1B8E1',
	],
	[
		'a high bit behind its zero byte',
		'00f157f09efdc096de15ebe81a47057a7232f1b8e1',
		'F157F09EFDC096DE15EBE81A47057A7232F1B8E1',
	],
	[
		'a high bit without it',
		'f157f09efdc096de15ebe81a47057a7232f1b8e1',
		'F157F09EFDC096DE15EBE81A47057A7232F1B8E1',
	],
	['the highest bit alone', '8000', '8000'],
	['a negative number with fewer digits', 'fe01', 'FE01'],
])('a serial number with %s is read as WeChat shows it', (_, bytes, serial) => {
	expect(readSerial(certify(bytes))).toBe(serial);
});

test('the key of a certificate is parsed once, and not used when the certificate has expired', async () => {
	const { certificate } = merchant;
	const first = await openMerchantKey(certificate, Date.now);
	expect(first.serial).toBe(merchantKey.serialNumber);
	expect(await openMerchantKey({ ...certificate }, Date.now)).toBe(first);
	const end = () => Date.parse(merchantKey.validTo);
	await expect(openMerchantKey(certificate, end)).rejects.toThrow('has expired');
});
