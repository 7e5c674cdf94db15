import { decrypt, toAesKey, isSameSignature, signParts } from './cipher';
import { extractEncrypted } from './envelope';
import { detectFormat, readMessage, readText, type Format, type Message } from './message';
import { PushRejected } from './pushRejected';

/** What the console's page Basic Configuration (基本配置) and this pack's credential have in common. */
export interface PushSecrets {
	/** Stands behind the message in the encrypted text: the account's, or the component's for a third-party platform. */
	appId: string;
	token: string;
	encodingAesKey?: string;
	/** Kept for a while after a change of the key, because WeChat switches over gradually. */
	previousEncodingAesKey?: string;
	/** `plaintext` also takes pushes that are not encrypted; the other two never do. */
	mode: 'safe' | 'compatible' | 'plaintext';
	/** The account is a WeChat Shop (微信小店), whose pushes may come hours late. */
	isShop?: boolean;
}

export interface PushRequest {
	query: Query;
	body: Buffer;
}

/** A push that WeChat signed, opened. */
export interface Push {
	message: Message;
	format: Format;
	/** The key that opened it, and so the one for the answer; none when it came in plain text. */
	key?: Buffer;
	/** It is about a WeChat Shop, which takes no replies. */
	isFromShop?: boolean;
}

/** Messages are at most a few KB. */
export const MAX_PUSH_BYTES = 128 * 1024;

/**
 * How far the time at which a push was made and signed may be from now, in milliseconds. WeChat delivers it three times
 * within 15 seconds, so this is for clocks that differ. Twice as long one push can be accepted.
 */
export const MAX_SKEW_MS = 5 * 60_000;

/**
 * How old an encrypted push of a WeChat Shop may be, in milliseconds. WeChat delivers it up to ten times, the last time
 * 3.6 hours after the first one.
 *
 * @see https://developers.weixin.qq.com/doc/store/shop/notify/order_callback
 */
export const MAX_SHOP_AGE_MS = 4 * 3_600_000;

/**
 * WeChat's have about ten digits. Signed is the row of sorted values, which does not say where one ends: with 64
 * characters more the nonce could take three whole blocks from the encrypted text, under the same signature.
 */
const MAX_NONCE_LENGTH = 63;

/**
 * Checks the request by which the console verifies the address (验证消息的确来自微信服务器). Returns `echostr`, to be sent back as
 * it is.
 *
 * @throws {PushRejected} when the request is not signed by WeChat.
 */
export function verifyUrl(query: Query, secrets: PushSecrets, now: number): string {
	checkQuery(query, 'signature', secrets, now);
	return readQueryText(query, 'echostr');
}

/**
 * Verifies, decrypts and reads one push, in that order. No parser sees any of the body before its signature is right.
 * In plaintext mode the signature does not cover the body; that is WeChat's design.
 *
 * @throws {PushRejected} when the push is not signed by WeChat, or not meant for this account.
 */
export function openPush({ query, body }: PushRequest, secrets: PushSecrets, now: number): Push {
	if (body.length > MAX_PUSH_BYTES)
		throw new PushRejected(400, `The body has ${body.length} bytes; WeChat never sends that much.`);
	const content = body.toString('utf8');
	const encryption = readQueryText(query, 'encrypt_type') || 'raw';
	if (encryption === 'aes') return openEncrypted(query, content, secrets, now);
	if (encryption !== 'raw')
		throw new PushRejected(403, `The encryption "${encryption.slice(0, 20)}" is unknown.`);
	// Before the mode counts: who cannot sign does not learn it.
	checkQuery(query, 'signature', secrets, now);
	if (secrets.mode !== 'plaintext')
		throw new PushRejected(
			403,
			'The push is not encrypted, but the credential asks for encrypted pushes. Check Encryption Mode in the credential and in the WeChat console.',
		);
	const message = readMessage(content);
	return { message, format: detectFormat(content), ...describeShop(message, secrets) };
}

function openEncrypted(query: Query, content: string, secrets: PushSecrets, now: number): Push {
	const format = detectFormat(content);
	const encrypted = extractEncrypted(content, format);
	checkQuery(query, 'msg_signature', secrets, now, encrypted);
	const { key, text } = decryptMessage(encrypted, secrets);
	const message = readMessage(text);
	const shop = describeShop(message, secrets);
	checkCreateTime(message, now, shop.isFromShop ? MAX_SHOP_AGE_MS : MAX_SKEW_MS);
	// Without a time inside, the one in the query is all that bounds its age.
	if (!hasCreateTime(message)) checkAge(query, now, MAX_SKEW_MS);
	return { message, format, key, ...shop };
}

