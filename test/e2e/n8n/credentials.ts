import type { Simulator } from '../../simulator';
import type { PayServer } from '../../simulator/pay';
import { pkcs12Of } from '../../simulator/pay/certificates';
import type { PayV3Server } from '../../simulator/payV3';

export const ACCOUNT_TYPE = 'wechatOfficialAccountApi';
export const PLATFORM_TYPE = 'wechatOpenPlatformApi';
export const PAY_TYPE = 'wechatPayApi';
export const BOT_TYPE = 'wechatBotApi';

/** What a person would fill in to use the simulator's account. */
export function toAccountCredential(simulator: Simulator): Record<string, unknown> {
	const { appId, secret, token, encodingAESKey } = simulator.account;
	return {
		appId,
		appSecret: secret,
		token,
		encodingAesKey: encodingAESKey,
		previousEncodingAesKey: '',
		encryptionMode: 'safe',
		baseUrl: simulator.url,
		proxyUrl: '',
	};
}

/** What a person would fill in to use the simulator's platform. */
export function toPlatformCredential({ platform, url }: Simulator): Record<string, unknown> {
	const { appId, secret, token, encodingAESKey } = platform.settings;
	return {
		appId,
		appSecret: secret,
		token,
		encodingAesKey: encodingAESKey,
		previousEncodingAesKey: '',
		baseUrl: url,
		proxyUrl: '',
	};
}

/** What a person fills in who has apiclient_cert.p12. */
export const toPayCredential = ({ url, mchId, apiKey, client, authority }: PayServer) => ({
	mchId,
	apiKey,
	files: 'pkcs12',
	pkcs12: pkcs12Of(client, mchId),
	passphrase: '',
	baseUrl: url,
	caCertificate: authority.ca,
	proxyUrl: '',
});

/** The same for API v3, with WeChat Pay's public key. */
export const toPayV3Credential = ({
	url,
	mchId,
	apiV3Key,
	client,
	authority,
	publicKey,
}: PayV3Server) => ({
	mchId,
	apiV3Key,
	publicKeyId: publicKey.id,
	publicKey: publicKey.pem,
	files: 'pem',
	certificate: client.cert,
	privateKey: client.key,
	baseUrl: url,
	caCertificate: authority.ca,
	proxyUrl: '',
});
