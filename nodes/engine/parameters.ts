import type { INodePropertyOptions } from 'n8n-workflow';
import { UserError } from '../base/userError';
import { toUnixSeconds } from './beijingTime';
import { findJsonFault, parseExactJson } from '../base/json';
import type { Described } from './define';
import { readFen } from './fenAmount';
import { beginDate, createWaitFields, endDate, limit, returnAll, simplify } from './fields';
import type { Field, FieldGroup, Params, Rgb, Values } from './fieldTypes';

/** A value that cannot be sent. Names the field as the editor does. */
export class FieldError extends UserError {
	constructor(
		readonly field: Pick<Field, 'displayName' | 'description'>,
		readonly problem: string,
		/** The problem in Chinese, to be read behind the name of the field. */
		readonly problemInChinese: string,
		/** The row that it is in. */
		readonly place = '',
	) {
		super(
			`${place}"${field.displayName}" ${problem}`,
			field.description,
			`“${field.displayName}”${problemInChinese}。`,
		);
		this.name = 'FieldError';
	}
}

/** A check that was asked for, and whose value came to nothing: to go on would be to go without it. */
class EmptyCheckError extends FieldError {
	constructor(field: Field) {
		super(
			field,
			'is filled in, but comes out empty. Mend its expression, or take it out of the node to go on without it',
			'已填写，但结果为空：请修正表达式；如不需要此项检查，请从节点中移除该字段',
		);
	}
}

/** The fields of an operation, with those that its kind brings along. */
export function listFields({
	fields = [],
	dateSpans,
	page,
	simple,
	wait,
}: Pick<Described, 'fields' | 'dateSpans' | 'page' | 'simple' | 'wait'>): readonly Field[] {
	return [
		...fields,
		...(dateSpans ? [beginDate, endDate] : []),
		...(page ? [returnAll, limit] : []),
		...(simple ? [simplify] : []),
		...(wait ? createWaitFields(wait.until) : []),
	];
}

/**
 * Reads the values of fields and checks them before anything is sent: missing and wrong ones, and the limits
 * that WeChat publishes. The same at every depth. What it returns has the type {@link Params} of the fields.
 * `isWritten` says whether the node holds anything for a field, before its expression has a value.
 *
 * @throws {FieldError} when a value is missing or wrong
 */
export function readParams<F extends readonly Field[]>(
	fields: F,
	get: (field: Field) => unknown,
	isWritten: (field: Field) => boolean = () => false,
): Params<F> {
	const params: Values = {};
	for (const field of fields) {
		if (field.type === 'callout' || field.type === 'notice' || !isShown(field, params)) continue;
		const given = get(field);
		if (field.check && isNothing(given) && isWritten(field)) throw new EmptyCheckError(field);
		const value = field.readLater ? given : readValue(field, given);
		if (value !== undefined) params[field.name] = value;
	}
	return params as Params<F>;
}

/** Whether the values of the fields before it show a field, as they do in the editor. */
export function isShown({ displayOptions }: Field, params: Values): boolean {
	const matches = ([name, values]: [string, unknown]) =>
		(values as unknown[]).includes(params[name]);
	return Object.entries(displayOptions?.show ?? {}).every(matches);
}

function readValue(field: Field, given: unknown): unknown {
	const value = readKept(field, given);
	const isNeeded = field.required || field.needed;
	if (isNeeded && isBlank(value)) throw new FieldError(field, 'is missing', '没有填写');
	if (!isEmpty(value) || isListed(field, value)) return checkValue(field, value);
	if (isNeeded) throw new FieldError(field, 'is missing', '没有填写');
	return toEmptyValue(field);
}

/** What was entered, out of what n8n keeps with it. */
function readKept({ type }: Field, given: unknown): unknown {
	if (type === 'resourceLocator') return readChosen(given);
	return type === 'resourceMapper' ? readMapped(given) : given;
}

/**
 * The values of a form that n8n makes while the node is edited, without its copy of the form: that may be an old one.
 * An untouched form is null; an expression yields bare values.
 */
