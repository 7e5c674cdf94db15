import { randomBytes } from 'node:crypto';
import { redact } from '../api/answer';
import { Problem, WechatError } from '../api/errors';
import { http as realHttp, type Http, type HttpResponse } from '../api/http';
import { parseXml, toXml, withoutControls } from '../push/xml';
import { openCertificate, pemIn, type CertificateSource } from './certificate';
import { broken, noAnswer, refusal } from './errors';
import { isSigned, signOf, type Fields } from './sign';

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
	 * Signs and sends one call, once, and returns the answer when it is a success. Throws PayError, whose outcome says
	 * whether the call may have been carried out, and Problem when there was nothing to send it with.
	 */
	call(path: string, fields: Fields): Promise<Fields>;
}

const API = 'https://api.mch.weixin.qq.com';

/** Calls WeChat Pay (API v2) for one merchant. */
export function payFor(
	merchant: Merchant,
	http: Http = realHttp,
	now: () => number = Date.now,
): PayClient {
	const { mchId, apiKey, proxyUrl } = merchant;
	return {
		mchId,
		async call(path, fields) {
			checkMerchant(merchant);
			const url = urlOf(merchant, path);
			const certificate = await openCertificate(merchant.certificate, now);
			const ca = pemIn(merchant.caCertificate ?? '', /CERTIFICATE$/) || undefined;
			const nonce = randomBytes(16).toString('hex');
			const unsigned = textsOf({ ...fields, mch_id: mchId, nonce_str: nonce });
			const sign = signOf(unsigned, apiKey);
			const response = await http({
				method: 'POST',
				url,
				body: toXml({ ...unsigned, sign }),
				contentType: 'text/xml; charset=utf-8',
				proxyUrl,
				certificate: { ...certificate, ca },
			}).catch((error: unknown) => {
				throw error instanceof WechatError ? broken(error, url.host) : error;
			});
			return judge(response, apiKey);
		},
	};
}

/** Throws {@link Problem} where a value cannot be right. */
function checkMerchant({ mchId, apiKey, ...merchant }: Merchant): void {
	if (!/^\d{8,12}$/.test(mchId))
		throw new Problem(
			'"Merchant Number" in the credential must be 8 to 12 digits',
			'It stands at pay.weixin.qq.com > Account Center (账户中心) > Merchant Information (商户信息).',
		);
	if (!/^[0-9A-Za-z]{32}$/.test(apiKey))
		throw new Problem(
			'"API v2 Key" in the credential must have 32 letters and digits',
			'It is the word that somebody has set at pay.weixin.qq.com > Account Center (账户中心) > API Security (API安全) > APIv2 key (APIv2密钥). The key of API v3 is another one.',
		);
	if (merchant.caCertificate && !pemIn(merchant.caCertificate, /CERTIFICATE$/))
		throw new Problem(
			'"CA Certificate" in the credential is not a PEM certificate',
			'Leave it empty, unless API Base URL is a relay with a certificate authority of its own.',
		);
	urlOf(merchant, '/');
}

/** Without TLS there is no certificate, and anybody could read the call. */
function urlOf({ baseUrl }: Pick<Merchant, 'baseUrl'>, path: string): URL {
	const base = (baseUrl || API).replace(/\/+$/, '');
	if (!/^https:\/\/[^/]/.test(base) || !URL.canParse(base))
		throw new Problem(
			`"API Base URL" is not an address such as ${API}`,
			'Correct API Base URL in the credential; it must begin with https://.',
		);
	return new URL(base + path);
}

/** What is signed must be what is read: XML changes line breaks and has no way to write some characters. */
function textsOf(fields: Fields): Record<string, string> {
	const texts: Record<string, string> = {};
	for (const [name, value] of Object.entries(fields)) {
		const text = withoutControls(String(value ?? ''))
			.replace(/\r\n?/g, '\n')
			.trim();
		if (text !== '') texts[name] = text;
	}
	return texts;
}

/**
 * The answer when it is a success. `return_code` tells of the call, `result_code` of what was to be done. Answers about red
 * packets need not carry a signature; one that is there must be right.
 */
function judge({ status, body }: HttpResponse, apiKey: string): Fields {
	const answer = status === 200 ? read(body) : undefined;
	if (!answer)
		throw noAnswer(
			`HTTP ${status}`,
			`something else answered in its place (HTTP ${status})`,
			'Check API Base URL and Proxy URL in the credential.',
		);
	if (answer.sign && !isSigned(answer, apiKey))
		throw noAnswer(
			'SIGN',
			'the signature of the answer is wrong',
			'Check API v2 Key and API Base URL in the credential.',
		);
	const { return_code, return_msg, result_code, err_code = '', err_code_des } = answer;
	if (return_code === 'SUCCESS' && result_code === 'SUCCESS') return answer;
	const reply = redact(String(err_code_des || return_msg || ''), [apiKey]);
	// A call that was not signed rightly is refused before it has an err_code.
	throw refusal(String(err_code) || (/签名/.test(reply) ? 'SIGN_ERROR' : ''), reply);
}

function read(body: Buffer): Fields | undefined {
	try {
		return parseXml(body.toString('utf8'));
	} catch {
		return undefined;
	}
}
