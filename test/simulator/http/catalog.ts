import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownCall, Shape } from '../../../nodes/callCatalog/knownCalls';
import { Bytes } from '../behaviors/behavior';
import type { Endpoint } from './endpoints';
import { isObject, printJson, type JsonObject } from './json';
import type { Field } from './schema';

/**
 * Calls that have no line in endpoints.json: checked against their record in the call catalog, and answered with a sample
 * made from its `answer`. Nothing changes by them.
 */

interface CatalogRecord extends KnownCall {
	answer: Shape;
	source: string;
}

const file = join(__dirname, '..', '..', '..', 'nodes', 'callCatalog', 'calls.json');
const records = new Map<string, CatalogRecord[]>();

/** WeChat does not answer calls that it has switched off. */
function findRecords(path: string): CatalogRecord[] {
	if (records.size === 0)
		for (const record of JSON.parse(readFileSync(file, 'utf8')) as CatalogRecord[])
			if (record.gone === undefined)
				records.set(record.path, [...(records.get(record.path) ?? []), record]);
	return records.get(path) ?? [];
}

export const catalogEndpointsAt = (path: string): Endpoint[] =>
	findRecords(path).flatMap((record) =>
		listRequests(record).map((request) => toEndpoint(record, request)),
	);

/** Pictures may be given by their address instead, in some calls. */
function listRequests(record: CatalogRecord): Array<Endpoint['request']> {
	const { method, upload, form = [], json_too, raw_body } = record;
	if (raw_body || form.includes('(raw body)')) return ['raw'];
	if (upload) return json_too ? ['multipart', 'json'] : ['multipart'];
	return [method === 'GET' ? 'query' : 'json'];
}

/** Parts of forms that are files; the others are texts. */
const FILE_PARTS = /^(?:media|media_data|cover_data|data|buffer|file|img|pdf)$/;

function toEndpoint(record: CatalogRecord, request: Endpoint['request']): Endpoint {
	const { key, path, method, token, query = [], body = {}, form = [] } = record;
	const [action] = query.filter((entry) => entry.startsWith('action='));
	// The second SDK does not say what may be left out.
	const isOptional = record.source.startsWith('Senparc');
	const fields = fieldOf(body, true, isOptional);
	return {
		id: `catalog ${key}`,
		method,
		path,
		token: token === 'none' ? false : token && 'component',
		action: action?.slice('action='.length),
		request,
		params: [],
		query: fieldOf(listQuery(query), true, isOptional),
		body: fields,
		parts: partsOf(form, fields),
		sample: makeAnswer(record),
	};
}

/** `name`, `name:type`, or `name=value`; a `?` says that it may be left out. */
export function listQuery(query: string[]): { [key: string]: Shape } {
	const given = query.filter((entry) => !entry.startsWith('action='));
	return Object.fromEntries(
		given.map((entry) => {
			const [name, type = 'string'] = entry.split(/[:=]/);
			return type.endsWith('?') ? [`${name}?`, type.slice(0, -1)] : [name, type];
		}),
	);
}

function partsOf(form: string[], body: Field): Field {
	const part = (name: string): Field => ({
		type: FILE_PARTS.test(name) ? 'file' : 'string',
		required: FILE_PARTS.test(name),
		fields: new Map(),
	});
	const texts = [...body.fields].map(([name, field]) => [name, { ...field, required: false }]);
	const fields = new Map<string, Field>([
		...(texts as Array<[string, Field]>),
		...form.map((name): [string, Field] => [name, part(name)]),
	]);
	return { type: 'object', required: true, fields };
}

/** Taken offline at that date: sending it does not harm. */
const OFFLINE = / ?-\d{4}-\d\d-\d\d$/;

