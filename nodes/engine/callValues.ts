import type { CallField } from '../callCatalog/callFields';
import { parseExactJson, writeJson } from '../base/json';
import { formatBeijingTime, toUnixSeconds } from './beijingTime';
import type { Values } from './fieldTypes';
import { FieldError, parseJsonOf } from './parameters';

/** The values of a known call, where they go. */
interface CallValues {
	path: Values;
	query: Values;
	body: Values;
	/** The whole body, of a call that has no fields in it. */
	content?: unknown;
	/** The binary fields of files, by the part of the form; `content` is the whole body. */
	files: Record<string, string>;
}

/**
 * Reads what was entered for the fields of a call, and checks it. n8n hands it over as it was entered: numbers as texts
 * from expressions, dates without a zone, JSON as text.
 *
 * @throws {FieldError} when a value is missing or wrong
 */
export function readCallValues(fields: readonly CallField[], entered: Values): CallValues {
	const read: CallValues = { path: {}, query: {}, body: {}, files: {} };
	for (const field of fields) {
		const value = entered[field.id];
		if (isMissing(value)) {
			if (field.required) throw createError(field, 'is missing', '没有填写');
			continue;
		}
		if (field.kind === 'file') read.files[field.name] = String(value).trim();
		else if (field.place === 'content') read.content = toWireValue(field, value);
		else read[field.place][field.name] = toWireValue(field, value);
	}
	return read;
}

/** n8n writes null for a field that was emptied, and an empty text for one that was added only. */
const isMissing = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** What the form calls the field, for errors; with the place where two have one name. */
const createError = (
	{ id }: CallField,
	problem: string,
	problemInChinese: string,
	description?: string,
) => new FieldError({ displayName: id, description }, problem, problemInChinese);

function toWireValue(field: CallField, value: unknown): unknown {
	const { kind, place } = field;
	const wired = READERS[kind](field, value);
	// A query has texts only; n8n's own objects would become "[object Object]".
	return place === 'query' && typeof wired === 'object' && wired !== null
		? writeJson(wired)
		: wired;
}

type Reader = (field: CallField, value: unknown) => unknown;

const READERS: Record<CallField['kind'], Reader> = {
	text: readText,
	integer: (field, value) => readInteger(field, value),
	longInteger: (field, value) => toNumber(readDigits(field, value)),
	digits: readDigits,
	number: readNumber,
	boolean: readBoolean,
	flag: (field, value) => Number(readBoolean(field, value)),
	choice: readChoice,
	list: readList,
	object: readObject,
	joinedList: (field, value) =>
		Array.isArray(value) ? value.map(String).join(field.separator) : readText(field, value),
	jsonText: (field, value) =>
		typeof value === 'string' ? checkJson(field, value) : writeJson(value),
	seconds: readSeconds,
	dateTime: (field, value) => formatTime(field, value, 'yyyy-MM-dd HH:mm:ss'),
	dateTime14: (field, value) => formatTime(field, value, 'yyyyMMddHHmmss'),
	rfc3339: (field, value) => formatTime(field, value, 'rfc3339'),
	file: readText,
	any: (_, value) => (typeof value === 'string' ? tryJson(value) : value),
};

function readText(field: CallField, value: unknown): string {
	if (typeof value === 'object') throw createError(field, 'must be text', '应是文本');
	if (typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value))
		throw createLostDigitsError(field);
	return String(value);
}

const createLostDigitsError = (field: CallField) =>
	createError(
		field,
		'has lost digits on its way: hand it over as text',
		'位数过长，作为数字已丢失精度：请以文本传入',
	);

/** Money of WeChat is counted in fen, of which a yuan has 100. */
const AMOUNT = /price|fee|amount|amt|money|balance|cost|commission/i;

function readDigits(field: CallField, value: unknown): string {
	const text = String(value).trim();
	const isAmount = AMOUNT.test(field.name);
	if (!/^-?\d+$/.test(text))
		throw createError(
			field,
			'must be a whole number',
			isAmount ? '应是以分为单位的整数（1 元 = 100 分）' : '应是整数',
			isAmount ? 'Amounts are in fen (分): 1 yuan is 100.' : undefined,
		);
	if (typeof value === 'number' && !Number.isSafeInteger(value)) throw createLostDigitsError(field);
	return text;
}

