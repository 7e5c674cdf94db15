import type { KeyObject } from 'node:crypto';
import { isSignedBy, linesOf } from './crypt';
import { numberOf, type MerchantKeys } from './keys';
import { PayV3Refusal } from './refusal';

/** The request as it is signed. */
export interface SignedRequest {
	method: string;
	/** The path and the query, as they were sent. */
	target: string;
	authorization: string | undefined;
	/** The body, or of a form its part meta. */
	signed: Buffer;
}

const SCHEMA = 'WECHATPAY2-SHA256-RSA2048';
const PARTS = ['mchid', 'nonce_str', 'serial_no', 'signature', 'timestamp'];
const MAX_MS = 300_000;

const signError = (words: string) => new PayV3Refusal(401, 'SIGN_ERROR', words);

/**
 * 签名认证: refuses with 401 what is not signed by the merchant within five minutes, in the words that others got from WeChat.
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365342
 */
export function checkAuthorization(
	request: SignedRequest,
	mchId: string,
	merchant: Pick<MerchantKeys, 'serial' | 'publicKey'>,
	now: number,
): void {
	const isTransaction = request.target.startsWith('/v3/pay/transactions/');
	const malformed = signError(
		isTransaction
			? '签名信息错误，验签失败'
			: 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》',
	);
	const [schema, ...rest] = (request.authorization ?? '').split(' ');
	if (request.authorization === undefined || rest.length === 0) throw malformed;
	if (schema !== SCHEMA)
		throw isTransaction ? malformed : signError('Http头Authorization认证类型不正确');
	const parts = readParts(rest.join(' '));
	if (!parts) throw malformed;
	const { mchid, serial_no, timestamp, nonce_str, signature } = parts;
	if (!/^\d{10}$/.test(timestamp) || nonce_str === '') throw malformed;
	if (Math.abs(now - Number(timestamp) * 1000) > MAX_MS)
		throw signError('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
	if (mchid !== mchId) throw signError('签名错误');
	if (!/^[0-9A-F]+$/i.test(serial_no) || numberOf(serial_no) !== merchant.serial)
		throw signError('商户证书序列号有误。请使用签名私钥匹配的证书序列号');
	checkSignature(request, merchant.publicKey, { timestamp, nonce: nonce_str, signature });
}

/** `key="value"`, five of them in any order, with a comma and nothing else between them. */
function readParts(text: string): Record<string, string> | undefined {
	const pairs = text.split(',').map((pair) => /^(\w+)="([^"]*)"$/.exec(pair));
	const parts: Record<string, string> = {};
	for (const pair of pairs) {
		if (!pair || pair[1] in parts) return undefined;
		parts[pair[1]] = pair[2];
	}
	return Object.keys(parts).sort().join() === PARTS.join() ? parts : undefined;
}

const SHOWN_BYTES = 200;

function checkSignature(
	{ method, target, signed }: SignedRequest,
	key: KeyObject,
	given: { timestamp: string; nonce: string; signature: string },
): void {
	const bytes = linesOf(method, target, given.timestamp, given.nonce, signed);
	if (isSignedBy(key, bytes, given.signature)) return;
	throw new PayV3Refusal(401, 'SIGN_ERROR', '错误的签名，验签失败', {
		field: 'signature',
		issue: 'sign not match',
		location: 'authorization',
		sign_information: {
			method,
			url: target,
			truncated_sign_message: bytes.subarray(0, SHOWN_BYTES).toString().replace(/\n/g, '\\n'),
			sign_message_length: bytes.length,
		},
	});
}
