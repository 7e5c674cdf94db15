import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { CertificateSource } from '../pay/certificate';
import type { Merchant } from '../pay/payClient';
import type { PayV3Merchant } from '../payV3/payV3Merchant';

export const WECHAT_PAY = 'wechatPayApi';

export function readMerchant(credential: ICredentialDataDecryptedObject): Merchant {
	const text = (name: string) => String(credential[name] ?? '').trim();
	const mchId = text('mchId');
	const certificate: CertificateSource =
		text('files') === 'pkcs12'
			? { kind: 'pkcs12', pkcs12: text('pkcs12'), passphrase: text('passphrase') || mchId }
			: { kind: 'pem', certificate: text('certificate'), privateKey: text('privateKey') };
	return {
		mchId,
		apiKey: text('apiKey'),
		certificate,
		caCertificate: text('caCertificate'),
		baseUrl: text('baseUrl'),
		proxyUrl: text('proxyUrl'),
	};
}

/** The same for API v3. */
export function readPayV3Merchant(credential: ICredentialDataDecryptedObject): PayV3Merchant {
	const { apiKey: _, ...merchant } = readMerchant(credential);
	const text = (name: string) => String(credential[name] ?? '').trim();
	const [id, pem] = [text('publicKeyId'), text('publicKey')];
	return {
		...merchant,
		apiV3Key: text('apiV3Key'),
		...((id || pem) && { publicKey: { id, pem } }),
		usesOtherHosts: credential.otherHosts !== false,
	};
}
