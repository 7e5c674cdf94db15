import { ADDRESS_HINTS, type Peer } from '../base/connectionError';
import { extractPem } from '../base/pem';
import { toServerUrl } from '../base/serverUrl';
import { UserError } from '../base/userError';
import type { CertificateSource } from '../pay/certificate';

/** A merchant of WeChat Pay (商户) who calls its API v3. */
export interface PayV3Merchant {
	mchId: string;
	/** API v3 key (APIv3密钥), 32 bytes: opens notifications and platform certificates. */
	apiV3Key: string;
	/** The merchant's certificate and private key: what is sent is signed with it. */
	certificate: CertificateSource;
	/** WeChat Pay public key (微信支付公钥); without it, platform certificates are fetched. */
	publicKey?: { id: string; pem: string };
	/** PEM of the authority of a relay; WeChat's own is known to Node.js. */
	caCertificate?: string;
	/** e.g. https://api.mch.weixin.qq.com. */
	baseUrl: string;
	proxyUrl?: string;
	/** False: never the second host api2.mch.weixin.qq.com. */
	usesOtherHosts?: boolean;
}

export const WECHAT_PAY_PEER: Peer = {
	name: 'WeChat Pay',
	...ADDRESS_HINTS,
};

/**
 * The hosts of API v3, in the order in which they are tried.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012070411
 */
export const PAY_HOSTS = ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com'] as const;

const API = `https://${PAY_HOSTS[0]}`;
/** What the IDs of public keys begin with; serial numbers of certificates are hexadecimal. */
export const PUBLIC_KEY_ID = 'PUB_KEY_ID_';
const API_V3_KEY_BYTES = 32;

const SECURITY = 'pay.weixin.qq.com > Account Center (账户中心) > API Security (API安全)';
const SECURITY_PAGE = 'pay.weixin.qq.com > 账户中心 > API安全';

/**
 * Checks the values of a credential by their shape, before anything is sent. The certificate is checked where it is opened.
 *
 * @throws {UserError} when one cannot be right; the message names its field.
 */
export function checkPayV3Merchant(merchant: PayV3Merchant): void {
	const { mchId, apiV3Key, caCertificate } = merchant;
	if (!/^\d{8,12}$/.test(mchId))
		throw new UserError(
			'"Merchant Number" in the credential must be 8 to 12 digits',
			'Find it at pay.weixin.qq.com > Account Center (账户中心) > Merchant Information (商户信息).',
			'凭据中的“商户号”应为 8 至 12 位数字：请在 pay.weixin.qq.com > 账户中心 > 商户信息 查看。',
		);
	checkApiV3Key(apiV3Key);
	if (merchant.publicKey) checkPublicKey(merchant.publicKey);
	if (caCertificate && !extractPem(caCertificate, 'CERTIFICATE'))
		throw new UserError(
			'"CA Certificate" in the credential is not a PEM certificate',
			'Leave it empty, unless API Base URL is a relay with a certificate authority of its own.',
			'凭据中的“CA Certificate”不是 PEM 证书：请留空，除非“接口地址”是使用自建 CA 的中转服务器。',
		);
	toPayV3Url(merchant, '/');
}

function checkApiV3Key(apiV3Key: string): void {
	const hint = `Take the key that was set at ${SECURITY} > APIv3 key (APIv3密钥). The key of API v2 is another one. Nobody can read a key there: set a new one when it is lost.`;
	const whatToDo = `请填写在 ${SECURITY_PAGE} > APIv3密钥 设置的密钥，不是 APIv2密钥；密钥设置后无法查看，遗忘时请重新设置`;
	if (!apiV3Key)
		throw new UserError(
			'"API v3 Key" in the credential is missing: all but red packets need it',
			hint,
			`凭据中没有填写“APIv3密钥”，除红包外都需要它：${whatToDo}。`,
		);
	const length = Buffer.byteLength(apiV3Key);
	if (length !== API_V3_KEY_BYTES)
		throw new UserError(
			`"API v3 Key" in the credential must have ${API_V3_KEY_BYTES} letters and digits, and has ${length}`,
			hint,
			`凭据中的“APIv3密钥”应为 ${API_V3_KEY_BYTES} 位字母和数字，而现在是 ${length} 位：${whatToDo}。`,
		);
}

const PUBLIC_KEY_PAGE = `It is at ${SECURITY} > WeChat Pay Public Key (微信支付公钥)`;
const PUBLIC_KEY_PLACE = `${SECURITY_PAGE} > 微信支付公钥`;

function checkPublicKey({ id, pem }: { id: string; pem: string }): void {
	if (!id)
		throw new UserError(
			'"WeChat Pay Public Key ID" in the credential is missing, although there is a key',
			`${PUBLIC_KEY_PAGE}, beside the key, and begins with ${PUBLIC_KEY_ID}.`,
			`凭据中填了微信支付公钥，却没有填“微信支付公钥ID”：请在 ${PUBLIC_KEY_PLACE} 查看，以 ${PUBLIC_KEY_ID} 开头。`,
		);
	if (!/^PUB_KEY_ID_\w+$/.test(id))
		throw new UserError(
			`"WeChat Pay Public Key ID" in the credential must begin with ${PUBLIC_KEY_ID}`,
			`${PUBLIC_KEY_PAGE}, beside the key. The serial number of a certificate is something else.`,
			`凭据中的“微信支付公钥ID”须以 ${PUBLIC_KEY_ID} 开头：请在 ${PUBLIC_KEY_PLACE} 查看，不要填证书序列号。`,
		);
	if (!pem)
		throw new UserError(
			'"WeChat Pay Public Key" in the credential is missing, although there is its ID',
			`${PUBLIC_KEY_PAGE}: download pub_key.pem, and paste its text.`,
			`凭据中填了微信支付公钥ID，却没有填“微信支付公钥”：请在 ${PUBLIC_KEY_PLACE} 下载 pub_key.pem，粘贴其内容。`,
		);
	if (extractPem(pem, 'PUBLIC KEY')) return;
	const { english, chinese } = describeWrongPem(pem);
	throw new UserError(
		`"WeChat Pay Public Key" in the credential ${english}`,
		`${PUBLIC_KEY_PAGE}: download pub_key.pem, and paste its text, from -----BEGIN PUBLIC KEY----- on.`,
		`凭据中的“微信支付公钥”${chinese}：请在 ${PUBLIC_KEY_PLACE} 下载 pub_key.pem，粘贴从 -----BEGIN PUBLIC KEY----- 开始的全部内容。`,
	);
}

function describeWrongPem(pem: string): { english: string; chinese: string } {
	if (extractPem(pem, 'PRIVATE KEY'))
		return {
			english: 'is a private key, which must never leave the merchant',
			chinese: '填的是私钥，私钥绝不能外传',
		};
	if (extractPem(pem, 'CERTIFICATE')) return { english: 'is a certificate', chinese: '填的是证书' };
	return { english: 'is not a PEM key', chinese: '不是 PEM 公钥' };
}

/**
 * Creates the address of a path. Without TLS anybody could read the call.
 *
 * @throws {UserError} when API Base URL is no address.
 */
export const toPayV3Url = ({ baseUrl }: Pick<PayV3Merchant, 'baseUrl'>, target: string): URL =>
	toServerUrl(baseUrl || API, target, {
		name: 'API Base URL',
		example: API,
		hint: 'Correct API Base URL in the credential; it must begin with https://.',
		needsTls: true,
	});
