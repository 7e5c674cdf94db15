import { FieldError, readParams } from '../../nodes/engine/parameters';
import type { Field } from '../../nodes/engine/define';

const field = (more: Partial<Field> = {}): Field => ({
	displayName: 'Thing',
	name: 'thing',
	type: 'string',
	default: '',
	...more,
});
const row = { displayName: 'Row', name: 'row' };
const read = (spec: Field, value: unknown) => readParams([spec], () => value).thing;

test.each<[string, Partial<Field>, unknown, string]>([
	['a required text that is empty', { required: true }, '', '"Thing" is missing'],
	['a required text that is undefined', { required: true }, undefined, '"Thing" is missing'],
	['a required text that is null', { required: true }, null, '"Thing" is missing'],
	['a required list of blanks', { required: true, as: 'list' }, ' , ', '"Thing" is missing'],
	['a required list without entries', { required: true, as: 'list' }, [], '"Thing" is missing'],
	['a required list of nothing', { required: true, as: 'list' }, [null, ''], '"Thing" is missing'],
	['a list of objects', { as: 'list' }, ['a', { openid: 'b' }], '"Thing" must be a list of texts'],
	['an object as a list', { as: 'list' }, { openid: 'b' }, '"Thing" must be a list of texts'],
	['an object as text', {}, { a: 1 }, '"Thing" must be text'],
	['too many bytes', { maxBytes: 5 }, '你好', '"Thing" has 6 bytes; WeChat takes 5'],
	['too many characters', { maxLength: 1 }, '😀😀', '"Thing" has 2 characters; WeChat takes 1'],
	['a word as number', { type: 'number' }, 'many', '"Thing" must be a number'],
	['blanks as number', { type: 'number' }, '  ', '"Thing" must be a number'],
	['a number too small', { type: 'number', typeOptions: { minValue: 1 } }, 0, 'must be at least 1'],
	[
		'a part of one where only whole ones count',
		{ type: 'number', typeOptions: { numberPrecision: 0 } },
		'1.5',
		'"Thing" must be a whole number',
	],
	['a list as object', { as: 'object' }, '[1]', '"Thing" must be a JSON object in braces'],
	['a list of an expression as object', { as: 'object' }, [{ a: 1 }], 'must be a JSON object'],
	['a number too large', { type: 'number', typeOptions: { maxValue: 9 } }, 10, 'must be at most 9'],
	['a word as boolean', { type: 'boolean' }, 'maybe', '"Thing" must be true or false'],
	[
		'an option that is not there',
		{ type: 'options', options: [{ name: 'A', value: 'a' }] },
		'b',
		'"Thing" must be one of: a',
	],
	[
		'too many entries',
		{ as: 'list', maxEntries: 1 },
		'a,b',
		'has 2 entries; WeChat takes 1 at a time',
	],
	[
		'a form without rows',
		{
			type: 'fixedCollection',
			required: true,
			options: [{ displayName: 'Row', name: 'row', values: [] }],
		},
		{},
		'"Thing" is missing',
	],
	[
		'rows that are no list',
		{ type: 'fixedCollection', options: [{ displayName: 'Row', name: 'row', values: [] }] },
		{ row: 'a' },
		'"Thing" must be a list',
	],
	[
		'text as a set of fields',
		{ type: 'collection', options: [] },
		'text',
		'must be a set of fields',
	],
])('refuses %s', (_, more, value, message) => {
	expect(() => read(field(more), value)).toThrow(message);
});

