import { sign, unseal } from './crypto';
import { isObject, parseJson, type JsonObject } from '../http/json';
import { checkReply, type ReplyContext } from './checkReply';
import type { PushFormat, PushMode, SimAccount } from '../types';
import { parseXml } from '../http/xml';

export interface Answered extends ReplyContext {
	account: SimAccount;
	mode: PushMode;
	format: PushFormat;
}

/**
 * Reads the body an account answered a push with: undefined for "success" and for nothing, else
 * the valid reply. Throws an Error saying why WeChat would show its fault notice instead.
 */
export function openReply(body: string, answered: Answered): JsonObject | undefined {
	if (body === '' || body === 'success') return undefined;
	const outer = parse(body, answered.format);
	const isEncrypted = Object.hasOwn(outer, 'Encrypt');
	if (isEncrypted && answered.mode === 'plaintext') throw new Error('the reply is encrypted');
	if (!isEncrypted && answered.mode === 'safe') throw new Error('the reply is not encrypted');
	const reply = isEncrypted ? parse(decrypt(outer, answered.account), answered.format) : outer;
	checkReply(reply, answered);
	return reply;
}

function parse(text: string, format: PushFormat): JsonObject {
	const value = format === 'xml' ? parseXml(text) : parseJson(text);
	if (!isObject(value)) throw new Error('the reply is not an object');
	return value;
}

/** <xml><Encrypt/><MsgSignature/><TimeStamp/><Nonce/></xml>, or the same as JSON. */
function decrypt(outer: JsonObject, { appId, token, encodingAESKey }: SimAccount): string {
	const { Encrypt, MsgSignature, TimeStamp, Nonce, ...rest } = outer;
	const [extra] = Object.keys(rest);
	if (extra !== undefined) throw new Error(`${extra} does not belong beside Encrypt`);
	if (!/^\d+$/.test(String(TimeStamp))) throw new Error('TimeStamp is not a number');
	if (typeof Encrypt !== 'string' || typeof Nonce !== 'string') {
		throw new Error('Encrypt and Nonce must be texts');
	}
	if (MsgSignature !== sign(token, String(TimeStamp), Nonce, Encrypt)) {
		throw new Error('MsgSignature does not fit');
	}
	const inner = unseal(encodingAESKey, Encrypt);
	if (inner.appId !== appId) throw new Error(`the AppID at the end is ${inner.appId}`);
	return inner.message;
}
