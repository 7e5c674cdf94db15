import { constants, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';
import { UserError } from '../base/userError';

/** RSA with OAEP and SHA-1, as WeChat Pay encrypts fields (敏感信息加解密). */
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
/** What OAEP with SHA-1 takes away from the length of the key, in bytes. */
const OAEP_BYTES = 42;

/**
 * Encrypts texts in a body for the key that WeChat knows under the serial in Wechatpay-Serial. The body itself stays as
 * it is.
 *
 * @param places such as `user_name` or `receivers.*.name`, where `*` is each entry of a list
 * @throws {UserError} when a text is too long.
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053257
 */
export function encryptFields(
	body: Record<string, unknown>,
	places: readonly string[],
	key: KeyObject,
): Record<string, unknown> {
	return places.reduce<unknown>(
		(whole, place) => changeAt(whole, place.split('.'), (text) => encryptText(text, place, key)),
		body,
	) as Record<string, unknown>;
}

/** What is encrypted as the text that it is in JSON: a telephone number may come as a number. */
const TEXTUAL: ReadonlySet<string> = new Set(['bigint', 'number', 'string']);

function changeAt(
	value: unknown,
	[step, ...rest]: string[],
	change: (text: string) => string,
): unknown {
	if (step === undefined) return TEXTUAL.has(typeof value) && value ? change(String(value)) : value;
	if (step === '*')
		return Array.isArray(value) ? value.map((entry) => changeAt(entry, rest, change)) : value;
	if (typeof value !== 'object' || value === null || !(step in value)) return value;
	const object = value as Record<string, unknown>;
	return { ...object, [step]: changeAt(object[step], rest, change) };
}

function encryptText(text: string, place: string, key: KeyObject): string {
	const bytes = Buffer.from(text);
	const max = (key.asymmetricKeyDetails?.modulusLength ?? 2048) / 8 - OAEP_BYTES;
	if (bytes.length > max)
		throw new UserError(
			`"${place}" has ${bytes.length} bytes; WeChat Pay wants it encrypted, and that takes at most ${max}`,
			'Shorten it. A Chinese character has three bytes.',
			`“${place}”有 ${bytes.length} 字节，而微信支付要求加密的字段最多 ${max} 字节：请缩短内容（一个汉字占 3 字节）。`,
		);
	return publicEncrypt({ key, ...OAEP }, bytes).toString('base64');
}

/**
 * Decrypts a field of an answer with the merchant's private key.
 *
 * @throws {UserError} when it was encrypted for another key.
 */
export function decryptField(encrypted: string, key: KeyObject): string {
	try {
		return privateDecrypt({ key, ...OAEP }, Buffer.from(encrypted, 'base64')).toString('utf8');
	} catch {
		throw createOtherKeyError();
	}
}

const createOtherKeyError = () =>
	new UserError(
		'A field of the answer was encrypted for another certificate than the one in the credential',
		'Enter the newest API certificate of the merchant in the credential. What was encrypted for an older one is read with that.',
		'应答中的字段不是用凭据中的证书加密的：请在凭据中填入商户最新的API证书；用旧证书加密的内容只能用旧证书的私钥解密。',
	);