/**
 * Events of shops, such as `channels_ec_order_pay`. A platform gets them for its authorizers, and a mini program that is
 * linked to a shop the last two.
 *
 * @see https://developers.weixin.qq.com/doc/store/shop/linkstore/miniprogram_connection/miniprogram_callback/Order_notification
 */
const SHOP_EVENT =
	/^(?:channels_ec_|product_(?:spu|category|order)_|cooperation_shop_order$|related_shop_order_submission$)/;

/** Whether a push is about a shop: of an account that is one, or by its event. */
const describeShop = (message: Message, { isShop }: PushSecrets): Pick<Push, 'isFromShop'> =>
	isShop || SHOP_EVENT.test(readText(message, 'Event')) ? { isFromShop: true } : {};

function decryptMessage(encrypted: string, secrets: PushSecrets): { key: Buffer; text: string } {
	let hasKey = false;
	for (const encodingAesKey of [secrets.encodingAesKey, secrets.previousEncodingAesKey]) {
		const key = toAesKey(encodingAesKey ?? '');
		if (!key) continue;
		hasKey = true;
		const opened = decrypt(key, encrypted);
		if (!opened) continue;
		if (opened.appId !== secrets.appId)
			throw new PushRejected(
				403,
				'The encrypted message is for another AppID than the one in the credential.',
			);
		return { key, text: opened.message };
	}
	if (!hasKey)
		throw new PushRejected(
			403,
			'The push is encrypted, but the credential has no valid EncodingAESKey (43 letters and digits). Copy it from the WeChat console.',
		);
	throw new PushRejected(
		403,
		'The message cannot be decrypted. Compare EncodingAESKey in the credential with the one in the WeChat console; after a change, keep the old one as Previous EncodingAESKey.',
	);
}

function checkQuery(
	query: Query,
	name: 'signature' | 'msg_signature',
	{ token, isShop }: PushSecrets,
	now: number,
	...signed: string[]
): void {
	if (!token)
		throw new PushRejected(
			403,
			'The credential has no Token, so nothing can be verified. Enter the Token of the WeChat console.',
		);
	const timestamp = readQueryText(query, 'timestamp');
	const nonce = readQueryText(query, 'nonce');
	if (nonce.length > MAX_NONCE_LENGTH)
		throw new PushRejected(401, 'The push has a nonce that is longer than any of WeChat.');
	const expected = signParts(token, timestamp, nonce, ...signed);
	if (!isSameSignature(expected, readQueryText(query, name)))
		throw new PushRejected(
			401,
			`The signature (${name}) is missing or wrong. If WeChat really sent this, the Token in the credential differs from the one in the WeChat console.`,
		);
	if (!/^\d{10}$/.test(timestamp))
		throw new PushRejected(401, 'The push is signed for something that is no time in seconds.');
	// Whether a shop's retry is signed anew is not documented: both pass.
	checkAge(query, now, isShop && signed.length > 0 ? MAX_SHOP_AGE_MS : MAX_SKEW_MS);
}

function checkAge(query: Query, now: number, maxAge: number): void {
	const skew = now - Number(readQueryText(query, 'timestamp')) * 1000;
	if (skew > maxAge || -skew > MAX_SKEW_MS)
		throw new PushRejected(
			401,
			`The push is signed for a time ${Math.round(Math.abs(skew) / 1000)} seconds away. It is replayed, or the clock of this server is wrong.`,
		);
}

/**
 * Checks the time inside the encrypted text. The one in the query is not enough: signed is the row of sorted values, so
 * the same signature is right when `timestamp` and `nonce` are exchanged. All of WeChat's samples have seconds here;
 * milliseconds are read, too, and a push without a time passes.
 */
function checkCreateTime(message: Message, now: number, maxAge: number): void {
	if (!hasCreateTime(message)) return;
	const time = readText(message, 'CreateTime');
	const skew = now - Number(time) * (time.length === 10 ? 1000 : 1);
	if (skew > maxAge || -skew > MAX_SKEW_MS)
		throw new PushRejected(
			401,
			`The push was made at a time ${Math.round(Math.abs(skew) / 1000)} seconds away (CreateTime), but signed for now. It is replayed, or the clock of this server is wrong.`,
		);
}

const hasCreateTime = (message: Message) =>
	/^\d{10}(\d{3})?$/.test(readText(message, 'CreateTime'));

/** What stands behind an address, as n8n reads it. */
export type Query = Readonly<Record<string, unknown>>;

/** Query values can be arrays or objects (`a=1&a=2`, `a[b]=1`); WeChat only sends text. */
export function readQueryText(query: Query, name: string): string {
	const value = query[name];
	return typeof value === 'string' ? value : '';
}
