import { randomBytes } from 'node:crypto';
import {
	ADDRESS_HINTS,
	ConnectionError,
	createStatusError,
	type Peer,
} from '../base/connectionError';
import { extractPem } from '../base/pem';
import { createRedact } from '../base/redact';
import { toServerUrl } from '../base/serverUrl';
import { UserError } from '../base/userError';
import { sendHttp as realHttp, type Http, type HttpResponse } from '../base/http';
import { removeControls } from '../base/controlCharacters';
import { createXmlParser, toXml } from '../base/xml';
import { openCertificate, type CertificateSource } from './certificate';
import { createNoAnswerError, toRefusedError, withCertificateHint } from './payError';
import { isSignedWith, signFields, type PayFields } from './paySignature';

/** A merchant of WeChat Pay (商户) who calls its API v2. */
export interface Merchant {
	mchId: string;
	/** API v2 key (APIv2密钥), 32 characters. */
	apiKey: string;
	certificate: CertificateSource;
	/** PEM of the authority of a relay; WeChat's own is known to Node.js. */
	caCertificate?: string;
	/** e.g. https://api.mch.weixin.qq.com. */
	baseUrl: string;
	proxyUrl?: string;
}

export interface PayClient {
	mchId: string;
	/**
	 * Signs and sends one call, once, and returns the answer when it is a success.
	 *
	 * @throws {PayError} when WeChat Pay refused it. Its outcome says whether the call may have been carried out.
	 * @throws {ConnectionError} when there is no answer.
	 * @throws {UserError} when there is nothing to send it with.
	 */
	call(path: string, fields: PayFields): Promise<PayFields>;
}

const API = 'https://api.mch.weixin.qq.com';
const PEER: Peer = {
	name: 'WeChat Pay',
	...ADDRESS_HINTS,
};

/** Calls WeChat Pay (API v2) for one merchant. */
export function createPayClient(
	merchant: Merchant,
	http: Http = realHttp,
	now: () => number = Date.now,
): PayClient {
	const { mchId, apiKey, proxyUrl } = merchant;
	return {
		mchId,
		async call(path, fields) {
			checkMerchant(merchant);
			const url = toPayUrl(merchant, path);
			const certificate = await openCertificate(merchant.certificate, now);
			const ca = extractPem(merchant.caCertificate ?? '', 'CERTIFICATE') || undefined;
			const nonce = randomBytes(16).toString('hex');
			const unsigned = toSignableTexts({ ...fields, mch_id: mchId, nonce_str: nonce });
			const sign = signFields(unsigned, apiKey);
			const response = await http({
				peer: PEER,
				method: 'POST',
				url,
				body: toXml({ ...unsigned, sign }),
				contentType: 'text/xml; charset=utf-8',
				proxyUrl,
				certificate: { ...certificate, ca },
			}).catch((error: unknown) => {
				throw error instanceof ConnectionError ? withCertificateHint(error) : error;
			});
			return parsePayResponse(response, path, apiKey);
		},
	};
}

/**
 * Checks the values of a credential.
 *
 * @throws {UserError} when one cannot be right; the message names its field.
 */
function checkMerchant({ mchId, apiKey, ...merchant }: Merchant): void {
	if (!/^\d{8,12}$/.test(mchId))
		throw new UserError(
			'"Merchant Number" in the credential must be 8 to 12 digits',
			'Find it at pay.weixin.qq.com > Account Center (账户中心) > Merchant Information (商户信息).',
			'凭据中的“商户号”应为 8 至 12 位数字：请在 pay.weixin.qq.com > 账户中心 > 商户信息 查看。',
		);
	if (!/^[0-9A-Za-z]{32}$/.test(apiKey))
		throw new UserError(
			'"API v2 Key" in the credential must have 32 letters and digits',
			'Take the key that was set at pay.weixin.qq.com > Account Center (账户中心) > API Security (API安全) > APIv2 key (APIv2密钥). The key of API v3 is another one.',
			'凭据中的“APIv2密钥”应为 32 位字母和数字：请填写在 pay.weixin.qq.com > 账户中心 > API安全 > APIv2密钥 设置的密钥，不是 APIv3密钥。',
		);
	if (merchant.caCertificate && !extractPem(merchant.caCertificate, 'CERTIFICATE'))
		throw new UserError(
			'"CA Certificate" in the credential is not a PEM certificate',
			'Leave it empty, unless API Base URL is a relay with a certificate authority of its own.',
			'凭据中的“CA Certificate”不是 PEM 证书：请留空，除非“接口地址”是使用自建 CA 的中转服务器。',
		);
	toPayUrl(merchant, '/');
}

/** Without TLS there is no certificate, and anybody could read the call. */
const toPayUrl = ({ baseUrl }: Pick<Merchant, 'baseUrl'>, path: string): URL =>
	toServerUrl(baseUrl || API, path, {
		name: 'API Base URL',
		example: API,
		hint: 'Correct API Base URL in the credential; it must begin with https://.',
		needsTls: true,
	});

/** Makes texts that XML does not change: it changes line breaks and cannot hold some characters. */
function toSignableTexts(fields: PayFields): Record<string, string> {
	const texts: Record<string, string> = {};
	for (const [name, value] of Object.entries(fields)) {
		const text = removeControls(String(value ?? ''))
			.replace(/\r\n?/g, '\n')
			.trim();
		if (text !== '') texts[name] = text;
	}
	return texts;
}

/**
 * Reads the answer when it is a success. `return_code` is about the call, `result_code` about its work. Answers about
 * red packets need no signature, but a wrong one is refused.
 *
 * @throws {PayError} when WeChat Pay refused the call, or the answer cannot be read or believed.
 */
function parsePayResponse(response: HttpResponse, path: string, apiKey: string): PayFields {
	const answer = response.status === 200 ? parseFields(response.body) : undefined;
	if (!answer) throw createStatusError(response, { peer: PEER, path });
	if (answer.sign && !isSignedWith(answer, apiKey))
		throw createNoAnswerError('SIGN', 'the signature of the answer is wrong', {
			hint: 'Check API v2 Key and API Base URL in the credential.',
			chinese: '微信支付应答的签名不正确：请检查凭据中的“APIv2密钥”和“接口地址”。',
		});
	const { return_code, return_msg, result_code, err_code = '', err_code_des } = answer;
	if (return_code === 'SUCCESS' && result_code === 'SUCCESS') return answer;
	const reply = createRedact([apiKey])(String(err_code_des || return_msg || ''));
	// A call that was not signed rightly is refused before it has an err_code.
	throw toRefusedError(String(err_code) || (/签名/.test(reply) ? 'SIGN_ERROR' : ''), reply);
}

const parseXml = createXmlParser();

function parseFields(body: Buffer): PayFields | undefined {
	try {
		return parseXml(body.toString('utf8'));
	} catch {
		return undefined;
	}
}
