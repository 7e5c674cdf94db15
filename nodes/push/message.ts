import { createHash } from 'node:crypto';
import { parse as parseJson } from 'lossless-json';
import { kindOf } from './kinds';
import { Refusal } from './refusal';
import { REPEATED, type Message, type Value } from './tree';
import { parseXml } from './xml';

export type Format = 'xml' | 'json';

/** Accounts choose XML or JSON in the console; the first character tells which came. */
export function formatOf(text: string): Format {
	return /^\s*\{/.test(text) ? 'json' : 'xml';
}

/** Reads a message or an envelope. Numbers keep their digits: `MsgId` has more than JavaScript holds. */
export function readMessage(text: string): Message {
	return formatOf(text) === 'json' ? readJson(text) : parseXml(text);
}

/**
 * What names one push, the same for each of its deliveries: MsgId for messages, else who, when and
 * what. Source: "Receiving event pushes" (接收事件推送), which asks to compare FromUserName + CreateTime;
 * the rest of the content is added because one user can cause two events within a second.
 */
export function dedupeKeyOf(message: Message): string {
	const { MsgId, ToUserName, FromUserName, CreateTime, MsgType, ...content } = message;
	if (typeof MsgId === 'string' && MsgId !== '') return MsgId;
	const digest = createHash('sha1').update(JSON.stringify([MsgType, content]));
	return [FromUserName, CreateTime, kindOf(message), digest.digest('hex').slice(0, 12)].join(':');
}

function readJson(text: string): Message {
	try {
		return toText(parseJson(text, undefined, (digits) => digits)) as Message;
	} catch {
		throw new Refusal(400, 'The JSON is broken.');
	}
}

function toText(value: unknown, key = ''): Value {
	if (REPEATED.has(key) && !Array.isArray(value)) return [toText(value)];
	if (Array.isArray(value)) return value.map((entry) => toText(entry));
	if (typeof value === 'object' && value !== null)
		return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toText(v, k)]));
	return value === null || value === undefined ? '' : String(value);
}