const readInteger = (field: CallField, value: unknown) => toNumber(readDigits(field, value));

/** Ids have more digits than a JavaScript number holds. */
const toNumber = (digits: string): number | bigint =>
	Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);

function readNumber(field: CallField, value: unknown): number {
	const number = typeof value === 'string' ? Number(value.trim()) : value;
	if (typeof number !== 'number' || !Number.isFinite(number))
		throw createError(field, 'must be a number', '应是数字');
	return number;
}

function readBoolean(field: CallField, value: unknown): boolean {
	const text = String(value).trim().toLowerCase();
	if (text === 'true' || text === '1') return true;
	if (text === 'false' || text === '0') return false;
	throw createError(field, 'must be true or false', '只能是 true 或 false');
}

function readChoice(field: CallField, value: unknown): string {
	const text = String(value).trim();
	if (field.choices?.includes(text)) return text;
	throw createError(
		field,
		`must be one of: ${field.choices?.join(', ')}`,
		`只能是其中之一：${field.choices?.join('、')}`,
	);
}

function readList(field: CallField, value: unknown): unknown {
	const list = readJson(field, value);
	if (Array.isArray(list)) return list;
	throw createError(
		field,
		'must be a JSON list, such as ["a", "b"]',
		'应是 JSON 数组，如 ["a", "b"]',
	);
}

function readObject(field: CallField, value: unknown): unknown {
	const object = readJson(field, value);
	if (typeof object === 'object' && object !== null && !Array.isArray(object)) return object;
	throw createError(
		field,
		'must be a JSON object, such as {"key": "value"}',
		'应是 JSON 对象，如 {"key": "value"}',
	);
}

function readJson(field: CallField, value: unknown): unknown {
	return typeof value === 'string' ? parseJsonOf({ displayName: field.id }, value) : value;
}

function checkJson(field: CallField, value: string): string {
	readJson(field, value);
	return value;
}

/** Text that is no JSON is text. */
function tryJson(value: string): unknown {
	try {
		return parseExactJson(value);
	} catch {
		return value;
	}
}

/** A day of this century or the last, as yyyymmdd. As seconds it would be one of August 1970. */
const COMPACT_DAY = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** Digits are seconds already. 13 of them are milliseconds, which WeChat would take for a time long after. */
function readSeconds(field: CallField, value: unknown): number {
	const text = String(value).trim();
	if (COMPACT_DAY.test(text))
		throw createError(
			field,
			`is ${text}, which looks like a day; here it would be a number of seconds`,
			`是 ${text}，像是日期，而此处应是秒数：请写成 2026-05-01T09:30:00 的形式，或十位的 Unix 秒数`,
			'Write a day with its time, like 2026-05-01T09:30:00, or the seconds since 1970, which have ten digits.',
		);
	if (/^\d{1,11}$/.test(text)) return Number(text);
	if (/^\d{13}$/.test(text))
		throw createError(
			field,
			'is in milliseconds; WeChat counts seconds',
			'以毫秒为单位，而微信以秒计：请去掉末三位',
		);
	return toUnixSeconds(field.id, value);
}

const TEXT_FORMATS: Record<string, RegExp> = {
	'yyyy-MM-dd HH:mm:ss': /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
	yyyyMMddHHmmss: /^\d{14}$/,
};

/** Writes a time as the clocks of Beijing show it. What is written so already stays. */
function formatTime(field: CallField, value: unknown, format: string): string {
	const text = String(value).trim();
	if (TEXT_FORMATS[format]?.test(text)) return text;
	const seconds = readSeconds(field, value);
	const shown = formatBeijingTime(seconds * 1000).slice(0, 19);
	if (format === 'rfc3339') return `${shown}+08:00`;
	return format === 'yyyyMMddHHmmss' ? shown.replace(/\D/g, '') : shown.replace('T', ' ');
}
