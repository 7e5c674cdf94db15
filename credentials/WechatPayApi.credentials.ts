import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import {
	otherHosts,
	proxyUrl,
	savedFields,
	saveState,
	sharedStateFields,
} from '../nodes/n8n/credentialFields';

const [sharedState, ...redisFields] = sharedStateFields;

const forPkcs12 = { show: { files: ['pkcs12'] } };
const forPem = { show: { files: ['pem'] } };

export class WechatPayApi implements ICredentialType {
	name = 'wechatPayApi';

	displayName = 'WeChat Pay (微信支付) API';

	icon: Icon = { light: 'file:wechat.svg', dark: 'file:wechat.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-wechat-platform/n8n-nodes-wechat-platform/blob/main/docs/payments.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'Keys and certificate are at pay.weixin.qq.com > Account Center (账户中心) > API Security (API安全). For red packets alone leave the key of API v3 empty; for all else, that of API v2. Transfers and red packets are only taken from servers that are entered in the settings of their product (产品中心): enter the address of this n8n there.',
			name: 'where',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Merchant Number (商户号)',
			name: 'mchId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 1900000109',
			description:
				'Number of the merchant: Account Center (账户中心) > Merchant Information (商户信息)',
		},
		{
			displayName: 'API v3 Key (APIv3密钥)',
			name: 'apiV3Key',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'APIv3 key, 32 letters and digits: for payments, refunds, transfers, bills, complaints and notifications',
		},
		{
			displayName: 'Files (文件)',
			name: 'files',
			type: 'options',
			options: [
				{ name: 'PEM (Apiclient_cert.pem and Apiclient_key.pem)', value: 'pem' },
				{ name: 'PKCS#12 (Apiclient_cert.p12)', value: 'pkcs12' },
			],
			default: 'pem',
			description: 'Which files of the API certificate (API证书) you have',
		},
		{
			displayName: 'Certificate (证书)',
			name: 'certificate',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: forPem,
			required: true,
			default: '',
			description: 'The text in apiclient_cert.pem; it does not matter if line breaks get lost',
		},
		{
			displayName: 'Private Key (私钥)',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: forPem,
			required: true,
			default: '',
			description: 'The text in apiclient_key.pem; it does not matter if line breaks get lost',
		},
		{
			displayName: 'PKCS#12 File (证书文件)',
			name: 'pkcs12',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: forPkcs12,
			required: true,
			default: '',
			description: 'Apiclient_cert.p12 as Base64 text: what "base64 -w0 apiclient_cert.p12" prints',
		},
		{
			displayName: 'Passphrase (证书密码)',
			name: 'passphrase',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: forPkcs12,
			default: '',
			description: 'Passphrase of the PKCS#12 file. When empty, it is the merchant number.',
		},
		{
			displayName: 'WeChat Pay Public Key ID (微信支付公钥ID)',
			name: 'publicKeyId',
			// eslint-disable-next-line n8n-nodes-base/cred-class-field-type-options-password-missing -- no secret, and people compare it
			type: 'string',
			default: '',
			placeholder: 'e.g. PUB_KEY_ID_0119000001092026112900000000000001',
			description:
				'ID of the public key of WeChat Pay, which stands beside it at API Security (API安全). Empty for a merchant of before October 2024 who has none: then its platform certificates (平台证书) are fetched.',
		},
		{
			displayName: 'WeChat Pay Public Key (微信支付公钥)',
			name: 'publicKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The text in pub_key.pem, with which answers and notifications are verified; it does not matter if line breaks get lost',
		},
		{
			displayName: 'API v2 Key (APIv2密钥)',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'APIv2 key, 32 letters and digits: for red packets only. Their product (现金红包) must be active, and the address of this n8n entered in its settings.',
		},
		{
			displayName: 'API Base URL (接口地址)',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.mch.weixin.qq.com',
			description: 'Or a relay with a fixed address, which passes everything on',
		},
		{
			displayName: 'CA Certificate',
			name: 'caCertificate',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'PEM of the certificate authority of a relay that has one of its own; then no other server is trusted. Empty for WeChat itself.',
		},
		proxyUrl,
		{
			...otherHosts,
			description:
				'Whether calls of API v3 go to api2.mch.weixin.qq.com (备域名) when api.mch.weixin.qq.com cannot be reached. Never with another API Base URL.',
		},
		{
			...sharedState,
			description:
				'Where WeChat Pay Trigger keeps which notifications came. In the credential those are the newest 500; in Redis all of a day, and processes of n8n agree on who starts a run.',
		},
		...redisFields,
		...savedFields,
	];

	preAuthentication = saveState;
}
