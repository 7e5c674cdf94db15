import type { IDataObject, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { UserError } from '../base/userError';
import { parseExactJson } from '../base/json';
import type { Field } from './define';

/** A value that cannot be sent. Names the field as the editor does. */
export class FieldError extends UserError {
	constructor(field: Field, problem: string) {
		super(`"${field.displayName}" ${problem}`, field.description);
		this.name = 'FieldError';
	}
}

/**
 * Reads the values of an operation for one item and checks them before anything is sent: missing and
 * wrong ones, and the limits that WeChat publishes. Throws {@link FieldError}.
 */
export function readParams(fields: Field[], get: (field: Field) => unknown): IDataObject {
	const params: IDataObject = {};
	for (const field of fields)
		if (isShown(field, params)) params[field.name] = checkValue(field, get(field)) as IDataObject;
	return params;
}

/** Whether the values of the fields before it show a field, as they do in the editor. */
export function isShown({ displayOptions }: Field, params: IDataObject): boolean {
	const matches = ([name, values]: [string, unknown]) =>
		(values as unknown[]).includes(params[name]);
	return Object.entries(displayOptions?.show ?? {}).every(matches);
}

function checkValue(field: Field, value: unknown): unknown {
	if (value === undefined || value === null || value === '' || isEmptyList(value)) {
		if (field.required) throw new FieldError(field, 'is missing');
		return field.type === 'collection' ? {} : (value ?? '');
	}
	if (field.as === 'list') return checkList(field, value);
	if (field.as === 'integer') return checkInteger(field, value);
	if (field.as === 'json') return checkJson(field, value);
	if (field.as === 'number' || field.type === 'number') return checkNumber(field, value);
	if (field.type === 'boolean') return checkBoolean(field, value);
	if (field.type === 'options') return checkOption(field, value);
	if (field.type === 'string') return checkText(field, value);
	if (field.type === 'resourceLocator') return String(value).trim();
	if (field.type === 'fixedCollection') return checkRows(field, value);
	if (field.type === 'collection') return checkCollection(field, value);
	return value;
}

function checkCollection(field: Field, value: unknown): unknown {
	if (typeof value !== 'object') throw new FieldError(field, 'must be a set of fields');
	const given = value as IDataObject;
	const options = (field.options as Field[]).filter(({ name }) => name in given);
	return readParams(options, ({ name }) => given[name]);
}

/** The rows of a form, out of the group that n8n keeps them in; also a bare list from an expression. */
function checkRows(field: Field, value: unknown): unknown[] {
	const [group] = field.options as INodePropertyCollection[];
	const rows = Array.isArray(value) ? value : ((value as IDataObject)[group.name] ?? []);
	if (!Array.isArray(rows)) throw new FieldError(field, 'must be a list');
	if (rows.length === 0 && field.required) throw new FieldError(field, 'is missing');
	return checkSize(field, rows);
}

function checkSize<T>(field: Field, entries: T[]): T[] {
	if (field.maxEntries && entries.length > field.maxEntries)
		throw new FieldError(
			field,
			`has ${entries.length} entries; WeChat takes ${field.maxEntries} at a time`,
		);
	return entries;
}

function checkList(field: Field, value: unknown): string[] {
	const entries = (Array.isArray(value) ? value : String(value).split(/[\s,，]+/))
		.map((entry) => String(entry).trim())
		.filter(Boolean);
	if (entries.length === 0 && field.required) throw new FieldError(field, 'is missing');
	return checkSize(field, entries);
}

function checkNumber(field: Field, value: unknown): number {
	const number = typeof value === 'string' ? Number(value.trim() || NaN) : value;
	if (typeof number !== 'number' || !Number.isFinite(number))
		throw new FieldError(field, 'must be a number');
	const { minValue = -Infinity, maxValue = Infinity } = field.typeOptions ?? {};
	if (number < minValue) throw new FieldError(field, `must be at least ${minValue}`);
	if (number > maxValue) throw new FieldError(field, `must be at most ${maxValue}`);
	return number;
}

/** Ids of messages and publications have more digits than a JavaScript number holds. */
function checkInteger(field: Field, value: unknown): bigint {
	const text = String(value).trim();
	if (!/^\d+$/.test(text)) throw new FieldError(field, 'must be digits only');
	if (typeof value === 'number' && !Number.isSafeInteger(value))
		throw new FieldError(field, 'has lost digits on its way: hand it over as text');
	return BigInt(text);
}

function checkJson(field: Field, value: unknown): unknown {
	try {
		const read = typeof value === 'string' ? parseExactJson(value) : value;
		if (typeof read === 'object') return read;
	} catch (error) {
		throw new FieldError(field, `is not valid JSON: ${(error as Error).message}`);
	}
	throw new FieldError(field, 'must be a JSON object or list');
}

function checkBoolean(field: Field, value: unknown): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw new FieldError(field, 'must be true or false');
}

function checkOption(field: Field, value: unknown): unknown {
	const values = (field.options as INodePropertyOptions[]).map((option) => option.value);
	if (!values.includes(value as string))
		throw new FieldError(field, `must be one of: ${values.join(', ')}`);
	return value;
}

function checkText(field: Field, value: unknown): string {
	if (typeof value === 'object') throw new FieldError(field, 'must be text');
	const text = String(value);
	const bytes = Buffer.byteLength(text);
	if (field.maxBytes && bytes > field.maxBytes)
		throw new FieldError(
			field,
			`has ${bytes} bytes; WeChat takes ${field.maxBytes} (a Chinese character counts 3)`,
		);
	const length = [...text].length;
	if (field.maxLength && length > field.maxLength)
		throw new FieldError(field, `has ${length} characters; WeChat takes ${field.maxLength}`);
	return text;
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
