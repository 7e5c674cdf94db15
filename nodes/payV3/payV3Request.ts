import { randomBytes } from 'node:crypto';
import { sendToHosts } from '../api/apiHosts';
import type { Services } from '../api/services';
import { ConnectionError } from '../base/connectionError';
import { extractPem } from '../base/pem';
import type { HttpMethod, HttpResponse } from '../base/http';
import { withCertificateHint } from '../pay/payError';
import { openMerchantKey } from './merchantKey';
import { PAY_HOSTS, toPayV3Url, WECHAT_PAY_PEER, type PayV3Merchant } from './payV3Merchant';
import { toAuthorization } from './payV3Signature';

/** A request, complete but for its signature. */
export interface PayV3Request {
	method: HttpMethod;
	/** Path and query, exactly as they are to be signed and sent. */
	target: string;
	/** What is sent, if anything. */
	content?: { body: string | Buffer; contentType: string };
	/** What is signed in place of the content: of a form only its part meta. */
	signedBody?: string;
	/** Names the key that WeChat shall sign its answer with, and that fields are encrypted for. */
	platformSerial?: string;
	/** What kind of answer is taken. Default: JSON. */
	accept?: string;
	/** Whether it may be sent again although it may have been carried out. */
	isRepeatable: boolean;
}

/** WeChat Pay refuses requests without a name with 400. */
const USER_AGENT = 'n8n-nodes-wechat-platform';

/**
 * Signs a request and sends it, once to each host at most. Each has a signature of its own time.
 *
 * @throws {ConnectionError} when there is no answer.
 * @throws {UserError} when there is nothing to sign it with.
 */
export async function sendSigned(
	merchant: PayV3Merchant,
	services: Services,
	{ method, target, content, isRepeatable, ...request }: PayV3Request,
): Promise<HttpResponse> {
	const { mchId, proxyUrl, usesOtherHosts, caCertificate = '' } = merchant;
	const key = await openMerchantKey(merchant.certificate, services.clock.now);
	const { signedBody = content?.body.toString() ?? '', platformSerial } = request;
	const authorization = toAuthorization(mchId, key, {
		method,
		target,
		timestamp: String(Math.floor(services.clock.now() / 1000)),
		nonce: randomBytes(16).toString('hex').toUpperCase(),
		body: signedBody,
	});
	const ca = extractPem(caCertificate, 'CERTIFICATE');
	return await sendToHosts(PAY_HOSTS, services, {
		peer: WECHAT_PAY_PEER,
		method,
		// A relay may lie in a folder, of which WeChat knows nothing.
		url: toPayV3Url(merchant, target),
		...content,
		headers: {
			accept: request.accept ?? 'application/json',
			authorization,
			'user-agent': USER_AGENT,
			...(platformSerial && { 'wechatpay-serial': platformSerial }),
		},
		proxyUrl,
		usesOtherHosts,
		isRepeatable,
		...(ca && { certificate: { ca } }),
	}).catch((error: unknown) => {
		throw error instanceof ConnectionError ? withCertificateHint(error) : error;
	});
}