function readMapped(given: unknown): unknown {
	const isForm = typeof given === 'object' && given !== null && 'mappingMode' in given;
	return isForm ? ((given as { value?: unknown }).value ?? undefined) : given;
}

/** What was chosen from a list, out of what n8n keeps with it; also a bare value from an expression. */
function readChosen(given: unknown): string {
	const isChosen = typeof given === 'object' && given !== null;
	const value = isChosen ? (given as { value?: unknown }).value : given;
	return String(value ?? '').trim();
}

const isEmpty = (value: unknown) =>
	value === undefined || value === null || value === '' || isEmptyList(value);

/** Also blanks, lists of nothing, and a locator without a choice. */
function isNothing(value: unknown): boolean {
	if (typeof value === 'string') return value.trim() === '';
	if (Array.isArray(value)) return value.every(isNothing);
	if (typeof value !== 'object' || value === null) return value === undefined || value === null;
	return 'mode' in value && readChosen(value) === '';
}

/** Whether the parameters of a node hold anything for a field: a value, an expression or an added option. */
export const isWrittenIn =
	(parameters: Values) =>
	({ name }: Field): boolean =>
		!isNothing(parameters[name]);

const isBlank = (value: unknown) =>
	typeof value === 'string' && value !== '' && value.trim() === '';

/** An empty text is a choice on some menus. */
const isListed = (field: Field, value: unknown) =>
	field.type === 'options' && value === '' && listChoices(field)?.includes('') === true;

const TEXT_TYPES: readonly string[] = ['string', 'resourceLocator', 'color', 'json', 'hidden'];

function toEmptyValue({ type, as }: Field): unknown {
	if (type === 'collection' || type === 'resourceMapper') return {};
	if (type === 'fixedCollection') return [];
	return [undefined, 'file', 'media'].includes(as) && TEXT_TYPES.includes(type) ? '' : undefined;
}

function checkValue(field: Field, value: unknown): unknown {
	if (field.as === 'list') return checkList(field, value);
	if (field.as === 'integer') return checkInteger(field, value);
	if (field.as === 'json') return checkJson(field, value);
	if (field.as === 'fen') return checkFen(field, value);
	if (field.as === 'object') return checkObject(field, value);
	if (field.as === 'rgb') return checkColor(field, value);
	if (field.as === 'unixSeconds') return toUnixSeconds(field.displayName, value);
	if (field.as === 'number' || field.type === 'number') return checkNumber(field, value);
	if (field.type === 'boolean') return checkBoolean(field, value);
	if (field.type === 'options') return checkChoice(field, value);
	if (field.type === 'multiOptions')
		return (Array.isArray(value) ? value : [value]).map((one) => checkChoice(field, one));
	if (field.type === 'fixedCollection') return checkRows(field, value);
	if (field.type === 'collection') return checkCollection(field, value);
	if (field.type === 'resourceMapper') return checkMapped(field, value);
	if (TEXT_TYPES.includes(field.type)) return checkText(field, value);
	return value;
}

/** Which fields it has, only the one who runs it knows. */
function checkMapped(field: Field, value: unknown): Values {
	const read = typeof value === 'string' ? checkJson(field, value) : value;
	if (typeof read !== 'object' || Array.isArray(read))
		throw new FieldError(field, 'must be a set of fields', '应是一组字段');
	return read as Values;
}

function checkCollection(field: Field, value: unknown): Values {
	if (typeof value !== 'object')
		throw new FieldError(field, 'must be a set of fields', '应是一组字段');
	const given = value as Values;
	const options = (field.options as Field[]).filter(({ name }) => name in given);
	return readParams(
		options,
		({ name }) => given[name],
		() => true,
	);
}

/** The rows of a form, out of the group that n8n keeps them in; also a bare list from an expression. */
function checkRows(field: Field, value: unknown): Values[] {
	const [group] = field.options as FieldGroup[];
	const rows = Array.isArray(value) ? value : ((value as Values)[group.name] ?? []);
	if (typeof value !== 'object' || !Array.isArray(rows))
		throw new FieldError(field, 'must be a list', '应是一个列表');
	if (rows.length === 0 && field.required) throw new FieldError(field, 'is missing', '没有填写');
	return checkSize(field, rows).map((row, index) => {
		const place = `"${field.displayName}", ${group.displayName.toLowerCase()} ${index + 1}: `;
		return readRow(group, row, place);
	});
}

