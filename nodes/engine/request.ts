import { UserError } from '../base/userError';
import { isShown } from './parameters';
import type { Field, FieldGroup, Values } from './fieldTypes';

export interface Wire {
	/** What replaces `{name}` in the path. */
	path: Values;
	query: Values;
	body: Values;
	/** Places in the body whose texts are to be encrypted; `*` stands for each row. */
	encrypted: string[];
	/** Fields that name a file, by the name of its part. */
	files: Record<string, Field>;
	/** Files whose media IDs go into the body, see {@link setValueAt}. */
	media: WireMedia[];
}

interface WireMedia {
	/** The place in the body. */
	at: string;
	field: Field;
	/** Those of the fields beside it. */
	values: Values;
}

/** Puts checked values where WeChat wants them. Empty ones stay away unless they mean something. */
export function toWire(fields: readonly Field[], params: Values): Wire {
	const wire: Wire = { path: {}, query: {}, body: {}, encrypted: [], files: {}, media: [] };
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
		else if (field.as === 'media') {
			if (!isEmpty(value)) wire.media.push({ at: fillPlaceholders(key, values), field, values });
		} else if (type === 'collection') fillWire(wire, field.options as Field[], value as Values);
		else if (field.sendEmpty || !isEmpty(value)) {
			const at = fillPlaceholders(key, values);
			const rows = toRows(field, value);
			for (const part of place === 'both' ? (['query', 'body'] as const) : [place])
				setValueAt(wire[part], at, rows?.map(({ body }) => body) ?? value);
			rows?.forEach(({ media }, row) => {
				for (const one of media) wire.media.push({ ...one, at: `${at}.${row}.${one.at}` });
			});
			wire.encrypted.push(...listEncrypted(field).map((inside) => at + inside));
		}
	}
}

const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0);

/** The rows of a form, each as it would be on its own. */
function toRows({ type, options }: Field, value: unknown): Wire[] | undefined {
	if (type !== 'fixedCollection') return undefined;
	const [{ values }] = options as FieldGroup[];
	return (value as Values[]).map((row) => toWire(values, row));
}

/** The places in the value of a field whose texts are to be encrypted. */
function listEncrypted({ encrypted, type, options }: Field): string[] {
	if (encrypted) return [''];
	if (type !== 'fixedCollection') return [];
	const [{ values }] = options as FieldGroup[];
	return values.filter((field) => field.encrypted).map(({ name, wire }) => `.*.${wire || name}`);
}

/**
 * Puts values into a path such as `/v3/refund/{number}`.
 *
 * @throws {UserError} when one of them would lead to another path
 */
export const toPath = (path: string, values: Values): string =>
	path.replace(/\{(\w+)\}/g, (_, name: string) => {
		const text = String(values[name] ?? '');
		if (/^\.{0,2}$/.test(text))
			throw new UserError(
				`"${text}" is no ${name}`,
				'Enter the number or ID that the call is about.',
				`“${text}”不能用作 ${name}：请填写要查询或操作的单号或 ID。`,
			);
		return encodeURIComponent(text);
	});

const fillPlaceholders = (key: string, values: Values) =>
	key.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));

/** Puts a value at a place such as `image.media_id` or `news.articles.0.title`. */
export function setValueAt(target: Values, path: string, value: unknown): void {
	const [first, ...rest] = path.split('.');
	if (rest.length === 0) target[first] = value;
	else {
		target[first] ??= /^\d+$/.test(rest[0]) ? [] : {};
		setValueAt(target[first] as Values, rest.join('.'), value);
	}
}

/** The part of an answer that `path` names, e.g. `data.openid`. */
export function pickPath(answer: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((part, key) => (part as Values | undefined)?.[key], answer);
}
