import { createHash } from 'node:crypto';
import { toEventType } from './eventTypes';
import { PushRejected } from './pushRejected';
import { parseJsonTexts } from '../base/json';
import { createXmlParser, type XmlObject, type XmlValue } from '../base/xml';
import { FormatError } from '../base/userError';

export type Format = 'xml' | 'json';

/** What WeChat said, under WeChat's own keys. Every leaf is text; what repeats is a list. */
export type Message = XmlObject;

/** Elements that WeChat repeats. */
const REPEATED: ReadonlySet<string> = new Set([
	'fail_idx',
	'item',
	'List',
	'list',
	'media_id_list', // complaint_callback
	'proof_material_id',
	'update_fields', // head_supplier_item_update
]);
/** The same of elements that hold others; some have a text in another push. Source: WeChat's pages of these pushes. */
const REPEATED_PARTS: ReadonlySet<string> = new Set([
	'Actions', // add_express_path
	'AroundBeacon', // ShakearoundUserShake
	'DetailList', // add_waybill
	'detail', // wxa_media_check; a text in wxa_punish_event
	'history', // complaint_callback
	'material', // wxa_appeal_record
	'scene_group_ext_list', // open_product_scene_group_audit
]);

/** Whether a list is made of an element even when there is only one. `isText`: it holds no others. */
export const isRepeated = (name: string, isText: boolean): boolean =>
	REPEATED.has(name) || (!isText && REPEATED_PARTS.has(name));

/** Accounts choose XML or JSON in the console. The first character shows which one came. */
export function detectFormat(text: string): Format {
	return /^\s*\{/.test(text) ? 'json' : 'xml';
}

/** Reads a message or an envelope. Numbers keep their digits: `MsgId` has more than JavaScript holds. */
export function readMessage(text: string): Message {
	return detectFormat(text) === 'json' ? readJsonMessage(text) : readXmlMessage(text);
}

/** Reads a field of a message; empty when the message does not have it, or has more than a text there. */
export function readText(message: Message, name: string): string {
	const value = message[name];
	return typeof value === 'string' ? value : '';
}

/**
 * Names one push, the same in each of its deliveries: for which account, from whom, and MsgId for messages. MsgId alone
 * does not do: of users who wrote at once WeChat has been seen to send the same one. Events have none. They are known
 * by their time and content: one user can cause two of them within a second.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
 * @see https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html
 * @see https://github.com/binarywang/WxJava/issues/333
 */
export function toDedupeKey(message: Message): string {
	const [account, sender, time, msgId] = KEY_FIELDS.map((name) => readText(message, name));
	const eventType = toEventType(message);
	return eventType.startsWith('message.') && msgId
		? [account, sender, msgId].join(':')
		: [account, sender, time, eventType, digest(message)].join(':');
}

const KEY_FIELDS = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgId'];

const digest = (message: Message) =>
	createHash('sha1').update(JSON.stringify(message)).digest('hex').slice(0, 12);

const parseXml = createXmlParser(isRepeated);

function readXmlMessage(text: string): Message {
	try {
		return parseXml(text);
	} catch (error) {
		throw error instanceof FormatError ? new PushRejected(400, error.message) : error;
	}
}

function readJsonMessage(text: string): Message {
	try {
		return toText(parseJsonTexts(text)) as Message;
	} catch {
		throw new PushRejected(400, 'The JSON is broken.');
	}
}

function toText(value: unknown, key = ''): XmlValue {
	const isPart = typeof value === 'object' && value !== null;
	if (!Array.isArray(value) && isRepeated(key, !isPart)) return [toText(value)];
	if (Array.isArray(value)) return value.map((entry) => toText(entry));
	if (isPart) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toText(v, k)]));
	return value === null || value === undefined ? '' : String(value);
}