/** A row from an expression may leave fields out; those of the editor hold their defaults. */
function readRow({ values, ...group }: FieldGroup, row: unknown, place: string): Values {
	if (typeof row !== 'object' || row === null)
		throw new FieldError(group, 'must be a set of fields', '应是一组字段', place);
	const given = row as Values;
	try {
		return readParams(values, ({ name, default: fallback }) => given[name] ?? fallback);
	} catch (error) {
		if (!(error instanceof FieldError)) throw error;
		const { field, problem, problemInChinese } = error;
		throw new FieldError(field, problem, problemInChinese, place + error.place);
	}
}

function checkSize<T>(field: Field, entries: T[]): T[] {
	if (field.maxEntries && entries.length > field.maxEntries)
		throw new FieldError(
			field,
			`has ${entries.length} entries; WeChat takes ${field.maxEntries} at a time`,
			`共 ${entries.length} 项，微信一次最多接受 ${field.maxEntries} 项`,
		);
	return entries;
}

function checkList(field: Field, value: unknown): string[] | undefined {
	const given: unknown[] =
		typeof value === 'object' ? [value].flat() : String(value).split(/[\s,，]+/);
	// An expression over items finds nothing in some, as in those that hold no OpenID.
	const entries = given.filter((entry) => !isNothing(entry)).map((entry) => toEntry(field, entry));
	for (const entry of entries)
		checkLength(field, entry, { english: `holds "${entry}", which`, chinese: `中的“${entry}”` });
	if (entries.length > 0) return checkSize(field, entries);
	if (field.required) throw new FieldError(field, 'is missing', '没有填写');
	return undefined;
}

function toEntry(field: Field, entry: unknown): string {
	if (typeof entry === 'object')
		throw new FieldError(field, 'must be a list of texts', '应是文本列表');
	return String(entry).trim();
}

function checkNumber(field: Field, value: unknown): number {
	const number = typeof value === 'string' ? Number(value.trim() || NaN) : value;
	if (typeof number !== 'number' || !Number.isFinite(number))
		throw new FieldError(field, 'must be a number', '应是数字');
	const { minValue = -Infinity, maxValue = Infinity, numberPrecision } = field.typeOptions ?? {};
	if (numberPrecision === 0 && !Number.isInteger(number))
		throw new FieldError(field, 'must be a whole number', '应是整数');
	if (number < minValue)
		throw new FieldError(field, `must be at least ${minValue}`, `不能小于 ${minValue}`);
	if (number > maxValue)
		throw new FieldError(field, `must be at most ${maxValue}`, `不能大于 ${maxValue}`);
	return number;
}

/** Ids of messages and publications have more digits than a JavaScript number holds. */
function checkInteger(field: Field, value: unknown): bigint {
	const text = String(value).trim();
	if (!/^\d+$/.test(text)) throw new FieldError(field, 'must be digits only', '只能是数字');
	checkDigits(field, value);
	return BigInt(text);
}

function checkFen(field: Field, value: unknown): number {
	const fen = readFen(value);
	if (typeof fen !== 'number') throw new FieldError(field, fen.problem, fen.chinese);
	return fen;
}

/** JavaScript rounds a number of more than 16 digits, such as the number of an order: it would name another one. */
function checkDigits(field: Field, value: unknown): void {
	if (Number.isInteger(value) && !Number.isSafeInteger(value))
		throw new FieldError(
			field,
			'has lost digits on its way: hand it over as text',
			'位数过长，作为数字已丢失精度：请以文本传入',
		);
}

function checkJson(field: Field, value: unknown): object {
	const read = typeof value === 'string' ? parseJsonOf(field, value) : value;
	if (typeof read === 'object' && read !== null) return read;
	throw new FieldError(field, 'must be a JSON object or list', '应是 JSON 对象或数组');
}