/** What a shape demands; `isOptional` says that nothing is, whatever it says. */
export function fieldOf(shape: Shape, required: boolean, isOptional: boolean): Field {
	const fields = new Map<string, Field>();
	if (typeof shape === 'string') {
		const type = shape.replace(OFFLINE, '').replace(/~$/, '');
		const isAny = type === '' || type.startsWith('^');
		return {
			type: isAny ? 'any' : type,
			required: required && !OFFLINE.test(shape),
			fields,
		};
	}
	if (Array.isArray(shape)) {
		const entry = fieldOf(shape[0] ?? 'any', true, isOptional);
		return { ...entry, type: `${entry.type}[]`, required };
	}
	if ('$json' in shape) return { type: 'json', required, fields };
	if ('$or' in shape) return { type: 'any', required, fields };
	for (const [name, value] of Object.entries(shape)) {
		if (name === '-') continue;
		const isNeeded = !isOptional && !name.endsWith('?') && name !== '*';
		const key = name === '*' ? '<key>' : name.replace(/\?$/, '');
		fields.set(key, fieldOf(value, isNeeded, isOptional));
	}
	return { type: 'object', required: required && !('-' in shape), fields };
}

/** A JPEG for calls that answer with a file. */
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 0xff, 0xd9]);

/** Stands in one text of each answer, as it is: WeChat has sent control characters like that. */
const RAW = '\u0008';

function makeAnswer({ download, answer }: CatalogRecord): Bytes {
	if (download)
		return new Bytes(JPEG, {
			'content-type': 'image/jpeg',
			'content-disposition': 'attachment; filename="sample.jpg"',
		});
	const sample = sampleOf(answer);
	const fields = isObject(sample) ? sample : {};
	const text = printJson({ errcode: 0, errmsg: 'ok', ...fields });
	const raw = text.replace(/(:"(?:[^"\\]|\\.)* 1)"/, `$1${RAW}"`);
	return new Bytes(Buffer.from(raw), { 'content-type': 'application/json; encoding=utf-8' });
}

/** Above 2^53, where a JavaScript number would lose its end. */
const LONG_ID = 9_007_199_254_740_993n;

const SAMPLES: Record<string, unknown> = {
	integer: 1,
	number: 1.5,
	float: 1.5,
	boolean: true,
	'0|1': 1,
	'0|1|boolean': 1,
	'boolean|0|1': true,
	booltext: 'true',
	digits: String(LONG_ID),
	datetime: '2026-11-28 12:00:00',
	datetime14: '20261128120000',
	rfc3339: '2026-11-28T12:00:00+08:00',
	unixtime: 1_795_838_400,
	'list(,)': 'a,b',
	'list(;)': 'a;b',
	'list(|)': 'a|b',
};

/** A value that a shape allows; `index` tells the entries of a list apart. */
export function sampleOf(shape: Shape, name = '', index = 0): unknown {
	if (typeof shape === 'string') return sampleOfWord(shape.replace(/~$/, ''), name, index);
	if (Array.isArray(shape)) {
		const entries = [0, 1].map((at) => sampleOf(shape[0] ?? 'any', name, at));
		return entries.filter((entry) => entry !== undefined);
	}
	if ('$json' in shape) return printJson(sampleOf(shape.$json, name, index));
	if ('$or' in shape && Array.isArray(shape.$or)) return sampleOf(shape.$or[0], name, index);
	if ('-' in shape) return undefined;
	const fields: JsonObject = {};
	for (const [key, value] of Object.entries(shape)) {
		const inner = key === '*' ? 'key' : key.replace(/\?$/, '');
		const sample = sampleOf(value, inner, index);
		if (sample !== undefined) fields[inner] = sample;
	}
	return fields;
}

function sampleOfWord(word: string, name: string, index: number): unknown {
	if (OFFLINE.test(word) || word.startsWith('^')) return undefined;
	const isTime = /time|date/i.test(name);
	// The end of a list: else those that read all of it would not stop.
	if (/has_?more|has_next|continue_flag/i.test(name)) return word.startsWith('boolean') ? false : 0;
	if (/^total|total_(num|count)$/i.test(name) && /^int/.test(word)) return 2;
	if (/^int64|^integer/.test(word) && isTime) return SAMPLES.unixtime;
	if (/^int64/.test(word)) return /ids?$/i.test(name) ? LONG_ID + BigInt(index) : 100 + index;
	if (word in SAMPLES) return SAMPLES[word];
	if (/^integer/.test(word)) return 1 + index;
	if (/^number/.test(word)) return 1.5;
	if (/next_|cursor|next_?key/i.test(name)) return '';
	if (/url$/i.test(name)) return `https://example.com/${name}`;
	return `${name} ${index + 1}`;
}
