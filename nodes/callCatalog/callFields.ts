import type { KnownCall, PayCall, Shape } from './knownCalls';

/** What fields and their places are read from, in each of the catalogs. */
type AnyCall = Pick<
	KnownCall | PayCall,
	'body' | 'form' | 'json_too' | 'path' | 'query' | 'raw_body'
> &
	Pick<PayCall, 'params'>;

/** What a value of a call is, in the words that a form knows. */
type CallValueKind =
	| 'text'
	/** A whole number that JavaScript holds. */
	| 'integer'
	/** A whole number of up to 64 bits, such as an id. */
	| 'longInteger'
	/** A whole number in quotes. */
	| 'digits'
	| 'number'
	| 'boolean'
	/** A boolean that is sent as 0 or 1. */
	| 'flag'
	| 'choice'
	| 'list'
	| 'object'
	/** A list that is sent as one text. */
	| 'joinedList'
	/** An object or list that is sent as the text of its JSON. */
	| 'jsonText'
	| 'seconds'
	| 'dateTime'
	| 'dateTime14'
	| 'rfc3339'
	| 'file'
	/** What the call takes is one of several things. */
	| 'any';

/** A field of a known call. */
export interface CallField {
	/** Names it in the form; its name, unless that occurs in the body as well as before it. */
	id: string;
	/** Its name on the wire. */
	name: string;
	/** `content` is the whole body. */
	place: 'path' | 'query' | 'body' | 'content';
	kind: CallValueKind;
	required: boolean;
	/** Of a choice. */
	choices?: string[];
	/** Between the entries of a joined list. */
	separator?: string;
}

/** Parts of forms that are files. All others are texts; the catalog does not tell them apart. */
const FILE_PARTS: ReadonlySet<string> = new Set([
	'cover_data',
	'data',
	'due_diligence_file',
	'file',
	'img',
	'media',
	'media_data',
	'pdf',
	'submission_file',
]);

/** Of WeChat Pay: the part of a form that holds the body as JSON. */
const META_PART = 'meta';

/** What is said of a file in {@link META_PART}, and follows from the file: by name, whether it is its SHA-256. */
export const FILE_FACTS: Readonly<Record<string, boolean>> = {
	file_digest: true,
	file_name: false,
	filename: false,
	sha256: true,
};

/** Parts of forms that may be left out, with the path of their call. */
const OPTIONAL_PARTS: Record<string, string[]> = {
	'/cgi-bin/material/add_material': ['description'],
	'/wxa/sec/vod/singlefileupload': ['cover_type', 'cover_data', 'source_context'],
	'/wxa/sec/vod/uploadpart': ['resource_type'],
};

/** What clients fill in: which platform it is follows from the credential. */
const FILLED_IN: ReadonlySet<string> = new Set(['component_appid']);

/** The fields of a call that are filled in by whoever makes it, required ones first. */
export function listCallFields(call: AnyCall): CallField[] {
	const body = [...listBodyFields(call), ...listParts(call)];
	const inBody = new Set(body.map(({ name }) => name));
	const path = (call.params ?? []).flatMap(readQueryField).map((field) => ({
		...field,
		place: 'path' as const,
	}));
	const before = [...path, ...(call.query ?? []).flatMap(readQueryField)].map((field) => ({
		...field,
		id: inBody.has(field.name) ? `${field.place}_${field.name}` : field.name,
	}));
	const fields = [...before, ...body].filter(({ name }) => !isFilledIn(call, name));
	return [...fields.filter(({ required }) => required), ...fields.filter((one) => !one.required)];
}

const isFilledIn = ({ path, form = [] }: AnyCall, name: string) =>
	(path.startsWith('/cgi-bin/component/api_') && FILLED_IN.has(name)) ||
	(form.includes(META_PART) && name in FILE_FACTS);

/** Whether the token of the third-party platform allows a call, and not that of an account. */
export const isOfPlatform = (call: object): boolean =>
	'token' in call && call.token === 'component_access_token';

