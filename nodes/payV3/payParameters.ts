import { randomBytes } from 'node:crypto';
import type { PayV3Client } from './payV3Client';

/**
 * Signs what a page (WeixinJSBridge) or a mini program (wx.requestPayment) hands to WeChat to have an order paid. The
 * order ends after two hours, unless it was sent with another end.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter5_1_8.shtml
 */
export async function signPageParameters(
	client: PayV3Client,
	appId: string,
	prepayId: string,
): Promise<Record<string, string>> {
	const { timestamp: timeStamp, nonce: nonceStr } = createStamp(client);
	const packageText = `prepay_id=${prepayId}`;
	const paySign = await client.signLines([appId, timeStamp, nonceStr, packageText]);
	return { appId, timeStamp, nonceStr, package: packageText, signType: 'RSA', paySign };
}

/**
 * Signs what an app hands to WeChat's Open SDK, under its names.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012265144
 */
export async function signAppParameters(
	client: PayV3Client,
	appid: string,
	prepayid: string,
): Promise<Record<string, string>> {
	const { timestamp, nonce: noncestr } = createStamp(client);
	const sign = await client.signLines([appid, timestamp, noncestr, prepayid]);
	const partnerid = client.mchId;
	return { appid, partnerid, prepayid, package: 'Sign=WXPay', noncestr, timestamp, sign };
}

/** Seconds as text, and 32 characters. */
const createStamp = ({ services }: PayV3Client) => ({
	timestamp: String(Math.floor(services.clock.now() / 1000)),
	nonce: randomBytes(16).toString('hex'),
});
