import type { IDataObject } from 'n8n-workflow';
import { isShown } from './params';
import type { Field } from './spec';

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
		else if (value !== '' || sendEmpty) put(wire[place], fillIn(key, params), value);
	}
}

const fillIn = (key: string, params: IDataObject) =>
	key.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));

function put(target: IDataObject, path: string, value: unknown): void {
	const [first, ...rest] = path.split('.');
	if (rest.length === 0) target[first] = value as IDataObject;
	else {
		target[first] ??= /^\d+$/.test(rest[0]) ? [] : {};
		put(target[first] as IDataObject, rest.join('.'), value);
	}
}

/** The part of an answer that `path` names, e.g. `data.openid`. */
export function pick(answer: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((part, key) => (part as IDataObject | undefined)?.[key], answer);
}
