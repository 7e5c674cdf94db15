import { sign, verify, type KeyObject } from 'node:crypto';
import type { MerchantKey } from './merchantKey';

/** The schema of signatures with RSA keys; there is another one with SM2. */
const SCHEMA = 'WECHATPAY2-SHA256-RSA2048';

/** How far a time may be from the clock here (5 minutes), in milliseconds. WeChat allows requests the same. */
export const MAX_AGE_MS = 300_000;

/** Headers by their name in lower case. */
export type Headers = Readonly<Record<string, unknown>>;

/** What is signed in a request, see {@link toAuthorization}. */
interface Signable {
	method: string;
	/** Path and query, exactly as they are sent. */
	target: string;
	/** The body as it is sent, or the part meta of a form. */
	body: string;
	/** In seconds. */
	timestamp: string;
	nonce: string;
}

/**
 * Signs lines: RSA with SHA-256, in Base64. Each line ends with a line feed, the last one too.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365336
 */
export const signLines = (key: KeyObject, lines: readonly string[]): string =>
	sign('RSA-SHA256', Buffer.from(`${lines.join('\n')}\n`), key).toString('base64');

/** Creates the header Authorization of a request. */
export function toAuthorization(
	mchId: string,
	{ serial, privateKey }: MerchantKey,
	{ method, target, timestamp, nonce, body }: Signable,
): string {
	const signature = signLines(privateKey, [method, target, timestamp, nonce, body]);
	return `${SCHEMA} mchid="${mchId}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`;
}

/** The signature of an answer or a notification, as its headers have it. */
export interface Signature {
	/** Names the key: ID of a public key, or serial number of a platform certificate. */
	serial: string;
	/** In seconds. */
	timestamp: string;
	nonce: string;
	/** In Base64. */
	value: string;
}

/** Reads the signature in headers; undefined when a part of it is missing. */
export function readSignature(headers: Headers): Signature | undefined {
	const [serial, timestamp, nonce, value] = NAMES.map((name) => headers[name]);
	return isFilled(serial) && isFilled(timestamp) && isFilled(nonce) && isFilled(value)
		? { serial, timestamp, nonce, value }
		: undefined;
}

const NAMES = [
	'wechatpay-serial',
	'wechatpay-timestamp',
	'wechatpay-nonce',
	'wechatpay-signature',
] as const;
const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Buffer.from() would pass over what is no Base64. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Whether a key has signed these very bytes: `timestamp\nnonce\nbody\n`. Signatures that begin with WECHATPAY/SIGNTEST/
 * are wrong on purpose: WeChat tests with them whether anybody looks.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053420
 */
export function isSignedWith(key: KeyObject, signature: Signature, body: Buffer): boolean {
	const { timestamp, nonce, value } = signature;
	if (!BASE64.test(value)) return false;
	const head = Buffer.from(`${timestamp}\n${nonce}\n`);
	const signed = Buffer.concat([head, body, LINE_FEED]);
	return verify('RSA-SHA256', signed, key, Buffer.from(value, 'base64'));
}

const LINE_FEED = Buffer.from('\n');

/** How much later than here it is where this was signed, in milliseconds; NaN when that is no time. */
export const computeLag = ({ timestamp }: Pick<Signature, 'timestamp'>, now: number): number =>
	/^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 - now : NaN;
