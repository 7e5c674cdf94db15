import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { isShown, FieldError } from './parameters';
import type { Field } from './define';
import type { Upload } from '../base/multipart';

export interface Wire {
	query: IDataObject;
	body: IDataObject;
	/** Fields that name a file, by the name of its part. */
	files: Record<string, Field>;
}

/** Puts checked values where WeChat wants them. Empty ones stay away unless they mean something. */
export function toWire(fields: Field[], params: IDataObject): Wire {
	const wire: Wire = { query: {}, body: {}, files: {} };
	fill(wire, fields, params, params);
	return wire;
}

function fill(wire: Wire, fields: Field[], values: IDataObject, params: IDataObject): void {
	for (const field of fields) {
		const { name, wire: key = name, in: place = 'body', type, options, sendEmpty } = field;
		if (!(name in values) || !isShown(field, params)) continue;
		const value = values[name];
		if (key === false) continue;
		if (field.as === 'file') {
			wire.files[key] = field;
			continue;
		}
		if (type === 'collection') fill(wire, options as Field[], value as IDataObject, params);
		else if (value !== '' || sendEmpty) putPath(wire[place], fillPlaceholders(key, params), value);
	}
}

const fillPlaceholders = (key: string, params: IDataObject) =>
	key.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));

function putPath(target: IDataObject, path: string, value: unknown): void {
	const [first, ...rest] = path.split('.');
	if (rest.length === 0) target[first] = value as IDataObject;
	else {
		target[first] ??= /^\d+$/.test(rest[0]) ? [] : {};
		putPath(target[first] as IDataObject, rest.join('.'), value);
	}
}

/** The part of an answer that `path` names, e.g. `data.openid`. */
export function pickPath(answer: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((part, key) => (part as IDataObject | undefined)?.[key], answer);
}

/** The file in a binary field of an item, once it is known that WeChat takes it. Throws {@link FieldError}. */
export async function readUpload(
	{ helpers }: IExecuteFunctions,
	field: Field,
	name: string,
	item: number,
): Promise<Upload> {
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
