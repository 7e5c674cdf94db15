import { parseJsonBody, readObject } from '../api/response';
import type { Services } from '../api/services';
import { UserError } from '../base/userError';
import { describeClock } from './payV3Error';
import { checkPayV3Merchant, type PayV3Merchant } from './payV3Merchant';
import {
	computeLag,
	isSignedWith,
	MAX_AGE_MS,
	readSignature,
	type Headers,
	type Signature,
} from './payV3Signature';
import { describeUnknownSerial, findPlatformKey } from './platformKeys';
import { decryptResource, type EncryptedResource } from './resourceCipher';

/** A notification (回调通知) that WeChat Pay has signed, opened. */
export interface Notification {
	/** The same each time that WeChat repeats it. */
	id: string;
	/** e.g. 2026-11-28T12:00:00+08:00. */
	createTime: string;
	/** e.g. TRANSACTION.SUCCESS. */
	eventType: string;
	summary: string;
	/** What the resource is, e.g. transaction. */
	originalType: string;
	/** What it is about, under WeChat's names; numbers of more than 15 digits are texts. */
	resource: Record<string, unknown>;
	/** What its signature was made with: no other delivery has the same timestamp and nonce. */
	signature: Signature;
}

/** A notification that is not accepted. WeChat repeats it later, unless somebody else has sent it. */
export class NotificationRejected extends UserError {
	constructor(
		/** What to answer: 400 it is none, 401 it is not signed rightly, 500 it cannot be opened here, 503 not now. */
		readonly status: 400 | 401 | 500 | 503,
		message: string,
		hint?: string,
		chinese?: string,
	) {
		super(message, hint, chinese);
		this.name = 'NotificationRejected';
	}
}

/** A request as it came. */
interface ReceivedRequest {
	/** The very bytes. */
	rawBody: Buffer;
	/** By their name in lower case. */
	headers: Headers;
}

/**
 * Verifies a notification, then reads and decrypts it. Whether the same one came before, the caller has to see.
 *
 * @throws {NotificationRejected} when it is not from WeChat, too old, of another merchant, or cannot be opened.
 * @throws {UserError} when the credential cannot be right.
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export async function openNotification(
	received: ReceivedRequest,
	merchant: PayV3Merchant,
	services: Services,
): Promise<Notification> {
	return await verifyAndRead(received, merchant, services).catch((error: unknown) => {
		// A wrong credential says more than what came of it; what could be opened does not wait for its check.
		checkPayV3Merchant(merchant);
		throw error;
	});
}

async function verifyAndRead(
	{ rawBody, headers }: ReceivedRequest,
	merchant: PayV3Merchant,
	services: Services,
): Promise<Notification> {
	const signature = readSignature(headers);
	if (!signature)
		throw new NotificationRejected(
			400,
			'It is not signed as notifications of WeChat Pay are',
			'A proxy before n8n must pass on all headers that begin with Wechatpay-.',
			'回调通知没有微信支付的签名：n8n 前的反向代理须原样转发所有以 Wechatpay- 开头的请求头。',
		);
	checkTime(signature, services.clock.now());
	const { serial } = signature;
	const key = await findPlatformKey(merchant, services, serial).catch((error: unknown) => {
		throw toRejected(503, error, `Its key ${serial} could not be looked up. `);
	});
	if (!key) {
		const { hint, chinese } = describeUnknownSerial(serial);
		throw new NotificationRejected(401, `Its key ${serial} is not known`, hint, chinese);
	}
	if (!isSignedWith(key, signature, rawBody))
		throw new NotificationRejected(
			401,
			'Its signature is wrong',
			'WeChat sends some wrong signatures to see whether anybody looks. If it is always so, check WeChat Pay Public Key in the credential, and that a proxy before n8n passes on every byte.',
			'回调通知的签名不正确，微信会偶尔发送错误签名以作探测：若每次都如此，请检查凭据中的“微信支付公钥”，并确认 n8n 前的反向代理逐字节转发。',
		);
	return { ...readNotification(rawBody, merchant), signature };
}

function checkTime(signature: Signature, now: number): void {
	const lag = computeLag(signature, now);
	if (Math.abs(lag) <= MAX_AGE_MS) return;
	if (Number.isNaN(lag))
		throw new NotificationRejected(
			400,
			'Its Wechatpay-Timestamp is no time',
			undefined,
			'回调通知的 Wechatpay-Timestamp 不是时间。',
		);
	const { hint } = describeClock(lag);
	const minutes = Math.round(Math.abs(lag) / 60_000);
	throw new NotificationRejected(
		401,
		`It was signed ${minutes} minutes ${lag < 0 ? 'ago' : 'from now'}; 5 are allowed`,
		`It was recorded and sent again, or the clock of this n8n is wrong. ${hint}`,
		`回调通知的签名时间与 n8n 服务器相差 ${minutes} 分钟（最多允许 5 分钟），可能是被重放，或服务器时钟不准：请校准服务器时间，最好使用 NTP；容器使用宿主机的时钟。`,
	);
}

/** Reads what WeChat has signed. */
function readNotification(
	rawBody: Buffer,
	{ mchId, apiV3Key }: PayV3Merchant,
): Omit<Notification, 'signature'> {
	const { id, create_time, event_type, summary, resource } = parseJsonBody(rawBody) ?? {};
	const encrypted = readObject(resource) as Partial<EncryptedResource & { original_type: string }>;
	if (!isText(id) || !isText(event_type) || !isText(encrypted.ciphertext))
		throw new NotificationRejected(
			400,
			'It is no notification of API v3',
			undefined,
			'收到的不是 APIv3 的回调通知。',
		);
	const opened = decrypt(encrypted as EncryptedResource, apiV3Key);
	const other = findOtherMerchant(opened, mchId);
	if (other)
		throw new NotificationRejected(
			400,
			`It is of merchant ${other}, not of ${mchId}`,
			'Give each merchant a trigger with its own credential, and a notify_url of its own.',
			`回调通知属于商户号 ${other}，而不是 ${mchId}：每个商户请各用一个触发器、各自的凭据和回调通知地址（notify_url）。`,
		);
	return {
		id,
		createTime: String(create_time ?? ''),
		eventType: event_type,
		summary: String(summary ?? ''),
		originalType: encrypted.original_type ?? '',
		resource: opened,
	};
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function decrypt(encrypted: EncryptedResource, apiV3Key: string): Record<string, unknown> {
	try {
		return readObject(parseJsonBody(decryptResource(encrypted, apiV3Key)));
	} catch (error) {
		throw toRejected(500, error);
	}
}

function toRejected(status: NotificationRejected['status'], error: unknown, before = '') {
	const { message, hint, chinese } = error as UserError;
	return new NotificationRejected(status, before + message, hint, chinese);
}

/** Names of the merchant whom a resource is for; a partner is beside its merchant. */
const MERCHANT_NAMES = ['mchid', 'mch_id', 'sp_mchid', 'combine_mchid'];

/** The merchant that a resource is for, when that is another one; not every resource names one. */
function findOtherMerchant(resource: Record<string, unknown>, mchId: string): string | undefined {
	const named = MERCHANT_NAMES.map((name) => String(resource[name] ?? '')).filter(Boolean);
	return named.includes(mchId) ? undefined : named[0];
}
