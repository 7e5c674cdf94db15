import type { PayServer } from '../../simulator/pay';
import { pkcs12Of } from '../../simulator/pay/certificates';

export const PAY_TYPE = 'wechatPayApi';

/** What a person fills in who has apiclient_cert.p12. */
export const merchantAt = ({ url, mchId, apiKey, client, authority }: PayServer) => ({
	mchId,
	apiKey,
	files: 'pkcs12',
	pkcs12: pkcs12Of(client, mchId),
	passphrase: '',
	baseUrl: url,
	caCertificate: authority.ca,
	proxyUrl: '',
});
