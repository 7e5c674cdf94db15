import { decrypt, keyOf } from './cipher';
import { envelopeOf } from './envelope';
import { formatOf, readMessage, type Format } from './message';
import { textIn, type Query } from './query';
import { Refusal } from './refusal';
import { sameSignature, sign } from './signature';
import type { Message } from './tree';

/** What the console's page Basic Configuration (基本配置) and this pack's credential have in common. */
export interface Secrets {
	/** Stands behind the message in the encrypted text: the account's, or the component's for a third-party platform. */
	appId: string;
	token: string;
	encodingAesKey?: string;
	/** Kept for a while after a change of the key, because WeChat switches over gradually. */
	previousEncodingAesKey?: string;
	/** `plaintext` also takes pushes that are not encrypted; the other two never do. */
	mode: 'safe' | 'compatible' | 'plaintext';
}

export interface Delivery {
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

/**
 * Messages are at most a few KB. Some of a push is read before its signature can be checked, so anybody may send one;
 * a parser needs a third of a second for 1 MB, and less than 50 ms for this much, whatever it holds.
 */
export const MAX_BYTES = 128 * 1024;

/** How far WeChat's clock and ours may be apart, in milliseconds. Twice as long one signature can be accepted. */
export const MAX_SKEW = 5 * 60_000;

/**
 * Answers the URL check of the console: returns `echostr` to be sent back as it is.
 * Source: "Verify the message address" (验证消息的确来自微信服务器). Throws {@link Refusal}.
 */
export function verifyUrl(query: Query, secrets: Secrets, now: number): string {
	checkQuery(query, 'signature', secrets, now);
	return textIn(query, 'echostr');
}

/**
 * Verifies, decrypts and reads one push, in that order. Throws {@link Refusal}.
 * Nothing of the body is parsed before its signature is right, except the envelope around the
 * encrypted text; in plaintext mode the signature does not cover the body (WeChat's design).
 */
export function open({ query, body }: Delivery, secrets: Secrets, now: number): Push {
	if (body.length > MAX_BYTES)
		throw new Refusal(400, `The body has ${body.length} bytes; WeChat never sends that much.`);
	const content = body.toString('utf8');
	const encryption = textIn(query, 'encrypt_type') || 'raw';
	if (encryption === 'aes') return openEncrypted(query, content, secrets, now);
	if (encryption !== 'raw')
		throw new Refusal(403, `The encryption "${encryption.slice(0, 20)}" is unknown.`);
	if (secrets.mode !== 'plaintext')
		throw new Refusal(
			403,
			'The push is not encrypted, but the credential asks for encrypted pushes. Check Encryption Mode in the credential and in the WeChat console.',
		);
	checkQuery(query, 'signature', secrets, now);
	return { message: readMessage(content), format: formatOf(content) };
}

function openEncrypted(query: Query, content: string, secrets: Secrets, now: number): Push {
	const encrypted = envelopeOf(content);
	checkQuery(query, 'msg_signature', secrets, now, encrypted);
	const keys = [secrets.encodingAesKey, secrets.previousEncodingAesKey]
		.map((key) => keyOf(key ?? ''))
		.filter((key) => key !== undefined);
	if (keys.length === 0)
		throw new Refusal(
			403,
			'The push is encrypted, but the credential has no valid EncodingAESKey (43 letters and digits). Copy it from the WeChat console.',
		);
	for (const key of keys) {
		const opened = decrypt(key, encrypted);
		if (!opened) continue;
		if (opened.appId !== secrets.appId)
			throw new Refusal(
				403,
				'The encrypted message is for another AppID than the one in the credential.',
			);
		return { message: readMessage(opened.message), format: formatOf(content), key };
	}
	throw new Refusal(
		403,
		'The message cannot be decrypted. Compare EncodingAESKey in the credential with the one in the WeChat console; after a change, keep the old one as Previous EncodingAESKey.',
	);
}

function checkQuery(
	query: Query,
	name: 'signature' | 'msg_signature',
	{ token }: Secrets,
	now: number,
	...signed: string[]
): void {
	if (!token)
		throw new Refusal(
			403,
			'The credential has no Token, so nothing can be verified. Enter the Token of the WeChat console.',
		);
	const timestamp = textIn(query, 'timestamp');
	const expected = sign(token, timestamp, textIn(query, 'nonce'), ...signed);
	if (!sameSignature(expected, textIn(query, name)))
		throw new Refusal(
			401,
			`The signature (${name}) is missing or wrong. If WeChat really sent this, the Token in the credential differs from the one in the WeChat console.`,
		);
	const skew = Math.abs(now - Number(timestamp) * 1000);
	if (!(skew <= MAX_SKEW))
		throw new Refusal(
			401,
			`The push is signed for a time ${Math.round(skew / 1000)} seconds away. It is replayed, or the clock of this server is wrong.`,
		);
}
