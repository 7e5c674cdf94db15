import { randomInt } from 'node:crypto';
import { LosslessNumber } from 'lossless-json';
import { seal, sign } from './crypto';
import { isObject, parseJson, printJson, type JsonObject } from '../http/json';
import type { PushFormat, PushMessage, PushMode, SimAccount } from '../types';
import { isIdNumber, parseXml, printXml } from '../http/xml';

export interface BuildOptions {
	mode?: PushMode;
	format?: PushFormat;
	/** Seconds, as in the query. */
	timestamp?: string;
	nonce?: string;
	random16?: string | Buffer;
}

export interface BuiltPush {
	query: Record<string, string>;
	body: string;
	contentType: string;
}

/** One delivery of a message. A string is taken as the raw inner XML or JSON. */
export function buildPush(
	account: SimAccount,
	message: PushMessage | string,
	options: BuildOptions = {},
): BuiltPush {
	const { mode = account.mode, format = account.format } = options;
	const timestamp = options.timestamp ?? String(Math.floor(Date.now() / 1000));
	const nonce = options.nonce ?? String(randomInt(1e9));
	const plain = printMessage(completeMessage(account, message, timestamp), format);
	const query: Record<string, string> = {
		signature: sign(account.token, timestamp, nonce),
		timestamp,
		nonce,
		openid: String(readMessage(plain, format).FromUserName ?? ''),
	};
	const contentType = format === 'xml' ? 'text/xml' : 'application/json';
	if (mode === 'plaintext') return { query, body: plain, contentType };

	const encrypt = seal(account.encodingAESKey, account.appId, plain, options.random16);
	query.encrypt_type = 'aes';
	query.msg_signature = sign(account.token, timestamp, nonce, encrypt);
	const body =
		mode === 'compatible'
			? append(plain, format, encrypt)
			: printMessage({ ToUserName: account.name, Encrypt: encrypt }, format);
	return { query, body, contentType };
}

/** Fills in what the platform sets on every message; only events have no MsgId. */
export function completeMessage(
	account: SimAccount,
	message: PushMessage | string,
	timestamp: string,
): PushMessage | string {
	if (typeof message === 'string') return message;
	const { ToUserName = account.name, FromUserName, ...rest } = message;
	const CreateTime = Number(timestamp);
	const id = message.MsgType === 'event' ? {} : { MsgId: newMsgId() };
	const own = Object.hasOwn(rest, 'MsgId') ? {} : id;
	return { ToUserName, FromUserName, CreateTime, ...rest, ...own };
}

/** The message inside a push, whether it was given as fields or as text. */
export function readMessage(message: PushMessage | string, format: PushFormat): PushMessage {
	if (typeof message !== 'string') return message;
	try {
		const value = format === 'xml' ? parseXml(message) : parseJson(message);
		return isObject(value) ? value : {};
	} catch {
		return {};
	}
}

function printMessage(message: PushMessage | string, format: PushFormat): string {
	if (typeof message === 'string') return message;
	const known = Object.entries(message).filter(([, value]) => value !== undefined);
	const fields = Object.fromEntries(known);
	return format === 'xml' ? printXml('xml', fields) : printJson(withIdNumbers(fields));
}

function withIdNumbers(fields: JsonObject): JsonObject {
	const entries = Object.entries(fields).map(([name, value]) => [
		name,
		isIdNumber(name, value) ? new LosslessNumber(value) : value,
	]);
	return Object.fromEntries(entries) as JsonObject;
}

/** 兼容模式: the plain fields and Encrypt side by side. */
function append(plain: string, format: PushFormat, encrypt: string): string {
	const [end, field] =
		format === 'xml'
			? ['</xml>', `${printXml('Encrypt', encrypt)}</xml>`]
			: ['}', `,"Encrypt":${printJson(encrypt)}}`];
	const at = plain.lastIndexOf(end);
	return plain.slice(0, at) + field + plain.slice(at + end.length);
}

let lastMsgId = 0n;

/** Beyond 2^53, as real ones are. Those that people have published grow with time; WeChat's pages say nothing of it. */
function newMsgId(): string {
	const byTime = BigInt(Date.now()) << 14n;
	lastMsgId = byTime > lastMsgId ? byTime : lastMsgId + 1n;
	return String(lastMsgId);
}