/** The values in the query of a call that are always the same. */
export const listFixedQuery = ({ query = [] }: AnyCall): Record<string, string> =>
	Object.fromEntries(
		query.flatMap((entry) => {
			const [, name, value] = /^([^:=]+)=(.*)$/.exec(entry) ?? [];
			return name && !value.includes('|') ? [[name, value]] : [];
		}),
	);

function readQueryField(entry: string): CallField[] {
	const [, name, optional, mark, type = ''] = /^([^:=?]+)(\?)?(?:([:=])(.*))?$/.exec(entry) ?? [];
	if (!name) return [];
	const place = 'query';
	if (mark === '=') {
		if (!type.includes('|')) return [];
		const choices = type.split('|');
		return [{ id: name, name, place, kind: 'choice', choices, required: true }];
	}
	const required = !optional && !type.endsWith('?');
	const shape = type.replace(/\?$/, '') || 'string';
	const kind = shape === 'json' ? { kind: 'jsonText' as const } : readKind(name, shape);
	return [{ id: name, name, place, required, ...kind }];
}

function listBodyFields({ body, raw_body }: AnyCall): CallField[] {
	if (raw_body)
		return [{ id: 'content', name: 'content', place: 'content', kind: 'any', required: false }];
	if (typeof body !== 'object' || Array.isArray(body)) return [];
	return Object.entries(body).flatMap(([key, shape]): CallField[] => {
		if (isOffline(shape)) return [];
		const name = key.replace(/\?$/, '');
		const required = !key.endsWith('?');
		return [{ id: name, name, place: 'body', required, ...readKind(name, shape) }];
	});
}

function listParts({ form = [], json_too, path }: AnyCall): CallField[] {
	if (form.includes('(raw body)'))
		return [{ id: 'content', name: 'content', place: 'content', kind: 'file', required: true }];
	const parts = form.filter((name) => name !== META_PART);
	return parts.map((name) => ({
		id: name,
		name,
		place: 'body',
		kind: FILE_PARTS.has(name) ? 'file' : 'text',
		required: !json_too && !OPTIONAL_PARTS[path]?.includes(name),
	}));
}

/** What WeChat has taken offline: `T -DATE`, or `{ "-": DATE }`. */
const isOffline = (shape: Shape): boolean =>
	typeof shape === 'string' ? / -\d{4}/.test(shape) : !Array.isArray(shape) && '-' in shape;

/** Fields whose whole numbers are Unix seconds. Durations such as `delay_time` are none. */
const TIME =
	/^(?:\w+_)?(?:begin|start|end|create|update|pay|push|recv|received|expire|action|show|expect|expected_delivery)(?:_(?:create|update|send))?_?time(?:_[gl]t)?$|^timestamp$/i;

function readKind(name: string, shape: Shape): Pick<CallField, 'kind' | 'separator'> {
	if (Array.isArray(shape)) return { kind: 'list' };
	if (typeof shape === 'object')
		return { kind: '$json' in shape ? 'jsonText' : '$or' in shape ? 'any' : 'object' };
	const [, separator] = /^list\((.)\)/.exec(shape) ?? [];
	if (separator) return { kind: 'joinedList', separator };
	const type = shape.replace(/~$/, '');
	if (/^(?:int64|integer)/.test(type) && TIME.test(name)) return { kind: 'seconds' };
	return { kind: KINDS[type] ?? (type.startsWith('^') ? 'object' : 'text') };
}

const KINDS: Record<string, CallValueKind> = {
	any: 'any',
	boolean: 'boolean',
	'0|1': 'flag',
	'0|1|boolean': 'boolean',
	datetime: 'dateTime',
	datetime14: 'dateTime14',
	digits: 'digits',
	int64: 'longInteger',
	'int64|digits': 'longInteger',
	integer: 'integer',
	'integer|digits': 'integer',
	'integer|string': 'longInteger',
	json: 'any',
	number: 'number',
	'number|digits': 'number',
	rfc3339: 'rfc3339',
	unixtime: 'seconds',
};
