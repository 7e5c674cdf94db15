import { openField, sealField, sealText } from './crypt';
import type { PlatformCertificate, PlatformKey } from './keys';
import { PayV3Refusal, wrongField } from './refusal';
import { toTime, type Behavior, type PayV3Call, type World } from './world';

/** Keys of WeChat Pay: which one signs, platform certificates, and the self-test of all of it. */

const newest = ({ keys }: World): PlatformCertificate | undefined => keys.certificates.at(-1);

/** Those that WeChat Pay has: one kind, or both while a merchant changes from certificates to the public key. */
export function listKeys({ keys, signsWith }: World): PlatformKey[] {
	if (signsWith === 'publicKey') return [keys.publicKey];
	return signsWith === 'certificate' ? keys.certificates : [keys.publicKey, ...keys.certificates];
}

/**
 * The key that signs an answer. While both are in use it is the one that the request names by Wechatpay-Serial, and a
 * certificate without that.
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012154180
 */
export function chooseKey(world: World, serial: string | undefined): PlatformKey {
	if (world.signsWith === 'publicKey') return world.keys.publicKey;
	const isPublic = world.signsWith === 'change' && serial === world.keys.publicKey.serial;
	return isPublic ? world.keys.publicKey : (newest(world) ?? world.keys.publicKey);
}

/** The key that sealed fields were encrypted for. */
export function findSealKey(world: World, serial: string | undefined): PlatformKey {
	if (serial === undefined)
		throw new PayV3Refusal(
			400,
			'PARAM_ERROR',
			'HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)',
		);
	const key = listKeys(world).find((one) => one.serial === serial);
	if (!key) throw new PayV3Refusal(400, 'PARAM_ERROR', '平台证书序列号Wechatpay-Serial错误');
	return key;
}

/** Opens what a merchant has sealed. */
export function unseal(key: PlatformKey, sealed: string, pointer: string): string {
	try {
		return openField(key.privateKey, sealed);
	} catch {
		throw wrongField(pointer, 'cannot be decrypted');
	}
}

function listCertificates(_: PayV3Call, { keys, signsWith, apiV3Key }: World) {
	if (signsWith === 'publicKey')
		throw new PayV3Refusal(
			404,
			'RESOURCE_NOT_EXISTS',
			'无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。',
		);
	const data = keys.certificates.map(({ serial, cert, effectiveTime, expireTime }) => ({
		serial_no: serial,
		effective_time: toTime(effectiveTime),
		expire_time: toTime(expireTime),
		encrypt_certificate: sealText(cert, apiV3Key, 'certificate'),
	}));
	return { json: { data } };
}

function echo({ body }: PayV3Call, { keys, echoes }: World) {
	echoes.push(body);
	const { echo_message, encrypted_echo_message } = body as Record<string, string>;
	return {
		json: {
			echo_message,
			...(encrypted_echo_message !== undefined && {
				encrypted_echo_message: sealField(keys.merchant.publicKey, encrypted_echo_message),
			}),
		},
	};
}

export const PLATFORM: Record<string, Behavior> = {
	'GET /v3/certificates': listCertificates,
	'POST /v3/security/echo': echo,
};
