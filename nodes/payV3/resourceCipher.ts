import { createDecipheriv } from 'node:crypto';
import { UserError } from '../base/userError';

/** What a notification is about, or a platform certificate, as WeChat encrypts it. */
export interface EncryptedResource {
	/** AEAD_AES_256_GCM. */
	algorithm?: string;
	/** In Base64; its last 16 bytes are the tag. */
	ciphertext: string;
	nonce: string;
	associated_data?: string;
}

const TAG_BYTES = 16;

/**
 * Decrypts a resource with the API v3 key: AES-256-GCM.
 *
 * @throws {UserError} when the key is another one, or something was changed.
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export function decryptResource(resource: EncryptedResource | undefined, apiV3Key: string): Buffer {
	try {
		const { ciphertext, nonce, associated_data } = resource as EncryptedResource;
		const bytes = Buffer.from(ciphertext, 'base64');
		const end = bytes.length - TAG_BYTES;
		const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: TAG_BYTES });
		decipher.setAuthTag(bytes.subarray(end));
		if (associated_data) decipher.setAAD(Buffer.from(associated_data));
		const text = decipher.update(bytes.subarray(0, end));
		decipher.final();
		return text;
	} catch {
		throw createOtherKeyError();
	}
}

const createOtherKeyError = () =>
	new UserError(
		'"API v3 Key" in the credential does not open what WeChat Pay has encrypted: it is not the key of this merchant, or an older one',
		'Take the key that was set at pay.weixin.qq.com > Account Center (账户中心) > API Security (API安全) > APIv3 key (APIv3密钥). A new key counts for what is encrypted from then on.',
		'凭据中的“APIv3密钥”无法解密微信支付的数据，不是此商户的密钥或已更换：请填写在 pay.weixin.qq.com > 账户中心 > API安全 > APIv3密钥 设置的密钥，新密钥只对此后加密的数据有效。',
	);
