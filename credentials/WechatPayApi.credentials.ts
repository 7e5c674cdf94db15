import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { proxyUrl } from '../nodes/n8n/credentialFields';

const forPkcs12 = { show: { files: ['pkcs12'] } };
const forPem = { show: { files: ['pem'] } };

export class WechatPayApi implements ICredentialType {
	name = 'wechatPayApi';

	displayName = 'WeChat Pay API';

	icon: Icon = { light: 'file:wechat.svg', dark: 'file:wechat.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-wechat-platform/n8n-nodes-wechat-platform#red-packets';

	properties: INodeProperties[] = [
		{
			displayName:
				'Key and certificate are at pay.weixin.qq.com > Account Center (账户中心) > API Security (API安全). The product Cash Red Packet (现金红包) must be active there, and the address of this n8n entered in its settings.',
			name: 'where',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Merchant Number',
			name: 'mchId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 1900000109',
			description: 'Number of the merchant (商户号)',
		},
		{
			displayName: 'API v2 Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'APIv2 key (APIv2密钥), 32 letters and digits. The one of API v3 is another key.',
		},
		{
			displayName: 'Files',
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
			displayName: 'Certificate',
			name: 'certificate',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: forPem,
			required: true,
			default: '',
			description: 'The text in apiclient_cert.pem; it does not matter if line breaks get lost',
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: forPem,
			required: true,
			default: '',
			description: 'The text in apiclient_key.pem; it does not matter if line breaks get lost',
		},
		{
			displayName: 'PKCS#12 File',
			name: 'pkcs12',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: forPkcs12,
			required: true,
			default: '',
			description: 'Apiclient_cert.p12 as Base64 text: what "base64 -w0 apiclient_cert.p12" prints',
		},
		{
			displayName: 'Passphrase',
			name: 'passphrase',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: forPkcs12,
			default: '',
			description: 'Passphrase of the PKCS#12 file. When empty, it is the merchant number.',
		},
		{
			displayName: 'API Base URL',
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
	];
}
