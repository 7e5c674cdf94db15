import type { Client } from '../../nodes/api/apiClient';
import { createProperties } from '../../nodes/engine/properties';
import {
	defineLocal,
	defineRequest,
	defineRequestFor,
	defineResource,
	type DateValue,
	type Field,
	type Params,
	type Rgb,
} from '../../nodes/engine/define';
import { readParams } from '../../nodes/engine/parameters';

/** Exactly the same type; neither `any` nor a wider one passes. */
type Same<A, B> =
	(<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const assertSame = <A, B>(same: Same<A, B>) => expect(same).toBe(true);

const base = { displayName: 'Field', default: '' } as const;
const choices = [
	{ name: 'A', value: 'a' },
	{ name: 'One', value: 1 },
] as const;

/** One field of each kind that may be left empty, and its required twin. */
const optional = [
	{ ...base, name: 'text', type: 'string' },
	{ ...base, name: 'color', type: 'color' },
	{ ...base, name: 'locator', type: 'resourceLocator' },
	{ ...base, name: 'locatorNumber', type: 'resourceLocator', as: 'number' },
	{ ...base, name: 'number', type: 'number' },
	{ ...base, name: 'boolean', type: 'boolean' },
	{ ...base, name: 'integer', type: 'string', as: 'integer' },
	{ ...base, name: 'list', type: 'string', as: 'list' },
	{ ...base, name: 'json', type: 'json', as: 'json' },
	{ ...base, name: 'date', type: 'dateTime' },
	{ ...base, name: 'seconds', type: 'dateTime', as: 'unixSeconds' },
	{ ...base, name: 'rgb', type: 'color', as: 'rgb' },
	{ ...base, name: 'choice', type: 'options', options: [...choices] },
	{
		...base,
		name: 'loaded',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getChoices' },
	},
	{ ...base, name: 'choices', type: 'multiOptions', options: [...choices] },
	{
		...base,
		name: 'loadedChoices',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getChoices' },
	},
	{
		...base,
		name: 'more',
		type: 'collection',
		options: [
			{ ...base, name: 'title', type: 'string' },
			{ ...base, name: 'count', type: 'number' },
			{ ...base, name: 'kind', type: 'options', options: [...choices] },
		],
	},
	{
		...base,
		name: 'rows',
		type: 'fixedCollection',
		options: [
			{
				displayName: 'Row',
				name: 'row',
				values: [
					{ ...base, name: 'title', type: 'string' },
					{ ...base, name: 'count', type: 'number' },
					{ ...base, name: 'id', type: 'resourceLocator' },
					{
						...base,
						name: 'hidden',
						type: 'string',
						displayOptions: { show: { title: ['x'] } },
					},
				],
			},
		],
	},
	{ ...base, name: 'notice', type: 'notice' },
	{ ...base, name: 'hidden', type: 'string', displayOptions: { show: { text: ['x'] } } },
] as const satisfies Field[];

const required = [
	{ ...base, name: 'text', type: 'string', required: true },
	{ ...base, name: 'number', type: 'number', required: true },
	{ ...base, name: 'boolean', type: 'boolean', needed: true },
	{ ...base, name: 'integer', type: 'string', as: 'integer', required: true },
	{ ...base, name: 'list', type: 'string', as: 'list', required: true },
	{ ...base, name: 'json', type: 'json', as: 'json', required: true },
	{ ...base, name: 'date', type: 'dateTime', required: true },
	{ ...base, name: 'choice', type: 'options', options: [...choices], needed: true },
	{ ...base, name: 'choices', type: 'multiOptions', options: [...choices], required: true },
] as const satisfies Field[];

type Optional = Params<typeof optional>;
type Required = Params<typeof required>;

describe('the compiler knows what arrives', () => {
	test('of fields that may be empty', () => {
		assertSame<Optional['text'], string>(true);
		assertSame<Optional['color'], string>(true);
		assertSame<Optional['locator'], string>(true);
		assertSame<Optional['locatorNumber'], number | undefined>(true);
		assertSame<Optional['number'], number | undefined>(true);
		assertSame<Optional['boolean'], boolean | undefined>(true);
		assertSame<Optional['integer'], bigint | undefined>(true);
		assertSame<Optional['list'], string[] | undefined>(true);
		assertSame<Optional['date'], DateValue | undefined>(true);
		assertSame<Optional['seconds'], number | undefined>(true);
		assertSame<Optional['rgb'], Rgb | undefined>(true);
		assertSame<Optional['choice'], 'a' | 1 | undefined>(true);
		assertSame<Optional['loaded'], string | number | undefined>(true);
		assertSame<Optional['choices'], Array<'a' | 1> | undefined>(true);
		assertSame<Optional['loadedChoices'], Array<string | number> | undefined>(true);
		assertSame<Optional['hidden'], string | undefined>(true);
		assertSame<'notice' extends keyof Optional ? true : false, false>(true);
	});

	test('of fields that may not', () => {
		assertSame<Required['text'], string>(true);
		assertSame<Required['number'], number>(true);
		assertSame<Required['boolean'], boolean>(true);
		assertSame<Required['integer'], bigint>(true);
		assertSame<Required['list'], string[]>(true);
		assertSame<Required['date'], DateValue>(true);
		assertSame<Required['choice'], 'a' | 1>(true);
		assertSame<Required['choices'], Array<'a' | 1>>(true);
	});

	test('inside collections and rows', () => {
		type Row = Optional['rows'][number];
		assertSame<Optional['more'], { title?: string; count?: number; kind?: 'a' | 1 }>(true);
		assertSame<Row['title'], string>(true);
		assertSame<Row['count'], number | undefined>(true);
		assertSame<Row['id'], string>(true);
		assertSame<Row['hidden'], string | undefined>(true);
	});

	test('of the fields that an entry brings along, in requests', () => {
		const entry = defineRequest({
			name: 'Try',
			value: 'try',
			action: 'Try it',
			chinese: '试',
			path: '/x',
			effect: 'read',
			fields: optional,
			page: { items: 'list' },
			simple: ['a'],
			async run({ params, client, io }) {
				const all: boolean | undefined = params.returnAll;
				const limit: number | undefined = params.limit;
				const simple: boolean | undefined = params.simple;
				const appId: string = client.appId;
				// @ts-expect-error the text of digits is a number of any size
				const digits: string | undefined = params.integer;
				// @ts-expect-error an empty number is undefined
				const number: number = params.number;
				// @ts-expect-error there is no such field
				const nothing: unknown = params.nothing;
				// @ts-expect-error only the listed choices
				const other: 'b' | undefined = params.choice;
				// @ts-expect-error only dates in spans have a first day
				const begin: unknown = params.begin_date;
				return { all, limit, simple, appId, digits, number, nothing, other, begin, io };
			},
		});
		expect(entry.kind).toBe('request');
	});

	test('that a request says whether it changes anything', () => {
		const entry = { name: 'Try', value: 'try', action: 'Try it', chinese: '试', path: '/x' };
		// @ts-expect-error effect is missing
		expect(defineRequest(entry).kind).toBe('request');
	});

	test('that a download names one of its fields', () => {
		const entry = { name: 'Try', value: 'try', action: 'Try it', chinese: '试', path: '/x' };
		const fields = [{ ...base, name: 'to', type: 'string' }] as const;
		defineRequest({ ...entry, effect: 'read', fields, download: 'to' });
		// @ts-expect-error there is no such field
		defineRequest({ ...entry, effect: 'read', fields, download: 'data' });
	});

	test('in which context a local operation runs', () => {
		const entry = defineLocal<{ rules: string[] }>()({
			name: 'Try',
			value: 'try',
			action: 'Try it',
			chinese: '试',
			fields: optional,
			async run(params, { rules }, { body, files, attach }) {
				const count: number | undefined = params.more.count;
				return { count, rules, body, files, attach };
			},
		});
		expect(entry.kind).toBe('local');
		defineLocal<undefined>()({
			name: 'Try',
			value: 'try',
			action: 'Try it',
			chinese: '试',
			// @ts-expect-error local operations call nobody
			path: '/x',
			run: async () => ({}),
		});
	});

	test('which client a resource needs', () => {
		const entry = { name: 'Try', value: 'try', action: 'Try it', chinese: '试', path: '/x' };
		const special = defineRequestFor<Client & { special(): void }>()({ ...entry, effect: 'read' });
		// @ts-expect-error an ordinary client is not enough
		defineResource<Client>('Try', 'try', [special]);
		expect(createProperties([defineResource('Try', 'try', [special])])).toHaveLength(2);
	});
});

/** What the types above promise. */
describe('it arrives', () => {
	const read = (fields: readonly Field[], values: Record<string, unknown>) =>
		readParams(fields, ({ name }) => values[name]);

	test.each([undefined, null, ''])('empty fields, left as %j', (empty) => {
		const values = Object.fromEntries(optional.map(({ name }) => [name, empty]));
		const expected = { text: '', color: '', locator: '', more: {}, rows: [] };
		expect(read(optional, values)).toStrictEqual(expected);
	});

	test('lists without entries, an empty locator and an empty form as well', () => {
		const values = { list: ' , ', choices: [], rows: {}, locator: { __rl: true, value: '' } };
		expect(read(optional, values)).toStrictEqual(read(optional, {}));
	});

	test('full fields', () => {
		const locator = { __rl: true, mode: 'list', value: ' 7 ' };
		const row = { title: 7, count: '3', id: locator, hidden: 'h', unknown: 'u' };
		const values = {
			text: 7,
			color: '#000000',
			locator,
			locatorNumber: locator,
			number: '7',
			boolean: 'true',
			integer: '2247483651222334455',
			list: 'a, b',
			json: '[1]',
			date: '2026-01-31',
			seconds: '2026-05-01T09:00:00',
			rgb: '#07c160',
			choice: '1',
			loaded: 7,
			choices: ['a', '1'],
			loadedChoices: ['x', 7],
			more: { title: 7, count: '3', kind: 'a', unknown: 'u' },
			rows: { row: [row] },
			notice: 'n',
			hidden: 'h',
		};
		expect(read(optional, values)).toStrictEqual({
			text: '7',
			color: '#000000',
			locator: '7',
			locatorNumber: 7,
			number: 7,
			boolean: true,
			integer: 2247483651222334455n,
			list: ['a', 'b'],
			json: [1],
			date: '2026-01-31',
			seconds: 1777597200,
			rgb: { r: 7, g: 193, b: 96 },
			choice: 1,
			loaded: 7,
			choices: ['a', 1],
			loadedChoices: ['x', 7],
			more: { title: '7', count: 3, kind: 'a' },
			rows: [{ title: '7', count: 3, id: '7' }],
		});
	});

	test.each(required.map(({ name }) => name))('not at all when %s is empty', (name) => {
		const fields = required.filter((field) => field.name === name);
		expect(() => read(fields, { [name]: '' })).toThrow('"Field" is missing');
	});
});