/**
 * Parses the JSON of a field.
 *
 * @throws {FieldError} that says where it is wrong
 */
export function parseJsonOf(
	field: Pick<Field, 'displayName' | 'description'> & Partial<Pick<Field, 'type'>>,
	text: string,
): unknown {
	try {
		return parseExactJson(text);
	} catch {
		if (field.type === 'options')
			throw new FieldError(field, 'is not one of the list', '不在可选项之中');
		const { line, column, problem } = findJsonFault(text);
		const place = `line ${line}, column ${column}`;
		const look = `Look at ${place} of "${field.displayName}": ${problem}. JSON has names and texts in double quotes ("), and commas between entries.`;
		const description = [look, field.description].filter(Boolean).join(' ');
		throw new FieldError(
			{ ...field, description },
			`is not valid JSON at ${place}: ${problem}`,
			`不是有效的 JSON（第 ${line} 行第 ${column} 列）：名称和文本用英文双引号，各项之间用英文逗号`,
		);
	}
}

function checkObject(field: Field, value: unknown): object {
	const read = checkJson(field, value);
	if (Array.isArray(read))
		throw new FieldError(
			field,
			'must be a JSON object in braces, and no list',
			'应是花括号中的 JSON 对象，不能是数组',
		);
	return read;
}

function checkColor(field: Field, value: unknown): Rgb {
	const [, ...parts] =
		/^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(String(value).trim()) ?? [];
	if (parts.length === 0)
		throw new FieldError(
			field,
			`is no color: ${String(value)}. Write it as #07c160, or choose it`,
			'不是颜色：请写成 #07c160 的形式，或直接选择',
		);
	const [r, g, b] = parts.map((part) => parseInt(part, 16));
	return { r, g, b };
}

function checkBoolean(field: Field, value: unknown): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw new FieldError(field, 'must be true or false', '只能是 true 或 false');
}

function checkChoice(field: Field, value: unknown): unknown {
	const choice = findChoice(field, value);
	if (choice !== undefined) return choice;
	const listed = listChoices(field);
	throw new FieldError(
		field,
		listed ? `must be one of: ${listed.join(', ')}` : 'must be text or a number',
		listed ? `只能是其中之一：${listed.join('、')}` : '应是文本或数字',
	);
}

/** The value on the menu that is meant; an expression may yield the text of a number, or a number for a text. */
function findChoice(field: Field, value: unknown): unknown {
	const listed = listChoices(field);
	if (listed) return listed.find((one) => one === value || String(one) === String(value));
	return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** None for menus that are loaded in the editor. */
function listChoices({ options, typeOptions }: Field) {
	if (typeOptions?.loadOptionsMethod) return undefined;
	return (options as INodePropertyOptions[]).map((option) => option.value);
}

function checkText(field: Field, value: unknown): string {
	if (typeof value === 'object') throw new FieldError(field, 'must be text', '应是文本');
	checkDigits(field, value);
	const text = String(value);
	checkLength(field, text);
	const { allows = /(?:)/, problem = '', chinese = '' } = field.pattern ?? {};
	const say = (words: string) => words.replace('{value}', text);
	if (!allows.test(text)) throw new FieldError(field, say(problem), say(chinese));
	return text;
}

/** `subject` says what is too long, when it is not all of the value. */
function checkLength(field: Field, text: string, subject = { english: '', chinese: '' }): void {
	const bytes = Buffer.byteLength(text);
	if (field.maxBytes && bytes > field.maxBytes)
		throw new FieldError(
			field,
			`${subject.english} has ${bytes} bytes; WeChat takes ${field.maxBytes} (a Chinese character counts 3)`.trim(),
			`${subject.chinese}有 ${bytes} 字节，微信最多接受 ${field.maxBytes} 字节（一个汉字占 3 字节）`,
		);
	const length = [...text].length;
	if (field.maxLength && length > field.maxLength)
		throw new FieldError(
			field,
			`${subject.english} has ${length} characters; WeChat takes ${field.maxLength}`.trim(),
			`${subject.chinese}有 ${length} 个字符，微信最多接受 ${field.maxLength} 个`,
		);
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
