import type { ApiRequest } from '../http/api';
import { ApiError } from '../http/errors';
import { isObject, parseJson } from '../http/json';
import { checkFile, parseForm, type FilePart } from '../http/multipart';
import type { Endpoint, Param } from './endpoints';
import { Refusal } from './refusal';

/** The parameters of a call under their right names, checked. */
export type Values = Record<string, unknown>;

export function valuesOf(endpoint: Endpoint, given: Values): Values {
	const { params } = endpoint;
	const spellings = new Set(params.flatMap(({ name, also = [] }) => [name, ...also]));
	for (const name of Object.keys(given))
		if (!spellings.has(name)) throw new Refusal(400, `unknown parameter ${name}`);
	return Object.fromEntries(
		params.map((param) => [param.name, checked(param, oneOf(param, given))]),
	);
}

/** What was sent, by the names that it was sent under. */
export function read(endpoint: Endpoint, request: ApiRequest): Values {
	if (endpoint.method === 'GET') return noneTwice(request.query);
	const type = (request.headers['content-type'] ?? '').split(';')[0].trim();
	if (endpoint.multipart) {
		if (type !== 'multipart/form-data') throw wrongType(type);
		return readMultipart(request);
	}
	if (type === 'application/json') return readJson(request.body.toString());
	if (type !== 'application/x-www-form-urlencoded') throw wrongType(type);
	const values = noneTwice(new URLSearchParams(request.body.toString()));
	return nested(values);
}

const wrongType = (type: string) => new Refusal(415, `content type ${type || 'missing'}`);

function readMultipart({ headers, body }: ApiRequest): Values {
	try {
		const { texts, files } = parseForm(headers['content-type'] ?? '', body);
		for (const file of Object.values(files)) checkFile(file);
		return { ...texts, ...files };
	} catch (error) {
		throw error instanceof ApiError ? new Refusal(400, error.message) : error;
	}
}

function readJson(text: string): Values {
	try {
		const value = parseJson(text || '{}');
		if (isObject(value)) return value;
	} catch {
		// Said below.
	}
	throw new Refusal(400, 'the body is no JSON object');
}

export function noneTwice(params: URLSearchParams): Record<string, string> {
	const names = [...params.keys()];
	const repeated = names.find((name, index) => names.indexOf(name) !== index);
	if (repeated !== undefined) throw new Refusal(400, `${repeated} is given twice`);
	return Object.fromEntries(params);
}

/** The bracket form: `reply[content][mediaId]=m` and `reply[0][title]=t`. */
function nested(flat: Record<string, string>): Values {
	const values: Values = {};
	for (const [name, text] of Object.entries(flat)) {
		const [first, ...rest] = name.split(/\]?\[|\]$/).filter(Boolean);
		put(values, [first, ...rest], text);
	}
	return values;
}

function put(target: Values, [key, ...rest]: string[], text: string): void {
	if (rest.length === 0) target[key] = text;
	else {
		target[key] ??= /^\d+$/.test(rest[0]) ? [] : {};
		put(target[key] as Values, rest, text);
	}
}

function oneOf({ name, also = [] }: Param, given: Values): unknown {
	const spelt = [name, ...also].filter((spelling) => Object.hasOwn(given, spelling));
	if (new Set(spelt.map((spelling) => given[spelling])).size > 1)
		throw new Refusal(400, `${spelt.join(' and ')} differ`);
	return given[spelt[0]];
}

function checked(param: Param, value: unknown): unknown {
	const { name, type, optional } = param;
	if (value === undefined) {
		if (optional) return undefined;
		throw new Refusal(400, `parameter ${name} is missing`);
	}
	if (type === 'file') {
		if (isFile(value)) return value;
		throw new Refusal(400, `${name} must be a file`);
	}
	if (isFile(value)) throw new Refusal(400, `${name} must not be a file`);
	if (type === 'json') return objectOf(name, value);
	if (typeof value !== 'string' && typeof value !== 'number')
		throw new Refusal(400, `${name} must be text`);
	return type === 'integer' ? integer(param, String(value)) : text(param, String(value));
}

const isFile = (value: unknown): value is FilePart =>
	isObject(value) && Buffer.isBuffer(value.bytes);

function objectOf(name: string, value: unknown): object {
	const found = typeof value === 'string' ? jsonIn(value) : value;
	if (typeof found === 'object' && found !== null) return found;
	throw new Refusal(400, `${name} must be an object or a list`);
}

function jsonIn(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}

function integer({ name, min = -Infinity, max = Infinity }: Param, text: string): number {
	const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
	if (value >= min && value <= max) return value;
	throw new Refusal(400, `${name} must be a whole number from ${min} to ${max}`);
}

function text({ name, oneOf: choices, maxLength = Infinity }: Param, value: string): string {
	if (choices && !choices.includes(value))
		throw new Refusal(400, `${name} must be one of ${choices.join(', ')}`);
	if ([...value].length > maxLength)
		throw new Refusal(413, `${name} has more than ${maxLength} characters`);
	return value;
}
