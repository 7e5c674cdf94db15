import type { IExecuteFunctions } from 'n8n-workflow';
import { isTool } from '../n8n/nodeError';
import { isShown, FieldError } from './parameters';
import type { Field, FieldGroup, Values } from './fieldTypes';
import type { Upload } from '../base/multipart';

export interface Wire {
	query: Values;
	body: Values;
	/** Fields that name a file, by the name of its part. */
	files: Record<string, Field>;
}

/** Puts checked values where WeChat wants them. Empty ones stay away unless they mean something. */
export function toWire(fields: readonly Field[], params: Values): Wire {
	const wire: Wire = { query: {}, body: {}, files: {} };
	fillWire(wire, fields, params);
	return wire;
}

function fillWire(wire: Wire, fields: readonly Field[], values: Values): void {
	for (const field of fields) {
		const { name, wire: key = name, in: place = 'body', type } = field;
		if (!(name in values) || !isShown(field, values)) continue;
		const value = values[name];
		if (key === false) continue;
		if (field.as === 'file') wire.files[key] = field;
		else if (type === 'collection') fillWire(wire, field.options as Field[], value as Values);
		else if (field.sendEmpty || !isEmpty(value))
			for (const part of place === 'both' ? (['query', 'body'] as const) : [place])
				putPath(wire[part], fillPlaceholders(key, values), toWireValue(field, value));
	}
}

const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0);

function toWireValue({ type, options }: Field, value: unknown): unknown {
	if (type !== 'fixedCollection') return value;
	const [{ values }] = options as FieldGroup[];
	return (value as Values[]).map((row) => toWire(values, row).body);
}

const fillPlaceholders = (key: string, values: Values) =>
	key.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));

function putPath(target: Values, path: string, value: unknown): void {
	const [first, ...rest] = path.split('.');
	if (rest.length === 0) target[first] = value;
	else {
		target[first] ??= /^\d+$/.test(rest[0]) ? [] : {};
		putPath(target[first] as Values, rest.join('.'), value);
	}
}

/** The part of an answer that `path` names, e.g. `data.openid`. */
export function pickPath(answer: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((part, key) => (part as Values | undefined)?.[key], answer);
}

const NO_FILES = 'names a file of an item, and the tool of an agent gets none';
const FILES_OF_TOOLS =
	'Upload the file with a WeChat node before the agent, and tell the agent its media ID or address.';

/**
 * Reads the file in a binary field of an item, and checks that WeChat takes it.
 *
 * @throws {FieldError} when the file is empty, too large or of another type, or the node is the tool of an agent.
 */
export async function readUpload(
	context: IExecuteFunctions,
	field: Field,
	name: string,
	item: number,
): Promise<Upload> {
	const { helpers } = context;
	if (isTool(context.getNode().type))
		throw new FieldError(field, NO_FILES).with({ hint: FILES_OF_TOOLS });
	const { fileName = '', fileExtension = '', mimeType } = helpers.assertBinaryData(item, name);
	const extension = (/\.([^./\\]+)$/.exec(fileName)?.[1] ?? fileExtension).toLowerCase();
	const { extensions, maxBytes } = field.accepts ?? { extensions: [extension], maxBytes: Infinity };
	if (!extensions.includes(extension))
		throw new FieldError(
			field,
			`holds ${extension ? `a .${extension} file` : 'a file without an extension'}; WeChat takes ${extensions.join(', ')} here`,
		);
	const bytes = await helpers.getBinaryDataBuffer(item, name);
	if (bytes.length > maxBytes)
		throw new FieldError(
			field,
			`holds ${formatSize(bytes.length)}; WeChat takes ${formatSize(maxBytes)}`,
		);
	if (bytes.length === 0) throw new FieldError(field, 'holds an empty file');
	const named = fileName.toLowerCase().endsWith(`.${extension}`);
	return {
		bytes,
		fileName: named ? fileName : `${fileName || 'file'}.${extension}`,
		contentType: mimeType,
	};
}

const formatSize = (bytes: number) =>
	bytes >= 1024 * 1024
		? `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MB`
		: `${Math.ceil(bytes / 1024)} KB`;