test.each<[string, Partial<Field>, unknown, unknown]>([
	['text as it is', {}, ' 007 ', ' 007 '],
	['a number as text', {}, 7, '7'],
	['digits as number', { type: 'number' }, ' 12 ', 12],
	['a chosen account without blanks around it', { type: 'resourceLocator' }, ' wx1\n', 'wx1'],
	['"true" as boolean', { type: 'boolean' }, 'true', true],
	['a whole number', { type: 'number', typeOptions: { numberPrecision: 0 } }, '2', 2],
	['an object', { as: 'object' }, '{"a": 1}', { a: 1 }],
	['a list with any separators', { as: 'list' }, 'a, b，c\nd  e', ['a', 'b', 'c', 'd', 'e']],
	['a list from an expression', { as: 'list' }, ['a', ' b '], ['a', 'b']],
	['an optional text that is empty', {}, '', ''],
	['an optional text that is null', {}, null, ''],
	['"false" as boolean', { type: 'boolean' }, 'false', false],
	['as many bytes as WeChat takes', { maxBytes: 6 }, '你好', '你好'],
	['as many characters as WeChat takes', { maxLength: 2 }, '😀😀', '😀😀'],
	['a list with gaps', { as: 'list' }, ['a', null, undefined, '', 7], ['a', '7']],
	['as many entries as WeChat takes', { as: 'list', maxEntries: 2 }, 'a,b', ['a', 'b']],
	['the largest number', { type: 'number', typeOptions: { maxValue: 9 } }, 9, 9],
	[
		'rows from an expression',
		{ type: 'fixedCollection', options: [{ ...row, values: [field({ name: 'a' })] }] },
		[{ a: 1 }],
		[{ a: '1' }],
	],
	[
		'a set without the fields that nobody added',
		{ type: 'collection', options: [field({ name: 'a' }), field({ name: 'b', required: true })] },
		{ a: 1 },
		{ a: '1' },
	],
	[
		'the rows of a form',
		{ type: 'fixedCollection', options: [{ ...row, values: [field({ name: 'a' })] }] },
		{ row: [{ a: 1 }] },
		[{ a: '1' }],
	],
])('takes %s', (_, more, value, expected) => expect(read(field(more), value)).toEqual(expected));

test('fields that others hide are neither read nor missed', () => {
	const fields = [
		field({ name: 'kind' }),
		field({ name: 'a', required: true, displayOptions: { show: { kind: ['a'] } } }),
		field({ name: 'b', required: true, displayOptions: { show: { kind: ['b'] } } }),
		field({ name: 'c', required: true, displayOptions: { show: { b: ['x'] } } }),
	];
	const values: Record<string, string> = { kind: 'a', a: '1', b: 'x', c: 'y' };
	expect(readParams(fields, ({ name }) => values[name])).toEqual({ kind: 'a', a: '1' });
});

