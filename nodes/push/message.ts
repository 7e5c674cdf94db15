import { createHash } from 'node:crypto';
import { parse as parseJson } from 'lossless-json';
import { toEventType } from './eventTypes';
import { PushRejected } from './pushRejected';
import { createXmlParser, type XmlObject, type XmlValue } from '../base/xml';
import { FormatError } from '../base/userError';

export type Format = 'xml' | 'json';

/** What WeChat said, under WeChat's own keys. Every leaf is text; what repeats is a list. */
export type Message = XmlObject;

/** What WeChat repeats. Of these a list is made even when there is only one. */
export const REPEATED: ReadonlySet<string> = new Set(['item', 'List', 'list', 'fail_idx']);

/** Accounts choose XML or JSON in the console. The first character shows which one came. */
export function detectFormat(text: string): Format {
	return /^\s*\{/.test(text) ? 'json' : 'xml';
}

/** Reads a message or an envelope. Numbers keep their digits: `MsgId` has more than JavaScript holds. */
export function readMessage(text: string): Message {
	return detectFormat(text) === 'json' ? readJsonMessage(text) : readXmlMessage(text);
}

/**
 * What names one push, the same for each of its deliveries: MsgId for messages, else who, when and
 * what. Source: "Receiving event pushes" (接收事件推送), which asks to compare FromUserName + CreateTime;
 * the rest of the content is added because one user can cause two events within a second.
 */
export function toDedupeKey(message: Message): string {
	const { MsgId, ToUserName, FromUserName, CreateTime, MsgType, ...content } = message;
	if (typeof MsgId === 'string' && MsgId !== '') return MsgId;
	const digest = createHash('sha1').update(JSON.stringify([MsgType, content]));
	return [FromUserName, CreateTime, toEventType(message), digest.digest('hex').slice(0, 12)].join(
		':',
	);
}

const parseXml = createXmlParser(REPEATED);

function readXmlMessage(text: string): Message {
	try {
		return parseXml(text);
	} catch (error) {
		throw error instanceof FormatError ? new PushRejected(400, error.message) : error;
	}
}

function readJsonMessage(text: string): Message {
	try {
		return toText(parseJson(text, undefined, (digits) => digits)) as Message;
	} catch {
		throw new PushRejected(400, 'The JSON is broken.');
	}
}

function toText(value: unknown, key = ''): XmlValue {
	if (REPEATED.has(key) && !Array.isArray(value)) return [toText(value)];
	if (Array.isArray(value)) return value.map((entry) => toText(entry));
	if (typeof value === 'object' && value !== null)
		return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toText(v, k)]));
	return value === null || value === undefined ? '' : String(value);
}
