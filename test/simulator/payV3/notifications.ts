import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { exchange } from '../http/deliver';
import { printJson, type JsonObject } from '../http/json';
import { linesOf, sealText, signBytes } from './crypt';
import type { PlatformKey } from './keys';
import { listKeys } from './platform';
import { toTime, type World } from './world';

/** Notifications (回调通知): sealed, signed, and posted again until they are answered with 200 or 204. */

/** What is wrong with one. A probe (签名探测流量) is WeChat's own: it asks whether signatures are looked at. */
export type Forgery =
	'signature' | 'body' | 'probe' | 'serial' | 'key' | 'oldTimestamp' | 'nonce' | 'unsigned';

export interface NotificationOptions {
	/** Default: a new one. */
	id?: string;
	/** When it happened, in milliseconds. */
	createdAt?: number;
	/** Which key signs. Default: the public key if it is in use. */
	serial?: string;
	forge?: Forgery;
	/** Seconds since 1970; default: the clock. */
	timestamp?: number;
	/** Without it: `null`, or an empty text. */
	associatedData?: string | null;
	summary?: string;
}

export interface Delivery {
	/** 0 when no answer came. */
	status: number;
	body: string;
}

export interface Notification {
	id: string;
	/** How often it was delivered. */
	readonly deliveries: number;
	/** As it was posted last. */
	readonly sent?: { headers: Record<string, string>; body: string };
	/** As it would be sent now: each time with a nonce and a signature of its own. */
	request(): { headers: Record<string, string>; body: string };
	/** Posts it. */
	deliver(url?: string): Promise<Delivery>;
	/** Posts the very bytes and headers of its last delivery, as somebody who has seen it can. */
	replay(url?: string): Promise<Delivery>;
	/** Seconds from its last delivery to the next one; undefined when it was accepted, or after the last. */
	nextAfter(): number | undefined;
}

/** Seconds between deliveries: 24 hours and 4 minutes in all. */
export const REPEATS = [
	15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
];
const ANSWER_MS = 5000;
const OLD_SECONDS = 301;
const PROBE = 'WECHATPAY/SIGNTEST/';

/** original_type and associated_data by the start of an event type. */
const TYPES: Array<[RegExp, string]> = [
	[/^TRANSACTION\./, 'transaction'],
	[/^REFUND\./, 'refund'],
	[/^MCHTRANSFER\./, 'mch_payment'],
	[/^COMPLAINT\./, 'complaint'],
	[/^COUPON\./, 'coupon'],
	[/^SECURITY_ECHO\./, 'echo'],
];
const SUMMARIES: Record<string, string> = {
	'TRANSACTION.SUCCESS': '支付成功',
	'REFUND.SUCCESS': '退款成功',
	'MCHTRANSFER.BILL.FINISHED': '商家转账单据终态通知',
};

export function createNotification(
	world: World,
	eventType: string,
	resource: JsonObject | string,
	options: NotificationOptions = {},
	defaultUrl = '',
): Notification {
	const { forge, id = randomUUID() } = options;
	const type = TYPES.find(([pattern]) => pattern.test(eventType))?.[1] ?? 'resource';
	const associated = options.associatedData === null ? undefined : (options.associatedData ?? type);
	const apiV3Key = forge === 'key' ? 'x'.repeat(32) : world.apiV3Key;
	const plain = typeof resource === 'string' ? resource : printJson(resource);
	const body = printJson({
		id,
		create_time: toTime(options.createdAt ?? world.now()),
		resource_type: 'encrypt-resource',
		event_type: eventType,
		summary: options.summary ?? SUMMARIES[eventType] ?? eventType,
		resource: { original_type: type, ...sealText(plain, apiV3Key, associated) },
	});
	let last: { headers: Record<string, string>; body: string } | undefined;
	let deliveries = 0;
	let isAccepted = false;

	const request = () => signNotification(world, body, options);
	async function post(url: string, sent: { headers: Record<string, string>; body: string }) {
		last = sent;
		const { answer } = await exchange({
			url,
			method: 'POST',
			query: {},
			body: sent.body,
			contentType: 'application/json',
			headers: sent.headers,
			timeoutMs: ANSWER_MS,
			clock: REAL_CLOCK,
		});
		return { status: answer?.status ?? 0, body: answer?.body ?? '' };
	}
	return {
		id,
		get deliveries() {
			return deliveries;
		},
		get sent() {
			return last;
		},
		request,
		async deliver(url = defaultUrl) {
			deliveries++;
			const delivery = await post(url, request());
			isAccepted = delivery.status === 200 || delivery.status === 204;
			return delivery;
		},
		replay: async (url = defaultUrl) => await post(url, last ?? request()),
		nextAfter: () => (isAccepted ? undefined : REPEATS[deliveries - 1]),
	};
}

/** WeChat waits by real time, whatever the clock of a test says. */
const REAL_CLOCK = {
	now: () => Date.now(),
	later: (ms: number, work: () => void) => {
		const timer = setTimeout(work, ms);
		return () => clearTimeout(timer);
	},
};

function signNotification(world: World, text: string, options: NotificationOptions) {
	const { forge, timestamp = Math.floor(world.now() / 1000) } = options;
	const key = findKey(world, options.serial);
	const time = String(forge === 'oldTimestamp' ? timestamp - OLD_SECONDS : timestamp);
	const nonce = randomBytes(16).toString('hex');
	const signature = signBytes(key.privateKey, linesOf(time, nonce, text));
	const signed: Record<string, string> = {
		'wechatpay-timestamp': time,
		'wechatpay-nonce': forge === 'nonce' ? `${nonce}0` : nonce,
		'wechatpay-signature': forgeSignature(signature, forge),
		'wechatpay-serial': forge === 'serial' ? forgeSerial(key.serial) : key.serial,
		'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
	};
	return {
		headers: {
			'content-type': 'application/json',
			'user-agent': 'Mozilla/4.0',
			accept: '*/*',
			pragma: 'no-cache',
			...(forge !== 'unsigned' && signed),
		},
		body: forge === 'body' ? text.replace('encrypt-resource', 'encrypt_resource') : text,
	};
}

function findKey(world: World, serial: string | undefined): PlatformKey {
	if (serial === undefined) return listKeys(world)[0];
	const { publicKey, certificates } = world.keys;
	const key = [publicKey, ...certificates].find((one) => one.serial === serial);
	if (!key) throw new Error(`There is no key ${serial}`);
	return key;
}

function forgeSignature(signature: string, forge: Forgery | undefined): string {
	if (forge === 'probe') return PROBE + signature.slice(PROBE.length);
	if (forge !== 'signature') return signature;
	const hash = createHash('sha512').update(signature).digest();
	return Buffer.concat([hash, hash, hash, hash]).toString('base64');
}

const forgeSerial = (serial: string) => serial.replace(/.$/, (end) => (end === '7' ? '8' : '7'));