describe('numbers of any size, and JSON', () => {
	const id = field({ as: 'integer' });
	const json = field({ as: 'json' });

	test('digits stay as they are', () => {
		expect(read(id, ' 2247483651222334455 ')).toBe(2247483651222334455n);
		expect(read(id, 7)).toBe(7n);
	});

	test.each(['12a', '-1', '1.5', 2 ** 60])('%s is refused', (value) =>
		expect(() => read(id, value)).toThrow(FieldError),
	);

	// An order of a WeChat Shop (微信小店) has 19 digits, and n8n hands over numbers that are not in quotes rounded.
	test('a text that has lost digits is refused, alone and in a row', () => {
		const rows = field({ type: 'fixedCollection', options: [{ ...row, values: [field()] }] });
		const rounded = Number('3705115058471208928');
		const problem = 'has lost digits on its way: hand it over as text';
		expect(() => read(field(), rounded)).toThrow(problem);
		expect(() => read(rows, { row: [{ thing: rounded }] })).toThrow(problem);
		expect(read(field(), Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
		expect(read(field(), 1.5)).toBe('1.5');
	});

	test('JSON keeps its long numbers, and may come as an object', () => {
		expect(read(json, '{"id":2247483651222334455,"n":1.5}')).toEqual({
			id: 2247483651222334455n,
			n: 1.5,
		});
		expect(read(json, [1])).toEqual([1]);
	});

	// Each line: the text, where n8n's editor counts the fault, and what stands there.
	test.each([
		['{"a": }', 'line 1, column 7', "after ':'"],
		['{\n\t"a": 1\n\t"b": 2\n}', 'line 3, column 2', "Comma ',' expected"],
		['{"名": “x”}', 'line 1, column 7', "after ':'"],
		['\ufeff{"a" 1}', 'line 1, column 6', "Colon ':' expected"],
		['[{"id": 2247483651222334455', 'line 1, column 28', 'end of input'],
		['{"😀": x}', 'line 1, column 7', "after ':'"],
	])('%j: the error and its hint say that %s is wrong', (text, place, problem) => {
		const body = { ...json, description: 'Sent as entered.' };
		const faulty = `at ${place}: `;
		expect(() => read(body, text)).toThrow(
			expect.objectContaining({
				message: expect.stringContaining(`is not valid JSON ${faulty}`) as string,
				hint: expect.stringMatching(
					new RegExp(`^Look at ${place} of ".*${problem}.* Sent as entered\\.$`),
				) as string,
			}) as Error,
		);
	});

	test.each(['{broken', '1', '"text"'])('%s is refused', (value) =>
		expect(() => read(json, value)).toThrow(FieldError),
	);
});

describe('rows', () => {
	const shown = { displayOptions: { show: { kind: ['a'] } } };
	const inner = field({
		name: 'inner',
		displayName: 'Inner',
		type: 'fixedCollection',
		options: [{ ...row, values: [field({ displayName: 'Deep', required: true })] }],
	});
	const values = [
		field({ name: 'kind', type: 'options', options: [{ name: 'A', value: 'a' }], default: 'a' }),
		field({ name: 'id', displayName: 'ID', type: 'resourceLocator', required: true, ...shown }),
		field({ name: 'count', displayName: 'Count', type: 'number' }),
		inner,
	];
	const rows = field({ type: 'fixedCollection', options: [{ ...row, values }] });

	test('are read by the same rules as fields that stand alone', () => {
		const id = { __rl: true, mode: 'list', value: ' x ' };
		const given = [{ id, count: '3', inner: { row: [{ thing: 7 }] }, other: 'o' }];
		expect(read(rows, given)).toEqual([{ kind: 'a', id: 'x', count: 3, inner: [{ thing: '7' }] }]);
	});

	test.each([
		[[{ id: 'x' }, {}], '"Thing", row 2: "ID" is missing'],
		[[{ id: 'x', count: 'many' }], '"Thing", row 1: "Count" must be a number'],
		[[{ id: 'x', kind: 'b' }], '"Thing", row 1: "Thing" must be one of: a'],
		[['x'], '"Thing", row 1: "Row" must be a set of fields'],
		[
			[{ id: 'x', inner: [{ thing: 'a' }, {}] }],
			'"Thing", row 1: "Inner", row 2: "Deep" is missing',
		],
	])('say where something is wrong: %j', (given, message) =>
		expect(() => read(rows, given)).toThrow(new Error(message)),
	);
});

test.each<[string, Partial<Field>, unknown, string]>([
	['a required text of blanks', { required: true }, ' \n', '"Thing" is missing'],
	['an empty value that is needed', { needed: true, type: 'number' }, '', '"Thing" is missing'],
	[
		'an entry of a list that is too long',
		{ as: 'list', maxLength: 1 },
		'a, bc',
		'"Thing" holds "bc", which has 2 characters; WeChat takes 1',
	],
	[
		'a text with what WeChat does not take',
		{ pattern: { allows: /^[a-z]*$/, problem: 'holds more than letters: {value}', chinese: '' } },
		'a1',
		'"Thing" holds more than letters: a1',
	],
	['a word as color', { type: 'color', as: 'rgb' }, 'green', '"Thing" is no color: green'],
	[
		'a word as date',
		{ type: 'dateTime', as: 'unixSeconds' },
		'tomorrow',
		'"Thing" is not a date and time',
	],
	[
		'an option of several that is not there',
		{ type: 'multiOptions', options: [{ name: 'A', value: 'a' }] },
		['a', 'zzz'],
		'"Thing" must be one of: a',
	],
	[
		'an object as option of a menu that is loaded',
		{ type: 'options', typeOptions: { loadOptionsMethod: 'getThings' } },
		{ a: 1 },
		'"Thing" must be text or a number',
	],
])('refuses %s', (_, more, value, message) => {
	expect(() => read(field(more), value)).toThrow(message);
});

test.each<[string, Partial<Field>, unknown, unknown]>([
	[
		'a text of letters',
		{ pattern: { allows: /^[a-z]*$/, problem: 'no', chinese: '' } },
		'ab',
		'ab',
	],
	['a color', { type: 'color', as: 'rgb' }, '#07C160', { r: 7, g: 193, b: 96 }],
	['no color', { type: 'color', as: 'rgb' }, '', undefined],
	['a date of Beijing', { type: 'dateTime', as: 'unixSeconds' }, '2026-05-01T09:00:00', 1777597200],
	['no date', { type: 'dateTime', as: 'unixSeconds' }, '', undefined],
])('takes %s', (_, more, value, expected) => expect(read(field(more), value)).toEqual(expected));

test('an empty text that is on the menu is a choice', () => {
	const options = [{ name: 'Any', value: '' }];
	expect(read(field({ type: 'options', options, needed: true }), '')).toBe('');
});

test('what is read later arrives as it is', () => {
	const thing = field({ type: 'number', required: true, readLater: true });
	expect(read(thing, '')).toBe('');
	expect(read(thing, 'many')).toBe('many');
});
