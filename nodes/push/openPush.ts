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
}

/** Messages are at most a few KB. */
export const MAX_PUSH_BYTES = 128 * 1024;

/**
 * How far the time at which a push was made and signed may be from now, in milliseconds. WeChat delivers it three times
 * within 15 seconds, so this is for clocks that differ. Twice as long one push can be accepted.
 */
export const MAX_SKEW_MS = 5 * 60_000;

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
	return { message: readMessage(content), format: detectFormat(content) };
}

function openEncrypted(query: Query, content: string, secrets: PushSecrets, now: number): Push {
	const format = detectFormat(content);
	const encrypted = extractEncrypted(content, format);
	checkQuery(query, 'msg_signature', secrets, now, encrypted);
	const { key, text } = decryptMessage(encrypted, secrets);
	const message = readMessage(text);
	checkCreateTime(message, now);
	return { message, format, key };
}

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
	{ token }: PushSecrets,
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
	const skew = Math.abs(now - Number(timestamp) * 1000);
	if (skew > MAX_SKEW_MS)
		throw new PushRejected(
			401,
			`The push is signed for a time ${Math.round(skew / 1000)} seconds away. It is replayed, or the clock of this server is wrong.`,
		);
}

/**
 * Checks the time inside the encrypted text. The one in the query is not enough: signed is the row of sorted values, so
 * the same signature is right when `timestamp` and `nonce` are exchanged. All of WeChat's samples have seconds here;
 * milliseconds are read, too, and a push without a time passes.
 */
function checkCreateTime(message: Message, now: number): void {
	const time = readText(message, 'CreateTime');
	if (!/^\d{10}(\d{3})?$/.test(time)) return;
	const skew = Math.abs(now - Number(time) * (time.length === 10 ? 1000 : 1));
	if (skew > MAX_SKEW_MS)
		throw new PushRejected(
			401,
			`The push was made at a time ${Math.round(skew / 1000)} seconds away (CreateTime), but signed for now. It is replayed, or the clock of this server is wrong.`,
		);
}

/** What stands behind an address, as n8n reads it. */
export type Query = Readonly<Record<string, unknown>>;

/** Query values can be arrays or objects (`a=1&a=2`, `a[b]=1`); WeChat only sends text. */
export function readQueryText(query: Query, name: string): string {
	const value = query[name];
	return typeof value === 'string' ? value : '';
}
