import type { CallField } from '../../nodes/callCatalog/callFields';
import { readCallValues } from '../../nodes/engine/callValues';

const fieldOf = (kind: CallField['kind'], more: Partial<CallField> = {}): CallField => ({
	id: 'x',
	name: 'x',
	place: 'body',
	kind,
	required: false,
	...more,
});
const read = (kind: CallField['kind'], x: unknown, more: Partial<CallField> = {}) =>
	readCallValues([fieldOf(kind, more)], { x });
const bodyOf = (...given: Parameters<typeof read>) => read(...given).body.x;

// n8n's form yields what was entered: its own conversion is only of `getNodeParameter('fields.value')`.
test.each<[CallField['kind'], unknown, unknown]>([
	['text', 12, '12'],
	['text', '  blanks stay ', '  blanks stay '],
	['integer', '7', 7],
	['integer', 7, 7],
	['integer', -1, -1],
	['longInteger', '12', 12],
	['digits', 12, '12'],
	['digits', '09007199254740993', '09007199254740993'],
	['number', '1.5', 1.5],
	['boolean', 'false', false],
	['boolean', true, true],
	['flag', true, 1],
	['flag', 'false', 0],
	['flag', '1', 1],
	['list', ['a'], ['a']],
	['object', '{"a": 1}', { a: 1 }],
	['object', { a: 1 }, { a: 1 }],
	['jsonText', '{"a": 1}', '{"a": 1}'],
	['seconds', '1700000000', 1_700_000_000],
	['seconds', 1_700_000_000, 1_700_000_000],
	['seconds', '20261301', 20_261_301],
	['seconds', '0', 0],
	['seconds', '2026-05-01T09:30:00', Date.parse('2026-05-01T01:30:00Z') / 1000],
	['seconds', '2026-05-01T01:30:00.000Z', Date.parse('2026-05-01T01:30:00Z') / 1000],
	['dateTime', '2026-05-01T01:30:00Z', '2026-05-01 09:30:00'],
	['dateTime', '2026-05-01 09:30:00', '2026-05-01 09:30:00'],
	['dateTime14', '2026-05-01T09:30:00', '20260501093000'],
	['dateTime14', '20260501093000', '20260501093000'],
	['rfc3339', '2026-05-01T09:30:00', '2026-05-01T09:30:00+08:00'],
	['any', '{"a": 1}', { a: 1 }],
	['any', 'plain', 'plain'],
])('a %s of %j is sent as %j', (kind, entered, sent) => {
	expect(bodyOf(kind, entered)).toEqual(sent);
});

test('ids of any length keep their digits', () => {
	expect(bodyOf('longInteger', '9007199254740993')).toBe(9007199254740993n);
	expect(bodyOf('list', '["a", 9007199254740993]')).toEqual(['a', 9007199254740993n]);
	expect(bodyOf('jsonText', { a: 9007199254740993n })).toBe('{"a":9007199254740993}');
});

test('a list that is one text is joined', () => {
	expect(bodyOf('joinedList', ['a', 'b'], { separator: ';' })).toBe('a;b');
	expect(bodyOf('joinedList', 'a,b', { separator: ',' })).toBe('a,b');
});

test('a list in the query is JSON', () => {
	expect(read('list', ['a'], { place: 'query' }).query.x).toBe('["a"]');
});

test.each<[CallField['kind'], unknown, string]>([
	['integer', '1.5', '"x" must be a whole number'],
	['integer', 'a', '"x" must be a whole number'],
	['integer', true, '"x" must be a whole number'],
	['longInteger', 9007199254740992, 'has lost digits'],
	['text', 9007199254740992, 'has lost digits'],
	['text', { a: 1 }, 'must be text'],
	['number', 'a', 'must be a number'],
	['boolean', 'yes', 'must be true or false'],
	['list', '{"a": 1}', 'must be a JSON list'],
	['list', 'a, b', 'is not valid JSON'],
	['object', '[1]', 'must be a JSON object'],
	['seconds', '1700000000000', 'is in milliseconds'],
	['seconds', 'tomorrow', 'is not a date and time'],
	['seconds', '20261101', 'looks like a day'],
	['seconds', 20261231, 'looks like a day'],
	['dateTime', '20261101', 'looks like a day'],
	['choice', '2', 'must be one of: 1, 0'],
])('a %s of %j is refused: %s', (kind, entered, problem) => {
	expect(() => read(kind, entered, { choices: ['1', '0'] })).toThrow(problem);
});

// WeChat counts money in fen everywhere on api.weixin.qq.com.
test('of an amount that is not whole, the error says in what it is counted', () => {
	expect(() => read('integer', 9.9, { name: 'total_fee' })).toThrow(
		expect.objectContaining({ hint: 'Amounts are in fen (分): 1 yuan is 100.' }) as Error,
	);
});

test.each([undefined, null, '', '  '])('%j is no value', (entered) => {
	expect(read('integer', entered).body).toEqual({});
	expect(() => read('integer', entered, { required: true })).toThrow('"x" is missing');
});

test('false and 0 are values', () => {
	expect(bodyOf('boolean', false, { required: true })).toBe(false);
	expect(bodyOf('integer', 0, { required: true })).toBe(0);
});
