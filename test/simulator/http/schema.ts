import { ApiError } from './errors';
import { isObject, parseJson, type JsonObject } from './json';

/** A parameter as its page lists it; nested ones are written `tag.name` or `user_list[].openid`. */
export interface Param {
	name: string;
	in: 'query' | 'body' | 'multipart';
	type: string;
	required?: boolean;
	/** The most entries a list may have. */
	max?: number;
}

export interface Field {
	type: string;
	required: boolean;
	max?: number;
	/** Of an object, or of each item of an array; none: anything goes. */
	fields: Map<string, Field>;
}

/** Stands for a key the caller chooses, e.g. the keyword in data.<key>.value. */
const ANY_KEY = '<key>';

export function fieldTree(params: Param[]): Field {
	const root: Field = { type: 'object', required: true, fields: new Map() };
	for (const { name, type, required = false, max } of params) {
		const path = name.split('.').map((part) => part.replace('[]', ''));
		const last = path.pop() as string;
		const parent = path.reduce((field, key) => childOf(field, key), root);
		Object.assign(childOf(parent, last), { type, required, max });
	}
	return root;
}

function childOf(parent: Field, key: string): Field {
	const child = parent.fields.get(key) ?? { type: 'object', required: false, fields: new Map() };
	parent.fields.set(key, child);
	return child;
}

const isInteger = (value: unknown) => typeof value === 'bigint' || Number.isInteger(value);
const isText = (pattern: RegExp) => (value: unknown) =>
	typeof value === 'string' && pattern.test(value);

/** The types of endpoints.json, and the type words of the call catalog. */
const primitives: Record<string, (value: unknown) => boolean> = {
	any: () => true,
	string: (value) => typeof value === 'string',
	boolean: (value) => typeof value === 'boolean',
	number: (value) => typeof value === 'number' || typeof value === 'bigint',
	int64: isInteger,
	integer: isInteger,
	unixtime: isInteger,
	'0|1': (value) => value === 0 || value === 1,
	// The SDK has it as text, and sends a number.
	'integer|string': isInteger,
	digits: isText(/^-?\d+$/),
	booltext: isText(/^(?:true|false)$/),
	datetime: isText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
	datetime14: isText(/^\d{14}$/),
	'Y|N': isText(/^[YN]$/),
	rfc3339: isText(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/),
	'list(,)': isText(/^/),
	'list(;)': isText(/^/),
	'list(|)': isText(/^/),
	json: (value) => typeof value === 'string' && isJson(value),
};

function isJson(text: string): boolean {
	try {
		parseJson(text);
		return true;
	} catch {
		return false;
	}
}

/** Some words name two types, such as `int64|digits`. */
export function isOfType(value: unknown, type: string): boolean {
	if (type in primitives) return primitives[type](value);
	const words = type.replace('0|1', 'bit').split('|');
	return words.some((word) => primitives[word === 'bit' ? '0|1' : word](value));
}

/** Throws the first thing wrong with a JSON value; `listed` are the codes of the API's page. */
export function check(value: unknown, field: Field, listed: number[], path = ''): void {
	if (field.type === 'object') {
		if (!isObject(value)) throw wrongType(path, 'object');
		checkObject(value, field, listed, path);
	} else if (field.type === 'array' || field.type.endsWith('[]')) {
		checkList(value, field, listed, path);
	} else if (!isOfType(value, field.type)) {
		throw wrongType(path, field.type);
	}
}

function checkObject(value: JsonObject, { fields }: Field, listed: number[], path: string): void {
	if (fields.size === 0 && path !== '') return;
	const anyKey = fields.get(ANY_KEY);
	for (const key of Object.keys(value)) {
		if (!fields.has(key) && !anyKey) throw unknownField(join(path, key));
	}
	for (const [key, item] of Object.entries(value)) {
		check(item, (fields.get(key) ?? anyKey) as Field, listed, join(path, key));
	}
	for (const [key, child] of fields) {
		if (child.required && !Object.hasOwn(value, key)) throw missing(join(path, key), listed);
	}
}

function checkList(value: unknown, field: Field, listed: number[], path: string): void {
	if (!Array.isArray(value)) throw wrongType(path, field.type);
	if (field.max !== undefined && value.length > field.max) throw new ApiError(40032);
	const item: Field = {
		...field,
		type: field.type === 'array' ? 'object' : field.type.slice(0, -2),
	};
	value.forEach((entry, index) => check(entry, item, listed, `${path}[${index}]`));
}

const patterns: Record<string, RegExp> = {
	number: /^-?\d+$/,
	integer: /^-?\d+$/,
	int64: /^-?\d+$/,
	boolean: /^(true|false)$/,
};

/** As check, for the values of a query string or of the text parts of a form. */
export function checkTexts(texts: Record<string, string>, tree: Field, listed: number[]): void {
	for (const name of Object.keys(texts)) {
		if (!tree.fields.has(name)) throw unknownField(name);
	}
	for (const [name, { type, required }] of tree.fields) {
		const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
		if (text === undefined && required && type !== 'file') throw missing(name, listed);
		if (text !== undefined && patterns[type]?.test(text) === false) throw wrongType(name, type);
	}
}

const join = (path: string, key: string) => (path ? `${path}.${key}` : key);

export const unknownField = (name: string) =>
	new ApiError(47003, `argument invalid! unexpected field ${name}`);

const wrongType = (name: string, type: string) =>
	new ApiError(47001, `data format error: ${name || 'the body'} must be ${type}`);

const missingCodes: Record<string, number> = {
	grant_type: 40002,
	appid: 41002,
	refresh_token: 41003,
	secret: 41004,
	appsecret: 41004,
	media_id: 41006,
	code: 41008,
	openid: 41009,
	component_secret: 41004,
	component_appsecret: 41004,
	component_appid: 41018,
	component_verify_ticket: 41020,
	ask_json: 90001,
	ask_json_signature: 90002,
};

/** The API's own code when its page lists one for this field (e.g. 41002 for appid). */
export function missing(path: string, listed: number[]): ApiError {
	const name = path.slice(path.lastIndexOf('.') + 1);
	const code = missingCodes[name];
	if (code !== undefined && listed.includes(code)) return new ApiError(code, `${name} missing`);
	return new ApiError(47003, `argument invalid! missing field ${path}`);
}
