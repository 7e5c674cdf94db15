import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownCall, Shape } from '../../../nodes/callCatalog/knownCalls';
import { fieldOf, listQuery, sampleOf } from '../http/catalog';
import { isObject, type JsonObject } from '../http/json';
import { isOfType, type Field } from '../http/schema';
import { sealField } from './crypt';
import type { KeyObject } from 'node:crypto';
import { PayV3Refusal, wrongField } from './refusal';

/** Calls of the call catalog, and what it says of their fields. */

interface PayRecord extends Omit<KnownCall, 'method'> {
	method: string;
	params?: string[];
	answer: Shape;
	sealed?: { body?: string[]; answer?: string[] };
}

export interface PayEndpoint {
	/** `POST /v3/refund/domestic/refunds`: the method, and the path with its braces. */
	key: string;
	method: string;
	pattern: RegExp;
	path: string;
	record: PayRecord;
	/** The other records of that path: each has a query of its own. */
	others: PayRecord[];
}

const file = join(__dirname, '..', '..', '..', 'nodes', 'callCatalog', 'payCalls.json');
let endpoints: PayEndpoint[] | undefined;

function readEndpoints(): PayEndpoint[] {
	const found = new Map<string, PayEndpoint>();
	for (const record of JSON.parse(readFileSync(file, 'utf8')) as PayRecord[]) {
		const key = `${record.method} ${record.path}`;
		const known = found.get(key);
		if (known) known.others.push(record);
		else found.set(key, toEndpoint(key, record));
	}
	// A path without braces goes before one that has them in that place.
	return [...found.values()].sort((a, b) => countBraces(a) - countBraces(b));
}

const countBraces = ({ path }: PayEndpoint) => path.split('{').length;

function toEndpoint(key: string, record: PayRecord): PayEndpoint {
	const pattern = record.path
		.split(/(\{\w+\})/)
		.map((part) => (part.startsWith('{') ? '([^/?]+)' : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')))
		.join('');
	const { method, path } = record;
	return { key, method, path, pattern: new RegExp(`^${pattern}$`), record, others: [] };
}

/** Those of a path, whatever the method. */
export function findEndpoints(path: string): PayEndpoint[] {
	endpoints ??= readEndpoints();
	const found = endpoints.filter(({ pattern }) => pattern.test(path));
	return found.filter((one) => countBraces(one) === countBraces(found[0]));
}

/** What stands in the braces of a path, decoded. */
export function readParams(path: string, { pattern, path: template }: PayEndpoint) {
	const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
	const values = pattern.exec(path)?.slice(1) ?? [];
	return Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(values[at])]));
}

/** Refuses what the record of the call does not have, lacks, or has as another type. */
export function checkFields(
	{ record, others }: PayEndpoint,
	query: Record<string, string>,
	body: unknown,
): void {
	const refusals: PayV3Refusal[] = [];
	for (const { query: names = [], body: shape = {} } of [record, ...others])
		try {
			checkQuery(query, fieldOf(listQuery(names), true, false));
			return checkValue(body ?? {}, fieldOf(shape, true, false), '');
		} catch (error) {
			if (!(error instanceof PayV3Refusal)) throw error;
			refusals.push(error);
		}
	throw refusals[0];
}

const TEXTS: Record<string, RegExp> = {
	integer: /^-?\d+$/,
	int64: /^-?\d+$/,
	number: /^-?\d+(\.\d+)?$/,
	boolean: /^(true|false)$/,
};

function checkQuery(query: Record<string, string>, { fields }: Field): void {
	for (const [name, { type, required }] of fields) {
		if (!(name in query)) {
			if (required) throw wrongField(name, 'is missing', 'query');
		} else if (TEXTS[type]?.test(query[name]) === false)
			throw wrongField(name, `is no ${type}`, 'query', query[name]);
	}
	for (const name of Object.keys(query))
		if (!fields.has(name)) throw wrongField(name, 'is unknown', 'query', query[name]);
}

function checkValue(value: unknown, field: Field, at: string): void {
	if (field.type.endsWith('[]')) {
		if (!Array.isArray(value)) throw wrongField(at, 'is no array', 'body', value);
		const item = { ...field, type: field.type.slice(0, -2) };
		value.forEach((entry, index) => checkValue(entry, item, `${at}/${index}`));
	} else if (field.type !== 'object') {
		if (!isOfType(value, field.type)) throw wrongField(at, `is no ${field.type}`, 'body', value);
	} else if (!isObject(value)) throw wrongField(at, 'is no object', 'body', value);
	else checkObject(value, field.fields, at);
}

function checkObject(value: JsonObject, fields: Map<string, Field>, at: string): void {
	// A shape without fields says no more than that it is an object.
	if (fields.size === 0 && at !== '') return;
	for (const [key, { required }] of fields)
		if (required && !(key in value) && key !== '<key>')
			throw wrongField(`${at}/${key}`, 'is missing');
	for (const [key, entry] of Object.entries(value)) {
		const field = fields.get(key) ?? fields.get('<key>');
		if (!field) throw wrongField(`${at}/${key}`, 'is unknown', 'body', entry);
		if (entry !== null || field.required) checkValue(entry, field, `${at}/${key}`);
	}
}

/** Replaces the texts at paths such as `receivers.*.name`, and says how many there were. */
export function replaceTexts(
	value: unknown,
	paths: readonly string[],
	replace: (text: string, path: string) => string,
): number {
	let count = 0;
	const visit = (holder: unknown, [key, ...rest]: string[], path: string): void => {
		if (typeof holder !== 'object' || holder === null) return;
		const keys = key === '*' ? Object.keys(holder) : key in holder ? [key] : [];
		for (const name of keys) {
			const place = holder as Record<string, unknown>;
			if (rest.length > 0) visit(place[name], rest, `${path}/${name}`);
			else if (typeof place[name] === 'string') {
				count++;
				place[name] = replace(place[name], `${path}/${name}`);
			}
		}
	};
	for (const path of paths) visit(value, path.split('.'), '');
	return count;
}

/** An answer that nothing remembers, with its sealed fields encrypted for the merchant. */
export function makeSample({ record }: PayEndpoint, merchant: KeyObject): JsonObject {
	const sample = sampleOf(record.answer);
	const answer = isObject(sample) ? sample : {};
	replaceTexts(answer, record.sealed?.answer ?? [], (text) => sealField(merchant, text));
	return answer;
}
